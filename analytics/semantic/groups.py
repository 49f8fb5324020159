"""What a statement groups by: dimensions, the bucket of a grain, the place of a period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Select

from analytics.semantic.definition import Measure
from analytics.semantic.elements import bucket_start, local
from analytics.semantic.faults import QueryError
from analytics.semantic.model import Model
from analytics.semantic.periods_table import Bounds
from analytics.semantic.rows import Rows
from analytics.semantic.shape import Shape

MOST_GROUPS = 50_000


def groups(model: Model, shape: Shape, rows: Rows, bounds: Bounds) -> list[ColumnElement[Any]]:
    """The dimension columns, and the bucket of a grain or the place of a period."""
    measure = shape.first
    groups: list[ColumnElement[Any]] = [
        rows.column(dimension_path(model, measure, name)).label(f"d{place}")
        for place, name in enumerate(shape.dimensions)
    ]
    if shape.grain is not None:
        groups.append(bucket(rows.column(model.time_of(measure)), shape).label("bucket"))
    if bounds.place is not None:
        groups.append(bounds.place.label("place"))
    return groups


def bucket(time: ColumnElement[Any], shape: Shape) -> ColumnElement[Any]:
    """The first day of the grain's unit in which a row's time lies."""
    assert shape.grain is not None
    placed = time if isinstance(time.type, Date) else local(time, shape.offsets)
    return bucket_start(placed, shape.grain, shape.fiscal_year_start)


def dimension_path(model: Model, measure: Measure, name: str) -> str:
    """Where a measure takes a dimension from; QueryError where it has none."""
    path = model.path(measure, name)
    if path is None:
        raise QueryError("dimension_not_allowed", name, measure.table)
    return path


def grouped(statement: Select[Any], groups: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Grouped by the named columns, cut where there are more groups than anybody reads."""
    names = [column.key or "" for column in groups]
    return statement.group_by(*names).limit(MOST_GROUPS + 1) if names else statement
