"""Lists of customers: filtered, in an order."""

from __future__ import annotations

from assistant.kinds import listed
from assistant.plans import CustomerList
from assistant.result import Result, Room

SHAPE = listed.Shape(
    list="customers",
    route="customers",
    columns={"all": ("name", "rep", "industry", "region", "last_order_at", "last_contact_at")},
    items=("name", "rep", "industry", "region", "days_since_order", "days_since_contact", "do_not_contact"),
)


def run(plan: CustomerList, room: Room) -> Result:
    """The customers asked for."""
    return listed.run(plan, room, SHAPE)
