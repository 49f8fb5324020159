"""Which KPIs have an unusual value in a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.insights.unusual.found import Reason, Unusual
from analytics.insights.unusual.history import (
    History,
    exposure_of,
    histories,
    rhythm_of,
    series_of,
    unjudged,
    why_not,
)
from analytics.semantic import Filter, Semantics, calendar
from analytics.vocabulary import Figure, Period

if TYPE_CHECKING:
    from analytics.insights.unusual.judge import Judged


def unusual_values(
    semantics: Semantics, kpis: Sequence[str], period: Period, *, filters: Sequence[Filter] = ()
) -> dict[str, Unusual]:
    """Each KPI's value in a day, week, month or quarter that is over, held against the same units before it.

    Nothing after the period's end is used. One query reads the past of all KPIs. A KPI that cannot be judged has a
    `reason`. QueryError where a filter does not fit.
    """
    reasons = {kpi: why_not(semantics, kpi, period, filters) for kpi in kpis}
    found = {kpi: Unusual(kpi, period, reason=reason) for kpi, reason in reasons.items()}
    rest = [kpi for kpi, reason in reasons.items() if reason is None]
    for one, _ in judged_all(semantics, rest, period, filters):
        found[one.kpi] = one
    return found


def judged_all(
    semantics: Semantics, kpis: Sequence[str], period: Period, filters: Sequence[Filter], by: str | None = None
) -> list[tuple[Unusual, int]]:
    """Each KPI's (and, `by` a dimension, each member's) value judged by itself, and by how many past errors."""
    from analytics.insights.unusual.judge import judge

    grain = calendar.shape(period, semantics.company.fiscal_year_start).grain
    rhythm = rhythm_of(grain) if grain else None
    if not kpis or grain is None or rhythm is None:
        return []
    periods, pasts = histories(semantics, kpis, period, grain, filters, by)
    exposed = exposure_of(semantics, periods)
    found = []
    for past in pasts:
        reason = unjudged(past.judged)
        judged = None if reason else judge(series_of(semantics, past, exposed, rhythm))
        found.append((_told(semantics, past, period, judged, reason), judged.errors if judged else 0))
    return found


def _told(semantics: Semantics, past: History, period: Period, judged: Judged | None, reason: Reason | None) -> Unusual:
    figure: Figure = past.judged
    value = None if figure.value is None else float(figure.value)
    if judged is None:
        return Unusual(past.kpi, period, value, where=figure.where, keys=figure.keys, reason=reason or "too_short")
    good = semantics.model.kpi(past.kpi).good
    return Unusual(
        past.kpi, period, value, judged.expected, judged.low, judged.high, judged.score, judged.is_far,
        None if good == "neither" else (judged.score > 0) == (good == "up"), figure.where, figure.keys,
    )  # fmt: skip
