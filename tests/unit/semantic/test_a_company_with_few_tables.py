"""A company that has deals and nothing else: the KPIs it can have are right, the others say what they lack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.organisation import read_company
from analytics.semantic import Comparison, Filter, Model, Order, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import unit
from analytics.sources.extract import read_source
from analytics.sources.find import find_mapping
from analytics.sources.intake import put_extract
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Warehouse

EXPORT = Path(__file__).resolve().parents[3] / "../shared/data/crm_sales"
pytestmark = pytest.mark.skipif(not EXPORT.exists(), reason="the crm_sales export is not beside the project")
CLOCK = Clock.end_of(date(2017, 12, 31), "UTC")
THIRD, FOURTH = (unit(date(2017, month, 1), Grain.QUARTER) for month in (7, 10))
HAS_DEALS_ONLY = {"win_rate", "won_amount", "converted_leads", "lead_conversion_rate"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    extract = read_source(find_mapping("crm_sales"), EXPORT)
    opened = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('deals')}/warehouse.duckdb")
    with opened.load("crm_sales", extract.as_of, "USD") as load:
        put_extract(load, opened, extract)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


@pytest.fixture(scope="module")
def semantics(warehouse: Warehouse, model: Model) -> Iterator[Semantics]:
    with warehouse.reader() as reader:
        yield Semantics(model, reader, CLOCK, Scope.everything(), read_company(reader))


@pytest.fixture(scope="module")
def deals() -> pd.DataFrame:
    """The deals as the export has them, beside their accounts and teams; two names spelt as the lists have them."""
    pipeline = pd.read_csv(EXPORT / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    pipeline["product"] = pipeline["product"].replace("GTXPro", "GTX Pro")
    accounts = pd.read_csv(EXPORT / "accounts.csv")[["account", "sector"]].replace("technolgy", "technology")
    products = pd.read_csv(EXPORT / "products.csv")[["product", "series"]]
    teams = pd.read_csv(EXPORT / "sales_teams.csv")
    return pipeline.merge(accounts, how="left").merge(products, how="left").merge(teams, how="left", on="sales_agent")


def closed(deals: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The deals won or lost in a period."""
    within = (deals["close_date"] >= pd.Timestamp(period.start)) & (deals["close_date"] < pd.Timestamp(period.end))
    return deals[within & deals["deal_stage"].isin(["Won", "Lost"])]


def won(deals: pd.DataFrame, period: Period) -> pd.DataFrame:
    found = closed(deals, period)
    return found[found["deal_stage"] == "Won"]


def the_value(semantics: Semantics, kpi: str, period: Period, **asked: Any) -> Any:
    (figure,) = semantics.run(SemanticQuery((kpi,), period, **asked)).figures
    return figure.value


# --- what it can have


@pytest.mark.parametrize(
    "period", [THIRD, FOURTH, unit(date(2017, 3, 1), Grain.MONTH), unit(date(2017, 1, 1), Grain.YEAR)]
)
def test_deals_won_and_win_rate_are_those_of_the_export(
    semantics: Semantics, deals: pd.DataFrame, period: Period
) -> None:
    decided, gained = closed(deals, period), won(deals, period)
    assert len(gained) > 100
    assert the_value(semantics, "won_amount", period) == gained["close_value"].sum()
    assert the_value(semantics, "win_rate", period) == pytest.approx(len(gained) / len(decided))
    assert the_value(semantics, "converted_leads", period) == len(gained)
    assert the_value(semantics, "lead_conversion_rate", period) == pytest.approx(len(gained) / len(decided))


@pytest.mark.parametrize(
    ("dimension", "column"),
    [
        ("rep", "sales_agent"),
        ("product", "product"),
        ("product_category", "series"),
        ("customer", "account"),
        ("industry", "sector"),
    ],
)
def test_each_part_of_the_business_has_its_own_deals(
    semantics: Semantics, deals: pd.DataFrame, dimension: str, column: str
) -> None:
    query = SemanticQuery(("won_amount", "win_rate"), THIRD, dimensions=(dimension,))
    outcome = semantics.run(query)
    decided = closed(deals, THIRD)
    share = decided.assign(gained=decided["deal_stage"] == "Won").groupby(column)["gained"].mean().to_dict()
    amount = won(deals, THIRD).groupby(column)["close_value"].sum().to_dict()
    assert {
        figure.where[dimension]: float(figure.value or 0) for figure in outcome.of("won_amount") if figure.rows
    } == amount
    assert {figure.where[dimension]: figure.value for figure in outcome.of("win_rate")} == pytest.approx(share)


@pytest.mark.parametrize(("dimension", "column"), [("team", "manager"), ("region", "regional_office")])
def test_each_manager_s_team_and_office_has_its_own_deals(
    semantics: Semantics, deals: pd.DataFrame, dimension: str, column: str
) -> None:
    figures = semantics.run(SemanticQuery(("won_amount",), THIRD, dimensions=(dimension,))).figures
    amount = won(deals, THIRD).groupby(column)["close_value"].sum()
    named = {f"{name}'s team" if dimension == "team" else name: value for name, value in amount.items()}
    assert {figure.where[dimension]: float(figure.value or 0) for figure in figures} == named


