"""A question back, each choice a complete plan."""

from __future__ import annotations

from typing import Any

from analytics.vocabulary import Figure, Unit
from assistant.question import Clarify, Help, LeadList
from assistant.result import Result, Room, Worded, quoted
from assistant.understanding.intents import MOST_LEADS


def run(plan: Clarify, room: Room) -> Result:
    """Ask; offer only what this asker may choose."""
    labels = [Worded("choice", _choice(choice, room)) for choice in plan.choices]
    return Result(
        route="clarify",
        facts={
            "reason": plan.reason,
            "quoted_words": Worded("words", {"words": [quoted(word) for word in plan.words]}) if plan.words else None,
            "most": Figure("most_leads", MOST_LEADS, Unit.COUNT),
            "choices": labels,
        },
        items=tuple({"label": label} for label in labels),
        choices=plan.choices,
        plan=plan,
    )


def _name(rep_id: str, room: Room) -> str:
    """A rep's name; with the id where somebody else has the same name."""
    name = room.rep_name(rep_id)
    if name is None:
        return rep_id
    return f"{name} ({rep_id})" if sum(rep.name == name for rep in room.reps.values()) > 1 else name


def _choice(plan: LeadList | Help, room: Room) -> dict[str, Any]:
    if isinstance(plan, Help):
        return {"kind": "help", "owner": "", "name": None, "limit": None}
    kind, _, rep_id = plan.owner.partition(":")
    return {
        "kind": plan.kind,
        "owner": kind,
        "name": quoted(_name(rep_id, room)),
        "limit": Figure("limit", plan.limit, Unit.COUNT) if plan.limit else None,
    }
