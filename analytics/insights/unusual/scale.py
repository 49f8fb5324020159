"""Robust spread: the median absolute deviation, and how far chance alone carries a count or a share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NORMAL = 1.4826  # the MAD of a normal distribution is its standard deviation over this


def spread(errors: Floats) -> float:
    """The standard deviation of errors around zero, from their median size: half of them may be anything.

    Rousseeuw & Croux (1993), Alternatives to the median absolute deviation. Around zero, not around their median: a
    forecast that leans to one side counts as that much less sure, and few errors need no correction as theirs do.
    """
    return float(np.median(np.abs(errors))) * _NORMAL


def root_mean_square(errors: Floats) -> float:
    """Their size, large ones included; widened where they are few."""
    count = len(errors)
    return float(np.sqrt(np.mean(errors**2))) * (1 + 1 / count) if count else 0.0


def two_sided(scores: Floats, freedom: Floats) -> Floats:
    """The chance of a score at least as far from zero, by Student's t: estimated spreads have heavy tails."""
    from scipy.special import stdtr

    found: Floats = 2 * stdtr(freedom, -np.abs(scores))
    return found


def discoveries(chances: Floats, share: float) -> npt.NDArray[np.bool_]:
    """Which of many chances to call real so that at most `share` of the calls are false, on average.

    Benjamini & Hochberg (1995), Controlling the false discovery rate.
    """
    count = len(chances)
    order = np.argsort(chances)
    below = chances[order] <= share * np.arange(1, count + 1) / max(count, 1)
    called = np.zeros(count, dtype=np.bool_)
    if below.any():
        called[order[: int(np.flatnonzero(below)[-1]) + 1]] = True
    return called
