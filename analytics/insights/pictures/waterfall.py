"""A change as a waterfall: both ends as full bars, between them each step where the one before it ended."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from analytics.insights.charts import WaterfallChart
from analytics.insights.pictures.canvas import (
    BASE,
    BLUE,
    DARK,
    GREY,
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

_ROW, _BAR = 38, 25
_WIDEST_NAME = 210
_ZOOM_FROM = 0.4  # levels that differ by less than this share of the highest are drawn from near the lowest on
_BELOW = 0.6  # of the difference then lies below the lowest level, so that both ends stay bars


def layers(chart: WaterfallChart, top: int) -> tuple[list[altair.Chart], int]:
    """The layers of a waterfall and the height they take."""
    import altair

    lowest, highest = domain(chart.levels)
    rows = _rows(chart, lowest if lowest > 0 else 0.0)
    top -= 8
    height = top + len(rows) * _ROW + MARGIN - 8
    names = min(max(text_width(str(row["label"]), LABEL_SIZE) for row in rows), _WIDEST_NAME)
    values = max(text_width(str(row["shown"]), LABEL_SIZE, bold=True) for row in rows)
    left, right = MARGIN + names + 12, WIDTH - MARGIN - values - 10
    scale = altair.Scale(domain=[lowest, highest], range=[left, right], nice=False, zero=False)
    x, x2 = altair.X("from:Q", axis=None, scale=scale), altair.X2("to:Q")
    down = altair.Scale(domain=[0, len(rows)], range=[top, top + len(rows) * _ROW], nice=False)
    y, at = altair.Y("top:Q", axis=None, scale=down), altair.Y("middle:Q", axis=None, scale=down)
    data = altair.Chart(inline(rows))
    bars = data.mark_bar(cornerRadius=2, strokeWidth=1).encode(
        x=x, x2=x2, y=y, y2="bottom:Q", color=_own_colour(), stroke=altair.Stroke("colour:N", scale=None)
    )
    named = data.mark_text(align="right", baseline="middle", fontSize=LABEL_SIZE, color=INK, limit=_WIDEST_NAME)
    valued = data.mark_text(
        align="left", baseline="middle", fontSize=LABEL_SIZE, fontWeight="bold", color=INK, dx=7
    ).encode(x=altair.X("end:Q", axis=None, scale=scale), y=at, text="shown:N")
    parts = [*_links(chart, x, y), bars, named.encode(x=altair.value(left - 12), y=at, text="label:N"), valued]
    if lowest > 0:
        point = (highest - lowest) / (right - left)
        parts += _cuts(len(rows), lowest, point, x, y)
    if lowest < 0 < highest:
        zero = altair.Chart(inline([{"from": 0}])).mark_rule(color=BASE)
        parts.append(zero.encode(x=x, y=altair.value(top), y2=altair.value(top + len(rows) * _ROW)))
    return parts, height


def domain(levels: tuple[float, ...]) -> tuple[float, float]:
    """From which to which value the bars are drawn; above zero only where the steps would be too small to see."""
    lowest, highest = min(levels), max(levels)
    difference = highest - lowest
    if lowest > 0 and 0 < difference < _ZOOM_FROM * highest:
        return max(0.0, lowest - _BELOW * difference), highest
    lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    return lowest, highest if highest > lowest else lowest + 1


def _rows(chart: WaterfallChart, base: float) -> Rows:
    levels = chart.levels
    bars = [(chart.before.label, chart.before.shown, base, levels[0], DARK)]
    for step, (start, end) in zip(chart.steps, pairwise(levels), strict=True):
        colour = GREY if step.unexplained else ORANGE if step.value < 0 else BLUE
        bars.append((step.label, step.shown, start, end, colour))
    bars.append((chart.after.label, chart.after.shown, base, chart.after.value or 0.0, DARK))
    inset = (1 - _BAR / _ROW) / 2
    return [
        {
            "label": label, "shown": shown, "from": start, "to": end, "end": max(start, end), "colour": colour,
            "top": place + inset, "bottom": place + 1 - inset, "middle": place + 0.5,
        }
        for place, (label, shown, start, end, colour) in enumerate(bars)
    ]  # fmt: skip


def _own_colour() -> altair.Color:
    import altair

    return altair.Color("colour:N", scale=None)


def _links(chart: WaterfallChart, x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """Thin lines that lead from where a step ends to where the next begins."""
    import altair

    rows: Rows = [
        {"from": level, "top": place + 0.5, "bottom": place + 1.5} for place, level in enumerate(chart.levels)
    ]
    return [altair.Chart(inline(rows)).mark_rule(color=BASE).encode(x=x, y=y, y2="bottom:Q")]


def _cuts(rows: int, lowest: float, point: float, x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """Two slanted gaps near the foot of both ends: these bars do not start at zero. `point`: a point in values."""
    import altair

    parts = []
    for place in (0, rows - 1):
        for foot in (9, 15):
            ends: Rows = [
                {"from": lowest + (foot - 3) * point, "top": place + 0.9},
                {"from": lowest + (foot + 3) * point, "top": place + 0.1},
            ]
            parts.append(altair.Chart(inline(ends)).mark_line(color="white", strokeWidth=3).encode(x=x, y=y))
    return parts
