"""Which KPIs a summary has and in which order: what misses its target most and what is least usual."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analytics.insights.summary import Standing, choose, concern, worst_first
from analytics.semantic import read_model
from analytics.vocabulary import Figure, Grain, Period

MODEL = read_model()
MONDAY = date(2026, 11, 16)


def stands(
    kpi: str, value: float, *before: float, target: float | None = None, rows: int = 500, own: bool = False
) -> Standing:
    """A KPI of the week of 16 November, `before` being the weeks before, the oldest first."""
    declared = MODEL.kpis[kpi]
    weeks = [
        Period(MONDAY - timedelta(weeks=n), MONDAY - timedelta(weeks=n - 1), grain=Grain.WEEK)
        for n in range(len(before), -1, -1)
    ]
    figures = [
        Figure(kpi, one, declared.unit, week, rows=rows) for one, week in zip((*before, value), weeks, strict=True)
    ]
    figure = Figure(kpi, value, declared.unit, weeks[-1], rows=rows, target=target)
    return Standing(declared, figure, history=(*figures[:-1], figure), own=own)


def steady(kpi: str, usual: float, value: float, **more: float) -> Standing:
    """Twelve weeks about the usual level, then this one."""
    swing = (0.98, 1.0, 1.02, 1.0)
    return stands(kpi, value, *(usual * swing[n % 4] for n in range(12)), **more)  # type: ignore[arg-type]


def ids(standings: tuple[Standing, ...]) -> list[str]:
    return [one.kpi.id for one in standings]


# --- targets


def test_the_farther_from_its_target_the_earlier_a_kpi_stands() -> None:
    short, shorter = stands("revenue", 95.0, target=100), stands("won_amount", 60.0, target=100)
    assert ids(worst_first([short, shorter])) == ["won_amount", "revenue"]


def test_a_missed_target_stands_before_any_surprise() -> None:
    missed = stands("revenue", 99.0, target=100)
    surprise = steady("complaints", 10, 60)
    assert concern(surprise) > concern(missed)
    assert ids(worst_first([surprise, missed])) == ["revenue", "complaints"]


@pytest.mark.parametrize(
    ("kpi", "value", "target", "missed"),
    [("revenue", 90, 100, True), ("revenue", 110, 100, False), ("marketing_cost_share", 0.3, 0.25, True), ("marketing_cost_share", 0.2, 0.25, False), ("revenue", 100, 100, False)],
)  # fmt: skip
def test_a_cost_misses_its_target_above_it_and_a_yield_below(
    kpi: str, value: float, target: float, missed: bool
) -> None:
    assert stands(kpi, value, target=target).missed is missed


def test_a_kpi_without_a_target_misses_none() -> None:
    assert stands("revenue", 1.0).gap is None
    assert not stands("revenue", 1.0).missed


# --- surprises


def test_a_week_that_falls_out_of_its_usual_range_is_far_from_it() -> None:
    assert abs(steady("revenue", 1000, 1005).deviation or 9) < 1
    assert (steady("revenue", 1000, 500).deviation or 0) < -5


def test_one_odd_week_in_the_past_hides_no_odd_week_now() -> None:
    weeks = [1000.0] * 11 + [9000.0]
    assert (stands("revenue", 500, *weeks).deviation or 0) < -5


def test_a_rate_of_few_deals_may_swing_by_chance() -> None:
    weeks = [0.4] * 12
    few, many = stands("win_rate", 0.55, *weeks, rows=12), stands("win_rate", 0.55, *weeks, rows=1200)
    assert abs(few.deviation or 9) < 2 < abs(many.deviation or 0)


def test_a_short_past_tells_no_usual_level() -> None:
    assert stands("revenue", 500, 1000, 1000).deviation is None


def test_a_surprise_is_bad_or_good_by_the_side_the_kpi_should_go() -> None:
    assert concern(steady("complaints", 20, 60)) > 0 > concern(steady("complaints", 60, 20))
    assert concern(steady("revenue", 1000, 500)) > 0 > concern(steady("revenue", 1000, 1500))


def test_seasons_and_holidays_outweigh_the_plain_past_where_they_are_known() -> None:
    slump = steady("revenue", 1000, 300)
    assert concern(slump, {"revenue": 0.2}) == 0 < concern(slump)


# --- choosing


def test_the_main_kpi_is_always_there() -> None:
    worse = [steady(kpi, 100, 10) for kpi in ("orders", "calls", "meetings", "new_leads")]
    chosen = choose([*worse, steady("revenue", 100, 100)], "revenue", most=3)
    assert "revenue" in ids(chosen)
    assert len(chosen) == 3


def test_a_good_surprise_is_chosen_and_stands_last() -> None:
    kpis = [steady("revenue", 1000, 1000), steady("orders", 100, 100), steady("calls", 100, 300), steady("csat", 4, 3)]
    chosen = choose(kpis, None, most=2)
    assert sorted(ids(chosen)) == ["calls", "csat"]
    assert ids(worst_first(chosen)) == ["csat", "calls"]


def test_every_area_is_told_of_however_loud_one_is() -> None:
    loud = [
        steady(kpi, 100, 10) for kpi in ("orders", "calls", "meetings", "new_leads", "activities", "converted_leads")
    ]
    quiet = [steady("revenue", 100, 100), steady("csat", 4, 4)]
    areas = {one.kpi.area for one in choose([*loud, *quiet], "revenue", most=6)}
    assert areas == {"financial", "operational", "customer"}


def test_churn_and_retention_are_told_once() -> None:
    both = [stands("churn_rate", 0.05, target=0.02), stands("retention_rate", 0.95, target=0.98)]
    assert len(choose(both, None)) == 1


def test_no_data_is_never_chosen() -> None:
    unknown = Standing(MODEL.kpis["csat"], Figure("csat", None, MODEL.kpis["csat"].unit, note="no_rows"))
    assert choose([unknown], None) == ()


# --- noise


def test_a_rate_of_few_rows_and_a_jumping_amount_are_noisy_and_a_steady_one_is_not() -> None:
    assert stands("win_rate", 0.4, *[0.4] * 12, rows=12).noisy
    assert stands("revenue", 1000, *[1000.0, 200.0] * 6).noisy
    assert not steady("revenue", 1000, 1000).noisy
    assert not stands("win_rate", 0.4, *[0.4] * 12, rows=400).noisy
