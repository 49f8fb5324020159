"""One value against its own past: predicted as each past value can be predicted from those before it.

The level is the median of the last few values, less what the season adds; how many, how much of the season and how
much business a day off holds are what would have predicted this series' past best. The spread is that of the same
predictions' errors in the past, so that whatever is not understood of a series widens what is usual for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from analytics.insights.unusual.scale import Floats, root_mean_square, spread
from analytics.insights.unusual.series import Scaled, Series

# Robust standard deviations: Leys et al. (2013), Detecting outliers: do not use standard deviation around the mean, use
# absolute deviation around the median. In quiet demo companies 3 calls under one value of a hundred (bench_unusual.py).
FAR = 3.0
FEWEST_ERRORS = 8
_DAY_OFF = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
_SEASON_WEIGHTS = (0.5, 0.8)
_NO_ECHO = 3  # the fewest values whose median one odd value does not carry along
_ENOUGH_OF_A_SEASON = 5  # errors of the same weeks of other years, to tell that they are harder to predict
_TRUST_IN_A_SEASON = 0.8  # so few vary by themselves


@dataclass(frozen=True)
class Judged:
    """What was expected of the last value, what would not be unusual, and its distance in standard deviations."""

    expected: float
    low: float
    high: float
    score: float
    errors: int

    @property
    def is_far(self) -> bool:
        """Whether the value by itself is unusual."""
        return abs(self.score) > FAR


@dataclass(frozen=True)
class _Fit:
    """Predictions of one way to predict: `at[t]` on the scale, NaN before there are any; `cost` of its past errors."""

    scaled: Scaled
    at: Floats
    errors: Floats
    cost: float


def judge(series: Series) -> Judged | None:
    """The last value against what the others let expect; None where they are too few, or none is like it."""
    last = len(series.values) - 1
    known = np.flatnonzero(~np.isnan(series.values[:last]))
    if len(known) < FEWEST_ERRORS + 1:
        return None
    fit = _best_fit(series, known)
    past = known[~np.isnan(fit.errors[known])]
    usual = _usual_spread(series, fit, past)
    if usual is None:
        return None
    scaled, at = fit.scaled, float(fit.at[last])
    far = FAR * usual / float(scaled.sure[last])
    score = (float(scaled.at[last]) - at) * float(scaled.sure[last]) / usual
    low, high = scaled.back(at - far, last), scaled.back(at + far, last)
    return Judged(scaled.back(at, last), low, high, score, len(past))


def _usual_spread(series: Series, fit: _Fit, past: np.ndarray) -> float | None:
    """Of the errors; near a long holiday, and in a season whose predictions were worse, no less than of those."""
    near = series.exposure.near_holiday
    quiet = past[~near[past]]
    if len(quiet) < FEWEST_ERRORS:
        return None
    usual = max(spread(fit.errors[quiet]), fit.scaled.floor)
    last, season, blur = len(series.values) - 1, series.rhythm.season, series.rhythm.blur
    years = range(1, last // season + 1)
    years_ago = np.array([last - season * n + step for n in years for step in range(-blur, blur + 1)], dtype=np.int64)
    of_season = np.intersect1d(years_ago, past)
    if len(of_season) >= _ENOUGH_OF_A_SEASON:
        usual = max(usual, _TRUST_IN_A_SEASON * root_mean_square(fit.errors[of_season]))
    if near[last]:
        alike = past[near[past]]
        if not len(alike):
            return None
        usual = max(usual, root_mean_square(fit.errors[alike]))
    return usual if usual > 0 else None


# --- the best way to predict


def _best_fit(series: Series, known: np.ndarray) -> _Fit:
    """First by what a day off is worth, then by the season's weight, then by how far back the level reaches."""
    least = 1 if series.kind == "level" else _NO_ECHO
    fitting = [m for m in series.rhythm.windows if least <= m <= len(known) // 3] or [least]
    middle = fitting[len(fitting) // 2]
    longest = max(fitting)

    def fit(scaled: Scaled, season: Floats, window: int) -> _Fit:
        return _fitted(scaled, known, season, window, longest)

    worth = _DAY_OFF if series.kind == "flow" else (1.0,)
    flat = np.zeros(len(series.values))
    best = min((fit(Scaled(series, day_off), flat, middle) for day_off in worth), key=lambda one: one.cost)
    seasons = _seasons(best.scaled.at, known, series.rhythm.season, series.rhythm.blur)
    chosen = flat
    for season in seasons:
        tried = fit(best.scaled, season, middle)
        if tried.cost < best.cost:
            best, chosen = tried, season
    return min((fit(best.scaled, chosen, window) for window in fitting), key=lambda one: one.cost)


def _fitted(scaled: Scaled, known: np.ndarray, season: Floats, window: int, longest: int) -> _Fit:
    """Predicts every value from the `window` known ones before it; costs are of those that all windows can predict."""
    at = np.full(len(scaled.at), np.nan)
    plain = (scaled.at - season)[known]
    levels = np.median(sliding_window_view(plain, window), axis=-1)
    at[known[window:]] = levels[:-1]
    at[-1] = levels[-1]
    at += season
    errors = (scaled.at - at) * scaled.sure
    shared = errors[known[longest:]]
    return _Fit(scaled, at, errors, float(np.mean(np.abs(shared))))


def _seasons(at: Floats, known: np.ndarray, length: int, blur: int) -> list[Floats]:
    """What the season adds to each value, by the values of the years before it only, at several weights."""
    count = len(at)
    if len(known) < length + length // 2:
        return []
    apart = at - np.interp(np.arange(count), known, _centred(at[known], length))
    apart[-1] = np.nan
    found = []
    for reach in sorted({0, blur}):
        steps = [-length * years + step for years in range(1, count // length + 1) for step in range(-reach, reach + 1)]
        earlier = np.arange(count)[:, None] + np.array(steps)
        values = np.where(earlier >= 0, apart[np.maximum(earlier, 0)], np.nan)
        held = ~np.isnan(values).all(axis=1)
        added = np.zeros(count)
        added[held] = np.nanmedian(values[held], axis=1)
        found += [weight * added for weight in _SEASON_WEIGHTS]
    return found


def _centred(values: Floats, length: int) -> Floats:
    """The median of about a season around each value, of fewer at the ends."""
    half = min(length // 2, (len(values) - 1) // 2)
    middle = np.median(sliding_window_view(values, 2 * half + 1), axis=-1)
    return np.concatenate([np.full(half, middle[0]), middle, np.full(half, middle[-1])])
