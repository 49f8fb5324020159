"""What an import did, counted: what came in, what was mended, what is missing, what was turned away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

EXAMPLES = 5


class Reason(StrEnum):
    """Why a row was turned away."""

    ROW_IN_ONE_CELL = "row_in_one_cell"  # the whole row was quoted into its first cell
    SHORT_ROW = "short_row"  # one cell where the header has several, and no row inside it
    LONG_ROW = "long_row"  # more filled cells than the header has names
    BLANK_ROW = "blank_row"  # delimiters only
    NO_KEY = "no_key"
    DUPLICATE_KEY = "duplicate_key"  # the first row with the key stays
    NEEDED_MISSING = "needed_missing"  # a cell without which the row says nothing


class Doubt(StrEnum):
    """Why a cell became missing, or is to be doubted."""

    UNKNOWN_VALUE = "unknown_value"  # not in the mapping's `map` or `bands`: missing
    NOT_FOUND = "not_found"  # a file's cell names what another file lacks: whatever is looked up there is missing
    UNMATCHED = "unmatched"  # a mend found no entry alike: left as it is
    BAD_NUMBER = "bad_number"  # missing
    BAD_DATE = "bad_date"  # missing; also dates before 1900 and after 2100
    BAD_YES_NO = "bad_yes_no"  # missing
    IN_FUTURE = "in_future"  # after the moment of the import: kept, but no part of the data's age


@dataclass(frozen=True)
class FileCount:
    """One file as it was read: data rows found, of which `rejected` were turned away before any table."""

    file: str
    rows: int
    rejected: int
    encoding: str
    delimiter: str


@dataclass(frozen=True)
class TableCount:
    """One table: rows_in = rows_out + rows_rejected.

    A row turned away for the whole file is counted once, at the first table that reads the file.
    """

    table: str
    rows_in: int
    rows_out: int
    rows_rejected: int


@dataclass(frozen=True)
class MendCount:
    """What one rule changed in one column: cells (or rows), and a few (before, after) pairs.

    Beside the mapping's rules: `missing_marker`, `stray_characters` (spaces around, NUL and other invisible
    characters), `damaged_characters` (bytes that are no text), `header_spelling`, `header_twice`, `header_unnamed`,
    `short_row` (filled up with missing cells), `long_row` (empty cells cut off), `row_in_one_cell` (unwrapped).
    """

    rule: str
    file: str
    column: str | None
    count: int
    examples: tuple[tuple[str, str], ...] = ()
    note: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CellCount:
    """Cells of one column that could not be used as they are; `place` is a table, or a file of the mapping."""

    place: str
    column: str
    doubt: Doubt
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """A gap or a note of the mapping, in en and zh; `rows` is how many rows it is true of, None for all."""

    id: str
    text: dict[str, str]
    rows: int | None = None


@dataclass(frozen=True, eq=False)
class ImportReport:
    """All of it. `rejected` has file, line, table, reason, column, row (the cells as JSON text).

    `as_of` is the latest moment in the data, None where it has no moments. `rejected_file` is where an import
    wrote the rejected rows.
    """

    source: str
    title: dict[str, str]
    files: tuple[FileCount, ...]
    tables: tuple[TableCount, ...]
    mends: tuple[MendCount, ...]
    unknown: tuple[CellCount, ...]
    gaps: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    rejected: DataFrame
    as_of: datetime | None = None
    rejected_file: Path | None = None

    def table(self, name: str) -> TableCount:
        """The counts of one table; zeros for a table the source does not fill."""
        return next((count for count in self.tables if count.table == name), TableCount(name, 0, 0, 0))


def shortened(cell: str) -> str:
    """A cell for an example: at most 80 characters, on one line."""
    line = " ".join(cell.split())
    return line if len(line) <= 80 else line[:79] + "…"
