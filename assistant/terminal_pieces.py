"""An answer's Markdown in pieces for a terminal: its lines, and its tables taken apart again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from assistant.terminal_table import Align, text_table

_FENCE = "```"
_RULE = "─"


@dataclass(frozen=True)
class Coded:
    """The lines of a block of code."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table's cells; `width` is what it takes on a line."""

    headers: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int


def pieces(text: str) -> Iterator[str | Coded]:
    """The lines of a text, and its blocks of code without their fences. A fence that is never closed is a line."""
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        if lines[place] == _FENCE and _FENCE in lines[place + 1 :]:
            end = lines.index(_FENCE, place + 1)
            yield Coded(tuple(lines[place + 1 : end]))
            place = end + 1
        else:
            yield lines[place]
            place += 1


def grid_of(lines: Sequence[str]) -> Grid | None:
    """The cells of a table that `text_table` laid out; None for anything else, such as a row over several lines."""
    if len(lines) < 3 or set(lines[1]) - {_RULE, " "} or not lines[1]:
        return None
    bounds = _bounds(lines[1])
    cut = [_cut(line, bounds) for line in (lines[0], *lines[2:])]
    aligns = tuple(
        _align(column, end - start) for column, (start, end) in zip(zip(*cut, strict=True), bounds, strict=True)
    )
    headers, *rows = (tuple(cell.strip() for cell in line) for line in cut)
    width = bounds[-1][1]
    same = text_table(headers, rows, aligns, width) == "\n".join(lines)
    return Grid(headers, aligns, tuple(rows), width) if same else None


def _bounds(rule: str) -> list[tuple[int, int]]:
    """Where each column starts and ends, in cells."""
    bounds, start = [], 0
    for part in rule.split("  "):
        bounds.append((start, start + len(part)))
        start += len(part) + 2
    return bounds


def _cut(line: str, bounds: Sequence[tuple[int, int]]) -> list[str]:
    cells = ["" for _ in bounds]
    place = 0
    for character in line:
        wide = cell_len(character)
        for number, (start, end) in enumerate(bounds):
            if start <= place - (not wide) < end:
                cells[number] += character
        place += wide
    return cells


def _align(cells: Sequence[str], width: int) -> Align:
    flush = all(cell_len(cell) == width and not cell.endswith(" ") for cell in cells)
    return "right" if flush else "left"
