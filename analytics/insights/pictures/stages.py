"""A funnel: one bar a stage, and below it who went no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.insights.charts import StagesChart, known
from analytics.insights.pictures.canvas import (
    BLUE,
    INK,
    LABEL_SIZE,
    MARGIN,
    ORANGE,
    SUBTITLE_SIZE,
    WIDTH,
    Rows,
    inline,
    text_width,
)

if TYPE_CHECKING:
    import altair

_BAR, _LOST = 28, 26  # the height of a bar, and of what stands below it
_WIDEST_NAME = 210


def layers(chart: StagesChart, top: int) -> tuple[list[altair.Chart], int]:
    """The layers of a funnel and the height they take."""
    import altair

    rows = _rows(chart, top)
    height = int(rows[-1]["bottom"]) + MARGIN
    names = min(max(text_width(stage.label, LABEL_SIZE) for stage in chart.stages), _WIDEST_NAME)
    values = max(text_width(stage.shown, LABEL_SIZE, bold=True) for stage in chart.stages)
    left, right = MARGIN + names + 12, WIDTH - MARGIN - values - 10
    lowest, highest = min(0.0, *chart.measured), max(0.0, *chart.measured)
    x = altair.X(
        "value:Q",
        axis=None,
        scale=altair.Scale(domain=[lowest, highest if highest > lowest else lowest + 1], range=[left, right],
                           nice=False, zero=False),
    )  # fmt: skip
    upright = altair.Scale(domain=[0, height], range=[0, height], nice=False)
    y, middle, below = (altair.Y(f"{name}:Q", axis=None, scale=upright) for name in ("top", "middle", "below"))
    data = altair.Chart(inline(rows))
    bars = data.transform_filter("datum.known").mark_bar(cornerRadius=3, color=BLUE)
    named = data.mark_text(align="right", baseline="middle", fontSize=LABEL_SIZE, color=INK, limit=_WIDEST_NAME)
    valued = data.mark_text(align="left", baseline="middle", fontSize=LABEL_SIZE, fontWeight="bold", color=INK, dx=7)
    lost = data.transform_filter("datum.lost").mark_text(
        align="left", baseline="middle", fontSize=SUBTITLE_SIZE, color=ORANGE
    )
    return [
        bars.encode(x=x, x2=altair.X2Datum(0), y=y, y2="bottom:Q"),
        named.encode(x=altair.value(left - 12), y=middle, text="label:N"),
        valued.encode(x=x, y=middle, text="shown:N"),
        lost.encode(x=altair.value(left + 2), y=below, text="lost:N"),
    ], height


def _rows(chart: StagesChart, top: float) -> Rows:
    rows: Rows = []
    for stage in chart.stages:
        value = known([stage.value])
        rows.append({
            "label": stage.label, "shown": stage.shown, "lost": f"↓ {stage.lost}" if stage.lost else "",
            "known": bool(value), "value": value[0] if value else 0.0,
            "top": top, "bottom": top + _BAR, "middle": top + _BAR / 2, "below": top + _BAR + _LOST / 2,
        })  # fmt: skip
        top += _BAR + (_LOST if stage.lost else 10)
    return rows
