"""The deals export: what the real one holds, and what its next one may bring."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.sources.extract import Extract, read_source
from analytics.sources.find import find_mapping

REAL = Path(__file__).resolve().parents[3] / "../shared/data/crm_sales"
needs_export = pytest.mark.skipif(not REAL.exists(), reason="the crm_sales export is not on this machine")

TEAMS = "sales_agent,manager,regional_office\nMei Liu,Ann Berg,East\nTom Hall,Ann Berg,East\nIda Vik,Sam Ode,West\n"
ACCOUNTS = (
    "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
    "Harbor,technolgy,1999,12.5,249,Norway,\nTidewater,energy,2001,3.1,5000,Philipines,harbor\n"
    "Pier Nine,retail,2005,1,1000,Italy,Dockyard\n"
)
PRODUCTS = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n"
PIPELINE = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    "D1,Mei Liu,GTXPro,Harbor,Won,2026-01-05,2026-02-01,4514\n"
    "D2,Mei Liu,MG Special,Tidewater,Lost,2026-01-06,2026-02-03,0\n"
    "D3,Tom Hall,GTX Pro,,Engaging,2026-01-07,,\n"
    "D4,Ida Vik,GTX Pro,Harbor,Prospecting,,,\n"
)


@pytest.fixture(scope="module")
def real() -> Extract:
    return read_source(find_mapping("crm_sales"), REAL)


def read(folder: Path, pipeline: str = PIPELINE) -> Extract:
    contents = {"sales_pipeline": pipeline, "accounts": ACCOUNTS, "products": PRODUCTS, "sales_teams": TEAMS}
    for name, content in contents.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return read_source(find_mapping("crm_sales"), folder)


def test_each_deal_is_a_lead_with_its_owner_and_account(tmp_path: Path) -> None:
    leads = read(tmp_path).tables["leads"].set_index("lead_id")
    assert leads["status"].to_dict() == {"D1": "converted", "D2": "lost", "D3": "open", "D4": "open"}
    assert leads["owner_rep_id"].to_dict() == {"D1": "mei-liu", "D2": "mei-liu", "D3": "tom-hall", "D4": "ida-vik"}
    known = leads[["company", "customer_id", "industry", "size_band", "region"]].to_numpy().tolist()
    assert known[0] == ["Harbor", "harbor", "technology", "S", "East"]
    assert known[2] == [None, None, None, None, "East"]
    assert leads["converted_at"].notna().tolist() == [True, False, False, False]
    assert leads["lost_at"].notna().tolist() == [False, True, False, False]
    assert leads["first_seen_at"].notna().tolist() == [True, True, True, False]
    assert "created_at" not in leads
    assert "phone" not in leads


def test_each_deal_is_an_opportunity_with_its_stages(tmp_path: Path) -> None:
    tables = read(tmp_path).tables
    deals = tables["opportunities"].set_index("opportunity_id")
    assert deals["stage"].tolist() == ["won", "lost", "contacted", "new"]
    assert deals["outcome"].tolist() == ["won", "lost", "open", "open"]
    assert deals["name"].tolist() == ["GTX Pro · Harbor", "MG Special · Tidewater", "GTX Pro", "GTX Pro · Harbor"]
    assert deals["amount"].fillna(-1).tolist() == [4514.0, 0.0, -1.0, -1.0]
    assert deals["list_amount"].tolist() == [4821.0, 55.0, 4821.0, 4821.0]
    assert sorted(tables["stage_changes"][["opportunity_id", "stage"]].to_numpy().tolist()) == [
        ["D1", "contacted"], ["D1", "won"], ["D2", "contacted"], ["D2", "lost"], ["D3", "contacted"],
    ]  # fmt: skip


def test_agents_and_managers_are_reps_and_people_in_teams(tmp_path: Path) -> None:
    tables = read(tmp_path).tables
    assert tables["reps"].set_index("rep_id")["team_id"].to_dict() == {
        "mei-liu": "ann-berg", "tom-hall": "ann-berg", "ida-vik": "sam-ode",
        "ann-berg": "ann-berg", "sam-ode": "sam-ode",
    }  # fmt: skip
    assert tables["people"].set_index("person_id")["role"].to_dict() == {
        "ann-berg": "manager", "sam-ode": "manager", "mei-liu": "rep", "tom-hall": "rep", "ida-vik": "rep",
    }  # fmt: skip
    assert tables["teams"][["name", "region", "manager_rep_id"]].to_numpy().tolist() == [
        ["Ann Berg's team", "East", "ann-berg"], ["Sam Ode's team", "West", "sam-ode"],
    ]  # fmt: skip


def test_misspelt_sectors_countries_and_parents_are_mended_and_new_sectors_kept(tmp_path: Path) -> None:
    extract = read(tmp_path)
    customers = extract.tables["customers"].set_index("customer_id")
    assert customers["industry"].tolist()[:3] == ["technology", "energy", "retail"]
    assert customers["size_band"].tolist()[:3] == ["S", "XL", "L"]
    assert customers.loc["tidewater", "parent_customer_id"] == "harbor"
    assert customers.loc["dockyard", "name"] == "Dockyard"
    mended = {mend.rule: mend.count for mend in extract.report.mends}
    assert mended == {"product_spelling": 1, "sector_spelling": 1, "country_spelling": 1, "parent_spelling": 1}
    assert {count.examples for count in extract.report.unknown} == {("energy",), ("Dockyard",)}


def test_a_deal_of_an_agent_in_no_team_keeps_its_agent_and_is_reported(tmp_path: Path) -> None:
    strange = "D9,New Agent,Thing Ten,New Firm,Engaging,2026-01-09,,\n"
    extract = read(tmp_path, PIPELINE + strange)
    tables = extract.tables
    assert tables["leads"].set_index("lead_id").loc["D9", "owner_rep_id"] == "new-agent"
    rep = tables["reps"].set_index("rep_id").loc["new-agent"]
    assert rep["name"] == "New Agent"
    assert rep["team_id"] is None
    assert tables["people"].set_index("person_id").loc["new-agent", "role"] == "rep"
    assert "new-firm" in set(tables["customers"]["customer_id"])
    assert "thing-ten" in set(tables["products"]["product_id"])
    said = {gap.id: gap.rows for gap in extract.report.gaps}
    assert {(count.place, count.column, count.doubt.value) for count in extract.report.unknown} >= {
        ("pipeline", column, "not_found") for column in ("sales_agent", "account", "product")
    }
    assert (said["agents_without_team"], said["accounts_not_listed"], said["products_not_listed"]) == (1, 1, 1)


def test_a_stage_nobody_declared_leaves_the_deal_without_status_and_is_counted(tmp_path: Path) -> None:
    extract = read(tmp_path, PIPELINE + "D9,Mei Liu,GTX Pro,Harbor,Haggling,2026-01-09,,\n")
    assert extract.tables["leads"].set_index("lead_id").loc["D9", "status"] is None
    counted = {(count.place, count.column): count.examples for count in extract.report.unknown}
    assert counted["leads", "status"] == ("Haggling",)
    assert counted["opportunities", "outcome"] == ("Haggling",)


def test_a_repeated_deal_stays_once_with_its_first_stage_in_every_table(tmp_path: Path) -> None:
    extract = read(tmp_path, PIPELINE + "D3,Tom Hall,GTX Pro,Harbor,Won,2026-01-07,2026-02-09,5\n")
    assert extract.tables["leads"].set_index("lead_id").loc["D3", "status"] == "open"
    assert (extract.tables["stage_changes"]["opportunity_id"] == "D3").sum() == 1
    assert list(extract.report.rejected["reason"]) == ["duplicate_key"]
    assert extract.report.table("leads").rows_rejected == 1
    assert extract.report.table("opportunities").rows_rejected == 0


@needs_export
def test_the_real_export_gives_8800_leads_of_which_2089_are_open(real: Extract) -> None:
    leads = real.tables["leads"]
    assert leads["status"].value_counts().to_dict() == {"converted": 4238, "lost": 2473, "open": 500 + 1589}
    assert leads["lead_id"].is_unique
    assert {name: len(frame) for name, frame in real.tables.items()} == {
        "leads": 8800, "lead_features": 4 * (8800 - 1425), "opportunities": 8800, "stage_changes": 8300 + 6711,
        "products": 7, "customers": 85, "reps": 35 + 6, "teams": 6, "people": 35 + 6,
    }  # fmt: skip
    assert real.report.rejected.empty


@needs_export
def test_the_real_export_s_warts_are_mended_and_counted(real: Extract) -> None:
    mended = {mend.rule: (mend.count, mend.examples) for mend in real.report.mends}
    assert mended == {
        "product_spelling": (1480, (("GTXPro", "GTX Pro"),)),
        "sector_spelling": (12, (("technolgy", "technology"),)),
        "country_spelling": (1, (("Philipines", "Philippines"),)),
    }
    said = {gap.id: gap.rows for gap in real.report.gaps if gap.rows}
    assert said == {"open_without_account": 1425, "open_without_value": 2089, "open_without_date": 500}
    assert {note.id: note.rows for note in real.report.notes if note.rows} == {
        "lost_at_zero": 2473, "agents_without_deals": 5,
    }  # fmt: skip
    assert real.report.unknown == ()
    assert real.tables["opportunities"]["amount"].isna().sum() == 2089


@needs_export
def test_the_real_export_ends_with_2017_and_every_name_in_it_is_known(real: Extract) -> None:
    assert real.as_of == real.report.as_of == datetime(2017, 12, 31, tzinfo=UTC)
    tables = real.tables
    leads, deals = tables["leads"], tables["opportunities"]
    assert set(leads["owner_rep_id"]) <= set(tables["reps"]["rep_id"])
    assert set(leads["customer_id"].dropna()) <= set(tables["customers"]["customer_id"])
    assert set(deals["product_id"]) == set(tables["products"]["product_id"])
    assert set(tables["customers"]["parent_customer_id"].dropna()) <= set(tables["customers"]["customer_id"])
    assert set(tables["reps"]["team_id"]) == set(tables["teams"]["team_id"])
    assert leads["region"].notna().all()
    assert deals["list_amount"].notna().all()
