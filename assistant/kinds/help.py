"""What can be asked here, by this asker."""

from __future__ import annotations

from analytics.vocabulary import Figure, Unit
from assistant.kinds.described import topic_of_kind
from assistant.kinds.offered import examples_for, kinds_open_to
from assistant.plans import Help
from assistant.question import Role
from assistant.result import Result, Room, quoted


def run(plan: Help, room: Room) -> Result:
    """What questions can be about, and examples that work for the asker, with names of their own company in them."""
    asker = room.asker
    role = asker.role if asker else Role.TRAINEE
    examples = examples_for(role, room)
    return Result(
        route="help",
        facts={
            "role": str(role),
            "name": quoted(asker.name if asker else ""),
            "topics": [topic_of_kind(kind) for kind in kinds_open_to(role)],
            "examples": examples,
            "kpis": Figure("kpis", len(room.model.kpis), Unit.COUNT),
        },
        items=tuple({"question": example} for example in examples),
    )
