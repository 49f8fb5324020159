"""A mapping against the warehouse it fills and against itself, before any file is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, Date, Double, Integer, Table
from sqlalchemy.sql.type_api import TypeEngine

from analytics.sources import cells
from analytics.sources.errors import hint_en, hint_zh
from analytics.sources.mapping import (
    PLACEHOLDER,
    Cell,
    Mapping,
    MendRule,
    RowSet,
    Selection,
    Where,
    fault,
    read_mapping,
    reference,
)
from analytics.warehouse.tables import LOADED
from analytics.warehouse.types import JsonText, Money, UtcDateTime

At = tuple[str | int, ...]
Fault = tuple[At, str, str]
Named = tuple[str, str, At]


def load_mapping(path: Path) -> Mapping:
    """The mapping in `path`, read and checked; SourceError names file, line and entry of what is wrong."""
    mapping, lines = read_mapping(path)
    for at, en, zh in _faults(mapping):
        raise fault(path, lines, at, en, zh)
    return mapping


def required_columns(mapping: Mapping) -> dict[str, set[str]]:
    """By file, every column that the mapping names."""
    named: dict[str, set[str]] = defaultdict(set)
    for file, column, _ in _columns_named(mapping):
        named[file].add(column)
    return dict(named)


def loaded_table(name: str) -> Table:
    """The declared warehouse table of that name; KeyError when there is none."""
    return LOADED.tables[f"loaded.{name}"]


def _faults(mapping: Mapping) -> Iterator[Fault]:
    yield from _unknown_files(mapping)
    yield from _company_faults(mapping)
    for name, sets in mapping.tables.items():
        table = LOADED.tables.get(f"loaded.{name}")
        if table is None or name == "company":
            known = [other.name for other in LOADED.tables.values() if other.name != "company"]
            yield (
                ("tables", name),
                f"the warehouse has no table '{name}' to fill.{hint_en(name, known)}".rstrip("."),
                f"数据仓库没有可写入的表“{name}”。{hint_zh(name, known)}".rstrip("。"),
            )
            continue
        for place, rows in enumerate(sets):
            yield from _row_set_faults(table, rows, ("tables", name, place))


def _unknown_files(mapping: Mapping) -> Iterator[Fault]:
    of_sets = [
        (rows.from_, ("tables", name, place, "from"))
        for name, sets in mapping.tables.items()
        for place, rows in enumerate(sets)
    ]
    known = ", ".join(mapping.files)
    for file, at in [*of_sets, *((file, at) for file, _, at in _columns_named(mapping))]:
        if file not in mapping.files:
            yield at, f"'{file}' is none of this mapping's files ({known})", f"“{file}”不在本映射的文件之中（{known}）"


def _company_faults(mapping: Mapping) -> Iterator[Fault]:
    if mapping.company and "name" not in mapping.company:
        yield ("company",), "a company needs a name", "公司需要名称"
    for column, value in mapping.company.items():
        yield from _column_faults(loaded_table("company"), column, ("company", column))
        yield from _constant_faults(loaded_table("company"), column, value, ("company", column))


def _row_set_faults(table: Table, rows: RowSet, at: At) -> Iterator[Fault]:
    for column, cell in rows.columns.items():
        here = (*at, "columns", column)
        yield from _column_faults(table, column, here)
        if cell.value is not None and not cell.map and not cell.bands:
            yield from _constant_faults(table, column, cell.value, here)
        if any(not PLACEHOLDER.search(form) for form in cell.text or ()):
            yield (
                here,
                "a text names at least one column in braces, as in '{manager}'",
                "text 中至少要有一个花括号列名，如 {manager}",
            )
    if rows.features is not None and table.name != "lead_features":
        yield (*at, "features"), "features go to lead_features only", "features 只能用于 lead_features"
    key = [column for column in table.info["key"] if column in rows.columns]
    if not key:
        names = ", ".join(table.info["key"])
        yield (
            (*at, "columns"),
            f"rows of {table.name} need their key ({names})",
            f"{table.name} 的行需要主键（{names}）",
        )


def _column_faults(table: Table, column: str, at: At) -> Iterator[Fault]:
    known = [known.name for known in table.columns if known.name != "source"]
    if column not in known:
        yield (
            at,
            f"{table.name} has no column '{column}' to fill.{hint_en(column, known)}".rstrip("."),
            f"{table.name} 没有可写入的列“{column}”。{hint_zh(column, known)}".rstrip("。"),
        )
    elif isinstance(table.columns[column].type, JsonText):
        yield (
            at,
            f"{table.name}.{column} holds a list, which no export cell can fill",
            f"{table.name}.{column} 是列表，无法由单元格填写",
        )


def _constant_faults(table: Table, column: str, value: str, at: At) -> Iterator[Fault]:
    if column in table.columns and readable(table.columns[column].type, value) is None:
        yield at, f"'{value}' does not fit {table.name}.{column}", f"“{value}”不适合 {table.name}.{column}"


def readable(kind: TypeEngine[object], text: str) -> object:
    """The text as a value of a warehouse column; None when it is none."""
    if isinstance(kind, UtcDateTime):
        return cells.moment(text, ZoneInfo("UTC"))
    if isinstance(kind, Date):
        return cells.day(text)
    if isinstance(kind, Money):
        return cells.amount(text)
    if isinstance(kind, Boolean):
        return cells.yes_no(text)
    if isinstance(kind, Integer):
        return cells.whole(text)
    if isinstance(kind, Double):
        return cells.number(text)
    return text


def _columns_named(mapping: Mapping) -> Iterator[tuple[str, str, At]]:
    """(file, column, where in the mapping) of every mention of a column of the export."""
    for key, file in mapping.files.items():
        for column in (*([file.key] if file.key else []), *file.needed):
            yield key, column, ("files", key)
    for place, rule in enumerate(mapping.mends):
        yield from _in_mend(rule, ("mends", place))
    for name, sets in mapping.tables.items():
        for place, rows in enumerate(sets):
            yield from _in_row_set(rows, ("tables", name, place))
    for part, notes in (("gaps", mapping.gaps), ("notes", mapping.notes)):
        for place, note in enumerate(notes):
            if note.count is not None:
                yield from _in_selection(note.count, (part, place, "count"))


def _in_mend(rule: MendRule, at: At) -> Iterator[tuple[str, str, At]]:
    yield rule.file, rule.column, at
    if rule.reference is not None:
        yield (*rule.reference, (*at, "match"))


def _in_row_set(rows: RowSet, at: At) -> Iterator[tuple[str, str, At]]:
    yield from _in_selection(rows, at)
    for column, cell in rows.columns.items():
        yield from _in_cell(rows.from_, cell, (*at, "columns", column))
    if rows.features is not None:
        for column in (*rows.features.numbers, *rows.features.leaky):
            yield rows.from_, column, (*at, "features")


def _in_cell(file: str, cell: Cell, at: At) -> Iterator[tuple[str, str, At]]:
    for column in (*cell.text_columns, *cell.when):
        yield file, column, at
    if cell.of is not None and cell.by is not None and cell.column is not None:
        ours, theirs = next(iter(cell.by.items()))
        yield file, ours, at
        yield cell.of, theirs, at
        yield cell.of, cell.column, at
    elif cell.column is not None:
        yield file, cell.column, at


def _in_selection(selection: Selection, at: At) -> Iterator[tuple[str, str, At]]:
    where: Where = selection.where
    for column in (*where, *selection.filled, *selection.empty, *selection.not_in):
        yield selection.from_, column, at
    for other in selection.not_in.values():
        named = reference(other)
        yield (*(named or (other, "")), (*at, "not_in"))
