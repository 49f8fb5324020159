"""Opening the operational store: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

SCHEMA_VERSION = "0002"
BUSY_SECONDS = 10


class StoreError(Exception):
    """The store cannot be used, for a reason its operator can mend."""


class Store:
    """Transactions on the operational store. `now` is the clock that leases, back-offs and rows are dated by (UTC).

    Every process opens its own. Safe to use from several threads. The clock is the caller's: processes that share a
    store must agree on the time to well within a lease.
    """

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self.now = now
        self.dialect = engine.dialect.name
        self._writers = engine.execution_options(writing=True)
        # SQLite has one writer: queueing here is fair and fast, its own busy handler sleeps in growing steps.
        self._turn = threading.Lock() if self.dialect == "sqlite" else nullcontext()

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime], schema: str | None = None) -> Store:
        """Open the store at a SQLAlchemy `url`, creating or upgrading its tables when they are not current.

        `schema` names a PostgreSQL schema of its own (created when absent). Raises StoreError when the database
        cannot be reached or was made by a newer version.
        """
        engine = _engine(url, schema)
        try:
            if _version(engine) != SCHEMA_VERSION:
                from assistant.store.migrations.upgrade import upgrade

                upgrade(engine, schema)
        except OperationalError as error:
            engine.dispose()
            where = make_url(url).render_as_string(hide_password=True)
            raise StoreError(f"The operational store at {where} cannot be opened: {error.orig}") from error
        return cls(engine, now)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that writes; committed at the end of the block, rolled back when it raises."""
        with self._turn, Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _engine(url: str, schema: str | None) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
        return engine
    options = {"options": f"-csearch_path={schema}"} if schema else {}
    return create_engine(parsed, connect_args=options, pool_pre_ping=True)


def _durable(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        try:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except (OperationalError, ProgrammingError):  # no such table: a store not made yet
            return None
