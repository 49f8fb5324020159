"""Charts on a terminal: a trend in one line, a change and a funnel as bars of characters, a heat map as shades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from analytics.insights.charts import Chart, HeatChart, StagesChart, TrendChart, WaterfallChart
from analytics.insights.pictures.waterfall import domain
from assistant.terminal_table import sparkline

_BAR = "█"
_SHADES = " ░▒▓█"
_WIDEST_NAME = 28
_LEAST_BAR = 8  # cells; where there is less room, the values stand without bars


def drawn_lines(chart: Chart, width: int) -> Iterator[Text]:
    """The lines of a chart on a terminal `width` cells wide; bars of a ranking stand in its table already."""
    if isinstance(chart, TrendChart):
        yield _trend(chart, width)
    elif isinstance(chart, WaterfallChart):
        yield from _waterfall(chart, width)
    elif isinstance(chart, StagesChart):
        yield from _stages(chart, width)
    elif isinstance(chart, HeatChart):
        yield from _heat(chart, width)


def _trend(chart: TrendChart, width: int) -> Text:
    """Between the names of its first and last period, what is expected dimmer; of a long one, the end that fits."""
    room = width - 2 - 2 * max(cell_len(point.on_axis) for point in chart.points)
    points = chart.points[-max(room, 2) :]
    line = sparkline([point.value for point in points])
    actual = sum(not point.expected for point in points)
    return Text.assemble(
        (f"{points[0].on_axis} ", "dim"),
        (line[:actual], "cyan"),
        (line[actual:], "cyan dim"),
        (f" {points[-1].on_axis}", "dim"),
    )


def _waterfall(chart: WaterfallChart, width: int) -> Iterator[Text]:
    """Each step starts where the one before ended; where both ends start above zero, they begin with a break."""
    lowest, highest = domain(chart.levels)
    base = max(lowest, 0.0) if highest > 0 else 0.0
    ends = [(base, chart.levels[0]), *pairwise(chart.levels), (base, chart.after.value or 0.0)]
    labels = [chart.before.label, *(step.label for step in chart.steps), chart.after.label]
    shown = [chart.before.shown, *(step.shown for step in chart.steps), chart.after.shown]
    whole = ["", *("dim" if step.unexplained else "yellow" if step.value < 0 else "blue" for step in chart.steps), ""]
    names, room = _names(labels), _room(labels, shown, width)
    cut = lowest > 0
    for place, (name, (start, end), value, style) in enumerate(zip(names, ends, shown, whole, strict=True)):
        first, last = sorted(round((level - lowest) / (highest - lowest) * room) for level in (start, end))
        bar = _BAR * max(last - first, min(1, room))
        if cut and place in (0, len(names) - 1) and len(bar) > 2:
            bar = f"{bar[0]}╱{bar[2:]}"
        yield Text.assemble((f"{name} ", "dim"), " " * first, (bar, style or "cyan"), f" {value}")


def _stages(chart: StagesChart, width: int) -> Iterator[Text]:
    """A bar a stage, and who went no further below it."""
    labels, shown = [stage.label for stage in chart.stages], [stage.shown for stage in chart.stages]
    names, room = _names(labels), _room(labels, shown, width)
    most = max((*chart.measured, 0.0)) or 1.0
    for name, stage in zip(names, chart.stages, strict=True):
        bar = _BAR * round(max(stage.value or 0.0, 0.0) / most * room)
        yield Text.assemble((f"{name} ", "dim"), (bar, "cyan"), f" {stage.shown}" if bar else stage.shown)
        if stage.lost:
            yield Text.assemble(" " * (cell_len(name) + 1), (f"↓ {stage.lost}", "dim"))


def _heat(chart: HeatChart, width: int) -> Iterator[Text]:
    """A shade a cell under its column's name; · is no data. Not shown where the columns do not fit."""
    names = _names([name for name, _ in chart.rows])
    wide = max(2, *map(cell_len, chart.columns))
    if cell_len(names[0]) + (wide + 1) * len(chart.columns) > width:
        return
    yield Text.assemble(" " * cell_len(names[0]), *((f" {_fitted(name, wide)}", "dim") for name in chart.columns))
    for down, (name, (_, cells)) in enumerate(zip(names, chart.rows, strict=True)):
        shades = (_shade(cell.value, _compared(chart, down, across)) * wide for across, cell in enumerate(cells))
        yield Text.assemble((name, "dim"), *((f" {shade}", "cyan") for shade in shades))


def _compared(chart: HeatChart, down: int, across: int) -> list[float]:
    """The known values that one scale compares a cell with."""
    cells = {
        "all": [cell for _, row in chart.rows for cell in row],
        "row": list(chart.rows[down][1]),
        "column": [row[across] for _, row in chart.rows],
    }[chart.scale]
    return [cell.value for cell in cells if cell.value is not None]


def _shade(value: float | None, compared: Sequence[float]) -> str:
    if value is None:
        return "·"
    low, high = min(compared), max(compared)
    if low == high:
        return _SHADES[2]
    return _SHADES[1 + round((value - low) / (high - low) * (len(_SHADES) - 2))]


def _names(labels: Sequence[str]) -> list[str]:
    wide = min(max(map(cell_len, labels)), _WIDEST_NAME)
    return [_fitted(label, wide) for label in labels]


def _fitted(text: str, wide: int) -> str:
    if cell_len(text) <= wide:
        return text + " " * (wide - cell_len(text))
    return set_cell_size(f"{set_cell_size(text, wide - 1).rstrip()}…", wide)


def _room(labels: Sequence[str], shown: Sequence[str], width: int) -> int:
    """The cells the longest bar may take; 0 where that is too little to tell bars apart."""
    names = min(max(map(cell_len, labels)), _WIDEST_NAME)
    room = min(width, 100) - names - max(map(cell_len, shown)) - 2
    return room if room >= _LEAST_BAR else 0
