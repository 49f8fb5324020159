"""Targets and baselines: which one a figure is measured against, and where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import insert

from analytics.organisation import read_company
from analytics.semantic import Comparison, Filter, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import days, unit, units
from analytics.vocabulary import Clock, Figure, Grain, Period, Scope
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import KEPT

CLOCK = Clock.end_of(date(2026, 11, 23), "Asia/Shanghai")
MODEL = read_model()
EVERYBODY = Scope.everything()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Anna and 张伟 in team T1, Dan in T2; an order, a won and a lost deal each, every month of 2025 and 2026."""
    found = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('yardsticks')}/warehouse.duckdb")
    reps = {"R1": ("T1", "C1", 100), "R2": ("T1", "C2", 20), "R3": ("T2", "C3", 3)}
    orders, deals = [], []
    months = [date(2025 + n // 12, n % 12 + 1, 5) for n in range(23)]
    for rep, (_, customer, amount) in reps.items():
        for n, day in enumerate(months):
            at = datetime(day.year, day.month, 5, 2, tzinfo=UTC)
            orders.append({"order_id": f"{rep}-{n}", "line_no": 1, "rep_id": rep, "customer_id": customer, "ordered_at": at,
                           "amount": amount * (n + 1)})  # fmt: skip
            deals += [{"opportunity_id": f"{rep}-{n}-{outcome}", "owner_rep_id": rep, "customer_id": customer, "closed_at": at,
                       "created_at": at, "outcome": outcome, "amount": 1} for outcome in ("won", "lost")]  # fmt: skip
    with found.load("crm", datetime(2026, 11, 22, tzinfo=UTC)) as load:
        load.put("company", pd.DataFrame([{"name": "Lark", "currency": "CNY", "timezone": "Asia/Shanghai"}]))
        load.put(
            "teams", pd.DataFrame({"team_id": ["T1", "T2"], "name": ["East 1", "West 1"], "region": ["East", "West"]})
        )
        load.put(
            "reps", pd.DataFrame({"rep_id": [*reps], "name": [*reps], "team_id": [team for team, *_ in reps.values()]})
        )
        load.put(
            "rep_teams",
            pd.DataFrame(
                {"rep_id": [*reps], "team_id": [team for team, *_ in reps.values()], "from_on": date(2024, 1, 1)}
            ),
        )
        load.put(
            "customers",
            pd.DataFrame(
                {
                    "customer_id": ["C1", "C2", "C3"],
                    "region": ["East", "East", "West"],
                    "industry": ["Auto", "Pharma", "Auto"],
                }
            ),
        )
        load.put("orders", pd.DataFrame(orders))
        load.put("opportunities", pd.DataFrame(deals))
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _nothing_planned(warehouse: Warehouse) -> None:
    with warehouse.kept() as connection:
        for name in ("targets", "baselines"):
            connection.execute(KEPT.tables[f"kept.{name}"].delete())


def keep(warehouse: Warehouse, table: str, row: dict[str, Any]) -> None:
    with warehouse.kept() as connection:
        connection.execute(insert(KEPT.tables[f"kept.{table}"]).values(source="plan", **row))


def plan(
    warehouse: Warehouse,
    value: float | None,
    start: str,
    kind: str = "month",
    kpi: str = "revenue",
    scope: str = "company",
    key: str = "",
    **more: Any,
) -> None:
    """Write one target."""
    keep(warehouse, "targets", {
        "kpi": kpi, "scope_kind": scope, "scope_id": key, "period_kind": kind, "period_start": date.fromisoformat(start),
        "value": value, "basis": "absolute", **more,
    })  # fmt: skip


def remember(
    warehouse: Warehouse,
    value: float,
    start: str,
    recorded: str,
    kind: str = "month",
    kpi: str = "revenue",
    scope: str = "company",
    key: str = "",
) -> None:
    """Write one baseline."""
    keep(warehouse, "baselines", {
        "kpi": kpi, "scope_kind": scope, "scope_id": key, "period_kind": kind, "period_start": date.fromisoformat(start),
        "value": value, "recorded_at": datetime.fromisoformat(recorded).replace(tzinfo=UTC), "note": "",
    })  # fmt: skip


def figures(
    warehouse: Warehouse,
    period: Period,
    kpi: str = "revenue",
    scope: Scope = EVERYBODY,
    clock: Clock = CLOCK,
    **more: Any,
) -> tuple[Figure, ...]:
    with warehouse.reader() as reader:
        semantics = Semantics(MODEL, reader, clock, scope, read_company(reader))
        return semantics.run(SemanticQuery((kpi,), period, **more)).figures


def target(warehouse: Warehouse, period: Period, kpi: str = "revenue", **more: Any) -> float | None:
    """The target of the one figure there is."""
    (figure,) = figures(warehouse, period, kpi, **more)
    return None if figure.target is None else float(figure.target)


def baseline(warehouse: Warehouse, period: Period, **more: Any) -> float | None:
    (figure,) = figures(warehouse, period, comparison=Comparison("baseline"), **more)
    assert figure.compared is not None
    return None if figure.compared.value is None else float(figure.compared.value)


def month(start: str, kind: Grain = Grain.MONTH) -> Period:
    return unit(date.fromisoformat(start), kind)


OCTOBER = month("2026-10-01")


# --- which period


def test_a_month_is_measured_against_that_month_s_target(warehouse: Warehouse) -> None:
    plan(warehouse, 3000, "2026-10-01")
    plan(warehouse, 4000, "2026-09-01")
    assert target(warehouse, OCTOBER) == 3000
    assert target(warehouse, month("2026-09-01")) == 4000
    assert target(warehouse, month("2026-08-01")) is None


def test_a_sum_is_never_measured_against_a_longer_or_shorter_period_s_target(warehouse: Warehouse) -> None:
    plan(warehouse, 40_000, "2026-01-01", "year")
    plan(warehouse, 9000, "2026-10-01", "quarter")
    assert target(warehouse, OCTOBER) is None
    assert target(warehouse, month("2026-10-12", Grain.WEEK)) is None
    plan(warehouse, 3000, "2026-07-01", "month")
    assert target(warehouse, month("2026-07-01", Grain.QUARTER)) is None


def test_several_months_together_have_no_target_of_their_first(warehouse: Warehouse) -> None:
    plan(warehouse, 3000, "2026-08-01")
    assert target(warehouse, units(date(2026, 8, 1), Grain.MONTH, 3)) is None


def test_days_picked_freely_have_the_target_of_the_month_they_make_up(warehouse: Warehouse) -> None:
    plan(warehouse, 3000, "2026-10-01")
    assert target(warehouse, days(date(2026, 10, 1), date(2026, 11, 1))) == 3000
    assert target(warehouse, days(date(2026, 10, 1), date(2026, 10, 31))) is None


def test_a_rate_is_measured_against_the_target_of_a_longer_period_around_it(warehouse: Warehouse) -> None:
    plan(warehouse, 0.4, "2026-01-01", "year", kpi="win_rate")
    assert target(warehouse, OCTOBER, "win_rate") == 0.4
    assert target(warehouse, month("2026-10-12", Grain.WEEK), "win_rate") == 0.4
    assert target(warehouse, month("2025-10-01"), "win_rate") is None
    assert target(warehouse, units(date(2025, 12, 1), Grain.MONTH, 2), "win_rate") is None  # half of it lies outside


def test_the_nearest_longer_period_s_target_counts_and_its_own_before_all(warehouse: Warehouse) -> None:
    plan(warehouse, 0.4, "2026-01-01", "year", kpi="win_rate")
    plan(warehouse, 0.5, "2026-10-01", "quarter", kpi="win_rate")
    assert target(warehouse, OCTOBER, "win_rate") == 0.5
    plan(warehouse, 0.6, "2026-10-01", "month", kpi="win_rate")
    assert target(warehouse, OCTOBER, "win_rate") == 0.6


def test_what_depends_on_the_length_of_a_period_takes_no_longer_one_s_target(warehouse: Warehouse) -> None:
    assert MODEL.kpis["revenue_per_customer"].depends_on_length
    plan(warehouse, 9000, "2026-01-01", "year", kpi="revenue_per_customer")
    assert target(warehouse, OCTOBER, "revenue_per_customer") is None
    assert target(warehouse, month("2026-01-01", Grain.YEAR), "revenue_per_customer") == 9000


def test_each_month_of_a_trend_has_its_own_target(warehouse: Warehouse) -> None:
    plan(warehouse, 3000, "2026-09-01")
    plan(warehouse, 4000, "2026-10-01")
    found = figures(warehouse, units(date(2026, 8, 1), Grain.MONTH, 3), grain=Grain.MONTH)
    assert [figure.target for figure in found] == [None, 3000, 4000]


@pytest.mark.parametrize(
    "odd", [{"period_kind": "decade"}, {"value": None}, {"kpi": "orders"}, {"scope_kind": "galaxy"}]
)
def test_a_target_that_is_none_is_passed_over(warehouse: Warehouse, odd: dict[str, Any]) -> None:
    row = {
        "kpi": "revenue",
        "scope_kind": "company",
        "scope_id": "",
        "period_kind": "month",
        "period_start": date(2026, 10, 1),
        "value": 3.0,
    }
    keep(warehouse, "targets", {**row, **odd})
    assert target(warehouse, OCTOBER) is None


# --- whose


def test_teams_regions_and_reps_are_measured_against_their_own_targets(warehouse: Warehouse) -> None:
    plan(warehouse, 9000, "2026-10-01")
    for scope, key, value in (("team", "T1", 2000), ("region", "East", 2100), ("rep", "R1", 1500)):
        plan(warehouse, value, "2026-10-01", scope=scope, key=key)
    for dimension, expected in (
        ("team", {"T1": 2000, "T2": None}),
        ("region", {"East": 2100, "West": None}),
        ("rep", {"R1": 1500, "R2": None, "R3": None}),
    ):
        found = figures(warehouse, OCTOBER, dimensions=(dimension,))
        assert {figure.keys[dimension]: figure.target for figure in found} == expected
    assert target(warehouse, OCTOBER, filters=(Filter("team", "in", ("T1",)),)) == 2000
    assert target(warehouse, OCTOBER, filters=(Filter("region", "in", ("East",)),)) == 2100
    assert target(warehouse, OCTOBER, scope=Scope.of("R1")) == 1500
    assert target(warehouse, OCTOBER, scope=Scope(frozenset({"R1", "R2"}), frozenset({"T1"}))) == 2000
    assert target(warehouse, OCTOBER) == 9000


def test_where_a_figure_is_narrowed_otherwise_there_is_no_target(warehouse: Warehouse) -> None:
    plan(warehouse, 9000, "2026-10-01")
    plan(warehouse, 2000, "2026-10-01", scope="team", key="T1")
    plan(warehouse, 1500, "2026-10-01", scope="rep", key="R1")
    east = Filter("region", "in", ("East",))
    for filters in (
        (Filter("industry", "in", ("Auto",)),), (Filter("team", "not_in", ("T2",)),), (Filter("team", "in", ("T1", "T2")),),
        (Filter("team", "in", ("T1",)), east), (Filter("rep", "contains", ("R1",)),),
    ):  # fmt: skip
        assert target(warehouse, OCTOBER, filters=filters) is None
    assert {figure.target for figure in figures(warehouse, OCTOBER, dimensions=("industry",))} == {None}
    assert {figure.target for figure in figures(warehouse, OCTOBER, dimensions=("team", "rep"))} == {None}
    assert {figure.target for figure in figures(warehouse, OCTOBER, dimensions=("team",), filters=(east,))} == {None}
    assert target(warehouse, OCTOBER, scope=Scope.of("R1", "R2")) is None


@pytest.mark.parametrize(
    "narrowed",
    [{"dimensions": ("region",)}, {"dimensions": ("team",)}, {"filters": (Filter("region", "in", ("East",)),)}],
)
def test_a_part_of_a_region_or_team_is_not_measured_against_the_whole_one_s_target(
    warehouse: Warehouse, narrowed: dict[str, Any]
) -> None:
    plan(warehouse, 2000, "2026-10-01", scope="team", key="T1")
    plan(warehouse, 2100, "2026-10-01", scope="region", key="East")
    (own,) = figures(warehouse, OCTOBER, scope=Scope.of("R1"), **narrowed)
    assert own.value == 2200
    assert own.target is None


# --- targets that are changes


def test_a_target_of_so_much_more_is_counted_from_its_reference(warehouse: Warehouse) -> None:
    plan(warehouse, 0.25, "2026-10-01", basis="change", reference_start=date(2025, 10, 1))
    plan(warehouse, -0.5, "2026-01-01", "year", kpi="win_rate", basis="change", reference_start=date(2025, 1, 1))
    assert target(warehouse, OCTOBER) == 1.25 * 1230
    assert target(warehouse, OCTOBER, "win_rate") == 0.25


def test_a_change_from_a_period_without_data_is_no_target(warehouse: Warehouse) -> None:
    plan(warehouse, 0.25, "2026-10-01", basis="change", reference_start=date(2024, 10, 1))
    assert target(warehouse, OCTOBER) is None
    plan(warehouse, 0.25, "2026-09-01", basis="change")
    assert target(warehouse, month("2026-09-01")) is None


def test_a_team_s_change_is_counted_from_the_team_s_own_reference(warehouse: Warehouse) -> None:
    for scope, key in (("company", ""), ("team", "T1"), ("team", "T2"), ("rep", "R1"), ("region", "East")):
        plan(warehouse, 1.0, "2026-10-01", scope=scope, key=key, basis="change", reference_start=date(2025, 10, 1))
    assert target(warehouse, OCTOBER) == 2460
    assert target(warehouse, OCTOBER, scope=Scope.of("R1")) == 2000
    found = figures(warehouse, OCTOBER, dimensions=("team",))
    assert {figure.keys["team"]: figure.target for figure in found} == {"T1": 2400, "T2": 60}
    assert target(warehouse, OCTOBER, filters=(Filter("rep", "in", ("R1",)),)) == 2000
    assert target(warehouse, OCTOBER, filters=(Filter("region", "in", ("East",)),)) == 2400


# --- compared with


def test_a_figure_held_against_its_target_says_how_far_it_is(warehouse: Warehouse) -> None:
    plan(warehouse, 3000, "2026-10-01")
    (figure,) = figures(warehouse, OCTOBER, comparison=Comparison("target"))
    assert figure.value == 2706
    assert figure.compared is not None
    assert (figure.compared.kind, figure.compared.value, figure.compared.change) == ("target", 3000, -294)


def test_the_baseline_recorded_last_counts(warehouse: Warehouse) -> None:
    remember(warehouse, 1000, "2026-10-01", "2026-01-05")
    remember(warehouse, 1100, "2026-10-01", "2026-02-05")
    assert baseline(warehouse, OCTOBER) == 1100


def test_a_baseline_recorded_after_the_clock_is_not_known_yet(warehouse: Warehouse) -> None:
    remember(warehouse, 1000, "2026-10-01", "2026-01-05")
    remember(warehouse, 1100, "2026-10-01", "2026-11-23T16:00:01")
    assert baseline(warehouse, OCTOBER) == 1000
    later = Clock.end_of(date(2026, 11, 24), "Asia/Shanghai")
    assert baseline(warehouse, OCTOBER, clock=later) == 1100
    remember(warehouse, 1200, "2026-09-01", "2027-01-01")
    assert baseline(warehouse, month("2026-09-01")) == 1000  # another month's, of the same rhythm


def test_a_baseline_of_the_very_period_goes_before_one_of_the_same_rhythm(warehouse: Warehouse) -> None:
    remember(warehouse, 1000, "2026-10-01", "2026-01-05")
    remember(warehouse, 1100, "2023-01-01", "2026-02-05")
    assert baseline(warehouse, OCTOBER) == 1000
    assert baseline(warehouse, month("2026-09-01")) == 1100
    assert baseline(warehouse, month("2026-07-01", Grain.QUARTER)) is None


def test_baselines_belong_to_teams_and_reps_too_and_to_nothing_else(warehouse: Warehouse) -> None:
    remember(warehouse, 1000, "2026-10-01", "2026-01-05")
    remember(warehouse, 700, "2026-10-01", "2026-01-05", scope="team", key="T1")
    found = figures(warehouse, OCTOBER, dimensions=("team",), comparison=Comparison("baseline"))
    assert {figure.keys["team"]: figure.compared and figure.compared.value for figure in found} == {
        "T1": 700,
        "T2": None,
    }
    (narrowed,) = figures(
        warehouse, OCTOBER, filters=(Filter("industry", "in", ("Auto",)),), comparison=Comparison("baseline")
    )
    assert narrowed.compared is None or narrowed.compared.value is None


def test_a_target_written_between_two_questions_counts_at_once(warehouse: Warehouse) -> None:
    assert target(warehouse, OCTOBER) is None
    plan(warehouse, 3000, "2026-10-01")
    assert target(warehouse, OCTOBER) == 3000
