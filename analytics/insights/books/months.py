"""Closing a month: the figures of every KPI are frozen, for the company and each region, team and rep.

A closed month stays closed until somebody reopens it and says why; the record of every closing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from analytics.semantic import SemanticQuery, Semantics
from analytics.semantic.calendar import unit
from analytics.vocabulary import Figure, Grain, Period, Unit
from analytics.warehouse import Reader, Warehouse
from analytics.warehouse.tables import closed_figures
from analytics.warehouse.tables import closed_months as closings

PARTS = ("region", "team", "rep")
"""The parts of the organisation whose figures are frozen beside the company's."""
_MAY_STILL_CHANGE = ("still_running", "not_mature", "needs_tables")


class CannotClose(ValueError):
    """A month that cannot be closed or reopened.

    `reason`: not_over, closed_already, not_closed, no_reason (a reopening without a word why) or nothing_to_close.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ClosedMonth:
    """One closing of a month, and its reopening where there was one. `closing` counts them from 1.

    `figures`: how many were frozen; told by `close_month` only.
    """

    month: date
    closing: int
    closed_at: datetime
    closed_by: str
    data_version: int
    reopened_at: datetime | None = None
    reopened_by: str | None = None
    reason: str | None = None
    figures: int = 0


def closings_of(reader: Reader) -> tuple[ClosedMonth, ...]:
    """Every closing ever, the latest month first, its last closing first."""
    wanted = select(
        closings.c.month, closings.c.closing, closings.c.closed_at, closings.c.closed_by, closings.c.data_version,
        closings.c.reopened_at, closings.c.reopened_by, closings.c.reason,
    )  # fmt: skip
    rows = reader.rows(wanted.order_by(closings.c.month.desc(), closings.c.closing.desc()))
    return tuple(ClosedMonth(*tuple(row)) for row in rows)


def closed_months(reader: Reader) -> tuple[ClosedMonth, ...]:
    """The months that are closed now, the latest first."""
    return tuple(one for one in closings_of(reader) if one.reopened_at is None)


def close_month(warehouse: Warehouse, semantics: Semantics, month: date, by: str) -> ClosedMonth:
    """Freeze the figures of the calendar month that starts on `month`.

    `semantics` has to see everything: the frozen figures are those of whole parts. Raises CannotClose for a month
    that is not over, is closed already, or has no figure. The month and its figures are written together.
    """
    if semantics.scope.reps is not None:
        raise ValueError("figures are frozen for everybody: the scope has to be everything")
    period = unit(month, Grain.MONTH, semantics.company.fiscal_year_start)
    if period.start != month or period.end > semantics.clock.today:
        raise CannotClose("not_over")
    if any(one.month == month for one in closed_months(semantics.reader)):
        raise CannotClose("closed_already")
    frozen = list(_rows(semantics, period))
    if not frozen:
        raise CannotClose("nothing_to_close")
    now = semantics.clock.now
    try:
        with warehouse.kept() as connection:
            found = connection.execute(select(closings).where(closings.c.month == month)).all()
            if any(row.reopened_at is None for row in found):
                raise CannotClose("closed_already")
            made = ClosedMonth(month, len(found) + 1, now, by, semantics.reader.version, figures=len(frozen))
            same = {"closing": made.closing, "closed_at": now, "closed_by": by, "source": "closing"}
            connection.execute(insert(closings).values(month=month, data_version=made.data_version, **same))
            connection.execute(insert(closed_figures), [{**row, **same} for row in frozen])
    except IntegrityError as other:  # another process closed it a moment ago
        raise CannotClose("closed_already") from other
    return made


def reopen_month(warehouse: Warehouse, month: date, by: str, why: str, now: datetime) -> None:
    """Open a closed month again, with the reason on record. Its frozen figures stay, but hold no more."""
    if not why.strip():
        raise CannotClose("no_reason")
    still = (closings.c.month == month) & closings.c.reopened_at.is_(None)
    values = {"reopened_at": now, "reopened_by": by, "reason": why.strip()}
    with warehouse.kept() as connection:
        if not connection.execute(update(closings).where(still).values(**values)).rowcount:
            raise CannotClose("not_closed")


# --- the figures of a month


def figures_of(semantics: Semantics, period: Period, part: str | None, kpis: Iterable[str]) -> Iterator[Figure]:
    """The figures of the company (`part` None) or of each region, team or rep; of KPIs that have them only."""
    able = tuple(kpi for kpi in kpis if part is None or part in semantics.model.kpi(kpi).dimensions)
    if able:
        yield from semantics.run(SemanticQuery(able, period, dimensions=(part,) if part else ())).figures


def _rows(semantics: Semantics, period: Period) -> Iterator[dict[str, Any]]:
    """One row a figure; figures that are not final are left out, as are those of rows that belong to nobody."""
    for part in (None, *PARTS):
        for figure in figures_of(semantics, period, part, semantics.model.kpis):
            key = figure.keys.get(part) if part else ""
            if key is None or figure.value is None or figure.note in _MAY_STILL_CHANGE:
                continue
            if figure.period is not None and (figure.period.start, figure.period.end) != (period.start, period.end):
                continue
            money = figure.unit is Unit.MONEY
            yield {
                "kpi": figure.name, "scope_kind": part or "company", "scope_id": key, "period_kind": "month",
                "period_start": period.start, "kpi_version": semantics.model.kpi(figure.name).version,
                "row_count": figure.rows, "value": None if money else float(figure.value),
                "amount": exact(figure.value) if money else None,
            }  # fmt: skip


def exact(value: Decimal | float) -> Decimal:
    """An amount of money as it is kept, in hundredths."""
    return Decimal(str(value)).quantize(Decimal("0.01"))
