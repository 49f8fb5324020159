"""A file of an export -> rows of text, every row accounted for.

All cells are text (None where empty); the index of a frame is the line a row starts on. Rows that are no rows are
kept aside with their reason.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd

from analytics.sources.decode import Decoded, decode
from analytics.sources.errors import SourceError, hint_en, hint_zh, listed
from analytics.sources.headers import fit_header
from analytics.sources.mapping import File, Mapping
from analytics.sources.recode import examples_of, recode, total
from analytics.sources.report import MendCount, Reason, shortened

DELIMITERS = (",", ";", "\t")
# Characters nobody sees: controls, zero-width marks and direction overrides. Joiners stay: some scripts need them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Rejected:
    """A row turned away, and why; `row` holds its cells as JSON text, by column where they have one."""

    file: str
    line: int
    reason: Reason
    row: str
    table: str | None = None
    column: str | None = None


@dataclass
class ExportFile:
    """One file of the export as it was read. `rows` counts the data rows found, the rejected ones among them."""

    key: str
    name: str
    rows: int
    encoding: str
    delimiter: str
    frame: pd.DataFrame
    rejected: list[Rejected] = field(default_factory=list)
    mends: list[MendCount] = field(default_factory=list)


def read_files(mapping: Mapping, path: Path, required: dict[str, set[str]]) -> dict[str, ExportFile]:
    """Every file of the mapping, found in the folder `path` or, for a source of one file, being `path`."""
    places = find_files(mapping, path)
    return {key: read_file(key, mapping.files[key], place, required.get(key, set())) for key, place in places.items()}


def find_files(mapping: Mapping, path: Path) -> dict[str, Path]:
    """Where each file of the mapping lies."""
    try:
        return _find_files(mapping, path)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path!s} cannot be opened.", f"无法打开 {path!s}。") from error


def _find_files(mapping: Mapping, path: Path) -> dict[str, Path]:
    if not path.exists():
        raise SourceError(f"{path} does not exist.", f"{path} 不存在。")
    if path.is_dir():
        return {key: _in_folder(mapping, file, path) for key, file in mapping.files.items()}
    if len(mapping.files) > 1:
        names = listed(file.name for file in mapping.files.values())
        raise SourceError(
            f"{mapping.id} is an export of {len(mapping.files)} files ({names}): give the folder they lie in.",
            f"{mapping.id} 由 {len(mapping.files)} 个文件组成（{names}）：请指定它们所在的文件夹。",
        )
    return dict.fromkeys(mapping.files, path)


def _in_folder(mapping: Mapping, file: File, folder: Path) -> Path:
    there = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    fitting = [name for name in there if fnmatch(name.casefold(), file.name.casefold())]
    exact = [name for name in fitting if name == file.name] or fitting
    if len(exact) == 1:
        return folder / exact[0]
    if exact:
        raise SourceError(
            f"{folder} holds several files named like {file.name}: {listed(exact)}. Leave one of them.",
            f"{folder} 中有多个文件符合 {file.name}：{listed(exact)}。请只保留一个。",
        )
    raise SourceError(
        f"{mapping.id} needs the file {file.name}, which is not in {folder}. "
        f"It holds {listed(there) if there else 'no files'}.{hint_en(file.name, there)}",
        f"{mapping.id} 需要文件 {file.name}，但 {folder} 中没有。该文件夹包含："
        f"{listed(there) if there else '无文件'}。{hint_zh(file.name, there)}",
    )


def read_file(key: str, file: File, path: Path, required: set[str]) -> ExportFile:
    """One CSV file; raises SourceError when it is not one, or lacks a required column."""
    decoded = decode(path, file.encoding)
    text = _after_excel_hint(decoded.text)
    skipped = decoded.text.count("\n") - text.count("\n")
    delimiter = _delimiter(text, required)
    rows = _rows(path.name, text, delimiter)
    first = next(rows, None)
    if first is None:
        raise SourceError(f"{path.name} is empty.", f"{path.name} 是空文件。")
    found = [_clean(name) for name in first[1]]
    header = fit_header(path.name, found, required - set(file.optional), set(file.optional), delimiter, key)
    read = _sort_rows(key, path.name, rows, len(header.names), delimiter, file.unwrap, skipped)
    if not read.lines and not read.rejected and not file.may_be_empty:
        raise SourceError(f"{path.name} holds a header and no rows.", f"{path.name} 只有表头，没有数据行。")
    frame = pd.DataFrame(read.cells, index=pd.Index(read.lines, name="line"), columns=header.names, dtype=object)
    frame, cleaned = _clean_cells(key, frame)
    frame, unnamed = header.drop_unnamed(frame)
    for name in sorted(set(file.optional) - set(frame.columns)):
        frame[name] = None
    mends = [*_byte_mends(key, decoded), *header.mends, *unnamed, *read.mends, *cleaned]
    rejected = list(read.rejected)
    blank = frame.isna().all(axis=1).to_numpy()
    rejected += [Rejected(key, int(line), Reason.BLANK_ROW, "{}") for line in frame.index[blank]]
    return ExportFile(
        key,
        path.name,
        len(read.lines) + len(read.rejected),
        decoded.encoding,
        delimiter,
        frame[~blank],
        rejected,
        mends,
    )


def _after_excel_hint(text: str) -> str:
    """Without the line `sep=;` that Excel writes and reads."""
    return re.sub(r'\A"?sep=.?"?\r?\n', "", text.removeprefix("\ufeff"), flags=re.IGNORECASE)


def _delimiter(text: str, required: set[str]) -> str:
    """The delimiter with which the header shows most of the columns needed, then most columns at all."""
    end = min((place for place in (text.find("\n"), text.find("\r")) if place >= 0), default=len(text))
    line = text[: min(end, 100_000)]
    folded = {name.casefold() for name in required}

    def fit(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([line], delimiter=delimiter), [])
        return len({_clean(name).casefold() for name in names} & folded), len(names)

    return max(DELIMITERS, key=fit)


def _rows(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it starts on; empty lines are no rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    ended, cells, started = 0, [], 1
    try:
        for cells in reader:
            started, ended = ended + 1, reader.line_num
            if cells:
                yield started, cells
    except csv.Error as error:
        most = csv.field_size_limit()
        raise SourceError(
            f"{name}, line {ended + 1}: one cell is longer than {most:,} characters. "
            "Was a quotation mark opened and never closed?",
            f"{name} 第 {ended + 1} 行：有一个单元格超过 {most:,} 个字符。是否有引号没有闭合？",
        ) from error
    if ended and _ends_inside_quotes(text, started, delimiter):
        raise SourceError(
            f"{name}, line {started}: a quotation mark is opened and never closed.",
            f"{name} 第 {started} 行：引号没有闭合。",
        )


def _ends_inside_quotes(text: str, line: int, delimiter: str) -> bool:
    tail = "\n".join(re.split(r"\r\n|\n|\r", text)[line - 1 :])
    try:
        for _ in csv.reader(io.StringIO(tail, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


@dataclass
class _Sorted:
    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    mends: list[MendCount] = field(default_factory=list)


def _sort_rows(
    key: str, name: str, rows: Iterator[tuple[int, list[str]]], width: int, delimiter: str, unwrap: bool, skipped: int
) -> _Sorted:
    """Rows of the header's width; others are made to fit where that loses nothing, or turned away."""
    found = _Sorted()
    mended: dict[str, list[str]] = {"short_row": [], "long_row": [], "row_in_one_cell": []}
    for started, cells in rows:
        line = started + skipped
        if len(cells) != width:
            fitted = _fitted(cells, width, delimiter, unwrap)
            if isinstance(fitted, Reason):
                raw = json.dumps(cells, ensure_ascii=False)
                found.rejected.append(Rejected(key, line, fitted, raw))
                continue
            rule, cells = fitted
            mended[rule].append(str(line))
        found.lines.append(line)
        found.cells.append(cells)
    found.mends = [
        MendCount(rule, key, None, len(lines), tuple((f"{name}:{line}", "") for line in lines[:5]))
        for rule, lines in mended.items()
        if lines
    ]
    return found


