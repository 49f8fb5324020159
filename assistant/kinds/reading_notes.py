"""What is said of the reading beside what was read: a follow-up's kept and changed parts, slips that were mended."""

from __future__ import annotations

from assistant.result import Worded, quoted
from assistant.understanding import Understood


def reading_notes(read: Understood) -> tuple[Worded, ...]:
    """The notes, each a sentence of its own."""
    notes = []
    if read.slips:
        said = [{"said": quoted(said), "read": quoted(meant)} for said, meant in read.slips]
        notes.append(Worded("slips", {"slips": said}))
    if read.changed or read.kept:
        parts = {"kept": _parts(read.kept), "changed": _parts(read.changed)}
        notes.append(Worded("continued", parts))
    return tuple(notes)


def _parts(slots: tuple[str, ...]) -> list[Worded]:
    return [Worded("plan_part", {"part": slot}) for slot in slots]
