"""A plan that was made on one day, as it is meant on another: what a subscription sends each time."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.semantic import calendar
from analytics.vocabulary import Grain, Period
from assistant.plans import (
    ComparedWith,
    Day,
    Days,
    DealList,
    Forecast,
    KpiQuery,
    LeadList,
    Narrowed,
    RowFilter,
    Summary,
)
from assistant.plans.as_of import plan_as_of

MONDAY, LATER = date(2026, 11, 23), date(2027, 1, 11)


def of_period(period: Period, **more: object) -> KpiQuery:
    return KpiQuery(kpis=("revenue",), period=Days.of(period), **more)  # type: ignore[arg-type]


def moved(period: Period, to: date = LATER) -> Period:
    return plan_as_of(of_period(period), MONDAY, to).period.period


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR])
def test_last_and_this_are_told_from_the_day_it_is_sent(grain: Grain) -> None:
    for count in (1, 3):
        assert moved(calendar.last(count, grain, MONDAY)) == calendar.last(count, grain, LATER)
    assert moved(calendar.to_date(grain, MONDAY)) == calendar.to_date(grain, LATER)


def test_a_fiscal_quarter_moves_by_the_company_s_year() -> None:
    made = calendar.last(1, Grain.FISCAL_QUARTER, MONDAY, 2)
    sent = plan_as_of(of_period(made), MONDAY, LATER, 2).period.period
    assert sent == calendar.last(1, Grain.FISCAL_QUARTER, LATER, 2)


def test_a_month_that_was_named_stays() -> None:
    october = calendar.unit(date(2026, 10, 1), Grain.MONTH)
    assert moved(october) == october
    free = calendar.days(date(2026, 10, 5), date(2026, 10, 9))
    assert moved(free) == free


def test_since_october_runs_up_to_the_day_it_is_sent() -> None:
    since = Period(date(2026, 10, 1), date(2026, 11, 24), "since 2026-10-01")
    assert moved(since).end == date(2027, 1, 12)
    assert moved(since).start == since.start


def test_next_week_is_the_week_after_the_one_it_is_sent_in() -> None:
    coming = Period(date(2026, 11, 30), date(2026, 12, 7), "next week", Grain.WEEK)
    assert (moved(coming).start, moved(coming).label) == (date(2027, 1, 18), "next week")


def test_a_summary_whose_week_was_not_named_is_of_the_week_before() -> None:
    plan = Summary(period=Days.of(calendar.last(1, Grain.WEEK, MONDAY)), assumed=("period",))
    assert plan_as_of(plan, MONDAY, LATER).period.period == calendar.last(1, Grain.WEEK, LATER)


def test_a_forecast_of_the_month_under_way_goes_on_to_the_next_when_it_is_over() -> None:
    november = Forecast(kpi="revenue", period=Days.of(calendar.unit(MONDAY, Grain.MONTH)))
    assert plan_as_of(november, MONDAY, date(2026, 11, 30)) == november
    assert plan_as_of(november, MONDAY, LATER).period.period == calendar.unit(LATER, Grain.MONTH)


def test_a_period_the_kpi_assumed_moves_on() -> None:
    plan = of_period(calendar.unit(date(2026, 10, 1), Grain.MONTH), assumed=("period",))
    assert plan_as_of(plan, MONDAY, LATER).period.period == calendar.unit(date(2026, 12, 1), Grain.MONTH)


def test_the_call_list_is_of_the_day_it_is_sent() -> None:
    today = Day(start="2026-11-23", end="2026-11-24", label="today")
    assert plan_as_of(LeadList(day=today), MONDAY, LATER).day == Day(
        start="2027-01-11", end="2027-01-12", label="today"
    )
    named = Day(start="2026-12-01", end="2026-12-02", label="2026-12-01")
    assert plan_as_of(LeadList(day=named), MONDAY, LATER).day == named


def test_deals_closing_this_week_are_those_of_the_week_it_is_sent_in() -> None:
    this_week = RowFilter(name="closes_on", op="during", period=Days.of(calendar.to_date(Grain.WEEK, MONDAY)))
    large = RowFilter(name="amount", op="at_least", values=(1000,))
    sent = plan_as_of(DealList(filters=(this_week, large)), MONDAY, LATER)
    assert sent.filters[0].period is not None
    assert sent.filters[0].period.period == calendar.to_date(Grain.WEEK, LATER)
    assert sent.filters[1] == large


def test_what_it_is_compared_with_moves_too_and_its_filters_stay() -> None:
    before = ComparedWith(
        kind="custom", period=Days.of(Period(date(2026, 11, 9), date(2026, 11, 16), "week before last", Grain.WEEK))
    )
    east = Narrowed(name="region", values=("East",))
    plan = of_period(calendar.last(1, Grain.WEEK, MONDAY), comparison=before, filters=(east,))
    sent = plan_as_of(plan, MONDAY, LATER)
    assert sent.comparison is not None
    assert sent.comparison.period is not None
    assert sent.comparison.period.period.start == date(2026, 12, 28)
    assert sent.filters == (east,)


def test_sent_on_the_day_it_was_made_a_plan_is_the_same() -> None:
    plan = of_period(calendar.last(12, Grain.WEEK, MONDAY))
    assert plan_as_of(plan, MONDAY, MONDAY) == plan
