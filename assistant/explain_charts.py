"""A Result's charts with every title, label and value in words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from math import isclose, isfinite
from typing import Any, TypedDict

from analytics.insights.charts import (
    Bar,
    BarChart,
    Chart,
    HeatCell,
    HeatChart,
    NumberStyle,
    Point,
    Stage,
    StagesChart,
    Step,
    Target,
    TrendChart,
    WaterfallChart,
    known,
)
from analytics.semantic.calendar import shape
from analytics.vocabulary import Figure, Grain, Period, Unit
from assistant.dates import SHORT_ON_AXIS, OnAxis
from assistant.formats import currency_symbol
from assistant.question import Language
from assistant.result import Cell, HeatMap, Label, Ranking, Shape, Stages, Trend, TrendPoint, Waterfall, Worded

log = logging.getLogger(__name__)

Say = Callable[[Cell], str]
"""Words one part of a table or chart; what has no value is said to have none."""

MOST_BARS = 40
"""As high as one screen; a picture grows with each bar, and there may be thousands of customers."""
MOST_COLUMNS = 31
"""Of a heat map: a month's days."""
_A_YEAR = 360  # days from one first day to another from which on a month's or day's name may come twice
_ENOUGH = 1e-6  # as near as steps come to the change they add up to
_EXPECTED = Worded("chart_expected", {})
_NUMBER_STYLES: dict[Language, NumberStyle] = {
    Language.EN: "en",
    Language.ZH_HANS: "zh",
    Language.ZH_HANT: "zh-Hant",
}


@dataclass(frozen=True)
class Money:
    """How money is written on an axis: in this currency, for this language."""

    currency: str
    language: Language


class _Common(TypedDict):
    """What every chart has."""

    title: str
    unit: Unit
    alt: str
    name: str
    currency_symbol: str
    number_style: NumberStyle


def said_chart(chart: Shape, say: Say, money: Money) -> Chart | None:
    """The chart with its labels, None where it would show no value or more than a picture holds."""
    figures = _figures(chart)
    if _size(chart) > MOST_BARS or not known(map(number, figures)):
        return None
    common = _common(chart, figures[0].unit, say, money)
    if isinstance(chart, Trend):
        return _trend(chart, common, say)
    if isinstance(chart, Ranking):
        bars = tuple(_bar(name, figure, say) for name, figure in chart.bars)
        return BarChart(bars=bars, **common)
    if isinstance(chart, Waterfall):
        return _waterfall(chart, common, say)
    if isinstance(chart, Stages):
        return StagesChart(stages=tuple(_stage(step, say) for step in chart.steps), **common)
    return _heat(chart, common, say)


def number(figure: Figure | None) -> float | None:
    """A figure's value where it is a finite number."""
    if figure is None or figure.value is None:
        return None
    value: Decimal | float | int = figure.value
    return float(value) if isfinite(value) else None


def _figures(chart: Shape) -> list[Figure]:
    """The figures that a chart exists to show."""
    if isinstance(chart, Trend):
        return [point.figure for point in chart.points]
    if isinstance(chart, Ranking):
        return [figure for _, figure in chart.bars]
    if isinstance(chart, Waterfall):
        return [chart.before[1], chart.after[1]]
    if isinstance(chart, Stages):
        return [figure for _, figure, _ in chart.steps]
    return [figure for _, figures in chart.rows for figure in figures if figure is not None]


def _size(chart: Shape) -> int:
    """How many bars or rows one below the other; a heat map that is too wide is too large as well."""
    if isinstance(chart, HeatMap):
        return len(chart.rows) if len(chart.columns) <= MOST_COLUMNS else MOST_BARS + 1
    if isinstance(chart, Ranking):
        return len(chart.bars)
    return 0 if isinstance(chart, Trend) else len(chart.steps)


def _common(chart: Shape, unit: Unit, say: Say, money: Money) -> _Common:
    return {
        "title": say(chart.title),
        "unit": unit,
        "alt": say(chart.alt),
        "name": say(chart.name),
        "currency_symbol": currency_symbol(money.currency, money.language) if unit is Unit.MONEY else "",
        "number_style": _NUMBER_STYLES[money.language],
    }


