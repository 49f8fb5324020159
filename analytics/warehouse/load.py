"""The rows of one source on their way into the next version, and the kept rows that come with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, delete, insert, tuple_, update

from analytics.warehouse import control
from analytics.warehouse.faults import WarehouseError
from analytics.warehouse.reader import Reader
from analytics.warehouse.storage import Storage, VersionWriter
from analytics.warehouse.tables import KEPT, LOADED, load_runs

if TYPE_CHECKING:
    import pandas as pd


class Load:
    """The rows of one source on their way into the next version."""

    def __init__(
        self, storage: Storage, source: str, version: int, previous: int, sources: dict[str, control.Held]
    ) -> None:
        self._storage, self._source, self._version, self._sources = storage, source, version, sources
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
            yield Reader(self._version, held, self._sources, self._storage.dialect)
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
