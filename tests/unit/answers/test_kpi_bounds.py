"""Groups held to bounds: which are shown, and that the answer says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from selling_company import AUTUMN, PLAIN, fill, plan, sound

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk
from assistant.plans import Having, KpiQuery
from assistant.question import Answer, Language


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Revenue in October: R1 40,000, R2 50,000, R3 60,000, R4 70,000."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('bounds')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    yield Desk(warehouse, read_model())
    warehouse.close()


def bound(op: str, *values: float, kpi: str = "revenue") -> dict[str, Any]:
    return {"kpi": kpi, "op": op, "values": list(values)}


def shown(answer: Answer) -> list[float | None]:
    return [figure["value"] for figure in answer.figures]


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (bound("less_than", 50_000), [40_000]),
        (bound("at_most", 50_000), [50_000, 40_000]),
        (bound("more_than", 60_000), [70_000]),
        (bound("at_least", 60_000), [70_000, 60_000]),
        (bound("between", 50_000, 60_000), [60_000, 50_000]),
        (bound("more_than", 70_000), []),
    ],
)
def test_only_reps_within_the_bound_are_shown(desk: Desk, given: dict[str, Any], left: list[float]) -> None:
    assert shown(sound(desk, plan(dimensions=["rep"], having=[given]))) == left


def test_a_limit_counts_among_those_within_the_bound(desk: Desk) -> None:
    asked = plan(
        dimensions=["rep"], having=[bound("less_than", 70_000)], order={"by": "revenue", "descending": True}, limit=1
    )
    answer = sound(desk, asked)
    assert shown(answer) == [60_000]
    assert "2 more groups are not shown" in answer.text


def test_all_bounds_hold_and_every_kpi_of_the_group_is_shown(desk: Desk) -> None:
    both = [bound("at_least", 50_000), bound("less_than", 70_000)]
    answer = sound(desk, plan("revenue", "orders", dimensions=["rep"], having=both))
    assert shown(answer) == [60_000, 50_000, 1, 1]


def test_months_are_held_to_a_bound_and_drawn_as_no_line(desk: Desk) -> None:
    asked = plan(period=AUTUMN, grain="month", having=[bound("more_than", 100_000)])
    answer = sound(desk, asked)
    assert all((value or 0) > 100_000 for value in shown(answer))
    assert 0 < len(shown(answer)) < 3
    assert answer.pictures == ()


@pytest.mark.parametrize(
    ("language", "headline", "reading"),
    [
        (Language.EN, "2 of 4 with revenue over ¥50,000", "only those with revenue over ¥50,000"),
        (Language.ZH_HANS, "4个中有2个销售额高于¥5万", "只看销售额高于¥5万的"),
    ],
)
def test_how_many_are_within_the_bound_is_said(desk: Desk, language: Language, headline: str, reading: str) -> None:
    answer = sound(desk, plan(dimensions=["rep"], having=[bound("more_than", 50_000)]), language)
    assert headline in answer.text
    assert reading in answer.reading


@pytest.mark.parametrize(
    "broken",
    [
        {"having": [bound("less_than", 50_000)]},
        {"dimensions": ["rep"], "grain": "month", "having": [bound("less_than", 50_000)]},
        {"dimensions": ["rep"], "having": [bound("less_than", 1, kpi="win_rate")]},
        {"dimensions": ["rep"], "having": [bound("between", 1)]},
    ],
)
def test_a_bound_needs_groups_and_a_kpi_that_is_asked_for(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"bound|between"):
        KpiQuery.model_validate(plan(**broken))


def test_a_chart_that_does_not_fit_is_told(desk: Desk) -> None:
    assert "No chart fits this" in sound(desk, plan(as_chart=True)).text
    assert "No chart fits this" not in sound(desk, plan(as_chart=True, dimensions=["rep"])).text


def test_performance_read_by_the_companys_settings_is_said(desk: Desk) -> None:
    assert "what “performance” means by this company's settings" in sound(desk, plan(assumed=["performance"])).reading
    assert "“业绩”口径" in sound(desk, plan(assumed=["performance"]), Language.ZH_HANS).reading


def test_a_bound_lets_its_own_value_through_only_where_it_says_so() -> None:
    at_least, more = Having(kpi="calls", op="at_least", values=(5,)), Having(kpi="calls", op="more_than", values=(5,))
    assert (at_least.lets_through(5), more.lets_through(5)) == (True, False)
