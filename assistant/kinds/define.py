"""What a KPI means: its definition, how it is computed, from which tables, who answers for it."""

from __future__ import annotations

from analytics.semantic.definition import Kpi
from analytics.vocabulary import Figure, Unit
from assistant.kinds.wording import table_words, titled
from assistant.plans import Define
from assistant.question import Role
from assistant.result import Result, Room, Worded, quoted


def run(plan: Define, room: Room) -> Result:
    """One KPI in full, or all there are with what each means."""
    if plan.kpi is None or plan.kpi not in room.model.kpis:
        return _all(room)
    kpi = room.model.kpis[plan.kpi]
    return Result(
        route="define",
        facts={
            "kpi": titled(kpi.names),
            "definition": kpi.definition,
            "synonyms": _synonyms(kpi),
            "tables": [table_words(table, room.model) for table in room.model.tables_of(kpi.id)],
            "unit": str(kpi.unit),
            "good": kpi.good,
            "rhythm": kpi.rhythm,
            "dimensions": [room.model.dimensions[name].names for name in kpi.dimensions],
            "owner": quoted(kpi.owner),
            "version": Figure("version", kpi.version, Unit.COUNT),
            "id": quoted(kpi.id),
            "all": [],
            "figures_open": _sees_figures(room),
            "count": None,
        },
        items=({"kpi": kpi.id, "definition": Worded("name", {"name": kpi.definition}), "card": kpi.card},),
        evidence={"kpis": {kpi.id: {"version": kpi.version}}},
    )


def _all(room: Room) -> Result:
    kpis = sorted(room.model.kpis.values(), key=lambda kpi: kpi.id)
    listed = [{"name": kpi.names, "id": quoted(kpi.id)} for kpi in kpis]
    return Result(
        route="define",
        facts={
            "kpi": None,
            "all": listed,
            "count": Figure("kpis", len(kpis), Unit.COUNT),
            "figures_open": _sees_figures(room),
        },
        items=tuple({"kpi": kpi.id, "definition": Worded("name", {"name": kpi.definition})} for kpi in kpis),
    )


def _sees_figures(room: Room) -> bool:
    """Whether the asker may ask for live figures: trainees learn what they mean."""
    return room.asker is not None and room.asker.role is not Role.TRAINEE


def _synonyms(kpi: Kpi) -> Worded | None:
    words = {"en": [quoted(word) for word in kpi.synonyms.en[:4]], "zh": [quoted(word) for word in kpi.synonyms.zh[:4]]}
    return Worded("synonyms", words)
