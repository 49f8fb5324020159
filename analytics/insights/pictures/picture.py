"""A chart as a Vega-Lite specification, laid out on a canvas of fixed width: nothing to size, no legend to look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analytics.insights.charts import BarChart, Chart, StagesChart, TrendChart, WaterfallChart
from analytics.insights.pictures import bars, heat, stages, trend, waterfall
from analytics.insights.pictures.canvas import MARGIN, SOFT, SUBTITLE_SIZE, TITLE_SIZE, WIDTH, Words, written

if TYPE_CHECKING:
    import altair


def drawn(chart: Chart, family: str) -> dict[str, Any]:
    """The Vega-Lite specification of a chart, all its data in it, written in one font family."""
    import altair

    top = 74 if chart.subtitle else 56
    layers, height = _layers(chart, top)
    picture = (
        altair.layer(*_heading(chart), *layers)
        .properties(width=WIDTH, height=height, padding=0, autosize=altair.AutoSizeParams(type="none"))
        .configure(font=family, background="white")
        .configure_view(stroke=None)
    )
    return dict(picture.to_dict())


def _layers(chart: Chart, top: int) -> tuple[list[altair.Chart], int]:
    if isinstance(chart, TrendChart):
        return trend.layers(chart, top)
    if isinstance(chart, BarChart):
        return bars.layers(chart, top)
    if isinstance(chart, WaterfallChart):
        return waterfall.layers(chart, top)
    return stages.layers(chart, top) if isinstance(chart, StagesChart) else heat.layers(chart, top)


def _heading(chart: Chart) -> list[altair.Chart]:
    room = WIDTH - 2 * MARGIN
    heading = [Words(chart.title, MARGIN, 26, TITLE_SIZE, bold=True, most=room)]
    if chart.subtitle:
        heading.append(Words(chart.subtitle, MARGIN, 48, SUBTITLE_SIZE, SOFT, most=room))
    return [written(words) for words in heading]
