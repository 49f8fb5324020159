"""The company's calendar: the unit a day lies in, units to date and past units, and how a period falls into units.

Labels are canonical and the same in every language: 2026-11-23, 2026-W47, 2026-09, 2026-Q3, 2026-H1, 2026, FY2026,
FY2026-Q2, FY2026-H1; several units or free days are "first..last", both included (2026-07..2026-09). A fiscal year
is named by the calendar year it ends in: with a start in April, FY2026 is April 2025 to March 2026; with a start in
January it is the calendar year. Periods told from today carry English words instead: "this month", "last 12 weeks".

A `fiscal_year_start` is a month, 1 to 12; ValueError when it is not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from analytics.vocabulary import Grain, Period

_MONTHS = {
    Grain.MONTH: 1,
    Grain.QUARTER: 3,
    Grain.HALF: 6,
    Grain.YEAR: 12,
    Grain.FISCAL_QUARTER: 3,
    Grain.FISCAL_HALF: 6,
    Grain.FISCAL_YEAR: 12,
}
_FISCAL = {Grain.FISCAL_QUARTER, Grain.FISCAL_HALF, Grain.FISCAL_YEAR}
_COARSEST_FIRST = (
    Grain.YEAR,
    Grain.FISCAL_YEAR,
    Grain.HALF,
    Grain.FISCAL_HALF,
    Grain.QUARTER,
    Grain.FISCAL_QUARTER,
    Grain.MONTH,
    Grain.WEEK,
)
_ONE_DAY = timedelta(days=1)


def start_of(day: date, grain: Grain, fiscal_year_start: int = 1) -> date:
    """The first day of the unit `day` lies in."""
    if grain is Grain.DAY:
        return day
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    first = _first_month(grain, fiscal_year_start)
    return _month(_number(day) - (_number(day) - first) % _MONTHS[grain])


def next_start(start: date, grain: Grain, n: int = 1) -> date:
    """The start of the n-th unit after the one that starts on `start`; a negative `n` goes back.

    ValueError where no unit of that grain can start on that day.
    """
    if grain is Grain.DAY:
        return start + timedelta(days=n)
    if grain is Grain.WEEK:
        if start.weekday() != 0:
            raise ValueError(f"{start} does not start a week: it is no Monday")
        return start + timedelta(weeks=n)
    if start.day != 1:
        raise ValueError(f"{start} does not start a {_word(grain)}: it is no first of a month")
    return _month(_number(start) + n * _MONTHS[grain])


def label_of(day: date, grain: Grain, fiscal_year_start: int = 1) -> str:
    """The canonical label of the unit `day` lies in."""
    if grain is Grain.DAY:
        return day.isoformat()
    if grain is Grain.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if grain is Grain.MONTH:
        return f"{day:%Y-%m}"
    whole_year = Grain.FISCAL_YEAR if grain in _FISCAL else Grain.YEAR
    year_start = start_of(day, whole_year, fiscal_year_start)
    name = f"{next_start(year_start, whole_year) - _ONE_DAY:%Y}"
    if grain in _FISCAL:
        name = f"FY{name}"
    if grain is whole_year:
        return name
    place = (_number(day) - _number(year_start)) // _MONTHS[grain] + 1
    return f"{name}-{'Q' if _MONTHS[grain] == 3 else 'H'}{place}"


def unit(day: date, grain: Grain, fiscal_year_start: int = 1) -> Period:
    """The whole unit `day` lies in, also where part of it is still to come."""
    return units(start_of(day, grain, fiscal_year_start), grain, 1, fiscal_year_start)


def units(start: date, grain: Grain, count: int = 1, fiscal_year_start: int = 1) -> Period:
    """`count` whole units from the one that starts on `start`; ValueError for a count below one."""
    if count < 1:
        raise ValueError(f"a period is made of one unit or more, not {count}")
    label = label_of(start, grain, fiscal_year_start)
    if count > 1:
        label += f"..{label_of(next_start(start, grain, count - 1), grain, fiscal_year_start)}"
    return Period(start, next_start(start, grain, count), label, grain, count)


def days(start: date, end: date) -> Period:
    """The free days [start, end); a single one is the day itself."""
    if end - start == _ONE_DAY:
        return unit(start, Grain.DAY)
    return Period(start, end, f"{start}..{end - _ONE_DAY}")


def to_date(grain: Grain, today: date, fiscal_year_start: int = 1) -> Period:
    """The unit today lies in, up to and with today: "this month", "today".

    It says `to_date` on the unit's last day too, although it then holds the whole unit: today is still going on.
    """
    label = "today" if grain is Grain.DAY else f"this {_word(grain)}"
    return Period(start_of(today, grain, fiscal_year_start), today + _ONE_DAY, label, grain, to_date=True)


def last(count: int, grain: Grain, today: date, fiscal_year_start: int = 1) -> Period:
    """The last `count` whole units before the one today lies in: "last week", "last 30 days", "yesterday".

    ValueError for a count below one.
    """
    current = start_of(today, grain, fiscal_year_start)
    label = f"last {count} {_word(grain, plural=True)}"
    if count == 1:
        label = "yesterday" if grain is Grain.DAY else f"last {_word(grain)}"
    return replace(units(next_start(current, grain, -count), grain, count, fiscal_year_start), label=label)


def buckets(period: Period, grain: Grain, fiscal_year_start: int = 1) -> tuple[Period, ...]:
    """The units that cover the period, in order, the first and the last clipped to it.

    Each has its unit's label; a clipped one has no grain, so that it is never taken for a whole unit.
    """
    found = []
    start = start_of(period.start, grain, fiscal_year_start)
    while start < period.end:
        whole = units(start, grain, 1, fiscal_year_start)
        inside = whole.start >= period.start and whole.end <= period.end
        clipped = Period(max(whole.start, period.start), min(whole.end, period.end), whole.label)
        found.append(whole if inside else clipped)
        start = whole.end
    return tuple(found)


def shape(period: Period, fiscal_year_start: int = 1) -> Period:
    """The same days, told as whole units where free days happen to be some: 1 to 30 November is a month.

    The coarsest units that fit are taken, calendar before fiscal ones, several where it takes several (two years);
    a single day is a day. A period that has its grain, and days that are no whole units, come back as they are.
    """
    if period.grain is not None:
        return period
    single_day = period.end - period.start == _ONE_DAY
    for grain in (*_COARSEST_FIRST, Grain.DAY) if single_day else _COARSEST_FIRST:
        if all(bound == start_of(bound, grain, fiscal_year_start) for bound in (period.start, period.end)):
            count = len(buckets(period, grain, fiscal_year_start))
            told = units(period.start, grain, count, fiscal_year_start)
            return replace(told, label=period.label or told.label)
    return period


def closed_months(period: Period, today: date) -> Period:
    """The whole months inside the period that are over today: what a monthly ledger can answer for.

    A month is closed from the first of the next on. Where the period holds no closed month, the last one closed by
    the period's end (or by today, if that is earlier). A period of whole closed months comes back unchanged.
    """
    first = start_of(period.start, Grain.MONTH)
    if first < period.start:
        first = next_start(first, Grain.MONTH)
    end = start_of(min(period.end, today), Grain.MONTH)
    if end <= first:
        return units(next_start(end, Grain.MONTH, -1), Grain.MONTH)
    if (first, end) == (period.start, period.end):
        return period
    return units(first, Grain.MONTH, _number(end) - _number(first))


def _word(grain: Grain, plural: bool = False) -> str:
    word = grain.value.replace("_", " ")
    if not plural:
        return word
    return word.removesuffix("f") + "ves" if word.endswith("half") else f"{word}s"


def _first_month(grain: Grain, fiscal_year_start: int) -> int:
    if not 1 <= fiscal_year_start <= 12:
        raise ValueError(f"a fiscal year starts in a month from 1 to 12, not {fiscal_year_start}")
    return fiscal_year_start - 1 if grain in _FISCAL else 0


def _number(day: date) -> int:
    """Months counted through, so that they can be added."""
    return day.year * 12 + day.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
