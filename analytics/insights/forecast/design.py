"""What a unit of time is like before anything has happened in it: season, weekday, working days, festivals, growth."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.semantic.holidays import Festival, Festivals, HolidayCalendar
from analytics.vocabulary import Grain, Period

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    Floats = NDArray[float64]

MOST_WAVES = 4
"""Sine waves a year at most: the shortest is a quarter long."""
_YEAR = 365.25
_ONE_DAY = timedelta(days=1)
_LONG_HOLIDAY = 4  # working days that fall out, from which on the days around it are felt too
_AROUND = 7  # days
_LAST_WORKDAYS = 3  # of a month or a quarter, in which deals are pushed over the line
_FRIDAY, _SATURDAY = 4, 5


@dataclass(frozen=True)
class Design:
    """A row for each unit of time. `years` counts on from the first; `waves` holds 2 x MOST_WAVES columns, the longest
    wave first; `calendar` the rest."""

    years: Floats
    waves: Floats
    calendar: Floats


def design_of(units: Sequence[Period], grain: Grain, held: HolidayCalendar | None) -> Design:
    """The design of consecutive units. Where no calendar is held, weekends alone are off."""
    import numpy as np

    middle = [unit.start + (unit.end - unit.start) / 2 for unit in units]
    since = np.array([(day - units[0].start).days for day in middle]) / _YEAR
    angles = 2 * math.pi * np.array([day.timetuple().tm_yday for day in middle]) / _YEAR
    waves = [wave(order * angles) for order in range(1, MOST_WAVES + 1) for wave in (np.sin, np.cos)]
    days = _Days(held)
    columns = days.of_days(units) if grain is Grain.DAY else days.of_longer(units)
    columns += days.festivals(units, short=grain in (Grain.DAY, Grain.WEEK))
    return Design(since, np.column_stack(waves), np.column_stack(columns) if columns else np.empty((len(units), 0)))


class _Days:
    """The days of a calendar, as columns."""

    def __init__(self, held: HolidayCalendar | None) -> None:
        self._held = held
        self._festivals = {} if held is None else {name: _completed(one) for name, one in held.festivals.items()}
        holidays = (one.holiday for years in self._festivals.values() for one in years if one.holiday)
        off = {day for holiday in holidays for day in _each(holiday)}
        worked = {day for years in self._festivals.values() for one in years for day in one.work}
        self._off, self._worked = off - worked, worked

    def is_workday(self, day: date) -> bool:
        return day in self._worked or (day.weekday() < _SATURDAY and day not in self._off)

    def of_days(self, units: Sequence[Period]) -> list[Sequence[float]]:
        """Monday to Friday as far as worked, Saturday, weekends worked in return, and how near the month's end is."""
        days = [unit.start for unit in units]
        columns: list[Sequence[float]] = [
            [float(day.weekday() == weekday and self.is_workday(day)) for day in days] for weekday in range(_FRIDAY + 1)
        ]
        columns.append([float(day.weekday() == _SATURDAY and not self.is_workday(day)) for day in days])
        columns.append([float(day in self._worked) for day in days])
        columns.append([float(self._closes(day, 1)) for day in days])
        columns.append([float(self._closes(day, 3)) for day in days])
        return columns

    def _closes(self, day: date, months: int) -> bool:
        """Whether it is one of the last working days of a month, or of a quarter."""
        if not self.is_workday(day) or day.month % months:
            return False
        left, later = 0, day + _ONE_DAY
        while later.month == day.month and left < _LAST_WORKDAYS:
            left += self.is_workday(later)
            later += _ONE_DAY
        return left < _LAST_WORKDAYS

    def of_longer(self, units: Sequence[Period]) -> list[Sequence[float]]:
        """The logarithm of the working days: a month with a tenth more of them brings about a tenth more."""
        return [[math.log(max(1, sum(map(self.is_workday, _each(unit))))) for unit in units]]

    def festivals(self, units: Sequence[Period], *, short: bool) -> list[Sequence[float]]:
        """For each festival how much of it a unit holds; of long ones also the week before and the week after."""
        columns: list[Sequence[float]] = []
        for years in self._festivals.values():
            felt = [one.days_felt for one in years]
            columns.append(_shares(units, felt))
            if short and max(map(len, felt)) >= _LONG_HOLIDAY:
                columns.append(_shares(units, [_week(days[0], lambda day, n: day - n * _ONE_DAY) for days in felt]))
                columns.append(_shares(units, [_week(days[-1], lambda day, n: day + n * _ONE_DAY) for days in felt]))
        return [column for column in columns if len(set(column)) > 1]


def _completed(festivals: Festivals) -> list[Festival]:
    """Every year's festival; a public holiday not announced yet is taken to lie as the latest announced one does."""
    announced = [one for _, one in sorted(festivals.years.items()) if one.holiday]
    if not announced:
        return list(festivals.years.values())
    last = announced[-1]
    holiday = last.holiday
    assert holiday is not None
    before, after = last.day - holiday.start, holiday.end - _ONE_DAY - last.day
    return [
        one if one.holiday else Festival(day=one.day, off_from=one.day - before, off_through=one.day + after)
        for one in festivals.years.values()
    ]


def _shares(units: Sequence[Period], groups: Sequence[Sequence[date]]) -> list[float]:
    """How much of each group of days a unit holds, summed."""
    weight: dict[date, float] = {}
    for days in groups:
        for day in days:
            weight[day] = weight.get(day, 0.0) + 1 / len(days)
    return [sum(weight.get(day, 0.0) for day in _each(unit)) for unit in units]


def _week(edge: date, step: Callable[[date, int], date]) -> tuple[date, ...]:
    return tuple(step(edge, n) for n in range(1, _AROUND + 1))


def _each(period: Period) -> list[date]:
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]
