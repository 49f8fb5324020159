"""A KPI's past as numbers on a scale where chance is the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.insights.unusual.exposure import Exposure
from analytics.insights.unusual.scale import Floats

Kind = Literal["flow", "counted_share", "level"]
_LEAST_EXPOSURE = 0.001  # of a usual period's: a week all off still has a rate


@dataclass(frozen=True)
class Rhythm:
    """Of a unit of the calendar: how many make a season (a year; of days a week), and how many to look back on.

    Members of a dimension are looked back on less: they are many, and chance moves them more than seasons do.
    `windows` are how many of the last values may tell the level; `blur`, how many neighbours a season's unit has.
    """

    season: int
    look_back: int
    look_back_of_members: int
    windows: tuple[int, ...]
    blur: int


@dataclass(frozen=True)
class Series:
    """Values of consecutive periods, the last of which is to be judged; NaN where nothing is known.

    `kind`: a flow adds up over time, so that more days of work bring more; a counted share is one count over another;
    a level is neither. `rows`: how many rows each value stands on.
    """

    kind: Kind
    values: Floats
    rows: Floats
    exposure: Exposure
    rhythm: Rhythm


class Scaled:
    """A series' values per exposure, transformed so that chance moves them alike whatever their size.

    The square root for what adds up (Anscombe, 1948: of a Poisson count it varies by 1/2 whatever the mean), the
    arcsine root for shares of counts, the logarithm for other positive values. `sure[t]` is how much surer than a
    usual one the value at t is: an error there is multiplied with it before it is compared with others.
    """

    def __init__(self, series: Series, day_off: float) -> None:
        known = series.values[~np.isnan(series.values)]
        self.day_off = day_off
        self.exposure = np.ones(len(series.values))
        if series.kind == "flow":
            worked = series.exposure.workdays + day_off * series.exposure.days_off
            self.exposure = np.maximum(worked / max(float(np.median(worked)), 1e-9), _LEAST_EXPOSURE)
        self._by = _transform(series.kind, known)
        self.at = self._forward(series.values / self.exposure)
        self.sure = np.sqrt(self.exposure) if series.kind == "flow" else _sure(series.rows)
        self.floor = _floor(series, self._by, self.sure)

    def back(self, at: float, place: int) -> float:
        """The value that stands at `at` on this scale, in the period at `place`."""
        match self._by:
            case "root":
                value = max(at, 0.0) ** 2
            case "arcsine":
                value = float(np.sin(min(max(at, 0.0), np.pi / 2)) ** 2)
            case "log":
                value = float(np.exp(at))
            case _:
                value = at
        return value * float(self.exposure[place])

    def _forward(self, values: Floats) -> Floats:
        match self._by:
            case "root":
                return np.sqrt(values)
            case "arcsine":
                return np.arcsin(np.sqrt(values))
            case "log":
                return np.log(values)
        return values


def _transform(kind: Kind, known: Floats) -> Literal["root", "arcsine", "log", "none"]:
    if kind == "flow" and (known >= 0).all():
        return "root"
    if kind == "counted_share" and (known >= 0).all() and (known <= 1).all():
        return "arcsine"
    if kind == "level" and (known > 0).all():
        return "log"
    return "none"


def _sure(rows: Floats) -> Floats:
    """A mean of fewer rows than usual is less sure, by the root; one of more is not trusted further."""
    usual = max(float(np.median(rows[rows > 0])) if (rows > 0).any() else 1.0, 1.0)
    return np.sqrt(np.clip(rows / usual, 0.01, 1.0))


def _floor(series: Series, by: str, sure: Floats) -> float:
    """The least spread that chance alone gives, on the scale of errors: Poisson for sums of rows, binomial for shares.

    A sum of n rows of mean size a varies at least by a * sqrt(n); its square root by sqrt(a) / 2. The arcsine root
    of a share of n varies by 1 / (2 sqrt(n)).
    """
    there = ~np.isnan(series.values) & (series.rows > 0)
    if not there.any():
        return 0.0
    if by == "root":
        return float(np.sqrt(series.values[there].sum() / series.rows[there].sum()) / 2)
    if by == "arcsine":
        return float(np.median(sure[there] / (2 * np.sqrt(series.rows[there]))))
    return 0.0
