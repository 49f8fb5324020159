"""A question with its slips of the keyboard mended, where only one word can be meant."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import cut
from assistant.understanding.reading import Reading


@dataclass(frozen=True)
class Respelt:
    """The mended text, and each slip as (said, read)."""

    text: str
    slips: tuple[tuple[str, str], ...]


def respelt(reading: Reading, context: Context) -> Respelt | None:
    """The question mended; None where nothing in it is a slip. Names are never changed."""
    named = {piece.phrase for piece in reading.found if piece.meant("value") or piece.meant("rep")}
    unread = [piece.phrase for piece in cut(reading.normal, reading.found) if piece.concepts == ("unread",)]
    known = context.lexicon.knows
    text, slips = context.lexicon.spelling.corrected(reading.normal, lambda word: word in named or known(word))
    if not slips or not any(slip.said in part or part in slip.said for slip in slips for part in unread):
        return None
    return Respelt(text, tuple((slip.said, slip.read) for slip in slips))
