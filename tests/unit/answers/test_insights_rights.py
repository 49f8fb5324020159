"""No answer that explains, sums up or looks ahead shows a rep or a manager what belongs to others.

The company tells its reps apart by size: R1 sells in units, R2 in thousands, R3 in millions, R4 in thousands of
millions. Whatever is larger than one's own is somebody else's, unless it is a total that is open to all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from selling_company import AUTUMN, OCTOBER, TOLD_APART, ask, days, fill, only

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk, as_json
from assistant.question import Answer, Language

MODEL = read_model()
ORGANISATION = {"rep", "team", "region", "customer"}
R2_SELLS, R3_SELLS = 10**3, 10**6
NOVEMBER = days("2026-11-01", "2026-12-01")
MONEY = ("revenue", "won_amount", "aov")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('insights')}/warehouse.duckdb")
    fill(warehouse, TOLD_APART)
    yield Desk(warehouse, MODEL, contact="Ida in IT")
    warehouse.close()


def numbers(found: Any, told: frozenset[str] = frozenset()) -> Iterator[float]:
    """Every number of an answer at any depth, but those of the plan, of the clock and of the KPIs in `told`."""
    if isinstance(found, dict):
        if found.get("kpi") in told:
            return
        for key, inner in found.items():
            if key not in ("plan", "choices", "buttons", "took_ms", "blocks", "evidence"):
                yield from numbers(inner, told)
    elif isinstance(found, list):
        for inner in found:
            yield from numbers(inner, told)
    elif isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        yield abs(float(found))


def written(answer: Answer) -> Iterator[float]:
    """Every amount in the words of an answer."""
    for digits in re.findall(r"¥(\d[\d,]*(?:\.\d+)?)", answer.text):
        yield float(digits.replace(",", ""))


def explained(kind: str, kpi: str, **more: Any) -> dict[str, Any]:
    if kind == "forecast":
        return {"kind": kind, "kpi": kpi, "period": NOVEMBER, **more}
    return {"kind": "why", "kpi": kpi, "period": OCTOBER, "comparison": {"kind": "previous"}, **more}


NARROWED: list[dict[str, Any]] = [
    {}, {"filters": [only("industry", "Automotive", "Pharma")]}, {"filters": [only("region", "East")]},
    {"dimensions": ["industry"]}, {"dimensions": ["team"]}, {"dimensions": ["customer"]},
]  # fmt: skip


@pytest.mark.parametrize("more", NARROWED, ids=str)
@pytest.mark.parametrize("kind", ["why", "forecast"])
@pytest.mark.parametrize("whose", [None, "rep:R1"])
def test_a_rep_s_own_figure_is_explained_by_own_rows(
    desk: Desk, whose: str | None, kind: str, more: dict[str, Any]
) -> None:
    for kpi in MONEY:
        for compared in ({"kind": "last_year"}, {"kind": "custom", "period": AUTUMN})[: 2 if kind == "why" else 1]:
            plan = explained(kind, kpi, whose=whose, **more) | ({"comparison": compared} if kind == "why" else {})
            answer = ask(desk, "rep:R1", plan, language=Language.EN)
            assert answer.route in (kind, "refuse")
            assert max([*numbers(json.loads(as_json(answer))), *written(answer)], default=0) < R2_SELLS, answer.text
            assert answer.private or answer.route == "refuse"


@pytest.mark.parametrize("more", NARROWED[:3], ids=str)
@pytest.mark.parametrize("whose", [None, "team:T1"])
def test_a_team_s_change_is_explained_by_its_own_rows(desk: Desk, whose: str | None, more: dict[str, Any]) -> None:
    for kpi in MONEY:
        answer = ask(desk, "manager:M1", explained("why", kpi, whose=whose, **more), language=Language.EN)
        assert answer.route == "why"
        assert max([*numbers(json.loads(as_json(answer))), *written(answer)]) < R3_SELLS, answer.text
        assert answer.private


@pytest.mark.parametrize("as_", ["rep:R1", "manager:M1"])
@pytest.mark.parametrize("kpi", ["revenue", "won_amount", "win_rate", "new_leads"])
def test_a_total_is_never_explained_below_itself(desk: Desk, as_: str, kpi: str) -> None:
    for kind in ("why", "forecast"):
        answer = ask(desk, as_, explained(kind, kpi, whose="company"))
        named = {name for item in answer.items for name in (item.get("where") or {})}
        named |= {item.get("driver") for item in answer.items}
        assert named.isdisjoint(ORGANISATION), answer.text
        assert not any(person in answer.text for person in ("Anna", "Dan Dow", "East", "West", "C1", "Harbor"))
        for dimension in ORGANISATION:
            refused = ask(desk, as_, explained(kind, kpi, whose="company", dimensions=[dimension]))
            assert refused.plan["reason"] == "total_only"


@pytest.mark.parametrize("form", ["summary", "bulletin", "review", "diagnosis"])
@pytest.mark.parametrize("rhythm", ["week", "month", "quarter"])
def test_a_rep_s_summary_holds_own_rows_and_open_totals_only(desk: Desk, form: str, rhythm: str) -> None:
    period = {
        "week": days("2026-10-05", "2026-10-12", "week"), "month": OCTOBER, "quarter": days("2026-07-01", "2026-10-01", "quarter"),
    }[rhythm]  # fmt: skip
    asked = {"kind": "summary", "rhythm": rhythm, "period": period, "form": form, "whose": "me"}
    answer = ask(desk, "rep:R1", asked)
    told = frozenset(kpi for kpi, file in MODEL.kpis.items() if file.access.rep == "company")
    assert max(numbers(json.loads(as_json(answer)), told), default=0) < R2_SELLS, answer.text
    assert answer.private or answer.route == "refuse"
