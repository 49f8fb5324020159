"""A stretch of the calendar by its name ("Q3", 5月3日), whose year people leave out, and the days it means.

Without a year it is the latest that is not in the future. A quarter or half without a year is one of the company's
fiscal year; with a plain year ("Q3 2025") it is one of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from analytics.semantic.calendar import next_start, start_of, unit
from analytics.vocabulary import Grain, Period
from assistant.understanding.periods.found import Present

_FINEST_FIRST = ("weekday", "day", "week", "month", "quarter", "half", "year")
_YEARS_BACK = 8  # as far as 29 February may lie: there is none in 1900 or 2100
_FISCAL = {Grain.QUARTER: Grain.FISCAL_QUARTER, Grain.HALF: Grain.FISCAL_HALF, Grain.YEAR: Grain.FISCAL_YEAR}


@dataclass(frozen=True)
class Named:
    """What has been said of it; None for what has not.

    `fiscal`: the year is a fiscal one. `weekday` is 0 (Monday) to 6, `monday` the first day of its week. `number` is
    the 3 of "3 to 17 May": the other end of the range tells what it counts.
    """

    year: int | None = None
    fiscal: bool = False
    half: int | None = None
    quarter: int | None = None
    month: int | None = None
    week: int | None = None
    day: int | None = None
    weekday: int | None = None
    monday: date | None = None
    number: int | None = None

    @property
    def finest(self) -> str | None:
        """What it is one of: a day, a month ..."""
        return next((name for name in _FINEST_FIRST if getattr(self, name) is not None), None)

    @property
    def complete(self) -> bool:
        """Whether it can be found in the calendar by itself: 17日 cannot."""
        return self.number is None and (self.day is None or self.month is not None) and self.finest is not None


def days_of(named: Named, present: Present) -> Period | None:
    """The days it means; None where there are none, such as 31 February."""
    found = _dated(named, present)
    return None if found is None else _in_its_year(found, present)


def days_between(first: Named, last: Named, present: Present) -> tuple[Period, Period] | None:
    """The two ends of a range, each having told the other what it left out; None where they do not fit."""
    left, right = _borrowed(first, last), _borrowed(last, first)
    if not (left and right and left.complete and right.complete):
        return None
    if left.weekday is not None or right.weekday is not None:
        return _weekdays_between(left, right, present)
    dated = share_year(left, right, present)
    if dated is None:
        return None
    starts, ends = _in_its_year(dated[0], present), _in_its_year(dated[1], present)
    return None if starts is None or ends is None else (starts, ends)


def share_year(first: Named, last: Named, present: Present) -> tuple[Named, Named] | None:
    """Both with a year, so that the last comes after the first: "Nov to Jan 2026" starts in 2025."""
    if first.year is None and last.year is not None:
        if last.finest == "year":
            return None
        same = replace(first, year=last.year, fiscal=last.fiscal)
        return (_a_year_off(same, -1) if _after(same, last, present) else same), last
    left = _dated(first, present)
    if left is None or last.year is not None:
        return None if left is None else (left, last)
    if left.finest == "year":
        right = _dated(last, present)
        return None if right is None else (left, right)
    same = replace(last, year=left.year, fiscal=left.fiscal)
    return left, (_a_year_off(same, 1) if _after(left, same, present) else same)


def _dated(named: Named, present: Present) -> Named | None:
    """With its year: the one said, else the latest whose start is not in the future."""
    if not named.complete:
        return None
    if named.weekday is not None or named.year is not None:
        return named
    if (named.quarter or named.half) and present.fiscal_year_start != 1:
        named = replace(named, fiscal=True)
    this_year = present.day.year
    for year in range(this_year + 1, this_year - _YEARS_BACK - 1, -1):
        found = _in_its_year(replace(named, year=year), present)
        if found is not None and found.start <= present.day:
            return replace(named, year=year)
    return None


def _in_its_year(named: Named, present: Present) -> Period | None:
    if named.weekday is not None:
        return unit(_weekday(named.weekday, named.monday, present.day), Grain.DAY)
    year = named.year or 0
    try:
        if named.week is not None:
            return unit(date.fromisocalendar(year, named.week, 1), Grain.WEEK)
        if named.month is not None:
            first = date(year, named.month, named.day or 1)
            return unit(first, Grain.MONTH if named.day is None else Grain.DAY)
        return _part_of_year(named, year, present.fiscal_year_start)
    except ValueError:  # no such day, month or week in that year
        return None


def _part_of_year(named: Named, year: int, fiscal_year_start: int) -> Period | None:
    starts = fiscal_year_start if named.fiscal else 1
    first = date(year - (starts > 1), starts, 1)
    place = named.quarter or named.half or 1
    plain = Grain.QUARTER if named.quarter else Grain.HALF if named.half else Grain.YEAR
    if not 1 <= place <= {Grain.QUARTER: 4, Grain.HALF: 2}.get(plain, 1):
        return None
    grain = _FISCAL[plain] if named.fiscal else plain
    return unit(next_start(first, grain, place - 1), grain, fiscal_year_start)


def _weekday(weekday: int, monday: date | None, today: date) -> date:
    """That day of its week, else the latest before today."""
    if monday is not None:
        return monday + timedelta(days=weekday)
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _weekdays_between(first: Named, last: Named, present: Present) -> tuple[Period, Period] | None:
    starts, ends = days_of(first, present), days_of(last, present)
    if starts is None or ends is None:
        return None
    if starts.start > ends.start and first.monday is None:
        starts = unit(starts.start - timedelta(weeks=1), Grain.DAY)
    return starts, ends


def _borrowed(one: Named, other: Named) -> Named | None:
    """`one` with what only the other end says: what its number counts, its month, its week."""
    if one.number is not None:
        counted = other.finest
        if counted is None or counted == "year":
            return None
        told: dict[str, Any] = {counted: one.number - 1 if counted == "weekday" else one.number}
        one = replace(one, number=None, **told)
    if one.day is not None and one.month is None:
        one = replace(one, month=other.month)
    if one.weekday is not None and one.monday is None:
        one = replace(one, monday=other.monday)
    return one


def _a_year_off(named: Named, years: int) -> Named:
    return replace(named, year=(named.year or 0) + years)


def _after(first: Named, last: Named, present: Present) -> bool:
    starts, ends = _in_its_year(first, present), _in_its_year(last, present)
    return starts is not None and ends is not None and starts.start > ends.start


def week_of(day: date) -> Period:
    """The week a day lies in."""
    return unit(start_of(day, Grain.WEEK), Grain.WEEK)
