"""Filters and orders of a list, in words; and as the semantic layer takes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.semantic import Filter, Model
from analytics.semantic.calendar import shape
from analytics.semantic.definition import Words
from analytics.semantic.list_file import ListFile
from analytics.semantic.lists import column_kind
from analytics.semantic.query import Order, Value
from analytics.vocabulary import Figure, Grain, Unit
from assistant.kinds.kpi_shown import named
from assistant.plans.parts import RowFilter
from assistant.result import Room, Worded, quoted
from prompts.marks import Quoted

_BY_NAME = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)


def kind_of(declared: ListFile, name: str, model: Model) -> str:
    """What a column holds: days, date, money, share, flag, number, place (values in an order), or text."""
    if name not in declared.columns:
        return "days" if name in declared.days_since else "text"
    dimension, unit = model.dimensions.get(name), declared.columns[name].unit
    if unit is not None:
        return str(unit)
    if dimension is not None and dimension.in_order:
        return "place"
    kind = column_kind(model, declared.id, name)
    return {"moment": "date", "whole": "number"}.get(kind, kind)


def names_of(declared: ListFile, name: str, model: Model) -> Words | Quoted:
    """What a column is called: its own words, else those of the dimension of its name, else what it was asked by."""
    own = declared.names_of(name) if name in declared.all_columns else None
    dimension = model.dimensions.get(name)
    return own or (dimension.names if dimension else Quoted(name))


# --- filters


def told_filters(declared: ListFile, given: Sequence[RowFilter], model: Model) -> tuple[Filter, ...]:
    """The filters of a plan with days as days and amounts as exact amounts."""
    return tuple(_told(declared, one, model) for one in given)


def _told(declared: ListFile, given: RowFilter, model: Model) -> Filter:
    if given.period is not None:
        period = given.period.period
        return Filter(given.name, "during", (period.start, period.end))
    if given.name not in declared.columns:
        return Filter(given.name, given.op, given.values)
    kind = column_kind(model, declared.id, given.name)
    return Filter(given.name, given.op, tuple(_value(value, kind) for value in given.values))


def _value(value: bool | float | str, kind: str) -> Value:
    """A value as the column's type has it; what does not fit stays as it is, and is refused."""
    if kind in ("date", "moment") and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return Decimal(str(value)) if kind == "money" and isinstance(value, float) else value


def filter_words(declared: ListFile, given: RowFilter, room: Room) -> Worded:
    """A filter in words: "over ¥50,000", "expected to close 23-29 Nov 2026"."""
    period = given.period.period if given.period else None
    names = names_of(declared, given.name, room.model)
    return Worded(
        "list_filter",
        {
            "list": declared.id,
            "column": given.name,
            "kind": kind_of(declared, given.name, room.model),
            "op": given.op,
            "name": names,
            "values": [_shown_value(declared, given.name, value, room) for value in given.values],
            "one": given.values[:1] == (1,),
            "yes": given.values[:1] == (True,),
            "period": period,
            "period_has_a_name": period is not None and not period.to_date and _has_a_name(given),
        },
    )


def _has_a_name(given: RowFilter) -> bool:
    assert given.period is not None
    known = shape(given.period.period)
    return known.count == 1 and known.grain in _BY_NAME


def _shown_value(declared: ListFile, name: str, value: Any, room: Room) -> Any:
    """A value as people call it: the name of an id, the words of a code, a number with its unit."""
    kind, dimension = kind_of(declared, name, room.model), room.model.dimensions.get(name)
    if isinstance(value, bool):
        return quoted(value)
    if isinstance(value, int | float):
        return Figure(name, value, {"money": Unit.MONEY, "share": Unit.SHARE, "days": Unit.DAYS}.get(kind, Unit.COUNT))
    if kind == "date":
        return _day(value) or quoted(value)
    if dimension is None:
        return quoted(value)
    words = dimension.values.get(value)
    return words or quoted(named(name, value, room))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- orders


def order_words(declared: ListFile, order: Order, model: Model) -> Worded:
    """An order in words: "largest first"."""
    facts = {
        "list": declared.id,
        "column": order.by,
        "kind": kind_of(declared, order.by, model),
        "name": names_of(declared, order.by, model),
        "descending": order.descending,
    }
    return Worded("list_order", facts)
