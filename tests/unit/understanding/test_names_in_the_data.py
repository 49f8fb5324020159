"""What stands in a company's data becomes words of its lexicon, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analytics.organisation import Rep
from analytics.semantic import Model
from analytics.warehouse import Warehouse
from assistant.understanding.names import names_of, names_of_reps, names_of_values


@pytest.fixture
def words(tmp_path: Path, model: Model) -> set[tuple[str, str]]:
    company = Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb")
    with company.load("crm", datetime(2026, 11, 23, tzinfo=UTC), "CNY") as load:
        load.put("customers", pd.DataFrame({"customer_id": ["C1", "C2"], "region": ["East", None], "name": ["A", "B"]}))
        load.put("teams", pd.DataFrame({"team_id": ["T1"], "name": ["East 1"], "region": ["East"]}))
        load.put("channels", pd.DataFrame({"channel_id": ["CH01"], "name": ["Search"], "kind": ["paid"]}))
        load.put("products", pd.DataFrame({"product_id": ["P1"], "name": ["Relay 继电器"], "category": ["Sensors"]}))
    with company.reader() as reader:
        found = set(names_of_values(model, reader))
    company.close()
    return found


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("east", "value:region:East"),
        ("华东", "value:region:East"),
        ("east 1", "value:team:T1"),
        ("华东一区", "value:team:T1"),
        ("search", "value:channel:Search"),
        ("ch01", "value:channel:Search"),
        ("搜索", "value:channel:Search"),
        ("relay", "value:product:Relay 继电器"),
        ("继电器", "value:product:Relay 继电器"),
        ("传感器", "value:product_category:Sensors"),
    ],
)
def test_a_value_is_known_by_every_name_people_use(word: str, concept: str, words: set[tuple[str, str]]) -> None:
    assert (word, concept) in words


def test_customers_and_colleagues_are_no_words_of_dimensions(words: set[tuple[str, str]]) -> None:
    assert not any(concept.startswith(("value:customer", "value:rep")) for _, concept in words)


def test_colleagues_are_known_by_full_and_first_name() -> None:
    assert {("anna ash", "rep:R1"), ("anna", "rep:R1")} <= set(names_of_reps([Rep("R1", "Anna Ash", None, True)]))


def test_a_name_nobody_translates_stands_for_itself() -> None:
    assert list(names_of("region", [("Bavaria", "Bavaria")])) == [("bavaria", "value:region:Bavaria")]
