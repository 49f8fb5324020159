"""An export, read by its mapping: the warehouse's tables and a report of everything that was done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analytics.sources.check import loaded_table, readable, required_columns
from analytics.sources.mapping import Mapping, Note
from analytics.sources.mend import mend
from analytics.sources.read import ExportFile, Rejected, mark_missing, read_files, sift
from analytics.sources.report import CellCount, FileCount, ImportReport, Remark, TableCount
from analytics.sources.rows import FilledTable, fill_table
from analytics.sources.selection import selected
from analytics.warehouse.types import UtcDateTime

_REJECTED_COLUMNS = ["file", "line", "table", "reason", "column", "row"]


@dataclass(frozen=True, eq=False)
class Extract:
    """What a source gives: frames by warehouse table, in the warehouse's conventions.

    `as_of` is the latest moment in them (UTC, not after the clock given), None where there is none.
    `company_defaults` is a one-row company table for a warehouse in which no other source names the company.
    """

    source: str
    tables: dict[str, pd.DataFrame]
    as_of: datetime | None
    company_defaults: pd.DataFrame | None
    report: ImportReport


def read_source(mapping: Mapping, path: Path, *, now: datetime | None = None) -> Extract:
    """Read the export at `path` (a folder, or the file of a source that has one) by its mapping.

    With `now`, moments after it are counted and do not make the data look fresh. Raises SourceError for what the
    person who imports can mend.
    """
    files = read_files(mapping, path, required_columns(mapping))
    files = {key: mark_missing(file, mapping.missing) for key, file in files.items()}
    files, unmatched = mend(mapping, files)
    files = {key: sift(file, mapping.files[key]) for key, file in files.items()}
    filled = [fill_table(name, sets, mapping, files, now) for name, sets in mapping.tables.items()]
    as_of = _latest(filled, now)
    tables = {table.name: table.frame for table in filled}
    report = _report(mapping, files, filled, unmatched, as_of)
    return Extract(mapping.id, tables, as_of, _company(mapping), report)


def _latest(filled: list[FilledTable], now: datetime | None) -> datetime | None:
    found: list[datetime] = []
    for table in filled:
        for column in table.frame.columns:
            if isinstance(loaded_table(table.name).columns[column].type, UtcDateTime):
                moments = table.frame[column].dropna()
                past = moments if now is None else moments[moments <= pd.Timestamp(now)]
                found += [past.max().to_pydatetime().astimezone(UTC)] if len(past) else []
    return max(found, default=None)


def _company(mapping: Mapping) -> pd.DataFrame | None:
    if not mapping.company:
        return None
    kinds = loaded_table("company").columns
    return pd.DataFrame({name: [readable(kinds[name].type, value)] for name, value in mapping.company.items()})


def _report(
    mapping: Mapping,
    files: dict[str, ExportFile],
    filled: list[FilledTable],
    unmatched: list[CellCount],
    as_of: datetime | None,
) -> ImportReport:
    rejected = [row for file in files.values() for row in file.rejected]
    rejected += [row for table in filled for row in table.rejected]
    return ImportReport(
        source=mapping.id,
        title=mapping.title.model_dump(),
        files=tuple(_file_count(file) for file in files.values()),
        tables=tuple(_table_counts(mapping, files, filled)),
        mends=tuple(mended for file in files.values() for mended in file.mends),
        unknown=_each_once([*unmatched, *(doubt for table in filled for doubt in table.doubts)]),
        gaps=_remarks(mapping.gaps, files),
        notes=_remarks(mapping.notes, files),
        rejected=_rejected_frame(rejected, files),
        as_of=as_of,
    )


def _each_once(counts: list[CellCount]) -> tuple[CellCount, ...]:
    """A cell looked up for several columns and tables is in doubt once."""
    largest: dict[tuple[str, str, str], CellCount] = {}
    for count in counts:
        named = (count.place, count.column, count.doubt.value)
        if named not in largest or count.count > largest[named].count:
            largest[named] = count
    return tuple(largest.values())


def _file_count(file: ExportFile) -> FileCount:
    return FileCount(file.name, file.rows, len(file.rejected), file.encoding, file.delimiter)


def _table_counts(mapping: Mapping, files: dict[str, ExportFile], filled: list[FilledTable]) -> list[TableCount]:
    counted: set[str] = set()
    counts = []
    for table in filled:
        read = {rows.from_ for rows in mapping.tables[table.name]} - counted
        counted |= read
        turned_away = len(table.rejected) + sum(len(files[key].rejected) for key in read)
        counts.append(TableCount(table.name, len(table.frame) + turned_away, len(table.frame), turned_away))
    return counts


def _remarks(notes: tuple[Note, ...], files: dict[str, ExportFile]) -> tuple[Remark, ...]:
    remarks = []
    for note in notes:
        rows = None if note.count is None else int(selected(note.count, files).sum())
        if rows != 0:
            remarks.append(Remark(note.id, {"en": note.en, "zh": note.zh}, rows))
    return tuple(remarks)


def _rejected_frame(rejected: list[Rejected], files: dict[str, ExportFile]) -> pd.DataFrame:
    rows = [{**asdict(row), "file": files[row.file].name, "reason": row.reason.value} for row in rejected]
    return pd.DataFrame(rows, columns=_REJECTED_COLUMNS, dtype=object)
