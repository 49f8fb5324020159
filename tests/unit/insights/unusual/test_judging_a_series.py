"""One value against its own past: what is unusual, and what only looks so."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.insights.unusual.exposure import exposure
from analytics.insights.unusual.history import rhythm_of
from analytics.insights.unusual.judge import judge
from analytics.insights.unusual.scale import discoveries, spread, two_sided
from analytics.insights.unusual.series import Kind, Series
from analytics.semantic import calendar
from analytics.semantic.holidays import read_calendar
from analytics.vocabulary import Grain, Period

ROBYN = Path(__file__).resolve().parents[4] / "../shared/data/robyn_mmm/dt_simulated_weekly.csv"
CN = read_calendar("cn")


def weeks(last: date, count: int) -> list[Period]:
    first = calendar.next_start(calendar.start_of(last, Grain.WEEK), Grain.WEEK, 1 - count)
    return [calendar.unit(calendar.next_start(first, Grain.WEEK, n), Grain.WEEK) for n in range(count)]


def months(last: date, count: int) -> list[Period]:
    first = calendar.next_start(calendar.start_of(last, Grain.MONTH), Grain.MONTH, 1 - count)
    return [calendar.unit(calendar.next_start(first, Grain.MONTH, n), Grain.MONTH) for n in range(count)]


def series(kind: Kind, periods: list[Period], values: np.ndarray, rows: np.ndarray | None = None) -> Series:
    grain = periods[0].grain
    assert grain is not None
    rhythm = rhythm_of(grain)
    assert rhythm is not None
    values = np.asarray(values, dtype=np.float64)
    return Series(kind, values, values if rows is None else rows, exposure(periods, CN), rhythm)


def sold_by_workday(periods: list[Period], a_day: float, seed: int) -> np.ndarray:
    """Poisson sales that come on workdays only, few of them in the eight days beside a long holiday."""
    workdays = exposure(periods, CN).workdays
    return np.random.default_rng(seed).poisson(a_day * workdays).astype(np.float64)


def is_far(given: Series) -> bool:
    judged = judge(given)
    assert judged is not None
    return judged.is_far


@pytest.mark.parametrize("monday", [date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23), date(2025, 10, 6)])
def test_the_weeks_of_a_long_holiday_and_those_beside_it_are_not_unusual(monday: date) -> None:
    periods = weeks(monday, 140)
    for seed in range(5):
        assert not is_far(series("flow", periods, sold_by_workday(periods, 60, seed)))


def test_half_the_sales_of_an_ordinary_week_are_unusual() -> None:
    periods = weeks(date(2026, 6, 8), 140)
    values = sold_by_workday(periods, 60, 1)
    values[-1] *= 0.5
    judged = judge(series("flow", periods, values))
    assert judged is not None
    assert judged.is_far
    assert judged.score < 0
    assert judged.low > values[-1]
    assert judged.low < judged.expected < judged.high


def test_one_odd_week_does_not_make_the_next_one_odd() -> None:
    periods = weeks(date(2026, 6, 8), 140)
    values = sold_by_workday(periods, 60, 2)
    values[-2] *= 3
    assert not is_far(series("flow", periods, values))


def test_a_new_level_is_unusual_at_first_and_then_usual() -> None:
    periods = weeks(date(2026, 6, 29), 150)
    values = sold_by_workday(periods, 60, 3)
    values[-30:] *= 1.8
    far = [is_far(series("flow", periods[:end], values[:end])) for end in (len(values) - 29, len(values))]
    assert far == [True, False]


def test_a_share_of_a_dozen_deals_varies_and_one_of_a_thousand_does_not() -> None:
    periods = months(date(2026, 6, 1), 40)
    rng = np.random.default_rng(4)
    for deals, expected in ((12, False), (1000, True)):
        shares = rng.binomial(deals, 0.4, len(periods)) / deals
        shares[-1] = 0.6
        assert is_far(series("counted_share", periods, shares, np.full(len(periods), float(deals)))) is expected


def test_a_share_of_few_deals_this_month_is_less_sure_than_those_before() -> None:
    periods = months(date(2026, 6, 1), 40)
    deals = np.full(len(periods), 1000)
    shares = np.random.default_rng(5).binomial(deals, 0.4) / deals
    shares[-1], few = 0.6, np.where(np.arange(len(periods)) == len(periods) - 1, 9.0, 1000.0)
    assert not is_far(series("counted_share", periods, shares, few))


def test_a_peak_that_comes_every_year_is_expected_in_the_third() -> None:
    periods = weeks(date(2025, 12, 22), 156)
    peak = np.array([2.0 if period.start.isocalendar()[1] == 52 else 1.0 for period in periods])
    values = np.random.default_rng(6).normal(1000, 30, len(periods)) * peak
    given = replace(series("level", periods, values, np.full(len(periods), 100.0)), exposure=exposure(periods, None))
    assert not is_far(given)


def test_steady_growth_is_not_unusual() -> None:
    periods = months(date(2026, 6, 1), 42)
    values = 400 * 1.02 ** np.arange(len(periods)) + np.random.default_rng(7).normal(0, 15, len(periods))
    assert not is_far(series("level", periods, values, np.full(len(periods), 400.0)))


def test_a_few_weeks_of_history_judge_nothing() -> None:
    periods = weeks(date(2026, 6, 8), 8)
    assert judge(series("flow", periods, np.full(8, 100.0))) is None


def test_ordinary_weeks_are_seldom_called() -> None:
    """Poisson sales over fifty companies: three standard deviations are passed by chance in less than one of a hundred."""
    periods = weeks(date(2026, 6, 29), 140)
    calls = 0
    for seed in range(50):
        values = sold_by_workday(periods, 20, 100 + seed)
        calls += sum(is_far(series("flow", periods[:end], values[:end])) for end in range(120, 141, 5))
    assert calls <= 0.01 * 50 * 5 + 2


def test_the_spread_of_normal_errors_is_their_standard_deviation_also_of_few() -> None:
    rng = np.random.default_rng(8)
    for count in (5, 9, 40):
        found = np.mean([spread(rng.normal(0, 3, count)) for _ in range(4000)])
        assert found == pytest.approx(3, rel=0.16)


def test_half_the_errors_may_be_anything() -> None:
    errors = np.concatenate([np.random.default_rng(9).normal(0, 1, 60), np.full(30, 1e6)])
    assert spread(errors) < 3


def test_the_more_members_are_looked_at_the_farther_off_one_has_to_be() -> None:
    scores = np.array([3.4, *np.zeros(4)])
    alone = discoveries(two_sided(scores, np.full(5, 50.0)), 0.01)
    crowd = discoveries(two_sided(np.concatenate([scores, np.zeros(400)]), np.full(405, 50.0)), 0.01)
    assert alone[0]
    assert not crowd.any()


@pytest.mark.skipif(not ROBYN.exists(), reason="needs ../shared/data/robyn_mmm")
def test_christmas_is_news_once_and_real_weeks_are_seldom_called() -> None:
    rows = list(csv.DictReader(ROBYN.open()))
    periods = [calendar.unit(date.fromisoformat(row["DATE"]), Grain.WEEK) for row in rows]
    values = np.array([float(row["revenue"]) for row in rows])
    rhythm = rhythm_of(Grain.WEEK)
    assert rhythm is not None
    called = []
    for end in range(30, len(rows)):
        first = max(0, end - rhythm.look_back)
        span, known = periods[first : end + 1], values[first : end + 1]
        if is_far(Series("flow", known, np.full(len(known), 1000.0), exposure(span, None), rhythm)):
            called.append(periods[end])
    assert len(called) <= 0.03 * (len(rows) - 30)
    assert not [period for period in called if period.start.month == 12 and period.start.year >= 2017]
