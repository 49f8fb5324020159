"""The demo company is complete, repeatable and of the size asked for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from analytics.demo import DemoCompany, build, write_truth
from analytics.warehouse import tables

TODAY = date(2026, 11, 23)
LEFT_TO_COMPUTE = {"predictions", "forecasts", "quality_results", "usage_events", "models", "load_runs"}
PLANS = {"targets", "budgets", "baselines", "benchmarks", "experiments", "experiment_units"}


def _same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> bool:
    return one.keys() == other.keys() and all(one[name].equals(other[name]) for name in one)


def test_the_same_arguments_give_the_same_company(small: DemoCompany) -> None:
    again = build(TODAY, scale=0.02)
    assert _same(again.tables, small.tables)
    assert _same(again.kept, small.kept)
    assert json.dumps(again.truth) == json.dumps(small.truth)


def test_another_seed_gives_another_company(small: DemoCompany) -> None:
    other = build(TODAY, scale=0.02, seed=7)
    assert not other.tables["leads"]["company"].head(50).equals(small.tables["leads"]["company"].head(50))


@pytest.mark.parametrize("size", ["small", "company"])
def test_every_table_has_rows_and_exactly_its_columns(size: str, request: pytest.FixtureRequest) -> None:
    built: DemoCompany = request.getfixturevalue(size)
    declared = {table.name: table for table in tables.LOADED.tables.values()}
    assert built.tables.keys() == declared.keys()
    assert built.kept.keys() == PLANS
    for name, frame in {**built.tables, **built.kept}.items():
        table = declared.get(name, tables.KEPT.tables.get(f"kept.{name}"))
        assert table is not None
        assert len(frame) > 0, name
        assert list(frame.columns) == [c.name for c in table.columns if c.name not in ("source", "source_id")], name


def test_the_company_has_the_size_of_a_real_one(company: DemoCompany) -> None:
    rows = {name: len(frame) for name, frame in company.tables.items()}
    assert rows["customers"] == pytest.approx(12_000, rel=0.08)
    assert rows["leads"] == pytest.approx(60_000, rel=0.03)
    assert rows["activities"] == pytest.approx(400_000, rel=0.10)
    reps = company.tables["reps"]
    sellers = reps[reps["active"] & ~reps["rep_id"].isin(company.tables["teams"]["manager_rep_id"])]
    assert len(sellers) == 40
    assert sellers["team_id"].nunique() == 6
    assert set(company.tables["teams"]["region"]) == {"East", "South", "North", "West"}
    assert len(company.tables["products"]) == 25


def test_the_company_grows_with_its_scale_but_its_staff_does_not(small: DemoCompany, company: DemoCompany) -> None:
    for name in ("leads", "activities", "opportunities", "orders"):
        assert len(small.tables[name]) == pytest.approx(len(company.tables[name]) / 50, rel=0.25), name
    assert len(small.tables["reps"]) == len(company.tables["reps"])


def test_a_rep_has_a_day_of_open_leads_to_choose_from(company: DemoCompany) -> None:
    leads = company.tables["leads"]
    is_open = leads["status"] == "open"
    assert 0.05 < is_open.mean() < 0.08
    per_rep = leads.loc[is_open, "owner_rep_id"].value_counts()
    assert len(per_rep) == 40
    assert per_rep.min() >= 60
    assert per_rep.max() <= 130


def test_some_leads_must_not_be_called(company: DemoCompany) -> None:
    leads, customers = company.tables["leads"], company.tables["customers"]
    open_leads = leads[leads["status"] == "open"]
    refusing = customers.loc[customers["do_not_contact"], "customer_id"]
    assert 0.01 < open_leads["do_not_contact"].mean() < 0.03
    assert open_leads["customer_id"].isin(refusing).any()
    assert open_leads["phone"].isna().any()
    assert 0.003 < open_leads["owner_rep_id"].isna().mean() < 0.02


@pytest.mark.parametrize("size", ["small", "company"])
def test_some_open_leads_have_been_called_today(size: str, request: pytest.FixtureRequest) -> None:
    built: DemoCompany = request.getfixturevalue(size)
    work, leads = built.tables["activities"], built.tables["leads"]
    local = work["happened_at"].dt.tz_convert("Asia/Shanghai")
    today = work[(local.dt.date == TODAY) & (work["kind"] == "call")]
    assert today["lead_id"].isin(leads.loc[leads["status"] == "open", "lead_id"]).sum() >= 5


@pytest.mark.parametrize("until", [date(2025, 1, 1), date(2026, 2, 17), date(2026, 11, 22), date(2028, 10, 1)])
def test_the_company_can_end_on_any_day(until: date) -> None:
    built = build(until, scale=0.02)
    assert all(len(frame) for frame in {**built.tables, **built.kept}.values())
    assert built.as_of.astimezone(UTC).date() == until


def test_a_day_or_scale_out_of_range_is_said() -> None:
    with pytest.raises(ValueError, match="between 2025-01-01"):
        build(date(2023, 6, 1))
    with pytest.raises(ValueError, match="scale"):
        build(TODAY, scale=0)


def test_the_clock_of_the_company_is_the_latest_thing_that_happened(company: DemoCompany) -> None:
    assert company.as_of.tzinfo is not None
    assert datetime(2026, 11, 23, 0, 0, tzinfo=UTC) < company.as_of <= datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_progress_names_each_topic() -> None:
    told: list[str] = []
    build(TODAY, scale=0.02, progress=told.append)
    assert told[0] == "marketing and leads"
    assert told[-1] == "truth"


def test_the_truth_is_written_as_json(small: DemoCompany, tmp_path: Path) -> None:
    path = tmp_path / "demo" / "truth.json"
    write_truth(small, path)
    assert json.loads(path.read_text(encoding="utf-8")) == small.truth


def test_names_come_in_both_languages_and_some_sound_alike(company: DemoCompany) -> None:
    customers, reps = company.tables["customers"], company.tables["reps"]
    ascii_names = customers["name"].map(str.isascii)
    assert 0.2 < ascii_names.mean() < 0.4
    assert customers.loc[~ascii_names, "name"].str.endswith(("有限公司", "分公司")).all()
    assert customers["name"].nunique() > 0.95 * len(customers)
    assert {"张伟", "张玮"} <= set(reps["name"])
    assert reps["name"].duplicated().any()
    assert reps["email"].is_unique
    assert reps["slack_user_id"].is_unique
    assert company.tables["people"]["slack_user_id"].is_unique
    languages = company.tables["feedback"]["language"].value_counts(normalize=True)
    assert languages.min() > 0.2


def test_subsidiaries_carry_the_name_of_their_group(company: DemoCompany) -> None:
    customers = company.tables["customers"].set_index("customer_id")
    children = customers[customers["parent_customer_id"].notna()]
    assert len(children) > 50
    parents = customers.loc[children["parent_customer_id"]]
    assert [child[0] for child in children["aliases"]] == [parent[0] for parent in parents["aliases"]]


def test_the_plan_is_among_the_targets(company: DemoCompany) -> None:
    targets = company.kept["targets"]
    values = targets[targets["scope_kind"] == "company"].drop_duplicates("kpi").set_index("kpi")
    assert values.loc["marketing_roi", "value"] == 4.5
    assert values.loc["sales_cost_total", "value"] == -0.18
    assert values.loc["sales_cost_total", "basis"] == "change"
    assert values.loc["sales_cost_total", "reference_start"] == pd.Timestamp(2023, 1, 1)
    by_month = targets[(targets["kpi"] == "revenue") & (targets["scope_kind"] == "team")]
    assert len(by_month) == 6 * 12
    assert not targets.duplicated(["kpi", "scope_kind", "scope_id", "period_kind", "period_start"]).any()
    assert set(company.kept["budgets"]["level"]) == {"project", "department", "activity"}
    assert (company.kept["baselines"]["period_start"] == pd.Timestamp(2023, 1, 1)).all()
    assert not LEFT_TO_COMPUTE & company.kept.keys()
