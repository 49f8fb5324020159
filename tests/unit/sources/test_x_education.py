"""Decided leads of an education company: features, leaks declared, one whole file and one damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.sources.extract import Extract, read_source
from analytics.sources.find import find_mapping

REAL = Path(__file__).resolve().parents[3] / "../shared/data/x_education"
pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the x_education export is not on this machine")

LEAKY = {
    "tags", "lead_quality", "lead_profile", "asymmetrique_activity_index", "asymmetrique_profile_index",
    "asymmetrique_activity_score", "asymmetrique_profile_score", "last_activity", "last_notable_activity",
}  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Extract:
    return read_source(find_mapping("x_education"), REAL / "Leads.csv")


def test_every_lead_is_decided_and_ordered_by_its_number(real: Extract) -> None:
    leads = real.tables["leads"]
    assert leads["status"].value_counts().to_dict() == {"lost": 5679, "converted": 3561}
    assert leads["source_order"].is_unique
    assert (leads["source_order"].min(), leads["source_order"].max()) == (579533, 660737)
    assert leads["do_not_contact"].sum() == 2
    assert set(leads.columns) == {"lead_id", "status", "do_not_contact", "source_order", "source_id"}
    assert real.as_of is None
    assert real.company_defaults is None


def test_what_is_known_only_afterwards_is_marked_leaky(real: Extract) -> None:
    features = real.tables["lead_features"]
    assert set(features.loc[features["leaky"].astype(bool), "name"]) == LEAKY
    assert set(features.loc[~features["leaky"].astype(bool), "name"]).isdisjoint(LEAKY)
    assert features["name"].nunique() == 37 - 4
    assert "converted" not in set(features["name"])


def test_numbers_are_numbers_and_select_is_no_answer(real: Extract) -> None:
    features = real.tables["lead_features"]
    numbers = features[features["number"].notna()]
    assert set(numbers["name"]) == {
        "totalvisits", "total_time_spent_on_website", "page_views_per_visit",
        "asymmetrique_activity_score", "asymmetrique_profile_score",
    }  # fmt: skip
    assert numbers["text"].isna().all()
    assert (numbers["name"] == "totalvisits").sum() == 9240 - 137
    assert not features["text"].isin(["Select", "unknown", "", "google"]).any()
    assert not features.duplicated(["lead_id", "name"]).any()


def test_mends_are_counted(real: Extract) -> None:
    assert {(mend.rule, mend.column): mend.count for mend in real.report.mends} == {
        ("missing_marker", "Country"): 5,
        ("missing_marker", "Specialization"): 1942,
        ("missing_marker", "How did you hear about X Education"): 5043,
        ("missing_marker", "Lead Profile"): 4146,
        ("missing_marker", "City"): 2249,
        ("lead_source_spelling", "Lead Source"): 5,
    }
    assert real.report.unknown == ()
    assert real.report.rejected.empty


def test_rows_of_the_damaged_file_are_rejected_with_their_reason_where_unwrapping_is_off() -> None:
    mapping = find_mapping("x_education")
    as_it_stands = mapping.files["leads"].model_copy(update={"unwrap": False})
    extract = read_source(
        mapping.model_copy(update={"files": {"leads": as_it_stands}}), REAL / "Leads_DAMAGED_ttng51.csv"
    )
    count = extract.report.table("leads")
    assert (count.rows_in, count.rows_out, count.rows_rejected) == (9240, 8902, 338)
    assert set(extract.report.rejected["reason"]) == {"row_in_one_cell"}
    assert extract.tables["leads"]["status"].notna().all()


def test_the_damaged_file_loses_no_row(real: Extract) -> None:
    extract = read_source(find_mapping("x_education"), REAL / "Leads_DAMAGED_ttng51.csv")
    assert extract.report.table("leads").rows_rejected == 0
    assert extract.tables["leads"].equals(real.tables["leads"])
    assert next(mend.count for mend in extract.report.mends if mend.rule == "row_in_one_cell") == 338
