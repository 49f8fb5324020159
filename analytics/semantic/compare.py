"""With which days a period is compared: those before it, those of last year, those as far from the festival.

`policy` is how a unit that is not over yet compares: `same_days` with as much of the other unit as has passed of
this one, `full_period` with the whole of it. A unit counts as not over where it says `to_date`, and where it runs
past `today` whatever it says: on 23 November, "November 2026" has 23 days, and so has its comparison.

What comes back carries the grain of what was asked, so that it can be compared on, and `to_date` where it is part
of a unit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from analytics.semantic.calendar import days, next_start, shape, units
from analytics.vocabulary import Grain, Period

if TYPE_CHECKING:
    from analytics.semantic.holidays import HolidayCalendar

Policy = Literal["same_days", "full_period"]

_ONE_DAY = timedelta(days=1)
_WEEKS_OF_A_YEAR = timedelta(weeks=52)
_HALF_A_LUNAR_YEAR = timedelta(days=192)


def previous(period: Period, today: date, policy: Policy = "same_days", fiscal_year_start: int = 1) -> Period:
    """The period just before: of months the months before, however long they are; of free days as many days.

    To date, the first days of the unit before, as many as have passed of this one, at most all it has: 1 to 31
    March is compared with the whole of February.
    """
    asked = _so_far(shape(period, fiscal_year_start), today, policy)
    if asked.grain is None:
        return days(asked.start - (asked.end - asked.start), asked.start)
    before = units(next_start(asked.start, asked.grain, -asked.count), asked.grain, asked.count, fiscal_year_start)
    return _up_to(before, before.start + (asked.end - asked.start)) if asked.to_date else before


def same_last_year(
    period: Period, policy: Policy = "same_days", fiscal_year_start: int = 1, today: date | None = None
) -> Period:
    """The same period a year before.

    Months, quarters, halves and years: the same ones. Weeks: 364 days back, so that Mondays meet Mondays; the one
    before 2026-W53 is 2026-W01. A number of days ("last 30 days"): as many, up to the same date. Everything else, to
    date too: from the same date to the same date, 29 February being 28 February where there is none. Without
    `today`, a unit that does not say `to_date` counts as over.
    """
    asked = _so_far(shape(period, fiscal_year_start), today, policy)
    first, final = _year_back(asked.start), _year_back(asked.end - _ONE_DAY)
    if asked.grain is None:
        return days(first, final + _ONE_DAY)
    if asked.grain is Grain.DAY:
        length = (asked.end - asked.start).days
        return units(final - timedelta(days=length - 1), Grain.DAY, length)
    if asked.grain is Grain.WEEK:
        first, final = asked.start - _WEEKS_OF_A_YEAR, asked.end - _ONE_DAY - _WEEKS_OF_A_YEAR
    before = units(first, asked.grain, asked.count, fiscal_year_start)
    return _up_to(before, final + _ONE_DAY) if asked.to_date else before


def aligned_last_year(period: Period, calendar: HolidayCalendar, festival: str = "spring_festival") -> Period | None:
    """The days that lay as far from last year's festival as these lie from the nearest one of their own.

    The week after Chinese New Year 2026 is compared with the week after Chinese New Year 2025. None where the
    calendar does not know the festival's day in both years.
    """
    known = calendar.days_of(festival)
    nearest = min(known.values(), key=lambda day: _distance(period, day), default=None)
    if nearest is None or _distance(period, nearest) > _HALF_A_LUNAR_YEAR:
        return None
    before = known.get(nearest.year - 1)
    if before is None:
        return None
    shift = nearest - before
    return days(period.start - shift, period.end - shift)


def _so_far(period: Period, today: date | None, policy: Policy) -> Period:
    """The period as the policy compares it: as much as has passed, or all of it."""
    if policy == "full_period":
        return replace(period, to_date=False)
    if today is None or not period.start <= today < period.end - _ONE_DAY:
        return period
    return replace(period, end=today + _ONE_DAY, to_date=period.grain is not None)


def _up_to(whole: Period, end: date) -> Period:
    """The first days of a unit, up to `end`; the unit itself where that is all of it."""
    if end >= whole.end:
        return whole
    return replace(whole, end=end, label=days(whole.start, end).label, to_date=True)


def _year_back(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _distance(period: Period, day: date) -> timedelta:
    """How far a day lies outside the period."""
    return max(period.start - day, day - (period.end - _ONE_DAY), timedelta())
