"""The warehouse's own bookkeeping, beside the kept tables: which version is current, and where data ends.

The pointer moves in the same transaction as the kept rows a load writes, so that a reader sees either all of
a load or none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    Column("currency", String),
    Column("published_at", UtcDateTime),
)  # one row per source a version holds; as_of: the latest moment its data knows of
changes = Table(
    "kept_changes", CONTROL, Column("table_name", String, primary_key=True), Column("counter", Integer, nullable=False)
)  # counts writes per kept table, so that copies for reading know when they are stale


def current_version(connection: Connection) -> int:
    """The published version; 0 before the first load."""
    return connection.scalar(select(pointer.c.version)) or 0


@dataclass(frozen=True)
class Held:
    """A source in a version: the latest moment its data knows of, and its money's currency; None where not known."""

    as_of: datetime | None = None
    currency: str | None = None


def publish(connection: Connection, version: int, held: dict[str, Held], now: datetime) -> None:
    """Point at `version`, which holds these sources."""
    connection.execute(
        insert(versions),
        [
            {"version": version, "source": name, "as_of": one.as_of, "currency": one.currency, "published_at": now}
            for name, one in held.items()
        ],
    )
    connection.execute(delete(pointer))
    connection.execute(insert(pointer).values(only=1, version=version))


def held_sources(connection: Connection, version: int) -> dict[str, Held]:
    """The sources a version holds."""
    statement = select(versions.c.source, versions.c.as_of, versions.c.currency).where(versions.c.version == version)
    return {row.source: Held(row.as_of, row.currency) for row in connection.execute(statement)}
