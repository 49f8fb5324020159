"""The warehouse on PostgreSQL: a version is a schema of its own, kept tables another.

With the prefix `leadline`: kept tables in schema `leadline`, versions in `leadline_v1`, `leadline_v2`, ... A reader
holds a shared advisory lock on its version, which the server gives back when the reader dies.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql

from analytics.warehouse.tables import INDEXED, LOADED
from analytics.warehouse.types import Money
from analytics.warehouse.upgrade import fingerprint, make_current

if TYPE_CHECKING:
    import pandas as pd

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


class PostgresStorage:
    """A warehouse whose URL is `postgresql+psycopg://...`, under one schema prefix."""

    dialect = "postgresql"

    def __init__(self, url: URL, prefix: str) -> None:
        self._url, self._prefix = url, prefix
        self._engine = create_engine(url, pool_pre_ping=True)
        self.kept_engine: Engine = self._engine.execution_options(schema_translate_map={"kept": prefix})

    def lock_for_load(self) -> AbstractContextManager[object]:
        return self._loading()

    @contextmanager
    def _loading(self) -> Iterator[None]:
        with self._engine.connect() as connection:
            if not _try_lock(connection, self._prefix, 0):
                raise BlockingIOError("another load is running")
            connection.commit()
            try:
                yield
            finally:
                _unlock(connection)

    def has_kept(self) -> bool:
        with self._engine.connect() as connection:
            found = connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{self._prefix}.warehouse_pointer"})
        return found is not None

    def create_kept(self) -> None:
        mark = f"Leadline, kept tables {fingerprint()}"
        with self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:prefix)"), {"prefix": _number(self._prefix)})
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {self._prefix}"))
            found = connection.scalar(text("SELECT obj_description(to_regnamespace(:name))"), {"name": self._prefix})
            if found == mark:
                return
            make_current(connection.execution_options(schema_translate_map={"kept": self._prefix}), self._prefix)
            connection.execute(text(f"COMMENT ON SCHEMA {self._prefix} IS '{mark}'"))

    def schema(self, version: int) -> str:
        """The schema a version lives in."""
        return f"{self._prefix}_v{version}"

    def built_versions(self) -> list[int]:
        with self._engine.connect() as connection:
            names = connection.scalars(text("SELECT schema_name FROM information_schema.schemata")).all()
        found = (re.fullmatch(re.escape(self._prefix) + r"_v(\d+)", name) for name in names)
        return sorted(int(match[1]) for match in found if match)

    def build(self, version: int, previous: int) -> _PostgresWriter:
        return _PostgresWriter(self._engine, self.schema(version), self.schema(previous) if previous else None)

    def open(self, version: int) -> _PostgresReader:
        return _PostgresReader(self, self._url, self._prefix, version)

    def drop(self, version: int) -> bool:
        with self._engine.begin() as connection:
            if not _try_lock(connection, self._prefix, version, for_transaction=True):
                return False
            connection.execute(text(f"DROP SCHEMA IF EXISTS {self.schema(version)} CASCADE"))
        return True

    def published(self, version: int) -> None:
        """Nothing to do: outsiders find the version by `read_url`."""

    def read_url(self, version: int) -> str:
        path = f"-csearch_path={self.schema(version)},{self._prefix}"
        return self._url.update_query_dict({"options": path}).render_as_string(hide_password=True)


class _PostgresWriter:
    def __init__(self, engine: Engine, schema: str, previous: str | None) -> None:
        self._schema, self._previous = schema, previous
        self._connection = engine.connect()
        self._run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        self._run(f"CREATE SCHEMA {schema}")
        _create_tables(self._connection, schema)

    def _run(self, sql: str, **values: object) -> Any:
        return self._connection.execute(text(sql), values)

    def copy(self, table: Table, *, without_source: str) -> int:
        if self._previous is None:
            return 0
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        return int(
            self._run(
                f"INSERT INTO {self._schema}.{table.name} ({names}) "
                f"SELECT {names} FROM {self._previous}.{table.name} WHERE source <> :source",
                source=without_source,
            ).rowcount
        )

    def append(self, table: Table, frame: pd.DataFrame) -> None:
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {self._schema}.{table.name} FROM STDIN") as copy:
            for row in _stored_rows(table, frame):
                copy.write_row(row)

    def repeated_keys(self, table: Table) -> list[tuple[object, ...]]:
        key = ", ".join(table.info["key"])
        found = self._run(f"SELECT {key} FROM {self._schema}.{table.name} GROUP BY {key} HAVING count(*) > 1 LIMIT 3")
        return [tuple(row) for row in found]

    def finish(self) -> None:
        for table_name, columns in INDEXED.items():
            for column in columns:
                self._run(f"CREATE INDEX ON {self._schema}.{table_name} ({column})")
        self._connection.commit()
        for table in LOADED.tables.values():
            self._run(f"ANALYZE {self._schema}.{table.name}")
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


class _PostgresReader:
    def __init__(self, storage: PostgresStorage, url: URL, prefix: str, version: int) -> None:
        engine = create_engine(url, pool_pre_ping=True)

        @event.listens_for(engine, "connect")
        def _read_only(connection: Any, _: Any) -> None:
            connection.execute("SET default_transaction_read_only = on")
            connection.execute("SET statement_timeout = '30s'")
            connection.commit()

        self._hold = engine.connect()
        self._hold.execute(text("SELECT pg_advisory_lock_shared(:a, :b)"), {"a": _number(prefix), "b": version})
        there = self._hold.scalar(text("SELECT to_regnamespace(:name)"), {"name": storage.schema(version)})
        self._hold.commit()
        if there is None:
            self.close()
            raise LookupError(f"version {version} is gone")
        self.engine: Engine = engine.execution_options(
            schema_translate_map={"loaded": storage.schema(version), "kept": prefix}
        )

    def refresh(self, kept: Collection[str]) -> None:
        """Nothing to do: the kept tables are read where they are written."""

    def kept_state(self, kept: Collection[str]) -> object:
        """Unknown without a look at the rows themselves."""
        return None

    def close(self) -> None:
        _unlock(self._hold)
        self._hold.close()
        self._hold.engine.dispose()


def _try_lock(connection: Connection, prefix: str, number: int, *, for_transaction: bool = False) -> bool:
    kind = "pg_try_advisory_xact_lock" if for_transaction else "pg_try_advisory_lock"
    return bool(connection.scalar(text(f"SELECT {kind}(:a, :b)"), {"a": _number(prefix), "b": number}))


def _unlock(connection: Connection) -> None:
    """Give back every lock of this connection now; closing it would do so a moment later."""
    try:
        connection.execute(text("SELECT pg_advisory_unlock_all()"))
        connection.commit()
    finally:
        connection.invalidate()


def _number(prefix: str) -> int:
    return zlib.crc32(prefix.encode()) - 2**31


def _create_tables(connection: Connection, schema: str) -> None:
    for table in LOADED.tables.values():
        columns = ", ".join(f'"{c.name}" {c.type.dialect_impl(_DIALECT).compile(_DIALECT)}' for c in table.columns)
        connection.execute(text(f"CREATE TABLE {schema}.{table.name} ({columns})"))


def _stored_rows(table: Table, frame: pd.DataFrame) -> Any:
    import pandas as pd

    columns = []
    for column in table.columns:
        values = frame[column.name]
        given = values.astype(object).where(pd.notna(values), None)
        cells = given.tolist()
        if isinstance(column.type, Money):  # a list: pandas would make text of it, and its missing value NaN
            cells = [None if cents is None else f"{int(cents)}e-2" for cents in cells]
        columns.append(cells)
    return zip(*columns, strict=True)
