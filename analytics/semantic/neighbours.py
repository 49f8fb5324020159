"""Rows that have another row near them in time: found with one window over the table instead of a look-up per row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Subquery, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from analytics.semantic.definition import Measure
from analytics.semantic.model import Model
from analytics.semantic.periods_table import Bounds
from analytics.semantic.rows import Rows


class _DayNumber(FunctionElement[int]):
    """A date as a running number of days."""

    type = Integer()
    inherit_cache = True


@compiles(_DayNumber)
def _day_number(element: _DayNumber, compiler: Any, **how: Any) -> str:
    return f"({compiler.process(next(iter(element.clauses)), **how)} - DATE '2000-01-01')"


@compiles(_DayNumber, "sqlite")
def _day_number_sqlite(element: _DayNumber, compiler: Any, **how: Any) -> str:
    return f"CAST(julianday({compiler.process(next(iter(element.clauses)), **how)}) AS INTEGER)"


def looks_back_by_day(model: Model, measure: Measure) -> bool:
    """Whether `exists` asks for another row of the same table on one of the days before, other in one column."""
    linked = measure.exists
    if linked is None or linked.before is None or linked.table != measure.table or len(linked.differs) != 1:
        return False
    sides = {**linked.on, **linked.differs}
    time = model.schema.reach(measure.table, model.time_of(measure)).type
    return all(here == there for here, there in sides.items()) and isinstance(time, Date)


def rows_with_neighbours(model: Model, measure: Measure, bounds: Bounds) -> Subquery:
    """The rows of the table next to which another one stands: least and greatest of its window are not the same."""
    linked = measure.exists
    assert linked is not None
    assert linked.before is not None
    rows = Rows(model.schema, measure.table, prefix="near_")
    day = rows.column(model.time_of(measure))
    other = rows.column(next(iter(linked.differs)))
    same: list[ColumnElement[Any]] = [rows.column(path) for path in linked.on]
    reach: dict[str, Any] = {
        "partition_by": same,
        "order_by": _DayNumber(day),
        "range_": (1 - linked.before.days, 0),
    }
    least, greatest = func.min(other).over(**reach), func.max(other).over(**reach)
    within: list[ColumnElement[bool]] = [column.is_not(None) for column in (*same, other)]
    within.append(day < bindparam("seen_day", type_=Date()))
    if bounds.periods is None:
        within.append(day >= bindparam("reach_day", type_=Date()))
    windowed = select(*rows.columns, least.label("least_near"), greatest.label("greatest_near"))
    near = windowed.select_from(rows.source).where(*within).subquery("near_rows")
    kept = [column for column in near.c if column.key not in ("least_near", "greatest_near")]
    return select(*kept).where(near.c.least_near != near.c.greatest_near).subquery("neighbouring_rows")
