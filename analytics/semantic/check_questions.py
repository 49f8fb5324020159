"""The verified questions of a KPI file: their plans name KPIs, dimensions and periods that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analytics.semantic.definition import Kpi
from analytics.semantic.found import Place, Trouble, near
from analytics.semantic.model import Model

_PERIOD = re.compile(
    r"today|yesterday|(this|last) (week|month|quarter|half|year)|last \d+ (days|weeks|months|quarters|halves|years)"
)
_FIELDS = {"kpis", "period", "dimensions", "grain", "comparison", "filters", "order", "limit", "share", "running"}


def check_questions(model: Model, kpi: Kpi) -> Iterator[Trouble]:
    """Every mistake in the plans."""
    for number, question in enumerate(kpi.questions):
        yield from _plan(model, kpi, ("questions", number, "plan"), question.plan)


def _plan(model: Model, kpi: Kpi, place: Place, plan: dict[str, Any]) -> Iterator[Trouble]:
    for field in plan.keys() - _FIELDS:
        yield (*place, field), f"{field} is no field of a plan; it has kpis, period, dimensions{near(field, _FIELDS)}"
    kpis, dimensions, period = plan.get("kpis"), plan.get("dimensions", []), plan.get("period")
    strange = [name for name in kpis if name not in model.kpis] if isinstance(kpis, list) else []
    if not isinstance(kpis, list) or (kpi.id not in kpis and not strange):
        yield (*place, "kpis"), f"the plan of a question to {kpi.id} names it: kpis: [{kpi.id}]"
    for name in strange:
        yield (*place, "kpis"), f"{name} is no KPI{near(str(name), model.kpis)}"
    if not isinstance(dimensions, list):
        yield (*place, "dimensions"), f"dimensions is a list: [{dimensions}]"
    for name in dimensions if isinstance(dimensions, list) else []:
        if name not in kpi.dimensions:
            yield (
                (*place, "dimensions"),
                f"{name} is not among the KPI's dimensions{near(str(name), set(kpi.dimensions))}",
            )
    if period is not None and not (isinstance(period, str) and _PERIOD.fullmatch(period)):
        yield (
            (*place, "period"),
            f"{period} is no period of a plan; write today, this week, last month, last 30 days ...",
        )
