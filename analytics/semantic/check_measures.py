"""The measures of KPI files: do their columns exist, and can they be summed, compared and placed in time."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.semantic.check_conditions import check_where
from analytics.semantic.columns import NUMBERS, TIMES, Columns, comparable
from analytics.semantic.definition import Measure, Operand
from analytics.semantic.found import Place, Trouble, near
from analytics.semantic.measures import Exists
from analytics.semantic.model import Model

_BEFORE_TIME = "the row must have its place in time first"
_OTHER_ROW = "the other row is looked up without a day"


def check_measure(model: Model, place: Place, measure: Measure) -> Iterator[Trouble]:
    """Every mistake in one measure, `place` leading to it."""
    schema, table = model.schema, measure.table
    file = schema.file(table)
    if schema.table(table) is None:
        yield (*place, "table"), f"{table} is no declared table{near(table, schema.names())}"
        return
    if file.latest is not None:
        yield (*place, "table"), f"{table} is a view; measure the table that joins it"
        return
    if not (file.owner or file.team or file.company):
        yield (*place, "table"), f"{table} has no row rule (owner, team or company), so nobody may read its rows"
    if measure.forecast is not None:
        yield from _forecast(model, place, measure)
        return
    columns = Columns(schema, table)
    own_time = _check_time(model, columns, place, measure)
    _check_operand(columns, place, measure)
    _check_subjects(columns, place, measure)
    check_where(columns, measure.where, (*place, "where"), timeless=_OTHER_ROW if measure.absent else "")
    _check_state(columns, place, measure)
    _check_funnel(columns, place, measure)
    _check_dimensions(model, columns, place, measure)
    yield from columns.troubles
    if measure.exists is not None:
        yield from _exists(model, columns, (*place, "exists"), measure.exists, own_time)


def _forecast(model: Model, place: Place, measure: Measure) -> Iterator[Trouble]:
    if measure.table != "forecasts":
        yield (*place, "table"), f"a forecast is read from the table forecasts, not {measure.table}"
    kpi = measure.forecast.kpi if measure.forecast else ""
    if kpi not in model.kpis:
        yield (*place, "forecast", "kpi"), f"{kpi} is no KPI{near(kpi, model.kpis)}"


def _check_time(model: Model, columns: Columns, place: Place, measure: Measure) -> str | None:
    """The kind of time that places a measure's rows: moment or date."""
    if measure.state is not None:
        return None
    time = model.time_of(measure)
    if not time:
        columns.note((*place, "time"), f"say which column of {columns.table} places its rows in time")
        return None
    kind = columns.kind(time, (*place, "time"), timeless=_BEFORE_TIME)
    if kind is not None and kind not in TIMES:
        columns.note((*place, "time"), f"{time} of {columns.table} is neither a date nor a moment")
        return None
    if kind == "date" and measure.funnel is not None:
        columns.note((*place, "time"), f"{time} of {columns.table} is a date; steps of a funnel are entered at moments")
    return kind


def _check_operand(columns: Columns, place: Place, measure: Measure) -> None:
    name, operand = ("sum", measure.sum) if measure.sum is not None else ("mean", measure.mean)
    if isinstance(operand, str):
        done = "summed" if name == "sum" else "averaged"
        columns.must_be(NUMBERS, operand, (*place, name), f"only numbers and money can be {done}")
    elif operand is not None:
        _check_two(columns, (*place, name), operand)


def _check_two(columns: Columns, place: Place, operand: Operand) -> None:
    how = next(name for name in ("hours_between", "days_between", "minus") if getattr(operand, name) is not None)
    needed, says = (
        (NUMBERS, "minus takes numbers or money") if how == "minus" else (("moment",), f"{how} takes moments")
    )
    kinds = [columns.must_be(needed, path, (*place, how), says) for path in operand.paths]
    first, second = (kind or "" for kind in kinds)
    if first and second and not comparable(first, second):
        one, other = operand.paths
        columns.note(
            (*place, how), f"{columns.called(one, first)}, {columns.called(other, second)}; subtract like from like"
        )


def _check_subjects(columns: Columns, place: Place, measure: Measure) -> None:
    several = len(measure.distinct or ()) > 1
    for path in measure.distinct or ():
        if several:
            columns.must_be(
                ("text",), path, (*place, "distinct"), "several columns are counted together if they are texts"
            )
        else:
            columns.kind(path, (*place, "distinct"))
    if measure.per is not None:
        columns.kind(measure.per, (*place, "per"))
    if measure.having is not None:
        columns.kind(measure.having.distinct, (*place, "having"))


def _check_state(columns: Columns, place: Place, measure: Measure) -> None:
    if measure.state is None:
        return
    for name, paths in (("from", (measure.state.begins,)), ("until", measure.state.until)):
        for path in paths:
            columns.must_be(TIMES, path, (*place, "state", name), "a state begins and ends at a date or a moment")
    check_where(columns, measure.state.open, (*place, "state", "open"))


def _check_funnel(columns: Columns, place: Place, measure: Measure) -> None:
    if measure.funnel is None:
        return
    own = "a funnel reads columns of its own table"
    for path in measure.funnel.subject:
        columns.must_be(("text",), path, (*place, "funnel", "subject"), "the subject of a funnel is an id", own=own)
    columns.must_be(("text",), measure.funnel.step, (*place, "funnel", "step"), "a step is a text", own=own)


def _check_dimensions(model: Model, columns: Columns, place: Place, measure: Measure) -> None:
    for name, path in measure.dimensions.items():
        here = (*place, "dimensions", name)
        dimension = model.dimensions.get(name)
        if dimension is None:
            columns.note(here, f"{name} is not in dimensions.yaml{near(name, model.dimensions)}")
        elif dimension.labels or dimension.values:
            columns.must_be(("text",), path, here, f"the dimension {name} has words for texts")
        else:
            columns.kind(path, here)


def _exists(model: Model, columns: Columns, place: Place, linked: Exists, own_time: str | None) -> Iterator[Trouble]:
    schema = model.schema
    if schema.table(linked.table) is None:
        yield (*place, "table"), f"{linked.table} is no declared table{near(linked.table, schema.names())}"
        return
    if schema.file(linked.table).latest is not None:
        yield (*place, "table"), f"{linked.table} is a view; look for a row of a table"
        return
    here, there = Columns(schema, columns.table), Columns(schema, linked.table)
    for name, sides in (("on", linked.on), ("differs", linked.differs)):
        for one, other in sides.items():
            at = (*place, name, one)
            kind, its_kind = here.kind(one, at), there.kind(other, at, timeless=_OTHER_ROW)
            if kind and its_kind and not comparable(kind, its_kind):
                here.note(at, f"{here.called(one, kind)}, {there.called(other, its_kind)}; compare like with like")
    time = there.must_be(
        TIMES, linked.time, (*place, "time"), "the time of a row is a date or a moment", timeless=_OTHER_ROW
    )
    if time and own_time and time != own_time:
        there.note(
            (*place, "time"),
            f"{there.called(linked.time, time)}, the time of {columns.table} is not; use two of a kind",
        )
    yield from (*here.troubles, *there.troubles)
