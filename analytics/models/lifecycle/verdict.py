"""Is a model better than its baseline on rows newer than those it learned from?

The rule: a model of a chance is used only where, on the newest 30% of decided rows,

1. the lower end of its AUC's 95% interval is above one half, and
2. the lower end of the 95% interval of (baseline's log loss - model's log loss) is above zero, the difference taken
   row by row (paired bootstrap over rows).

Where fewer than `FEWEST_DECIDED` rows are decided, fewer than `FEWEST_TESTED` can be tested, or a part holds one
outcome only, there is nothing to judge by and the model is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.models.lifecycle import metrics
from analytics.models.lifecycle.metrics import Floats

FEWEST_DECIDED = 200
FEWEST_TESTED = 60
FEWEST_OF_AN_OUTCOME = 10
TRAINED_SHARE = 0.7
DRAWS = 400


@dataclass(frozen=True)
class Holdout:
    """The newer rows: what happened (1 or 0), what the model and its baseline said before, each row's weight."""

    happened: Floats
    model: Floats
    baseline: Floats
    weights: Floats


def judge(holdout: Holdout, seed: int = 0) -> dict[str, Any]:
    """The verdict as JSON-ready figures: `used`, `why` (a code with its figures) and the measures of both."""
    rng = np.random.default_rng(seed)
    happened, weights = holdout.happened, holdout.weights
    auc_low, auc_high, gain_low, gain_high = _intervals(holdout, rng)
    model_loss, baseline_loss = (
        float(np.average(metrics.log_losses(chances, happened), weights=weights))
        for chances in (holdout.model, holdout.baseline)
    )
    figures = {
        "tested": len(happened),
        "base_rate": _round(float(np.average(happened, weights=weights))),
        "auc": {"value": _round(metrics.auc(holdout.model, happened, weights)), "low": auc_low, "high": auc_high},
        "log_loss": {
            "model": _round(model_loss),
            "baseline": _round(baseline_loss),
            "gain": _round(baseline_loss - model_loss),
            "low": gain_low,
            "high": gain_high,
        },
        "baseline_auc": _round(metrics.auc(holdout.baseline, happened, weights)),
        "calibration_error": {
            "value": _round(metrics.calibration_error(holdout.model, happened, weights)),
            "limit": _round(metrics.calibration_limit(holdout.model, weights, rng)),
        },
        "lift_top_tenth": _round(metrics.lift_in_top_tenth(holdout.model, happened, weights)),
    }
    ranks, gains = auc_low > 0.5, gain_low > 0.0
    code = "beats_baseline" if ranks and gains else "no_better_than_baseline" if ranks else "no_signal"
    return {"used": ranks and gains, "why": {"code": code, "auc_low": auc_low, "gain_low": gain_low}, **figures}


def too_few(decided: int, needed: int = FEWEST_DECIDED) -> dict[str, Any]:
    """The verdict where too little has been decided to judge by."""
    return {"used": False, "why": {"code": "too_few", "decided": decided, "needed": needed}}


def one_outcome(decided: int, rarer: int) -> dict[str, Any]:
    """The verdict where (almost) all rows ended the same way; `rarer` is how many did not."""
    return {"used": False, "why": {"code": "one_outcome", "decided": decided, "rarer": rarer}}


def unfit_to_judge(happened: Floats) -> dict[str, Any] | None:
    """The verdict for rows that cannot be judged by at all; None where they can."""
    if len(happened) < FEWEST_DECIDED:
        return too_few(len(happened))
    rarer = int(min(happened.sum(), len(happened) - happened.sum()))
    return one_outcome(len(happened), rarer) if rarer < FEWEST_OF_AN_OUTCOME else None


def _intervals(holdout: Holdout, rng: np.random.Generator) -> tuple[float, float, float, float]:
    saved = metrics.log_losses(holdout.baseline, holdout.happened) - metrics.log_losses(holdout.model, holdout.happened)
    rows = len(saved)
    aucs, gains = [], []
    for _ in range(DRAWS):
        weights = holdout.weights * np.bincount(rng.integers(0, rows, rows), minlength=rows)
        aucs.append(metrics.auc(holdout.model, holdout.happened, weights))
        gains.append(float(np.average(saved, weights=weights)) if weights.sum() > 0 else float("nan"))
    low, high = np.nanquantile(aucs, [0.025, 0.975])
    gain_low, gain_high = np.nanquantile(gains, [0.025, 0.975])
    return _round(float(low)), _round(float(high)), _round(float(gain_low)), _round(float(gain_high))


def _round(value: float) -> float:
    return round(value, 5)
