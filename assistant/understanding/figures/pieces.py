"""A question cut into pieces: phrases, periods, numbers and what nothing reads.

Of all ways to cut it, the one that leaves least unread; of those, the one of fewest pieces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from analytics.vocabulary import Period
from assistant.understanding.amounts import CURRENCIES, Quantity, quantities_in
from assistant.understanding.context import Context
from assistant.understanding.figures.counted import counted_in
from assistant.understanding.periods import periods_in

_UNREAD, _PIECE, _FILLER = 100, 10, 11  # what a character nobody reads costs, a piece, a piece that means nothing
_OPENS = re.compile(r"\W*(?:(?:please|pls|can you|could you|and|now|to) )?")
_GOES_ON = re.compile(r" (?!channel|roi\b|ads?\b|vs\b|and\b|or\b)[a-z]")
_LISTING = ",、/;+&|"
_SIGNS = "%$€£¥<>≥≤"


@dataclass(frozen=True)
class Piece:
    """The characters [start, end) and what they may mean; `unread` where nothing does.

    `period` for a time, `count` for "top 5", `quantity` for "over 50k"; `after_sign` where a comma or the like stands
    before it.
    """

    start: int
    end: int
    phrase: str
    concepts: tuple[str, ...]
    period: Period | None = None
    count: int | None = None
    quantity: Quantity | None = None
    after_sign: bool = False

    def meant(self, kind: str) -> tuple[str, ...]:
        """What it means of one kind: `kpi` gives the ids, `value` gives "region:East"."""
        return tuple(concept[len(kind) + 1 :] for concept in self.concepts if concept.startswith(f"{kind}:"))

    def is_a(self, *concepts: str) -> bool:
        """Whether it may mean one of these."""
        return any(concept in concepts for concept in self.concepts)


def pieces_of(text: str, context: Context) -> tuple[Piece, ...]:
    """The best cut of a normalised text by what a question about figures knows."""
    return cut(text, found_in(text, context))


def cut(text: str, found: Iterable[Piece]) -> tuple[Piece, ...]:
    """The best cut by the pieces that were found, in order; punctuation and spaces belong to no piece."""
    starting: dict[int, list[Piece]] = defaultdict(list)
    for piece in found:
        starting[piece.start].append(piece)
    return _without_gaps(text, _cheapest(text, starting))


def found_in(text: str, context: Context) -> list[Piece]:
    """Every piece that the words, periods, counts and quantities of figures find, overlapping ones too."""
    times = periods_in(text, context.today, context.fiscal_year_start)
    return [
        *(Piece(time.start, time.end, time.words, ("period",), period=time.period) for time in times),
        *(Piece(*found.span, text[slice(*found.span)], (found.what,), count=found.count) for found in counted_in(text)),
        *(
            Piece(
                hit.start,
                hit.end,
                hit.phrase,
                _meant_here(hit.phrase, hit.concepts, text[: hit.start], text[hit.end :]),
            )
            for hit in context.lexicon.figures.hits(text)
            if not _slip_of_a_time(hit.phrase, text[: hit.start])
        ),
        *(
            piece
            for piece in quantities_of(text, context.currency)
            if piece.quantity and _bounds_or_moves(piece.quantity)
        ),
    ]


def _meant_here(phrase: str, concepts: tuple[str, ...], before: str, after: str) -> tuple[str, ...]:
    """ "Display revenue by region" opens with a verb, "ROI of Display" names a channel."""
    commands = phrase == "display" and _OPENS.fullmatch(before) and _GOES_ON.match(after)
    return ("ignore",) if commands else concepts


def _slip_of_a_time(phrase: str, before: str) -> bool:
    """上各月 is a slip for 上个月 and no breakdown by month."""
    return phrase.startswith("各") and phrase[1:2] in "月季周年星礼" and before.endswith(("上", "这", "下", "本"))


def _bounds_or_moves(said: Quantity) -> bool:
    """What figures have a place for: a bound on groups, how far something moved (翻一番, 三个点, 3%)."""
    return said.op not in ("exact", "about") or said.kind in ("multiple", "points", "share")


def quantities_of(text: str, currency: str | None = None) -> list[Piece]:
    """All quantities of a normalised text, for the kinds of questions that have a place for them; an amount in another
    currency than the company's is none."""
    found = [one for one in quantities_in(text) if not (currency and one.unit in CURRENCIES and one.unit != currency)]
    return [Piece(one.start, one.end, text[one.start : one.end], ("quantity",), quantity=one) for one in found]


def _cheapest(text: str, starting: dict[int, list[Piece]]) -> list[Piece]:
    """From the end backwards: what the rest costs from each place on, and the piece to take there."""
    costs = [0] * (len(text) + 1)
    taken: list[Piece | None] = [None] * (len(text) + 1)
    for at in reversed(range(len(text))):
        costs[at] = costs[at + 1] + (_UNREAD if _means(text[at]) else 0)
        for piece in starting.get(at, ()):
            cost = costs[piece.end] + (_FILLER if piece.is_a("ignore") else _PIECE)
            if cost < costs[at]:
                costs[at], taken[at] = cost, piece
    cut, at = [], 0
    while at < len(text):
        piece_here = taken[at]
        if piece_here is not None:
            cut.append(piece_here)
        at = piece_here.end if piece_here is not None else at + 1
    return cut


def _without_gaps(text: str, cut: list[Piece]) -> tuple[Piece, ...]:
    whole: list[Piece] = []
    at = 0
    for piece in [*cut, Piece(len(text), len(text), "", ())]:
        between = text[at : piece.start]
        if any(_means(character) for character in between):
            start = at + len(between) - len(between.lstrip())
            whole.append(Piece(start, at + len(between.rstrip()), between.strip(), ("unread",)))
        at = piece.end
        listed = any(character in _LISTING for character in between)
        whole += [replace(piece, after_sign=listed)] if piece.concepts else []
    return tuple(whole)


def _means(character: str) -> bool:
    return character.isalnum() or character in _SIGNS
