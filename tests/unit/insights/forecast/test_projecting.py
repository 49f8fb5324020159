"""Series by themselves: which way forecasts them, how far it is trusted, and what it never does."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.insights.forecast import CannotForecast
from analytics.insights.forecast.design import design_of
from analytics.insights.forecast.project import Projection, project
from analytics.insights.forecast.rivals import Series
from analytics.semantic.holidays import read_calendar
from analytics.vocabulary import Grain, Period

FIRST = date(2023, 1, 2)
AHEAD = 28


def days(count: int) -> tuple[Period, ...]:
    return tuple(Period.of_day(FIRST + timedelta(days=n)) for n in range(count))


def by_day(values: np.ndarray, ahead: int = AHEAD) -> Projection:
    design = design_of(days(len(values) + ahead), Grain.DAY, None)
    return project(Series(np.asarray(values, dtype=float), Grain.DAY, ahead, True, ahead, design))


def working_days(count: int, *, growth: float = 0.0, noise: float = 0.1, seed: int = 1) -> np.ndarray:
    """A hundred a working day, next to nothing at weekends, growing by a share a year."""
    place = np.arange(count)
    level = np.where(place % 7 < 5, 100.0, 5.0) * (1 + growth) ** (place / 365.25)
    return level * np.random.default_rng(seed).uniform(1 - noise, 1 + noise, count)


def test_a_growing_company_is_expected_to_be_larger_than_a_year_ago() -> None:
    values = working_days(1_000 + AHEAD, growth=0.4)
    told = by_day(values[:1_000])
    value, low, high = told.stretch(0, AHEAD)
    came = values[1_000:].sum()
    assert told.method == "regression"
    assert abs(value - came) / came < 0.1
    assert low <= came <= high
    assert value > 1.2 * values[1_000 - 364 : 1_000 - 364 + AHEAD].sum()


def test_a_year_that_only_repeats_itself_is_repeated() -> None:
    year = np.random.default_rng(3).gamma(0.5, 100, 364)
    told = by_day(np.tile(year, 3))
    assert told.method == "seasonal_naive"
    assert told.backtest.wape == 0
    assert told.path.tolist() == pytest.approx(year[:AHEAD].tolist())


@pytest.mark.parametrize("seed", range(6))
def test_no_forecast_did_worse_on_its_own_past_than_the_year_before(seed: int) -> None:
    chance = np.random.default_rng(seed)
    values = working_days(700, growth=chance.uniform(-0.3, 0.5), noise=0.9, seed=seed) * (1 + chance.integers(2))
    values[chance.integers(300, 650) :] *= chance.uniform(0.5, 2)
    tested = by_day(values).backtest
    assert tested.naive == "seasonal_naive"
    assert tested.wape <= tested.naive_wape


def test_what_came_later_changes_nothing_of_what_was_told_before() -> None:
    values = working_days(900, noise=0.5)
    changed = values.copy()
    changed[800:] *= 3
    before, after = by_day(values[:800]), by_day(changed[:800])
    assert before.path.tolist() == after.path.tolist()
    assert before.backtest == after.backtest


def test_less_than_a_year_is_forecast_by_recent_weeks_and_says_so() -> None:
    told = by_day(working_days(154))
    assert told.method in ("mean", "last_value")
    assert told.backtest.naive == "last_value"
    assert told.path[:5].mean() > 10 * told.path[5:7].mean()


def test_two_weeks_are_too_little_to_tell_four() -> None:
    with pytest.raises(CannotForecast) as refused:
        by_day(working_days(14))
    assert (refused.value.reason, refused.value.has) == ("too_short", 14)
    by_day(working_days(refused.value.needs))


def test_sales_are_never_expected_below_nothing() -> None:
    values = np.zeros(800)
    values[::40] = 1_000.0
    told = by_day(values)
    assert told.path.min() >= 0
    assert told.stretch(0, 3)[1] >= 0


def test_a_margin_may_go_below_zero() -> None:
    values = working_days(800) - 200
    assert by_day(values).stretch(0, AHEAD)[0] < 0


def test_errors_that_go_together_are_not_averaged_away() -> None:
    """A month that is off as a whole is off by far more than independent days would be."""
    chance = np.random.default_rng(5)
    levels = np.repeat(chance.uniform(0.6, 1.4, 40), 30)[:1_000]
    value, low, high = by_day(working_days(1_000) * levels).stretch(0, AHEAD)
    assert (high - low) / 2 / value > 0.15


def test_four_of_five_months_lie_in_their_interval() -> None:
    """Fresh noise each time: of thirty totals about twenty-four are held."""
    held = 0
    for seed in range(30):
        values = working_days(600 + AHEAD, noise=0.8, seed=seed)
        _, low, high = by_day(values[:600]).stretch(0, AHEAD)
        held += low <= values[600:].sum() <= high
    assert 19 <= held <= 29


def test_a_holiday_not_announced_yet_lies_as_the_last_one_did() -> None:
    """Spring Festival 2027 has only its day in the calendar; the week after it is off all the same."""
    china = read_calendar("cn")
    week = tuple(Period.of_day(date(2027, 2, 8) + timedelta(days=n)) for n in range(3))
    plain = tuple(Period.of_day(date(2027, 3, 8) + timedelta(days=n)) for n in range(3))
    design = design_of((*week, *plain), Grain.DAY, china).calendar
    weekdays = design[:, :5].sum(axis=1)
    assert weekdays.tolist() == [0, 0, 0, 1, 1, 1]


def test_shares_are_forecast_as_levels_not_summed() -> None:
    rates = 0.4 + 0.02 * np.random.default_rng(2).standard_normal(40)
    told = project(Series(rates, Grain.MONTH, 3, flow=False, told_in=3))
    value, low, high = told.stretch(2, 3)
    assert 0.35 < low < value < high < 0.45
