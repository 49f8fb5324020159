"""What DuckDB and SQLite share: a version is a file, kept tables are a SQLite file beside it."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text

from analytics.warehouse.locks import FileLock
from analytics.warehouse.tables import KEPT
from analytics.warehouse.upgrade import fingerprint, make_current


class VersionFiles:
    """Names and locks of the files of one warehouse, given the path its URL names.

    `crm.duckdb` stands for `crm.v3.duckdb` (a version), `crm.duckdb.kept.db` (kept tables) and lock files;
    `crm.duckdb` itself is a link to the current version, for other programs.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._stem = self.path.with_suffix("")
        self.kept = self._sibling(".kept.db")

    def _sibling(self, ending: str) -> Path:
        return self.path.with_name(self.path.name + ending)

    def make_room(self) -> None:
        """The folder they lie in."""
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def version(self, number: int) -> Path:
        return self._stem.with_name(f"{self._stem.name}.v{number}{self.path.suffix}")

    def built(self) -> list[int]:
        pattern = re.compile(re.escape(self._stem.name) + r"\.v(\d+)" + re.escape(self.path.suffix))
        there = self.path.parent.iterdir() if self.path.parent.is_dir() else ()
        found = (pattern.fullmatch(name.name) for name in there)
        return sorted(int(match[1]) for match in found if match)

    def lock_for_load(self) -> AbstractContextManager[object]:
        self.make_room()
        return FileLock(self._sibling(".load.lock"), shared=False)

    def hold(self, number: int) -> FileLock:
        """Keep a version from being deleted; LookupError when it is gone already."""
        try:
            lock = FileLock(self._sibling(f".v{number}.lock"), shared=True)
        except BlockingIOError as being_deleted:
            raise LookupError(f"version {number} is being deleted") from being_deleted
        if not self.version(number).exists():
            lock.close()
            raise LookupError(f"version {number} is gone")
        return lock

    def drop(self, number: int) -> bool:
        lock_path = self._sibling(f".v{number}.lock")
        try:
            lock = FileLock(lock_path, shared=False)
        except BlockingIOError:
            return False
        with lock:
            for ending in ("", ".wal", "-wal", "-shm", "-journal"):
                Path(f"{self.version(number)}{ending}").unlink(missing_ok=True)
            lock_path.unlink(missing_ok=True)
        return True

    def link_current(self, number: int) -> None:
        fresh = self._sibling(".link")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self.version(number).name)
        os.replace(fresh, self.path)


class FileStorage:
    """The part of a `Storage` that does not depend on which of the two it is."""

    dialect: str

    def __init__(self, path: Path) -> None:
        self._files = VersionFiles(path)
        self.kept_engine = kept_engine(self._files.kept)

    def lock_for_load(self) -> AbstractContextManager[object]:
        return self._files.lock_for_load()

    def has_kept(self) -> bool:
        return self._files.kept.exists()

    def create_kept(self) -> None:
        self._files.make_room()
        create_kept_in_sqlite(self.kept_engine)

    def built_versions(self) -> list[int]:
        return self._files.built()

    def drop(self, version: int) -> bool:
        return self._files.drop(version)

    def published(self, version: int) -> None:
        self._files.link_current(version)

    def read_url(self, version: int) -> str:
        return f"{self.dialect}:///{self._files.version(version)}"


def kept_engine(path: Path) -> Engine:
    """The SQLite file of the kept tables: many processes read and write it (WAL, waits up to 10 s for its turn)."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine.execution_options(schema_translate_map={"kept": None})


def create_kept_in_sqlite(engine: Engine) -> None:
    """Bring the kept tables up to their declaration and give each a trigger that counts its changes, one a row."""
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar() == fingerprint():
            return
    with engine.begin() as connection:
        for name in make_current(connection, None):
            connection.execute(
                text("UPDATE kept_changes SET counter = counter + 1 WHERE table_name = :name"), {"name": name}
            )
        for table in KEPT.tables.values():
            for change in ("INSERT", "UPDATE", "DELETE"):
                connection.execute(
                    text(
                        f"CREATE TRIGGER IF NOT EXISTS count_{table.name}_{change.lower()} "
                        f"AFTER {change} ON {table.name} "
                        f"BEGIN INSERT INTO kept_changes VALUES ('{table.name}', 1) "
                        f"ON CONFLICT (table_name) DO UPDATE SET counter = counter + 1; END"
                    )
                )
        connection.exec_driver_sql(f"PRAGMA user_version = {fingerprint()}")


def change_counts(engine: Engine) -> dict[str, int]:
    """For each kept table ever written, how often it changed."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT table_name, counter FROM kept_changes").all()
    return {str(row[0]): int(row[1]) for row in found}