def _fitted(cells: list[str], width: int, delimiter: str, unwrap: bool) -> tuple[str, list[str]] | Reason:
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            return Reason.LONG_ROW
        return "long_row", cells[:width]
    if len(cells) == 1:
        inside = _row_inside(cells[0], delimiter)
        if len(inside) != width:
            return Reason.SHORT_ROW
        return ("row_in_one_cell", inside) if unwrap else Reason.ROW_IN_ONE_CELL
    return "short_row", cells + [""] * (width - len(cells))


def _row_inside(cell: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([cell], delimiter=delimiter), []) if delimiter in cell else []
    except csv.Error:
        return []


def _clean(cell: str) -> str:
    return _UNSEEN.sub("", cell).strip()


def _clean_cells(key: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[MendCount]]:
    columns, mends = {}, []
    for name in frame.columns:
        columns[name], changes = recode(frame[name], lambda cell: _clean(cell) or None)
        stray = [change for change in changes if change.before]
        if stray:
            shown = tuple((shortened(repr(before)), shortened(repr(after))) for before, after in examples_of(stray))
            mends.append(MendCount("stray_characters", key, str(name), total(stray), shown))
    return pd.DataFrame(columns, index=frame.index, columns=frame.columns, dtype=object), mends


def _byte_mends(key: str, decoded: Decoded) -> list[MendCount]:
    counts = (("stray_characters", decoded.nuls, ("NUL", "")), ("damaged_characters", decoded.damaged, ("", "\ufffd")))
    return [MendCount(rule, key, None, count, (example,)) for rule, count, example in counts if count]


