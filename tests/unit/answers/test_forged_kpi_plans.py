"""Plans nobody's question makes: each is refused in a sentence, and none shows more than its sender may see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from selling_company import OCTOBER, TOLD_APART, ask, denied, fill, holds, only, plan

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk, as_json
from assistant.question import Language

ALL = {"R1", "R2", "R3", "R4"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('forged')}/warehouse.duckdb")
    fill(warehouse, TOLD_APART)
    yield Desk(warehouse, read_model(), contact="Ida in IT")
    warehouse.close()


_YEAR_ONE = {"start": "0001-01-01", "end": "0001-02-01", "label": "x"}
FORGED: list[Any] = [
    {"kpis": ["nope"]}, {"kpis": []}, {"kpis": ["revenue"] * 21}, {"kpis": ["revenue", "revenue"]}, {"kpis": "revenue"}, {"kpis": [1]}, {"kpis": None},
    {"kpis": ["revenue'; DROP TABLE orders; --"]}, {"limit": 10**9}, {"limit": 0}, {"limit": -1}, {"limit": "many"}, {"limit": 1.5},
    {"dimensions": ["rep", "team", "region", "channel"]}, {"dimensions": ["rep", "rep"]}, {"dimensions": ["nope"]}, {"dimensions": ["rep_id"]}, {"dimensions": [""]},
    {"dimensions": ["customer.city"]}, {"dimensions": "rep"}, {"dimensions": ["1; DROP TABLE orders"]}, {"dimensions": [None]},
    {"period": {"start": "2026-11-01", "end": "2026-10-01", "label": "x"}}, {"period": {"start": "2026-10-01", "end": "2026-10-01", "label": "x"}},
    {"period": _YEAR_ONE}, {"period": {**_YEAR_ONE, "end": "9999-12-31"}}, {"period": {"start": "9999-01-01", "end": "9999-12-31", "label": "x"}},
    {"period": {**_YEAR_ONE, "end": "9999-12-31"}, "grain": "day"}, {"period": {"start": "2026-13-01", "end": "2026-14-01", "label": "x"}}, {"period": {"start": "x", "end": "y", "label": "x"}},
    {"period": {"start": "2026-10-01T00:00:00", "end": "2026-11-01", "label": "x"}}, {"period": {**OCTOBER, "grain": "decade"}}, {"period": {**OCTOBER, "count": 10**9}},
    {"period": None}, {"period": {}}, {"period": "last month"}, {"period": {"start": 20261001, "end": 20261101, "label": "x"}}, {"grain": "minute"},
    {"filters": [only("region", *map(str, range(10_000)))]}, {"filters": [only("rep", *map(str, range(10_000)))]}, {"filters": [only("region", "East")] * 200},
    {"filters": [only("region")]}, {"filters": [only("region", None)]}, {"filters": [only("region", {"a": 1})]}, {"filters": [only("region", "x", op="drop")]},
    {"filters": [only("region", "a", op="between")]}, {"filters": [only("nope", "x")]}, {"filters": [only("", "x")]}, {"filters": [only("a.b.c", "x")]}, {"filters": "region"},
    {"filters": [only("ordered_at", "x")]}, {"filters": [only("amount", "lots", op="at_least")]}, {"filters": [only("quantity", 1e300, op="at_least")]},
    {"filters": [only("customer.do_not_contact", "x")]}, {"whose": 5}, {"whose": ["company"]}, {"comparison": {"kind": "custom"}}, {"comparison": {"kind": "x"}},
    {"comparison": {"kind": "custom", "period": {"start": "2026-11-01", "end": "2026-10-01", "label": "x"}}}, {"comparison": {"kind": "custom", "period": _YEAR_ONE}},
    {"order": {"by": "nope"}}, {"order": {"by": "1; DROP"}}, {"running": True}, {"share": True, "kpis": ["aov"], "dimensions": ["region"]}, {"sql": "SELECT 1"}, {"kind": "sql"},
    {"assumed": [5]},
]  # fmt: skip


@pytest.mark.parametrize("as_", ["exec:P8", "rep:R1"])
@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: str(forged)[:60])
def test_a_forged_plan_is_refused_in_a_sentence(desk: Desk, as_: str, forged: dict[str, Any]) -> None:
    answer = ask(desk, as_, {**plan(), **forged}, language=Language.EN)
    assert answer.route == "refuse"
    assert answer.figures == []
    assert answer.headline.endswith(".") or ". " in answer.text
    assert "Traceback" not in answer.text
    assert answer.took_ms < 1000


@pytest.mark.parametrize("value", ["x' OR '1'='1", "'; DROP TABLE orders; --", "\x00", "线" * 100_000, "{{ 7 * 7 }}", "<!channel>", "\ud800", 5, 5.5, 1e308], ids=lambda value: str(value)[:20].encode("ascii", "replace"))  # fmt: skip
@pytest.mark.parametrize("op", ["in", "not_in", "contains"])
def test_no_value_of_a_filter_breaks_out(desk: Desk, op: str, value: Any) -> None:
    answer = ask(desk, "exec:P8", plan(filters=[only("region", value, op=op)]), language=Language.EN)
    assert answer.route in ("kpi", "refuse")
    assert holds(answer) == (ALL if op == "not_in" and answer.route == "kpi" else set())
    assert len(answer.text) < 3000
    assert as_json(answer).encode()


@pytest.mark.parametrize(
    "raw",
    [
        [],
        "x",
        5,
        {},
        {"kind": "kpi"},
        {"kind": None},
        {"kind": "define", "kpi": 5},
        {"kind": "clarify"},
        {"kind": "leads"},
    ],
    ids=str,
)
def test_what_is_no_plan_at_all_is_refused(desk: Desk, raw: Any) -> None:
    assert denied(ask(desk, "rep:R1", "", plan=raw)) == "bad_plan"


def test_a_forged_question_back_offers_nothing_that_is_not_open_to_the_asker(desk: Desk) -> None:
    choices = [
        plan(whose="rep:R2"),
        plan(whose="company", dimensions=["rep"]),
        plan("cac"),
        plan(whose="team:T2"),
        {"kind": "help"},
    ]
    for as_ in ("rep:R1", "trainee:P10"):
        answer = ask(desk, as_, {"kind": "clarify", "reason": "unread_words", "words": ["x"], "choices": choices})
        offered = json.dumps([choice["plan"] for choice in answer.choices])
        assert all(name not in offered for name in ("rep:R2", "team:T2", "cac", '"rep"'))
        assert answer.figures == []


def test_a_trend_over_every_day_there_ever_was_is_refused_or_quick(desk: Desk) -> None:
    answer = ask(
        desk,
        "exec:P8",
        plan(period={"start": "1970-01-01", "end": "2026-11-24", "label": "x"}, grain="day"),
        language=Language.EN,
    )
    assert answer.took_ms < 2000
