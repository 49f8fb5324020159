"""A model is used only where it beats its baseline on newer leads."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from analytics.models.lifecycle import metrics
from analytics.models.lifecycle.verdict import Holdout, judge, unfit_to_judge


def _outcomes(count: int = 2000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    chances = rng.beta(2, 3, count)
    return chances, (rng.random(count) < chances).astype(float)


def test_a_model_that_knows_the_chances_beats_the_plain_rate() -> None:
    chances, happened = _outcomes()
    verdict = judge(Holdout(happened, chances, np.full(2000, happened.mean()), np.ones(2000)))
    assert verdict["used"]
    assert verdict["why"]["code"] == "beats_baseline"
    assert verdict["auc"]["low"] < verdict["auc"]["value"] < verdict["auc"]["high"]
    assert verdict["calibration_error"]["value"] < verdict["calibration_error"]["limit"]
    assert verdict["lift_top_tenth"] > 1.5


def test_a_model_as_good_as_its_baseline_is_not_used() -> None:
    chances, happened = _outcomes()
    verdict = judge(Holdout(happened, chances, chances, np.ones(2000)))
    assert not verdict["used"]
    assert verdict["why"]["code"] == "no_better_than_baseline"


def test_chances_drawn_blindly_are_no_signal() -> None:
    chances, happened = _outcomes()
    blind = np.random.default_rng(9).permutation(chances)
    verdict = judge(Holdout(happened, blind, np.full(2000, happened.mean()), np.ones(2000)))
    assert not verdict["used"]
    assert verdict["why"]["code"] == "no_signal"


def test_overconfident_chances_that_rank_well_are_not_used() -> None:
    chances, happened = _outcomes()
    extreme = np.where(chances > 0.4, 0.999, 0.001)
    verdict = judge(Holdout(happened, extreme, np.full(2000, happened.mean()), np.ones(2000)))
    assert verdict["auc"]["low"] > 0.5
    assert not verdict["used"]


@pytest.mark.parametrize(("outcomes", "code"), [(np.tile([0.0, 1.0], 50), "too_few"), (np.zeros(900), "one_outcome")])
def test_leads_that_teach_nothing_are_told_apart(outcomes: np.ndarray, code: str) -> None:
    verdict = unfit_to_judge(outcomes)
    assert verdict is not None
    assert verdict["why"]["code"] == code


def test_figures_agree_with_their_textbook_definitions() -> None:
    chances, happened = _outcomes(500, seed=3)
    chances = chances.round(1).clip(0.05, 0.95)
    weights = np.random.default_rng(1).uniform(0.5, 2, 500)
    expected = roc_auc_score(happened, chances, sample_weight=weights)
    assert metrics.auc(chances, happened, weights) == pytest.approx(expected)
    mean = np.average(metrics.log_losses(chances, happened), weights=weights)
    assert mean == pytest.approx(log_loss(happened, chances, sample_weight=weights))
