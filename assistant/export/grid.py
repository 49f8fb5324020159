"""A table on a page: names shortened where they must be, numbers whole and flush right."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.insights.pictures.canvas import BASE, GRID, INK, SOFT, text_width, wrapped
from assistant.explain_tables import SaidCell, SaidTable
from assistant.export.svg import Run, rule, text, tick

ROW_HEIGHT = 15.5
_SIZE = 9
_SMALLEST = 6
_BETWEEN = 10.0
_MARKS = ("✓", "✗")
_BETTER, _WORSE = "#1B7A43", "#B3321F"


def drawn_grid(table: SaidTable, rows: Sequence[Sequence[SaidCell]], x: float, y: float, width: float) -> str:
    """The headers and these rows of a table as SVG, each ROW_HEIGHT high."""
    first = next((place for place, align in enumerate(table.aligns) if align == "right"), None)
    lines = [list(table.columns), *([cell.text for cell in row] for row in rows)]
    size, widths = _widths(lines, table.aligns, width)
    parts = []
    for number, line in enumerate(lines):
        base = y + number * ROW_HEIGHT + ROW_HEIGHT * 0.68
        at = x
        for place, (cell, wide, align) in enumerate(zip(line, widths, table.aligns, strict=True)):
            shown = cell if align == "right" else wrapped(cell, wide, size, 1)[0]
            colour = SOFT if not number else _colour(cell)
            right, mark = align == "right", cell[-1:] in _MARKS
            end = at + wide
            if right and mark:
                parts.append(tick(end, base, size, colour, good=cell.endswith("✓")))
                shown, end = shown[:-1].rstrip(), end - size
            runs = [Run(shown, bold=bool(number) and place == first)]
            parts.append(text(runs, end if right else at, base, size, colour, "end" if right else "start"))
            at += wide + _BETWEEN
        parts.append(rule(x, y + (number + 1) * ROW_HEIGHT - 1, width, GRID if number else BASE, 0.5))
    return "".join(parts)


def _colour(cell: str) -> str:
    """A change that is judged has the colour of its judgement."""
    return _BETTER if cell.endswith("✓") else _WORSE if cell.endswith("✗") else INK


def _widths(lines: Sequence[Sequence[str]], aligns: Sequence[str], width: float) -> tuple[int, list[float]]:
    """How wide each column is, and the size of type: first names give way, then all is written smaller."""
    for size in range(_SIZE, _SMALLEST - 1, -1):
        widths = [max(text_width(cell, size, bold=True) for cell in column) for column in zip(*lines, strict=True)]
        room = width - _BETWEEN * (len(widths) - 1)
        names = [place for place, align in enumerate(aligns) if align != "right"]
        spare = room - sum(widths)
        if spare < 0 and names:
            longest = max(names, key=lambda place: widths[place])
            widths[longest] += spare
            if widths[longest] >= 60 or size == _SMALLEST:
                widths[longest] = max(widths[longest], 20.0)
                return size, widths
        elif spare >= 0:
            if names:
                widths[names[0]] += spare
            return size, widths
    part = room / sum(widths)
    return _SMALLEST, [wide * part for wide in widths]
