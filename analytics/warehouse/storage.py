"""What a database must offer to hold the warehouse; `duckdb.py`, `sqlite.py` and `postgresql.py` are the three."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine, Table

if TYPE_CHECKING:
    import pandas as pd


class StorageFault(Exception):
    """The database says no in a way of its own; the message is its first line."""


class VersionReader(Protocol):
    """One version, held open for reading: it cannot be dropped before `close`."""

    engine: Engine

    def refresh(self, kept: Collection[str]) -> None:
        """Make the named kept tables readable as they are now."""

    def kept_state(self, kept: Collection[str]) -> object:
        """What stays equal as long as no row of the named kept tables changes; None where that cannot be told."""

    def close(self) -> None:
        """Let the version go."""


class VersionWriter(Protocol):
    """A version being built, visible to nobody."""

    def copy(self, table: Table, *, without_source: str) -> int:
        """Take over the rows of other sources from the current version; returns how many."""

    def append(self, table: Table, frame: pd.DataFrame) -> None:
        """Add the rows of a frame shaped by `fit_to_table`."""

    def repeated_keys(self, table: Table) -> list[tuple[object, ...]]:
        """Up to three keys that stand in the version more than once."""

    def finish(self) -> None:
        """Everything is written: index it and make it durable."""

    def close(self) -> None:
        """Let go of it, finished or not."""


class Storage(Protocol):
    """One database."""

    dialect: str
    kept_engine: Engine

    def lock_for_load(self) -> AbstractContextManager[object]:
        """One load at a time; raises BlockingIOError when another runs."""

    def has_kept(self) -> bool:
        """Whether the kept tables are there: without them nothing was ever loaded."""

    def create_kept(self) -> None:
        """Make the kept tables where they are missing."""

    def built_versions(self) -> list[int]:
        """Versions that exist physically, published or not."""

    def build(self, version: int, previous: int) -> VersionWriter:
        """Start a version next to `previous`."""

    def open(self, version: int) -> VersionReader:
        """Hold `version` for reading; raises LookupError when it is gone."""

    def drop(self, version: int) -> bool:
        """Delete a version nobody holds; False when somebody does."""

    def published(self, version: int) -> None:
        """`version` is current now: point outsiders at it."""

    def read_url(self, version: int) -> str:
        """A URL under which other programs read this version with plain table names."""
