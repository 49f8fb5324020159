"""Closing a month, which freezes its figures; reopening it; and which months are closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from analytics.insights.books.months import CannotClose, ClosedMonth, close_month, closings_of, reopen_month
from analytics.organisation import all_people
from analytics.semantic import Semantics
from analytics.semantic.calendar import unit
from analytics.vocabulary import Figure, Grain, Period, Scope, Unit
from assistant.plans import CloseMonth
from assistant.result import Result, Room, quoted

_MOST_SHOWN = 12


def run(plan: CloseMonth, room: Room) -> Result:
    """Do it; what cannot be done is said with its reason."""
    if plan.action == "list":
        return _listed(plan, room)
    month, by = date.fromisoformat(f"{plan.month}-01"), room.asker.person_id if room.asker else ""
    figures = 0
    try:
        if plan.action == "close":
            whole = Semantics(room.model, room.data, room.clock, Scope.everything(), room.company)
            figures = close_month(room.kept, whole, month, by).figures
        else:
            reopen_month(room.kept, month, by, plan.why or "", room.clock.now)
    except CannotClose as cannot:
        return _result(plan, room, cannot.reason)
    return _result(plan, room, "closed" if plan.action == "close" else "reopened", figures)


def _listed(plan: CloseMonth, room: Room) -> Result:
    if plan.month is None:
        return _result(plan, room, "listed")
    held = any(one.reopened_at is None and f"{one.month:%Y-%m}" == plan.month for one in closings_of(room.data))
    return _result(plan, room, "is_closed" if held else "is_open")


def _result(plan: CloseMonth, room: Room, outcome: str, figures: int = 0) -> Result:
    closings = [one for one in closings_of(room.data) if plan.month in (None, f"{one.month:%Y-%m}")]
    people = {person.person_id: person.name for person in all_people(room.data)}
    facts: dict[str, Any] = {
        "action": plan.action,
        "outcome": outcome,
        "month": _month(date.fromisoformat(f"{plan.month}-01")) if plan.month else None,
        "figures": Figure("figures", figures, Unit.COUNT),
        "why": quoted(plan.why),
        "closings": [_facts(one, people) for one in closings[:_MOST_SHOWN]],
        "closed": Figure("closed", sum(one.reopened_at is None for one in closings), Unit.COUNT),
    }
    items = tuple(_item(one, people) for one in closings[:_MOST_SHOWN])
    return Result("close", facts, items=items, evidence={"outcome": outcome})


def _facts(one: ClosedMonth, people: dict[str, str]) -> dict[str, Any]:
    return {
        "month": _month(one.month),
        "closed_at": one.closed_at,
        "by": quoted(people.get(one.closed_by, one.closed_by)),
        "reopened_at": one.reopened_at,
        "reopened_by": quoted(people.get(one.reopened_by or "", one.reopened_by)),
        "reason": quoted(one.reason),
    }


def _item(one: ClosedMonth, people: dict[str, str]) -> dict[str, Any]:
    return {
        "month": f"{one.month:%Y-%m}",
        "closed_at": one.closed_at.isoformat(),
        "closed_by": quoted(people.get(one.closed_by, one.closed_by)),
        "reopened_at": one.reopened_at.isoformat() if one.reopened_at else None,
        "reason": quoted(one.reason),
    }


def _month(start: date) -> Period:
    return unit(start, Grain.MONTH)
