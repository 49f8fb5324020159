"""The points of a chart as the machine-readable answer prints them."""

from __future__ import annotations

from typing import Any

from analytics.insights.charts import BarChart, Chart, HeatChart, Point, StagesChart, TrendChart, WaterfallChart

_KINDS = {
    TrendChart: "line",
    BarChart: "bar",
    WaterfallChart: "waterfall",
    StagesChart: "funnel",
    HeatChart: "heatmap",
}


def json_chart(chart: Chart) -> dict[str, Any]:
    """Its title, kind, alternative text and points: one a period, bar, step, stage or cell."""
    return {"title": chart.title, "kind": _KINDS[type(chart)], "alt": chart.alt, "points": _points(chart)}


def _points(chart: Chart) -> list[dict[str, Any]]:
    if isinstance(chart, TrendChart):
        return [_period(point) for point in chart.points]
    if isinstance(chart, BarChart):
        return [{"label": bar.label, "value": bar.value} for bar in chart.bars]
    if isinstance(chart, WaterfallChart):
        before, after = (
            {"label": bar.label, "value": bar.value, "effect": effect}
            for bar, effect in ((chart.before, "before"), (chart.after, "after"))
        )
        steps = (
            {"label": step.label, "value": step.value, "effect": "unexplained" if step.unexplained else "member"}
            for step in chart.steps
        )
        return [before, *steps, after]
    if isinstance(chart, StagesChart):
        return [{"label": stage.label, "value": stage.value, "lost": stage.lost or None} for stage in chart.stages]
    return [
        {"row": name, "column": column, "value": cell.value}
        for name, cells in chart.rows
        for column, cell in zip(chart.columns, cells, strict=True)
    ]


def _period(point: Point) -> dict[str, Any]:
    shown: dict[str, Any] = {"label": point.label, "value": point.value}
    if point.expected:
        shown |= {"expected": True, "low": point.low, "high": point.high}
    return shown
