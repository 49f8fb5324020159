"""What is said of where a KPI is heading: by day, by group, against the target, and if deals are won."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from selling_company import keep, target
from trading_company import OPEN, TODAY, fill, sold

from analytics.insights.forecast import issue_forecasts, issue_if_due
from analytics.semantic import read_model
from analytics.vocabulary import Clock
from analytics.warehouse import Warehouse
from assistant.desk import Desk
from assistant.question import Answer, Question

MODEL = read_model()
START, END = date(2026, 11, 1), date(2026, 12, 1)
NOVEMBER = {"start": "2026-11-01", "end": "2026-12-01", "label": "2026-11", "grain": "month"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    found = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('trading')}/warehouse.duckdb")
    fill(found)
    keep(found, "targets", target(5_000_000, "2026-11-01"), target(400_000, "2026-11-01", scope="team", key="T2"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def desk(warehouse: Warehouse) -> Desk:
    return Desk(warehouse, MODEL, contact="Ida in IT")


def ask(desk: Desk, as_: str, text: str = "", **plan: Any) -> Answer:
    asker = desk.asker(as_)
    given = {"kind": "forecast", "kpi": "revenue", "period": NOVEMBER, **plan} if not text else None
    return desk.answer(Question(text, asker, desk.clock(asker, TODAY), plan=given, asked_as=as_))


def test_what_has_come_and_what_is_to_come_make_the_month(desk: Desk) -> None:
    only = ask(desk, "exec:P8").items[0]
    come, whole = sold(START, TODAY), sold(START, END)
    assert come < only["low"] < only["value"] < only["high"]
    assert only["value"] == pytest.approx(whole, rel=0.05)


def test_a_target_out_of_reach_is_said_in_the_first_line(desk: Desk) -> None:
    answer = ask(desk, "exec:P8", against_target=True)
    assert "very likely missed" in answer.headline
    assert "15 of 21 working days are over" in answer.text
    assert answer.off is True


def test_the_pace_needed_is_what_lacks_over_the_days_left(desk: Desk) -> None:
    needed = (5_000_000 - sold(START, TODAY)) / 6
    assert f"¥{round(needed, -3):,.0f}" in ask(desk, "exec:P8").text


def test_a_team_is_held_against_its_own_target(desk: Desk) -> None:
    come = sold(START, TODAY, "R2")
    answer = ask(desk, "manager:M2")
    assert "¥400,000" in answer.headline
    assert answer.items[0]["value"] == pytest.approx(sold(START, END, "R2"), rel=0.08)
    assert answer.items[0]["low"] >= come - 1_000


def test_teams_add_up_to_the_company(desk: Desk) -> None:
    whole = ask(desk, "exec:P8").items[0]["value"]
    parts = {item["keys"]["team"]: item["value"] for item in ask(desk, "exec:P8", dimensions=["team"]).items}
    assert sum(parts.values()) == pytest.approx(whole, rel=0.02)
    assert parts["T1"] == pytest.approx(3 * parts["T2"], rel=0.1)


def test_deals_supposed_won_are_the_askers_largest_and_not_counted_twice(desk: Desk) -> None:
    """What is still to come is spread over all open deals; only what these two bring beyond their part of it is added."""
    expected, _, _, come = (figure["value"] for figure in ask(desk, "rep:R1", kpi="won_amount").figures)
    answer = ask(desk, "rep:R1", kpi="won_amount", suppose_won=2)
    deals = [item["amount"] for item in answer.items if "deal" in item]
    assert deals == list(OPEN["R1"][:2])
    counted = sum(deals) * (expected - come) / sum(OPEN["R1"])
    assert f"¥{round(expected + sum(deals) - counted, -2):,.0f} expected" in answer.headline
    assert counted > 0
    assert answer.private


@pytest.mark.parametrize("words", ["what if I close my top two deals", "如果我拿下最大的两单"])
def test_my_deals_are_the_teams_for_a_manager_who_sells_nothing(desk: Desk, words: str) -> None:
    answer = ask(desk, "manager:M1", words)
    assert answer.plan["whose"] == "my_team"
    assert [item["amount"] for item in answer.items if "deal" in item] == list(OPEN["R1"][:2])


def test_a_total_beyond_ones_own_rows_tells_nobodys_deals(desk: Desk) -> None:
    answer = ask(desk, "rep:R1", kpi="won_amount", suppose_won=2, whose="company")
    assert answer.route == "refuse"
    assert not answer.items


def test_what_won_deals_do_not_bring_is_not_told(desk: Desk) -> None:
    assert ask(desk, "exec:P8", kpi="win_rate", suppose_won=2).plan["reason"] == "suppose"


def test_a_month_that_is_over_is_not_forecast(desk: Desk) -> None:
    over = {"start": "2026-10-01", "end": "2026-11-01", "label": "2026-10", "grain": "month"}
    assert ask(desk, "exec:P8", period=over).plan["reason"] == "over"


def test_what_shows_only_long_after_is_not_forecast(desk: Desk) -> None:
    answer = ask(desk, "exec:P8", kpi="lead_conversion_rate_cohort")
    assert answer.route == "refuse"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("forecast revenue this month", "expected"),
        ("本月销售额能完成多少", "预计"),
        ("本月銷售額能完成多少", "預計"),
        ("forecast revenue for the next 3 months by team", "expected"),
        ("这个季度销售额能达标吗", "预计"),
    ],
)
def test_both_languages_say_what_is_expected_with_its_interval(desk: Desk, words: str, said: str) -> None:
    answer = ask(desk, "exec:P8", words)
    assert answer.route == "forecast"
    assert said in answer.headline
    assert "80%" in answer.headline


def test_a_company_of_three_weeks_is_told_what_a_forecast_takes(tmp_path: Any) -> None:
    young = Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb")
    fill(young, since=date(2026, 11, 2))
    answer = ask(Desk(young, MODEL, contact="Ida in IT"), "exec:P8")
    assert answer.plan["reason"] == "too_short"
    assert "21" in answer.headline
    young.close()


def test_forecasts_are_issued_once_a_month_and_held_against_what_came(tmp_path: Any) -> None:
    """Issued on 30 September from what was known then; October's own forecast counts, and the second try writes none."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb")
    fill(warehouse)
    asked = Clock.end_of(date(2026, 9, 30), "Asia/Shanghai")
    issued = issue_forecasts(warehouse, MODEL, asked)
    assert [one.month.label for one in issued] == ["2026-10", "2026-11", "2026-12"]
    assert issue_forecasts(warehouse, MODEL, asked) == ()
    assert issue_if_due(warehouse, MODEL, asked.now) == ()
    october = sold(date(2026, 10, 1), date(2026, 11, 1))
    plan = {
        "kind": "kpi",
        "kpis": ["forecast_accuracy"],
        "period": {**NOVEMBER, "start": "2026-10-01", "end": "2026-11-01"},
    }
    desk = Desk(warehouse, MODEL, contact="Ida in IT")
    asker = desk.asker("exec:P8")
    answer = desk.answer(Question("", asker, desk.clock(asker, TODAY), plan=plan, asked_as="exec:P8"))
    assert answer.figures[0]["value"] == pytest.approx(1 - abs(issued[0].value - october) / october)
    warehouse.close()


def test_a_goal_is_held_against_the_interval_in_both_languages(desk: Desk) -> None:
    answer = ask(desk, "exec:P8", goal=50_000_000)
    assert "The goal of ¥50,000,000 is very likely missed" in answer.headline
    assert "It lies above the interval." in answer.headline
    assert "against the goal of ¥50,000,000" in answer.reading
    assert "高于预测区间" in ask(desk, "exec:P8", "本月销售额能到5000万吗").text


def test_a_question_without_a_kpi_says_which_one_it_was_read_as(desk: Desk) -> None:
    assert "no KPI was named" in ask(desk, "exec:P8", against_target=True, assumed=["kpi"]).reading
