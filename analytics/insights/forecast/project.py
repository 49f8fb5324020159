"""A series -> its expected values, the way that told them, and intervals from how that way missed in the past.

Intervals are split conformal ones (Lei et al. 2018, "Distribution-Free Predictive Inference for Regression", sec. 2.2):
the error of a sum of units is measured on sums of as many units as far ahead, so that errors that go together are
counted as what they are. No model of the errors is needed; they are taken to stay as they were.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.forecast.expected import NOMINAL, Backtest, CannotForecast, Method
from analytics.insights.forecast.rivals import CYCLE, FEWEST, SEASON, Series, Told, in_sums, told_by_all
from analytics.vocabulary import Grain

if TYPE_CHECKING:
    from analytics.insights.forecast.design import Floats

_ORIGINS = 24  # past moments at most
_APART = {Grain.DAY: 7, Grain.WEEK: 1, Grain.MONTH: 1, Grain.QUARTER: 1}  # between past moments at least
_SEASON_SEEN = 1.15  # years before the first past moment: a year to repeat and some weeks to tell it from
_SHORTEST = {
    Grain.DAY: 28,
    Grain.WEEK: 6,
    Grain.MONTH: 4,
    Grain.QUARTER: 4,
}  # before the first past moment, less than a year known


@dataclass(frozen=True)
class Projection:
    """Expected values of the units to come; `missed` holds how far the same way was off, a row for a past moment."""

    path: Floats
    method: Method
    backtest: Backtest
    _series: Series
    _past: Floats
    _actual: Floats

    def stretch(self, start: int, end: int) -> tuple[float, float, float]:
        """The sum (of a level the last value) over the units [start, end) to come, and its interval."""
        series = self._series
        value = _taken(self.path[None, :], start, end, series.flow)[0]
        return (float(value), *_interval(series, float(value), self._past, self._actual, start, end))


def project(series: Series) -> Projection:
    """The best way by its past forecasts; a plain one unless the regression was better.

    Raises CannotForecast too_short.
    """
    origins, seasonal = _origins(series)
    told = told_by_all(series, origins, seasonal)
    naive: Method = "seasonal_naive" if seasonal else "last_value"
    missed = {method: _missed(series, path[:-1], told.actual) for method, path in told.paths.items()}
    method = min(missed, key=lambda name: (missed[name], name != naive))
    return Projection(
        path=told.paths[method][-1],
        method=method,
        backtest=_backtest(series, told, method, naive),
        _series=series,
        _past=told.paths[method][:-1],
        _actual=told.actual,
    )


def _origins(series: Series) -> tuple[list[int], bool]:
    """Past moments from which all units looked ahead are known by now, and whether a year is known before each."""
    last = len(series.values) - series.ahead
    for first, seasonal in ((math.ceil(SEASON[series.grain] * _SEASON_SEEN), True), (_SHORTEST[series.grain], False)):
        apart = max(_APART[series.grain], math.ceil((last - first) / _ORIGINS))
        found = list(range(last, first - 1, -apart))[::-1][-_ORIGINS:]
        if len(found) >= FEWEST:
            return found, seasonal
    needs = _SHORTEST[series.grain] + series.ahead + (FEWEST - 1) * _APART[series.grain]
    raise CannotForecast("too_short", needs=needs, has=len(series.values), grain=series.grain)


def _missed(series: Series, path: Floats, actual: Floats) -> float:
    """Weighted absolute percentage error of the sums that are told (of a level, unit by unit)."""
    import numpy as np

    told_in = series.told_in if series.flow else 1
    path, actual = in_sums(path, told_in), in_sums(actual, told_in)
    whole = float(np.abs(actual).sum())
    return float(np.abs(path - actual).sum()) / whole if whole else float(np.abs(path).sum())


def _backtest(series: Series, told: Told, method: Method, naive: Method) -> Backtest:
    path = told.paths[method][:-1]
    held, judged = _held(series, path, told)
    return Backtest(
        wape=_missed(series, path, told.actual),
        naive_wape=_missed(series, told.paths[naive][:-1], told.actual),
        coverage=held / judged if judged else None,
        nominal=NOMINAL,
        origins=len(told.origins),
        horizon=series.ahead,
        grain=series.grain,
        naive=naive,
    )


def _held(series: Series, path: Floats, told: Told) -> tuple[int, int]:
    """How many totals lay in the interval that could be given then, from past forecasts that were over; of how many."""
    held = judged = 0
    start = 0 if series.flow else series.ahead - 1
    for place, origin in enumerate(told.origins):
        over = [n for n, earlier in enumerate(told.origins) if earlier + series.ahead <= origin]
        if len(over) < FEWEST:
            continue
        value = float(_taken(path[place : place + 1], start, series.ahead, series.flow)[0])
        low, high = _interval(series, value, path[over], told.actual[over], start, series.ahead)
        judged += 1
        held += low <= float(_taken(told.actual[place : place + 1], start, series.ahead, series.flow)[0]) <= high
    return held, judged


# --- intervals


def _interval(series: Series, value: float, past: Floats, actual: Floats, start: int, end: int) -> tuple[float, float]:
    """Low and high: the past errors of like stretches, of which the interval leaves out the largest fifth.

    Errors of a flow grow with it; those of a level are taken as they were.
    """
    import numpy as np

    off: list[Floats] = []
    for first in _like(start, end, series.ahead, CYCLE[series.grain]):
        then = _taken(past, first, first + end - start, series.flow)
        came = _taken(actual, first, first + end - start, series.flow)
        off.append(np.abs(came - then) / (_scale(then, past) if series.flow else 1.0))
    errors = np.sort(np.concatenate(off))
    rank = min(len(errors), math.ceil(NOMINAL * (len(errors) + 1)))
    reach = float(errors[rank - 1]) * (abs(value) if series.flow else 1.0)
    never_negative = bool(series.values.min() >= 0)
    return (max(0.0, value - reach) if never_negative else value - reach), value + reach


def _like(start: int, end: int, ahead: int, cycle: int) -> Sequence[int]:
    """Where stretches of the same length lie about as far ahead: from half as far to twice, by whole weeks."""
    length = end - start
    step = max(cycle, length // 3 // cycle * cycle)
    first = start - (start - start // 2) // step * step
    return range(first, max(first, min(ahead - length, 2 * start + length)) + 1, step)


def _taken(paths: Floats, start: int, end: int, flow: bool) -> Floats:
    taken: Floats = paths[:, start:end].sum(axis=1) if flow else paths[:, end - 1]
    return taken


def _scale(then: Floats, past: Floats) -> Floats:
    """What relative errors are relative to; a forecast of next to nothing is no scale."""
    import numpy as np

    floor = 0.05 * float(np.mean(np.abs(past)))
    return np.maximum(np.abs(then), floor if floor > 0 else 1.0)
