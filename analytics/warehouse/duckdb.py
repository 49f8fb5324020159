"""The warehouse in DuckDB files, the default.

A reader is an in-memory DuckDB with the version's file attached read-only as `loaded`; of the kept tables, which
live in SQLite so that several processes can write them, it attaches read-only copies, made anew when one changed.
Reading files outside the warehouse's folder is switched off.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy import Engine, Table, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.pool import QueuePool

from analytics.warehouse.files import FileStorage, VersionFiles, change_counts
from analytics.warehouse.storage import StorageFault
from analytics.warehouse.tables import KEPT, LOADED
from analytics.warehouse.types import Money

if TYPE_CHECKING:
    import pandas as pd


class CachingDialect(Dialect):
    """duckdb-engine's dialect, compiling a statement of one shape once instead of at every run."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Nothing: a reader's version never changes, and DuckDB commits a single statement by itself."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing, as nothing began."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing, as nothing began."""


registry.register("duckdb.caching", __name__, "CachingDialect")
_DIALECT = CachingDialect()
_CENTS = "({}::DECIMAL(18,0) * 0.01::DECIMAL(3,2))::DECIMAL(18,2)"


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise StorageFault(str(error)) from error


class DuckStorage(FileStorage):
    """A warehouse whose URL is `duckdb:///<path>`."""

    dialect = "duckdb"

    def build(self, version: int, previous: int) -> _DuckWriter:
        with _faults():
            return _DuckWriter(self._files.version(version), self._files.version(previous) if previous else None)

    def open(self, version: int) -> _DuckReader:
        with _faults():
            return _DuckReader(self._files, version, self.kept_engine)


class _DuckWriter:
    def __init__(self, path: Path, previous: Path | None) -> None:
        self._connection = duckdb.connect(str(path))
        self._previous = previous is not None
        if previous is not None:
            self._connection.execute(f"ATTACH {_quoted(previous)} AS previous (READ_ONLY)")
        for table in LOADED.tables.values():
            self._connection.execute(_create_table(table))

    def copy(self, table: Table, *, without_source: str) -> int:
        if not self._previous:
            return 0
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        copied = self._connection.execute(
            f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM previous.{table.name} WHERE source <> ?",
            [without_source],
        ).fetchone()
        return int(copied[0]) if copied else 0

    def append(self, table: Table, frame: pd.DataFrame) -> None:
        given = ", ".join(
            _CENTS.format(f'"{column.name}"') if isinstance(column.type, Money) else f'"{column.name}"'
            for column in table.columns
        )
        self._connection.register("given", frame)
        self._connection.execute(f"INSERT INTO {table.name} SELECT {given} FROM given")
        self._connection.unregister("given")

    def repeated_keys(self, table: Table) -> list[tuple[object, ...]]:
        key = ", ".join(table.info["key"])
        return self._connection.execute(
            f"SELECT {key} FROM {table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT 3"
        ).fetchall()

    def finish(self) -> None:
        self._connection.execute("CHECKPOINT")

    def close(self) -> None:
        self._connection.close()


class _DuckReader:
    def __init__(self, files: VersionFiles, version: int, kept: Engine) -> None:
        self._files, self._kept = files, kept
        self._hold = files.hold(version)
        self._root = duckdb.connect(":memory:")
        self._shown: dict[str, int] = {}
        self._refreshing = threading.Lock()
        self._root.execute(f"ATTACH {_quoted(files.version(version))} AS loaded (READ_ONLY)")
        self._root.execute("CREATE SCHEMA kept")
        for table in KEPT.tables.values():
            self._root.execute(_create_table(table, "kept.empty_"))
            self._root.execute(f"CREATE VIEW kept.{table.name} AS SELECT * FROM kept.empty_{table.name}")
        self._root.execute(f"SET allowed_directories = [{_quoted(files.path.parent)}]")
        self._root.execute("SET enable_external_access = false")
        self.engine: Engine = create_engine(
            "duckdb+caching:///:memory:", creator=self._cursor, poolclass=QueuePool, pool_size=8
        )

    def _cursor(self) -> Any:
        return ConnectionWrapper(self._root.cursor())

    def refresh(self, kept: Collection[str]) -> None:
        if not kept:
            return
        counts = change_counts(self._kept)
        for name in kept:
            if counts.get(name, 0) != self._shown.get(name, 0):
                with self._refreshing:
                    self._show(name, counts[name])

    def kept_state(self, kept: Collection[str]) -> object:
        counts = change_counts(self._kept)
        return tuple(counts.get(name, 0) for name in kept)

    def _show(self, name: str, count: int) -> None:
        if self._shown.get(name, 0) == count:
            return
        copy = _copy_of_kept(self._files, name, count)
        connection = self._root.cursor()
        connection.execute(f"ATTACH IF NOT EXISTS {_quoted(copy)} AS {name}_{count} (READ_ONLY)")
        connection.execute(f"CREATE OR REPLACE VIEW kept.{name} AS SELECT * FROM {name}_{count}.{name}")
        self._shown[name] = count

    def close(self) -> None:
        self.engine.dispose()
        self._root.close()
        self._hold.close()


def _copy_of_kept(files: VersionFiles, name: str, count: int) -> Path:
    """A DuckDB file with the rows of one kept table as of its change number `count` or later."""
    folder = files.kept.with_suffix(".copies")
    folder.mkdir(exist_ok=True)
    target = folder / f"{name}.{count}.duckdb"
    if target.exists():
        return target
    table = KEPT.tables[f"kept.{name}"]
    building = folder / f"{name}.{count}.{os.getpid()}.{threading.get_ident()}.building"
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    given = ", ".join(_unnested(column.type) for column in table.columns)
    with sqlite3.connect(f"{files.kept.as_uri()}?mode=ro", uri=True) as kept, duckdb.connect(str(building)) as copy:
        copy.execute(_create_table(table))
        rows = kept.execute(f"SELECT {names} FROM {name}")
        while batch := rows.fetchmany(50_000):
            copy.execute(f"INSERT INTO {name} SELECT {given}", [list(column) for column in zip(*batch, strict=True)])
    os.replace(building, target)
    for older in folder.glob(f"{name}.*.duckdb"):
        if int(older.name.split(".")[1]) < count:
            older.unlink(missing_ok=True)
    return target


def _unnested(kind: Any) -> str:
    if isinstance(kind, Money):
        return _CENTS.format("unnest(?::BIGINT[])")
    stored = kind.dialect_impl(_DIALECT).compile(_DIALECT)
    return f"unnest(?::VARCHAR[])::{stored}" if stored in ("DATE", "TIMESTAMP") else f"unnest(?::{stored}[])"


def _create_table(table: Table, prefix: str = "") -> str:
    """Columns without keys: DuckDB would index them, which costs more than the check a load makes."""
    columns = ", ".join(f'"{c.name}" {c.type.dialect_impl(_DIALECT).compile(_DIALECT)}' for c in table.columns)
    return f"CREATE TABLE {prefix}{table.name} ({columns})"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
