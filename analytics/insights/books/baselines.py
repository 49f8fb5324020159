"""Baselines with their record: set or taken anew from the data, appended, never overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from analytics.semantic import Filter, SemanticQuery, Semantics
from analytics.semantic.calendar import unit
from analytics.semantic.yardsticks import Baseline, Holder
from analytics.vocabulary import Grain, Period
from analytics.warehouse import Reader, Warehouse
from analytics.warehouse.tables import baselines


class CannotRecord(ValueError):
    """A baseline that cannot be recorded.

    `reason`: no_note, no_unit (its period is no single unit of the calendar), not_over, no_value, or recorded_already
    (another one of this very moment).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def baselines_of(reader: Reader, kpi: str | None = None, fiscal_year_start: int = 1) -> tuple[Baseline, ...]:
    """Every baseline ever recorded, of one KPI or of all; by KPI and holder, what was recorded last first."""
    found = select(*baselines.c).order_by(
        baselines.c.kpi, baselines.c.scope_kind, baselines.c.scope_id, baselines.c.recorded_at.desc()
    )
    rows = reader.rows(found if kpi is None else found.where(baselines.c.kpi == kpi))
    kinds = set(Grain)
    return tuple(
        Baseline(
            row.kpi, Holder(row.scope_kind, "" if row.scope_kind == "company" else row.scope_id),
            unit(row.period_start, Grain(row.period_kind), fiscal_year_start), float(row.value), row.recorded_at,
            row.note, row.recorded_by,
        )
        for row in rows
        if row.period_kind in kinds and row.value is not None
    )  # fmt: skip


def record(warehouse: Warehouse, baseline: Baseline) -> Baseline:
    """Keep a baseline beside those before it. Raises CannotRecord; the note says why it is recorded."""
    if not (baseline.note or "").strip():
        raise CannotRecord("no_note")
    grain = baseline.period.grain
    if grain is None or baseline.period.count != 1 or baseline.period.to_date:
        raise CannotRecord("no_unit")
    row = {
        "kpi": baseline.kpi, "scope_kind": baseline.holder.kind, "scope_id": baseline.holder.key,
        "period_kind": str(grain), "period_start": baseline.period.start, "value": baseline.value,
        "recorded_at": baseline.recorded_at, "note": baseline.note, "recorded_by": baseline.recorded_by,
        "source": "recorded",
    }  # fmt: skip
    try:
        with warehouse.kept() as connection:
            connection.execute(insert(baselines).values(**row))
    except IntegrityError as twice:
        raise CannotRecord("recorded_already") from twice
    return baseline


def recalibrate(
    warehouse: Warehouse,
    semantics: Semantics,
    kpi: str,
    period: Period,
    *,
    holder: Holder = Holder("company"),  # noqa: B008 (frozen)
    note: str,
    by: str,
    now: datetime | None = None,
) -> Baseline:
    """Take the value of a period that is over as the new baseline. `semantics` has to see everything.

    Raises CannotRecord, and QueryError for a KPI that does not know such a holder.
    """
    if semantics.scope.reps is not None:
        raise ValueError("a baseline is taken from everybody's rows: the scope has to be everything")
    if period.end > semantics.clock.today:
        raise CannotRecord("not_over")
    only = () if holder.kind == "company" else (Filter(holder.kind, "in", (holder.key,)),)
    figure = semantics.run(SemanticQuery((kpi,), period, filters=only)).figures[0]
    if figure.value is None:
        raise CannotRecord("no_value")
    taken = Baseline(kpi, holder, period, float(figure.value), now or semantics.clock.now, note, by)
    return record(warehouse, taken)
