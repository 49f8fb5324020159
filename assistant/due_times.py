"""When a subscription is due: local wall time, workdays, months of every length, changes of the clocks.

- `day` is every day but public holidays, `workday` every day that people work, weekends worked in return among them.
- `week`, `fortnight`, `month` and `quarter` fall on their day; on a public holiday, the next day that people work.
- The first working day of a month is its first day or the next that people work.
- Day 31 of a shorter month is its last day. A fortnight counts from the first such weekday on or after `since`.
- A time of day that the clocks skip is the first instant after the gap; one that they show twice is the first of the
  two. A day that a zone skips altogether has no daily sending.

No local day is due twice. Where a year's public holidays are not known, weekends alone decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from analytics.semantic.calendar import next_start, start_of
from analytics.vocabulary import Grain
from assistant.plans import Schedule

_ONE_DAY = timedelta(days=1)
_LONGEST_HOLIDAY = 40  # days after which a sending is no longer moved
_GRAINS = {"month": Grain.MONTH, "quarter": Grain.QUARTER}


@dataclass(frozen=True)
class Workdays:
    """On which days people work, and which are public holidays."""

    is_workday: Callable[[date], bool]
    is_holiday: Callable[[date], bool]

    def worked(self, day: date) -> date:
        """The day itself when people work on it, or the next one that they do."""
        later = (day + timedelta(days=number) for number in range(_LONGEST_HOLIDAY))
        return next((other for other in later if self.is_workday(other)), day)

    def moved(self, day: date) -> date:
        """The day itself, or the next one that people work when it is a public holiday."""
        if not self.is_holiday(day):
            return day
        later = (day + timedelta(days=number) for number in range(1, _LONGEST_HOLIDAY))
        return next((other for other in later if self.is_workday(other)), day)


def _on_weekday(day: date) -> bool:
    return day.weekday() < 5


def _never(_day: date) -> bool:
    return False


WEEKDAYS = Workdays(_on_weekday, _never)
"""Monday to Friday, no holidays: where a company names no calendar."""


def workdays_of(calendar: str | None) -> Workdays:
    """The workdays of the company's `calendar` (its name or file); weekdays where it names none that can be read."""
    if not calendar:
        return WEEKDAYS
    from analytics.semantic.faults import ModelError
    from analytics.semantic.holidays import read_calendar

    try:
        found = read_calendar(calendar.lower() if "." not in calendar else calendar)
    except ModelError:
        return WEEKDAYS
    return Workdays(found.is_workday, found.is_holiday)


def next_due(
    schedule: Schedule,
    after: datetime,
    timezone: str,
    workdays: Workdays = WEEKDAYS,
    since: date | None = None,
) -> datetime:
    """The first instant (UTC) after `after` at which the schedule is due in `timezone`.

    `since` is the day from which fortnights count; the local day of `after` when it is not given.
    """
    zone = ZoneInfo(timezone)
    today = after.astimezone(zone).date()
    at = time.fromisoformat(schedule.at)
    each_day = schedule.every in ("day", "workday")
    for day in _days(schedule, today - timedelta(days=_LONGEST_HOLIDAY), workdays, since or today):
        due = instant(day, at, zone)
        if due > after and not (each_day and due.astimezone(zone).date() != day):
            return due
    raise AssertionError("a schedule has no end")


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which clocks in `zone` first show that time, or would have but for a gap: its end."""
    wall = datetime.combine(day, at)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return _change_between(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the zone's offset changes, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _days(schedule: Schedule, first: date, workdays: Workdays, since: date) -> Iterator[date]:
    """The local days on which it is due, in order, from about `first` on; holidays are accounted for."""
    match schedule.every:
        case "day":
            return (day for day in _each(first, 1) if not workdays.is_holiday(day))
        case "workday":
            return (day for day in _each(first, 1) if workdays.is_workday(day))
        case "week":
            return map(workdays.moved, _each(_on(schedule.weekday, first), 7))
        case "fortnight":
            anchor = _on(schedule.weekday, since)
            start = anchor + timedelta(days=14 * ((first - anchor).days // 14))
            return map(workdays.moved, _each(max(start, anchor), 14))
        case "month" | "quarter":
            return map(workdays.worked if schedule.working else workdays.moved, _of_months(schedule, first))


def _each(first: date, step: int) -> Iterator[date]:
    return (first + timedelta(days=step * number) for number in count())


def _on(weekday: int | None, first: date) -> date:
    """The first such weekday (Monday where none is named) on or after a day."""
    return first + timedelta(days=((weekday or 1) - first.isoweekday()) % 7)


def _of_months(schedule: Schedule, first: date) -> Iterator[date]:
    """The day of each month, or of each quarter's first month; its last day where the month is shorter."""
    grain = _GRAINS[schedule.every]
    month = start_of(first, grain)
    while True:
        last = next_start(start_of(month, Grain.MONTH), Grain.MONTH) - _ONE_DAY
        yield min(month + timedelta(days=(schedule.day or 1) - 1), last)
        month = next_start(month, grain)
