"""Rows refer to rows that exist, and things happen in an order that is possible."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.demo import DemoCompany
from analytics.warehouse import tables

REFERENCES = {
    "team_id": "teams", "rep_id": "reps", "customer_id": "customers", "product_id": "products",
    "channel_id": "channels", "campaign_id": "campaigns", "lead_id": "leads", "opportunity_id": "opportunities",
}  # fmt: skip
ALIASES = {
    "owner_rep_id": "rep_id", "manager_rep_id": "rep_id", "parent_team_id": "team_id",
    "parent_customer_id": "customer_id",
}  # fmt: skip
PLANNED = {("tasks", "due_on"), ("opportunities", "expected_close_on"), ("campaigns", "ends_on")}


@pytest.fixture(params=["small", "company"])
def built(request: pytest.FixtureRequest) -> DemoCompany:
    found: DemoCompany = request.getfixturevalue(request.param)
    return found


def test_keys_are_unique(built: DemoCompany) -> None:
    for table in tables.LOADED.tables.values():
        assert not built.tables[table.name].duplicated(list(table.info["key"])).any(), table.name
    for name, frame in built.kept.items():
        assert not frame.duplicated(list(tables.KEPT.tables[f"kept.{name}"].info["key"])).any(), name


def test_every_reference_leads_somewhere(built: DemoCompany) -> None:
    for name, frame in built.tables.items():
        for column in frame.columns:
            target = REFERENCES.get(ALIASES.get(column, column))
            if target is None:
                continue
            key = ALIASES.get(column, column)
            missing = frame[column].dropna()[lambda ids, t=target, k=key: ~ids.isin(built.tables[t][k])]
            assert missing.empty, (name, column, missing.head(3).tolist())


def test_nothing_happens_after_the_last_morning(built: DemoCompany) -> None:
    last = pd.Timestamp(2026, 11, 23, 11, 30, tz="Asia/Shanghai")
    for name, frame in built.tables.items():
        for column in frame.columns:
            if column.endswith("_at"):
                assert not (frame[column] > last).any(), (name, column)
            elif (column.endswith("_on") or column in ("day", "month")) and (name, column) not in PLANNED:
                assert not (frame[column] > last.tz_localize(None)).any(), (name, column)


def test_leads_are_decided_after_they_came_and_only_once(built: DemoCompany) -> None:
    leads = built.tables["leads"]
    assert (leads["created_at"] >= pd.Timestamp(2023, 1, 1, tz="Asia/Shanghai")).all()
    assert leads["created_at"].is_monotonic_increasing
    decided = leads["converted_at"].fillna(leads["lost_at"])
    assert (decided.dropna() > leads["created_at"][decided.notna()]).all()
    assert not (leads["converted_at"].notna() & leads["lost_at"].notna()).any()
    assert leads["converted_at"].notna().equals(leads["status"] == "converted")
    assert leads["lost_at"].notna().equals(leads["status"] == "lost")
    assert leads["lost_reason"].notna().equals(leads["status"] == "lost")


def test_work_on_a_lead_lies_between_its_creation_and_its_decision(built: DemoCompany) -> None:
    leads = built.tables["leads"].set_index("lead_id")
    work = built.tables["activities"].dropna(subset="lead_id")
    lead = leads.loc[work["lead_id"]]
    happened = work["happened_at"].to_numpy()
    assert (happened >= lead["created_at"].to_numpy()).all()
    end = lead["converted_at"].fillna(lead["lost_at"])
    assert not (happened > end.to_numpy())[end.notna().to_numpy()].any()


def test_work_on_a_deal_lies_within_it(built: DemoCompany) -> None:
    deals = built.tables["opportunities"].set_index("opportunity_id")
    work = built.tables["activities"].dropna(subset="opportunity_id")
    deal = deals.loc[work["opportunity_id"]]
    happened = work["happened_at"].to_numpy()
    assert (happened >= deal["created_at"].to_numpy()).all()
    assert not (happened > deal["closed_at"].to_numpy())[deal["closed_at"].notna().to_numpy()].any()


def test_nobody_works_before_joining_or_after_leaving(built: DemoCompany) -> None:
    reps = built.tables["reps"].set_index("rep_id")
    work = built.tables["activities"]
    rep = reps.loc[work["rep_id"]]
    day = work["happened_at"].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).dt.normalize().to_numpy()
    assert (day >= rep["hired_on"].to_numpy()).all()
    assert not (day > rep["left_on"].to_numpy())[rep["left_on"].notna().to_numpy()].any()


def test_open_leads_belong_to_reps_who_are_there(built: DemoCompany) -> None:
    leads, reps = built.tables["leads"], built.tables["reps"].set_index("rep_id")
    owners = leads.loc[leads["status"] == "open", "owner_rep_id"].dropna()
    assert reps.loc[owners, "active"].all()
    assert not owners.isin(built.tables["teams"]["manager_rep_id"]).any()
    regions = leads.loc[owners.index, "region"].to_numpy()
    assert (reps.loc[owners, "region"].to_numpy() == regions).all()


def test_a_converted_lead_has_one_deal_that_starts_with_it(built: DemoCompany) -> None:
    leads, deals = built.tables["leads"], built.tables["opportunities"]
    converted = leads[leads["status"] == "converted"].set_index("lead_id")
    assert sorted(converted.index) == sorted(deals["lead_id"])
    lead = converted.loc[deals["lead_id"]]
    assert (lead["converted_at"].to_numpy() == deals["created_at"].to_numpy()).all()
    assert (lead["customer_id"].to_numpy() == deals["customer_id"].to_numpy()).all()
    assert not (deals["closed_at"] < deals["created_at"]).any()
    assert deals["closed_at"].isna().equals(deals["outcome"] == "open")
    assert (deals["stage"] == "won").equals(deals["outcome"] == "won")


def test_stages_follow_one_another(built: DemoCompany) -> None:
    order = {stage: place for place, stage in enumerate([*tables.STAGES, "lost"])}
    steps = built.tables["stage_changes"].assign(place=lambda rows: rows["stage"].map(order))
    steps = steps.sort_values(["lead_id", "entered_at", "place"])
    same_lead = steps["lead_id"].eq(steps["lead_id"].shift())
    assert (steps["place"].diff()[same_lead] > 0).all()
    last = steps.groupby("opportunity_id")["stage"].last()
    deals = built.tables["opportunities"].set_index("opportunity_id")
    assert (last.loc[deals.index] == deals["stage"]).all()


def test_orders_come_from_won_deals_and_are_worth_what_was_agreed(built: DemoCompany) -> None:
    orders, deals = built.tables["orders"], built.tables["opportunities"].set_index("opportunity_id")
    sold = orders.groupby("opportunity_id")["amount"].sum()
    won = deals[deals["outcome"] == "won"]
    assert sorted(sold.index) == sorted(won.index)
    assert (sold - won["amount"].loc[sold.index]).abs().max() < 0.05
    first = orders.dropna(subset="opportunity_id")
    assert (first["ordered_at"].to_numpy() >= deals.loc[first["opportunity_id"], "closed_at"].to_numpy()).all()
    assert orders.groupby("order_id")["line_no"].min().eq(1).all()


def test_money_is_to_the_cent_and_paid_after_the_order(built: DemoCompany) -> None:
    orders, payments = built.tables["orders"], built.tables["payments"]
    for column in ("list_amount", "amount", "cost_of_goods"):
        assert (orders[column] * 100 - (orders[column] * 100).round()).abs().max() < 1e-3
    ordered = orders.groupby("order_id")["ordered_at"].min()
    assert (payments["paid_at"].to_numpy() > ordered.loc[payments["order_id"]].to_numpy()).all()
    due, paid = orders.groupby("order_id")["amount"].sum(), payments.groupby("order_id")["amount"].sum()
    assert (paid <= due.loc[paid.index] + 0.02).all()


def test_customers_first_order_is_their_first(built: DemoCompany) -> None:
    orders, customers = built.tables["orders"], built.tables["customers"].set_index("customer_id")
    first = orders.groupby("customer_id")["ordered_at"].min().dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)
    stated = customers.loc[first.index, "first_order_on"]
    new = stated >= pd.Timestamp(2023, 1, 1)
    assert (stated[new] == first.dt.normalize()[new]).all()
    assert (stated[~new] < pd.Timestamp(2023, 1, 1)).all()
    never = customers[customers["first_order_on"].isna()].index
    assert not orders["customer_id"].isin(never).any()


def test_past_teams_stay_known(built: DemoCompany) -> None:
    history, reps = built.tables["rep_teams"], built.tables["reps"].set_index("rep_id")
    assert (history["to_on"].dropna() > history["from_on"][history["to_on"].notna()]).all()
    now = history[history["to_on"].isna() | ~history["rep_id"].duplicated(keep="last")].drop_duplicates(
        "rep_id", keep="last"
    )
    assert (reps.loc[now["rep_id"], "team_id"].to_numpy() == now["team_id"].to_numpy()).all()
    assert (history["rep_id"].value_counts() > 1).sum() >= 3


def test_leads_of_reps_who_left_passed_on(built: DemoCompany) -> None:
    changes = built.tables["ownership_changes"].dropna(subset="lead_id").sort_values(["lead_id", "from_at"])
    leads = built.tables["leads"].set_index("lead_id")
    last = changes.groupby("lead_id").tail(1)
    owner = leads.loc[last["lead_id"], "owner_rep_id"].to_numpy()
    handed_on = last["to_at"].isna().to_numpy()
    assert (last["rep_id"].to_numpy() == owner)[handed_on].all()
    assert pd.isna(owner[~handed_on]).all()
    same = changes["lead_id"].eq(changes["lead_id"].shift())
    assert (changes["from_at"][same].to_numpy() == changes["to_at"].shift()[same].to_numpy()).all()


def test_what_is_known_of_a_lead_was_known_in_its_time(built: DemoCompany) -> None:
    features = built.tables["lead_features"]
    leads = built.tables["leads"].set_index("lead_id").loc[features["lead_id"]]
    known = features["known_at"].to_numpy()
    assert (known >= leads["created_at"].to_numpy()).all()
    decided = leads["converted_at"].fillna(leads["lost_at"]).to_numpy()
    leaky = features["leaky"].to_numpy()
    assert (known[leaky] == decided[leaky]).all()
    early = ~leaky & ~pd.isna(decided)
    assert (known[early] < decided[early]).all()
    assert set(features["name"][leaky]) == {"contract_sent", "lost_survey_score"}
    assert (features["number"].notna() ^ features["text"].notna()).all()
