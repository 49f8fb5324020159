"""Which KPIs of a summary are unusual, and why one changed; found out once a day where the days are over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.insights.summary.remembered import lasts, remembered
from analytics.insights.summary.standing import Standing
from analytics.semantic import Comparison, Filter, Semantics
from analytics.vocabulary import Period

if TYPE_CHECKING:
    from analytics.insights.drivers import Explained
    from analytics.insights.unusual import Unusual


def surprises(
    semantics: Semantics, kpis: Sequence[str], period: Period, filters: tuple[Filter, ...] = ()
) -> dict[str, Unusual]:
    """Each KPI's value held against what its past lets expect. Raises QueryError."""
    from analytics.insights.unusual import unusual_values

    over = period.end <= semantics.clock.today
    lasting = tuple(kpi for kpi in kpis if over and lasts(semantics, kpi))
    versions = tuple((kpi, semantics.model.kpi(kpi).version) for kpi in lasting)
    others = [kpi for kpi in kpis if kpi not in lasting]
    found: dict[str, Unusual] = {}
    if lasting:
        found |= remembered(
            semantics,
            "surprises",
            (versions, period, filters),
            lambda: unusual_values(semantics, lasting, period, filters=filters),
        )
    if others:
        found |= unusual_values(semantics, others, period, filters=filters)
    return found


def surprising_members(
    semantics: Semantics, kpi: str, period: Period, dimension: str, filters: tuple[Filter, ...] = ()
) -> tuple[Unusual, ...]:
    """The members of a dimension whose value is unusual, the worst first. Raises QueryError."""
    from analytics.insights.unusual import unusual_segments

    def compute() -> tuple[Unusual, ...]:
        return unusual_segments(semantics, (kpi,), period, dimension, filters=filters)

    if period.end > semantics.clock.today or not lasts(semantics, kpi):
        return compute()
    place = (kpi, semantics.model.kpi(kpi).version, period, dimension, filters)
    return remembered(semantics, "members", place, compute)


def why(
    semantics: Semantics, standing: Standing, filters: tuple[Filter, ...], dimensions: tuple[str, ...]
) -> Explained:
    """What moved a KPI from the period before, by these dimensions at most. Raises CannotExplain, QueryError."""
    from analytics.insights.drivers import explain_change

    kpi, period = standing.kpi, standing.figure.period
    assert period is not None

    def compute() -> Explained:
        return explain_change(semantics, kpi.id, period, Comparison("previous"), filters=filters, allowed=dimensions)

    if period.end > semantics.clock.today or not lasts(semantics, kpi.id):
        return compute()
    return remembered(semantics, "why", (kpi.id, kpi.version, period, filters, dimensions), compute)
