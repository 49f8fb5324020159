"""What is not possible and why, and what is."""

from __future__ import annotations

from assistant.question import Refuse
from assistant.result import Result, Room, Worded, quoted


def run(plan: Refuse, room: Room) -> Result:
    """Say it in one sentence; the plan that was understood stays in the answer."""
    return Result(
        route="refuse",
        facts={
            "reason": plan.reason,
            "quoted_words": Worded("words", {"words": [quoted(word) for word in plan.words]}) if plan.words else None,
            "asked_as": None if room.in_slack else quoted(room.asked_as[:80]),
            "contact": quoted(room.contact),
            "role": str(room.asker.role) if room.asker else "",
            "examples": [quoted(name) for name in room.examples],
            "in_slack": room.in_slack,
        },
    )
