"""Rights over why, forecast, funnel and summary: never more than a plain question for the same KPI gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any

import pytest
from pydantic import TypeAdapter
from selling_company import OCTOBER, TOLD_APART, days, fill, only

from analytics.semantic import read_model
from analytics.warehouse import Reader, Warehouse
from assistant.access import Permitted, askers_named, permit
from assistant.plans import Plan, Refuse

MODEL = read_model()
PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
ASKERS = ("rep:R1", "rep:R3", "manager:M1", "manager:M2", "manager:M3", "manager:P11", "exec:P8", "admin:P9")
WHOSE = (
    None,
    "me",
    "my_team",
    "company",
    "rep:R1",
    "rep:R2",
    "rep:R4",
    "team:T1",
    "team:T2",
    "team:T9",
    "team:none",
    "x",
)
NARROWED: list[dict[str, Any]] = [
    {}, {"filters": [only("region", "East")]}, {"filters": [only("rep", "R2")]}, {"filters": [only("customer", "C2")]},
    {"filters": [only("team", "T2", op="not_in")]}, {"filters": [only("industry", "Pharma")]},
    {"filters": [only("owner_rep_id", "R2")]},
]  # fmt: skip
BROKEN_DOWN: list[dict[str, Any]] = [
    {},
    {"dimensions": ["rep"]},
    {"dimensions": ["industry"]},
    {"dimensions": ["customer.name"]},
]
KPIS = ("revenue", "win_rate", "marketing_roi", "sales_cost_total", "new_leads", "no_such_kpi")


def some_of(as_: str, *choices: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Every fifth combination, others for each asker: the numbers of choices share no factor with five."""
    return islice(product(*choices), ASKERS.index(as_) % 5, None, 5)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('figures')}/warehouse.duckdb")
    fill(warehouse, TOLD_APART)
    with warehouse.reader() as found:
        yield found
    warehouse.close()


def permitted(reader: Reader, as_: str, plan: dict[str, Any]) -> Permitted:
    asker = askers_named(reader, as_)[0]
    return permit(PLAN.validate_python(plan), asker, reader, MODEL)


def refusal(found: Permitted) -> str | None:
    return found.plan.reason if isinstance(found.plan, Refuse) else None


@pytest.mark.parametrize("as_", ASKERS)
def test_why_and_forecast_see_what_a_plain_question_sees(reader: Reader, as_: str) -> None:
    for kpi, whose, narrowed, down in some_of(as_, KPIS, WHOSE, NARROWED, BROKEN_DOWN):
        shared = {"period": OCTOBER, "whose": whose, **narrowed, **down}
        plain = permitted(reader, as_, {"kind": "kpi", "kpis": [kpi], **shared})
        why = {"kind": "why", "kpi": kpi, "comparison": {"kind": "previous"}, **shared}
        ahead = {"kind": "forecast", "kpi": kpi, **shared}
        for plan in (why, ahead):
            found = permitted(reader, as_, plan)
            assert refusal(found) == refusal(plain), (plan, as_)
            assert found.sights == plain.sights


@pytest.mark.parametrize("as_", ASKERS)
def test_a_summary_holds_no_kpi_that_a_plain_question_would_not_get(reader: Reader, as_: str) -> None:
    for whose, narrowed in some_of(as_, WHOSE, NARROWED):
        found = permitted(reader, as_, {"kind": "summary", "period": OCTOBER, "whose": whose, **narrowed})
        for kpi, sight in found.sights.items():
            plain = permitted(
                reader, as_, {"kind": "kpi", "kpis": [kpi], "period": OCTOBER, "whose": whose, **narrowed}
            )
            whole = permitted(reader, as_, {"kind": "kpi", "kpis": [kpi], "period": OCTOBER, "whose": whose})
            if refusal(plain) is None:
                assert plain.sights[kpi] == sight
            else:  # told as the company's total, with nothing narrowed
                assert refusal(plain) == "total_only"
                assert sight == whole.sights[kpi]
                assert (sight.whose, sight.total_only) == ("company", True)


def test_a_summary_of_one_s_own_leaves_out_what_is_not_open(reader: Reader) -> None:
    sights = permitted(reader, "rep:R1", {"kind": "summary", "period": OCTOBER}).sights
    assert sights["revenue"].whose == "me"
    assert set(sights) == {kpi for kpi in MODEL.kpis if MODEL.kpis[kpi].access.rep != "none"}
    assert all(sight.total_only for sight in sights.values() if sight.whose == "company")


def test_a_region_s_summary_keeps_company_totals_as_such(reader: Reader) -> None:
    plan = {"kind": "summary", "period": OCTOBER, "filters": [only("region", "East")]}
    sights = permitted(reader, "manager:M3", plan).sights
    assert (sights["revenue"].whose, sights["revenue"].total_only) == ("my_team", False)
    assert (sights["marketing_roi"].whose, sights["marketing_roi"].total_only) == ("company", True)


@pytest.mark.parametrize("whose", ["company", "my_team"])
@pytest.mark.parametrize("narrowed", [only("region", "East"), only("rep", "R2"), only("customer", "C2")], ids=str)
def test_a_total_summary_is_never_narrowed_to_a_part_of_the_organisation(
    reader: Reader, whose: str, narrowed: dict[str, Any]
) -> None:
    found = permitted(reader, "rep:R1", {"kind": "summary", "period": OCTOBER, "whose": whose, "filters": [narrowed]})
    assert refusal(found) == "total_only"


@pytest.mark.parametrize(("as_", "whose"), [("rep:R1", "company"), ("rep:R1", "my_team"), ("manager:M1", "company")])
def test_what_if_deals_are_won_counts_on_no_deals_of_others(reader: Reader, as_: str, whose: str) -> None:
    supposed = {"kind": "forecast", "kpi": "won_amount", "period": days("2026-11-01", "2026-12-01"), "suppose_won": 3}
    assert refusal(permitted(reader, as_, {**supposed, "whose": whose})) == "total_only"
    assert refusal(permitted(reader, as_, supposed)) is None


def test_a_trainee_sees_no_live_figures_in_any_form(reader: Reader) -> None:
    for plan in (
        {"kind": "summary", "period": OCTOBER}, {"kind": "funnel", "period": OCTOBER},
        {"kind": "why", "kpi": "revenue", "period": OCTOBER, "comparison": {"kind": "previous"}},
        {"kind": "forecast", "kpi": "revenue", "period": OCTOBER},
        {"kind": "subscribe", "what": {"kind": "summary", "period": OCTOBER}, "schedule": {"every": "week"}},
    ):  # fmt: skip
        assert refusal(permitted(reader, "trainee:P10", plan)) == "no_live_figures"
