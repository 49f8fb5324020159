"""Lists of deals: open, won, lost or withdrawn, with their amount in all."""

from __future__ import annotations

from assistant.kinds import listed
from assistant.plans import DealList
from assistant.result import Result, Room

SHAPE = listed.Shape(
    list="deals",
    route="deals",
    columns={
        "open": ("name", "customer", "rep", "stage", "amount", "expected_close_on"),
        "won": ("name", "customer", "rep", "amount", "closed_at"),
        "lost": ("name", "customer", "rep", "amount", "lost_reason", "closed_at"),
        "withdrawn": ("name", "customer", "rep", "amount", "closed_at"),
        "all": ("name", "customer", "rep", "outcome", "amount", "expected_close_on"),
    },
    items=("name", "customer", "rep", "amount", "stage", "expected_close_on", "days_in_stage"),
)


def run(plan: DealList, room: Room) -> Result:
    """The deals asked for."""
    return listed.run(plan, room, SHAPE)
