"""The additive model: exact contributions, honest chances."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.models.additive import AdditiveModel, fit_additive
from analytics.models.lifecycle import metrics


@pytest.fixture(scope="module")
def learned() -> tuple[pd.DataFrame, np.ndarray]:
    """4,000 leads: visits help up to a point, an unknown job hurts, a quote helps at fairs and hurts elsewhere."""
    return _leads(4000, seed=3)


@pytest.fixture(scope="module")
def model(learned: tuple[pd.DataFrame, np.ndarray]) -> AdditiveModel:
    return fit_additive(*learned)


def _leads(count: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    visits = rng.gamma(1.5, 4, count)
    job = rng.choice(np.array(["Director", "Buyer", None], dtype=object), count)
    quote, fair = rng.random(count) < 0.5, rng.random(count) < 0.5
    odds = 0.4 * np.minimum(visits, 6) - 2.0 - 1.2 * (job == None) + 2.0 * ((quote & fair) | (~quote & ~fair))  # noqa: E711
    features = pd.DataFrame(
        {
            "visits": np.where(rng.random(count) < 0.1, np.nan, visits),
            "job": job,
            "quote": quote.astype(float),
            "channel": np.where(fair, "Trade show", "Search"),
            "shoe_size": rng.normal(42, 2, count),
        }
    )
    return features, (rng.random(count) < 1 / (1 + np.exp(-odds))).astype(float)


def test_contributions_add_up_to_the_log_odds_of_the_chance(model: AdditiveModel) -> None:
    leads, _ = _leads(1000, seed=4)
    chances = model.chances(leads)
    added = model.base + model.contributions(leads).sum(axis=1).to_numpy()
    assert np.abs(added - np.log(chances / (1 - chances))).max() < 1e-9


def test_chances_of_new_leads_are_calibrated(model: AdditiveModel) -> None:
    leads, converted = _leads(4000, seed=5)
    chances, weights = model.chances(leads), np.ones(4000)
    limit = metrics.calibration_limit(chances, weights, np.random.default_rng(0))
    assert metrics.calibration_error(chances, converted, weights) < limit


def test_features_that_matter_only_together_are_found(model: AdditiveModel) -> None:
    leads, converted = _leads(4000, seed=6)
    assert metrics.auc(model.chances(leads), converted, np.ones(4000)) > 0.75
    assert {"quote", "channel"} in [{pair.first, pair.second} for pair in model.pairs]


def test_what_does_not_matter_contributes_little(model: AdditiveModel) -> None:
    leads, _ = _leads(1000, seed=7)
    sizes = model.contributions(leads).abs().mean()
    assert sizes["shoe_size"] < 0.2 * sizes["visits"]


def test_not_knowing_the_job_counts_as_a_fact_of_its_own(model: AdditiveModel) -> None:
    leads, _ = _leads(1000, seed=8)
    added = model.contributions(leads)["job"]
    assert added[leads["job"].isna()].mean() < added[leads["job"].notna()].mean() - 0.5


def test_a_channel_never_seen_before_is_scored_like_a_rare_one(model: AdditiveModel) -> None:
    leads, _ = _leads(10, seed=9)
    chances = model.chances(leads.assign(channel="Carrier pigeon"))
    assert np.isfinite(chances).all()


def test_a_feature_that_the_source_stopped_giving_counts_as_missing(model: AdditiveModel) -> None:
    leads, _ = _leads(10, seed=9)
    without, empty = leads.drop(columns="visits"), leads.assign(visits=np.nan)
    assert np.allclose(model.chances(without), model.chances(empty))


def test_the_same_leads_give_the_same_model(learned: tuple[pd.DataFrame, np.ndarray], model: AdditiveModel) -> None:
    leads, _ = _leads(100, seed=10)
    assert (fit_additive(*learned).log_odds(leads) == model.log_odds(leads)).all()


def test_leads_that_count_twice_weigh_like_two_leads() -> None:
    features, converted = _leads(600, seed=11)
    weights = np.where(np.arange(600) < 300, 2.0, 1.0)
    twice = np.r_[np.arange(600), np.arange(300)]
    weighted = fit_additive(features, converted, weights)
    repeated = fit_additive(features.take(twice), converted[twice])
    assert np.corrcoef(weighted.log_odds(features), repeated.log_odds(features))[0, 1] > 0.95


def test_leads_that_nothing_tells_apart_all_get_the_same_chance() -> None:
    features = pd.DataFrame({"channel": ["Search"] * 300})
    chances = fit_additive(features, np.r_[np.ones(90), np.zeros(210)]).chances(features)
    assert np.allclose(chances, 0.3, atol=0.01)
