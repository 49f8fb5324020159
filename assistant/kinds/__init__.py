"""One file per plan kind: what it runs and the facts for its template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.kinds import clarify, customers, deals, define, help, kpi, leads, refuse
from assistant.plans import Refuse
from assistant.result import Result, Room

# The order in which `help` offers them.
KINDS: tuple[tuple[str, Callable[[Any, Room], Result]], ...] = (
    ("leads", leads.run),
    ("deals", deals.run),
    ("customers", customers.run),
    ("kpi", kpi.run),
    ("define", define.run),
    ("help", help.run),
    ("clarify", clarify.run),
    ("refuse", refuse.run),
)

_RUNS = dict(KINDS)


def run(room: Room) -> Result:
    """Run the permitted plan of the room; a kind without its tool refuses and keeps what was understood."""
    plan = room.permitted.plan
    if plan.kind not in _RUNS:
        return refuse.run(Refuse(reason="not_yet", understood=plan.model_dump(mode="json")), room)
    return _RUNS[plan.kind](plan, room)
