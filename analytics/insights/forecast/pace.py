"""How a KPI stands on the way to its target, counted in working days."""

from __future__ import annotations

import math
from datetime import date, timedelta

from analytics.insights.forecast.expected import NOMINAL, Expected, Pace, State
from analytics.semantic.holidays import HolidayCalendar
from analytics.vocabulary import Period

_SATURDAY = 5
_SURE, _LOST = 2 / 3, 0.1  # the chance from which a target is on track, and below which it is off
_LEAST_CHANCE = 0.01


def workdays(period: Period, held: HolidayCalendar | None) -> int:
    """The working days of a period: weekdays where no calendar of holidays is held."""
    if held is not None:
        return held.workdays(period)
    days = (period.start + timedelta(days=n) for n in range((period.end - period.start).days))
    return sum(day.weekday() < _SATURDAY for day in days)


def pace_to(
    target: float, total: Expected, so_far: float | None, *, good: str, adds_up: bool, period: Period, known: date,
    held: HolidayCalendar | None,
) -> Pace:  # fmt: skip
    """The pace over `period`, of which the days before `known` are known in full."""
    here = min(max(known, period.start), period.end)
    gone = workdays(Period(period.start, here), held) if here > period.start else 0
    left = workdays(Period(here, period.end), held) if here < period.end else 0
    chance = _chance(target, total, good)
    lacking = None if so_far is None else target - so_far
    reached = adds_up and good != "down" and lacking is not None and lacking <= 0
    needed = max(0.0, lacking) / left if adds_up and good != "down" and lacking is not None and left else None
    return Pace(
        target=target,
        expected_by_now=target * gone / (gone + left) if adds_up and gone + left else None,
        so_far=so_far,
        gap=total.value - target,
        needed_per_workday=needed,
        workdays_gone=gone,
        workdays_left=left,
        state=_state(target, total, good, chance, reached),
        chance=None if reached else chance,
    )


def _chance(target: float, total: Expected, good: str) -> float | None:
    """The chance to end on the good side, taking errors as normal ones that fit the interval."""
    reach = total.high - total.value
    if reach <= 0:
        return None
    quantile = _normal_quantile((1 + NOMINAL) / 2)
    above = 0.5 * math.erfc((target - total.value) / reach * quantile / math.sqrt(2))
    return min(max(above if good != "down" else 1 - above, _LEAST_CHANCE), 1 - _LEAST_CHANCE)


def _normal_quantile(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


def _state(target: float, total: Expected, good: str, chance: float | None, reached: bool) -> State:
    if reached:
        return "reached"
    if chance is None:
        fits = total.value >= target if good != "down" else total.value <= target
        return "on_track" if fits else "off_track"
    return "on_track" if chance >= _SURE else "off_track" if chance < _LOST else "at_risk"
