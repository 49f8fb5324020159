"""KPIs as pictures: over time, by segment, step by step. Every word is handed in: a chart knows no language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from math import isfinite
from typing import Literal

from analytics.vocabulary import Unit

NumberStyle = Literal["en", "zh", "zh-Hant"]
"""How an axis shortens large numbers: K, M, B, or 万 and 亿, or 萬 and 億."""


class NothingToDraw(ValueError):
    """A chart without one known value; say "no data" instead."""


@dataclass(frozen=True)
class Point:
    """One period of a trend: its name, its first day, its value; `tick` is a shorter name for the axis.

    None is "no data" and leaves a gap, which is not zero. `unfinished`: the period has not ended yet, so its value is
    drawn as provisional. `expected`: the value is a forecast, which lies between `low` and `high` as a rule.
    """

    label: str
    day: date
    value: float | None
    unfinished: bool = False
    expected: bool = False
    low: float | None = None
    high: float | None = None
    tick: str = ""

    @property
    def on_axis(self) -> str:
        """Its name on the axis."""
        return self.tick or self.label

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lowest and highest value to be expected, where both are known."""
        bounds = known([self.low, self.high])
        return (bounds[0], bounds[1]) if len(bounds) == 2 else None


@dataclass(frozen=True)
class Target:
    """The value aimed at, in the chart's unit, and how to name it: "target ¥4.8M"."""

    value: float
    label: str


@dataclass(frozen=True)
class TrendChart:
    """A KPI over time.

    `last_label` words the last known value. `previous` is the period compared with, laid under `points` one by one;
    what is longer than these is left out. Expected points stand at its end; `expected_name` says what their line is,
    and `actual_label` words the last value before them. `alt` says the same for those who cannot see it.
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
    expected_name: str = ""
    actual_label: str = ""

    def __post_init__(self) -> None:
        days = [point.day for point in self.points]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise ValueError("the points of a trend go forward in time, one a period")
        if any(before.expected and not after.expected for before, after in pairwise(self.points)):
            raise ValueError("what is expected stands at the end of a trend")

    @property
    def measured(self) -> tuple[float, ...]:
        """The known values of its own line."""
        return known(point.value for point in self.points)

    @property
    def values(self) -> tuple[float, ...]:
        """Every known value it draws, the target's and the bounds of what is expected too."""
        compared = known(point.value for point in self.compared_points)
        bounds = (bound for point in self.points for bound in point.interval or ())
        return (*self.measured, *compared, *bounds, *((self.target.value,) if self.target else ()))

    @property
    def compared_points(self) -> tuple[Point, ...]:
        """The previous points that lie under one of this trend's."""
        return self.previous[: len(self.points)]

    @property
    def last_place(self) -> int:
        """The place of the last known value; -1 where there is none."""
        return max((place for place, point in enumerate(self.points) if known([point.value])), default=-1)

    @property
    def actual_place(self) -> int:
        """The place of the last known value that is not expected; -1 where there is none."""
        places = (place for place, point in enumerate(self.points) if known([point.value]) and not point.expected)
        return max(places, default=-1)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it, but numbers of the axis."""
        target = self.target.label if self.target else ""
        labels = tuple(point.on_axis for point in self.points)
        named = (self.title, self.subtitle, self.name, self.last_label, self.previous_name, target)
        return (*named, *labels, self.currency_symbol, self.expected_name, self.actual_label)


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
    def measured(self) -> tuple[float, ...]:
        """The known values of its bars."""
        return known(bar.value for bar in self.bars)

    @property
    def values(self) -> tuple[float, ...]:
        """Every known value it draws, the target's too."""
        return (*self.measured, *((self.target.value,) if self.target else ()))

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it."""
        target = self.target.label if self.target else ""
        written = tuple(word for bar in self.bars for word in (bar.label, bar.shown))
        return (self.title, self.subtitle, target, *written)


@dataclass(frozen=True)
class Step:
    """One part of a change: its name, how much it adds or takes away, and that as words."""

    label: str
    value: float
    shown: str
    unexplained: bool = False


@dataclass(frozen=True)
class WaterfallChart:
    """From one value to another, step by step; the steps add up to the difference of both."""

    title: str
    unit: Unit
    before: Bar
    steps: tuple[Step, ...]
    after: Bar
    alt: str
    name: str = ""
    subtitle: str = ""
    currency_symbol: str = ""
    number_style: NumberStyle = "en"

    @property
    def measured(self) -> tuple[float, ...]:
        """The values at both ends, where both are known: steps from nowhere are no picture."""
        ends = known([self.before.value, self.after.value])
        return ends if len(ends) == 2 else ()

    @property
    def levels(self) -> tuple[float, ...]:
        """Where each step ends, starting at the value before."""
        return tuple(accumulate((step.value for step in self.steps), initial=self.before.value or 0.0))

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it."""
        named = [(part.label, part.shown) for part in self.steps]
        ends = (self.before.label, self.before.shown, self.after.label, self.after.shown)
        return (self.title, self.subtitle, *ends, *(word for words in named for word in words))


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel: how many entered it, in words too, and in words who went no further ("" for nobody)."""

    label: str
    value: float | None
    shown: str
    lost: str = ""


@dataclass(frozen=True)
class StagesChart:
    """A funnel, its first stage on top."""

    title: str
    unit: Unit
    stages: tuple[Stage, ...]
    alt: str
    name: str = ""
    subtitle: str = ""
    currency_symbol: str = ""
    number_style: NumberStyle = "en"

    @property
    def measured(self) -> tuple[float, ...]:
        """The known numbers of those who entered."""
        return known(stage.value for stage in self.stages)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it."""
        named = (word for stage in self.stages for word in (stage.label, stage.shown, stage.lost))
        return (self.title, self.subtitle, *named)


