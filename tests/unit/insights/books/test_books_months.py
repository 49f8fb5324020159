"""A closed month keeps its figures: what later loads change is told, exactly, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pandas as pd
import pytest
from selling_company import PLAIN, SALES, amount, fill
from sqlalchemy import select

from analytics.insights.books import (
    CannotClose,
    Holder,
    close_month,
    closed_months,
    closings_of,
    reopen_month,
    restatements,
)
from analytics.organisation import read_company
from analytics.semantic import SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import unit
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import closed_figures, orders

OpenWarehouse = Callable[[], Warehouse]
MODEL = read_model()
OCTOBER, NOVEMBER, SEPTEMBER = (date(2026, month, 1) for month in (10, 11, 9))
CLOCK = Clock.end_of(date(2026, 11, 23), "Asia/Shanghai")


def month(start: date) -> Period:
    return unit(start, Grain.MONTH)


@contextmanager
def everything(warehouse: Warehouse, clock: Clock = CLOCK) -> Iterator[Semantics]:
    with warehouse.reader() as reader:
        yield Semantics(MODEL, reader, clock, Scope.everything(), read_company(reader))


def with_october_closed(warehouse: Warehouse) -> Warehouse:
    fill(warehouse, PLAIN)
    with everything(warehouse) as semantics:
        close_month(warehouse, semantics, OCTOBER, "P9")
    return warehouse


@pytest.fixture
def closed(open_warehouse: OpenWarehouse) -> Warehouse:
    """October is closed, on each database."""
    return with_october_closed(open_warehouse())


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """October is closed, and no test changes anything."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('closed')}/warehouse.duckdb")
    yield with_october_closed(warehouse)
    warehouse.close()


def reload_with(warehouse: Warehouse, **changed: Decimal | None) -> None:
    """The next load: the October orders of these reps come to another amount, or (None) are gone."""
    with warehouse.reader() as reader:
        rows = [dict(row._mapping) for row in reader.rows(select(*orders.c))]
    kept = []
    for row in rows:
        rep = row["rep_id"]
        if row["order_id"] == f"O-{rep}-2026-10" and rep in changed:
            if changed[rep] is None:
                continue
            row["amount"] = changed[rep]
        kept.append({name: value for name, value in row.items() if name not in ("source", "source_id")})
    with warehouse.reader() as reader:
        others = {
            table.name: reader.frame(select(*table.c))
            for table in orders.metadata.tables.values()
            if table.name not in ("orders",)
        }
    with warehouse.load("erp", datetime(2026, 11, 24, 16, tzinfo=UTC)) as load:
        for name, frame in others.items():
            if len(frame):
                load.put(name, frame.drop(columns=["source", "source_id"]))
        load.put("orders", pd.DataFrame(kept))


def test_nothing_is_restated_while_nothing_changes(unchanged: Warehouse) -> None:
    with everything(unchanged) as semantics:
        assert restatements(semantics, tuple(MODEL.kpis), month(OCTOBER)) == ()


def test_a_later_load_restates_the_company_the_team_and_the_rep_it_touches(closed: Warehouse) -> None:
    was = Decimal(sum(amount(rep, "2026-10") for rep in SALES))
    reload_with(closed, R1=Decimal("41234.56"))
    with everything(closed) as semantics:
        october = month(OCTOBER)
        found = {
            (holder.kind, holder.key): restatements(semantics, ("revenue", "orders"), october, holder=holder)
            for holder in (
                Holder("company"),
                Holder("team", "T1"),
                Holder("rep", "R1"),
                Holder("team", "T2"),
                Holder("region", "West"),
            )
        }
    assert found["team", "T2"] == found["region", "West"] == ()
    (one,) = found["company", ""]
    assert (one.kpi, one.frozen.value, one.now.value) == ("revenue", was, was + Decimal("1234.56"))
    assert (one.change, one.rows_changed, one.closed_at, one.closed_by) == (Decimal("1234.56"), 0, CLOCK.now, "P9")
    for part in (("team", "T1"), ("rep", "R1")):
        (own,) = found[part]
        assert own.change == Decimal("1234.56")


