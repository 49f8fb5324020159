"""Tables and charts of an answer -> Block Kit: Slack's own where they fit, else text, or a picture sent after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analytics.insights.charts import BarChart, Chart, TrendChart
from assistant.slack import limits
from assistant.slack.native import NumberCell, bar_chart, data_table, line_chart

if TYPE_CHECKING:
    from assistant.explain import Explanation
    from assistant.explain_tables import SaidCell, SaidTable

Block = dict[str, Any]
TEXT_TABLE_WIDTH = 76
"""Cells that Slack shows side by side in a block of code on a desktop."""
_TEXT_TABLE_CHARACTERS = 4_000  # more rows than that nobody reads as text
_UNCOUNTED = 400  # captions and labels of charts, which our count of a message leaves out


def table_blocks(said: Explanation, room: int) -> list[Block]:
    """The tables in at most `room` characters; several each under its caption."""
    blocks: list[Block] = []
    room -= _UNCOUNTED
    for table in said.tables:
        if len(said.tables) > 1:
            blocks.append(_caption(table.caption))
        left = room - limits.message_size(None, blocks)
        native = _native(table)
        if native is not None and _fits(native, blocks, left):
            blocks.append(native)
        else:
            blocks += _as_text(table, said, left)
    return blocks


def chart_blocks(charts: tuple[Chart, ...]) -> list[Block]:
    """The charts that Slack can draw itself; the others go out as pictures."""
    return [block for chart in charts if (block := chart_block(chart)) is not None][: limits.CHARTS]


def chart_block(chart: Chart) -> Block | None:
    """Slack's own chart, None where it does not fit or where Slack has none of this kind."""
    if isinstance(chart, TrendChart):
        return line_chart(chart)
    return bar_chart(chart) if isinstance(chart, BarChart) else None


def without_native(blocks: list[Block]) -> list[Block]:
    """The same message for a Slack that refuses its own tables and charts: tables as text, charts left out."""
    return [
        _code(_plain_table(block)) if block["type"] == "data_table" else block
        for block in blocks
        if block["type"] != "data_visualization"
    ]


def _native(table: SaidTable) -> Block | None:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return data_table(table.caption, table.columns, rows)


def _cell(cell: SaidCell) -> str | NumberCell:
    return cell.text if cell.value is None else NumberCell(cell.value, cell.text)


def _fits(native: Block, blocks: list[Block], room: int) -> bool:
    return limits.message_size(None, [native]) <= room and not any(limits.block_faults([*blocks, native]))


def _as_text(table: SaidTable, said: Explanation, room: int) -> list[Block]:
    """As many rows as there is room for, and a line that says how many are left out."""
    most = min(room, _TEXT_TABLE_CHARACTERS)
    kept = len(table.rows)
    while kept and (size := len(table.as_text(TEXT_TABLE_WIDTH, kept))) > most:
        kept = max(0, min(kept - 1, kept * most // size))
    blocks = [_code(table.as_text(TEXT_TABLE_WIDTH, kept))] if kept else []
    if kept < len(table.rows):
        line = {"type": "plain_text", "text": said.rows_left_out(len(table.rows) - kept), "emoji": False}
        blocks.append({"type": "context", "elements": [line]})
    return blocks


def _code(text: str) -> Block:
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [element]}


def _caption(text: str) -> Block:
    words = {"type": "text", "text": text, "style": {"bold": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [words]}]}


def _plain_table(block: Block) -> str:
    from assistant.terminal_table import Align, text_table

    header, *rows = [[str(cell["text"]) for cell in row] for row in block["rows"]]
    aligns: list[Align] = ["right" if cell["type"] == "raw_number" else "left" for cell in block["rows"][1]]
    return text_table(header, rows, aligns, TEXT_TABLE_WIDTH)
