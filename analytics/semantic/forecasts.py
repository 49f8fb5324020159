"""Stored forecasts held against what came: the parts of a weighted absolute percentage error (WAPE)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, String, bindparam, select

from analytics.semantic.bounds import midnight
from analytics.semantic.calendar import unit
from analytics.semantic.definition import Forecast
from analytics.semantic.formula import Number
from analytics.semantic.statements import Statements
from analytics.semantic.values import Aggregated
from analytics.vocabulary import Clock, Grain, Period
from analytics.warehouse.tables import forecasts

# Built once: a statement's identity is what its text is remembered by.
_ISSUED = (
    select(forecasts.c.period_start, forecasts.c.issued_at, forecasts.c.value)
    .where(
        forecasts.c.kpi == bindparam("kpi", type_=String()),
        forecasts.c.period_start >= bindparam("from_day", type_=Date()),
        forecasts.c.period_start < bindparam("to_day", type_=Date()),
        forecasts.c.value.is_not(None),
    )
    .order_by(forecasts.c.period_start, forecasts.c.issued_at)
)


def forecast_parts(
    given: Forecast, period: Period, clock: Clock, statements: Statements, actual: Callable[[Period], Number | None]
) -> Aggregated:
    """Sum over the months that start in `period` and are over: |actual - forecast|, or |actual|.

    Of a month's forecasts the latest one issued before the month began counts. Months without an actual are left
    out of both sums.
    """
    issued: dict[date, float] = {}
    values = {"kpi": given.kpi, "from_day": period.start, "to_day": period.end}
    for row in statements.rows(_ISSUED, values):
        if row.issued_at < midnight(row.period_start, clock.timezone):
            issued[row.period_start] = row.value
    total, months = Decimal(0), 0
    for start, forecast in issued.items():
        month = unit(start, Grain.MONTH)
        came = actual(month) if month.start == start and month.end <= clock.today else None
        if came is None:
            continue
        exact = Decimal(str(came))
        total += abs(exact - Decimal(str(forecast))) if given.part == "error" else abs(exact)
        months += 1
    return Aggregated(total, months) if months else Aggregated()