@dataclass(frozen=True)
class HeatCell:
    """A value and how it is written; None is "no data" and has no colour."""

    value: float | None
    shown: str


@dataclass(frozen=True)
class HeatChart:
    """Values by row and column, each as dark as it is large. `rows` hold a name and one cell a column.

    `scale`: what is compared with what - everything, or each column or row in itself where these are different KPIs.
    `unknown` words a cell without data.
    """

    title: str
    unit: Unit
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    alt: str
    name: str = ""
    subtitle: str = ""
    currency_symbol: str = ""
    number_style: NumberStyle = "en"
    scale: Literal["all", "column", "row"] = "all"
    unknown: str = ""

    def __post_init__(self) -> None:
        if any(len(cells) != len(self.columns) for _, cells in self.rows):
            raise ValueError("every row of a heat map has one cell a column")

    @property
    def measured(self) -> tuple[float, ...]:
        """Every known value."""
        return known(cell.value for _, cells in self.rows for cell in cells)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything written on it."""
        named = (word for name, cells in self.rows for word in (name, *(cell.shown for cell in cells)))
        return (self.title, self.subtitle, *self.columns, *named, self.currency_symbol, self.unknown)


Chart = TrendChart | BarChart | WaterfallChart | StagesChart | HeatChart


def known(values: Iterable[float | None]) -> tuple[float, ...]:
    """The values that are numbers."""
    return tuple(value for value in values if value is not None and isfinite(value))


def render_png(chart: Chart, scale: float = 2) -> bytes:
    """The picture, drawn without browser or network: `scale` times 600 points wide, a trend 300 high.

    Raises NothingToDraw where no value is known. Chinese without a font for it is drawn as boxes, and logged.
    """
    import vl_convert

    from analytics.insights.pictures.fonts import family_for
    from analytics.insights.pictures.picture import drawn

    if not chart.measured:
        raise NothingToDraw(f"no value of {chart.title!r} is known")
    specification = drawn(chart, family_for(chart.words))
    return bytes(vl_convert.vegalite_to_png(specification, scale=scale, allowed_base_urls=[]))
