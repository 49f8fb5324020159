"""Rows of an export's files -> the rows of one warehouse table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Table

from analytics.sources import cells
from analytics.sources.check import loaded_table
from analytics.sources.mapping import Features, Mapping, RowSet
from analytics.sources.read import ExportFile, Rejected, rows_as_json
from analytics.sources.recode import recode
from analytics.sources.report import CellCount, Doubt, Reason
from analytics.sources.selection import selected
from analytics.sources.spelling import snake
from analytics.sources.values import Chosen, Doubts, as_dtype, count_future, texts_of, typed

_LINE, _FILE, _ONCE, _NO_KEY = "\0line", "\0file", "\0once", "\0no_key"


@dataclass(frozen=True)
class FilledTable:
    """A table's rows, those its own checks turned away, and the cells it could not use."""

    name: str
    frame: pd.DataFrame
    rejected: list[Rejected]
    doubts: list[CellCount]


def fill_table(
    name: str, sets: tuple[RowSet, ...], mapping: Mapping, files: dict[str, ExportFile], now: datetime | None
) -> FilledTable:
    """All row sets of a table, one after the other; the first row with a key stays."""
    table, doubts = loaded_table(name), Doubts(name)
    columns = _columns(table, sets)
    parts = [_part(rows, table, columns, mapping, files, doubts) for rows in sets]
    together = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0].reset_index(drop=True)
    kept, rejected = _keep_keys(table, columns, together, files)
    for column in columns:
        if now is not None:
            count_future(kept[column], table.columns[column], now, doubts)
    return FilledTable(name, kept[columns].reset_index(drop=True), rejected, doubts.counts)


def _columns(table: Table, sets: tuple[RowSet, ...]) -> list[str]:
    named = {column for rows in sets for column in rows.columns}
    if any(rows.features is not None for rows in sets):
        named |= {"name", "number", "text", "leaky"}
    return [column.name for column in table.columns if column.name in named]


def _part(
    rows: RowSet, table: Table, columns: list[str], mapping: Mapping, files: dict[str, ExportFile], doubts: Doubts
) -> pd.DataFrame:
    """The rows of one set, with the line and file they come from and whether a key cell could not be read."""
    source = files[rows.from_].frame
    source = source[selected(rows, files).to_numpy()]
    values: dict[str, Any] = {}
    unread = np.zeros(len(source), dtype=bool)
    for column in columns:
        cell = rows.columns.get(column)
        if cell is None:
            nothing = pd.Series([None] * len(source), index=source.index, dtype=object)
            values[column] = as_dtype(nothing, table.columns[column])
            continue
        texts = texts_of(cell, column, Chosen(rows.from_, source), files, doubts)
        values[column] = typed(texts, table.columns[column], mapping, doubts)
        if column in table.info["key"]:
            unread |= (texts.notna() & values[column].isna()).to_numpy()
    needed = next(column for column in table.info["key"] if column in rows.columns)
    part = pd.DataFrame(values, index=source.index, columns=columns)
    part[_NO_KEY] = unread | part[needed].isna().to_numpy()
    part[_LINE], part[_FILE], part[_ONCE] = source.index, rows.from_, rows.once
    return part if rows.features is None else _features(rows.features, part, source, mapping, doubts)


def _features(
    features: Features, part: pd.DataFrame, source: pd.DataFrame, mapping: Mapping, doubts: Doubts
) -> pd.DataFrame:
    """One row for each filled cell of the columns that are not skipped."""
    names: dict[str, str] = {}
    for column in source.columns:
        if column not in features.skip:
            name = snake(str(column))
            names[column] = name if name not in names.values() else f"{name}_{len(names) + 1}"
    parts = []
    for column, name in names.items():
        values = source[column]
        if column in features.numbers:
            values, changes = recode(values, lambda cell: cells.number(cell, mapping.decimal_comma))
            doubts.add_unread(name, Doubt.BAD_NUMBER, changes)
        held = values.notna().to_numpy()
        of_column = part[held].copy()
        is_number = column in features.numbers
        of_column["name"] = name
        of_column["number"] = values[held].astype("float64") if is_number else np.nan
        of_column["text"] = None if is_number else values[held]
        of_column["leaky"] = column in features.leaky
        of_column["leaky"] = of_column["leaky"].astype(object)
        parts.append(of_column)
    return pd.concat(parts) if parts else part.iloc[:0]


def _keep_keys(
    table: Table, columns: list[str], together: pd.DataFrame, files: dict[str, ExportFile]
) -> tuple[pd.DataFrame, list[Rejected]]:
    key = [column for column in table.info["key"] if column in columns]
    keyless = together[_NO_KEY].to_numpy(dtype=bool)
    with_key = together[~keyless]
    repeated = with_key.duplicated(key)
    once = with_key[_ONCE].astype(bool)
    out = [(together[keyless], Reason.NO_KEY), (with_key[repeated & ~once], Reason.DUPLICATE_KEY)]
    rejected = [row for rows, reason in out for row in _rejected(table.name, ", ".join(key), rows, reason, files)]
    return with_key[~repeated], rejected


def _rejected(table: str, key: str, rows: pd.DataFrame, reason: Reason, files: dict[str, ExportFile]) -> list[Rejected]:
    found = []
    for file, of_file in rows.groupby(_FILE, sort=False):
        lines = of_file[_LINE].tolist()
        texts = rows_as_json(files[str(file)].frame.loc[sorted(set(lines))])
        found += [Rejected(str(file), int(line), reason, texts[int(line)], table, key) for line in lines]
    return found
