"""Which days a summary shows a KPI for, and which it holds them against.

A KPI is shown for the summary's own days where it exists for them. Where it does not (a monthly ledger in a week, a
churn rate that needs four weeks, a cohort that has not ripened, a level that depends on the length of its period), it
is shown for the last whole unit of its rhythm that is known, which is then named beside it.
"""

from __future__ import annotations

from datetime import date, timedelta

from analytics.semantic.calendar import closed_months, next_start, start_of, unit
from analytics.semantic.definition import Kpi
from analytics.vocabulary import Grain, Period

_ONE_DAY = timedelta(days=1)
_LENGTHS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30, Grain.QUARTER: 91, Grain.HALF: 182, Grain.YEAR: 365}
_EARLIER = {Grain.DAY: 13, Grain.WEEK: 12, Grain.MONTH: 12, Grain.QUARTER: 7, Grain.YEAR: 2}
"""How many units before its own a summary looks back on."""


def period_of(kpi: Kpi, period: Period, today: date, fiscal_year_start: int = 1) -> Period:
    """The days a KPI is shown for in a summary of `period`."""
    if kpi.prorate == "never":
        return closed_months(period, today)
    if _exists_for(kpi, period, today):
        return period
    grain = max(Grain(kpi.rhythm), kpi.grains, _grain_of(period), key=_length_of)
    last = unit(next_start(start_of(min(period.end, today), grain, fiscal_year_start), grain, -1), grain)
    while not _is_ripe(kpi, last, today):
        last = unit(next_start(last.start, grain, -1), grain, fiscal_year_start)
    return last


def units_before(period: Period, fiscal_year_start: int = 1) -> tuple[Period, ...]:
    """The units before one whole unit, the oldest first; none before free days and units that still run."""
    if period.grain not in _EARLIER or period.count != 1 or period.to_date:
        return ()
    starts = (next_start(period.start, period.grain, -n) for n in range(_EARLIER[period.grain], 0, -1))
    return tuple(unit(start, period.grain, fiscal_year_start) for start in starts)


def _exists_for(kpi: Kpi, period: Period, today: date) -> bool:
    days = (min(period.end, today + _ONE_DAY) - period.start).days
    if kpi.shortest is not None and days < kpi.shortest.days:
        return False
    if days < _length_of(kpi.grains) * 0.9:
        return False
    if kpi.depends_on_length and _length_of(Grain(kpi.rhythm)) > _length_of(_grain_of(period)):
        return False
    return _is_ripe(kpi, period, today)


def _is_ripe(kpi: Kpi, period: Period, today: date) -> bool:
    return kpi.needs_maturity is None or (today - period.end).days >= kpi.needs_maturity.days


def _grain_of(period: Period) -> Grain:
    """The unit that a period is about as long as."""
    days = (period.end - period.start).days
    return max((grain for grain in _EARLIER if _LENGTHS[grain] * 0.9 <= days), key=_length_of, default=Grain.DAY)


def _length_of(grain: Grain) -> int:
    return _LENGTHS.get(grain, _LENGTHS[Grain.YEAR])
