"""A year said once for several: "Q1 and Q2 2025", "January, February and March 2025", 2025年1月和2月."""

from __future__ import annotations

from dataclasses import replace

from assistant.understanding.periods.joints import LISTED
from assistant.understanding.periods.named import Named, share_year
from assistant.understanding.periods.names import Read, Sentence


def years_shared(sentence: Sentence, readings: list[Read]) -> list[Read]:
    """The readings, each with the year that it takes from the one after it, else from the one before it."""
    told = list(readings)
    for at in reversed(range(len(told) - 1)):
        told[at] = _from_next(sentence, told[at], told[at + 1])
    for at in range(len(told) - 1):
        told[at + 1] = _from_previous(sentence, told[at], told[at + 1])
    return told


def _from_next(sentence: Sentence, one: Read, other: Read) -> Read:
    names = _listed(sentence, one, other)
    if names is None or names[0].year is not None or names[1].year is None:
        return one
    shared = share_year(*names, sentence.present)
    return one if shared is None or shared[0] == names[1] else replace(one, meaning=shared[0])


def _from_previous(sentence: Sentence, one: Read, other: Read) -> Read:
    """Only forward in the same year: after "December 2025 and January" the January may be either."""
    names = _listed(sentence, one, other)
    if names is None or names[0].year is None or names[1].year is not None:
        return other
    shared = share_year(*names, sentence.present)
    if shared is None or shared[1] == names[0] or shared[1].year != names[0].year:
        return other
    return replace(other, meaning=shared[1])


def _listed(sentence: Sentence, one: Read, other: Read) -> tuple[Named, Named] | None:
    """The two names, if they are names of one kind with nothing but "and", a comma or 和 between them."""
    first, then = one.meaning, other.meaning
    if not (isinstance(first, Named) and isinstance(then, Named)) or first.finest != then.finest:
        return None
    return (first, then) if LISTED.fullmatch(sentence.text, one.end, other.start) else None
