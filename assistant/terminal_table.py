"""Tables and trends in plain text, for a terminal, a pipe or a block of code."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Literal

from rich.cells import cell_len, set_cell_size

Align = Literal["left", "right"]
_BETWEEN = "  "
_LEAST = 8  # cells that a shortened name keeps
_LEVELS = "▁▂▃▅▆▇"  # without ▄ and █, which many fonts set lower or wider


def text_table(headers: Sequence[str], rows: Sequence[Sequence[str]], aligns: Sequence[Align], width: int) -> str:
    """A table of at most `width` cells; a Chinese character takes two.

    Names (left) are shortened to fit, numbers (right) never are: where they do not fit, each row becomes a few lines.
    """
    lines = [[_one_line(cell) for cell in line] for line in (headers, *rows)]
    widths = _widths(lines, aligns, width)
    if widths is None:
        return _one_below_the_other(lines[0], lines[1:])
    rule = ["─" * wide for wide in widths]
    return "\n".join(_laid_out(line, widths, aligns) for line in (lines[0], rule, *lines[1:]))


def sparkline(values: Sequence[float | None]) -> str:
    """A trend in one line, from the lowest value to the highest; an unknown value is a gap, equal values lie flat."""
    known = [value for value in values if value is not None and isfinite(value)]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    return "".join(
        " " if value is None or not isfinite(value) else _LEVELS[_level(value, low, high)] for value in values
    )


def _level(value: float, low: float, high: float) -> int:
    if low == high:
        return 2
    return round((value - low) / (high - low) * (len(_LEVELS) - 1))


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _widths(lines: Sequence[Sequence[str]], aligns: Sequence[Align], width: int) -> list[int] | None:
    """How wide each column becomes; None where even shortened names leave too little room."""
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    names = [place for place, align in enumerate(aligns) if align == "left"]
    while sum(widths) + len(_BETWEEN) * (len(widths) - 1) > width:
        longest = max(names, key=lambda place: widths[place], default=None)
        if longest is None or widths[longest] <= _LEAST:
            return None
        widths[longest] -= 1
    return widths


def _laid_out(line: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    cells = []
    for text, wide, align in zip(line, widths, aligns, strict=True):
        room = wide - cell_len(text)
        if room < 0:
            cells.append(set_cell_size(f"{set_cell_size(text, wide - 1).rstrip()}…", wide))
        else:
            cells.append(" " * room + text if align == "right" else text + " " * room)
    return _BETWEEN.join(cells).rstrip()


def _one_below_the_other(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n\n".join(
        "\n".join(f"{header}: {cell}" for header, cell in zip(headers, row, strict=True)) for row in rows
    )
