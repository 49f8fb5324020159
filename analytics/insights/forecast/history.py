"""What a forecast rests on: a KPI's values of whole units of time up to the last day that is known in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from analytics.insights.forecast.expected import CannotForecast
from analytics.semantic import Filter, SemanticQuery, Semantics
from analytics.semantic import calendar as months
from analytics.semantic.definition import Kpi
from analytics.vocabulary import Figure, Grain, Period

_DAYS_BACK = 728  # in one query; two of them are four years
_UNITS_BACK = {Grain.WEEK: 208, Grain.MONTH: 60, Grain.QUARTER: 20}
_DAY_IS_OVER = time(22)  # data that reach so far into a day hold its business
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class History:
    """Figures of consecutive whole units of `grain`, the last one before `until`; a `flow` adds up over time."""

    figures: tuple[Figure, ...]
    grain: Grain
    until: date
    flow: bool

    @property
    def units(self) -> tuple[Period, ...]:
        """The units of time, in order."""
        return tuple(figure.period for figure in self.figures if figure.period is not None)

    @property
    def values(self) -> list[float]:
        """Their values. Of a flow nothing recorded is nothing that came; a level stays as it was where unknown."""
        found: list[float] = []
        for figure in self.figures:
            unknown = 0.0 if self.flow or not found else found[-1]
            found.append(unknown if figure.value is None else float(figure.value))
        return found

    def units_to(self, end: date, fiscal_year_start: int = 1) -> tuple[Period, ...]:
        """The units from `until` on that it takes to reach `end`."""
        if end <= self.until:
            return ()
        return tuple(
            months.unit(bucket.start, self.grain, fiscal_year_start)
            for bucket in months.buckets(Period(self.until, end), self.grain, fiscal_year_start)
        )

    def total(self, period: Period) -> Figure | None:
        """The sum of a flow over the units inside a period; None where none is, or the period begins before them."""
        inside = [
            figure
            for figure in self.figures
            if figure.period and period.start <= figure.period.start and figure.period.end <= period.end
        ]
        if not inside or (self.units[0].start > period.start):
            return None
        known = [Decimal(str(figure.value)) for figure in inside if figure.value is not None]
        like, total = inside[-1], sum(known, Decimal(0))
        value = total if isinstance(like.value, Decimal) else float(total)
        rows = sum(figure.rows or 0 for figure in inside)
        return replace(like, value=value, period=period, rows=rows, note=None, target=None, compared=None)


def grain_of(kpi: Kpi, period: Period) -> Grain:
    """The unit a KPI is forecast in: days of what adds up by the day, else whole weeks, months or quarters."""
    if kpi.additive.over_time:
        return kpi.grains if kpi.grains in (Grain.DAY, Grain.MONTH) else Grain.MONTH
    return period.grain if period.grain in (Grain.WEEK, Grain.QUARTER) and kpi.grains is Grain.DAY else Grain.MONTH


def known_until(semantics: Semantics) -> date:
    """The first local day that is not known in full: today, or the day the data break off."""
    clock, as_of = semantics.clock, semantics.reader.as_of
    seen = (clock.now if as_of is None else min(clock.now, as_of)).astimezone(ZoneInfo(clock.timezone))
    return seen.date() + _ONE_DAY if seen.time() >= _DAY_IS_OVER else seen.date()


def history_of(semantics: Semantics, kpi_id: str, grain: Grain, filters: tuple[Filter, ...]) -> History:
    """The KPI's whole units from the first one with data on. Raises CannotForecast no_data, needs_tables."""
    kpi, starts = semantics.model.kpi(kpi_id), semantics.company.fiscal_year_start
    until = months.start_of(known_until(semantics), grain, starts)
    figures: list[Figure] = []
    for period in _stretches(until, grain):
        outcome = semantics.run(SemanticQuery((kpi_id,), period, filters=filters, grain=grain))
        if outcome.missing:
            raise CannotForecast("needs_tables", lacking=tuple(outcome.missing[kpi_id]))
        figures += outcome.figures
    figures = _with_data(figures)
    if not any(figure.value for figure in figures):
        raise CannotForecast("no_data")
    return History(tuple(figures), grain, until, kpi.additive.over_time)


def _stretches(until: date, grain: Grain) -> Sequence[Period]:
    if grain is not Grain.DAY:
        return (Period(months.next_start(until, grain, -_UNITS_BACK[grain]), until),)
    back = timedelta(days=_DAYS_BACK)
    return (Period(until - 2 * back, until - back), Period(until - back, until))


def _with_data(figures: Sequence[Figure]) -> list[Figure]:
    """From the first unit that the data cover and that holds something on."""
    first = next((place for place, figure in enumerate(figures) if figure.value), len(figures))
    return [figure for figure in figures[first:] if figure.note != "outside_data"]
