"""One version of the loaded tables, and the kept tables as they are now. Never writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, Table
from sqlalchemy.sql import visitors

from analytics.warehouse import control
from analytics.warehouse.storage import VersionReader

if TYPE_CHECKING:
    import pandas as pd


class Reader:
    """One version of the loaded tables, and the kept tables as they are now. Never writes."""

    def __init__(self, version: int, held: VersionReader, sources: dict[str, control.Held], dialect: str) -> None:
        self.version, self.sources, self.dialect = version, sources, dialect
        self._held = held

    @property
    def data_ends(self) -> dict[str, datetime]:
        """For each source with dates, the latest moment its data knows of."""
        return {name: held.as_of for name, held in self.sources.items() if held.as_of is not None}

    @property
    def as_of(self) -> datetime | None:
        """The latest moment any source's data knows of."""
        return max(self.data_ends.values(), default=None)

    def rows(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> list[Row[Any]]:
        """Run a select, with `values` for its bound parameters, and fetch every row.

        A statement that is asked often is built once and given values: building it costs as much as running it.
        """
        self._held.refresh(_kept_tables(statement))
        with self._held.engine.connect() as connection:
            return list(connection.execute(statement, values or {}).all())

    def frame(self, statement: Select[Any]) -> pd.DataFrame:
        """The rows of a select as a frame, its columns named as selected."""
        import pandas as pd

        columns = [column.name for column in statement.selected_columns]
        return pd.DataFrame.from_records([tuple(row) for row in self.rows(statement)], columns=columns)

    def sql(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> str:
        """The statement as this database runs it, values filled in, for people to read."""
        statement = statement.params(values or {})
        engine: Any = self._held.engine
        schemas = engine.get_execution_options().get("schema_translate_map")
        how: dict[str, Any] = {"schema_translate_map": schemas, "render_schema_translate": True} if schemas else {}
        return str(statement.compile(engine, compile_kwargs={"literal_binds": True}, **how))


@lru_cache(maxsize=256)
def _kept_tables(statement: Select[Any]) -> frozenset[str]:
    elements = visitors.iterate(statement)
    return frozenset(table.name for table in elements if isinstance(table, Table) and table.schema == "kept")
