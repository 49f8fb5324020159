"""The kept tables as they are declared now: made where missing, columns added where a newer version declares more.

What a database holds already is told by a fingerprint of the declaration, so that opening costs one look.
"""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateColumn

from analytics.warehouse.control import CONTROL
from analytics.warehouse.tables import KEPT


def fingerprint() -> int:
    """A positive 31-bit number that changes with every table and column declared."""
    declared = ";".join(
        f"{table.name}({','.join(f'{column.name} {column.type!r}' for column in table.columns)})"
        for metadata in (CONTROL, KEPT)
        for table in metadata.sorted_tables
    )
    return zlib.crc32(declared.encode()) & 0x7FFFFFFF


def make_current(connection: Connection, schema: str | None) -> list[str]:
    """Make the missing tables and add the missing columns; `schema` is where kept tables live, None for the default.

    Returns the tables that were there and got a column: what was copied of them is out of date.
    """
    widened: list[str] = []
    CONTROL.create_all(connection)
    KEPT.create_all(connection)
    there = inspect(connection)
    prefix = f"{schema}." if schema else ""
    for metadata in (CONTROL, KEPT):
        for table in metadata.sorted_tables:
            known = {column["name"] for column in there.get_columns(table.name, schema=schema)}
            for column in table.columns:
                if column.name not in known:
                    declared = CreateColumn(column).compile(dialect=connection.dialect)
                    connection.execute(text(f"ALTER TABLE {prefix}{table.name} ADD COLUMN {declared}"))
                    widened.append(table.name)
    return widened
