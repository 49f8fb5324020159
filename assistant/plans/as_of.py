"""A plan as it is meant on another day: "last week" moves on, "October 2026" stays.

Periods told from the day a plan was made carry their words ("last 12 weeks", "this month"); those named by themselves
carry the calendar's own labels (`analytics.semantic.calendar`) and are left as they are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from analytics.semantic import calendar
from analytics.vocabulary import Grain, Period
from assistant.plans.figures import Forecast, Summary
from assistant.plans.lists import LeadList
from assistant.plans.parts import ComparedWith, Day, Days, PlanPart, RowFilter

_ONE_DAY = timedelta(days=1)
AnyPlan = TypeVar("AnyPlan", bound=PlanPart)


def plan_as_of(plan: AnyPlan, made_on: date, today: date, fiscal_year_start: int = 1) -> AnyPlan:
    """The plan that was made on one day, as the same words would be read on another.

    A period that was not named moves on; a summary's is the last full unit of its rhythm. A forecast of the month under
    way is one of the month then under way.
    """
    assumed = "period" in getattr(plan, "assumed", ())
    if isinstance(plan, Summary) and assumed:
        latest = calendar.last(1, Grain(plan.rhythm), today, fiscal_year_start)
        return plan.model_copy(update={"period": Days.of(latest)})
    moved = _Moved(made_on, today, fiscal_year_start)
    changes: dict[str, object] = {}
    if isinstance(plan, LeadList):
        changes["day"] = moved.day(plan.day)
    if isinstance(period := getattr(plan, "period", None), Days):
        under_way = isinstance(plan, Forecast) and period.period.start <= made_on < period.period.end
        changes["period"] = moved.days(period, always=assumed or under_way)
    if isinstance(held := getattr(plan, "comparison", None), ComparedWith) and held.period is not None:
        changes["comparison"] = held.model_copy(update={"period": moved.days(held.period)})
    if filters := getattr(plan, "filters", ()):
        changes["filters"] = tuple(moved.filter(one) if isinstance(one, RowFilter) else one for one in filters)
    return plan.model_copy(update=changes) if changes else plan


class _Moved:
    """Periods moved from the day a plan was made to another."""

    def __init__(self, made_on: date, today: date, fiscal_year_start: int) -> None:
        self._made_on = made_on
        self._today = today
        self._starts = fiscal_year_start

    def days(self, days: Days, *, always: bool = False) -> Days:
        """The period moved on where its words are told from the day, or `always`."""
        return Days.of(self._period(days.period, always))

    def day(self, day: Day) -> Day:
        """ "Today" and "tomorrow" move; a day that was named stays."""
        start = date.fromisoformat(day.start)
        if day.label == start.isoformat():
            return day
        moved = start + (self._today - self._made_on)
        return day.model_copy(update={"start": moved.isoformat(), "end": (moved + _ONE_DAY).isoformat()})

    def filter(self, given: RowFilter) -> RowFilter:
        return given if given.period is None else given.model_copy(update={"period": self.days(given.period)})

    def _period(self, period: Period, always: bool) -> Period:
        if period.to_date and period.grain is not None:
            to_date = calendar.to_date(period.grain, self._today, self._starts)
            return replace(to_date, label=period.label, count=period.count)
        if period.grain is None:
            return self._open_ended(period)
        named = period.label == calendar.units(period.start, period.grain, period.count, self._starts).label
        if named and not always:
            return period
        from_unit = calendar.start_of(self._made_on, period.grain, self._starts)
        to_unit = calendar.start_of(self._today, period.grain, self._starts)
        by = _units_between(period, from_unit, self._starts)
        start = calendar.next_start(to_unit, period.grain, by)
        found = calendar.units(start, period.grain, period.count, self._starts)
        return found if named else replace(found, label=period.label)

    def _open_ended(self, period: Period) -> Period:
        """ "Since 1 October" runs up to and with today, whichever day that is."""
        until_today = period.end == self._made_on + _ONE_DAY and period.label != calendar.days(*_bounds(period)).label
        return replace(period, end=max(self._today, period.start) + _ONE_DAY) if until_today else period


def _bounds(period: Period) -> tuple[date, date]:
    return period.start, period.end


def _units_between(period: Period, unit: date, starts: int) -> int:
    """How many units after the one that starts on `unit` the period starts; negative before it."""
    assert period.grain is not None
    if period.start < unit:
        return -len(calendar.buckets(Period(period.start, unit), period.grain, starts))
    return len(calendar.buckets(Period(unit, period.start), period.grain, starts)) if period.start > unit else 0
