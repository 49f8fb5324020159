"""Figures of closed months that are not what they were when the month was closed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from analytics.insights.books.months import closed_months, exact
from analytics.semantic import Filter, SemanticQuery, Semantics
from analytics.semantic.yardsticks import Holder
from analytics.vocabulary import Figure, Grain, Period, Scope
from analytics.warehouse.tables import closed_figures

_COMPANY = Holder("company")


@dataclass(frozen=True)
class Restatement:
    """A figure as it was frozen at `closed_at` and as it is computed now, money exact to the hundredth.

    `change` is now - frozen; `rows_changed` how many warehouse rows came or went (None: not counted);
    `redefined`: the KPI's definition is another version than then.
    """

    kpi: str
    period: Period
    frozen: Figure
    now: Figure
    change: Decimal | float | None
    closed_at: datetime
    closed_by: str
    rows_changed: int | None
    redefined: bool
    holder: Holder = _COMPANY


def restatements(
    semantics: Semantics,
    kpis: Sequence[str],
    period: Period,
    *,
    holder: Holder = _COMPANY,
    figures: Sequence[Figure] = (),
) -> tuple[Restatement, ...]:
    """Which of these KPIs, of one closed calendar month and one holder, have changed since it was closed.

    `figures`, where the caller has them, are looked at first: what equals its frozen figure is not computed again, so
    that nothing but one look-up is done where nothing changed. What differs is computed as it was frozen, over all
    rows of the holder. Empty where the period is no closed month.
    """
    if period.grain is not Grain.MONTH or period.count != 1 or period.to_date:
        return ()
    frozen = _frozen(semantics, kpis, period.start, holder)
    known = {figure.name: figure for figure in figures if figure.period is None or _same_days(figure.period, period)}
    suspect = tuple(kpi for kpi, row in frozen.items() if kpi not in known or not _equal(_value(row), known[kpi].value))
    if not suspect:
        return ()
    whole = Semantics(semantics.model, semantics.reader, semantics.clock, Scope.everything(), semantics.company)
    only = () if holder.kind == "company" else (Filter(holder.kind, "in", (holder.key,)),)
    now = {figure.name: figure for figure in whole.run(SemanticQuery(suspect, period, filters=only)).figures}
    told = (_restated(semantics, frozen[kpi], now[kpi], period, holder) for kpi in suspect if kpi in now)
    return tuple(one for one in told if one is not None)


def _frozen(semantics: Semantics, kpis: Sequence[str], month: date, holder: Holder) -> dict[str, Any]:
    """The rows of the closing that holds; nothing where the month is open."""
    held = next((one for one in _closed(semantics) if one.month == month), None)
    if held is None:
        return {}
    wanted = select(
        closed_figures.c.kpi, closed_figures.c.value, closed_figures.c.amount, closed_figures.c.row_count,
        closed_figures.c.kpi_version, closed_figures.c.closed_at, closed_figures.c.closed_by,
    ).where(
        closed_figures.c.period_kind == "month", closed_figures.c.period_start == month,
        closed_figures.c.closing == held.closing, closed_figures.c.scope_kind == holder.kind,
        closed_figures.c.scope_id == holder.key, closed_figures.c.kpi.in_(sorted(kpis)),
    )  # fmt: skip
    return {row.kpi: row for row in semantics.reader.rows(wanted)}


def _closed(semantics: Semantics) -> Any:
    """The closed months, looked up anew only where the database cannot tell that nothing changed."""
    reader = semantics.reader
    state = reader.kept_state("closed_months")
    known, months = reader.remembered.get("closed_months", (None, ()))
    if state is None or state != known:
        months = closed_months(reader)
        reader.remembered["closed_months"] = (state, months)
    return months


def _restated(semantics: Semantics, row: Any, now: Figure, period: Period, holder: Holder) -> Restatement | None:
    was = _value(row)
    if _equal(was, now.value):
        return None
    kpi = semantics.model.kpi(row.kpi)
    then = Figure(row.kpi, was, kpi.unit, period, rows=row.row_count, decimals=kpi.decimals_read)
    change: Decimal | float | None = None
    if now.value is not None:
        change = exact(now.value) - was if isinstance(was, Decimal) else float(now.value) - float(was)
    rows = None if None in (row.row_count, now.rows) else int(now.rows or 0) - int(row.row_count)
    figure = Figure(
        now.name, now.value, now.unit, period, rows=now.rows, note=now.note, decimals=kpi.decimals_read,
        provenance=now.provenance,
    )  # fmt: skip
    redefined = row.kpi_version != kpi.version
    return Restatement(row.kpi, period, then, figure, change, row.closed_at, row.closed_by, rows, redefined, holder)


def _value(row: Any) -> Decimal | float:
    return row.amount if row.amount is not None else float(row.value)


def _equal(was: Decimal | float, now: Decimal | float | int | None) -> bool:
    """Money to the hundredth; other units but for what adding floats in another order leaves."""
    if now is None:
        return False
    if isinstance(was, Decimal):
        return was == exact(now)
    return math.isclose(was, float(now), rel_tol=1e-9, abs_tol=1e-12)


def _same_days(one: Period, other: Period) -> bool:
    return (one.start, one.end) == (other.start, other.end)
