"""A database that Leadline neither made nor fills: read where it stands, by KPI files that declare its tables.

Moments are UTC without a zone, dates are dates. Money is DECIMAL or NUMERIC on DuckDB and PostgreSQL and an integer
of the smallest unit (cents) on SQLite, which has no decimals; SQLite writes moments as `2026-01-31 09:30:00.000000`
and dates as `2026-01-31`, so that texts sort as time does. A SQLite table that holds anything else is refused with
the column's name: it would give wrong sums. There are no kept tables: targets, baselines and predictions are empty.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper
from sqlalchemy import (
    URL,
    Column,
    Date,
    Engine,
    Row,
    Select,
    Table,
    create_engine,
    event,
    inspect,
    literal,
    literal_column,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql import visitors

from analytics.warehouse import control
from analytics.warehouse.duckdb import CachingDialect
from analytics.warehouse.faults import DATABASE_FAULTS, UNREACHABLE, WarehouseError
from analytics.warehouse.reader import Reader
from analytics.warehouse.types import Money, UtcDateTime

SECONDS = 30  # the longest a statement may run on PostgreSQL, whatever its caller allows
_NO_SCHEMA = "The database has no schema {!r}, or it may not be read by this user."
_MOMENT = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]"
_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


@contextmanager
def open_foreign(url: str, schema: str | None = None, *, as_of: datetime | None = None) -> Iterator[Reader]:
    """Read the database at `url`; nothing in it can be changed, and on DuckDB and SQLite no other file be read.

    `schema` is where its tables lie (by default where the database looks first; SQLite has none). `as_of` is the
    moment up to which the database knows everything: a live one, the clock; without it, each table ends with its
    last row. Rows written meanwhile are seen; what was looked up once, labels say, is remembered until the block
    ends. Raises WarehouseError where the database is not there or cannot be read.
    """
    parsed = _parsed(url)
    try:
        held = _HOLDERS[parsed.get_backend_name()](parsed, schema)
    except (*UNREACHABLE, duckdb.Error) as error:
        shown = parsed.render_as_string(hide_password=True)
        raise WarehouseError(f"The database at {shown} cannot be opened: {_reason(error)}.") from error
    try:
        yield _ForeignReader(held, schema, as_of)
    finally:
        held.close()


@dataclass
class _Held:
    """What a Reader reads from."""

    engine: Engine
    close: Callable[[], None]

    def kept_state(self, kept: Collection[str]) -> object:
        """There are no kept tables here that could change."""
        return ()

    def refresh(self, kept: Collection[str]) -> None:
        """Nothing to do: a foreign database has no kept tables."""


class _ForeignReader(Reader):
    """Statements over tables that are not there give no rows; those over some that are not there are refused."""

    def __init__(self, held: _Held, schema: str | None, as_of: datetime | None) -> None:
        sources = {} if as_of is None else {"foreign": control.Held(as_of, None)}
        super().__init__(0, held, sources, held.engine.dialect.name)
        self._engine, self._schema = held.engine, schema
        self._there: dict[str, bool] = {}

    def rows(
        self, statement: Select[Any], values: Mapping[str, Any] | None = None, *, seconds: float | None = None
    ) -> list[Row[Any]]:
        """Run a select and fetch every row; WarehouseError where a declared table is not as declared."""
        tables = _tables(statement)
        absent = sorted(table.name for table in tables if not self._is_there(table))
        if len(absent) == len(tables) > 0:
            return []
        if absent:
            raise WarehouseError(f"The database has no table {', '.join(absent)}, which the KPI files join to.")
        try:
            return super().rows(statement, values, seconds=seconds)
        except DATABASE_FAULTS as error:
            raise WarehouseError(f"The database cannot answer: {_reason(error)}.") from error

    def _is_there(self, table: Table) -> bool:
        if table.schema == "kept":
            return False
        if table.name not in self._there:
            self._there[table.name] = self._look_at(table)
        return self._there[table.name]

    def _look_at(self, table: Table) -> bool:
        """Whether the table is there; WarehouseError where it is another than declared."""
        try:
            with self._engine.connect() as connection:
                found = connection.execute(select(literal_column("*")).select_from(table).limit(0)).keys()
        except DATABASE_FAULTS as error:
            if not inspect(self._engine).has_table(table.name, schema=self._schema):
                return False
            raise WarehouseError(f"Table {table.name} cannot be read: {_reason(error)}.") from error
        names = {name.casefold() for name in found}
        if lacking := [column.name for column in table.columns if column.name.casefold() not in names]:
            raise WarehouseError(f"Table {table.name} lacks {', '.join(lacking)}, which its KPI file declares.")
        if self.dialect == "sqlite":
            self._check_storage(table)
        return True

    def _check_storage(self, table: Table) -> None:
        with self._engine.connect() as connection:
            for column in table.columns:
                wrong, wanted = _stored_wrongly(column)
                if not wrong:
                    continue
                found = select(literal(1)).select_from(table).where(column.is_not(None), text(wrong)).limit(1)
                if connection.execute(found).first() is not None:
                    raise WarehouseError(f"{table.name}.{column.name} holds values that are not {wanted}.")


@lru_cache(maxsize=256)
def _tables(statement: Select[Any]) -> frozenset[Table]:
    return frozenset(element for element in visitors.iterate(statement) if isinstance(element, Table))


def _stored_wrongly(column: Column[Any]) -> tuple[str, str]:
    """SQLite's test for a value this column must not hold, and what it must."""
    name = f'"{column.name}"'
    if isinstance(column.type, UtcDateTime):
        return f"{name} NOT GLOB '{_MOMENT}'", "UTC moments written as 2026-01-31 09:30:00.000000"
    if isinstance(column.type, Date):
        return f"{name} NOT GLOB '{_DATE}'", "dates written as 2026-01-31"
    if isinstance(column.type, Money):
        return f"typeof({name}) <> 'integer'", "integers of the smallest unit (cents)"
    return "", ""


