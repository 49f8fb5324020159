"""How much of a normal unit's business a period can hold: its working days, and whether a long holiday is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analytics.vocabulary import Period

if TYPE_CHECKING:
    import numpy.typing as npt

    from analytics.semantic.holidays import HolidayCalendar

LONG_HOLIDAY = 3  # weekdays off in a row of days off: business thins out before it and picks up slowly after
FELT_AROUND = timedelta(days=8)
_SATURDAY = 5


@dataclass(frozen=True)
class Exposure:
    """For each period its days of work, its days off, and whether a long holiday lies in it or near."""

    workdays: npt.NDArray[Any]
    days_off: npt.NDArray[Any]
    near_holiday: npt.NDArray[Any]


def exposure(periods: Sequence[Period], calendar: HolidayCalendar | None) -> Exposure:
    """Of periods in order. Without a calendar Monday to Friday are worked, and no holiday is known."""
    import numpy as np

    worked = [_workdays(period, calendar) for period in periods]
    lengths = [(period.end - period.start).days for period in periods]
    holidays = _long_holidays(calendar, periods[0].start, periods[-1].end) if calendar else ()
    near = [any(_felt(period, first, last) for first, last in holidays) for period in periods]
    return Exposure(
        np.array(worked, dtype=float), np.array(lengths, dtype=float) - np.array(worked), np.array(near, dtype=bool)
    )


def _workdays(period: Period, calendar: HolidayCalendar | None) -> int:
    if calendar is not None:
        return calendar.workdays(period)
    every = (period.start + timedelta(days=n) for n in range((period.end - period.start).days))
    return sum(day.weekday() < _SATURDAY for day in every)


def _long_holidays(calendar: HolidayCalendar, start: date, end: date) -> tuple[tuple[date, date], ...]:
    """First and last day of each run of days off that takes LONG_HOLIDAY weekdays or more."""
    found: list[tuple[date, date]] = []
    run: list[date] = []
    day, final = start - 2 * FELT_AROUND, end + 2 * FELT_AROUND
    while day < final:
        if not calendar.is_workday(day):
            run.append(day)
        else:
            if sum(off.weekday() < _SATURDAY for off in run) >= LONG_HOLIDAY:
                found.append((run[0], run[-1]))
            run = []
        day += timedelta(days=1)
    return tuple(found)


def _felt(period: Period, first: date, last: date) -> bool:
    """Whether a holiday and the days around it fill more than a third of the period."""
    held = min(period.end, last + FELT_AROUND) - max(period.start, first - FELT_AROUND)
    return held * 3 > period.end - period.start