def _trend(trend: Trend, common: _Common, say: Say) -> TrendChart:
    labels, ticks = [say(point.label) for point in trend.points], _ticks(trend, say)
    before = tuple(
        Point(label, point.day, number(point.before)) for point, label in zip(trend.points, labels, strict=True)
    )
    there = [point for point in trend.points if number(point.figure) is not None]
    actual = [point for point in there if not point.expected]
    compared = bool(known(point.value for point in before))
    foreseen = there[-1].expected
    return TrendChart(
        points=tuple(_point(*of_one) for of_one in zip(trend.points, labels, ticks, strict=True)),
        last_label=say(there[-1].figure),
        previous=before if compared else (),
        previous_name=say(trend.before_name) if compared and trend.before_name else "",
        target=_target(trend, say),
        expected_name=say(trend.expected_name or _EXPECTED) if foreseen else "",
        actual_label=say(actual[-1].figure) if foreseen and actual else "",
        **common,
    )


def _point(point: TrendPoint, label: str, tick: str) -> Point:
    interval = (number(point.low), number(point.high)) if point.expected else (None, None)
    return Point(label, point.day, number(point.figure), point.unfinished, point.expected, *interval, tick=tick)


def _ticks(trend: Trend, say: Say) -> list[str]:
    """Labels that name a period, short: with the year where it starts, or with each where there are several."""
    periods = [point.label.facts.get("period") for point in trend.points]
    grain = next((shape(period).grain for period in periods if isinstance(period, Period)), None)
    long = (trend.points[-1].day - trend.points[0].day).days > _A_YEAR
    ticks, year = [], 0
    for point, period in zip(trend.points, periods, strict=True):
        if isinstance(period, Period):
            of_month = grain is Grain.MONTH and period.start.year != year
            named = OnAxis(period.start, grain, long or of_month) if grain in SHORT_ON_AXIS else period
            ticks.append(say(replace(point.label, facts={**point.label.facts, "period": named})))
            year = period.start.year
        else:
            ticks.append("")
    return ticks


def _target(trend: Trend, say: Say) -> Target | None:
    value = number(trend.target)
    return None if value is None else Target(value, say(trend.target_label or trend.target))


def _bar(name: Label, figure: Figure, say: Say) -> Bar:
    return Bar(say(name), number(figure), say(figure))


def _waterfall(chart: Waterfall, common: _Common, say: Say) -> WaterfallChart | None:
    """None where an end is unknown, or where the steps do not lead from one end to the other."""
    before, after = number(chart.before[1]), number(chart.after[1])
    if before is None or after is None:
        return None
    steps = tuple(
        Step(say(name), number(figure) or 0.0, say(_signed(figure)), kind == "unexplained")
        for name, figure, kind in chart.steps
    )
    reached = before + sum(step.value for step in steps)
    largest = max(abs(value) for value in (before, after, *(step.value for step in steps)))
    if not isclose(reached, after, rel_tol=_ENOUGH, abs_tol=_ENOUGH * largest):
        log.error(
            "a waterfall of %s is left out: its steps lead to %s, not to %s", chart.before[1].name, reached, after
        )
        return None
    return WaterfallChart(before=_bar(*chart.before, say), steps=steps, after=_bar(*chart.after, say), **common)


def _signed(figure: Figure) -> Worded:
    """A contribution with its sign."""
    value: Any = figure.value or 0
    direction = "up" if value > 0 else "down" if value < 0 else "same"
    return Worded("change", {"direction": direction, "change": replace(figure, value=abs(value)), "judged": None})


def _stage(step: tuple[Label, Figure, Figure | None], say: Say) -> Stage:
    name, entered, dropoff = step
    lost = "" if number(dropoff) is None else say(Worded("chart_lost", {"lost": dropoff}))
    return Stage(say(name), number(entered), say(entered), lost)


def _heat(chart: HeatMap, common: _Common, say: Say) -> HeatChart:
    rows = tuple(
        (say(name), tuple(HeatCell(number(figure), say(figure)) for figure in figures)) for name, figures in chart.rows
    )
    columns = tuple(say(column) for column in chart.columns)
    return HeatChart(columns=columns, rows=rows, scale=chart.scale, unknown=say(None), **common)
