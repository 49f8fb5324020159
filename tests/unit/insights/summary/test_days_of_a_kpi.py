"""For which days a summary shows a KPI: its own where it exists for them, else the last that are known."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.insights.summary import period_of
from analytics.insights.summary.periods import units_before
from analytics.semantic import read_model
from analytics.semantic.calendar import to_date, unit
from analytics.vocabulary import Grain, Period

MODEL = read_model()
TODAY = date(2026, 11, 23)
LAST_WEEK = unit(date(2026, 11, 16), Grain.WEEK)
OCTOBER = unit(date(2026, 10, 1), Grain.MONTH)
SUMMER = unit(date(2026, 7, 1), Grain.QUARTER)


def days(kpi: str, period: Period, today: date = TODAY) -> tuple[date, date]:
    found = period_of(MODEL.kpis[kpi], period, today)
    return found.start, found.end


@pytest.mark.parametrize("kpi", ["revenue", "win_rate", "csat", "pipeline_value", "marketing_roi"])
@pytest.mark.parametrize("period", [LAST_WEEK, OCTOBER, SUMMER])
def test_a_kpi_that_exists_for_the_days_is_shown_for_them(kpi: str, period: Period) -> None:
    assert days(kpi, period) == (period.start, period.end)


def test_a_monthly_ledger_in_a_week_is_that_of_the_last_closed_month() -> None:
    assert days("sales_cost_total", LAST_WEEK) == (date(2026, 10, 1), date(2026, 11, 1))
    assert days("sales_cost_total", SUMMER) == (date(2026, 7, 1), date(2026, 10, 1))


def test_churn_in_a_week_is_that_of_the_last_whole_month() -> None:
    assert days("churn_rate", LAST_WEEK) == (date(2026, 10, 1), date(2026, 11, 1))


def test_a_level_that_depends_on_its_length_keeps_its_own_rhythm() -> None:
    assert days("repeat_purchase_rate", OCTOBER) == (date(2026, 7, 1), date(2026, 10, 1))
    assert days("revenue_per_customer", LAST_WEEK) == (date(2026, 10, 1), date(2026, 11, 1))
    assert days("revenue_per_customer", SUMMER) == (SUMMER.start, SUMMER.end)


def test_a_cohort_is_shown_once_it_is_ripe() -> None:
    start, end = days("lead_conversion_rate_cohort", LAST_WEEK)
    assert (TODAY - end).days >= 90 > (TODAY - end).days - 31
    assert (start, end) == (date(2026, 7, 1), date(2026, 8, 1))
    assert days("funnel_dropoff", LAST_WEEK) == (date(2026, 9, 14), date(2026, 9, 21))


def test_a_week_still_running_is_shown_up_to_today() -> None:
    running = to_date(Grain.WEEK, TODAY)
    assert days("revenue", running) == (running.start, running.end)
    assert units_before(running) == ()


def test_thirteen_weeks_and_months_stand_behind_each_other_without_a_gap() -> None:
    for whole in (LAST_WEEK, OCTOBER):
        before = units_before(whole)
        assert len(before) == 12
        assert [one.end for one in before] == [*(one.start for one in before[1:]), whole.start]
