"""One file per plan kind: what it runs and the facts for its template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.kinds import (
    agreed,
    clarify,
    close,
    customers,
    deals,
    define,
    forecast,
    help,
    kpi,
    leads,
    refuse,
    subscribe,
    summary,
    why,
)
from assistant.plans import Refuse
from assistant.result import Result, Room

# The order in which `help` offers them.
KINDS: tuple[tuple[str, Callable[[Any, Room], Result]], ...] = (
    ("leads", leads.run),
    ("deals", deals.run),
    ("customers", customers.run),
    ("kpi", kpi.run),
    ("why", why.run),
    ("forecast", forecast.run),
    ("summary", summary.run),
    ("subscribe", subscribe.run),
    ("agreed", agreed.run),
    ("close", close.run),
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