def mark_missing(file: ExportFile, markers: tuple[str, ...]) -> ExportFile:
    """The file with the declared markers of "not known" emptied, and counted."""
    columns, mends = {}, []
    known = frozenset(markers)
    for name in file.frame.columns:
        columns[name], changes = recode(file.frame[name], lambda cell: None if cell in known else cell)
        if changes:
            mends.append(MendCount("missing_marker", file.key, str(name), total(changes), examples_of(changes)))
    frame = pd.DataFrame(columns, index=file.frame.index, columns=file.frame.columns, dtype=object)
    return replace(file, frame=frame, mends=[*file.mends, *mends])


def sift(file: ExportFile, spec: File) -> ExportFile:
    """The file without rows that lack their key or a needed cell, or repeat a key; those are kept aside."""
    frame, rejected = file.frame, list(file.rejected)
    checks = [(spec.key, Reason.NO_KEY)] if spec.key else []
    for column, reason in [*checks, *((needed, Reason.NEEDED_MISSING) for needed in spec.needed)]:
        frame = _without(frame, frame[column].isna(), reason, column, file.key, rejected)
    if frame.empty and rejected and not spec.may_be_empty:
        reasons = ", ".join(
            f"{reason.value} {count}" for reason, count in Counter(row.reason for row in rejected).items()
        )
        raise SourceError(
            f"{file.name}: none of its {file.rows} rows can be used ({reasons}).",
            f"{file.name} 的 {file.rows} 行全部无法使用（{reasons}）。",
        )
    if spec.key:
        frame = _without(frame, frame[spec.key].duplicated(), Reason.DUPLICATE_KEY, spec.key, file.key, rejected)
    return replace(file, frame=frame, rejected=rejected)


def _without(
    frame: pd.DataFrame, out: pd.Series, reason: Reason, column: str, key: str, rejected: list[Rejected]
) -> pd.DataFrame:
    if out.any():
        rejected += [
            Rejected(key, int(line), reason, row, column=column) for line, row in rows_as_json(frame[out]).items()
        ]
    return frame[~out]


def rows_as_json(frame: pd.DataFrame) -> dict[int, str]:
    """Each row's cells by column, as JSON text, under its line."""
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {
        int(line): json.dumps(record, ensure_ascii=False, default=str)
        for line, record in zip(frame.index, records, strict=True)
    }
