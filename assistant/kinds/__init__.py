"""One file per plan kind: what it runs and the facts for its template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.kinds import clarify, define, help, kpi, leads, refuse
from assistant.result import Result, Room

# The order in which `help` offers them.
KINDS: tuple[tuple[str, Callable[[Any, Room], Result]], ...] = (
    ("leads", leads.run),
    ("kpi", kpi.run),
    ("define", define.run),
    ("help", help.run),
    ("clarify", clarify.run),
    ("refuse", refuse.run),
)

_RUNS = dict(KINDS)


def run(room: Room) -> Result:
    """Run the permitted plan of the room."""
    plan = room.permitted.plan
    return _RUNS[plan.kind](plan, room)
