"""A question back, each choice a complete plan."""

from __future__ import annotations

from analytics.vocabulary import Figure, Unit
from assistant.kinds.described import described, kpis_of, topic
from assistant.kinds.described_parts import kpi_names
from assistant.plans import Clarify, Help
from assistant.result import Result, Room, Worded, quoted
from assistant.understanding.leads import MOST_LEADS


def run(plan: Clarify, room: Room) -> Result:
    """Ask; offer only what this asker may choose."""
    labels = [described(choice, room) for choice in plan.choices]
    real = [choice for choice in plan.choices if not isinstance(choice, Help)]
    about = real[0] if real else None
    return Result(
        route="clarify",
        facts={
            "reason": plan.reason,
            "about": about.kind if about else "",
            "topic": topic(about, room) if about else None,
            "kpis": kpi_names(kpis_of(about), room) if about else [],
            "quoted_words": Worded("words", {"words": [quoted(word) for word in plan.words]}) if plan.words else None,
            "one": len(real) == 1,
            "most": Figure("most_leads", MOST_LEADS, Unit.COUNT),
            "choices": labels,
        },
        items=tuple({"label": label} for label in labels),
        choices=plan.choices,
        plan=plan,
    )
