"""Runs the hand-written SQL of `sql/<kpi>.sql` on a DuckDB connection: the second opinion on every KPI.

A statement yields (group, value). Its leading comment tells where things stand:

    -- by region: c.region            the group expression of a breakdown; fills {by}, which is 'all' for the total;
                                   what people call the group, or its id where no name is known; of a rep always
                                   the id, since two may share a name
    -- join region: LEFT JOIN ...     what else fills a placeholder ({join} here) for that breakdown, empty for the others;
                                   repeated lines follow each other
    -- spent_by region: t.region      a placeholder ending in `by`: like {by} ('all' for the total), for another table
    -- month: date_trunc(...)         the group expression of the KPI by local month (a date); `-- join month:` as above
    -- period: whole closed months    the KPI reads the ledger: its period is resolved by `closed_months` first

A breakdown that needs a statement of its own has it in `sql/<kpi>.<breakdown>.sql`, by month `sql/<kpi>.month.sql`,
which yields the months of [{start_day}, {end_day}).

Other placeholders, all of them literals. Moments are UTC without a zone, as the warehouse holds them:

    {start} {end}               the period's local midnights as moments; {start_day} {end_day} the same as dates
    {now} {today}               the clock: rows later than {now} are invisible; its local day
    {snapshot}                  the earlier of {end} and {now}
    {window_end}                the local midnight that ends the period, or tomorrow's when the clock is before it;
                                {window_end_day} its date
    {year_before_start}         12 months before {start}, and {year_before_start_day}
    {year_before_end}           12 months before {window_end}, and {year_before_end_day}
    {offset}                    the zone's distance from UTC: {now} + {offset} is local time. The zones here have no
                                summer time, so one distance holds for all moments

Statements end with GROUP BY ALL, which leaves the constant 'all' out of the groups: a total always has its row.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from analytics.vocabulary import Clock, Period

FOLDER = Path(__file__).parent / "sql"
LEDGER = "-- period: whole closed months"
_MARK = re.compile(r"-- (?:(\w+) )?(\w+): (.+)")

Value = int | float | Decimal | None


class HandWritten(NamedTuple):
    """One file: the statement, and what fills its placeholders for each breakdown."""

    text: str
    fills: dict[str, dict[str, str]]
    reads_ledger: bool


def kpis() -> tuple[str, ...]:
    """Every KPI that has a statement here."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.sql") if "." not in path.stem))


def breakdowns(kpi: str) -> tuple[str, ...]:
    """The breakdowns its statement answers, months aside."""
    own_files = [path.stem.split(".")[1] for path in sorted(FOLDER.glob(f"{kpi}.*.sql"))]
    return tuple(name for name in [*_read(kpi).fills, *own_files] if name != "month")


def has_months(kpi: str) -> bool:
    """Whether its statement answers by month."""
    return "month" in _read(kpi).fills or (FOLDER / f"{kpi}.month.sql").exists()


def statement(kpi: str, period: Period, clock: Clock, by: str | None = None) -> str:
    """The SQL as DuckDB runs it; `by` a breakdown, or `month`."""
    own_file = by is not None and (FOLDER / f"{kpi}.{by}.sql").exists()
    written = _read(f"{kpi}.{by}" if own_file else kpi)
    if written.reads_ledger:
        period = closed_months(period, clock)
    fills = _filled(written, None if own_file else by) | _literals(period, clock)
    return _fill(_fill(written.text, fills), fills)


def closed_months(period: Period, clock: Clock) -> Period:
    """The whole months a ledger KPI stands for: those in the period that have ended, else the last ended before its end.

    A month has ended when the clock's local day is past its last one.
    """
    ended = min(period.end, clock.today).replace(day=1)
    first = period.start if period.start.day == 1 else _months_later(period.start.replace(day=1), 1)
    if first >= ended:
        first = _months_later(ended, -1)
    return replace(period, start=first, end=ended)


@lru_cache(maxsize=256)
def _read(name: str) -> HandWritten:
    lines = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip().splitlines()
    comments = [line for line in lines if line.startswith("--")]
    text = "\n".join(line for line in lines if not line.startswith("--")).strip().removesuffix(";")
    fills: dict[str, dict[str, str]] = {}
    for placeholder, breakdown, filling in (mark.groups() for line in comments if (mark := _MARK.fullmatch(line))):
        if breakdown == "month" or placeholder == "by" or (placeholder and f"{{{placeholder}}}" in text):
            filled = fills.setdefault(breakdown, {})
            filled[placeholder or "by"] = "\n".join(filter(None, (filled.get(placeholder or "by"), filling)))
    return HandWritten(text, fills, LEDGER in comments)


def _filled(written: HandWritten, by: str | None) -> dict[str, str]:
    declared = {placeholder for filling in written.fills.values() for placeholder in filling} | {"by"}
    chosen = {} if by is None else written.fills[by]
    group = chosen.get("by", "'all'")
    return {name: chosen.get(name, group if name.endswith("by") else "") for name in declared}


def _fill(text: str, fills: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: fills[found[1]], text)


def _literals(period: Period, clock: Clock) -> dict[str, str]:
    zone = ZoneInfo(clock.timezone)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time.min, zone).astimezone(UTC)

    window_end = min(period.end, clock.today + timedelta(days=1))
    days = {
        "start": period.start,
        "end": period.end,
        "window_end": window_end,
        "year_before_start": _months_later(period.start, -12),
        "year_before_end": _months_later(window_end, -12),
    }
    moments = {name: midnight(day) for name, day in days.items()}
    moments |= {"now": clock.now, "snapshot": min(moments["end"], clock.now)}
    distance = clock.now.astimezone(zone).utcoffset() or timedelta()
    return {
        **{name: f"TIMESTAMP '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'" for name, moment in moments.items()},
        **{f"{name}_day": f"DATE '{day}'" for name, day in days.items()},
        "today": f"DATE '{clock.today}'",
        "offset": f"INTERVAL {distance // timedelta(minutes=1)} MINUTE",
    }


def _months_later(day: date, months: int) -> date:
    """The same day of another month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
