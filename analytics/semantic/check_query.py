"""Whether a query's KPIs have what it asks for; filter values in people's words become codes."""

from __future__ import annotations

from dataclasses import replace

from analytics.semantic.definition import Dimension, Kpi
from analytics.semantic.faults import QueryError
from analytics.semantic.model import Model
from analytics.semantic.query import Filter, SemanticQuery, Value

NUMBER_OF_VALUES = {
    "between": 2, "at_least": 1, "at_most": 1, "more_than": 1, "less_than": 1, "contains": 1, "known": 0, "unknown": 0,
}  # fmt: skip


def check_query(model: Model, query: SemanticQuery) -> SemanticQuery:
    """The query, ready to run. Raises QueryError naming what does not fit and what would."""
    if not query.kpis:
        raise QueryError("unknown_kpi", "")
    for kpi_id in query.kpis:
        kpi = model.kpi(kpi_id)
        for name in query.dimensions:
            if name not in model.dimensions:
                raise QueryError("unknown_dimension", name, offers=kpi.dimensions)
            if name not in kpi.dimensions:
                raise QueryError("dimension_not_allowed", name, kpi_id, offers=kpi.dimensions)
        for given in query.filters:
            _check_filter(model, kpi, given)
        if query.share and not _adds_up(kpi, query.dimensions):
            raise QueryError("no_share", kpi_id, *query.dimensions)
    if query.order and query.order.by not in (*query.kpis, *query.dimensions):
        raise QueryError("bad_order", query.order.by, offers=(*query.kpis, *query.dimensions))
    if query.running and query.grain is None:
        raise QueryError("bad_running", *query.kpis)
    return replace(query, filters=tuple(in_codes(model, given) for given in query.filters))


def _check_filter(model: Model, kpi: Kpi, given: Filter) -> None:
    wanted = NUMBER_OF_VALUES.get(given.op)
    if (wanted is None and not given.values) or (wanted is not None and len(given.values) != wanted):
        raise QueryError("bad_filter", given.name, given.op)
    if given.name in model.dimensions:
        if given.name not in kpi.dimensions:
            raise QueryError("dimension_not_allowed", given.name, kpi.id, offers=kpi.dimensions)
        return
    for part in model.parts(kpi.id):
        try:
            model.schema.reach(part.measure.table, given.name)
        except LookupError as error:
            raise QueryError("unknown_dimension", given.name, kpi.id, offers=kpi.dimensions) from error


def _adds_up(kpi: Kpi, dimensions: tuple[str, ...]) -> bool:
    return kpi.additive.over == "all" or set(dimensions) <= set(kpi.additive.over)


def in_codes(model: Model, given: Filter) -> Filter:
    """Words for the codes of a closed vocabulary, as these codes."""
    dimension = model.dimensions.get(given.name)
    if dimension is None or not dimension.values or given.op not in ("in", "not_in"):
        return given
    return replace(given, values=tuple(_code(dimension, value) for value in given.values))


def _code(dimension: Dimension, value: Value) -> Value:
    said = str(value).casefold()
    for code, words in dimension.values.items():
        if said in (code.casefold(), words.en.casefold(), words.zh.casefold()):
            return code
    return value