def test_months_and_the_quarter_before_are_those_of_the_export(semantics: Semantics, deals: pd.DataFrame) -> None:
    year = unit(date(2017, 1, 1), Grain.YEAR)
    trend = semantics.run(SemanticQuery(("won_amount",), year, grain=Grain.MONTH)).figures
    by_month = won(deals, year).groupby(deals["close_date"].dt.month)["close_value"].sum().to_dict()
    assert {n: float(figure.value) for n, figure in enumerate(trend, start=1) if figure.value is not None} == by_month
    query = SemanticQuery(("won_amount", "win_rate"), FOURTH, comparison=Comparison("previous"))
    amount, rate = semantics.run(query).figures
    assert amount.compared is not None
    assert rate.compared is not None
    assert amount.compared.value == won(deals, THIRD)["close_value"].sum()
    assert rate.compared.value == pytest.approx(len(won(deals, THIRD)) / len(closed(deals, THIRD)))


def test_filters_and_the_largest_first_are_those_of_the_export(semantics: Semantics, deals: pd.DataFrame) -> None:
    query = SemanticQuery(
        ("won_amount",), THIRD, dimensions=("rep",), filters=(Filter("product", "in", ("GTX Pro",)),),
        order=Order("won_amount"), limit=5, share=True,
    )  # fmt: skip
    figures = semantics.run(query).figures
    gained = won(deals, THIRD)
    amount = gained[gained["product"] == "GTX Pro"].groupby("sales_agent")["close_value"].sum()
    best = amount.sort_values(ascending=False).head(5)
    assert [float(figure.value or 0) for figure in figures] == best.tolist()
    assert {figure.where["rep"] for figure in figures} == set(best.index)
    assert [figure.share for figure in figures] == pytest.approx((best / amount.sum()).tolist())


def test_an_agent_sees_the_agent_s_own_deals(warehouse: Warehouse, model: Model, deals: pd.DataFrame) -> None:
    with warehouse.reader() as reader:
        semantics = Semantics(model, reader, CLOCK, Scope.of("darcel-schlecht", "anna-snelling"), read_company(reader))
        gained = won(deals, THIRD)
        mine = gained[gained["sales_agent"].isin(["Darcel Schlecht", "Anna Snelling"])]
        assert the_value(semantics, "won_amount", THIRD) == mine["close_value"].sum()
        assert {figure.where["rep"] for figure in semantics.run(SemanticQuery(("win_rate",), THIRD, dimensions=("rep",))).figures} == {
            "Darcel Schlecht", "Anna Snelling",
        }  # fmt: skip


def test_before_the_first_deal_was_closed_there_is_no_data(semantics: Semantics) -> None:
    for kpi in sorted(HAS_DEALS_ONLY):
        (figure,) = semantics.run(SemanticQuery((kpi,), unit(date(2016, 1, 1), Grain.YEAR))).figures
        assert (figure.value, figure.note) == (None, "outside_data"), kpi


# --- what it cannot have


LACKING = {
    "revenue": ("orders",),
    "orders": ("orders",),
    "aov": ("orders",),
    "churn_rate": ("orders",),
    "active_customers": ("orders",),
    "marketing_roi": ("orders", "channels", "marketing_spend"),
    "marketing_spend": ("marketing_spend",),
    "cost_per_lead": ("marketing_spend", "leads.created_at"),
    "cac": ("cost_ledger", "customers.first_order_on"),
    "calls": ("activities",),
    "selling_minutes": ("activities",),
    "complaints": ("tickets",),
    "csat": ("tickets",),
    "sentiment": ("feedback", "predictions of sentiment"),
    "clv_mean": ("orders", "predictions of clv"),
    "payments_received": ("payments",),
    "sales_cost_total": ("cost_ledger",),
    "data_usage_rate": ("usage_events",),
    "data_accuracy": ("quality_results",),
    "forecast_accuracy": ("forecasts", "orders"),
    "win_back_rate": ("interventions", "orders"),
    "new_leads": ("leads.created_at",),
    "open_leads": ("leads.created_at",),
    "new_customers": ("customers.first_order_on",),
}


@pytest.mark.parametrize("kpi", sorted(LACKING))
def test_a_kpi_it_cannot_have_names_what_is_missing(semantics: Semantics, kpi: str) -> None:
    assert set(semantics.missing(kpi)) == set(LACKING[kpi])


def test_no_kpi_it_cannot_have_is_ever_a_zero(semantics: Semantics, model: Model) -> None:
    lacking = [kpi for kpi in model.kpis if semantics.missing(kpi)]
    assert len(lacking) > 40
    outcome = semantics.run(SemanticQuery(tuple(lacking), FOURTH))
    assert set(outcome.missing) == set(lacking)
    assert {(figure.value, figure.note) for figure in outcome.figures} == {(None, "needs_tables")}


def test_what_it_can_have_is_answered_beside_what_it_cannot(semantics: Semantics) -> None:
    outcome = semantics.run(SemanticQuery(("revenue", "won_amount"), FOURTH))
    assert outcome.missing == {"revenue": ("orders",)}
    assert [figure.value is None for figure in (*outcome.of("revenue"), *outcome.of("won_amount"))] == [True, False]


def test_open_deals_without_amounts_are_worth_no_data_and_not_nothing(
    semantics: Semantics, deals: pd.DataFrame
) -> None:
    assert deals[deals["deal_stage"].isin(["Prospecting", "Engaging"])]["close_value"].isna().all()
    assert the_value(semantics, "pipeline_value", FOURTH) is None


def test_the_sales_cycle_lacks_the_creation_of_leads(semantics: Semantics) -> None:
    assert semantics.missing("sales_cycle_days") == ("leads.created_at",)
