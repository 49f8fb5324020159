"""The warehouse's own bookkeeping, beside the kept tables: which version is current, and where data ends.

The pointer moves in the same transaction as the kept rows a load writes, so that a reader sees either all of
a load or none of it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, delete, insert, select

from analytics.warehouse.types import UtcDateTime

CONTROL = MetaData(schema="kept")

pointer = Table("warehouse_pointer", CONTROL, Column("only", Integer, primary_key=True), Column("version", Integer))
versions = Table(
    "warehouse_versions",
    CONTROL,
    Column("version", Integer, primary_key=True),
    Column("source", String, primary_key=True),
    Column("as_of", UtcDateTime),
    Column("published_at", UtcDateTime),
)  # one row per source a version holds; as_of: the latest moment its data knows of
changes = Table(
    "kept_changes", CONTROL, Column("table_name", String, primary_key=True), Column("counter", Integer, nullable=False)
)  # counts writes per kept table, so that copies for reading know when they are stale


def current_version(connection: Connection) -> int:
    """The published version; 0 before the first load."""
    return connection.scalar(select(pointer.c.version)) or 0


def publish(connection: Connection, version: int, source: str, as_of: datetime | None, now: datetime) -> None:
    """Point at `version`, which holds what the current one held with `source` renewed to `as_of`."""
    previous = current_version(connection)
    held = connection.execute(select(versions).where(versions.c.version == previous)).all()
    rows = [
        {"version": version, "source": row.source, "as_of": row.as_of, "published_at": now}
        for row in held
        if row.source != source
    ]
    rows.append({"version": version, "source": source, "as_of": as_of, "published_at": now})
    connection.execute(insert(versions), rows)
    connection.execute(delete(pointer))
    connection.execute(insert(pointer).values(only=1, version=version))


def data_ends(connection: Connection, version: int) -> dict[str, datetime]:
    """For each source in `version`, the latest moment its data knows of."""
    statement = select(versions.c.source, versions.c.as_of).where(versions.c.version == version)
    return {row.source: row.as_of for row in connection.execute(statement) if row.as_of is not None}
