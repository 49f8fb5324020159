"""The warehouse: read a pinned version, load a new one, write kept rows."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, Table, delete, insert, make_url, tuple_, update
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql import visitors

from analytics.warehouse import control
from analytics.warehouse.storage import Storage, VersionReader, VersionWriter
from analytics.warehouse.tables import KEPT, LOADED, load_runs

if TYPE_CHECKING:
    import pandas as pd


class WarehouseError(Exception):
    """What the person at the keyboard can mend: a URL, a second load at once, rows that do not fit."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Warehouse:
    """One warehouse; safe to share between threads. `open` finds or makes it."""

    def __init__(self, storage: Storage, now: Callable[[], datetime] = _utc_now) -> None:
        self._storage, self._now = storage, now
        self._opened: dict[int, _Opened] = {}
        self._opening = threading.Lock()
        storage.create_kept()

    @classmethod
    def open(cls, url: str, *, schema_prefix: str = "leadline", now: Callable[[], datetime] = _utc_now) -> Warehouse:
        """The warehouse at an SQLAlchemy URL: `duckdb:///path`, `sqlite:///path` or `postgresql+psycopg://...`.

        `schema_prefix` names its schemas on PostgreSQL. Raises WarehouseError for a URL it cannot use.
        """
        return cls(_storage(url, schema_prefix), now)

    @property
    def dialect(self) -> str:
        """Which database holds it."""
        return self._storage.dialect

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Read the version that is current now; it stays readable until the block ends, whatever is loaded."""
        opened = self._pin()
        try:
            yield opened.reader
        finally:
            self._release(opened)

    @contextmanager
    def kept(self) -> Iterator[Connection]:
        """A transaction on the kept tables."""
        with self._storage.kept_engine.begin() as connection:
            yield connection

    @contextmanager
    def load(self, source: str, as_of: datetime | None) -> Iterator[Load]:
        """Build the next version with the rows of `source` renewed; published when the block ends well.

        `as_of` is the latest moment the source's data knows of (UTC), None where it knows of none. Readers keep
        their version; if the block
        raises or the process dies nothing has changed. Raises WarehouseError while another load runs.
        """
        try:
            lock = self._storage.lock_for_load()
            held = lock.__enter__()
        except BlockingIOError as busy:
            raise WarehouseError("Another load is running on this warehouse; try again when it has ended.") from busy
        del held
        try:
            yield from self._load(source, as_of)
        finally:
            lock.__exit__(None, None, None)

    def _load(self, source: str, as_of: datetime | None) -> Iterator[Load]:
        run_id, started = uuid.uuid4().hex[:12], self._now()
        with self.kept() as connection:
            current = control.current_version(connection)
            ends = {name: end for name, end in control.data_ends(connection, current).items() if name != source}
            connection.execute(
                insert(load_runs).values(run_id=run_id, table_name="*", source=source, started_at=started)
            )
        built = self._storage.built_versions()
        for leftover in (number for number in built if number > current):
            self._storage.drop(leftover)
        version = max([current, *self._storage.built_versions()]) + 1
        if as_of is not None:
            ends[source] = as_of
        load = Load(self._storage, source, version, current, ends)
        try:
            yield load
            load.complete()
            with self.kept() as connection:
                load.write_kept(connection)
                load.record(connection, run_id, started, self._now())
                control.publish(connection, version, source, as_of, self._now())
        except BaseException:
            load.close()
            self._storage.drop(version)
            raise
        self._storage.published(version)
        self._drop_unused(version)

    def _drop_unused(self, current: int) -> None:
        with self._opening:
            for number in [number for number, opened in self._opened.items() if number != current and not opened.users]:
                self._opened.pop(number).close()
        for number in self._storage.built_versions():
            if number < current:
                self._storage.drop(number)

    def current_version(self) -> int:
        """The published version; 0 before the first load."""
        with self._storage.kept_engine.connect() as connection:
            return control.current_version(connection)

    def read_url(self) -> str:
        """A URL under which other programs find the current version's tables by their plain names."""
        return self._storage.read_url(self.current_version())

    def close(self) -> None:
        """Let go of every version and connection."""
        with self._opening:
            for opened in self._opened.values():
                opened.close()
            self._opened.clear()
        self._storage.kept_engine.dispose()

    def _pin(self) -> _Opened:
        for _ in range(10):
            version = self.current_version()
            if version == 0:
                raise WarehouseError("Nothing has been loaded yet. `leadline demo` builds a company to try.")
            try:
                with self._opening:
                    if version not in self._opened:
                        self._opened[version] = self._open(version)
                    opened = self._opened[version]
                    opened.users += 1
                return opened
            except LookupError:
                continue
        raise WarehouseError("The warehouse's current version cannot be read: loads replace it faster than it opens.")

    def _open(self, version: int) -> _Opened:
        held = self._storage.open(version)
        with self._storage.kept_engine.connect() as connection:
            ends = control.data_ends(connection, version)
        return _Opened(version, held, Reader(version, held, ends, self._storage.dialect))

    def _release(self, opened: _Opened) -> None:
        with self._opening:
            opened.users -= 1
            stale = not opened.users and opened.version < max(self._opened)
            if stale and self._opened.pop(opened.version, None) is not None:
                opened.close()


