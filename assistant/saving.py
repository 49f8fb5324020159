"""Answers written into files on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from assistant.export import AsFile, NothingToExport, export

if TYPE_CHECKING:
    from assistant.question import Answer


class CannotSave(ValueError):
    """A path that nothing can be written to; the message says why."""


def kind_of(path: Path) -> AsFile:
    """What the ending of a path asks for; CannotSave for another ending, or where no folder is."""
    ending = path.suffix.lower().removeprefix(".")
    found = next((kind for kind in get_args(AsFile) if kind == ending), None)
    if found is None:
        raise CannotSave(f"{path} must end in .csv, .pdf or .png.")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise CannotSave(f"{path} cannot be written: its folder must exist.")
    kind: AsFile = found
    return kind


def saved(answer: Answer, paths: Iterable[Path]) -> list[str]:
    """Write the answer into each file; a sentence for each. Raises CannotSave where the machine does not let us."""
    sentences = []
    for path in paths:
        try:
            path.write_bytes(export(answer, kind_of(path)).content)
            sentences.append(f"Written to {path}.")
        except NothingToExport:
            sentences.append(f"This answer has no figures, so {path} was not written.")
        except OSError as error:
            raise CannotSave(f"{path} cannot be written: {error.strerror}.") from None
    return sentences
