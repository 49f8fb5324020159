"""The ways a series can be forecast, each run from the same past moments: a regression and the plain ones it must beat.

Nothing is chosen by what came after: at each past moment a forecast rests on values before it, and so does the weight
of each part of the regression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.forecast.design import Design
from analytics.insights.forecast.expected import Method
from analytics.insights.forecast.regression import path_of
from analytics.vocabulary import Grain

if TYPE_CHECKING:
    from analytics.insights.forecast.design import Floats

SEASON: Mapping[Grain, int] = {Grain.DAY: 364, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4}
"""Units after which a year repeats; 364 days keep the weekday."""
CYCLE: Mapping[Grain, int] = {Grain.DAY: 7, Grain.WEEK: 1, Grain.MONTH: 1, Grain.QUARTER: 1}
"""Units after which a week repeats."""
FEWEST = 4
"""Past forecasts without which no interval of 80 % is to be had."""
_PARTS = tuple((waves, growth) for waves in (0, 2) for growth in (False, True))  # season and growth, each or not
_TRUST = 4  # the power by which the smaller error counts more
_RECENT = (3, 6, 12)  # cycles or units that a mean is taken over
_ENOUGH = 3  # past forecasts from which one way is trusted more than another


@dataclass(frozen=True)
class Series:
    """Values of consecutive units of `grain`, and how far they are looked ahead.

    A `flow` adds up over time; a level (a share, a state) does not. `told_in` is how many units are told as one sum:
    all for a total, one for unit by unit; by it one way is held against another. Without a `design` only plain ways are
    run.
    """

    values: Floats
    grain: Grain
    ahead: int
    flow: bool
    told_in: int
    design: Design | None = None


@dataclass(frozen=True)
class Told:
    """What each way told at the past moments `origins` (places in the series) and, in the last row, tells now."""

    origins: tuple[int, ...]
    paths: Mapping[Method, Floats]
    actual: Floats


def told_by_all(series: Series, origins: Sequence[int], seasonal: bool) -> Told:
    """Run every way from every past moment and from now; with a year of history before each, the `seasonal` ones."""
    import numpy as np

    moments = [*origins, len(series.values)]
    ways: dict[Method, Callable[[Floats], Floats]] = {}
    if seasonal:
        ways["seasonal_naive"] = lambda known: _repeated(known, SEASON[series.grain], series.ahead)
    if not seasonal or series.design is None:
        ways["last_value"] = lambda known: _repeated(known, CYCLE[series.grain], series.ahead)
        ways["mean"] = lambda known: _mean(known, CYCLE[series.grain], series.ahead)
    paths: dict[Method, Floats] = {
        method: np.array([way(series.values[:moment]) for moment in moments]) for method, way in ways.items()
    }
    actual = np.array([series.values[start : start + series.ahead] for start in origins])
    told = Told(tuple(origins), paths, actual)
    if not seasonal or series.design is None:
        return told
    paths["regression"] = _regressed(series, series.design, moments, actual)
    learned = [place for place, moment in enumerate(origins) if len(_over(series, origins, moment)) >= _ENOUGH]
    return _from(told, learned[0]) if len(learned) >= FEWEST else told


def _from(told: Told, first: int) -> Told:
    """Without the moments before there was anything to learn from."""
    return Told(
        told.origins[first:], {method: path[first:] for method, path in told.paths.items()}, told.actual[first:]
    )


def _over(series: Series, origins: Sequence[int], moment: int) -> list[int]:
    """The places of past moments whose outcome was known at a later one."""
    return [place for place, start in enumerate(origins) if start + series.ahead <= moment]


def _repeated(known: Floats, every: int, ahead: int) -> Floats:
    """The last `every` values over and over."""
    import numpy as np

    return np.resize(known[-every:], ahead)


def _mean(known: Floats, cycle: int, ahead: int) -> Floats:
    """For each place in a cycle (a weekday) the mean of the last ones, of shorter and longer memory alike."""
    import numpy as np

    usable = [cycles for cycles in _RECENT if cycles * cycle <= len(known)] or [len(known) // cycle]
    means = [known[-cycles * cycle :].reshape(cycles, cycle).mean(axis=0) for cycles in usable]
    return np.resize(np.mean(means, axis=0), ahead)


def _regressed(series: Series, design: Design, moments: Sequence[int], actual: Floats) -> Floats:
    """Regressions with and without season and growth, weighted by how each did where the outcome was known by then.

    Inverse errors as weights: Bates & Granger 1969, "The Combination of Forecasts".
    """
    import numpy as np

    parts = np.array(
        [
            [path_of(design, series.values[:moment], series.ahead, waves, growth=growth) for moment in moments]
            for waves, growth in _PARTS
        ]
    )
    chunk = CYCLE[series.grain]
    errors = np.array([np.abs(in_sums(part[:-1] - actual, chunk)).sum(axis=1) for part in parts])
    mixed = []
    for place, moment in enumerate(moments):
        over = _over(series, moments[:-1], moment)
        missed = errors[:, over].sum(axis=1) if len(over) >= _ENOUGH else np.ones(len(parts))
        trust = (missed.min() / np.maximum(missed, 1e-12)) ** _TRUST if missed.min() > 0 else (missed == 0) * 1.0
        mixed.append(trust @ parts[:, place] / trust.sum())
    return np.array(mixed)


def in_sums(paths: Floats, told_in: int) -> Floats:
    """Each row summed over every `told_in` units."""
    import numpy as np

    summed: Floats = np.add.reduceat(paths, np.arange(0, paths.shape[1], told_in), axis=1)
    return summed
