"""What is typed next, cut into pieces and read against the plan before: the slots it names and the words left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from analytics.vocabulary import Grain, Period
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.named_kpis import named_kpis
from assistant.understanding.figures.pieces import Piece, cut
from assistant.understanding.figures.read import stepped
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.follow_ups.shifted import shifted_in
from assistant.understanding.lexicon import Vocabulary
from assistant.understanding.normalise import normalise
from assistant.understanding.reading import Reading

_FILE = Path(__file__).with_name("words.yaml")
_OURS = "then:"
_EMPTY = ("opens", "turns", "asks_on", "which_one", "only", "fills")  # words that carry nothing beside what they mark
_AT_START = ("opens", "only", "add", "removes")
_JOINS = frozenset({"and", "和", "与", "及", "以及", "跟"})
_CHANGING = frozenset({"total", "unfiltered", "removes", "any_of", "chart", "table", "why", "forecast"})
_GOING_ON = ("by", "against", "compare", *(f"grain_{grain}" for grain in Grain))


@dataclass(frozen=True)
class Fragment:
    """`asked` holds only what the words themselves name; `kpis` and `either` are those that they name.

    `marks` are the concepts of `words.yaml` that stand in it (`opens` and `add` only at its start, `only` at either
    end), `unread` the words that nothing reads, `number` a bare number ("make it 10").
    """

    asked: Asked
    kpis: tuple[str, ...]
    either: tuple[str, ...]
    marks: frozenset[str]
    unread: tuple[str, ...]
    number: int | None

    @property
    def marked(self) -> bool:
        """Whether a word says that this goes on from what was before."""
        return bool(self.marks & {"opens", "turns", "only", "add", "total", "unfiltered", "removes", "any_of"})

    @property
    def goes_on(self) -> bool:
        """Whether it would be no question alone: it starts with how to show what was before, and names no KPI.

        With a KPI of its own and a time, a breakdown or a ranking it is one, unless a word ties it to what was before.
        """
        if self.kpis or self.either:
            asked = self.asked
            complete = asked.periods or asked.dimensions or asked.limit
            return self._tied if complete else self.marked
        asks = any(piece.is_a("definition") for piece in self.asked.pieces)
        if asks or self.marks & {"why", "forecast", "chart", "table"}:
            return True
        opens = next((piece for piece in self.asked.pieces if not piece.is_a("ignore", "greeting")), None)
        return self.marked or "asks_on" in self.marks or (opens is not None and opens.is_a(*_GOING_ON))

    @property
    def _tied(self) -> bool:
        """ "Total" and "only" at the end belong to a question of its own as well."""
        opens = next((piece for piece in self.asked.pieces if not piece.is_a("greeting")), None)
        narrows = opens is not None and opens.is_a(_OURS + "only")
        return narrows or bool(self.marks & {"opens", "turns", "add", "removes"})

    @property
    def only_names(self) -> bool:
        """Whether it is nothing but the name of a KPI."""
        others = (piece for piece in self.asked.pieces if not _names_kpi(piece) and piece.phrase not in _JOINS)
        empty = all(piece.is_a(_OURS + "fills") and not piece.is_a("what_is", "definition") for piece in others)
        return bool(self.kpis or self.either) and empty and not self.unread

    @property
    def says_something(self) -> bool:
        """Whether any slot is named."""
        asked = self.asked
        named = (
            *(self.kpis, self.either, asked.dimensions, asked.grain, asked.trend, asked.now, asked.periods, asked.base),
            *(asked.comparison, asked.changed, asked.edge, asked.narrowed, asked.filters, asked.whose, asked.share),
            *(asked.running, self.number, self.marks & _CHANGING),
            any(piece.is_a("definition") for piece in asked.pieces),
        )
        return any(named)

    def words_of(self, kind: str, original: str) -> tuple[str, ...]:
        """The asker's own words that name something of a kind (rep, value, kpi)."""
        pieces = (piece for piece in self.asked.pieces if piece.meant(kind))
        return tuple(dict.fromkeys(original[piece.start : piece.end] for piece in pieces))


