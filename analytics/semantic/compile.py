"""Measures over one table -> one SQLAlchemy Core statement, its bounds and values left to be bound at each run.

A statement's text depends on what is asked (measures, dimensions, kinds of filters, grain) and never on when or by
whom, so it is built once and bound many times. Columns: `d0`, `d1` ... the dimensions, `bucket` the first day of the
grain's unit, `place` the period's number, `m0`, `m1` ... the measures (a mean as its sum), `n0`, `n1` ... the rows
behind each.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Select,
    Subquery,
    and_,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    true,
)

from analytics.semantic.funnels import funnel
from analytics.semantic.groups import grouped, groups
from analytics.semantic.lifetimes import has_lifetimes, rows_with_lifetimes
from analytics.semantic.model import Model, Part
from analytics.semantic.neighbours import looks_back_by_day, rows_with_neighbours
from analytics.semantic.periods_table import Bounds
from analytics.semantic.placed import placed
from analytics.semantic.rows import Rows, conditions, operand, sum_of, together
from analytics.semantic.shape import Shape
from analytics.semantic.subjects import per_subject, trailing


def statement_of(model: Model, shape: Shape) -> Select[Any]:
    """The statement of one family of measures."""
    if shape.first.funnel is not None:
        return funnel(model, shape, shape.first.funnel)
    if shape.first.per is not None:
        return per_subject(model, shape, shape.first.per)
    if shape.counts_subjects:
        return trailing(model, shape)
    return _plain(model, shape)


# --- rows of one table, aggregated


def _plain(model: Model, shape: Shape) -> Select[Any]:
    bounds = Bounds(many=shape.many)
    rows = Rows(model.schema, shape.first.table, rows=_prepared(model, shape, bounds), bounds=bounds)
    within = placed(model, shape, rows, bounds)
    shared = len({repr(part.measure.where) for part in shape.parts}) == 1
    columns: list[ColumnElement[Any]] = []
    for number, part in enumerate(shape.parts):
        kept = [] if shared else conditions(rows, part.measure.where)
        columns += _aggregates(rows, part, number, and_(true(), *kept) if kept else None)
    within += conditions(rows, shape.first.where) if shared else []
    if not shared and all(part.measure.where for part in shape.parts):
        within.append(or_(*(and_(*conditions(rows, part.measure.where)) for part in shape.parts)))
    by = groups(model, shape, rows, bounds)
    return grouped(select(*by, *columns).select_from(rows.source).where(*within), by)


def _prepared(model: Model, shape: Shape, bounds: Bounds) -> Subquery | None:
    """The table's rows with what a measure needs to know of each worked out first; None where the table will do."""
    if looks_back_by_day(model, shape.first):
        return rows_with_neighbours(model, shape.first, bounds)
    if has_lifetimes(model, shape) and shape.first.state is not None:
        return rows_with_lifetimes(model, shape, shape.first.state)
    return None


def _aggregates(rows: Rows, part: Part, number: int, kept: ColumnElement[bool] | None) -> list[ColumnElement[Any]]:
    measure = part.measure
    value: ColumnElement[Any]
    counted: ColumnElement[Any]
    if part.uneven:
        amount: ColumnElement[Any] = cast(operand(rows, measure.operand or ""), Double())
        total = _of_kept(func.sum(amount), kept)
        value = _of_kept(func.sum(amount * amount), kept) / func.nullif(total * total, literal(0.0))
        return [value.label(f"m{number}"), _of_kept(func.count(), kept).label(f"n{number}")]
    if measure.count is not None:
        value = counted = func.count()
    elif measure.distinct is not None:
        value = func.count(distinct(together([rows.column(path) for path in measure.distinct])))
        counted = func.count()
    else:
        column = operand(rows, measure.operand or "")
        # A sum over rows that are all unknown is no data, and no rows are no zero: so rows are counted, known or not.
        value, counted = sum_of(column), func.count(column) if measure.mean is not None else func.count()
    return [_of_kept(value, kept).label(f"m{number}"), _of_kept(counted, kept).label(f"n{number}")]


def _of_kept(value: Any, kept: ColumnElement[bool] | None) -> ColumnElement[Any]:
    found: ColumnElement[Any] = value if kept is None else value.filter(kept)
    return found
