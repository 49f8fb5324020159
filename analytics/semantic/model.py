"""The KPIs, tables and dimensions of one company, checked and ready to compute from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Select

from analytics.semantic.definition import Dimension, Kpi, Measure, TableFile
from analytics.semantic.faults import QueryError
from analytics.semantic.schema import Schema

MOST_SHAPES = 2_000  # statements kept built
Shape = TypeVar("Shape", bound=Hashable)


@dataclass(frozen=True)
class Part:
    """A measure of a KPI under its full name, `kpi.measure`, which alone tells parts apart.

    `uneven`: it gives how unevenly the amount lies on its rows in place of the amount.
    """

    name: str
    measure: Measure = field(compare=False)
    uneven: bool = False

    @property
    def unevenness(self) -> Part | None:
        """In place of an amount how unevenly it lies on its rows: their squares over the square of their sum.

        It is 1/n for n equal rows, and has no unit. None for counts, and where rows are not simply added up.
        """
        measure = self.measure
        plain = measure.operand is not None and not (measure.per or measure.window or measure.funnel)
        return Part(f"{self.name}#uneven", measure, uneven=True) if plain else None


class Model:
    """Everything the KPI files say. Read-only; shared by all questions."""

    def __init__(
        self, kpis: Mapping[str, Kpi], tables: Mapping[str, TableFile], dimensions: Mapping[str, Dimension]
    ) -> None:
        self.kpis, self.dimensions = dict(kpis), dict(dimensions)
        self.tables = dict(tables)
        self._parts: dict[str, tuple[Part, ...]] = {}
        self._told_apart: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        self._built: dict[Any, Select[Any]] = {}

    @cached_property
    def schema(self) -> Schema:
        """The declared tables and their joins."""
        return Schema(self.tables)

    def built(self, shape: Shape, build: Callable[[Model, Shape], Select[Any]]) -> Select[Any]:
        """The statement of a shape, built when it is asked for the first time."""
        statement = self._built.get(shape)
        if statement is None:
            if len(self._built) >= MOST_SHAPES:
                self._built.clear()
            statement = self._built[shape] = build(self, shape)
        return statement

    def kpi(self, kpi_id: str) -> Kpi:
        """A KPI by id; QueryError when there is none."""
        if kpi_id not in self.kpis:
            raise QueryError("unknown_kpi", kpi_id)
        return self.kpis[kpi_id]

    def parts(self, kpi_id: str) -> tuple[Part, ...]:
        """Every measure the KPI is made of, those of the KPIs it is derived from included; each once."""
        if kpi_id not in self._parts:
            kpi = self.kpi(kpi_id)
            own = [Part(f"{kpi_id}.{name}", measure) for name, measure in kpi.measures.items()]
            for name in kpi.formula.names:
                if name not in kpi.measures and name not in kpi.constants:
                    own += self.parts(name)
            self._parts[kpi_id] = tuple(dict.fromkeys(own))
        return self._parts[kpi_id]

    def rows_told_apart(self, kpi_id: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """For each part by name what tells its rows from those of other parts; parts over the same rows share it."""
        if kpi_id not in self._told_apart:
            self._told_apart[kpi_id] = tuple((part.name, self._rows_of(part.measure)) for part in self.parts(kpi_id))
        return self._told_apart[kpi_id]

    def _rows_of(self, measure: Measure) -> tuple[str, ...]:
        where = {path: condition for path, condition in measure.where.items() if not condition.known}
        return measure.table, self.time_of(measure), repr(where), repr((measure.state, measure.window))

    def tables_of(self, kpi_id: str) -> tuple[str, ...]:
        """The tables a KPI reads rows of, in the order its file names them."""
        return tuple(dict.fromkeys(part.measure.table for part in self.parts(kpi_id)))

    def path(self, measure: Measure, dimension: str) -> str | None:
        """Where a measure takes a dimension from; None when it has none."""
        return measure.dimensions.get(dimension) or self.schema.file(measure.table).dimensions.get(dimension)

    def time_of(self, measure: Measure) -> str:
        """The column that places a measure's rows in time."""
        return measure.time or self.schema.file(measure.table).time or ""
