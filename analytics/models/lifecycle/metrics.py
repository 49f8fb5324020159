"""How good chances are, on weighted rows: ranking, log loss, calibration, lift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def auc(scores: Floats, happened: Floats, weights: Floats) -> float:
    """Chance that a random row that happened scores above a random one that did not, ties counting half.

    NaN where one of the two kinds is missing.
    """
    order = np.argsort(scores, kind="stable")
    ranked, yes = scores[order], (weights * happened)[order]
    no = (weights * (1 - happened))[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    yes_at, no_at = np.add.reduceat(yes, starts), np.add.reduceat(no, starts)
    below = np.cumsum(no_at) - no_at
    both = yes.sum() * no.sum()
    return float((yes_at * (below + no_at / 2)).sum() / both) if both > 0 else float("nan")


def log_losses(chances: Floats, happened: Floats) -> Floats:
    """The log loss of each row, chances kept off 0 and 1 by one in a million."""
    kept = np.clip(chances, 1e-6, 1 - 1e-6)
    return np.asarray(-(happened * np.log(kept) + (1 - happened) * np.log1p(-kept)), dtype=np.float64)


def calibration_error(chances: Floats, happened: Floats, weights: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean gap between chance and share over `bins` equal-count bins."""
    gaps = [
        abs((weights[rows] * (chances[rows] - happened[rows])).sum())
        for rows in np.array_split(np.argsort(chances, kind="stable"), bins)
    ]
    return float(sum(gaps) / weights.sum())


def calibration_limit(chances: Floats, weights: Floats, rng: np.random.Generator, draws: int = 200) -> float:
    """What `calibration_error` stays under in 95 of 100 draws of labels from the chances themselves."""
    labels = ((rng.random(len(chances)) < chances).astype(np.float64) for _ in range(draws))
    errors = [calibration_error(chances, drawn, weights) for drawn in labels]
    return float(np.quantile(errors, 0.95))


def lift_in_top_tenth(chances: Floats, happened: Floats, weights: Floats) -> float:
    """The share that happened among the tenth with the best chances, over the share among all."""
    best = np.argsort(-chances, kind="stable")[: max(len(chances) // 10, 1)]
    overall = float(np.average(happened, weights=weights))
    return float(np.average(happened[best], weights=weights[best]) / overall) if overall > 0 else float("nan")
