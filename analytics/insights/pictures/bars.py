"""Segments as bars, each with its name before it and its value at its end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from analytics.insights.charts import Bar, BarChart, known
from analytics.insights.pictures.canvas import (
    AMBER,
    AXIS_SIZE,
    BASE,
    BLUE,
    INK,
    LABEL_SIZE,
    MARGIN,
    ORANGE,
    WIDTH,
    Rows,
    inline,
    text_width,
)

if TYPE_CHECKING:
    import altair

_ROW = 42  # one bar and the gap below it
_WIDEST_NAME = 210


def layers(chart: BarChart, top: int) -> tuple[list[altair.Chart], int]:
    """The layers of a bar chart and the height they take."""
    import altair

    top += 14 if chart.target else -8
    height = top + len(chart.bars) * _ROW + MARGIN - 8
    before = _room_for_values(chart.bars, negative=True)
    names = min(max(text_width(bar.label, LABEL_SIZE) for bar in chart.bars), _WIDEST_NAME)
    left, right = MARGIN + names + 12 + before, WIDTH - MARGIN - _room_for_values(chart.bars, negative=False)
    lowest, highest = min(0.0, *chart.values), max(0.0, *chart.values)
    domain = [lowest, highest if highest > lowest else lowest + 1]
    x = altair.X("value:Q", axis=None, scale=altair.Scale(domain=domain, range=[left, right], nice=False, zero=False))
    band = altair.Scale(range=[top, top + len(chart.bars) * _ROW], paddingInner=0.34, paddingOuter=0.17)
    y = altair.Y("row:O", axis=None, scale=band)
    rows = altair.Chart(inline(_rows(chart.bars)))
    colour = altair.condition("datum.value < 0", altair.value(ORANGE), altair.value(BLUE))
    filled = rows.transform_filter("datum.known").mark_bar(cornerRadius=3).encode(x=x, y=y, color=colour)
    named = rows.mark_text(align="right", baseline="middle", fontSize=LABEL_SIZE, color=INK, limit=_WIDEST_NAME)
    parts = [filled, named.encode(x=altair.value(left - before - 12), y=y, text="label:N")]
    return [*parts, *_rules(chart, x, top, height - MARGIN + 8), *_values(rows, x, y)], height


def _room_for_values(bars: tuple[Bar, ...], *, negative: bool) -> float:
    """The room that the values written on one side of zero need beyond the longest bar."""
    side = [bar.shown for bar in bars if ((bar.value or 0) < 0) is negative]
    return max((text_width(shown, LABEL_SIZE, bold=True) + 12 for shown in side), default=0)


def _rows(bars: tuple[Bar, ...]) -> Rows:
    rows: Rows = []
    for number, bar in enumerate(bars):
        value = known([bar.value])
        drawn = {"known": bool(value), "value": value[0] if value else 0.0}
        rows.append({"row": number, "label": bar.label, "shown": bar.shown, **drawn})
    return rows


def _values(rows: altair.Chart, x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """The values at the ends of their bars, on a white halo where the target's line crosses them."""
    parts = []
    for stroke in ("white", "transparent"):
        text = partial(
            rows.mark_text, baseline="middle", fontSize=LABEL_SIZE, fontWeight="bold", color=INK, stroke=stroke
        )
        behind = text(align="left", dx=7, strokeWidth=5).transform_filter("datum.value >= 0")
        before = text(align="right", dx=-7, strokeWidth=5).transform_filter("datum.value < 0")
        parts += [side.encode(x=x, y=y, text="shown:N") for side in (behind, before)]
    return parts


def _rules(chart: BarChart, x: altair.X, top: float, bottom: float) -> list[altair.Chart]:
    """The line of zero where bars go both ways, and the target's with its name on top."""
    import altair

    upright = {"y": altair.value(top), "y2": altair.value(bottom)}
    parts = []
    if min(chart.values) < 0:
        parts.append(altair.Chart(inline([{"value": 0}])).mark_rule(color=BASE).encode(x=x, **upright))
    if chart.target:
        target = altair.Chart(inline([{"value": chart.target.value, "label": chart.target.label}]))
        dashed = target.mark_rule(color=AMBER, strokeWidth=2, strokeDash=[6, 4])
        named = target.mark_text(align="center", baseline="bottom", fontSize=AXIS_SIZE, color=AMBER)
        parts += [dashed.encode(x=x, **upright), named.encode(x=x, y=altair.value(top - 4), text="label:N")]
    return parts
