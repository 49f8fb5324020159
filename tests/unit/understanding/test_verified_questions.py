"""Every KPI file's own questions, in both languages and both Chinese scripts, give exactly the plan the file says."""

from __future__ import annotations

from typing import Any

import opencc
import pytest

from analytics.semantic import read_model
from analytics.semantic.usual import usual_period
from assistant.plans import Day, KpiQuery
from assistant.understanding import Context, understand

_TRADITIONAL = {name: opencc.OpenCC(name) for name in ("s2t", "s2twp")}


def _verified() -> list[Any]:
    asked = []
    for kpi in read_model().kpis.values():
        for place, verified in enumerate(kpi.questions):
            scripts = {name: script.convert(verified.zh) for name, script in _TRADITIONAL.items()}
            for language, text in {"en": verified.en, "zh": verified.zh, **scripts}.items():
                asked.append(pytest.param(text, verified.plan, id=f"{kpi.id}-{place}-{language}"))
    return asked


@pytest.mark.parametrize(("text", "expected"), _verified())
def test_a_verified_question_gives_its_plan(text: str, expected: dict[str, Any], context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery), plan
    kpi = context.model.kpis[expected["kpis"][0]]
    period = expected.get("period", usual_period(kpi, context.today).label)
    found = plan.model_dump(mode="json", exclude_defaults=True)
    assumed = {"period"} - set(expected)
    for name in ("period", "comparison", "assumed"):
        found.pop(name, None)
    wanted = {name: value for name, value in expected.items() if name != "period"}
    assert found == {name: list(value) if isinstance(value, list) else value for name, value in wanted.items()}
    assert plan.period.label == period
    assert isinstance(plan.period, Day)
    assert assumed <= set(plan.assumed)