# --- the three databases, each opened so that it can only be read


def _duckdb(url: URL, schema: str | None) -> _Held:
    root = duckdb.connect(str(_file(url)), read_only=True)
    found = root.execute(
        "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", [schema or "main"]
    ).fetchone()
    if found is None:
        root.close()
        raise WarehouseError(_NO_SCHEMA.format(schema))
    for setting in ("SET TimeZone = 'UTC'", "SET enable_external_access = false", "SET lock_configuration = true"):
        root.execute(setting)
    engine = create_engine(
        "duckdb+caching:///:memory:", creator=lambda: ConnectionWrapper(root.cursor()), poolclass=QueuePool, pool_size=8
    )

    def close() -> None:
        engine.dispose()
        root.close()

    return _Held(_placed(engine, schema), close)


def _sqlite(url: URL, schema: str | None) -> _Held:
    if schema is not None:
        raise WarehouseError(f"SQLite has no schemas; leave {schema!r} out.")
    place = f"{_file(url).absolute().as_uri()}?mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(place, uri=True, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=8)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    return _Held(_placed(engine, None), engine.dispose)


def _postgresql(url: URL, schema: str | None) -> _Held:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args={"connect_timeout": 10}
    )

    @event.listens_for(engine, "connect")
    def _read_only(connection: Any, _: Any) -> None:
        for setting in ("default_transaction_read_only = on", f"statement_timeout = '{SECONDS}s'", "timezone = 'UTC'"):
            connection.execute(f"SET {setting}")
        connection.commit()

    with engine.connect() as connection:
        there = schema is None or connection.scalar(
            text("SELECT to_regnamespace(quote_ident(:name))"), {"name": schema}
        )
    if not there:
        engine.dispose()
        raise WarehouseError(_NO_SCHEMA.format(schema))
    return _Held(_placed(engine, schema), engine.dispose)


_HOLDERS: dict[str, Callable[[URL, str | None], _Held]] = {
    CachingDialect.name: _duckdb,
    "sqlite": _sqlite,
    "postgresql": _postgresql,
}


def _placed(engine: Engine, schema: str | None) -> Engine:
    return engine.execution_options(schema_translate_map={"loaded": schema})


def _parsed(url: str) -> URL:
    examples = "duckdb:////data/shop.duckdb, sqlite:////data/shop.db, postgresql+psycopg://reader@host/shop"
    try:
        parsed = make_url(url)
    except ArgumentError as broken:
        raise WarehouseError(f"{url!r} is no database URL. Examples: {examples}.") from broken
    if parsed.get_backend_name() not in _HOLDERS:
        raise WarehouseError(f"{parsed.get_backend_name()} is not supported. Examples: {examples}.")
    return parsed


def _file(url: URL) -> Path:
    path = Path(url.database or "")
    if not url.database or not path.is_file():
        raise WarehouseError(f"There is no database file at {url.database or 'an empty path'}.")
    return path


def _reason(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0].rstrip(".") if said else type(error).__name__
