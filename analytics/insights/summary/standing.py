"""How a KPI stands: its figure beside the target, other periods, its own usual level and the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Literal

from analytics.semantic.definition import Kpi
from analytics.vocabulary import Compared, Figure, Unit

Area = Literal["financial", "operational", "customer"]
_MAD_TO_SIGMA = 1.4826  # of a normal distribution; Rousseeuw & Croux (1993), section 1
_FEWEST = 6
"""Units of history from which a usual level is told."""
_FEW_ROWS = 30
_RESTLESS = 0.25
_LEAST_SCALE = 0.03


@dataclass(frozen=True)
class Standing:
    """A KPI in a summary.

    `figure` holds the target and, in `compared`, the period before; `last_year` and `baseline` are of the same unit.
    `history` ends with the figure itself. `smoothed` stands beside a noisy one: over the last units together. `own`:
    its period is another than the summary's. `prorated`: the target is the months' share by working days.
    """

    kpi: Kpi
    figure: Figure
    last_year: Compared | None = None
    baseline: Compared | None = None
    history: tuple[Figure, ...] = ()
    smoothed: Figure | None = None
    own: bool = False
    prorated: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.figure.value is not None

    @property
    def gap(self) -> float | None:
        """How far from the target, as a part of it: positive missed, negative reached; None without one."""
        value, target = self.figure.value, self.figure.target
        if value is None or target is None:
            return None
        behind = float(target) - float(value) if self.kpi.good != "down" else float(value) - float(target)
        return behind / abs(float(target)) if float(target) else (1.0 if behind > 0 else 0.0)

    @property
    def missed(self) -> bool:
        """Whether it misses a target."""
        return self.gap is not None and self.gap > 0

    @property
    def deviation(self) -> float | None:
        """How far from its usual level, in robust standard deviations (median and MAD of the units before).

        The scale is at least what chance alone gives: of a share of n rows, and of a count.
        """
        values = [float(one.value) for one in self.history[:-1] if one.value is not None]
        if self.figure.value is None or len(values) < _FEWEST:
            return None
        usual = median(values)
        scale = max(_MAD_TO_SIGMA * median(abs(value - usual) for value in values), self._chance(usual))
        return (float(self.figure.value) - usual) / scale if scale else None

    @property
    def noisy(self) -> bool:
        """Whether one unit tells little: a ratio of few rows, or a level that jumps by a quarter from unit to unit."""
        values = [float(one.value) for one in self.history if one.value is not None]
        if not values or not self.known:
            return False
        if not self.kpi.additive.over_time and self.kpi.type != "snapshot" and (self.figure.rows or 0) < _FEW_ROWS:
            return True
        level = median(abs(value) for value in values)
        jumps = [abs(two - one) for one, two in pairwise(values)]
        return bool(jumps) and level > 0 and median(jumps) / level > _RESTLESS

    def _chance(self, usual: float) -> float:
        if self.kpi.unit is Unit.SHARE and self.figure.rows and 0 <= usual <= 1:
            return max(sqrt(usual * (1 - usual) / self.figure.rows), _LEAST_SCALE * abs(usual))
        if self.kpi.unit is Unit.COUNT:
            return max(sqrt(abs(usual)), 1.0)
        return _LEAST_SCALE * abs(usual)
