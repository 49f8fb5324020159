"""A KPI over time or by segment as a picture. Every word is handed in: a chart knows numbers and no language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import Literal

from analytics.vocabulary import Unit

NumberStyle = Literal["en", "zh", "zh-Hant"]
"""How an axis shortens large numbers: K, M, B, or 万 and 亿, or 萬 and 億."""


class NothingToDraw(ValueError):
    """A chart without one known value; say "no data" instead."""


@dataclass(frozen=True)
class Point:
    """One period of a trend: its short name on the axis, its first day, its value.

    None is "no data" and leaves a gap, which is not zero. `unfinished`: the period has not ended yet, so its value is
    drawn as provisional.
    """

    label: str
    day: date
    value: float | None
    unfinished: bool = False


@dataclass(frozen=True)
class Target:
    """The value aimed at, in the chart's unit, and how to name it: "target ¥4.8M"."""

    value: float
    label: str


@dataclass(frozen=True)
class TrendChart:
    """A KPI over time.

    `last_label` words the last known value. `previous` is the period compared with, laid under `points` one by one;
    what is longer than these is left out. `alt` says the same for those who cannot see it.
    """

    title: str
    unit: Unit
    points: tuple[Point, ...]
    alt: str
    name: str = ""
    last_label: str = ""
    subtitle: str = ""
    previous: tuple[Point, ...] = ()
    previous_name: str = ""
    target: Target | None = None
    currency_symbol: str = ""
    number_style: NumberStyle = "en"

    def __post_init__(self) -> None:
        days = [point.day for point in self.points]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("the points of a trend go forward in time, one a period")

    @property
    def values(self) -> tuple[float, ...]:
        """Every known value it draws, the target's too."""
        drawn = (*self.points, *self.compared_points)
        return (*known(point.value for point in drawn), *((self.target.value,) if self.target else ()))

    @property
    def compared_points(self) -> tuple[Point, ...]:
        """The previous points that lie under one of this trend's."""
        return self.previous[: len(self.points)]

    @property
    def last_place(self) -> int:
        """The place of the last known value; -1 where there is none."""
        return max((place for place, point in enumerate(self.points) if known([point.value])), default=-1)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it, but numbers of the axis."""
        target = self.target.label if self.target else ""
        labels = tuple(point.label for point in self.points)
        named = (self.title, self.subtitle, self.name, self.last_label, self.previous_name, target)
        return (*named, *labels, self.currency_symbol)


@dataclass(frozen=True)
class Bar:
    """One segment: its name, its value (None is "no data": no bar), and the value as words."""

    label: str
    value: float | None
    shown: str


@dataclass(frozen=True)
class BarChart:
    """A KPI by segment, in the order given. Negative bars (what pulled a change down) have a colour of their own."""

    title: str
    unit: Unit
    bars: tuple[Bar, ...]
    alt: str
    name: str = ""
    subtitle: str = ""
    target: Target | None = None
    currency_symbol: str = ""
    number_style: NumberStyle = "en"

    @property
    def values(self) -> tuple[float, ...]:
        """Every known value it draws, the target's too."""
        return (*known(bar.value for bar in self.bars), *((self.target.value,) if self.target else ()))

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it."""
        target = self.target.label if self.target else ""
        written = tuple(word for bar in self.bars for word in (bar.label, bar.shown))
        return (self.title, self.subtitle, target, *written)


Chart = TrendChart | BarChart


def known(values: Iterable[float | None]) -> tuple[float, ...]:
    """The values that are numbers."""
    return tuple(value for value in values if value is not None and isfinite(value))


def render_png(chart: Chart, scale: float = 2) -> bytes:
    """The picture, drawn without browser or network: `scale` times 600 by 300 pixels, bars as high as they are many.

    Raises NothingToDraw where no value is known. Chinese without a font for it is drawn as boxes, and logged.
    """
    import vl_convert

    from analytics.insights.pictures.fonts import family_for
    from analytics.insights.pictures.picture import drawn

    measured = known(part.value for part in (chart.points if isinstance(chart, TrendChart) else chart.bars))
    if not measured:
        raise NothingToDraw(f"no value of {chart.title!r} is known")
    specification = drawn(chart, family_for(chart.words))
    return bytes(vl_convert.vegalite_to_png(specification, scale=scale, allowed_base_urls=[]))
