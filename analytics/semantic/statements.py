"""Statements built once per shape, checked once, and run read-only with a time limit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Table
from sqlalchemy.sql import visitors

from analytics.semantic.compile import statement_of
from analytics.semantic.faults import QueryError
from analytics.semantic.groups import MOST_GROUPS
from analytics.semantic.model import Model
from analytics.semantic.read_only import check_read_only
from analytics.semantic.shape import Shape
from analytics.vocabulary import Statement
from analytics.warehouse import Reader, TooSlow

SECONDS = 30.0
_LISTED = re.compile(r"\(__\[POSTCOMPILE_(\w+)\]\)")


class Statements:
    """Runs statements over one version and remembers what ran."""

    def __init__(self, model: Model, reader: Reader) -> None:
        self._model, self._reader = model, reader
        self._ran: list[tuple[Select[Any], Mapping[str, Any]]] = []

    def start(self) -> None:
        """Forget what ran before."""
        self._ran.clear()

    def rows_of(self, shape: Shape, values: Mapping[str, Any]) -> list[Row[Any]]:
        """The rows of a shape of measures."""
        return self.rows(self._model.built(shape, statement_of), values)

    def rows(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Row[Any]]:
        """Run one statement; QueryError when it takes too long or gives too many rows."""
        check_read_only(self._text(statement), self._reader.dialect, _tables(statement))
        self._ran.append((statement, values))
        try:
            found = self._reader.rows(statement, values, seconds=SECONDS)
        except TooSlow as slow:
            raise QueryError("too_slow", f"{SECONDS:.0f}") from slow
        if len(found) > MOST_GROUPS:
            raise QueryError("too_many_groups", str(MOST_GROUPS))
        return found

    def ran(self) -> tuple[Statement, ...]:
        """What ran, as text with its parameters."""
        return tuple(
            Statement(self._text(statement), {**self._constants(statement), **values})
            for statement, values in self._ran
        )

    def readable(self) -> tuple[str, ...]:
        """What the figures were computed with, each once, with the values written in: it runs as it stands.

        Look-ups of targets and the like are left out: they read kept tables only, which live elsewhere.
        """
        computed = ((statement, values) for statement, values in self._ran if _reads_loaded(statement))
        return tuple(dict.fromkeys(self._reader.sql(statement, values) for statement, values in computed))

    def _constants(self, statement: Select[Any]) -> Mapping[str, Any]:
        """The values that are part of the statement itself."""
        constants: dict[Any, Mapping[str, Any]] = self._reader.remembered.setdefault("constants", {})
        if statement not in constants:
            constants[statement] = statement.compile().params
        return constants[statement]

    def _text(self, statement: Select[Any]) -> str:
        texts = self._reader.remembered.setdefault("texts", {})
        if statement not in texts:
            texts[statement] = _LISTED.sub(r"(:\1)", self._reader.text(statement))
        return str(texts[statement])


@lru_cache(maxsize=1024)
def _reads_loaded(statement: Select[Any]) -> bool:
    return any(isinstance(element, Table) and element.schema == "loaded" for element in visitors.iterate(statement))


@lru_cache(maxsize=1024)
def _tables(statement: Select[Any]) -> frozenset[str]:
    return frozenset(element.name for element in visitors.iterate(statement) if isinstance(element, Table))
