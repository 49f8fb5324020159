"""A question back, each choice a complete plan."""

from __future__ import annotations

from typing import Any

from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import named
from assistant.kinds.wording import titled
from assistant.plans import Choice, Clarify, Define, KpiQuery, LeadList
from assistant.result import Result, Room, Worded, quoted
from assistant.understanding.leads import MOST_LEADS


def run(plan: Clarify, room: Room) -> Result:
    """Ask; offer only what this asker may choose."""
    labels = [Worded("choice", _choice(choice, room)) for choice in plan.choices]
    figures = [choice for choice in plan.choices if isinstance(choice, KpiQuery)]
    return Result(
        route="clarify",
        facts={
            "reason": plan.reason,
            "about": "figures" if figures else "leads",
            "kpis": _names(figures[0].kpis, room) if figures else [],
            "quoted_words": Worded("words", {"words": [quoted(word) for word in plan.words]}) if plan.words else None,
            "most": Figure("most_leads", MOST_LEADS, Unit.COUNT),
            "choices": labels,
        },
        items=tuple({"label": label} for label in labels),
        choices=plan.choices,
        plan=plan,
    )


def _choice(plan: Choice, room: Room) -> dict[str, Any]:
    if isinstance(plan, KpiQuery):
        return _figures(plan, room)
    if isinstance(plan, Define):
        return {"kind": plan.kind, "kpis": _names((plan.kpi,) if plan.kpi else (), room)}
    if isinstance(plan, LeadList):
        return _leads(plan, room)
    return {"kind": plan.kind, "owner": "", "name": None, "limit": None}


# --- leads


def _leads(plan: LeadList, room: Room) -> dict[str, Any]:
    kind, _, rep_id = (plan.owner or "me").partition(":")
    return {
        "kind": plan.kind,
        "owner": kind,
        "name": quoted(_name(rep_id, room)),
        "limit": Figure("limit", plan.limit, Unit.COUNT) if plan.limit else None,
    }


def _name(rep_id: str, room: Room) -> str:
    """A rep's name; with the id where somebody else has the same name."""
    name = room.rep_name(rep_id)
    if name is None:
        return rep_id
    return f"{name} ({rep_id})" if sum(rep.name == name for rep in room.reps.values()) > 1 else name


# --- figures


def _names(kpis: tuple[str, ...], room: Room) -> list[Any]:
    names = [room.model.kpis[kpi].names for kpi in kpis if kpi in room.model.kpis]
    return [titled(names[0]), *names[1:]] if names else []


def _figures(plan: KpiQuery, room: Room) -> dict[str, Any]:
    dimensions, against = room.model.dimensions, plan.comparison
    return {
        "kind": plan.kind,
        "kpis": _names(plan.kpis, room),
        "period": plan.period.period,
        "dimensions": [dimensions[name].names for name in plan.dimensions if name in dimensions],
        "grain": Worded("grain", {"grain": str(plan.grain)}) if plan.grain else None,
        "filters": [
            {
                "name": dimensions[given.name].names if given.name in dimensions else quoted(given.name),
                "left_out": given.op == "not_in",
                "values": [_value(given.name, value, room) for value in given.values],
            }
            for given in plan.filters
        ],
        "whose": _whose(plan.whose, room),
        "comparison": against.kind if against and "comparison" not in plan.assumed else "",
        "against": against.period.period if against and against.period else None,
        "limit": Figure("limit", plan.limit, Unit.COUNT) if plan.limit else None,
        "last": plan.order is not None and not plan.order.descending,
        "share": plan.share,
        "running": plan.running,
    }


def _value(name: str, value: str | float, room: Room) -> Any:
    known = room.model.dimensions[name].values if name in room.model.dimensions else {}
    return known[str(value)] if str(value) in known else quoted(named(name, str(value), room))


def _whose(whose: str | None, room: Room) -> Worded | None:
    if whose is None:
        return None
    kind, _, identity = whose.partition(":")
    name = _name(identity, room) if kind == "rep" else named("team", identity, room) if kind == "team" else None
    return Worded("whose", {"whose": kind, "name": quoted(name)})
