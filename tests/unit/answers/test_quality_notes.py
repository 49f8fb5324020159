"""Every answer from live data knows their quality, and warns where it is below the plan's floor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from selling_company import OCTOBER, PLAIN, fill, keep, plan, sound

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk
from assistant.question import Answer, Language

CHECKED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ASKED: dict[str, dict[str, Any]] = {
    "kpi": plan(),
    "why": {"kind": "why", "kpi": "revenue", "period": OCTOBER, "comparison": {"kind": "previous"}},
    "summary": {"kind": "summary", "rhythm": "month", "period": OCTOBER},
    "deals": {"kind": "deals"},
}


@pytest.fixture
def warehouse(tmp_path: Any) -> Iterator[Warehouse]:
    opened = Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb")
    fill(opened, PLAIN)
    yield opened
    opened.close()


def checked(
    warehouse: Warehouse, failed: int, ran_at: datetime = CHECKED, check: str = "orders have a customer"
) -> None:
    row = {"check_id": check, "table_name": "orders", "ran_at": ran_at, "rows_checked": 1000, "rows_failed": failed}
    keep(warehouse, "quality_results", {**row, "severity": "error"})


def told(warehouse: Warehouse, kind: str, language: Language = Language.EN) -> Answer:
    return sound(Desk(warehouse, read_model()), ASKED[kind], language)


@pytest.mark.parametrize("kind", ASKED)
def test_an_answer_from_poor_data_says_so(warehouse: Warehouse, kind: str) -> None:
    checked(warehouse, 61)
    english, chinese = told(warehouse, kind), told(warehouse, kind, Language.ZH_HANS)
    assert english.evidence["quality"] == chinese.evidence["quality"] == 0.939
    assert "only 93.9% of the data passed the quality checks" in english.text
    assert "less than the 95% asked for" in english.text
    assert "数据质量检查通过率只有93.9%，低于95%的要求" in chinese.text


def test_good_data_are_no_news(warehouse: Warehouse) -> None:
    checked(warehouse, 50)
    answer = told(warehouse, "kpi")
    assert answer.evidence["quality"] == 0.95
    assert "quality checks" not in answer.text


def test_only_the_last_run_of_each_check_counts_and_none_that_is_still_to_come(warehouse: Warehouse) -> None:
    checked(warehouse, 500, CHECKED - timedelta(days=1))
    checked(warehouse, 0)
    checked(warehouse, 20, check="orders have an amount")
    checked(warehouse, 1000, CHECKED + timedelta(days=30))
    assert told(warehouse, "kpi").evidence["quality"] == 0.99


def test_without_any_check_nothing_is_claimed(warehouse: Warehouse) -> None:
    answer = told(warehouse, "kpi")
    assert answer.evidence["quality"] is None
    assert "quality checks" not in answer.text
