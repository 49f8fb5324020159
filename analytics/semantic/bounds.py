"""A period -> the values a statement's bounds are bound to: UTC moments, local days, never past the clock."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analytics.semantic.definition import Measure
from analytics.vocabulary import Clock, Period

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


def bounds(measure: Measure, period: Period, clock: Clock) -> dict[str, Any]:
    """What `measure` reads for `period`, by the clock's zone; rows later than the clock are left out."""
    seen_at, seen_day = clock.now + _TICK, clock.today + _DAY
    ends = min(period.end, seen_day)
    first, last = period.start, ends
    back = measure.exists.before if measure.exists is not None else None
    found: dict[str, Any] = {}
    if measure.window is not None:
        last = period.start if measure.window.at == "start" else ends
        first = months_before(last, measure.window.months)
    if measure.absent is not None:
        until = period.start if measure.absent.at == "start" else ends
        found |= _between(months_before(until, measure.absent.months), until, clock, "absent_")
    return {
        **found,
        **_between(first, last, clock, ""),
        "reach_day": first - (back.days - 1) * _DAY if back is not None else first,
        "last_day": ends - _DAY,
        "until": min(midnight(ends, clock.timezone), clock.now),
        "now": clock.now,
        "seen_at": seen_at,
        "seen_day": seen_day,
    }


def _between(first: date, last: date, clock: Clock, which: str) -> dict[str, Any]:
    zone = clock.timezone
    return {
        f"{which}from_at": midnight(first, zone),
        f"{which}to_at": min(midnight(last, zone), clock.now + _TICK),
        f"{which}from_day": first,
        f"{which}to_day": last,
    }


def midnight(day: date, timezone: str) -> datetime:
    """The moment the local `day` begins."""
    return datetime.combine(day, time.min, ZoneInfo(timezone))


def local_day_of(value: date | datetime, clock: Clock) -> date:
    """The local day of a moment; a date is its own."""
    return value.astimezone(ZoneInfo(clock.timezone)).date() if isinstance(value, datetime) else value


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; a month that lacks it gives its last day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
