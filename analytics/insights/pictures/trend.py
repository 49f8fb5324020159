"""A trend as layers: lines with their gaps, the target, and names where the lines end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.insights.charts import Point, TrendChart, known
from analytics.insights.pictures.axis import Axis, value_axis
from analytics.insights.pictures.canvas import (
    AMBER,
    AXIS_SIZE,
    BASE,
    BLUE,
    GREY,
    GRID,
    HEIGHT,
    MARGIN,
    SOFT,
    WIDTH,
    Rows,
    Words,
    inline,
    text_width,
    written,
)
from analytics.insights.pictures.frame import Frame
from analytics.insights.pictures.notes import notes_of, room_for, written_notes

if TYPE_CHECKING:
    import altair

_MANY = 30  # periods from which on the line is drawn finer


def layers(chart: TrendChart, top: int) -> tuple[list[altair.Chart], int]:
    """The layers of a trend and the height they take."""
    import altair

    axis = value_axis(chart.values, chart.unit, chart.currency_symbol, chart.number_style)
    notes = notes_of(chart)
    days = tuple(point.day.toordinal() for point in chart.points)
    left = MARGIN + 10 + max(text_width(label, AXIS_SIZE) for label in axis.labels)
    frame = Frame(left, WIDTH - MARGIN - room_for(notes), top, HEIGHT - 40, days, axis.bounds)
    x, y = _scales(frame)
    parts = [*_grid(axis, frame, y), *_period_names(chart.points, frame)]
    if chart.compared_points:
        parts += _line(_rows(days, chart.compared_points), x, y, GREY, 2.5)
    if chart.target:
        target = altair.Chart(inline([{"y": chart.target.value}]))
        dashed = target.mark_rule(color=AMBER, strokeWidth=2, strokeDash=[6, 4])
        parts.append(dashed.encode(y=y, x=altair.value(frame.left), x2=altair.value(frame.right)))
    parts += [*_band(chart, days, x, y), *_own_line(chart, days, x, y)]
    return [*parts, *(written(words) for words in written_notes(notes, chart, frame))], HEIGHT


def _scales(frame: Frame) -> tuple[altair.X, altair.Y]:
    import altair

    across = altair.Scale(domain=list(frame.span), range=list(frame.sides), zero=False, nice=False)
    up = altair.Scale(domain=list(frame.bounds), range=[frame.bottom, frame.top], zero=False, nice=False)
    return altair.X("x:Q", axis=None, scale=across), altair.Y("y:Q", axis=None, scale=up)


def _grid(axis: Axis, frame: Frame, y: altair.Y) -> list[altair.Chart]:
    import altair

    ticks = zip(axis.ticks, axis.labels, strict=True)
    rows = altair.Chart(inline([{"y": tick, "label": label} for tick, label in ticks]))
    colour = altair.condition("datum.y == 0", altair.value(BASE), altair.value(GRID))
    text = rows.mark_text(align="right", baseline="middle", fontSize=AXIS_SIZE, color=SOFT)
    return [
        rows.mark_rule().encode(y=y, x=altair.value(frame.left), x2=altair.value(frame.right), color=colour),
        text.encode(y=y, x=altair.value(frame.left - 8), text="label:N"),
    ]


def _period_names(points: Sequence[Point], frame: Frame) -> list[altair.Chart]:
    """As many periods as can be named without touching, the last one always."""
    widest = max(text_width(point.on_axis, AXIS_SIZE) for point in points) + 16
    fitting = max(1, int((frame.right - frame.left + widest) / widest))
    every = -(-len(points) // fitting)
    names = []
    for place in range(len(points) - 1, -1, -every):
        half = text_width(points[place].on_axis, AXIS_SIZE) / 2
        x = max(min(frame.across(place), WIDTH - 4 - half), 4 + half)
        names.append(written(Words(points[place].on_axis, x, HEIGHT - 18, AXIS_SIZE, SOFT, align="center")))
    return names


def _rows(days: Sequence[int], points: Sequence[Point]) -> Rows:
    """One row a period; an unknown value stays null, which breaks the line."""
    return [{"x": day, "y": next(iter(known([point.value])), None)} for day, point in zip(days, points, strict=False)]


def _band(chart: TrendChart, days: Sequence[int], x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """Where the expected values may lie, opening from the last point before them."""
    import altair

    rows: Rows = []
    for place, (day, point) in enumerate(zip(days, chart.points, strict=True)):
        before = known([chart.points[place - 1].value]) if place else ()
        if point.interval is None:
            continue
        if not rows and before:
            rows.append({"x": days[place - 1], "y": before[0], "y2": before[0]})
        rows.append({"x": day, "y": point.interval[0], "y2": point.interval[1]})
    if not rows:
        return []
    data = altair.Chart(inline(rows))
    shape = data.mark_area(color=BLUE, opacity=0.16) if len(rows) > 1 else data.mark_rule(
        color=BLUE, opacity=0.25, strokeWidth=14
    )  # fmt: skip
    return [shape.encode(x=x, y=y, y2="y2:Q")]


def _own_line(chart: TrendChart, days: Sequence[int], x: altair.X, y: altair.Y) -> list[altair.Chart]:
    """The line, dashed to what is unfinished or expected; a dot on its last value and on the last actual one."""
    rows = _rows(days, chart.points)
    width = 2.2 if len(rows) >= _MANY else 3.5
    open_ones = (place for place, point in enumerate(chart.points) if point.unfinished or point.expected)
    finished = next(open_ones, len(rows))
    parts = _line(rows[:finished], x, y, BLUE, width)
    if 0 < finished < len(rows):
        parts += _line(rows[finished - 1 :], x, y, BLUE, width, dash=[3, 4])
    for place in sorted({chart.actual_place, chart.last_place} - {-1}):
        point = chart.points[place]
        parts.append(_dots([rows[place]], x, y, BLUE, 130, hollow=point.unfinished or point.expected))
    return parts


def _line(
    rows: Rows, x: altair.X, y: altair.Y, colour: str, width: float, dash: list[int] | None = None
) -> list[altair.Chart]:
    """A line that breaks where a value is unknown, and a dot for a value with none beside it."""
    import altair

    line = altair.Chart(inline(rows)).mark_line(
        color=colour,
        strokeWidth=width,
        strokeCap="round",
        strokeJoin="round",
        strokeDash=dash or [1, 0],
        invalid="break-paths-show-domains",
    )
    parts = [line.encode(x=x, y=y)]
    there = [False, *(row["y"] is not None for row in rows), False]
    alone = [
        row
        for row, sides in zip(rows, zip(there, there[1:], there[2:], strict=False), strict=False)
        if sides == (False, True, False)
    ]
    if alone:
        parts.append(_dots(alone, x, y, colour, 60, hollow=False))
    return parts


def _dots(rows: Rows, x: altair.X, y: altair.Y, colour: str, size: int, *, hollow: bool) -> altair.Chart:
    import altair

    fill, stroke = ("white", colour) if hollow else (colour, "white")
    dots = altair.Chart(inline(rows)).mark_point(
        shape="circle", filled=True, opacity=1, size=size, fill=fill, stroke=stroke, strokeWidth=2.5
    )
    layer: altair.Chart = dots.encode(x=x, y=y)
    return layer
