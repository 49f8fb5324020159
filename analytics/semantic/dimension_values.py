"""The values of a dimension that occur in one version of the data, with the names people know them by."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from analytics.semantic.model import Model
from analytics.warehouse import Reader

MOST = 2_000  # distinct values; a dimension with more (customers, order numbers) has none here


def values_of(model: Model, reader: Reader, dimension: str) -> Iterator[tuple[str, str]]:
    """(id, name) of each value; both are the value itself where no table gives names.

    None for a dimension whose values are declared in its file.
    """
    declared = model.dimensions[dimension]
    if declared.values:
        return
    if declared.labels is not None:
        names = declared.labels
        yield from _pairs(model, reader, names.table, names.key, names.name)
        return
    for table, column in _columns(model, dimension):
        yield from _pairs(model, reader, table, column, column)


def _pairs(model: Model, reader: Reader, table: str, key: str, name: str) -> list[tuple[str, str]]:
    columns = model.schema.declared(table).c
    found = reader.rows(select(columns[key].label("key"), columns[name].label("name")).distinct().limit(MOST + 1))
    return [(str(row.key), str(row.name)) for row in found if row.name] if len(found) <= MOST else []


def _columns(model: Model, dimension: str) -> tuple[tuple[str, str], ...]:
    """The declared columns that hold a dimension's values, at the end of each path to it; predictions aside."""
    found: dict[tuple[str, str], None] = {}
    for name, file in model.tables.items():
        path = file.dimensions.get(dimension)
        if path is None or file.latest is not None:
            continue
        *steps, column = path.split(".")
        table = name
        for step in steps:
            table = model.schema.join(table, step).to
        if model.schema.file(table).latest is None and model.schema.table(table) is not None:
            found[table, column] = None
    return tuple(found)
