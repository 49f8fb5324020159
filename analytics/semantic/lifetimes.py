"""Rows with the end of their life worked out once, for asking at many instants which of them exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, and_, case, literal, or_, select, true

from analytics.semantic.definition import State
from analytics.semantic.model import Model
from analytics.semantic.rows import Rows, conditions
from analytics.semantic.shape import Shape, columns_used

ENDED = "state_ended"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def has_lifetimes(model: Model, shape: Shape) -> bool:
    """Whether the end of a row's life is one expression over its own columns."""
    state = shape.first.state
    if state is None or not shape.many or not state.until or state.from_unknown:
        return False
    paths = (state.begins, *state.until, *state.open)
    if any("." in path for path in paths):
        return False
    kinds = {type(model.schema.reach(shape.first.table, path).type) for path in state.until}
    return len(kinds) == 1


def rows_with_lifetimes(model: Model, shape: Shape, state: State) -> Subquery:
    """The rows that are over, with the first of their ends, and those still open, with an end that never comes."""
    rows = Rows(model.schema, shape.first.table, prefix="living_")
    used = columns_used(model, shape)
    ends = [rows.column(path) for path in state.until]
    first = ends[0]
    for end in ends[1:]:
        first = case((first.is_(None), end), (or_(end.is_(None), first <= end), first), else_=end)
    never: Any = date(9999, 1, 1) if isinstance(ends[0].type, Date) else _NEVER
    ended: ColumnElement[Any] = case((first.is_(None), literal(never, ends[0].type)), else_=first)
    still_open = and_(true(), *conditions(rows, state.open))
    within = or_(*(end.is_not(None) for end in ends), still_open)
    return (
        select(*(column for column in rows.columns if column.key in used), ended.label(ENDED))
        .where(within)
        .subquery("lives")
    )
