"""The past of many KPIs, by one query, as series to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.unusual.found import Reason
from analytics.semantic import Filter, Order, SemanticQuery, Semantics, calendar
from analytics.vocabulary import Figure, Grain, Period, Unit

if TYPE_CHECKING:
    from analytics.insights.unusual.exposure import Exposure
    from analytics.insights.unusual.series import Kind, Rhythm, Series
    from analytics.semantic.definition import Kpi

_FINE = (Grain.DAY, Grain.WEEK)
_SHORTEST_DAYS = {Grain.MONTH: 28, Grain.QUARTER: 90, Grain.FISCAL_QUARTER: 90}
_YOUNG = ("not_mature", "still_running")


@dataclass(frozen=True)
class History:
    """The figures of one KPI and segment in consecutive periods, the judged one last."""

    kpi: str
    figures: tuple[Figure, ...]

    @property
    def judged(self) -> Figure:
        """The figure to be judged."""
        return self.figures[-1]


def rhythm_of(grain: Grain) -> Rhythm | None:
    """How a unit of the calendar recurs; None for units too long for a company's memory to judge."""
    from analytics.insights.unusual.series import Rhythm

    quarterly = Rhythm(season=4, look_back=24, look_back_of_members=24, windows=(1, 3, 5), blur=0)
    return {
        Grain.DAY: Rhythm(season=7, look_back=182, look_back_of_members=91, windows=(1, 5, 10, 20), blur=0),
        Grain.WEEK: Rhythm(season=52, look_back=156, look_back_of_members=104, windows=(1, 4, 8, 13, 26), blur=1),
        Grain.MONTH: Rhythm(season=12, look_back=60, look_back_of_members=48, windows=(1, 3, 6, 12), blur=0),
        Grain.QUARTER: quarterly,
        Grain.FISCAL_QUARTER: quarterly,
    }.get(grain)


def why_not(
    semantics: Semantics, kpi_id: str, period: Period, filters: Sequence[Filter], by: str | None = None
) -> Reason | None:
    """What stands against judging a KPI in a period before anything is computed."""
    kpi = semantics.model.kpi(kpi_id)
    shaped = calendar.shape(period, semantics.company.fiscal_year_start)
    if shaped.grain is None or shaped.count != 1 or rhythm_of(shaped.grain) is None:
        return "too_short"
    if shaped.to_date or period.end > semantics.clock.today:
        return "still_running"
    if semantics.missing(kpi_id):
        return "needs_tables"
    if any(name not in kpi.dimensions for name in (by, *(given.name for given in filters)) if name):
        return "no_such_dimension"
    if _too_fine(kpi, shaped.grain):
        return "too_fine"
    ripe = kpi.needs_maturity.days if kpi.needs_maturity else 0
    return "not_mature" if (semantics.clock.today - period.end).days < ripe else None


def _too_fine(kpi: Kpi, grain: Grain) -> bool:
    if grain in _FINE and (kpi.grains not in _FINE or kpi.prorate is not None):
        return True
    return kpi.shortest is not None and kpi.shortest.days > _SHORTEST_DAYS.get(grain, 0)


def histories(
    semantics: Semantics, kpis: Sequence[str], period: Period, grain: Grain, filters: Sequence[Filter], by: str | None
) -> tuple[tuple[Period, ...], tuple[History, ...]]:
    """The periods up to and with `period`, a unit of the grain, and each KPI's (and member's) figures in them."""
    starts, rhythm = semantics.company.fiscal_year_start, rhythm_of(grain)
    assert rhythm is not None
    back = rhythm.look_back_of_members if by else rhythm.look_back
    whole = Period(calendar.next_start(period.start, grain, -back), period.end)
    named = ((by,), Order(by)) if by else ((), None)
    asked = SemanticQuery(tuple(kpis), whole, named[0], tuple(filters), grain, order=named[1])
    together: dict[tuple[str, tuple[str | None, ...]], list[Figure]] = {}
    for figure in semantics.run(asked).figures:
        together.setdefault((figure.name, tuple(figure.keys.values())), []).append(figure)
    periods = calendar.buckets(whole, grain, starts)
    return periods, tuple(History(kpi, tuple(figures)) for (kpi, _), figures in together.items())


def unjudged(figure: Figure) -> Reason | None:
    """Why a figure has no value to judge; None where it has."""
    if figure.note in _YOUNG:
        return "not_mature"
    return "no_data" if figure.value is None else None


def exposure_of(semantics: Semantics, periods: Sequence[Period]) -> Exposure:
    """What the periods can hold, by the company's calendar."""
    from analytics.insights.unusual.exposure import exposure
    from analytics.semantic.holidays import read_calendar

    name = semantics.company.calendar
    return exposure(periods, read_calendar(name.lower()) if name else None)


def series_of(semantics: Semantics, history: History, exposed: Exposure, rhythm: Rhythm) -> Series:
    """As numbers: unripe and partly covered values are unknown, and a member's past begins with its first rows."""
    import numpy as np

    from analytics.insights.unusual.series import Series

    values = np.array([_number(figure) for figure in history.figures], dtype=np.float64)
    rows = np.array([figure.rows or 0 for figure in history.figures], dtype=np.float64)
    begun = np.flatnonzero(rows > 0)
    values[: begun[0] if len(begun) else len(values) - 1] = np.nan
    return Series(kind_of(semantics, history.kpi), values, rows, exposed, rhythm)


def kind_of(semantics: Semantics, kpi_id: str) -> Kind:
    """How a KPI's values behave by chance and by the length of the work in a period."""
    kpi: Kpi = semantics.model.kpi(kpi_id)
    if kpi.additive.over_time:
        return "flow"
    measures = [part.measure for part in semantics.model.parts(kpi_id)]
    counts = all(measure.count is not None or measure.distinct is not None for measure in measures)
    return "counted_share" if kpi.unit is Unit.SHARE and counts else "level"


def _number(figure: Figure) -> float:
    unsure = figure.note in (*_YOUNG, "partly_covered", "not_closed")
    return float("nan") if figure.value is None or unsure else float(figure.value)
