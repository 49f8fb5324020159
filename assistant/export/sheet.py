"""The figures of an answer as a table for a spreadsheet: numbers as numbers, and no text that a spreadsheet would run.

Cells that start with one of `= + - @`, a tab or a line break are taken as formulas by spreadsheets (OWASP, "CSV
Injection"); text of that kind gets an apostrophe before it, which they show as text. Numbers are left as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from analytics.vocabulary import Compared, Figure
from assistant.explain_tables import SaidTable
from assistant.export.report import Report
from assistant.result import Worded

_BOM = "\ufeff"  # without it Excel reads UTF-8 as the machine's old encoding
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "−")
_COLUMNS = (
    "kpi", "name", "unit", "from", "through", "where", "value", "target", "before", "change", "last_year",
    "last_year_change", "baseline", "share", "rows", "note",
)  # fmt: skip

Row = list[Any]


def sheet(report: Report) -> bytes:
    """The table as UTF-8 with a byte order mark: one row a figure, else the rows of the answer's own tables."""
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\r\n")
    for row in _figure_rows(report) if report.figures else _table_rows(report.said.tables):
        writer.writerow([cell_text(cell) for cell in row])
    return (_BOM + paper.getvalue()).encode("utf-8", "replace")


def cell_text(value: object) -> str:
    """A cell as it is written: a number in full, a day as ISO 8601, text without what a spreadsheet would run."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: int | float | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    return format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f") if isfinite(value) else ""


def _figure_rows(report: Report) -> Iterator[Row]:
    """Figures of one KPI, period and segment that are compared with several things stand in one row."""
    yield [report.say(Worded("csv_column", {"what": name})) for name in _COLUMNS]
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for figure in report.figures:
        period = figure.period
        days = (period.start, period.end) if period else None
        row = rows.setdefault((figure.name, days, *(figure.keys or figure.where).items()), _row(figure, report))
        row |= {name: value for name, value in _beside(figure.compared).items() if row.get(name) is None}
    for row in rows.values():
        yield [row.get(name) for name in _COLUMNS]


def _row(figure: Figure, report: Report) -> dict[str, Any]:
    period = figure.period
    return {
        "kpi": figure.name,
        "name": report.say(report.names[figure.name]) if figure.name in report.names else figure.name,
        "unit": str(figure.unit),
        "from": period.start if period else None,
        "through": period.end - timedelta(days=1) if period else None,
        "where": "; ".join(name for name in figure.where.values() if name),
        "value": figure.value,
        "target": figure.target,
        "share": figure.share,
        "rows": figure.rows,
        "note": figure.note,
    }


def _beside(compared: Compared | None) -> dict[str, Any]:
    """What a figure is compared with, in the columns of that comparison."""
    if compared is None or compared.kind == "target":
        return {}
    if compared.kind == "baseline":
        return {"baseline": compared.value}
    if compared.kind.startswith("last_year"):
        return {"last_year": compared.value, "last_year_change": compared.change}
    return {"before": compared.value, "change": compared.change}


def _table_rows(tables: tuple[SaidTable, ...]) -> Iterator[Row]:
    for number, table in enumerate(tables):
        if number:
            yield []
        yield list(table.columns)
        for row in table.rows:
            yield [cell.text if cell.value is None else cell.value for cell in row]
