"""A pilot against its control: "how did the pilot go", 试点效果怎么样."""

from __future__ import annotations

from typing import Literal

from assistant.plans import ExperimentQuestion
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.named_kpis import named_kpis
from assistant.understanding.figures.shaped import fillers
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.reading import Candidate, Reading

_LONGEST_NAME = 60
_ALSO = {"size": ("sizes", "size", "size_fills"), "list": ("lists",), "result": ("definition", "difference")}


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    """What stands before or behind the word for it is its name: which there are is known only when it runs."""
    about, pilots = _about(asked), asked.places("asks")
    asked = named_kpis(asked.having_read([*pilots, *asked.places(*_ALSO[about], "fills")]), context)
    asked = fillers(asked, context)
    asked = asked.having_read(asked.places("against", "compare", "change", "now"))
    if about == "size":  # "how many leads do we need" is what is asked, not a figure
        asked = asked.having_read(asked.of_kind("unsettled"))
    if len(asked.kpis) > 1 or asked.of_kind("unsettled"):
        return None
    named = _name(asked, pilots) if about == "result" else []
    said = reading.original[asked.pieces[named[0]].start : asked.pieces[named[-1]].end] if named else ""
    if len(said) > _LONGEST_NAME:
        return None
    plan = ExperimentQuestion(about=about, experiment=said or None, kpi=next(iter(asked.kpis), None))
    return Candidate(plan, unread_in(asked.having_read(named), reading.original))


def _about(asked: Asked) -> Literal["result", "list", "size"]:
    if asked.places("size"):
        return "size"
    return "list" if asked.places("lists") else "result"


def _name(asked: Asked, pilots: list[int]) -> list[int]:
    """The words that nothing else reads, where they stand together beside the word: "the new script pilot"."""
    free = [at for at in range(len(asked.pieces)) if at not in asked.read]
    together = free == list(range(free[0], free[-1] + 1)) if free else False
    beside = together and (free[-1] + 1 in pilots or any(asked.beside(at, 1, "ignore") == free[0] for at in pilots))
    times = any(asked.pieces[at].period is not None for at in free)
    return free if beside and not times else []


READER = KindReader("experiment", _read)
