"""The lead score on real exports, held to figures measured by others; rows stay where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from analytics.models import lead_score
from analytics.models.lifecycle import metrics
from analytics.models.lifecycle.registry import ModelVersion, model_versions
from analytics.sources.find import find_mapping
from analytics.sources.intake import import_source
from analytics.warehouse import Warehouse

DATA = Path(__file__).parents[3] / "../shared/data"
NOT_AT_CAPTURE = ("Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity")
NUMBERS = ("TotalVisits", "Total Time Spent on Website", "Page Views Per Visit")

needs_x_education = pytest.mark.skipif(not (DATA / "x_education").exists(), reason="needs ../shared/data/x_education")
needs_crm_sales = pytest.mark.skipif(not (DATA / "crm_sales").exists(), reason="needs ../shared/data/crm_sales")


@pytest.fixture(scope="module")
def x_education() -> tuple[pd.DataFrame, np.ndarray]:
    """What was known when each lead was captured, and whether it converted, in the order of the file."""
    export = pd.read_csv(DATA / "x_education/Leads.csv", dtype=str, na_values=["Select"]).dropna(axis=1, how="all")
    later = [name for name in export if name in NOT_AT_CAPTURE or str(name).startswith("Asymmetrique")]
    features = export.drop(columns=["Prospect ID", "Lead Number", "Converted", *later]).astype(object)
    features = features.assign(**{name: features[name].astype(float) for name in NUMBERS})
    return features, export["Converted"].to_numpy(dtype=np.float64)


@needs_x_education
def test_x_education_leads_are_ranked_and_calibrated_as_well_as_the_published_models(
    x_education: tuple[pd.DataFrame, np.ndarray],
) -> None:
    features, converted = x_education
    train, test = train_test_split(np.arange(len(converted)), train_size=0.7, random_state=100)
    chances = lead_score.fit(features.iloc[train], converted[train]).chances(features.iloc[test])
    weights = np.ones(len(test))
    assert metrics.auc(chances, converted[test], weights) >= 0.875
    limit = metrics.calibration_limit(chances, weights, np.random.default_rng(0))
    assert limit < 0.03
    assert metrics.calibration_error(chances, converted[test], weights) <= limit


@needs_x_education
def test_x_education_in_order_of_lead_number_beats_history(tmp_path: Path) -> None:
    verdict = _imported("x_education", DATA / "x_education/Leads.csv", tmp_path)["lead_score"].verdict
    assert verdict["used"]
    assert verdict["order"] == "source_order"
    assert verdict["auc"]["value"] >= 0.88
    assert verdict["decided"] == 9240


@needs_crm_sales
def test_crm_sales_holds_no_usable_signal(tmp_path: Path) -> None:
    versions = _imported("crm_sales", DATA / "crm_sales", tmp_path)
    assert not versions["lead_score"].used
    assert versions["lead_score"].verdict["why"]["code"] in {"no_signal", "no_better_than_baseline"}
    assert versions["lead_worth"].used
    assert not versions["lead_minutes"].used


def _imported(source: str, path: Path, home: Path) -> dict[str, ModelVersion]:
    """The models' registry after an import."""
    warehouse = Warehouse.open(f"duckdb:///{home}/company.duckdb")
    import_source(warehouse, find_mapping(source), path, models_dir=home / "models", home=home)
    with warehouse.reader() as reader:
        return {version.model_id: version for version in model_versions(reader)}
