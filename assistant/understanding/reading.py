"""What has been read of a question so far, from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from assistant.plans import Plan
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.read import FiguresRead
from assistant.understanding.lexicon import Match


@dataclass(frozen=True)
class Candidate:
    """One way to read the question: the plan, and the words that this reading leaves over."""

    plan: Plan
    unread: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every word has its place."""
        return not self.unread


@dataclass(frozen=True)
class Reading:
    """`normal` is the form that is matched; `original` the asker's own letters at the same places.

    `found` are all pieces that the words, names, periods and numbers give, overlapping ones too; each kind of plan
    cuts the question by them and by words of its own. `candidates` are the ways to read it, the likeliest kind first.
    `matches`, `counts` and `unread` are its reading as a question about leads to call, `figures` as one about KPIs.
    """

    normal: str
    original: str
    today: date
    found: tuple[Piece, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    matches: tuple[Match, ...] = ()
    counts: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()
    figures: FiguresRead = field(default_factory=lambda: FiguresRead(None))

    @property
    def concepts(self) -> frozenset[str]:
        """All concepts found."""
        return frozenset(match.concept for match in self.matches)

    def phrases_of(self, *concepts: str) -> tuple[str, ...]:
        """The words that stand for these concepts, in order."""
        found = (self.original[match.start : match.end] for match in self.matches if match.concept in concepts)
        return tuple(dict.fromkeys(found))
