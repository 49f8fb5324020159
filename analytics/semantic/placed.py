"""Which rows a statement counts: those of the period, of the asker's scope, that the filters ask for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, bindparam, func, literal, or_, select, true

from analytics.semantic.definition import Measure, State
from analytics.semantic.elements import follows, local_day
from analytics.semantic.faults import QueryError
from analytics.semantic.lifetimes import ENDED
from analytics.semantic.model import Model
from analytics.semantic.neighbours import looks_back_by_day
from analytics.semantic.periods_table import Bounds
from analytics.semantic.rows import Rows, conditions
from analytics.semantic.shape import FilterShape, Shape


def placed(model: Model, shape: Shape, rows: Rows, bounds: Bounds) -> list[ColumnElement[bool]]:
    """The rows of the period that may be seen and that the filters ask for."""
    measure = shape.first
    if measure.state is not None:
        rows.on_day = bounds["last_day"]
        within = existing(rows, measure.state, bounds)
    else:
        within = between(rows.column(model.time_of(measure)), "", bounds)
    return within + narrowed(model, shape, rows)


def narrowed(model: Model, shape: Shape, rows: Rows) -> list[ColumnElement[bool]]:
    """The rows that may be seen and that the filters ask for, whenever they happened."""
    measure = shape.first
    if measure.state is None:
        time = rows.column(model.time_of(measure))
        rows.on_day = time if isinstance(time.type, Date) else local_day(time, shape.offsets)
    within = scoped(model, shape, rows)
    within += [filter(model, measure, rows, given, place) for place, given in enumerate(shape.filters)]
    if measure.exists is not None and not looks_back_by_day(model, measure):
        within.append(linked(model, measure, rows))
    return within


def between(time: ColumnElement[Any], which: str, bounds: Bounds) -> list[ColumnElement[bool]]:
    """From the beginning to before the end of a period; `which` is "" or "absent_"."""
    suffix = "day" if isinstance(time.type, Date) else "at"
    return [time >= bounds[f"{which}from_{suffix}"], time < bounds[f"{which}to_{suffix}"]]


def existing(rows: Rows, state: State, bounds: Bounds) -> list[ColumnElement[bool]]:
    """Begun before the instant, and not ended by then."""

    def instant(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return bounds["to_day" if isinstance(column.type, Date) else "to_at"]

    if rows.has(ENDED):
        begins = rows.column(state.begins)
        return [begins < instant(begins), rows.column(ENDED) >= instant(rows.column(ENDED))]
    begins = rows.column(state.begins)
    begun = begins < instant(begins)
    ends = [rows.column(path) for path in state.until]
    not_ended = [or_(end.is_(None), end >= instant(end)) for end in ends]
    still_open = and_(true(), *conditions(rows, state.open))
    return [
        or_(begins.is_(None), begun) if state.from_unknown else begun,
        *not_ended,
        or_(*(end.is_not(None) for end in ends), still_open),
    ]


def scoped(model: Model, shape: Shape, rows: Rows) -> list[ColumnElement[bool]]:
    """The row rule of the table; a table without one, or one of the company's, is closed to a restricted scope."""
    if not shape.restricted:
        return []
    file = model.schema.file(shape.first.table)
    teams = bindparam("teams", expanding=True, type_=String())
    if file.owner is not None:
        own = rows.column(file.owner).in_(bindparam("reps", expanding=True, type_=String()))
        path = file.dimensions.get("team")
        if not shape.by_team or path is None:
            return [own]
        team = rows.column(path)
        return [or_(team.in_(teams), and_(team.is_(None), own))]
    if file.team is not None:
        return [rows.column(file.team).in_(teams)]
    raise QueryError("not_your_rows", shape.first.table)


def filter(model: Model, measure: Measure, rows: Rows, given: FilterShape, place: int) -> ColumnElement[bool]:
    """One filter of the question on a measure's rows; labelled dimensions take names and ids."""
    dimension = model.dimensions.get(given.name)
    column = rows.column(model.path(measure, given.name) or given.name)
    if dimension is not None and dimension.labels is not None and given.op in ("in", "not_in", "contains"):
        labels = Rows(model.schema, dimension.labels.table, prefix="named_")
        key, name = labels.column(dimension.labels.key), labels.column(dimension.labels.name)
        either = or_(*(matches(side, "in" if given.op == "not_in" else given.op, place) for side in (key, name)))
        found = column.in_(select(key).select_from(labels.source).where(either))
        return and_(column.is_not(None), ~found) if given.op == "not_in" else found
    return matches(column, given.op, place)


def matches(column: ColumnElement[Any], op: str, place: int) -> ColumnElement[bool]:
    """One filter on one column, its values bound as `f<place>` or `f<place>_<n>`."""

    def one(number: int) -> ColumnElement[Any]:
        return bindparam(f"f{place}_{number}", type_=column.type)

    match op:
        case "in":
            return column.in_(bindparam(f"f{place}", expanding=True, type_=column.type))
        case "not_in":
            return column.not_in(bindparam(f"f{place}", expanding=True, type_=column.type))
        case "between":
            return and_(column >= one(0), column <= one(1))
        case "at_least":
            return column >= one(0)
        case "at_most":
            return column <= one(0)
        case "more_than":
            return column > one(0)
        case "less_than":
            return column < one(0)
        case "contains":
            pattern = bindparam(f"f{place}_0", type_=String())
            return func.lower(column).like(pattern, escape="!")
        case "known":
            return column.is_not(None)
        case "unknown":
            return column.is_(None)
    raise QueryError("bad_filter", op)


def linked(model: Model, measure: Measure, rows: Rows) -> ColumnElement[bool]:
    """Another row, later or earlier than this one by less than so many days."""
    linked = measure.exists
    assert linked is not None
    others = Rows(model.schema, linked.table, prefix="linked_")
    own, other = rows.column(model.time_of(measure)), others.column(linked.time)
    same = [rows.column(here) == others.column(there) for here, there in linked.on.items()]
    same += [rows.column(here) != others.column(there) for here, there in linked.differs.items()]
    if linked.after is not None:
        near = and_(other > own, follows(own, other, linked.after.days))
    else:
        near = follows(other, own, linked.before.days if linked.before else 0)
    seen = other < bindparam("seen_day" if isinstance(other.type, Date) else "seen_at", type_=other.type)
    return select(literal(1)).select_from(others.source).where(*same, near, seen).exists()
