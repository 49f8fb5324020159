"""Why there is no honest forecast, and what it would take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.vocabulary import Figure, Unit
from assistant.kinds import refuse
from assistant.kinds.wording import titled
from assistant.plans import Forecast, Refuse
from assistant.result import Result, Room, Worded

if TYPE_CHECKING:
    from analytics.insights.forecast import CannotForecast


def refused(plan: Forecast, room: Room, error: CannotForecast) -> Result:
    """The refusal in one sentence; the question that was understood stays in the answer."""
    if error.reason in ("needs_tables", "too_many_points", "too_fine"):
        return refuse.run(Refuse(reason=error.reason, kpis=(plan.kpi,), offers=error.lacking), room, plan)
    kpi = room.model.kpis[plan.kpi]
    whose = room.permitted.sights[plan.kpi].whose
    facts = {
        "reason": error.reason,
        "name": titled(kpi.names),
        "kpi": kpi.names,
        "period": plan.period.period,
        "needs": Figure("needs", error.needs, Unit.COUNT) if error.needs else None,
        "has": Figure("has", error.has, Unit.COUNT),
        "grain": Worded("grain", {"grain": str(error.grain)}) if error.grain else None,
        "plural": str(error.grain or ""),
        "mine": whose == "me",
    }
    understood = plan.model_dump(mode="json")
    return Result(
        route="refuse",
        template="forecast_refused",
        facts=facts,
        plan=Refuse(reason=error.reason, kpis=(plan.kpi,), understood=understood),
    )
