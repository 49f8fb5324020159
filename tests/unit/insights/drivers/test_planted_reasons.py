"""On the demo company the reason that was planted is the first driver of every change it was planted in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import pytest

from analytics.demo import build
from analytics.insights.drivers import CannotExplain, Explained, explain_change
from analytics.organisation import read_company
from analytics.semantic import Comparison, Semantics, calendar, read_model
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Warehouse

TODAY = date(2026, 11, 23)
READ = (
    "company", "regions", "teams", "reps", "rep_teams", "customers", "products", "channels", "campaigns", "leads",
    "opportunities", "orders", "tickets", "stage_changes",
)  # fmt: skip
PREVIOUS = Comparison("previous")


@dataclass(frozen=True)
class Demo:
    """The demo company with what was planted in it."""

    semantics: Semantics
    truth: dict[str, Any]


@pytest.fixture(scope="module", params=[2026, 1])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    company = build(TODAY, seed=request.param)
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('drivers')}/warehouse.duckdb")
    with warehouse.load("demo", company.as_of, currency="CNY") as load:
        for name in READ:
            if name in company.tables:
                load.put(name, company.tables[name])
    with ExitStack() as stack:
        reader = stack.enter_context(warehouse.reader())
        clock = Clock.end_of(TODAY, "Asia/Shanghai")
        yield Demo(Semantics(read_model(), reader, clock, Scope.everything(), read_company(reader)), company.truth)
    warehouse.close()


def month(text: str) -> Period:
    return calendar.unit(date.fromisoformat(f"{text}-01"), Grain.MONTH)


def planted(demo: Demo) -> Iterator[tuple[str, Period, str, str]]:
    """Each KPI in which a change was planted, the period, the dimension and the member."""
    for case in demo.truth["kpi_changes"]:
        for kpi in (case["kpi"], *case.get("also", ())):
            yield kpi, month(case["month"]), case["dimension"], case.get("member_id") or case["member"]
    leak = demo.truth["leaking_stage"]
    two_months = calendar.units(date.fromisoformat(leak["since"]), Grain.MONTH, 2)
    yield "funnel_dropoff", two_months, "region", leak["region"]


def explained(demo: Demo, kpi: str, period: Period, **more: Any) -> Explained:
    found = explain_change(demo.semantics, kpi, period, PREVIOUS, **more)
    assert sum(driver.contribution for driver in found.drivers) == pytest.approx(found.change, rel=1e-9)
    return found


def test_the_planted_reason_is_found_first_and_holds_most_of_the_change(demo: Demo) -> None:
    missed = []
    for kpi, period, dimension, member in planted(demo):
        found = explained(demo, kpi, period)
        first = found.members[0]
        if first.keys.get(dimension) != member or not found.stands_out or first.contribution / found.change < 0.5:
            missed.append((kpi, period.label, dict(first.keys), first.contribution, found.change))
    assert not missed


def test_a_stopped_campaign_is_told_inside_its_channel(demo: Demo) -> None:
    case = next(case for case in demo.truth["kpi_changes"] if case["kpi"] == "new_leads")
    first = explained(demo, "new_leads", month(case["month"])).members[0]
    assert first.keys["campaign"] == case["member_id"]
    assert first.after == 0
    assert first.contribution == -(first.before or 0)


def test_the_team_that_stopped_winning_lost_by_its_own_rate(demo: Demo) -> None:
    case = next(case for case in demo.truth["kpi_changes"] if case["kpi"] == "win_rate")
    found = explained(demo, "win_rate", month(case["month"]))
    team = found.members[0]
    assert team.where == {"team": case["member"]}
    assert (found.effect_of(team, "rate") or 0) / team.contribution > 0.9
    assert {driver.effect for driver in found.drivers} <= {"rate", "volume", "mix", "unexplained"}


def test_only_the_allowed_dimensions_are_searched(demo: Demo) -> None:
    case = next(case for case in demo.truth["kpi_changes"] if case["kpi"] == "win_rate")
    found = explained(demo, "win_rate", month(case["month"]), allowed=("industry", "size_band"))
    assert set(found.searched) == {"industry", "size_band"}
    assert all(driver.name in ("industry", "size_band", "unexplained") for driver in found.drivers)


def test_a_named_dimension_is_the_one_told(demo: Demo) -> None:
    case = next(case for case in demo.truth["kpi_changes"] if case["kpi"] == "complaints")
    found = explained(demo, "complaints", month(case["month"]), dimensions=("industry",))
    assert found.dimension == "industry"
    assert [driver.keys for driver in found.also] == [{"region": case["member"]}]


@pytest.mark.parametrize("demo", [2026], indirect=True)
def test_quiet_months_are_rarely_blamed_on_anybody(demo: Demo) -> None:
    """Win rate, complaints and satisfaction of months without a planted change: one story in ten at most is chance."""
    touched = {month(case["month"]).start for case in demo.truth["kpi_changes"]}
    touched |= {calendar.next_start(start, Grain.MONTH) for start in touched}
    quiet = (calendar.unit(date(2025 + n // 12, n % 12 + 1, 1), Grain.MONTH) for n in range(1, 20))
    told = []
    for period in islice((period for period in quiet if period.start not in touched), 10):
        for kpi in ("win_rate", "complaints", "csat"):
            with suppress(CannotExplain):
                told.append(explained(demo, kpi, period).stands_out)
    assert len(told) > 20
    assert sum(told) <= len(told) / 10


@pytest.mark.parametrize("demo", [2026], indirect=True)
def test_every_kpi_file_s_change_adds_up_or_is_said_not_to_be_split(demo: Demo) -> None:
    said = set()
    for kpi in demo.semantics.model.kpis:
        try:
            assert explained(demo, kpi, month("2026-06")).drivers
        except CannotExplain as cannot:
            said.add(cannot.reason)
    assert said <= {"needs_tables", "no_data", "no_data_before", "no_change", "not_split"}
