"""Answers and reports on a terminal: colour and tables there, plain lines in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from assistant.question import Answer
from assistant.terminal_charts import drawn_lines
from assistant.terminal_pieces import Coded, Grid, grid_of, pieces
from assistant.terminal_table import text_table

if TYPE_CHECKING:
    from analytics.sources.report import ImportReport

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def show_answer(answer: Answer) -> None:
    """The answer as people read it: bold as bold, reasons green or red by their sign, small print dim.

    Charts stand under the headline, a trend in one line.
    """
    headline, gap, rest = answer.text.partition("\n\n")
    for line in headline.split("\n"):
        console.print(_styled(line), soft_wrap=True)
    for picture in answer.pictures:
        for drawn in drawn_lines(picture.chart, console.width):
            console.print(drawn, soft_wrap=True)
    for piece in pieces(f"{gap[1:]}{rest}") if gap else ():
        if isinstance(piece, Coded):
            _show_table(piece)
        else:
            console.print(_styled(piece), soft_wrap=True)


def _show_table(coded: Coded) -> None:
    """A table in colour where it fits the terminal, narrowed where not; in a pipe as it is."""
    grid = grid_of(coded.lines) if console.is_terminal else None
    if grid is not None and grid.width + len(grid.headers) - 1 <= console.width:
        console.print(_coloured(grid))
        return
    lines = coded.lines
    if grid is not None:
        lines = tuple(text_table(grid.headers, grid.rows, grid.aligns, console.width).split("\n"))
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _coloured(grid: Grid) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold cyan", border_style="dim", pad_edge=False, show_edge=False)
    for header, align in zip(grid.headers, grid.aligns, strict=True):
        table.add_column(Text(header), justify=align, no_wrap=True)
    for row in grid.rows:
        table.add_row(*(Text(cell, style=_judged(cell)) for cell in row))
    return table


def _judged(cell: str) -> str:
    """Green or red where a change is marked as good or bad."""
    return "green" if cell.endswith("✓") else "red" if cell.endswith("✗") else ""


def _styled(line: str) -> Text:
    text = Text()
    bullet = line.startswith("- ")
    line = f"   {line.removeprefix('- ')}" if bullet else line
    for turn, words in enumerate(line.split("**")):
        text.append(words, style="bold" if turn % 2 else "")
    if line.startswith("> "):
        return Text(line.removeprefix("> "), style="dim")
    if bullet and line.startswith("   + "):
        text.stylize("green")
    elif bullet and line.startswith("   − "):
        text.stylize("red")
    elif line.startswith(("Read as:", "理解为：", "理解為：")):
        text.stylize("dim italic")
    return text


def show_import(report: ImportReport, language: str) -> None:
    """What an import took, mended, could not read and does not have."""
    counted = Table(title=_of(report.title, language), title_justify="left", box=None, pad_edge=False)
    for column, justify in (("table", "left"), ("rows in", "right"), ("taken", "right"), ("rejected", "right")):
        counted.add_column(column, justify="right" if justify == "right" else "left")
    for table in report.tables:
        counted.add_row(table.table, f"{table.rows_in:,}", f"{table.rows_out:,}", f"{table.rows_rejected:,}")
    console.print(counted)
    for mend in report.mends:
        examples = ", ".join(f"{before!r} → {after!r}" for before, after in mend.examples[:3])
        place = f"{mend.file}.{mend.column}" if mend.column else mend.file
        console.print(f"[green]mended[/]   {mend.count:,} × {escape(place)}: {escape(examples)}", soft_wrap=True)
    for unknown in report.unknown:
        examples = ", ".join(map(repr, unknown.examples[:3]))
        place = f"{unknown.place}.{unknown.column} ({unknown.doubt})"
        console.print(f"[yellow]unclear[/]  {unknown.count:,} × {escape(place)}: {escape(examples)}", soft_wrap=True)
    for remark in (*report.gaps, *report.notes):
        rows = f" ({remark.rows:,} rows)" if remark.rows is not None else ""
        console.print(f"[cyan]note[/]     {escape(_of(remark.text, language))}{rows}", soft_wrap=True)
    if report.rejected_file is not None:
        where = escape(str(report.rejected_file))
        console.print(f"[red]rejected[/] {len(report.rejected):,} rows, each with its reason: {where}", soft_wrap=True)


def _of(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
