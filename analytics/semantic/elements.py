"""The few SQL pieces that each database spells in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Double, case, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from analytics.vocabulary import Grain
from analytics.warehouse.types import UtcDateTime

Offsets = tuple[tuple[datetime | None, int], ...]

# How many months a bucket holds; the fiscal ones are shifted by the month the fiscal year starts in.
_MONTHS = {
    Grain.MONTH: 1,
    Grain.QUARTER: 3,
    Grain.HALF: 6,
    Grain.YEAR: 12,
    Grain.FISCAL_QUARTER: 3,
    Grain.FISCAL_HALF: 6,
    Grain.FISCAL_YEAR: 12,
}
_FISCAL = (Grain.FISCAL_QUARTER, Grain.FISCAL_HALF, Grain.FISCAL_YEAR)


@lru_cache(maxsize=512)
def offsets_between(start: date, end: date, timezone: str) -> Offsets:
    """The zone's offsets from UTC in seconds over [start, end): (None, first), then (UTC moment, from then on)."""
    zone = ZoneInfo(timezone)
    moment = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=2)
    last = datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=2)
    found: list[tuple[datetime | None, int]] = [(None, _offset(moment, zone))]
    while moment < last:
        following = moment + timedelta(days=7)
        if _offset(following, zone) != found[-1][1]:
            changed = _change(moment, following, zone)
            found.append((changed, _offset(changed, zone)))
        moment = following
    return tuple(found)


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    shift = moment.astimezone(zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The minute at which the offset changes between two moments."""
    old = _offset(before, zone)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle in (before, after):
            break
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


class _Shifted(FunctionElement[datetime]):
    """A moment moved by a literal number of seconds."""

    type = UtcDateTime()
    inherit_cache = True


class _Bucket(FunctionElement[date]):
    """The first day of the bucket of a local moment or a date: (value, 'day', 'week' or 'month', months, shift)."""

    type = Date()
    inherit_cache = True


class SecondsBetween(FunctionElement[float]):
    """Seconds from the first moment to the second, with fractions."""

    type = Double()
    inherit_cache = True


class Follows(FunctionElement[bool]):
    """Whether the second moment is less than a literal number of seconds after the first, and not before it."""

    type = Boolean()
    inherit_cache = True


def local(moment: ColumnElement[Any], offsets: Offsets) -> ColumnElement[Any]:
    """A UTC moment as the local one, exact over every change of the clocks in between."""
    shifted: ColumnElement[Any] = _Shifted(moment, literal_column(str(offsets[0][1])))
    if len(offsets) == 1:
        return shifted
    whens = [
        (moment >= since, _Shifted(moment, literal_column(str(seconds))))
        for since, seconds in reversed(offsets)
        if since is not None
    ]
    return case(*whens, else_=shifted)


def local_day(moment: ColumnElement[Any], offsets: Offsets) -> ColumnElement[Any]:
    """The local day of a UTC moment."""
    return _Bucket(local(moment, offsets), *_literals("'day'", "1", "0"))


def bucket_start(value: ColumnElement[Any], grain: Grain, fiscal_year_start: int = 1) -> ColumnElement[Any]:
    """The first day of the unit of the calendar in which a local moment or a date lies."""
    if grain in (Grain.DAY, Grain.WEEK):
        return _Bucket(value, *_literals(f"'{grain}'", "1", "0"))
    shift = (fiscal_year_start - 1) if grain in _FISCAL else 0
    return _Bucket(value, *_literals("'month'", str(_MONTHS[grain]), str(shift)))


def follows(earlier: ColumnElement[Any], later: ColumnElement[Any], days: int) -> ColumnElement[bool]:
    """0 <= later - earlier < days of 24 hours."""
    return Follows(earlier, later, literal_column(str(days * 86_400)))


def _literals(*texts: str) -> Sequence[ColumnElement[Any]]:
    return [literal_column(text) for text in texts]


def _parts(element: FunctionElement[Any], compiler: Any, **how: Any) -> list[str]:
    return [compiler.process(clause, **how) for clause in element.clauses]


@compiles(_Shifted)
def _shifted(element: _Shifted, compiler: Any, **how: Any) -> str:
    moment, seconds = _parts(element, compiler, **how)
    return moment if seconds == "0" else f"({moment} + INTERVAL '{seconds} seconds')"


@compiles(_Shifted, "sqlite")
def _shifted_sqlite(element: _Shifted, compiler: Any, **how: Any) -> str:
    # Whole seconds only: SQLite rounds the last microsecond of a day up into the next one.
    moment, seconds = _parts(element, compiler, **how)
    return f"datetime(substr({moment}, 1, 19), '{int(seconds):+d} seconds')"


@compiles(_Bucket)
def _bucket(element: _Bucket, compiler: Any, **how: Any) -> str:
    value, unit, months, shift = _parts(element, compiler, **how)
    if unit == "'day'":
        return f"CAST({value} AS DATE)"
    start = f"date_trunc({unit}, CAST({value} AS TIMESTAMP))"
    if months == "1":
        return f"CAST({start} AS DATE)"
    if months == "3" and shift in ("0", "3", "6", "9"):
        return f"CAST(date_trunc('quarter', CAST({value} AS TIMESTAMP)) AS DATE)"
    if months == "12" and shift == "0":
        return f"CAST(date_trunc('year', CAST({value} AS TIMESTAMP)) AS DATE)"
    into = f"mod(CAST(EXTRACT(month FROM {value}) AS INTEGER) + 23 - {shift}, {months})"
    return f"CAST(({start} - {into} * INTERVAL '1 month') AS DATE)"


@compiles(_Bucket, "sqlite")
def _bucket_sqlite(element: _Bucket, compiler: Any, **how: Any) -> str:
    value, unit, months, shift = _parts(element, compiler, **how)
    if unit == "'day'":
        return f"date({value})"
    if unit == "'week'":
        return f"date({value}, '-6 days', 'weekday 1')"
    if months == "1":
        return f"date({value}, 'start of month')"
    into = f"((CAST(strftime('%m', {value}) AS INTEGER) + 23 - {shift}) % {months})"
    return f"date({value}, 'start of month', '-' || {into} || ' months')"


@compiles(SecondsBetween)
def _seconds(element: SecondsBetween, compiler: Any, **how: Any) -> str:
    earlier, later = _parts(element, compiler, **how)
    return f"CAST(EXTRACT(EPOCH FROM ({later} - {earlier})) AS DOUBLE PRECISION)"


@compiles(SecondsBetween, "sqlite")
def _seconds_sqlite(element: SecondsBetween, compiler: Any, **how: Any) -> str:
    earlier, later = _parts(element, compiler, **how)

    def whole(moment: str) -> str:
        return f"strftime('%s', substr({moment}, 1, 19))"

    def fraction(moment: str) -> str:
        return f"CAST('0' || substr({moment}, 20) AS REAL)"

    return f"(({whole(later)} - {whole(earlier)}) + ({fraction(later)} - {fraction(earlier)}))"


@compiles(Follows)
def _follows(element: Follows, compiler: Any, **how: Any) -> str:
    earlier, later, seconds = _parts(element, compiler, **how)
    return f"({later} >= {earlier} AND {later} < {earlier} + INTERVAL '{seconds} seconds')"


@compiles(Follows, "sqlite")
def _follows_sqlite(element: Follows, compiler: Any, **how: Any) -> str:
    earlier, later, seconds = _parts(element, compiler, **how)
    between = compiler.process(SecondsBetween(*list(element.clauses)[:2]), **how)
    return f"({later} >= {earlier} AND {between} < {seconds})"
