"""A Result's tables with every cell and title in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.vocabulary import Figure
from assistant.explain_charts import Say, number
from assistant.result import Cell, Table, Worded
from assistant.terminal_table import Align, text_table


@dataclass(frozen=True)
class SaidCell:
    """A cell in words; `value` is the number it is sorted by, None where it holds no number."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class SaidTable:
    """A table in words, numbers aligned right."""

    caption: str
    columns: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[tuple[SaidCell, ...], ...]

    def as_text(self, width: int, most: int | None = None) -> str:
        """The first `most` rows (None: all) as plain text for a block of code, which no cell can end."""
        rows = [[_in_code(cell.text) for cell in row] for row in self.rows[:most]]
        return text_table([_in_code(column) for column in self.columns], rows, self.aligns, width)


def said_table(table: Table, say: Say) -> SaidTable:
    """The table in words."""
    return SaidTable(
        caption=say(table.caption),
        columns=tuple(say(column.title) for column in table.columns),
        aligns=tuple("right" if column.right else "left" for column in table.columns),
        rows=tuple(tuple(_cell(cell, say) for cell in row) for row in table.rows),
    )


def _cell(cell: Cell, say: Say) -> SaidCell:
    """A phrase is sorted by the figure among its facts that is called `value`."""
    figure = cell.facts.get("value") if isinstance(cell, Worded) else cell
    return SaidCell(say(cell), number(figure) if isinstance(figure, Figure) else None)


def _in_code(text: str) -> str:
    return text.replace("```", "'''")


def fenced(tables: Iterable[SaidTable], width: int) -> str:
    """Tables as blocks of code in Markdown; each under its caption where there are several."""
    shown = list(tables)
    blocks = [f"```\n{table.as_text(width)}\n```" for table in shown]
    if len(shown) == 1:
        return blocks[0]
    return "\n\n".join(f"**{table.caption}**\n{block}" for table, block in zip(shown, blocks, strict=True))
