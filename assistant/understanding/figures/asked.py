"""What has been read of a question about figures so far, from step to step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from analytics.semantic.query import ComparisonKind
from analytics.vocabulary import Grain, Period
from assistant.plans import Having, Narrowed
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import Piece


@dataclass(frozen=True)
class Asked:
    """The pieces of the question, which of them have found their place (`read`), and what they amount to.

    `run_together`: several KPIs are named, and nothing adds one to the other. `either`: the KPIs that a word without
    one meaning may stand for. `periods`: those the question speaks of, `base` the one it compares with. `changed`: a
    change is asked for, with nothing said to compare with. `edge`: highest, lowest, best, worst or rank. `narrowed`
    holds for each value named its possible (dimension, value) pairs. `whose`: the owners each name may mean.
    `performance`: the KPI that the company's settings read the word as, where it was said.
    """

    pieces: tuple[Piece, ...]
    read: frozenset[int] = frozenset()
    kpis: tuple[str, ...] = ()
    run_together: bool = False
    either: tuple[str, ...] = ()
    order_by: str | None = None
    dimensions: tuple[str, ...] = ()
    grain: Grain | None = None
    trend: bool = False
    now: bool = False
    periods: tuple[Period, ...] = ()
    base: Period | None = None
    comparison: ComparisonKind | None = None
    changed: bool = False
    edge: str | None = None
    limit: int | None = None
    narrowed: tuple[Naming, ...] = ()
    filters: tuple[Narrowed, ...] = ()
    whose: tuple[tuple[str, ...], ...] = ()
    share: bool = False
    running: bool = False
    having: tuple[Having, ...] = ()
    as_chart: bool = False
    performance: str | None = None

    def places(self, *concepts: str) -> list[int]:
        """Where pieces stand that may mean one of these and have not been read yet."""
        return [n for n, piece in enumerate(self.pieces) if n not in self.read and piece.is_a(*concepts)]

    def of_kind(self, kind: str) -> list[int]:
        """Where pieces stand that name something of a kind (kpi, dim, value, rep) and have not been read yet."""
        return [n for n, piece in enumerate(self.pieces) if n not in self.read and piece.meant(kind)]

    def having_read(self, places: Iterable[int], **found: Any) -> Asked:
        """With these pieces read as what was found."""
        return replace(self, read=self.read | frozenset(places), **found)

    @property
    def over_time(self) -> bool:
        """Whether a development is asked for; a chart with no groups to show is one."""
        return self.trend or self.running or (self.as_chart and not self.dimensions)

    def beside(self, place: int, step: int, *over: str) -> int | None:
        """The next piece in a direction, over pieces of these concepts; None at the end."""
        at = place + step
        while 0 <= at < len(self.pieces) and self.pieces[at].is_a(*over):
            at += step
        return at if 0 <= at < len(self.pieces) else None


@dataclass(frozen=True)
class Naming:
    """A value somebody named: the dimensions and values it may stand for, the place, and whether it is left out.

    `vague`: the word has no agreed meaning ("key accounts"), so that it is asked about even where only one fits.
    """

    place: int
    options: tuple[tuple[str, str], ...]
    left_out: bool = False
    vague: bool = False

    @property
    def certain(self) -> bool:
        """Whether it can mean only one thing."""
        return len(self.options) == 1 and not self.vague


Step = Callable[[Asked, Context], Asked]


def new(items: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(items))
