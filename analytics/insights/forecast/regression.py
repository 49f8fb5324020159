"""A ridge regression with a logarithmic link: level times growth times season times weekday times festival.

Fitted as a quasi-Poisson model (Santos Silva & Tenreyro 2006, "The Log of Gravity", eq. 8), so that zeros need no
special case, what is forecast is never negative, and sums over many units are unbiased. Values that go below zero are
fitted on their own scale instead, by weighted ridge least squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.forecast.design import Design

if TYPE_CHECKING:
    from analytics.insights.forecast.design import Floats

_RIDGE = 0.02
_ROUNDS = 25
_CLOSE = 1e-4
_STEEPEST = 3.0  # e to the third: twenty times the mean is the most that a unit is expected to hold
_LEAST = -12.0
_DAMPED = 0.5  # years; the growth seen goes on for half a year, ever less


@dataclass(frozen=True)
class Shape:
    """What of the design is used: `waves` sine waves a year, growth or none, and in how many years the past counts
    half."""

    waves: int
    growth: bool
    half_life: float


def path_of(design: Design, values: Floats, ahead: int, waves: int, *, growth: bool) -> Floats:
    """Expected values of the `ahead` units after those of `values`: the mean of a short memory and a longer one.

    A plain mean of several models is hard to beat (Clemen 1989, "Combining forecasts"), and nothing is chosen for it.
    """
    import numpy as np

    shapes = [Shape(waves, growth, half_life) for half_life in (0.5, 1.0)]
    mean: Floats = np.mean([_path(design, values, ahead, shape) for shape in shapes], axis=0)
    return mean


def _path(design: Design, values: Floats, ahead: int, shape: Shape) -> Floats:
    import numpy as np

    seen = len(values)
    spread = float(np.mean(np.abs(values)))
    if spread == 0:
        return np.zeros(ahead)
    columns = [design.waves[: seen + ahead, : 2 * shape.waves], design.calendar[: seen + ahead]]
    if shape.growth:
        columns.append(_damped(design.years[: seen + ahead], seen)[:, None])
    x = np.hstack(columns)
    age = design.years[seen - 1] - design.years[:seen]
    weights = 0.5 ** (age / shape.half_life)
    weights /= weights.mean()
    varied = x[:seen].std(axis=0) > 0
    x = (x[:, varied] - x[:seen, varied].mean(axis=0)) / x[:seen, varied].std(axis=0)
    x = np.hstack([np.ones((len(x), 1)), x])
    usual = float(np.average(values, weights=weights))
    if values.min() >= 0 and usual > 0:
        told = x[seen:] @ _log_linear(x[:seen], values / usual, weights)
        return usual * np.exp(np.minimum(told, _STEEPEST))
    return spread * (x[seen:] @ _linear(x[:seen], values / spread, weights))


def _damped(years: Floats, seen: int) -> Floats:
    """Years as they were, and from the last value on ever slower ones."""
    import numpy as np

    beyond = np.maximum(0, years - years[seen - 1])
    damped: Floats = np.minimum(years, years[seen - 1]) + _DAMPED * (1 - np.exp(-beyond / _DAMPED))
    return damped


def _log_linear(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Coefficients by iteratively reweighted least squares; the first column of `x` is the level, `y` has mean 1."""
    import numpy as np

    penalty = _penalty(x)
    told = np.log((y + 1) / 2)
    coefficients: Floats = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        mu = np.exp(told)
        weighted = x * (weights * mu)[:, None]
        before = coefficients
        coefficients = _solved(weighted.T @ x + penalty, weighted.T @ (told + (y - mu) / mu))
        told = np.clip(x @ coefficients, _LEAST, _STEEPEST)
        if np.max(np.abs(coefficients - before)) < _CLOSE:
            break
    return coefficients


def _linear(x: Floats, y: Floats, weights: Floats) -> Floats:

    weighted = x * weights[:, None]
    return _solved(weighted.T @ x + _penalty(x), weighted.T @ y)


def _solved(matrix: Floats, right: Floats) -> Floats:
    import numpy as np

    return np.asarray(np.linalg.solve(matrix, right), dtype=float)


def _penalty(x: Floats) -> Floats:
    """Everything but the level is drawn towards no effect."""
    import numpy as np

    return np.diag([0.0, *[_RIDGE * len(x)] * (x.shape[1] - 1)])
