"""What is not possible and why, and what is."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from assistant.kinds.described import described, topic_of_kind
from assistant.kinds.listed_refused import sentence_of
from assistant.kinds.offered import kinds_open_to
from assistant.kinds.wording import table_words, titled
from assistant.plans import Choice, Refuse
from assistant.result import Result, Room, Worded, quoted

_ABOUT_KPIS = frozenset(
    {
        "needs_tables", "unknown_kpi", "kpi_not_yours", "total_only", "dimension_not_allowed", "unknown_dimension",
        "too_fine", "too_short", "no_share", "too_slow", "too_many_groups", "too_many_points",
        "bad_filter", "bad_order", "bad_running",
    }
)  # fmt: skip

_CHOICE: TypeAdapter[Choice] = TypeAdapter(Annotated[Choice, Field(discriminator="kind")])


def run(plan: Refuse, room: Room, understood: Choice | None = None) -> Result:
    """Say it in one sentence; the plan that was understood stays in the answer."""
    if understood is not None:
        plan = plan.model_copy(update={"understood": understood.model_dump(mode="json")})
    of_list = sentence_of(plan, room)
    return Result(
        route="refuse",
        facts={
            "reason": plan.reason,
            "about": str((plan.understood or {}).get("kind", "")),
            "understood": _understood(plan, room),
            "available": _available(plan, room),
            "offers": [quoted(name) for name in plan.offers] if plan.reason == "unknown_name" else [],
            "sentence": of_list or _sentence(plan, room),
            "list": str((plan.understood or {}).get("kind")) if of_list else "",
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


def _understood(plan: Refuse, room: Room) -> Worded | None:
    """The plan whose tool is missing, in words; None for anything else, and for what is no plan."""
    if plan.reason != "not_yet" or plan.understood is None or room.kpis is None or room.reader is None:
        return None
    try:
        return described(_CHOICE.validate_python(plan.understood), room)
    except ValidationError:
        return None


def _available(plan: Refuse, room: Room) -> list[Worded]:
    """What questions can be about instead."""
    if plan.reason != "not_yet" or room.asker is None:
        return []
    return [topic_of_kind(kind) for kind in kinds_open_to(room.asker.role)]


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
