"""A question back, each choice a complete plan."""

from __future__ import annotations

from analytics.vocabulary import Figure, Unit
from assistant.kinds.described import described, kpis_of, topic
from assistant.kinds.described_parts import kpi_names, kpi_words
from assistant.plans import Choice, Clarify, CustomerCard, CustomerList, DealAdvice, DealList, Help
from assistant.result import Result, Room, Worded, quoted
from assistant.understanding.figures.unsettled import unsettled_words
from assistant.understanding.leads import MOST_LEADS
from assistant.understanding.normalise import normalise

_PRIVATE = (DealList, CustomerList, CustomerCard, DealAdvice)


def _names_somebody(choice: Choice) -> bool:
    """Whether a choice names a customer: not for everybody in a channel to read."""
    return any(given.name == "customer" for given in getattr(choice, "filters", ()))


def run(plan: Clarify, room: Room) -> Result:
    """Ask; offer only what this asker may choose."""
    labels = [described(choice, room) for choice in plan.choices]
    real = [choice for choice in plan.choices if not isinstance(choice, Help)]
    about = real[0] if real else None
    unclear, unread = _told_apart(plan, room)
    return Result(
        route="clarify",
        facts={
            "reason": plan.reason,
            "about": about.kind if about else "",
            "topic": topic(about, room) if about else None,
            "kpis": kpi_names(kpis_of(about), room) if about else [],
            "each": kpi_words(tuple(dict.fromkeys(kpi for choice in real for kpi in kpis_of(choice))), room),
            "quoted_words": _quoted(unclear),
            "unread": _quoted(unread),
            "one": len(real) == 1,
            "most": Figure("most_leads", MOST_LEADS, Unit.COUNT),
            "choices": labels,
        },
        items=tuple({"label": label} for label in labels),
        choices=plan.choices,
        plan=plan,
        private=any(isinstance(choice, _PRIVATE) or _names_somebody(choice) for choice in plan.choices),
    )


def _told_apart(plan: Clarify, room: Room) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that can mean several KPIs, and those that were not read beside them."""
    if plan.reason != "which_kpi":
        return plan.words, ()
    unsettled = unsettled_words(room.model)
    unclear = tuple(word for word in plan.words if normalise(word) in unsettled)
    if not unclear:
        return plan.words, ()
    return unclear, tuple(word for word in plan.words if word not in unclear)


def _quoted(words: tuple[str, ...]) -> Worded | None:
    return Worded("words", {"words": [quoted(word) for word in words]}) if words else None
