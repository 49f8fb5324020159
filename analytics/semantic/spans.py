"""For which periods a KPI is computed: whole closed months for the ledger, old enough cohorts, running buckets."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.semantic import calendar
from analytics.semantic.definition import Kpi
from analytics.semantic.faults import QueryError
from analytics.vocabulary import Grain, Period

_FINER_THAN_MONTH = (Grain.DAY, Grain.WEEK)


@dataclass(frozen=True)
class Span:
    """One period asked for and the one computed; `note` says why none is."""

    asked: Period
    computed: Period | None
    note: str | None = None


def spans_of(kpi: Kpi, asked: tuple[Period, ...], grain: Grain | None, today_end: Period) -> tuple[Span, ...]:
    """Each period as this KPI can have it. `today_end` is today.

    Raises QueryError too_fine for a trend finer than the KPI exists, too_short for a period shorter than it needs.
    """
    coarser = kpi.grains not in _FINER_THAN_MONTH or kpi.prorate is not None
    if grain in _FINER_THAN_MONTH and (coarser or kpi.shortest):
        raise QueryError("too_fine", kpi.id, str(grain), offers=("month",))
    spans = tuple(_span(kpi, period, grain, today_end) for period in asked)
    if all(span.note == "too_short" for span in spans):
        raise QueryError("too_short", kpi.id, str(kpi.shortest.days if kpi.shortest else ""), offers=("month",))
    return spans


def _span(kpi: Kpi, period: Period, grain: Grain | None, today: Period) -> Span:
    if kpi.prorate == "never":
        months = calendar.closed_months(period, today.start)
        if grain is not None and months.start < period.start:
            return Span(period, None, "not_closed")
        return Span(period, months)
    if kpi.shortest is not None and (min(period.end, today.end) - period.start).days < kpi.shortest.days:
        return Span(period, None, "too_short")
    if kpi.needs_maturity is not None and (today.start - period.end).days < kpi.needs_maturity.days:
        return Span(period, None, "not_mature")
    return Span(period, period)
