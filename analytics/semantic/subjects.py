"""Measures that look at one subject at a time: one row per customer first, then what is counted of these."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Label, Select, Subquery, and_, bindparam, case, distinct, func, or_, select

from analytics.semantic.definition import Measure
from analytics.semantic.groups import dimension_path, grouped, groups
from analytics.semantic.model import Model
from analytics.semantic.periods_table import Bounds
from analytics.semantic.placed import between, narrowed, placed
from analytics.semantic.rows import Rows, conditions, operand, sum_of
from analytics.semantic.shape import Shape, reads_views


def per_subject(model: Model, shape: Shape, per: str) -> Select[Any]:
    """One row per subject and group; then those that have enough are counted, or one value of each is averaged."""
    bounds = Bounds(many=shape.many)
    rows = Rows(model.schema, shape.first.table, bounds=bounds)
    within = placed(model, shape, rows, bounds)
    by = groups(model, shape, rows, bounds)
    inner: list[ColumnElement[Any]] = [*by, rows.column(per).label("subject")]
    for number, part in enumerate(shape.parts):
        if part.measure.having is not None:
            inner.append(func.count(distinct(rows.column(part.measure.having.distinct))).label(f"h{number}"))
        if part.measure.operand is not None:
            inner.append(func.max(operand(rows, part.measure.operand)).label(f"v{number}"))
    within += conditions(rows, shape.first.where)
    subjects = select(*inner).select_from(rows.source).where(*within, rows.column(per).is_not(None))
    subjects = subjects.group_by(*(column.key or "" for column in by), "subject")
    each = subjects.subquery("subjects")
    columns: list[ColumnElement[Any]] = []
    for number, part in enumerate(shape.parts):
        value: Any = func.count()
        counted: Any = value
        if part.measure.operand is not None:
            column = each.c[f"v{number}"]
            value, counted = sum_of(column), func.count(column)
        if part.measure.having is not None:
            enough = each.c[f"h{number}"] >= part.measure.having.at_least
            value, counted = value.filter(enough), counted.filter(enough)
        columns += [value.label(f"m{number}"), counted.label(f"n{number}")]
    outer = [each.c[column.key or ""].label(column.key or "") for column in by]
    return grouped(select(*outer, *columns).select_from(each), outer)


def trailing(model: Model, shape: Shape) -> Select[Any]:
    """Distinct subjects of a trailing window, and those of them without a row in another window."""
    if shape.bounding.absent is not None and not shape.dimensions:
        return _trailing_at_once(model, shape)
    if shape.many and shape.bounding.absent is None and not reads_views(model, shape):
        return _last_rows(model, shape)
    bounds = Bounds(many=shape.many)
    rows = Rows(model.schema, shape.first.table, bounds=bounds)
    within = placed(model, shape, rows, bounds)
    subject = rows.column((shape.first.distinct or ("",))[0])
    by = groups(model, shape, rows, bounds)
    names = [column.key or "" for column in by]
    within += [*conditions(rows, shape.first.where), subject.is_not(None)]
    found = select(*by, subject.label("subject"), func.count().label("held")).select_from(rows.source).where(*within)
    each = found.group_by(*names, "subject").subquery("subjects")
    source: Any = each
    columns: list[ColumnElement[Any]] = []
    for number, part in enumerate(shape.parts):
        counted, held = func.count(), func.sum(each.c.held)
        if part.measure.absent is None:
            columns += [counted.label(f"m{number}"), held.label(f"n{number}")]
            continue
        others = _others(model, part.measure, bounds, number)
        same = others.c.subject == each.c.subject
        same = and_(same, others.c.other_place == each.c.place) if shape.many else same
        source = source.outerjoin(others, same)
        gone = others.c.subject.is_(None)
        columns += [counted.filter(gone).label(f"m{number}"), held.filter(gone).label(f"n{number}")]
    outer = [each.c[name].label(name) for name in names]
    return grouped(select(*outer, *columns).select_from(source), outer)


def _trailing_at_once(model: Model, shape: Shape) -> Select[Any]:
    """The same with one look at the rows of both windows, where no group tells whose other rows count."""
    bounds = Bounds(many=shape.many)
    rows = Rows(model.schema, shape.first.table, bounds=bounds)
    own = and_(*placed(model, shape, rows, bounds), *conditions(rows, shape.first.where))
    time, subject = rows.column(model.time_of(shape.first)), rows.column((shape.first.distinct or ("",))[0])
    again = and_(*between(time, "absent_", bounds), *conditions(rows, shape.first.where))
    by = groups(model, shape, rows, bounds)
    suffix = "day" if isinstance(time.type, Date) else "at"
    first = _smaller(bounds[f"from_{suffix}"], bounds[f"absent_from_{suffix}"])
    last = _greater(bounds[f"to_{suffix}"], bounds[f"absent_to_{suffix}"])
    found = select(
        *by, subject.label("subject"), func.count().filter(own).label("held"),
        func.max(case((again, 1), else_=0)).label("again"),
    )  # fmt: skip
    within = (time >= first, time < last, subject.is_not(None))
    names = [column.key or "" for column in by]
    each = found.select_from(rows.source).where(*within).group_by(*names, "subject").subquery("subjects")
    columns: list[ColumnElement[Any]] = []
    for number, part in enumerate(shape.parts):
        counted: Any = func.count()
        held: Any = func.sum(each.c.held)
        if part.measure.absent is not None:
            counted, held = counted.filter(each.c.again == 0), held.filter(each.c.again == 0)
        columns += [counted.label(f"m{number}"), held.label(f"n{number}")]
    outer = [each.c[name].label(name) for name in names]
    return grouped(select(*outer, *columns).select_from(each).where(each.c.held > 0), outer)


def _last_rows(model: Model, shape: Shape) -> Select[Any]:
    """Each subject by its last row before the end of a window: found once for all windows, counted without DISTINCT."""
    bounds = Bounds(many=shape.many)
    rows = Rows(model.schema, shape.first.table)
    within = narrowed(model, shape, rows)
    time, subject = rows.column(model.time_of(shape.first)), rows.column((shape.first.distinct or ("",))[0])
    suffix = "day" if isinstance(time.type, Date) else "at"
    dimensions: list[Label[Any]] = [
        rows.column(dimension_path(model, shape.first, name)).label(f"d{place}")
        for place, name in enumerate(shape.dimensions)
    ]
    apart = [subject, *(column.element for column in dimensions)]
    following = func.lead(time).over(partition_by=apart, order_by=time).label("following")
    within += [*conditions(rows, shape.first.where), subject.is_not(None)]
    within.append(time < bindparam(f"seen_{suffix}", type_=time.type))
    found = select(*dimensions, time.label("happened"), following).select_from(rows.source).where(*within)
    each = found.subquery("rows_of_subjects")
    last = bounds[f"to_{suffix}"]
    in_window = (
        each.c.happened >= bounds[f"from_{suffix}"],
        each.c.happened < last,
        or_(each.c.following.is_(None), each.c.following >= last),
    )
    by = [each.c[column.key or ""].label(column.key or "") for column in dimensions]
    if bounds.place is not None:
        by.append(bounds.place.label("place"))
    columns: list[ColumnElement[Any]] = []
    for number in range(len(shape.parts)):
        columns += [func.count().label(f"m{number}"), func.count().label(f"n{number}")]
    return grouped(select(*by, *columns).select_from(bounds.beside(each)).where(*in_window), by)


def _smaller(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one <= other, one), else_=other)


def _greater(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one >= other, one), else_=other)


def _others(model: Model, measure: Measure, bounds: Bounds, number: int) -> Subquery:
    """The subjects with such a row in the other window, whoever's row and whatever group; each once."""
    rows = Rows(model.schema, measure.table, prefix="other_", bounds=bounds)
    subject = rows.column((measure.distinct or ("",))[0])
    columns = [subject.label("subject"), *([bounds.place.label("other_place")] if bounds.place is not None else [])]
    within = [*between(rows.column(model.time_of(measure)), "absent_", bounds), *conditions(rows, measure.where)]
    within.append(subject.is_not(None))
    return select(*columns).select_from(rows.source).where(*within).distinct().subquery(f"other_subjects_{number}")
