"""Chinese business words, the mainland's and those of Taiwan and Hong Kong, are read as people there mean them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.organisation import Rep
from analytics.semantic import Model
from assistant.understanding import Context, understand
from assistant.understanding.lexicon import Lexicon, our_words
from assistant.understanding.names import names_of
from assistant.understanding.naming import NameIndex

_TABLE = yaml.safe_load(Path(__file__).with_name("terms_zh.yaml").read_text("utf-8"))
_REPS = [
    ("张伟", "R001"), ("刘洋", "R004"), ("陈静", "R005"), ("王芳", "R009"), ("王芳", "R030"), ("李强", "R011"),
    ("kevin zhao", "R012"), ("张敏", "R013"),
]  # fmt: skip
_CUSTOMERS = [
    ("华为技术有限公司", "C00001"), ("华为", "C00001"), ("huawei", "C00001"),
    ("华为终端有限公司", "C00002"), ("华为终端", "C00002"), ("华为", "C00002"), ("huawei", "C00002"),
    ("台湾精工股份有限公司", "C00003"), ("台湾精工", "C00003"), ("精工", "C00003"),
]  # fmt: skip
_REGIONS = [("East", "East"), ("South", "South"), ("North", "North"), ("West", "West")]


@pytest.fixture(scope="module")
def company(model: Model, context: Context) -> Context:
    """A company with colleagues of one surname, a group with a subsidiary, and four regions."""
    names = [
        *((name, f"rep:{rep}") for name, rep in _REPS),
        *((name, f"value:customer:{customer}") for name, customer in _CUSTOMERS),
        *names_of("region", _REGIONS),
    ]
    reps = [Rep(rep, name.title() if name.isascii() else name, "T1", True) for name, rep in _REPS]
    index = NameIndex([], reps, common=our_words(model))
    return Context(Lexicon(names, model), model, context.today, names=index)


def _rows() -> list[Any]:
    return [
        pytest.param(row, text, id=f"{number}-{text}")
        for number, row in enumerate(_TABLE)
        for text in (*row["zh"], *row["hant"])
    ]


def _holds(expected: Any, got: Any) -> bool:
    """Whether all that is expected stands there: fields by name, filters in any order, other lists in theirs."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(_holds(value, got.get(name)) for name, value in expected.items())
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return False
        if all(isinstance(item, dict) and "name" in item for item in (*expected, *got)):
            expected, got = (sorted(items, key=lambda item: str(item["name"])) for items in (expected, got))
        return all(map(_holds, expected, got))
    return bool(expected == got)


def _only_unread(plan: dict[str, Any]) -> bool:
    """A question back about words that nobody read is none about what they mean."""
    return plan["kind"] == "clarify" and plan["reason"] in ("unread_words", "half_understood")


@pytest.mark.parametrize(("row", "text"), _rows())
def test_a_business_word_is_read_as_it_is_meant(row: dict[str, Any], text: str, company: Context) -> None:
    context = replace(company, fiscal_year_start=row.get("fiscal_year_start", 1))
    plan = understand(text, context).model_dump(mode="json")
    readings = row.get("one_of") or [row["is"]]
    assert any(_holds(reading, plan) for reading in readings), f"{readings} expected, not {plan}"
    assert row.get("unread") or not _only_unread(plan), plan
