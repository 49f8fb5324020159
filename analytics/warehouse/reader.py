"""One version of the loaded tables, and the kept tables as they are now. Never writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, Table
from sqlalchemy.sql import visitors

from analytics.warehouse import control
from analytics.warehouse.limits import time_limit
from analytics.warehouse.storage import VersionReader

if TYPE_CHECKING:
    import pandas as pd


class Reader:
    """One version of the loaded tables, and the kept tables as they are now. Never writes.

    `remembered` is for what others look up once per version; it goes when the version goes.
    """

    def __init__(self, version: int, held: VersionReader, sources: dict[str, control.Held], dialect: str) -> None:
        self.version, self.sources, self.dialect = version, sources, dialect
        self.remembered: dict[str, Any] = {}
        self._held = held

    @property
    def data_ends(self) -> dict[str, datetime]:
        """For each source with dates, the latest moment its data knows of."""
        return {name: held.as_of for name, held in self.sources.items() if held.as_of is not None}

    @property
    def as_of(self) -> datetime | None:
        """The latest moment any source's data knows of."""
        return max(self.data_ends.values(), default=None)

    def rows(
        self, statement: Select[Any], values: Mapping[str, Any] | None = None, *, seconds: float | None = None
    ) -> list[Row[Any]]:
        """Run a select, with `values` for its bound parameters, and fetch every row.

        A statement that is asked often is built once and given values: building it costs as much as running it.
        Raises TooSlow when it runs longer than `seconds`.
        """
        self._held.refresh(_kept_tables(statement))
        with self._held.engine.connect() as connection:
            if seconds is None:
                return list(connection.execute(statement, values or {}).all())
            with time_limit(connection, seconds):
                return list(connection.execute(statement, values or {}).all())

    def kept_state(self, *kept: str) -> object:
        """What stays equal as long as no row of the named kept tables changes; None where that cannot be told."""
        return self._held.kept_state(kept)

    def frame(self, statement: Select[Any]) -> pd.DataFrame:
        """The rows of a select as a frame, its columns named as selected."""
        import pandas as pd

        columns = [column.name for column in statement.selected_columns]
        return pd.DataFrame.from_records([tuple(row) for row in self.rows(statement)], columns=columns)

    def text(self, statement: Select[Any]) -> str:
        """The statement as this database runs it, with placeholders."""
        engine: Any = self._held.engine
        return str(statement.compile(engine, compile_kwargs={"render_postcompile": False}))

    def sql(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> str:
        """The statement with values filled in, for people to read and to run on the version at `read_url`.

        There the loaded tables go by their plain names, unless the database keeps each version in a schema. A statement
        that reads kept tables too names them as this reader does.
        """
        statement = statement.params(values or {})
        engine: Any = self._held.engine
        plain = {} if _kept_tables(statement) else {"loaded": None}
        schemas = engine.get_execution_options().get("schema_translate_map") or plain
        how: dict[str, Any] = {"schema_translate_map": schemas, "render_schema_translate": True} if schemas else {}
        return str(statement.compile(engine, compile_kwargs={"literal_binds": True}, **how))


@lru_cache(maxsize=256)
def _kept_tables(statement: Select[Any]) -> frozenset[str]:
    elements = visitors.iterate(statement)
    return frozenset(table.name for table in elements if isinstance(table, Table) and table.schema == "kept")