@dataclass
class _Opened:
    version: int
    held: VersionReader
    reader: Reader
    users: int = 0

    def close(self) -> None:
        self.held.close()


class Reader:
    """One version of the loaded tables, and the kept tables as they are now. Never writes."""

    def __init__(self, version: int, held: VersionReader, data_ends: dict[str, datetime], dialect: str) -> None:
        self.version, self.data_ends, self.dialect = version, data_ends, dialect
        self._held = held

    @property
    def as_of(self) -> datetime | None:
        """The latest moment any source's data knows of."""
        return max(self.data_ends.values(), default=None)

    def rows(self, statement: Select[Any]) -> list[Row[Any]]:
        """Run a select and fetch every row."""
        self._held.refresh(_kept_tables(statement))
        with self._held.engine.connect() as connection:
            return list(connection.execute(statement).all())

    def frame(self, statement: Select[Any]) -> pd.DataFrame:
        """The rows of a select as a frame, its columns named as selected."""
        import pandas as pd

        columns = [column.name for column in statement.selected_columns]
        return pd.DataFrame.from_records([tuple(row) for row in self.rows(statement)], columns=columns)

    def sql(self, statement: Select[Any]) -> str:
        """The statement as this database runs it, values filled in, for people to read."""
        engine: Any = self._held.engine
        schemas = engine.get_execution_options().get("schema_translate_map")
        how: dict[str, Any] = {"literal_binds": True, "render_schema_translate": schemas is not None}
        return str(statement.compile(engine, compile_kwargs=how, schema_translate_map=schemas))


def _kept_tables(statement: Select[Any]) -> set[str]:
    return {
        element.name
        for element in visitors.iterate(statement)
        if isinstance(element, Table) and element.schema == "kept"
    }


class Load:
    """The rows of one source on their way into the next version."""

    def __init__(
        self, storage: Storage, source: str, version: int, previous: int, data_ends: dict[str, datetime]
    ) -> None:
        self._storage, self._source, self._version, self._data_ends = storage, source, version, data_ends
        self._writer: VersionWriter | None = storage.build(version, previous)
        self._put: dict[str, dict[str, Any]] = {}
        self._kept: list[tuple[Table, list[dict[str, Any]], Mapping[str, Any] | None]] = []

    def put(self, table_name: str, frame: pd.DataFrame) -> None:
        """The rows of this source in one table; once a table. Columns by name, missing ones are empty."""
        from analytics.warehouse.shape import ShapeError, checksum, fit_to_table

        table = LOADED.tables.get(f"loaded.{table_name}")
        if table is None:
            raise WarehouseError(f"There is no loaded table {table_name!r}.")
        if table_name in self._put:
            raise WarehouseError(f"Table {table_name} was put twice in one load.")
        if self._writer is None:
            raise WarehouseError("This load has been completed; rows can no longer be put.")
        try:
            shaped = fit_to_table(frame, table, self._source)
        except ShapeError as misfit:
            raise WarehouseError(f"Rows of {self._source} do not fit the warehouse: {misfit}.") from misfit
        self._writer.append(table, shaped)
        self._put[table_name] = {
            "rows_in": len(frame),
            "rows_out": len(frame),
            "rows_rejected": 0,
            "checksum": checksum(shaped),
        }

    def report(self, table_name: str, *, rows_in: int, rows_rejected: int) -> None:
        """How many rows the source held for a table and how many of them were rejected."""
        self._put[table_name].update(rows_in=rows_in, rows_rejected=rows_rejected)

    def keep(self, table_name: str, frame: pd.DataFrame, *, replacing: Mapping[str, Any] | None = None) -> None:
        """Kept rows that this load brings, written in the transaction that publishes it.

        A row replaces the one with its key. With `replacing`, all kept rows of this source that have these values go
        first; an empty mapping means all of this source.
        """
        table = KEPT.tables.get(f"kept.{table_name}")
        if table is None:
            raise WarehouseError(f"There is no kept table {table_name!r}.")
        self._kept.append((table, _kept_rows(frame, table, self._source), replacing))

    @contextmanager
    def preview(self) -> Iterator[Reader]:
        """Read the version before it is published; after this nothing more can be put."""
        self.complete()
        held = self._storage.open(self._version)
        try:
            yield Reader(self._version, held, self._data_ends, self._storage.dialect)
        finally:
            held.close()

    def complete(self) -> None:
        """Take over other sources' rows, check keys, make the version durable."""
        if self._writer is None:
            return
        for table in LOADED.tables.values():
            self._writer.copy(table, without_source=self._source)
        for table_name in self._put:
            repeated = self._writer.repeated_keys(LOADED.tables[f"loaded.{table_name}"])
            if repeated:
                keys = "; ".join(", ".join(map(str, key)) for key in repeated)
                raise WarehouseError(
                    f"Table {table_name} would hold the same key twice ({keys}): "
                    f"{self._source} repeats it, or another source has it already."
                )
        self._writer.finish()
        self.close()

    def close(self) -> None:
        """Let the version's file or connection go."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def write_kept(self, connection: Connection) -> None:
        """Write what `keep` collected."""
        for table, rows, replacing in self._kept:
            if replacing is not None:
                same = [table.c[name] == value for name, value in replacing.items()]
                connection.execute(delete(table).where(table.c.source == self._source, *same))
            replace_rows(connection, table, rows)

    def record(self, connection: Connection, run_id: str, started: datetime, finished: datetime) -> None:
        """Leave a row per table, and the load's own row marked as finished, in `load_runs`."""
        for table_name, counts in self._put.items():
            connection.execute(
                insert(load_runs).values(
                    run_id=run_id,
                    table_name=table_name,
                    source=self._source,
                    started_at=started,
                    finished_at=finished,
                    **counts,
                )
            )
        total = {
            name: sum(counts[name] for counts in self._put.values())
            for name in ("rows_in", "rows_out", "rows_rejected")
        }
        together = ":".join(sorted(counts["checksum"] for counts in self._put.values()))
        digest = hashlib.sha256(together.encode()).hexdigest()[:16]
        this_run = (load_runs.c.run_id == run_id) & (load_runs.c.table_name == "*")
        connection.execute(update(load_runs).where(this_run).values(finished_at=finished, checksum=digest, **total))


