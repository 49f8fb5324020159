"""What is not possible and why, and what is."""

from __future__ import annotations

from typing import Any

from assistant.kinds.wording import table_words, titled
from assistant.plans import KpiQuery, Refuse
from assistant.result import Result, Room, Worded, quoted

_ABOUT_KPIS = frozenset(
    {
        "needs_tables", "unknown_kpi", "kpi_not_yours", "total_only", "dimension_not_allowed", "unknown_dimension",
        "too_fine", "too_short", "no_share", "too_slow", "too_many_groups", "too_many_points",
        "bad_filter", "bad_order", "bad_running",
    }
)  # fmt: skip


def run(plan: Refuse, room: Room, understood: KpiQuery | None = None) -> Result:
    """Say it in one sentence; the plan that was understood stays in the answer."""
    if understood is not None:
        plan = plan.model_copy(update={"understood": understood.model_dump(mode="json")})
    return Result(
        route="refuse",
        facts={
            "reason": plan.reason,
            "sentence": _sentence(plan, room),
            "kpis": [room.kpis.kpis[name].names for name in plan.kpis if name in room.kpis.kpis] if room.kpis else [],
            "quoted_words": Worded("words", {"words": [quoted(word) for word in plan.words]}) if plan.words else None,
            "asked_as": None if room.in_slack else quoted(room.asked_as[:80]),
            "contact": quoted(room.contact),
            "role": str(room.asker.role) if room.asker else "",
            "examples": [quoted(name) for name in room.examples],
            "in_slack": room.in_slack,
        },
        plan=plan,
    )


def _sentence(plan: Refuse, room: Room) -> Worded | None:
    """What a refusal about KPIs says, with their names and what works instead."""
    if room.kpis is None or not (plan.reason in _ABOUT_KPIS or (plan.reason == "not_your_rows" and plan.kpis)):
        return None
    kpis = [titled(room.model.kpis[name].names) for name in plan.kpis if name in room.model.kpis]
    facts: dict[str, Any] = {
        "reason": plan.reason,
        "kpis": kpis,
        "offers": [_offer(name, room) for name in plan.offers],
        "role": str(room.asker.role) if room.asker else "",
    }
    return Worded("kpi_refusal", facts)


def _offer(name: str, room: Room) -> Any:
    dimension = room.model.dimensions.get(name)
    return dimension.names if dimension else table_words(name, room.model)
