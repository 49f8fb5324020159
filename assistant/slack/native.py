"""Slack's own tables and charts, from the same data as the pictures. None is what does not fit: send a picture or text.

The shapes are those of Slack's reference (docs.slack.dev/reference/block-kit/blocks/data-table-block and
data-visualization-block, June 2026) and, for cells, of its Node types (RawNumberElement needs value and text). That a
third chart in a message is refused stands in no reference; others met it. A point needs a number, so a series with a
gap does not fit: drawn as zero it would be untrue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from analytics.insights.charts import BarChart, TrendChart
from analytics.insights.pictures.axis import Shortening, shortening
from assistant.slack import limits

Block = dict[str, Any]
EN_DASH = "–"
_PAGE = 10
_SIGNIFICANT = 6  # digits of a value that a chart shows on hovering


@dataclass(frozen=True)
class NumberCell:
    """A number in a table: sorted by `value`, shown as `text`. None is "no data" and shows a dash."""

    value: float | None
    text: str


def data_table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str | NumberCell]]) -> Block | None:
    """A table that people can sort and page through; None when it does not fit Slack's limits.

    `caption` is read out by screen readers. Empty cells get a dash: Slack refuses them.
    """
    lines = [list(columns), *rows]
    block = {
        "type": "data_table",
        "caption": caption,
        "page_size": _PAGE,
        "rows": [[_cell(cell) for cell in line] for line in lines],
    }
    return _fitting(block)


def line_chart(chart: TrendChart) -> Block | None:
    """The trend, the period before and the target as lines; None when it does not fit, has a gap or tells a forecast.

    It cannot mark an unfinished period: name it so in the point's label. Nor can it tell what is expected from what
    happened, or draw an interval. Lines are named by `name`, at most 20 long.
    """
    if any(point.expected for point in chart.points):
        return None
    places = range(len(chart.points))
    lines = [(chart.name or chart.title, [point.value for point in chart.points])]
    if chart.previous:
        before = [point.value for point in chart.compared_points]
        lines.append((chart.previous_name, [*before, *(None for _ in places[len(before) :])]))
    if chart.target:
        lines.append((chart.target.label, [chart.target.value for _ in places]))
    return _chart(chart, "line", [point.on_axis for point in chart.points], lines)


def bar_chart(chart: BarChart) -> Block | None:
    """The segments as bars; None when it does not fit, a value is unknown or there is a target (it has no rules)."""
    if chart.target:
        return None
    return _chart(
        chart,
        "bar",
        [bar.label for bar in chart.bars],
        [(chart.name or chart.title, [bar.value for bar in chart.bars])],
    )


def _cell(cell: str | NumberCell) -> Block:
    if isinstance(cell, NumberCell) and cell.value is not None and isfinite(cell.value):
        return {"type": "raw_number", "value": cell.value, "text": cell.text.strip() or EN_DASH}
    text = cell if isinstance(cell, str) else ""
    return {"type": "raw_text", "text": text.strip() or EN_DASH}


def _chart(
    chart: TrendChart | BarChart, kind: str, categories: list[str], lines: list[tuple[str, list[float | None]]]
) -> Block | None:
    short = shortening(chart.values, chart.unit, chart.currency_symbol, chart.number_style)
    axes: Block = {"categories": categories}
    if unit := short.prefix + short.suffix:
        axes["y_label"] = unit
    series = [
        {"name": name, "data": _points(categories, [_shortened(value, short) for value in values])}
        for name, values in lines
    ]
    block = {
        "type": "data_visualization",
        "title": chart.title,
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }
    return _fitting(block)


def _points(categories: list[str], values: list[float | None]) -> list[Block]:
    return [{"label": label, "value": value} for label, value in zip(categories, values, strict=True)]


def _shortened(value: float | None, short: Shortening) -> float | None:
    """In the unit that the axis names: Slack's charts write numbers as they are."""
    return None if value is None else float(f"{value / short.divisor:.{_SIGNIFICANT}g}")


def _fitting(block: Block) -> Block | None:
    return None if any(limits.block_faults([block])) else block
