"""A heat map: cells as dark as their values are large, with the value in each where it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.charts import HeatChart, known
from analytics.insights.pictures.axis import short_values
from analytics.insights.pictures.canvas import (
    AXIS_SIZE,
    INK,
    LABEL_SIZE,
    MARGIN,
    SOFT,
    WIDTH,
    Rows,
    Words,
    inline,
    text_width,
    wrapped,
    written,
)
from analytics.insights.pictures.shades import UNKNOWN, Shades, is_dark

if TYPE_CHECKING:
    import altair

_ROW, _GAP = 34, 2
_WIDEST_NAME = 150
_LINE = 16  # of a column's name
_MOST_LINES = 3
_CELL_SIZES = (14, 12)  # sizes of type in a cell, the larger where it fits
_LEGEND = 34
_LEGEND_WIDTH = 150


@dataclass(frozen=True)
class _Grid:
    """Where the cells lie: the left edge, the top, and the width of one column."""

    left: float
    top: float
    column: float


def layers(chart: HeatChart, top: int) -> tuple[list[altair.Chart], int]:
    """The layers of a heat map and the height they take."""
    names = min(max(text_width(name, LABEL_SIZE) for name, _ in chart.rows), _WIDEST_NAME)
    left = MARGIN + names + 10
    column = (WIDTH - MARGIN - left) / len(chart.columns)
    heads = _column_names(chart.columns, column)
    depth = max(len(lines) for lines in heads)
    grid = _Grid(left, top + depth * _LINE + 2, column)
    parts = [*_heads(heads, grid), *_row_names(chart, grid), *_cells(chart, grid)]
    bottom = int(grid.top + len(chart.rows) * _ROW)
    legend = _legend(chart, grid, bottom + 12)
    return [*parts, *legend], bottom + (_LEGEND if legend else 6) + MARGIN - 8


def _column_names(columns: Sequence[str], width: float) -> list[list[str]]:
    """The names over several lines; where not even parts of words fit side by side, only some columns are named."""
    if width >= 44:
        return [wrapped(name, width - 6, AXIS_SIZE, _MOST_LINES) for name in columns]
    widest = max(text_width(name, AXIS_SIZE) for name in columns) + 8
    every = -(-int(widest) // max(int(width), 1))
    return [[name] if place % every == 0 else [] for place, name in enumerate(columns)]


def _heads(heads: Sequence[Sequence[str]], grid: _Grid) -> list[altair.Chart]:
    return [
        written(Words(line, grid.left + (place + 0.5) * grid.column, grid.top - 12 - (len(lines) - 1 - number) * _LINE,
                      AXIS_SIZE, SOFT, align="center"))
        for place, lines in enumerate(heads)
        for number, line in enumerate(lines)
    ]  # fmt: skip


def _row_names(chart: HeatChart, grid: _Grid) -> list[altair.Chart]:
    return [
        written(Words(name, grid.left - 10, grid.top + (place + 0.5) * _ROW, LABEL_SIZE, INK, align="right",
                      most=_WIDEST_NAME))
        for place, (name, _) in enumerate(chart.rows)
    ]  # fmt: skip


def _cells(chart: HeatChart, grid: _Grid) -> list[altair.Chart]:
    import altair

    texts, size = _texts(chart, grid.column)
    shades = _shades(chart)
    rows: Rows = []
    for down, (_, cells) in enumerate(chart.rows):
        for across, cell in enumerate(cells):
            value = known([cell.value])
            group = {"all": 0, "row": down, "column": across}[chart.scale]
            colour = shades[group].of(value[0]) if value else UNKNOWN
            left, top = grid.left + across * grid.column, grid.top + down * _ROW
            rows.append({
                "x": left + _GAP / 2, "x2": left + grid.column - _GAP / 2, "y": top + _GAP / 2,
                "y2": top + _ROW - _GAP / 2, "xm": left + grid.column / 2, "ym": top + _ROW / 2, "colour": colour,
                "text": texts[down][across] if value else "–",
                "ink": SOFT if not value else "white" if is_dark(colour) else INK,
            })  # fmt: skip
    data = altair.Chart(inline(rows))
    squares = data.mark_rect(cornerRadius=2).encode(
        x=_across("x"), x2="x2:Q", y=_down("y"), y2="y2:Q", color=altair.Color("colour:N", scale=None)
    )
    words = data.mark_text(align="center", baseline="middle", fontSize=size).encode(
        x=_across("xm"), y=_down("ym"), text="text:N", color=altair.Color("ink:N", scale=None)
    )
    return [squares, words]


def _across(field: str) -> altair.X:
    import altair

    return altair.X(f"{field}:Q", axis=None, scale=altair.Scale(domain=[0, WIDTH], range=[0, WIDTH], nice=False))


def _down(field: str) -> altair.Y:
    import altair

    return altair.Y(f"{field}:Q", axis=None, scale=altair.Scale(domain=[0, 1000], range=[0, 1000], nice=False))


def _shades(chart: HeatChart) -> list[Shades]:
    """The colours of what is compared: of everything, of each row or of each column."""
    rows = [[cell.value for cell in cells] for _, cells in chart.rows]
    columns = [[values[place] for values in rows] for place in range(len(chart.columns))]
    everything = [value for values in rows for value in values]
    groups = {"all": [everything], "row": rows, "column": columns}[chart.scale]
    return [Shades.between(known(group) or (0.0,)) for group in groups]


def _texts(chart: HeatChart, width: float) -> tuple[list[list[str]], int]:
    """What stands in the cells and how large: the value as worded, else shortened, else nothing."""
    whole = [[cell.shown for cell in cells] for _, cells in chart.rows]
    for texts in (whole, _shortened(chart)):
        for size in _CELL_SIZES:
            if max(text_width(text, size) for row in texts for text in row) <= width - 6:
                return texts, size
    return [["" for _ in row] for row in whole], _CELL_SIZES[-1]


def _shortened(chart: HeatChart) -> list[list[str]]:
    if chart.scale != "all":  # of different units
        return [[cell.shown for cell in cells] for _, cells in chart.rows]
    values = [known([cell.value]) for _, cells in chart.rows for cell in cells]
    short = iter(short_values([value[0] for value in values if value], chart.unit, chart.number_style))
    return [[next(short) if known([cell.value]) else "–" for cell in cells] for _, cells in chart.rows]


def _legend(chart: HeatChart, grid: _Grid, top: float) -> list[altair.Chart]:
    """From the lowest to the highest value, and what a cell without colour means."""
    import altair

    parts: list[altair.Chart] = []
    cells = [cell for _, row in chart.rows for cell in row]
    there = sorted((cell for cell in cells if known([cell.value])), key=lambda cell: cell.value or 0.0)
    x, middle = grid.left, top + 7
    if chart.scale == "all" and (there[0].value or 0) < (there[-1].value or 0):
        shades = Shades.between(chart.measured)
        low, high = there[0], there[-1]
        least, most = known([low.value, high.value])
        x += text_width(low.shown, AXIS_SIZE) + 8
        steps = 40
        strip: Rows = [
            {"x": x + _LEGEND_WIDTH * n / steps, "x2": x + _LEGEND_WIDTH * (n + 1) / steps + 0.5,
             "y": top, "y2": top + 14, "colour": shades.of(least + (most - least) * n / (steps - 1))}
            for n in range(steps)
        ]  # fmt: skip
        parts.append(altair.Chart(inline(strip)).mark_rect().encode(
            x=_across("x"), x2="x2:Q", y=_down("y"), y2="y2:Q", color=altair.Color("colour:N", scale=None)
        ))  # fmt: skip
        parts.append(written(Words(low.shown, x - 8, middle, AXIS_SIZE, SOFT, align="right")))
        x += _LEGEND_WIDTH + 8
        parts.append(written(Words(high.shown, x, middle, AXIS_SIZE, SOFT)))
        x += text_width(high.shown, AXIS_SIZE) + 24
    if len(there) < len(cells) and chart.unknown:
        square: Rows = [{"x": x, "x2": x + 22, "y": top, "y2": top + 14}]
        box = altair.Chart(inline(square)).mark_rect(color=UNKNOWN, cornerRadius=2)
        parts.append(box.encode(x=_across("x"), x2="x2:Q", y=_down("y"), y2="y2:Q"))
        parts.append(written(Words("–", x + 11, middle, AXIS_SIZE, SOFT, align="center")))
        parts.append(written(Words(chart.unknown, x + 28, middle, AXIS_SIZE, SOFT)))
    return parts