def replace_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write kept rows, each in place of the one with its primary key; 1,000 a statement."""
    keys = list(table.primary_key.columns)
    for start in range(0, len(rows), 1000):
        batch = rows[start : start + 1000]
        named = [tuple(row[key.name] for key in keys) for row in batch]
        connection.execute(delete(table).where(tuple_(*keys).in_(named)))
        connection.execute(insert(table), batch)


def _kept_rows(frame: pd.DataFrame, table: Table, source: str) -> list[dict[str, Any]]:
    import pandas as pd
    from sqlalchemy import Boolean, Date, Integer

    from analytics.warehouse.types import UtcDateTime

    unknown = [name for name in frame.columns if name not in table.columns]
    if unknown:
        raise WarehouseError(f"Kept table {table.name} has no column {', '.join(map(repr, unknown))}.")
    columns: dict[str, list[Any]] = {}
    for name in frame.columns:
        values = frame[name]
        kind = table.columns[name].type
        if isinstance(kind, UtcDateTime | Date):
            moments = pd.to_datetime(values, utc=True)
            values = (
                moments.dt.date if isinstance(kind, Date) else pd.Series(list(moments.dt.to_pydatetime()), dtype=object)
            )
        plain = values.astype(object)
        missing = plain.map(
            lambda value: value is None or value is pd.NaT or (isinstance(value, float) and value != value)
        )
        cleaned = [None if gone else value for value, gone in zip(plain, missing, strict=True)]
        cast = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else None
        columns[name] = [value if value is None or cast is None else cast(value) for value in cleaned]
    columns.setdefault("source", [source] * len(frame))
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _storage(url: str, schema_prefix: str) -> Storage:
    try:
        parsed = make_url(url)
    except ArgumentError as broken:
        raise WarehouseError(
            f"{url!r} is no database URL. Examples: duckdb:////data/crm.duckdb, sqlite:////data/crm.db, "
            "postgresql+psycopg://user@host/database."
        ) from broken
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        from analytics.warehouse.postgresql import PostgresStorage

        return PostgresStorage(parsed.set(drivername="postgresql+psycopg"), schema_prefix)
    if backend not in ("duckdb", "sqlite"):
        raise WarehouseError(f"{backend} is not supported; the warehouse runs on duckdb, sqlite and postgresql.")
    if not parsed.database or parsed.database == ":memory:":
        raise WarehouseError("A warehouse outlives the process: give a file, as in duckdb:////data/crm.duckdb.")
    path = Path(parsed.database)
    if backend == "sqlite":
        from analytics.warehouse.sqlite import SqliteStorage

        return SqliteStorage(path)
    from analytics.warehouse.duckdb import DuckStorage

    return DuckStorage(path)


__all__ = ["Load", "Reader", "Warehouse", "WarehouseError", "replace_rows"]
