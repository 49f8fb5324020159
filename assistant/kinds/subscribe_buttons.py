"""The button under a call list that has it sent every working day from then on."""

from __future__ import annotations

from assistant.plans import LeadList, Schedule, Subscribe
from assistant.result import Button, Buttons, Room, Worded


def each_workday(plan: LeadList, room: Room) -> tuple[Buttons, ...]:
    """[Send me this every working day]; none under a list that was sent on a schedule itself."""
    if room.subscriptions is None or room.scheduled:
        return ()
    label = Worded("subscribe_button", {"name": "each_workday"})
    return (Buttons((Button(label, Subscribe(what=plan, schedule=Schedule(every="workday"), assumed=("time",))),)),)
