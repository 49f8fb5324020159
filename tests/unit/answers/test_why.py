"""What a why answer says: how much a KPI changed, what makes the change, and what cannot be split."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from selling_company import OCTOBER, PLAIN, amount, ask, days, fill, only, sound

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk
from assistant.question import Answer, Language

MODEL = read_model()
LANGUAGES = [Language.EN, Language.ZH_HANS, Language.ZH_HANT]
SPLIT = {
    Language.EN: "A split, not a cause",
    Language.ZH_HANS: "仅为拆解，不等于因果",
    Language.ZH_HANT: "僅為拆解，不等於因果",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('why')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    yield Desk(warehouse, MODEL)
    warehouse.close()


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


def why(kpi: str = "revenue", **more: Any) -> dict[str, Any]:
    return {"kind": "why", "kpi": kpi, "period": OCTOBER, "comparison": {"kind": "previous"}, **more}


def adds_up(answer: Answer) -> bool:
    change = answer.figures[0]["compared_with"]["change"]
    return sum(item["contribution"] for item in answer.items) == pytest.approx(float(change), rel=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kpi", ["revenue", "orders", "aov", "revenue_per_customer", "discount_share", "gross_margin"])
def test_the_drivers_add_up_to_the_change_in_every_language(desk: Desk, kpi: str, language: Language) -> None:
    answer = sound(desk, why(kpi), language)
    assert answer.route in ("why", "refuse")
    if answer.items:
        assert adds_up(answer)
        assert SPLIT[language] in answer.text
        assert {item["effect"] for item in answer.items} <= {"member", "volume", "rate", "mix", "part", "unexplained"}


def test_a_named_dimension_shows_each_member_and_says_what_chance_does(desk: Desk) -> None:
    """Every team sold more, by a handful of orders: the teams are shown, none of them is blamed."""
    answer = sound(desk, why(dimensions=["team"]))
    anna_and_wei = sum(amount(rep, "2026-10") - amount(rep, "2026-09") for rep in ("R1", "R2"))
    assert adds_up(answer)
    assert f"+¥{anna_and_wei:,}" in answer.text
    assert "+¥110,000" in answer.text  # the whole


def test_a_period_without_data_has_no_change_to_explain(desk: Desk) -> None:
    answer = sound(desk, why(period=days("2020-01-01", "2020-02-01")))
    assert "no data" in answer.headline
    assert answer.items == []


def test_the_same_value_twice_is_no_change(desk: Desk) -> None:
    """张伟 sold two units in January and in August."""
    january = {"kind": "custom", "period": days("2026-01-01", "2026-02-01")}
    answer = sound(desk, why(period=days("2026-08-01", "2026-09-01"), comparison=january, whose="rep:R2"))
    assert amount("R2", "2026-01") == amount("R2", "2026-08")
    assert "there is no change to explain" in answer.headline
    assert answer.items == []


def test_against_a_target_the_period_before_is_explained_and_said(desk: Desk) -> None:
    answer = sound(desk, why(comparison={"kind": "target"}))
    assert answer.figures[0]["compared_with"]["kind"] == "previous"
    assert "a target cannot be split" in answer.reading


def test_a_dimension_the_kpi_does_not_have_is_refused_with_those_it_has(desk: Desk) -> None:
    answer = sound(desk, why(dimensions=["stage"]))
    assert answer.route == "refuse"
    assert "cannot be split that way" in answer.headline


def test_filters_narrow_the_change_and_are_read_back(desk: Desk) -> None:
    answer = sound(desk, why(filters=[only("industry", "Pharma")]))
    sold = sum(amount(rep, "2026-10") for rep in ("R2", "R4"))
    assert answer.figures[0]["value"] == sold
    assert "industry Pharma" in answer.reading
    assert not answer.items or adds_up(answer)


def test_only_a_company_total_open_to_all_is_for_everybody(desk: Desk) -> None:
    assert ask(desk, "rep:R1", why()).private
    assert sound(desk, why(dimensions=["team"])).private
    assert not sound(desk, why(dimensions=["industry"])).private
