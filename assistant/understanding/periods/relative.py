"""Periods told from today: the unit under way, units before it, units to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from analytics.semantic import calendar
from analytics.vocabulary import Grain, Period
from assistant.understanding.periods.found import Present

_MOST = {Grain.DAY: 20_000, Grain.WEEK: 3_000, Grain.MONTH: 600, Grain.QUARTER: 200, Grain.FISCAL_QUARTER: 200}
_MOST_OTHERS = 50


def to_date(grain: Grain, present: Present) -> Period:
    """ "This month": up to and with today."""
    return calendar.to_date(grain, present.day, present.fiscal_year_start)


def last(count: int, grain: Grain, present: Present) -> Period | None:
    """ "Last 3 months": whole units before the one today lies in. None for none of them, or for more than a century."""
    if not _sensible(count, grain):
        return None
    return calendar.last(count, grain, present.day, present.fiscal_year_start)


def rolling_year(present: Present) -> Period | None:
    """ "The past year", 近一年: the last 12 whole months, where "last year" is the calendar year."""
    return last(12, Grain.MONTH, present)


def rolling_half_year(present: Present) -> Period | None:
    """ "The past half year", 近半年: the last 6 whole months."""
    return last(6, Grain.MONTH, present)


def ago(count: int, grain: Grain, present: Present) -> Period | None:
    """The one unit so many before the one today lies in: 2 is "week before last", 前天."""
    if count == 1:
        return last(1, grain, present)
    word = grain.value.replace("_", " ")
    label = f"{count} {_plural(grain)} ago"
    if count == 2:
        label = "day before yesterday" if grain is Grain.DAY else f"{word} before last"
    return _single(-count, label, grain, present)


def ahead(count: int, grain: Grain, present: Present) -> Period | None:
    """The one unit so many after the one today lies in: 1 is "next week", "tomorrow"."""
    word = grain.value.replace("_", " ")
    label = {1: f"next {word}", 2: f"{word} after next"}.get(count, f"in {count} {_plural(grain)}")
    if grain is Grain.DAY and count <= 2:
        label = ("tomorrow", "day after tomorrow")[count - 1]
    return _single(count, label, grain, present)


def coming(count: int, grain: Grain, present: Present) -> Period | None:
    """ "Next 3 months": whole units after the one today lies in."""
    if count == 1:
        return ahead(1, grain, present)
    if not _sensible(count, grain):
        return None
    current = calendar.start_of(present.day, grain, present.fiscal_year_start)
    found = calendar.units(calendar.next_start(current, grain), grain, count, present.fiscal_year_start)
    return replace(found, label=f"next {count} {_plural(grain)}")


def weekend(weeks: int, present: Present) -> Period:
    """Saturday and Sunday of this week (0), of the one before (-1), of the one to come (1)."""
    monday = calendar.next_start(calendar.start_of(present.day, Grain.WEEK), Grain.WEEK, weeks)
    return calendar.days(monday + timedelta(days=5), monday + timedelta(days=7))


def since(start: date, present: Present) -> Period | None:
    """From that day up to and with today; None for a day to come."""
    if start > present.day:
        return None
    return Period(start, present.tomorrow, f"since {start}")


def between(first: Period, last_one: Period, present: Present) -> Period | None:
    """From the first day of one to the last of the other: as units where both are one of a kind, else as free days."""
    if last_one.start < first.start or last_one.end <= first.start:
        return None
    if last_one.to_date:
        return since(first.start, present)
    whole = first.grain is last_one.grain and first.grain not in (None, Grain.DAY) and not first.to_date
    if whole and first.grain is not None and first.count == last_one.count == 1:
        both = Period(first.start, last_one.end)
        count = len(calendar.buckets(both, first.grain, present.fiscal_year_start))
        return calendar.units(first.start, first.grain, count, present.fiscal_year_start)
    return calendar.days(first.start, last_one.end)


def _single(offset: int, label: str, grain: Grain, present: Present) -> Period | None:
    if not _sensible(abs(offset), grain):
        return None
    current = calendar.start_of(present.day, grain, present.fiscal_year_start)
    start = calendar.next_start(current, grain, offset)
    return replace(calendar.unit(start, grain, present.fiscal_year_start), label=label)


def _plural(grain: Grain) -> str:
    word = grain.value.replace("_", " ")
    return word.removesuffix("f") + "ves" if word.endswith("half") else f"{word}s"


def _sensible(count: int, grain: Grain) -> bool:
    return 1 <= count <= _MOST.get(grain, _MOST_OTHERS)
