"""The declared tables as the model sees them: which columns a path reaches, over joins that cannot fan out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, Integer, MetaData, String, Table
from sqlalchemy.types import TypeEngine

from analytics.semantic.definition import Join, TableFile
from analytics.semantic.found import near
from analytics.warehouse.tables import KEPT, LOADED
from analytics.warehouse.types import Money, UtcDateTime

_KINDS: dict[str, type[TypeEngine[Any]]] = {
    "text": String,
    "whole": Integer,
    "number": Double,
    "money": Money,
    "moment": UtcDateTime,
    "date": Date,
    "flag": Boolean,
}


class BrokenJoin(LookupError):
    """A declared join that cannot be used: told once, where it is declared, and not by every path over it."""


@dataclass(frozen=True)
class Reached:
    """A column at the end of a path: the joins that lead there, and its type."""

    joins: tuple[str, ...]
    column: str
    type: TypeEngine[object]

    @property
    def kind(self) -> str:
        """text, whole, number, money, moment, date or flag, as table files declare it; json for lists kept as text."""
        return next((kind for kind, declared in _KINDS.items() if isinstance(self.type, declared)), "json")


class Schema:
    """Tables by name. A company's own tables live beside the canonical ones, in a catalogue of their own."""

    def __init__(self, files: Mapping[str, TableFile]) -> None:
        self.files = dict(files)
        own = MetaData(schema="loaded")
        for file in files.values():
            if file.table and file.columns:
                columns: list[Column[object]] = [Column(name, _KINDS[kind]) for name, kind in file.columns.items()]
                Table(file.table, own, *columns, info={"key": file.key})
        self._own = own

    def table(self, name: str) -> Table | None:
        """The declared table of this name; a view's is the one it reads."""
        file = self.files.get(name)
        return self._catalogued(file.latest.of if file is not None and file.latest is not None else name)

    def _catalogued(self, name: str) -> Table | None:
        for catalogue, schema in ((self._own, "loaded"), (LOADED, "loaded"), (KEPT, "kept")):
            found = catalogue.tables.get(f"{schema}.{name}")
            if found is not None:
                return found
        return None

    def declares(self, name: str) -> bool:
        """Whether there is a table of this name, views aside."""
        return self._catalogued(name) is not None

    def names(self) -> set[str]:
        """What can be joined, views included."""
        tables = {table.name for catalogue in (self._own, LOADED, KEPT) for table in catalogue.tables.values()}
        return tables | set(self.files)

    def has(self, table: str, column: str) -> bool:
        """Whether a table has a column of its own by this name."""
        declared = self.table(table)
        return declared is not None and column in declared.columns

    def declared(self, name: str) -> Table:
        """The declared table of this name; LookupError when there is none."""
        found = self.table(name)
        if found is None:
            raise LookupError(f"{name} is no declared table")
        return found

    def file(self, name: str) -> TableFile:
        """What the model says of a table; nothing but its columns where no file does."""
        return self.files.get(name) or TableFile(table=name)

    def key(self, name: str) -> tuple[str, ...]:
        """The columns by which a row of it is found."""
        latest = self.file(name).latest
        if latest is not None:
            return (latest.by,)
        table = self.table(name)
        return () if table is None else tuple(table.info["key"])

    def join(self, table: str, name: str) -> Join:
        """A declared join; LookupError with the reason where there is none, BrokenJoin where it could fan out."""
        found = self.file(table).joins.get(name)
        if found is None:
            known = ", ".join(sorted(self.file(table).joins)) or "none"
            raise LookupError(f"table {table} declares no join {name!r} (declared: {known})")
        if self.table(found.to) is None:
            raise BrokenJoin(f"join {name!r} of {table} leads to {found.to}, which is no declared table")
        key = set(self.key(found.to)) - ({found.during.begins} if found.during else set())
        if found.during is None and key != set(found.on.values()):
            raise BrokenJoin(
                f"join {name!r} of {table} could repeat rows: it must use the whole key of {found.to}, "
                f"{', '.join(sorted(key))}"
            )
        return found

    def reach(self, table: str, path: str) -> Reached:
        """Where a path from `table` ends; LookupError with the reason where it leads nowhere."""
        *steps, column = path.split(".")
        for step in steps:
            table = self.join(table, step).to
        declared = self.declared(table)
        if column in self.file(table).ranks:
            return Reached(tuple(steps), column, Double())
        if column not in declared.columns:
            raise LookupError(f"table {table} has no column {column!r}{near(column, set(declared.columns.keys()))}")
        return Reached(tuple(steps), column, declared.columns[column].type)

    def tables_on(self, table: str, path: str) -> tuple[str, ...]:
        """The tables a path reads beyond its first."""
        found = []
        for step in path.split(".")[:-1]:
            table = self.join(table, step).to
            found.append(table)
        return tuple(found)
