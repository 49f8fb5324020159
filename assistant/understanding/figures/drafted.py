"""What has been read -> a complete plan: what the question leaves open is filled in and said so."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from analytics.semantic.calendar import buckets, last, next_start, start_of, to_date, units
from analytics.semantic.definition import Kpi
from analytics.semantic.query import ComparisonKind
from analytics.semantic.usual import usual_period
from analytics.vocabulary import Grain, Period
from assistant.plans import ComparedWith, Days, Having, KpiQuery, OrderedBy
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked

FINEST_FIRST = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)
MOST_DIMENSIONS = 3
# How far a trend reaches back where no period is named.
_REACH = {Grain.DAY: 30, Grain.WEEK: 12, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.HALF: 4, Grain.YEAR: 3}
_MONTHS_FROM, _WEEKS_FROM = 93, 21  # days from which a trend shows more than three months, more than three weeks


def drafted(asked: Asked, kpis: tuple[str, ...], context: Context) -> KpiQuery:
    """The plan for these KPIs."""
    kpi = context.model.kpis[kpis[0]]
    period, assumed_period = _period(asked, kpi, context)
    grain = _grain(asked, kpi, period, context)
    single = not asked.dimensions and grain is None and not asked.running and not asked.share
    comparison, assumed_comparison = _comparison(asked, kpi, period, single)
    filled_in = {"period": assumed_period, "comparison": assumed_comparison, "performance": asked.performance in kpis}
    return KpiQuery(
        kpis=kpis,
        period=Days.of(period),
        dimensions=asked.dimensions[:MOST_DIMENSIONS],
        filters=asked.filters,
        grain=grain,
        comparison=comparison,
        order=_order(asked, kpis, context),
        limit=asked.limit if asked.dimensions else None,
        having=_having(asked, kpis, grain),
        share=asked.share,
        running=asked.running and grain is not None,
        as_chart=asked.as_chart,
        whose=asked.whose[0][0] if asked.whose else None,
        assumed=tuple(name for name, assumed in filled_in.items() if assumed),
    )


# --- periods


def _period(asked: Asked, kpi: Kpi, context: Context) -> tuple[Period, bool]:
    """The period, and whether the question left it open."""
    if asked.periods:
        return joined(asked.periods, context) or asked.periods[0], False
    today, starts = context.today, context.fiscal_year_start
    if asked.now:
        return to_date(Grain.DAY if kpi.type == "snapshot" else Grain(kpi.rhythm), today, starts), False
    if asked.base is not None and (under_way := _after(asked.base, context)):
        return under_way, True
    if asked.over_time or asked.grain is not None:
        grain = max(asked.grain or Grain.MONTH, kpi.grains, key=FINEST_FIRST.index)
        return last(_REACH[grain], grain, today, starts), True
    return usual_period(kpi, today, starts), True


def joined(periods: tuple[Period, ...], context: Context) -> Period | None:
    """Units that follow each other as one period: "Q2 and Q3"; None where they do not."""
    in_order = sorted(periods, key=lambda period: period.start)
    grain = in_order[0].grain
    if grain is None or any(period.grain is not grain or period.to_date for period in in_order):
        return in_order[0] if len(in_order) == 1 else None
    if any(one.end != other.start for one, other in pairwise(in_order)):
        return None
    if len(in_order) == 1:
        return in_order[0]
    return units(in_order[0].start, grain, sum(period.count for period in in_order), context.fiscal_year_start)


def _after(base: Period, context: Context) -> Period | None:
    """The unit under way where the one before it is compared with: "revenue vs last month" is about this month."""
    if base.grain is None or base.grain in (Grain.YEAR, Grain.FISCAL_YEAR) or base.count > 1:
        return None
    current = start_of(context.today, base.grain, context.fiscal_year_start)
    return to_date(base.grain, context.today, context.fiscal_year_start) if base.end == current else None


# --- trend


def _grain(asked: Asked, kpi: Kpi, period: Period, context: Context) -> Grain | None:
    """The units of the trend; none where the period is a single one of them."""
    grain = asked.grain
    if grain is None and len(asked.periods) > 1 and period not in asked.periods:
        grain = period.grain
    if grain is None and asked.over_time:
        grain = max(_fitting_grain(period), kpi.grains, key=FINEST_FIRST.index)
    if grain is None or len(buckets(period, grain, context.fiscal_year_start)) < 2:
        return None
    return grain


def _fitting_grain(period: Period) -> Grain:
    days = (period.end - period.start).days
    if days > _MONTHS_FROM:
        return Grain.MONTH
    return Grain.WEEK if days > _WEEKS_FROM else Grain.DAY


# --- comparison and order


def _comparison(asked: Asked, kpi: Kpi, period: Period, single: bool) -> tuple[ComparedWith | None, bool]:
    """What it is compared with, and whether the question left it open: one figure is never shown alone."""
    if asked.comparison is not None:
        return ComparedWith(kind=asked.comparison), False
    if asked.base is not None:
        kind = comparison_with(asked.base, period)
        return ComparedWith(kind=kind, period=Days.of(asked.base) if kind == "custom" else None), False
    if single or asked.changed:
        return ComparedWith(kind=kpi.comparison.default), True
    return None, False


def comparison_with(base: Period, period: Period) -> ComparisonKind:
    """The comparison that a named base amounts to, so that a part of a period meets the same part of the other."""
    grain = period.grain
    if (base.start, base.end) == (period.start, period.end):
        return "previous"  # "last 30 days vs previous 30 days"
    if grain is not None and base.grain is grain and base.count == period.count:
        if base.start == next_start(period.start, grain, -period.count):
            return "last_year" if grain in (Grain.YEAR, Grain.FISCAL_YEAR) and period.count == 1 else "previous"
        if (base.start.year, base.start.month, base.start.day) == _a_year_before(period.start):
            return "last_year"
    whole_year = base.grain in (Grain.YEAR, Grain.FISCAL_YEAR) and base.count == 1
    if whole_year and _in(_a_year_before(period.start), base):
        return "last_year"
    return "custom"


def _a_year_before(day: date) -> tuple[int, int, int]:
    return day.year - 1, day.month, day.day


def _in(day: tuple[int, int, int], period: Period) -> bool:
    starts, ends = period.start, period.end
    return (starts.year, starts.month, starts.day) <= day < (ends.year, ends.month, ends.day)


def _having(asked: Asked, kpis: tuple[str, ...], grain: Grain | None) -> tuple[Having, ...]:
    """The bounds, of groups or of the points of a trend: a plan that offers neither has none."""
    in_parts = bool(asked.dimensions) != (grain is not None)
    return tuple(bound for bound in asked.having if bound.kpi in kpis) if in_parts else ()


def _order(asked: Asked, kpis: tuple[str, ...], context: Context) -> OrderedBy | None:
    """Best is what the KPI's file calls good; a ranking starts with the best."""
    if asked.edge is None or not asked.dimensions:
        return None
    by = asked.order_by if asked.order_by in kpis else kpis[0]
    good_is_low = context.model.kpis[by].good == "down"
    descending = {"highest": True, "lowest": False, "worst": good_is_low}.get(asked.edge, not good_is_low)
    return OrderedBy(by=by, descending=descending)
