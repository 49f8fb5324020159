"""One A4 page: what was asked, the answer, its lines, its tables, its chart and the small print, as one SVG.

What does not fit is set smaller, down to _SCALES; what does not fit then is cut, and a line says how much: the chart
gives way first, then rows of the tables, the longest first, then lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.charts import Chart
from analytics.insights.pictures.canvas import BASE, BLUE, INK, SOFT
from analytics.insights.pictures.canvas import WIDTH as CHART_WIDTH
from analytics.insights.pictures.fonts import family_for
from analytics.insights.pictures.picture import drawn
from analytics.vocabulary import Figure, Unit
from assistant.export.grid import ROW_HEIGHT, drawn_grid
from assistant.export.report import Report
from assistant.export.svg import Run, lines_within, rule, text
from assistant.result import Worded
from assistant.slack.blocks import Line, lines_of

if TYPE_CHECKING:
    from assistant.explain_tables import SaidTable

PAGE = (595.28, 841.89)
"""A4 in points."""
_MARGIN = 42.0
_TITLE, _HEADLINE, _BODY, _SMALL = 10, 13, 10, 8
_LEADING = 1.42
_LEAST_CHART, _MOST_CHART = 120.0, 300.0
_LEAST_ROWS = 8
_MOST_HEADLINE_LINES, _MOST_READING_LINES, _MOST_SMALL_LINES = 4, 4, 10
_GAP = 12.0
_SCALES = (1.0, 0.88, 0.78)


@dataclass(frozen=True)
class _Paragraph:
    """Lines of words as they are laid out: where the words start, and whether a bullet stands before them."""

    lines: list[list[Run]]
    size: int
    colour: str = INK
    bullet: bool = False

    @property
    def height(self) -> float:
        """In points."""
        return len(self.lines) * self.size * _LEADING


def page(report: Report) -> str:
    """The page. Chinese without a font for it is drawn as boxes, and logged."""
    for scale in _SCALES:
        paper = _Paper(scale)
        if _laid_out(paper, report):
            break
    return paper.svg(family_for(_words(report)))


def _laid_out(paper: _Paper, report: Report) -> bool:
    """Whether all of the answer found its place."""
    said = report.said
    title = _paragraphs([Line("text", ((report.say(report.title), False),))], paper.width, _TITLE, SOFT)
    headline = _paragraphs(lines_of(said.headline), paper.width, _HEADLINE)
    headline = [_first_lines(paragraph, _MOST_HEADLINE_LINES) for paragraph in headline]
    body = _paragraphs(lines_of(said.body), paper.width, _BODY)
    reading = _paragraphs(lines_of(said.reading), paper.width, _SMALL, SOFT)
    reading = [_first_lines(paragraph, _MOST_READING_LINES) for paragraph in reading]
    small = _paragraphs(lines_of(said.small), paper.width, _SMALL, SOFT)
    foot = [*_cut_to(small, _MOST_SMALL_LINES * _SMALL * _LEADING - _height(reading)), *reading]
    paper.write(title)
    paper.line(BLUE, 1.5)
    paper.write(headline)
    bottom = paper.height - _MARGIN - _height(foot)
    whole = _fill(paper, report, body, bottom - 2 * _GAP)
    paper.y = bottom - _GAP
    paper.line(BASE, 0.75)
    paper.write(foot)
    return whole


class _Paper:
    """A page that is written from the top down; `y` is how far it is written.

    At a scale below one it holds more and is shrunk to A4 in the end.
    """

    def __init__(self, scale: float) -> None:
        self.width, self.height = PAGE[0] / scale - 2 * _MARGIN, PAGE[1] / scale
        self.y = _MARGIN
        self._parts: list[str] = []

    def write(self, paragraphs: Sequence[_Paragraph]) -> None:
        """Words below what is there."""
        for paragraph in paragraphs:
            left = _MARGIN + (_BODY if paragraph.bullet else 0)
            for number, runs in enumerate(paragraph.lines):
                base = self.y + paragraph.size * 1.06
                if paragraph.bullet and not number:
                    self._parts.append(text("•", _MARGIN, base, paragraph.size, BLUE))
                self._parts.append(text(runs, left, base, paragraph.size, paragraph.colour))
                self.y += paragraph.size * _LEADING

    def line(self, colour: str, weight: float) -> None:
        """A rule across the page."""
        self._parts.append(rule(_MARGIN, self.y + 3, self.width, colour, weight))
        self.y += 3 + weight + 5

    def put(self, piece: str, height: float) -> None:
        """Something drawn at `y` that is so high."""
        self._parts.append(piece)
        self.y += height

    def svg(self, family: str) -> str:
        """The whole page in one font family."""
        wide, high = PAGE
        box = f"0 0 {self.width + 2 * _MARGIN:.2f} {self.height:.2f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="{box}" '
            f'font-family="{family}"><rect width="100%" height="100%" fill="white"/>{"".join(self._parts)}</svg>'
        )


def _fill(paper: _Paper, report: Report, body: Sequence[_Paragraph], bottom: float) -> bool:
    """Lines, tables and chart between the headline and `bottom`; whether all of them are there in full."""
    said = report.said
    chart = said.charts[0] if said.charts else None
    picture, natural = _picture(chart, paper.width) if chart else ("", 0.0)
    held_for_chart = min(natural, _LEAST_CHART) + _GAP if chart else 0.0
    least = max(_LEAST_ROWS // max(len(said.tables), 1), 2)
    held_for_tables = sum((min(len(table.rows), least) + 2) * ROW_HEIGHT + _GAP for table in said.tables)
    kept = _cut_to(body, bottom - paper.y - _GAP - held_for_chart - held_for_tables)
    paper.y += 4
    paper.write(kept)
    if cut := _lines(body) - _lines(kept):
        paper.write(_left_out(report, paper.width, "lines", cut))
    shares = _rows_each([len(table.rows) for table in said.tables], bottom - paper.y - held_for_chart)
    for table, rows in zip(said.tables, shares, strict=True):
        paper.y += _GAP
        _put_table(paper, report, table, rows)
    if chart and bottom - paper.y - _GAP > _LEAST_CHART / 2:
        paper.y += _GAP
        paper.put(*_placed(picture, paper.width, natural, paper.y, min(bottom - paper.y, _MOST_CHART)))
    return not cut and all(rows == len(table.rows) for table, rows in zip(said.tables, shares, strict=True))


def _rows_each(tables: Sequence[int], room: float) -> list[int]:
    """How many rows of each table find room: the longest give way first. A cut table needs a line more to say so."""
    shares = list(tables)
    while sum(shares) and _rows_height(tables, shares) > room:
        shares[max(range(len(shares)), key=lambda place: shares[place])] -= 1
    return shares


def _rows_height(tables: Sequence[int], shares: Sequence[int]) -> float:
    return sum(
        _GAP + (rows + 1 if rows else 0) * ROW_HEIGHT + (ROW_HEIGHT if rows < all_rows else 0)
        for all_rows, rows in zip(tables, shares, strict=True)
    )


def _put_table(paper: _Paper, report: Report, table: SaidTable, rows: int) -> None:
    """The first rows, and a line that says how many are left out."""
    if rows:
        kept = table.rows[:rows]
        paper.put(drawn_grid(table, kept, _MARGIN, paper.y, paper.width), (rows + 1) * ROW_HEIGHT)
    if rows < len(table.rows):
        paper.y += 2
        paper.write(_left_out(report, paper.width, "rows", len(table.rows) - rows))


def _left_out(report: Report, width: float, what: str, number: int) -> list[_Paragraph]:
    left = Figure(what, number, Unit.COUNT)
    words = report.say(Worded("page_left_out", {"what": what, "left": left}))
    return _paragraphs([Line("text", ((words, False),))], width, _SMALL, SOFT)


def _paragraphs(lines: Sequence[Line], width: float, size: int, colour: str = INK) -> list[_Paragraph]:
    """The lines of an answer, each broken to the width of the page; empty ones become a little room."""
    paragraphs = []
    for line in lines:
        if not line.text.strip():
            continue
        bullet = line.kind == "bullet"
        runs = [Run(words, bold) for words, bold in line.runs]
        broken = lines_within(runs, width - (_BODY if bullet else 0), size)
        paragraphs.append(_Paragraph(broken, size, SOFT if line.kind == "small" else colour, bullet))
    return paragraphs


def _first_lines(paragraph: _Paragraph, most: int) -> _Paragraph:
    if len(paragraph.lines) <= most:
        return paragraph
    *kept, last = paragraph.lines[:most]
    return _Paragraph([*kept, [*last, Run("…")]], paragraph.size, paragraph.colour, paragraph.bullet)


def _cut_to(paragraphs: Sequence[_Paragraph], room: float) -> list[_Paragraph]:
    """The first ones that fit; where some do not, one line less for saying so."""
    if _height(paragraphs) <= room:
        return list(paragraphs)
    kept: list[_Paragraph] = []
    room -= _SMALL * _LEADING
    for paragraph in paragraphs:
        room -= paragraph.height
        if room < 0:
            break
        kept.append(paragraph)
    return kept


def _height(paragraphs: Sequence[_Paragraph]) -> float:
    return sum(paragraph.height for paragraph in paragraphs)


def _lines(paragraphs: Sequence[_Paragraph]) -> int:
    return sum(len(paragraph.lines) for paragraph in paragraphs)


def _picture(chart: Chart, width: float) -> tuple[str, float]:
    """The chart as SVG, and how high it is on the width of the page."""
    import vl_convert

    picture = str(vl_convert.vegalite_to_svg(drawn(chart, family_for(chart.words)), allowed_base_urls=[]))
    found = re.search(r'<svg[^>]* height="([\d.]+)"', picture)
    high = float(found[1]) if found else CHART_WIDTH / 2
    return picture, high * width / CHART_WIDTH


def _placed(picture: str, width: float, natural: float, y: float, room: float) -> tuple[str, float]:
    """The picture within so much room, smaller where it must be, in the middle."""
    part = min(1.0, room / natural)
    wide, high = width * part, natural * part
    place = f'x="{_MARGIN + (width - wide) / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    inner = re.sub(r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"', rf"\1 {place}", picture, count=1)
    return inner, high


def _words(report: Report) -> list[str]:
    said = report.said
    cells = [cell.text for table in said.tables for row in table.rows for cell in row]
    headers = [name for table in said.tables for name in table.columns]
    return [report.say(report.title), said.text, *cells, *headers]
