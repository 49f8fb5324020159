"""A KPI over a period that is not over: what has come so far and what is to come, with an interval and the pace."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analytics.insights.forecast.design import design_of
from analytics.insights.forecast.expected import CannotForecast, Expected, Outlook, Pace
from analytics.insights.forecast.history import History, grain_of, history_of, known_until
from analytics.insights.forecast.pace import pace_to, workdays
from analytics.insights.forecast.rivals import Series
from analytics.semantic import Filter, QueryError, SemanticQuery, Semantics
from analytics.semantic.calendar import buckets
from analytics.semantic.definition import Kpi
from analytics.semantic.holidays import HolidayCalendar, read_calendar
from analytics.vocabulary import Figure, Grain, Period, Unit

if TYPE_CHECKING:
    from analytics.insights.forecast.project import Projection

_FARTHEST = 731  # days
_MOST_POINTS = 120
_SHOWN_BEFORE = {Grain.DAY: 56, Grain.WEEK: 13, Grain.QUARTER: 8}
_MONTHS_BEFORE = 13
_MOST_REMEMBERED = 300


def outlook(
    semantics: Semantics,
    kpi_id: str,
    period: Period,
    *,
    grain: Grain | None = None,
    filters: tuple[Filter, ...] = (),
    goal: float | None = None,
) -> Outlook:
    """Where a KPI is heading over `period`, shown by `grain` (as it is usual for the period's length where None).

    The pace is that to `goal`, or to the period's target where there is none.

    Raises CannotForecast where no honest forecast is possible, QueryError where the KPI does not allow the filters.
    """
    kpi = semantics.model.kpi(kpi_id)
    check_forecastable(semantics, kpi, period)
    base = grain_of(kpi, period)
    history = _history(semantics, kpi, base, filters)
    units = history.units_to(period.end, semantics.company.fiscal_year_start)
    if not units:
        raise CannotForecast("over")
    shown = grain or (period.grain if period.grain in (Grain.DAY, Grain.WEEK) else Grain.MONTH)
    told_in = len(units) if grain is None else max(1, round(_DAYS_IN.get(shown, 90) / _DAYS_IN[base]))
    projection = _projection(semantics, kpi, history, filters, units, min(told_in, len(units)))
    now = _now(semantics, kpi, period, filters)
    rest = _Rest(
        history,
        units,
        projection,
        held_calendar(semantics),
        known_until(semantics),
        _is_state(semantics, kpi),
        _grows(kpi),
    )
    whole = rest.of_flow(period, now) if history.flow else rest.of_level(period, now)
    points = _points(semantics, rest, whole, period, shown if history.flow else base, now)
    target = goal if goal is not None else _target(semantics, kpi, period, filters, now)
    return Outlook(
        kpi=kpi.id,
        period=period,
        so_far=_so_far(history, period, now),
        total=_bounded(kpi, whole),
        points=tuple(_bounded(kpi, point) for point in points),
        history=_before(semantics, history, shown if history.flow else base, period),
        method=projection.method,
        backtest=projection.backtest,
        pace=_pace(kpi, period, whole, now, target, rest),
    )


_DAYS_IN = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30, Grain.QUARTER: 91}


def check_forecastable(semantics: Semantics, kpi: Kpi, period: Period) -> None:
    """Raise CannotForecast where a KPI's value at a time is itself a model's, or shows only long after it."""
    if lacking := semantics.missing(kpi.id):
        raise CannotForecast("needs_tables", lacking=lacking)
    measures = [part.measure for part in semantics.model.parts(kpi.id)]
    if kpi.type == "model output" or any(measure.forecast for measure in measures):
        raise CannotForecast("not_forecast")
    if kpi.needs_maturity or any(measure.exists and measure.exists.after for measure in measures):
        raise CannotForecast("not_mature")
    if (period.end - known_until(semantics)).days > _FARTHEST:
        raise CannotForecast("too_far")


def _is_state(semantics: Semantics, kpi: Kpi) -> bool:
    """Whether it counts what is there, not what happens."""
    return all(part.measure.state or part.measure.window for part in semantics.model.parts(kpi.id))


def _grows(kpi: Kpi) -> bool:
    """Whether it is another level for more days, so that a part of a period says little of the whole."""
    return kpi.depends_on_length or kpi.shortest is not None or kpi.type == "conversion"


def _so_far(history: History, period: Period, now: Figure | None) -> Figure | None:
    if now is None and history.flow and period.start < history.until:
        return history.total(Period(period.start, history.until))
    return now if now is not None and now.value is not None else None


def held_calendar(semantics: Semantics) -> HolidayCalendar | None:
    """The company's holidays; None where it names no calendar."""
    name = semantics.company.calendar
    return read_calendar(name.lower()) if name else None


# --- what is looked up once for each version of the data


def _remembered(semantics: Semantics) -> dict[Hashable, object]:
    known: dict[Hashable, object] = semantics.reader.remembered.setdefault("forecasts", {})
    if len(known) > _MOST_REMEMBERED:
        known.clear()
    return known


def _place(semantics: Semantics, kpi: Kpi, grain: Grain, filters: tuple[Filter, ...]) -> Hashable:
    clock = semantics.clock
    return kpi.id, kpi.version, grain, filters, semantics.scope, clock.timezone, known_until(semantics)


def _history(semantics: Semantics, kpi: Kpi, grain: Grain, filters: tuple[Filter, ...]) -> History:
    known, place = _remembered(semantics), _place(semantics, kpi, grain, filters)
    found = known.get(place)
    if not isinstance(found, History):
        found = known[place] = history_of(semantics, kpi.id, grain, filters)
    return found


def _projection(
    semantics: Semantics,
    kpi: Kpi,
    history: History,
    filters: tuple[Filter, ...],
    units: tuple[Period, ...],
    told_in: int,
) -> Projection:
    from analytics.insights.forecast.project import Projection, project

    known = _remembered(semantics)
    place = (_place(semantics, kpi, history.grain, filters), len(units), told_in)
    found = known.get(place)
    if not isinstance(found, Projection):
        found = known[place] = project(series_of(history, units, told_in, held_calendar(semantics)))
    return found


def series_of(history: History, units: tuple[Period, ...], told_in: int, held: HolidayCalendar | None) -> Series:
    """The history as numbers, with the design of its units and of those to come where it is a flow."""
    import numpy as np

    design = design_of((*history.units, *units), history.grain, held) if history.flow else None
    return Series(np.array(history.values), history.grain, len(units), history.flow, told_in, design)


# --- what is known now


def _now(semantics: Semantics, kpi: Kpi, period: Period, filters: tuple[Filter, ...]) -> Figure | None:
    """The KPI of the period so far, with its target; None where too few days have gone or only closed months count."""
    try:
        found = semantics.run(SemanticQuery((kpi.id,), period, filters=filters)).figures[0]
    except QueryError as error:
        if error.code != "too_short":
            raise
        return None
    same = found.period is None or (found.period.start, found.period.end) == (period.start, period.end)
    return found if same else None


def _target(
    semantics: Semantics, kpi: Kpi, period: Period, filters: tuple[Filter, ...], now: Figure | None
) -> float | None:
    """The period's own target, else the sum of its months' where each of them has one and they add up."""
    if now is not None and now.target is not None:
        return float(now.target)
    whole_months = period.start.day == 1 and period.end.day == 1
    if not kpi.additive.over_time or not whole_months or kpi.prorate == "never":
        return None
    by_month = semantics.run(SemanticQuery((kpi.id,), period, filters=filters, grain=Grain.MONTH)).figures
    targets = [figure.target for figure in by_month]
    return float(sum(map(float, targets))) if None not in targets else None  # type: ignore[arg-type]


# --- what is to come


@dataclass(frozen=True)
class _Rest:
    """The units to come and what is expected of them."""

    history: History
    units: tuple[Period, ...]
    projection: Projection
    held: HolidayCalendar | None
    known: date
    is_state: bool
    grows: bool

    def of_flow(self, period: Period, now: Figure | None) -> Expected:
        """What has come in the period and what its other units bring; no less than what is known by now."""
        if period.end <= self.history.until:
            raise CannotForecast("over")
        value, low, high = self._stretch(period)
        done = self._done(period)
        value, low, high = value + done, low + done, high + done
        today = self._today_beyond(period, now, done)
        value, high = value + today, high + today
        least = float(now.value) if now is not None and now.value is not None else low
        if min(self.history.values) >= 0:
            low, value, high = max(low, least), max(value, least), max(high, least)
        return Expected(period, value, low, high)

    def _stretch(self, period: Period) -> tuple[float, float, float]:
        inside = [n for n, unit in enumerate(self.units) if period.start <= unit.start < period.end]
        return self.projection.stretch(inside[0], inside[-1] + 1)

    def _done(self, period: Period) -> float:
        whole = zip(self.history.units, self.history.values, strict=True)
        return sum(value for unit, value in whole if period.start <= unit.start and unit.end <= period.end)

    def _today_beyond(self, period: Period, now: Figure | None, done: float) -> float:
        """How much today has already brought beyond what all of it was expected to."""
        if now is None or now.value is None or not period.start <= self.history.until < period.end:
            return 0.0
        return max(0.0, float(now.value) - done - float(self.projection.path[0]))

    def of_level(self, period: Period, now: Figure | None) -> Expected:
        """The level of the period's last unit. Of one that runs, what is known weighs as much as the days gone; a state
        moves on from where it stands."""
        place = len(self.units) - 1
        value, low, high = self.projection.stretch(place, place + 1)
        unit = self.units[place]
        gone = self._gone(unit)
        if place or now is None or now.value is None or period.start < unit.start or not gone or self.grows:
            return Expected(unit, value, low, high)
        stands, reach = float(now.value), (high - value) * math.sqrt(1 - gone)
        moves = value - self.history.values[-1] if self.is_state else value - stands
        mixed = stands + (1 - gone) * moves
        return Expected(period, mixed, mixed - reach, mixed + reach)

    def _gone(self, unit: Period) -> float:
        if self.known <= unit.start:
            return 0.0
        here = min(self.known, unit.end)
        return workdays(Period(unit.start, here), self.held) / max(1, workdays(unit, self.held))


def _points(
    semantics: Semantics, rest: _Rest, whole: Expected, period: Period, shown: Grain, now: Figure | None
) -> list[Expected]:
    if not rest.history.flow:
        asked = [n for n, unit in enumerate(rest.units[:-1]) if unit.start >= period.start]
        return [*(Expected(rest.units[n], *rest.projection.stretch(n, n + 1)) for n in asked), whole]
    found = [one for one in buckets(period, shown, semantics.company.fiscal_year_start) if one.end > rest.history.until]
    if len(found) > _MOST_POINTS:
        raise CannotForecast("too_many_points")
    if rest.history.grain is Grain.MONTH and shown in (Grain.DAY, Grain.WEEK):
        raise CannotForecast("too_fine", grain=Grain.MONTH)
    if len(found) == 1 and found[0].start == period.start:
        return [whole]
    return [rest.of_flow(one, None) for one in found]


def _before(semantics: Semantics, history: History, shown: Grain, period: Period) -> tuple[Figure, ...]:
    """The units shown before those to come, as they were."""
    most = _SHOWN_BEFORE.get(shown, _MONTHS_BEFORE)
    if not history.flow:
        return tuple(figure for figure in history.figures if figure.value is not None)[-most:]
    covered = Period(history.units[0].start, history.until)
    whole = [one for one in buckets(covered, shown, semantics.company.fiscal_year_start) if one.grain is not None]
    totals = [history.total(one) for one in whole[-most:]]
    return tuple(figure for figure in totals if figure is not None)


def _bounded(kpi: Kpi, expected: Expected) -> Expected:
    """Within what the KPI's unit allows: a share is between 0 and 1."""
    if kpi.unit is not Unit.SHARE:
        return expected
    within = (min(max(part, 0.0), 1.0) for part in (expected.value, expected.low, expected.high))
    return Expected(expected.period, *within)


def _pace(
    kpi: Kpi, period: Period, whole: Expected, now: Figure | None, target: float | None, rest: _Rest
) -> Pace | None:
    if target is None or (whole.period.start, whole.period.end) != (period.start, period.end):
        return None
    so_far = float(now.value) if now is not None and now.value is not None else None
    return pace_to(
        target, whole, so_far, good=kpi.good, adds_up=kpi.additive.over_time, period=period, known=rest.known,
        held=rest.held,
    )  # fmt: skip
