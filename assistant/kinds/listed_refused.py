"""Why a list is not shown, in one sentence."""

from __future__ import annotations

from analytics.semantic.list_file import read_lists
from assistant.kinds.listed_words import names_of
from assistant.kinds.wording import table_words
from assistant.plans import Refuse
from assistant.result import Room, Worded

_LISTS = ("leads", "deals", "customers")
_REASONS = frozenset(
    {
        "not_your_rows", "unowned_rows", "needs_tables", "unknown_column", "unknown_state", "bad_filter", "bad_limit",
        "too_slow",
    }
)  # fmt: skip


def sentence_of(plan: Refuse, room: Room) -> Worded | None:
    """What the refusal of a list says; None where it is about something else or has words of its own."""
    understood = plan.understood or {}
    list_id = str(understood.get("kind"))
    of_a_list = list_id in _LISTS and understood.get("purpose", "list") == "list"
    if not of_a_list or plan.reason not in _REASONS or room.kpis is None:
        return None
    facts = {
        "reason": plan.reason,
        "list": list_id,
        "role": str(room.asker.role) if room.asker else "",
        "offers": _offers(plan, list_id, room),
    }
    return Worded("list_refusal", facts)


def _offers(plan: Refuse, list_id: str, room: Room) -> list[object]:
    """Tables that are missing, or the columns there are."""
    if plan.reason == "needs_tables":
        return [table_words(name, room.model) for name in plan.offers]
    declared = read_lists()[list_id]
    return [names_of(declared, name, room.model) for name in plan.offers if name in declared.all_columns]
