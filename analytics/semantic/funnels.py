"""Funnels: each subject's first entry into each step, and who reached a later step in time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, bindparam, case, func, literal, select

from analytics.semantic.definition import Funnel, Measure
from analytics.semantic.elements import follows, local_day
from analytics.semantic.groups import bucket, dimension_path, grouped
from analytics.semantic.model import Model
from analytics.semantic.periods_table import Bounds
from analytics.semantic.placed import between, filter, matches, scoped
from analytics.semantic.rows import Rows
from analytics.semantic.shape import Shape, columns_used
from analytics.warehouse.types import UtcDateTime

LATER_STEPS = "later_steps"


def funnel(model: Model, shape: Shape, funnel: Funnel) -> Select[Any]:
    """Each subject's first entry into each step; then, of those in the period, who reached a later step in time."""
    measure = shape.first
    first = _first_entries(model, shape, measure, funnel)
    rows = Rows(model.schema, measure.table, rows=first)
    entered = first.c.entered
    rows.on_day = local_day(entered, shape.offsets)
    within = [*between(entered, "", Bounds(many=False)), *scoped(model, shape, rows)]
    within += [filter(model, measure, rows, given, place) for place, given in enumerate(shape.filters)]
    within.append(first.c[funnel.step].in_(funnel.order[:-1]))
    by: list[ColumnElement[Any]] = [
        rows.column(dimension_path(model, measure, name)).label(f"d{place}")
        for place, name in enumerate(shape.dimensions)
    ]
    if shape.grain is not None:
        by.append(bucket(entered, shape).label("bucket"))
    flags = []
    for number, part in enumerate(shape.parts):
        reached = part.measure.reached_within
        flag = (
            literal(1)
            if reached is None
            else case((_reached(model, shape, measure, funnel, first, reached.days), 1), else_=0)
        )
        flags.append(flag.label(f"m{number}"))
    each = select(*by, *flags).select_from(rows.source).where(*within).subquery("entries")
    columns: list[ColumnElement[Any]] = []
    for number in range(len(shape.parts)):
        columns += [func.sum(each.c[f"m{number}"]).label(f"m{number}"), func.count().label(f"n{number}")]
    outer = [each.c[column.key or ""].label(column.key or "") for column in by]
    return grouped(select(*outer, *columns).select_from(each), outer)


def _first_entries(model: Model, shape: Shape, measure: Measure, funnel: Funnel) -> CTE:
    entries = model.schema.declared(measure.table).alias("entries_of_steps")
    subject = func.coalesce(*(entries.c[column] for column in funnel.subject))
    time, to_at = entries.c[model.time_of(measure)], bindparam("to_at", type_=UtcDateTime())
    # What joins and row rules need of the row; the same for all entries of a subject, or else the least of them.
    used = columns_used(model, shape) - {funnel.step, model.time_of(measure)}
    others = [func.min(column).label(column.key) for column in entries.c if column.key in used]
    return (
        select(
            subject.label("funnel_subject"), entries.c[funnel.step].label(funnel.step),
            func.min(time).label("entered"), *others,
        )
        .where(_steps(model, shape, measure, funnel, entries.c[funnel.step]), time < to_at)
        .group_by(subject, entries.c[funnel.step])
        .cte("first_entries")
    )  # fmt: skip


def _steps(
    model: Model, shape: Shape, measure: Measure, funnel: Funnel, step: ColumnElement[Any]
) -> ColumnElement[bool]:
    """The steps whose entries are wanted: those a filter names, else all."""
    for place, given in enumerate(shape.filters):
        if model.path(measure, given.name) == funnel.step and given.op == "in":
            return matches(step, "in", place)
    return step.in_(funnel.order)


def _later_steps(
    model: Model, shape: Shape, measure: Measure, funnel: Funnel, step: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Steps that can come after those asked about."""
    if any(model.path(measure, given.name) == funnel.step and given.op == "in" for given in shape.filters):
        return step.in_(bindparam(LATER_STEPS, expanding=True, type_=String()))
    return step.in_(funnel.order[1:])


def later_steps(funnel: Funnel, asked: Iterable[object]) -> list[str]:
    """The steps after the earliest of those asked about; what `LATER_STEPS` is bound to."""
    places = [funnel.order.index(str(step)) for step in asked if step in funnel.order]
    return list(funnel.order[min(places) + 1 :]) if places else []


def _reached(
    model: Model, shape: Shape, measure: Measure, funnel: Funnel, first: CTE, days: int
) -> ColumnElement[bool]:
    later = model.schema.declared(measure.table).alias("later_entries")
    subject = func.coalesce(*(later.c[column] for column in funnel.subject))
    time = later.c[model.time_of(measure)]
    # The steps after a single one are all later than it: no need to compare places.
    one_step = any(
        given.single and given.op == "in" and model.path(measure, given.name) == funnel.step for given in shape.filters
    )
    return (
        select(literal(1))
        .where(
            subject == first.c.funnel_subject,
            _later_steps(model, shape, measure, funnel, later.c[funnel.step]),
            *([] if one_step else [_place(later.c[funnel.step], funnel) > _place(first.c[funnel.step], funnel)]),
            follows(first.c.entered, time, days),
            time < bindparam("seen_at", type_=UtcDateTime()),
        )
        .correlate(first)
        .exists()
    )


def _place(step: ColumnElement[Any], funnel: Funnel) -> ColumnElement[int]:
    return case(*((step == name, place) for place, name in enumerate(funnel.order, start=1)), else_=0)
