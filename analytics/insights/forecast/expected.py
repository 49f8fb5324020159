"""What a forecast says: expected values with their interval, how such ones did so far, and the pace to a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analytics.vocabulary import Figure, Grain, Period

Method = Literal["regression", "seasonal_naive", "last_value", "mean", "known"]
"""regression: calendar, growth and season; the rest are the plain forecasts it must beat. known: nothing is to come."""
State = Literal["reached", "on_track", "at_risk", "off_track"]
NOMINAL = 0.8
"""The share of actual values that an interval is made to hold."""


class CannotForecast(Exception):
    """No honest forecast is possible.

    `reason`: too_short (`needs` units of `grain` are needed, there are `has`), no_data, needs_tables (`lacking`), over,
    too_far, not_forecast (what the KPI is made of cannot be forecast), not_mature, too_many_points, too_fine (it is
    kept by `grain` only).
    """

    def __init__(
        self,
        reason: str,
        *,
        needs: int = 0,
        has: int = 0,
        grain: Grain | None = None,
        lacking: tuple[str, ...] = (),
    ) -> None:
        super().__init__(reason)
        self.reason, self.needs, self.has, self.grain, self.lacking = reason, needs, has, grain, lacking


@dataclass(frozen=True)
class Expected:
    """A value to come, in the KPI's unit, and the interval that holds it with the share NOMINAL."""

    period: Period
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Backtest:
    """How such forecasts did at `origins` past moments, each `horizon` units of `grain` ahead.

    `wape` is the sum of absolute errors over the sum of absolute values (0-1), `naive_wape` the same of the plain
    forecast `naive`; `coverage` the share of actual values inside the intervals that could be given then, which were
    made for `nominal` (None: too few to tell).
    """

    wape: float
    naive_wape: float
    coverage: float | None
    nominal: float
    origins: int
    horizon: int
    grain: Grain
    naive: Method = "seasonal_naive"


@dataclass(frozen=True)
class Pace:
    """Where a KPI stands on the way to its target, in its own unit.

    `expected_by_now` is what the forecast would have had by now on the way to the target, `gap` the expected total less
    the target, `needed_per_workday` what each remaining working day must bring (None where none is left, or the KPI
    does not add up), `chance` the chance to reach the target (0-1; None where it cannot be told).
    """

    target: float
    expected_by_now: float | None
    so_far: float | None
    gap: float
    needed_per_workday: float | None
    workdays_gone: int
    workdays_left: int
    state: State
    chance: float | None


@dataclass(frozen=True)
class Outlook:
    """Where a KPI is heading over `period`.

    `total` is the whole period, what has come so far included; `points` the units of time still to come; `history`
    those before. `so_far` is None before the period has begun.
    """

    kpi: str
    period: Period
    so_far: Figure | None
    total: Expected
    points: tuple[Expected, ...]
    history: tuple[Figure, ...]
    method: Method
    backtest: Backtest | None
    pace: Pace | None = None
