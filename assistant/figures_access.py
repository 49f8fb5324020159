"""Which rows the KPIs of a plan about figures are computed from, by each KPI file's access rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.named_access import names_own
from assistant.plans import Forecast, Funnel, KpiQuery, Summary, Why
from assistant.question import Asker
from assistant.sight import Sight, sight_of

if TYPE_CHECKING:
    from analytics.semantic import Model

FigurePlan = KpiQuery | Why | Forecast | Funnel | Summary
Barred = tuple[str, str]
"""Why a plan is refused, and the KPI it is refused for."""

_OF_FUNNEL = "funnel_dropoff"


def sights_for(
    plan: FigurePlan, asker: Asker, scope: Scope, reader: Reader, model: Model
) -> Mapping[str, Sight] | Barred:
    """The rows of each KPI of the plan, or the reason of a refusal.

    A summary names no KPI: it has those that this asker may see, and one out of bounds is left out. Any other plan is
    refused for one KPI that is out of bounds.
    """
    if isinstance(plan, Summary):
        return _of_summary(plan, asker, scope, reader, model)
    sights: dict[str, Sight] = {}
    for kpi_id in _kpis_of(plan):
        found = _sight(plan, kpi_id, asker, scope, reader, model)
        if isinstance(found, str):
            return found, kpi_id
        sights[kpi_id] = found
    return sights


def _kpis_of(plan: KpiQuery | Why | Forecast | Funnel) -> Sequence[str]:
    if isinstance(plan, KpiQuery):
        return plan.kpis
    return (_OF_FUNNEL,) if isinstance(plan, Funnel) else (plan.kpi,)


def _sight(plan: FigurePlan, kpi_id: str, asker: Asker, scope: Scope, reader: Reader, model: Model) -> Sight | str:
    """The rows, or why not: a total beyond one's own rows is told as a whole, by deals of one's own at most."""
    if kpi_id not in model.kpis:
        return "unknown_kpi"
    sight = sight_of(plan.whose, model.kpis[kpi_id].access, asker, scope, reader)
    if isinstance(sight, str):
        return sight
    named = _named(plan)
    if not set(named) <= set(model.dimensions):  # a column could tell one person's rows from the others'
        return "unknown_dimension"
    if sight.total_only and (any(model.dimensions[name].rep_level for name in named) or _counts_on_deals(plan)):
        return "total_only"
    return sight if names_own(plan, sight.scope, reader) else "not_your_rows"


def _named(plan: FigurePlan) -> tuple[str, ...]:
    return (*getattr(plan, "dimensions", ()), *(given.name for given in plan.filters))


def _counts_on_deals(plan: FigurePlan) -> bool:
    """Whether single deals are counted on: a total would tell the amounts of somebody else's."""
    return isinstance(plan, Forecast) and plan.suppose_won is not None


def _of_summary(
    plan: Summary, asker: Asker, scope: Scope, reader: Reader, model: Model
) -> Mapping[str, Sight] | Barred:
    """What may be seen of all there is.

    Of a part of the organisation, KPIs that exist as the company's total only stay beside the others, as just that.
    With nothing of the part itself to be seen, the reason that most KPIs were out of bounds for. A bulletin that names
    no part is of the whole company, so that everybody may read it.
    """
    if plan.form == "bulletin" and plan.whose is None and not plan.filters:
        plan = plan.model_copy(update={"whose": "company"})
    found = {kpi_id: _sight(plan, kpi_id, asker, scope, reader, model) for kpi_id in model.kpis}
    if all(isinstance(sight, str) for sight in found.values()):
        reasons = [(reason, kpi_id) for kpi_id, reason in found.items() if isinstance(reason, str)]
        often = Counter(reason for reason, _ in reasons)
        return max(reasons, key=lambda barred: often[barred[0]])
    if plan.whose is None:
        whole = plan.model_copy(update={"filters": ()})
        for kpi_id in [kpi_id for kpi_id, sight in found.items() if sight == "total_only"]:
            total = _sight(whole, kpi_id, asker, scope, reader, model)
            found[kpi_id] = total if isinstance(total, Sight) and total.whose == "company" else "total_only"
    return {kpi_id: sight for kpi_id, sight in found.items() if isinstance(sight, Sight)}
