"""The demo company, with and without its planted changes, as managers would look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.demo import DemoCompany, build
from analytics.insights.unusual import unusual_segments, unusual_values
from analytics.organisation import Company, read_company
from analytics.semantic import Filter, Semantics, calendar, read_model
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Reader, Warehouse

TODAY = date(2026, 11, 23)
KPIS = (
    "revenue", "orders", "aov", "gross_margin_share", "discount_share", "new_leads", "lead_conversion_rate", "win_rate",
    "won_amount", "pipeline_value", "calls", "csat", "complaints", "marketing_roi",
)  # fmt: skip


class Look:
    """A company's figures as of the evening of any day."""

    def __init__(self, reader: Reader, company: Company, truth: dict[str, Any]) -> None:
        self.reader, self.company, self.truth = reader, company, truth

    def on(self, day: date) -> Semantics:
        clock = Clock.end_of(day, self.company.timezone)
        return Semantics(read_model(), self.reader, clock, Scope.everything(), self.company)

    def change(self, kpi: str) -> dict[str, Any]:
        return next(change for change in self.truth["kpi_changes"] if change["kpi"] == kpi)


@contextmanager
def looked_at(built: DemoCompany, folder: Path) -> Iterator[Look]:
    warehouse = Warehouse.open(f"duckdb:///{folder}/warehouse.duckdb")
    with warehouse.load("demo", built.as_of, currency="CNY") as load:
        for name, frame in built.tables.items():
            load.put(name, frame)
    with warehouse.reader() as reader:
        yield Look(reader, read_company(reader), built.truth)
    warehouse.close()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    """At full size: what is planted shows above the noise only there."""
    with looked_at(build(TODAY), tmp_path_factory.mktemp("planted")) as look:
        yield look


@pytest.fixture(scope="module")
def unplanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    with looked_at(build(TODAY, seed=5, scale=0.1, plants=False), tmp_path_factory.mktemp("unplanted")) as look:
        yield look


def month_of(change: dict[str, Any]) -> Period:
    return calendar.unit(date.fromisoformat(f"{change['month']}-01"), Grain.MONTH)


def units(grain: Grain, count: int) -> list[Period]:
    first = calendar.start_of(TODAY, grain)
    return [calendar.unit(calendar.next_start(first, grain, -n), grain) for n in range(1, count + 1)]


def test_where_nothing_happened_hardly_anything_is_called_unusual(unplanted: Look) -> None:
    called, judged = [], 0
    for period in (*units(Grain.WEEK, 12), *units(Grain.MONTH, 8)):
        found = unusual_values(unplanted.on(period.end), KPIS, period).values()
        judged += sum(one.reason is None for one in found)
        called += [(one.kpi, period.label) for one in found if one.is_unusual]
    assert judged > 200
    assert len(called) <= 0.02 * judged, called


def test_spring_festival_is_not_unusual_and_neither_is_the_week_after(unplanted: Look) -> None:
    for monday in (date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)):
        week = calendar.unit(monday, Grain.WEEK)
        found = unusual_values(unplanted.on(week.end), ("revenue", "orders", "new_leads", "calls"), week)
        assert {one.reason for one in found.values()} == {None}
        assert not [one for one in found.values() if one.is_unusual]


def test_a_product_sold_below_half_its_price_shows_in_discount_and_margin(planted: Look) -> None:
    change = planted.change("aov")
    period = month_of(change)
    found = unusual_values(planted.on(period.end), ("discount_share", "gross_margin_share", "csat"), period)
    discount, margin = found["discount_share"], found["gross_margin_share"]
    assert discount.is_unusual
    assert discount.good is False
    assert (discount.score or 0) > 0
    assert margin.is_unusual
    assert margin.good is False
    assert (margin.score or 0) < 0
    assert not found["csat"].is_unusual
    worst = unusual_segments(planted.on(period.end), ("discount_share", "gross_margin_share"), period, "product")[0]
    assert worst.keys["product"] == change["member_id"]


@pytest.mark.parametrize("kpi", ["win_rate", "complaints"])
def test_a_team_that_stops_winning_and_a_region_that_complains_are_found_among_the_others(
    planted: Look, kpi: str
) -> None:
    change = planted.change(kpi)
    period = month_of(change)
    found = unusual_segments(planted.on(period.end), (kpi,), period, change["dimension"])
    assert [one.where[change["dimension"]] for one in found] == [change["member"]]
    assert found[0].good is False
    assert found[0].is_unusual


def test_a_filter_looks_at_one_region_only(planted: Look) -> None:
    change = planted.change("complaints")
    period = month_of(change)
    kpis, north = ("complaints",), Filter("region", "in", (change["member"],))
    in_north = unusual_values(planted.on(period.end), kpis, period, filters=(north,))["complaints"]
    elsewhere = unusual_values(planted.on(period.end), kpis, period, filters=(replace(north, op="not_in"),))
    assert in_north.is_unusual
    assert not elsewhere["complaints"].is_unusual


def test_what_came_later_changes_nothing(planted: Look) -> None:
    week = calendar.unit(date(2026, 9, 14), Grain.WEEK)
    kpis = ("orders", "revenue", "calls")
    then, now = (unusual_values(planted.on(day), kpis, week) for day in (week.end, TODAY))
    assert then == now


def test_what_cannot_be_judged_says_why(planted: Look) -> None:
    semantics = planted.on(TODAY)
    week, this_week = calendar.unit(date(2026, 11, 16), Grain.WEEK), calendar.unit(TODAY, Grain.WEEK)
    first_weeks = calendar.unit(date(2023, 2, 20), Grain.WEEK)
    of_product = (Filter("product", "in", ("PR01",)),)

    def reason(kpi: str, period: Period, filters: tuple[Filter, ...] = ()) -> str | None:
        found = unusual_values(semantics, (kpi,), period, filters=filters)[kpi]
        assert not found.is_unusual
        assert found.score is None
        return found.reason

    assert reason("marketing_cost", week) == "too_fine"
    assert reason("funnel_dropoff", week) == "not_mature"
    assert reason("orders", this_week) == "still_running"
    assert reason("orders", first_weeks) == "too_short"
    assert reason("sentiment", week) == "needs_tables"
    assert reason("calls", week, of_product) == "no_such_dimension"
    assert reason("orders", Period(week.start - timedelta(days=3), week.end)) == "too_short"
