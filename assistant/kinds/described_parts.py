"""What descriptions of plans share: KPIs, periods, whose rows, filters, comparisons, schedules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analytics.semantic.calendar import shape
from analytics.semantic.definition import Words
from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import named
from assistant.kinds.wording import titled
from assistant.plans import ComparedWith, Days, Having, Narrowed, OrderedBy, RowFilter, Schedule
from assistant.result import Room, Worded, quoted

Facts = dict[str, Any]
_WEEKDAYS = ("", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


# --- figures


def kpi_words(kpis: Sequence[str], room: Room) -> list[Words]:
    """What the KPIs are called inside a sentence."""
    return [room.model.kpis[kpi].names for kpi in kpis if kpi in room.model.kpis]


def kpi_names(kpis: Sequence[str], room: Room) -> list[Words]:
    """What the KPIs are called, the first with a capital."""
    names = kpi_words(kpis, room)
    return [titled(names[0]), *names[1:]] if names else []


def rows_of(plan: Any, room: Room, *, period: bool = True) -> Facts:
    """`rows`: period, owner, filters and breakdown as far as the plan has them; `split`: breakdown and unit of time."""
    dimensions = room.model.dimensions
    by = [dimensions[name].names for name in getattr(plan, "dimensions", ()) if name in dimensions]
    grain = getattr(plan, "grain", None)
    rows = {
        "period": plan.period.period if period else None,
        "filters": [_filter(given, room) for given in plan.filters],
        "whose": whose_words(getattr(plan, "whose", None), room),
        "dimensions": by,
    }
    split = {"dimensions": by, "grain": Worded("grain", {"grain": str(grain)}) if grain else None}
    return {"rows": Worded("plan_rows", rows), "split": Worded("plan_split", split)}


def _filter(given: Narrowed, room: Room) -> Facts:
    dimensions = room.model.dimensions
    return {
        "name": dimensions[given.name].names if given.name in dimensions else quoted(given.name),
        "op": given.op,
        "values": [_value(given.name, value, room) for value in given.values],
    }


def _value(name: str, value: str, room: Room) -> Any:
    known = room.model.dimensions[name].values if name in room.model.dimensions else {}
    return known[value] if value in known else quoted(named(name, value, room))


def against(comparison: ComparedWith | None, period: Days) -> Worded | None:
    """What figures of `period` are held against: "against the week before"."""
    if comparison is None:
        return None
    known = shape(period.period)
    whole = known.count == 1 and known.grain is not None and not period.to_date
    facts = {
        "comparison": str(comparison.kind),
        "period": comparison.period.period if comparison.period else None,
        "unit": str(known.grain) if whole else "",
    }
    return Worded("plan_against", facts)


def bound_of(given: Having, room: Room) -> Facts:
    """A bound on groups: "under 20%"."""
    kpi = room.model.kpis.get(given.kpi)
    unit = Unit(kpi.unit) if kpi else Unit.COUNT
    values = [Figure(given.kpi, value, unit) for value in given.values]
    return {"name": kpi.names if kpi else None, "op": given.op, "values": values}


def whose_words(whose: str | None, room: Room) -> Worded | None:
    """Whose rows, in words; None where nobody is named."""
    if whose is None:
        return None
    kind, _, identity = whose.partition(":")
    name = rep_called(identity, room) if kind == "rep" else named("team", identity, room) if kind == "team" else None
    return Worded("plan_whose", {"whose": kind, "name": quoted(name)})


def rep_called(rep_id: str, room: Room) -> str:
    """A rep's name; with the id where somebody else has the same name."""
    name = room.rep_name(rep_id)
    if name is None:
        return rep_id
    return f"{name} ({rep_id})" if sum(rep.name == name for rep in room.reps.values()) > 1 else name


def count_of(number: int | None) -> Figure | None:
    """How many are asked for."""
    return Figure("limit", number, Unit.COUNT) if number else None


# --- rows


def list_parts(list_id: str, filters: Sequence[RowFilter], order: OrderedBy | None, room: Room) -> Facts:
    """Filters and order of a list, as far as it has their columns."""
    from analytics.semantic.list_file import read_lists
    from analytics.semantic.query import Order
    from assistant.kinds.listed_words import filter_words, order_words

    declared = read_lists()[list_id]
    known = [filter_words(declared, given, room) for given in filters if given.name in declared.all_columns]
    ordered = order is not None and order.by in declared.all_columns
    words = order_words(declared, Order(order.by, order.descending), room.model) if order and ordered else None
    return {"filters": known, "order": words}


# --- schedules


def schedule_words(schedule: Schedule) -> Worded:
    """When something is sent: "every Monday at 09:00"."""
    facts = {
        "every": schedule.every,
        "weekday": _WEEKDAYS[schedule.weekday or 0],
        "day": Figure("day_of_period", schedule.day, Unit.COUNT) if schedule.day else None,
        "working": bool(schedule.working),
        "at": quoted(schedule.at),
    }
    return Worded("plan_schedule", facts)
