"""Lists of leads, as they are recorded: whom to call is another question (leads.py)."""

from __future__ import annotations

from assistant.kinds import listed
from assistant.plans import LeadList
from assistant.result import Result, Room

SHAPE = listed.Shape(
    list="leads",
    route="leads",
    template="leads_list",
    columns={
        "open": ("company", "contact", "rep", "channel", "created_at", "last_contact_at"),
        "converted": ("company", "contact", "rep", "channel", "created_at", "converted_at"),
        "lost": ("company", "contact", "rep", "channel", "lost_reason", "lost_at"),
        "all": ("company", "contact", "rep", "channel", "created_at", "last_contact_at"),
    },
    items=("company", "contact", "phone", "rep", "channel", "created_at", "days_since_contact", "do_not_contact"),
)


def run(plan: LeadList, room: Room) -> Result:
    """The leads asked for."""
    return listed.run(plan, room, SHAPE)