def test_a_row_that_went_is_told_and_other_periods_are_never_restated(tmp_path: Path) -> None:
    closed = with_october_closed(Warehouse.open(f"sqlite:///{tmp_path}/warehouse.sqlite"))
    reload_with(closed, R4=None)
    with everything(closed) as semantics:
        found = {one.kpi: one for one in restatements(semantics, ("revenue", "orders", "win_rate"), month(OCTOBER))}
        for period in (month(SEPTEMBER), unit(OCTOBER, Grain.QUARTER), unit(date(2026, 10, 5), Grain.WEEK)):
            assert restatements(semantics, ("revenue",), period) == ()
    closed.close()
    assert set(found) == {"revenue", "orders"}
    assert found["revenue"].change == -Decimal(amount("R4", "2026-10"))
    assert (found["orders"].change, found["orders"].rows_changed) == (-1, -1)


def test_figures_at_hand_that_equal_what_was_frozen_cost_one_look(unchanged: Warehouse) -> None:
    with everything(unchanged) as semantics:
        october = month(OCTOBER)
        figures = semantics.run(SemanticQuery(tuple(MODEL.kpis), october)).figures
        best = 1.0
        for _ in range(5):
            started = perf_counter()
            assert restatements(semantics, tuple(MODEL.kpis), october, figures=figures) == ()
            best = min(best, perf_counter() - started)
    assert best < 0.03


def test_a_month_that_is_not_over_cannot_be_closed(unchanged: Warehouse) -> None:
    last_evening = Clock.end_of(date(2026, 10, 31), "Asia/Shanghai")
    for clock, start in ((CLOCK, NOVEMBER), (last_evening, OCTOBER)):
        with everything(unchanged, clock) as semantics, pytest.raises(CannotClose) as cannot:
            close_month(unchanged, semantics, start, "P9")
        assert cannot.value.reason == "not_over"


def test_a_month_is_closed_once_until_it_is_reopened_with_a_reason(closed: Warehouse) -> None:
    with everything(closed) as semantics, pytest.raises(CannotClose) as cannot:
        close_month(closed, semantics, OCTOBER, "P8")
    assert cannot.value.reason == "closed_already"
    for why, start, reason in (("  ", OCTOBER, "no_reason"), ("late orders", SEPTEMBER, "not_closed")):
        with pytest.raises(CannotClose) as cannot:
            reopen_month(closed, start, "P9", why, CLOCK.now)
        assert cannot.value.reason == reason
    reload_with(closed, R1=Decimal("41234.56"))
    reopen_month(closed, OCTOBER, "P9", "late orders", CLOCK.now)
    with everything(closed) as semantics:
        assert closed_months(semantics.reader) == ()
        assert restatements(semantics, ("revenue",), month(OCTOBER)) == ()
        close_month(closed, semantics, OCTOBER, "P8")
        assert restatements(semantics, ("revenue",), month(OCTOBER)) == ()
        second, first = closings_of(semantics.reader)
    assert (first.closing, first.reason, first.reopened_by) == (1, "late orders", "P9")
    assert (second.closing, second.closed_by, second.reopened_at) == (2, "P8", None)


def test_two_processes_close_a_month_once(open_warehouse: OpenWarehouse) -> None:
    first, second = open_warehouse(), open_warehouse()
    fill(first, PLAIN)
    with everything(first) as one, everything(second) as other:
        close_month(first, one, OCTOBER, "P9")
        with pytest.raises(CannotClose):
            close_month(second, other, OCTOBER, "P8")
        assert len(closed_months(other.reader)) == 1


def test_money_is_frozen_to_the_hundredth_and_nothing_half_known_is(unchanged: Warehouse) -> None:
    with unchanged.reader() as reader:
        rows = reader.rows(select(*closed_figures.c))
    money = {row.kpi: row.amount for row in rows if row.scope_kind == "company" and row.amount is not None}
    assert money["revenue"] == Decimal(sum(amount(rep, "2026-10") for rep in SALES))
    assert {row.scope_kind for row in rows} == {"company", "region", "team", "rep"}
    assert all((row.amount is None) != (row.value is None) for row in rows)
    young = {kpi.id for kpi in MODEL.kpis.values() if kpi.needs_maturity}
    assert not young & {row.kpi for row in rows}, "what is not old enough has no figure to freeze"


def test_only_those_who_see_everything_freeze_figures(unchanged: Warehouse) -> None:
    with unchanged.reader() as reader:
        own = Semantics(MODEL, reader, CLOCK, Scope.of("R1"), read_company(reader))
        with pytest.raises(ValueError, match="everything"):
            close_month(unchanged, own, SEPTEMBER, "P9")
