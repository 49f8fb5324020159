"""The warehouse: read a pinned version, load a new one, write kept rows."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, make_url
from sqlalchemy.exc import ArgumentError

from analytics.warehouse import control
from analytics.warehouse.faults import DATABASE_FAULTS, UNREACHABLE, NothingLoaded, WarehouseError
from analytics.warehouse.load import Load
from analytics.warehouse.reader import Reader
from analytics.warehouse.storage import Storage, VersionReader
from analytics.warehouse.tables import load_runs


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Warehouse:
    """One warehouse; safe to share between threads. `open` finds or makes it."""

    def __init__(self, storage: Storage, now: Callable[[], datetime] = _utc_now) -> None:
        self._storage, self._now = storage, now
        self._opened: dict[int, _Opened] = {}
        self._opening = threading.Lock()
        self._made = storage.has_kept()
        if self._made:
            storage.create_kept()

    @classmethod
    def open(cls, url: str, *, schema_prefix: str = "leadline", now: Callable[[], datetime] = _utc_now) -> Warehouse:
        """The warehouse at an SQLAlchemy URL: `duckdb:///path`, `sqlite:///path` or `postgresql+psycopg://...`.

        `schema_prefix` names its schemas on PostgreSQL. Nothing is made until something is written. Raises
        WarehouseError for a URL it cannot use and for a database that cannot be reached.
        """
        try:
            return cls(_storage(url, schema_prefix), now)
        except UNREACHABLE as error:
            raise WarehouseError(f"The warehouse at {_shown(url)} cannot be opened: {_reason(error)}.") from error

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
        """A transaction on the kept tables; makes them where they are missing."""
        if not self._made:
            self._storage.create_kept()
            self._made = True
        with self._storage.kept_engine.begin() as connection:
            yield connection

    @contextmanager
    def load(self, source: str, as_of: datetime | None, currency: str | None = None) -> Iterator[Load]:
        """Build the next version with the rows of `source` renewed; published when the block ends well.

        `as_of` is the latest moment the source's data knows of (UTC), `currency` its money's; None where it knows
        of none. Readers keep their version; if the block
        raises or the process dies nothing has changed. Raises WarehouseError while another load runs.
        """
        try:
            lock = self._storage.lock_for_load()
            held = lock.__enter__()
        except BlockingIOError as busy:
            raise WarehouseError("Another load is running on this warehouse; try again when it has ended.") from busy
        del held
        try:
            yield from self._load(source, control.Held(as_of, currency))
        except DATABASE_FAULTS as error:
            raise WarehouseError(f"The load of {source} could not be written: {_reason(error)}.") from error
        finally:
            lock.__exit__(None, None, None)

    def _load(self, source: str, renewed: control.Held) -> Iterator[Load]:
        run_id, started = uuid.uuid4().hex[:12], self._now()
        with self.kept() as connection:
            current = control.current_version(connection)
            held = {**control.held_sources(connection, current), source: renewed}
            connection.execute(
                insert(load_runs).values(run_id=run_id, table_name="*", source=source, started_at=started)
            )
        built = self._storage.built_versions()
        for leftover in (number for number in built if number > current):
            self._storage.drop(leftover)
        version = max([current, *self._storage.built_versions()]) + 1
        load = Load(self._storage, source, version, current, held)
        try:
            yield load
            load.complete()
            with self.kept() as connection:
                load.write_kept(connection)
                load.record(connection, run_id, started, self._now())
                control.publish(connection, version, held, self._now())
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
        if not self._made:
            self._made = self._storage.has_kept()
            if not self._made:
                return 0
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
                raise NothingLoaded
            try:
                with self._opening:
                    if version not in self._opened:
                        self._opened[version] = self._open(version)
                    opened = self._opened[version]
                    opened.users += 1
                return opened
            except LookupError:
                continue
            except DATABASE_FAULTS as error:
                raise WarehouseError(f"Version {version} of the warehouse cannot be read: {_reason(error)}.") from error
        raise WarehouseError("The warehouse's current version cannot be read: loads replace it faster than it opens.")

    def _open(self, version: int) -> _Opened:
        held = self._storage.open(version)
        with self._storage.kept_engine.connect() as connection:
            sources = control.held_sources(connection, version)
        return _Opened(version, held, Reader(version, held, sources, self._storage.dialect))

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


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _reason(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0].rstrip(".") if said else type(error).__name__


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

        if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", schema_prefix):
            raise WarehouseError(f"A schema prefix is lower-case letters, digits and _, not {schema_prefix!r}.")
        return PostgresStorage(parsed.set(drivername="postgresql+psycopg"), schema_prefix)
    if backend not in ("duckdb", "sqlite"):
        raise WarehouseError(f"{backend} is not supported; the warehouse runs on duckdb, sqlite and postgresql.")
    if not parsed.database or parsed.database == ":memory:":
        raise WarehouseError("A warehouse outlives the process: give a file, as in duckdb:////data/crm.duckdb.")
    path = Path(parsed.database)
    if path.is_dir():
        raise WarehouseError(f"{path} is a folder; a warehouse URL names a file in it.")
    if backend == "sqlite":
        from analytics.warehouse.sqlite import SqliteStorage

        return SqliteStorage(path)
    from analytics.warehouse.duckdb import DuckStorage

    return DuckStorage(path)
