"""The warehouse in SQLite files: a version is attached as `loaded`, the kept tables as `kept`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import QueuePool

from analytics.warehouse.files import FileStorage, VersionFiles
from analytics.warehouse.tables import INDEXED, LOADED
from analytics.warehouse.types import UtcDateTime

if TYPE_CHECKING:
    import pandas as pd

_DIALECT = sqlite.dialect()


class SqliteStorage(FileStorage):
    """A warehouse whose URL is `sqlite:///<path>`."""

    dialect = "sqlite"

    def build(self, version: int, previous: int) -> _SqliteWriter:
        return _SqliteWriter(self._files.version(version), self._files.version(previous) if previous else None)

    def open(self, version: int) -> _SqliteReader:
        return _SqliteReader(self._files, version)


class _SqliteWriter:
    def __init__(self, path: Path, previous: Path | None) -> None:
        self._path = path
        self._connection = sqlite3.connect(path.as_uri(), uri=True, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=OFF")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._previous = previous is not None
        if previous is not None:
            self._connection.execute("ATTACH ? AS previous", (f"{previous.as_uri()}?mode=ro",))
        _create_tables(self._connection)
        self._connection.execute("BEGIN")

    def copy(self, table: Table, *, without_source: str) -> int:
        if not self._previous:
            return 0
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        return self._connection.execute(
            f"INSERT INTO {table.name} ({names}) SELECT {names} FROM previous.{table.name} WHERE source <> ?",
            (without_source,),
        ).rowcount

    def append(self, table: Table, frame: pd.DataFrame) -> None:
        places = ", ".join("?" for _ in table.columns)
        self._connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", _stored_rows(table, frame))

    def repeated_keys(self, table: Table) -> list[tuple[object, ...]]:
        key = ", ".join(table.info["key"])
        return self._connection.execute(
            f"SELECT {key} FROM {table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT 3"
        ).fetchall()

    def finish(self) -> None:
        for table_name, columns in INDEXED.items():
            for column in columns:
                self._connection.execute(f"CREATE INDEX {table_name}_{column} ON {table_name} ({column})")
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE main")
        with self._path.open("rb") as written:
            os.fsync(written.fileno())

    def close(self) -> None:
        self._connection.close()


class _SqliteReader:
    def __init__(self, files: VersionFiles, version: int) -> None:
        self._hold = files.hold(version)
        loaded = f"{files.version(version).as_uri()}?mode=ro"
        engine = create_engine(
            "sqlite:///file::memory:?uri=true",
            poolclass=QueuePool,
            pool_size=8,
            connect_args={"check_same_thread": False},
        )

        @event.listens_for(engine, "connect")
        def _attach(connection: sqlite3.Connection, _: Any) -> None:
            connection.execute("ATTACH ? AS loaded", (loaded,))
            connection.execute("ATTACH ? AS kept", (f"{files.kept.as_uri()}?mode=ro",))
            connection.execute("PRAGMA query_only=ON")
            connection.create_function("lower", 1, _lower, deterministic=True)

        self.engine = engine

    def refresh(self, kept: Collection[str]) -> None:
        """Nothing to do: the kept tables are read where they are written."""

    def kept_state(self, kept: Collection[str]) -> object:
        """Unknown without a look at the rows themselves."""
        return None

    def close(self) -> None:
        self.engine.dispose()
        self._hold.close()


def _lower(text: str | int | float | bytes | None) -> str | int | float | bytes | None:
    """SQLite's own knows the letters of ASCII only."""
    return text.lower() if isinstance(text, str) else text


def _create_tables(connection: sqlite3.Connection) -> None:
    for table in LOADED.tables.values():
        columns = ", ".join(f'"{c.name}" {c.type.dialect_impl(_DIALECT).compile(_DIALECT)}' for c in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")


def _stored_rows(table: Table, frame: pd.DataFrame) -> Any:
    """Rows as SQLite stores them: moments and dates as the texts SQLAlchemy reads back."""
    import pandas as pd

    columns = []
    for column in table.columns:
        values = frame[column.name]
        if isinstance(column.type, UtcDateTime):
            texts = values.dt.strftime("%Y-%m-%d %H:%M:%S.%f")
        elif isinstance(column.type, Date):
            texts = values.dt.strftime("%Y-%m-%d")
        else:
            texts = values
        columns.append(texts.astype(object).where(pd.notna(values), None).tolist())
    return zip(*columns, strict=True)
