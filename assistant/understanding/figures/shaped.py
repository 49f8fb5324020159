"""How the figures are to be shown: as a trend, as shares of the whole, running up, as a chart."""

from __future__ import annotations

from analytics.vocabulary import Unit
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked

_AVERAGES = {Unit.SHARE, Unit.RATIO, Unit.SCORE, Unit.DAYS, Unit.HOURS}
_FILLERS = ("ignore", "by", "which", "what_is", "greeting", "loose_performance")


def shaped(asked: Asked, context: Context) -> Asked:
    """Trend, share, running total and chart, by their words."""
    trends, shares, runs = asked.places("trend", "line_chart"), asked.places("share"), asked.places("running")
    charts, percents = asked.places("chart", "line_chart"), asked.places("in_percent")
    shares_already = all(context.model.kpis[kpi].unit is Unit.SHARE for kpi in asked.kpis)
    return asked.having_read(
        [*trends, *shares, *runs, *charts, *percents],
        trend=bool(trends) and asked.grain is None,
        share=bool(shares) or (bool(percents) and not shares_already),
        running=bool(runs),
        as_chart=bool(charts),
    )


def fillers(asked: Asked, context: Context) -> Asked:
    """Words that carry nothing here; comparing words do where two things stand side by side."""
    places = asked.places(*_FILLERS)
    several = len(asked.kpis) > 1 or len(asked.dimensions) > 0 or len(asked.whose) > 1
    places += asked.places("against", "compare") if several else []
    places += asked.places("kpi_list") if asked.kpis else []
    units = {context.model.kpis[kpi].unit for kpi in asked.kpis}
    places += asked.places("average") if units and units <= _AVERAGES else []
    return asked.having_read(places)