def _of_nothing(asked: Asked) -> Asked:
    """ "Any in East?" is one filler more; "regardless of East" stays unread."""
    places = (place for place, piece in enumerate(asked.pieces) if piece.is_a(_OURS + "any_of"))
    lost = {place for place in places if not asked.pieces[place].is_a("ignore", _OURS + "total")}
    return replace(asked, read=asked.read - lost)


def _names_kpi(piece: Piece) -> bool:
    return bool(piece.meant("kpi") or piece.meant("unsettled"))


def fragment(reading: Reading, kpis: tuple[str, ...], period: Period | None, context: Context) -> Fragment:
    """The words read for a plan about these KPIs, whose own period "the month before" goes back from."""
    pieces = _opening_now(cut(reading.normal, _found(reading, period, context)))
    marks = _marks(pieces)
    asked = Asked(pieces)
    asked = asked.having_read(asked.places(*(_OURS + mark for mark in marks - {*_EMPTY, "names_rows"})))
    named = named_kpis(asked, context)
    if not (named.kpis or named.either):
        asked = replace(asked, kpis=kpis)
    asked = stepped(asked, context)
    if "any_of" in marks and not asked.dimensions:
        marks, asked = marks - {"any_of"}, _of_nothing(asked)
    number, asked = _bare_number(asked)
    return Fragment(asked, named.kpis, named.either, marks, unread_in(asked, reading.original), number)


def _opening_now(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """ "Ok, now by channel" is about no other time."""
    first = next(
        (place for place, piece in enumerate(pieces) if not piece.is_a("ignore", "greeting") or piece.is_a("now")), 0
    )
    if first + 1 >= len(pieces) or pieces[first].phrase != "now":
        return pieces
    opening = replace(pieces[first], concepts=(_OURS + "opens", "ignore"))
    return (*pieces[:first], opening, *pieces[first + 1 :])


def _marks(pieces: tuple[Piece, ...]) -> frozenset[str]:
    found = set()
    for place, piece in enumerate(pieces):
        first = all(other.is_a("ignore", "greeting") for other in pieces[:place])
        last = all(other.is_a("ignore", "greeting") for other in pieces[place + 1 :])
        for mark in piece.meant("then"):
            if mark not in _AT_START or first or (mark == "only" and last):
                found.add(mark)
    return frozenset(found)


def _bare_number(asked: Asked) -> tuple[int | None, Asked]:
    places = asked.places("number")
    if len(places) != 1:
        return None, asked
    return asked.pieces[places[0]].count, asked.having_read(places)


def _found(reading: Reading, period: Period | None, context: Context) -> list[Piece]:
    """All pieces; those of ours that stand where others do mean both, and "the month before" means that month only."""
    shifts = list(shifted_in(reading.normal, period, context)) if period else []
    ours = {(piece.start, piece.end): piece for piece in _of_ours(reading.normal)}
    taken = {(piece.start, piece.end) for piece in shifts}
    others = []
    for piece in reading.found:
        span = (piece.start, piece.end)
        if span in taken:
            continue
        if span in ours and piece.period is None and piece.count is None:
            ours[span] = replace(ours[span], concepts=(*ours[span].concepts, *piece.concepts))
        else:
            others.append(piece)
    return [*shifts, *ours.values(), *others]


def _of_ours(normal: str) -> Iterator[Piece]:
    for hit in _vocabulary().hits(normal):
        empty = any(concept.removeprefix(_OURS) in _EMPTY for concept in hit.concepts)
        yield Piece(hit.start, hit.end, hit.phrase, (*hit.concepts, *(["ignore"] if empty else [])))


@cache
def _vocabulary() -> Vocabulary:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, tuple[str, ...]] = {}
    for concept, phrase in _phrases(yaml.load(_FILE.read_text("utf-8"), Loader=loader)):
        if concept not in found.get(phrase, ()):
            found[phrase] = (*found.get(phrase, ()), concept)
    return Vocabulary(found)


def _phrases(listed: dict[str, dict[str, Iterable[str]]]) -> Iterator[tuple[str, str]]:
    for concept, languages in listed.items():
        for phrases in languages.values():
            yield from ((_OURS + concept, normalise(phrase)) for phrase in phrases)
