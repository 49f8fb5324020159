"""Which days a period is compared with: the ones before, last year's, those as far from Chinese New Year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.semantic.calendar import days, label_of, last, start_of, to_date, unit, units
from analytics.semantic.compare import aligned_last_year, previous, same_last_year
from analytics.semantic.holidays import read_calendar
from analytics.vocabulary import Grain, Period

MONDAY = date(2026, 11, 23)
some_day = st.dates(date(1999, 1, 1), date(2050, 12, 31))
some_grain = st.sampled_from(Grain)
whole_units = st.builds(
    lambda day, grain, count: units(start_of(day, grain, 4), grain, count, 4), some_day, some_grain, st.integers(1, 15)
)
LATER = date(2200, 1, 1)


def free(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def bounds(period: Period | None) -> tuple[str, str] | None:
    return period and (str(period.start), str(period.end))


# --- the period before


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        (last(1, Grain.DAY, MONDAY), "2026-11-21"),
        (last(1, Grain.WEEK, MONDAY), "2026-W46"),
        (last(12, Grain.WEEK, MONDAY), "2026-W24..2026-W35"),
        (last(30, Grain.DAY, MONDAY), "2026-09-24..2026-10-23"),
        (last(1, Grain.MONTH, MONDAY), "2026-09"),
        (last(3, Grain.MONTH, MONDAY), "2026-05..2026-07"),
        (last(1, Grain.QUARTER, MONDAY), "2026-Q2"),
        (last(1, Grain.HALF, MONDAY), "2025-H2"),
        (last(1, Grain.YEAR, MONDAY), "2024"),
        (last(1, Grain.FISCAL_QUARTER, MONDAY, 2), "FY2027-Q2"),
        (last(1, Grain.FISCAL_YEAR, MONDAY, 2), "FY2025"),
    ],
)
def test_whole_units_are_compared_with_as_many_before(asked: Period, label: str) -> None:
    found = previous(asked, MONDAY, fiscal_year_start=2)
    assert (found.label, found.grain, found.count, found.to_date) == (label, asked.grain, asked.count, False)
    assert found.end == asked.start


def test_month_ends_never_shift_by_a_fixed_number_of_days() -> None:
    assert bounds(previous(unit(date(2026, 3, 31), Grain.MONTH), MONDAY)) == ("2026-02-01", "2026-03-01")
    assert bounds(previous(unit(date(2024, 3, 1), Grain.MONTH), MONDAY)) == ("2024-02-01", "2024-03-01")


def test_a_month_to_date_is_compared_with_the_same_days_of_the_month_before() -> None:
    found = previous(to_date(Grain.MONTH, MONDAY), MONDAY)
    assert bounds(found) == ("2026-10-01", "2026-10-24")
    assert (found.label, found.grain, found.to_date) == ("2026-10-01..2026-10-23", Grain.MONTH, True)


def test_a_month_to_date_is_compared_with_the_whole_month_where_the_policy_says_so() -> None:
    found = previous(to_date(Grain.MONTH, MONDAY), MONDAY, "full_period")
    assert (bounds(found), found.to_date) == (("2026-10-01", "2026-11-01"), False)


def test_march_to_date_on_the_31st_is_compared_with_the_whole_of_february() -> None:
    today = date(2026, 3, 31)
    found = previous(to_date(Grain.MONTH, today), today)
    assert (bounds(found), found.label, found.to_date) == (("2026-02-01", "2026-03-01"), "2026-02", False)


def test_november_to_date_on_the_30th_is_compared_with_thirty_days_of_october() -> None:
    today = date(2026, 11, 30)
    assert bounds(previous(to_date(Grain.MONTH, today), today)) == ("2026-10-01", "2026-10-31")


def test_the_quarter_to_date_on_its_first_day_is_compared_with_the_first_day_of_the_quarter_before() -> None:
    today = date(2026, 10, 1)
    assert bounds(previous(to_date(Grain.QUARTER, today), today)) == ("2026-07-01", "2026-07-02")


def test_today_is_compared_with_yesterday() -> None:
    found = previous(to_date(Grain.DAY, MONDAY), MONDAY)
    assert (bounds(found), found.grain, found.to_date) == (("2026-11-22", "2026-11-23"), Grain.DAY, False)


def test_a_month_asked_by_name_while_it_runs_counts_as_to_date() -> None:
    november = unit(MONDAY, Grain.MONTH)
    assert bounds(previous(november, MONDAY)) == ("2026-10-01", "2026-10-24")
    assert bounds(previous(november, MONDAY, "full_period")) == ("2026-10-01", "2026-11-01")
    assert bounds(previous(november, date(2026, 11, 30))) == ("2026-10-01", "2026-11-01")


def test_a_month_still_to_come_is_compared_with_the_whole_month_before() -> None:
    assert bounds(previous(unit(date(2027, 1, 1), Grain.MONTH), MONDAY)) == ("2026-12-01", "2027-01-01")


def test_free_days_are_compared_with_as_many_days_just_before() -> None:
    assert bounds(previous(free("2026-11-03", "2026-11-12"), MONDAY)) == ("2026-10-25", "2026-11-03")


def test_free_days_that_are_not_over_are_compared_with_as_many_as_have_passed() -> None:
    assert bounds(previous(free("2026-11-20", "2026-12-06"), MONDAY)) == ("2026-11-16", "2026-11-20")


def test_a_month_made_by_hand_is_compared_with_the_month_before() -> None:
    assert bounds(previous(free("2026-03-01", "2026-04-01"), MONDAY)) == ("2026-02-01", "2026-03-01")


@given(whole_units)
def test_the_period_before_whole_units_abuts_them_and_is_as_many(asked: Period) -> None:
    found = previous(asked, LATER, fiscal_year_start=4)
    assert (found.end, found.grain, found.count) == (asked.start, asked.grain, asked.count)
    assert found == units(found.start, found.grain or Grain.DAY, found.count, 4)


@given(some_day, some_grain)
@example(date(2026, 3, 31), Grain.MONTH)
@example(date(2024, 12, 31), Grain.YEAR)
def test_the_period_before_a_unit_to_date_starts_the_unit_before_and_is_no_longer(today: date, grain: Grain) -> None:
    asked = to_date(grain, today, 4)
    found = previous(asked, today, fiscal_year_start=4)
    before = previous(asked, today, "full_period", 4)
    assert found.start == before.start
    assert found.end == min(before.end, found.start + (asked.end - asked.start))


# --- the same period last year


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        (unit(date(2024, 2, 10), Grain.MONTH), "2023-02"),
        (unit(date(2025, 2, 10), Grain.MONTH), "2024-02"),
        (last(3, Grain.MONTH, MONDAY), "2025-08..2025-10"),
        (last(1, Grain.QUARTER, MONDAY), "2025-Q3"),
        (last(1, Grain.HALF, MONDAY), "2025-H1"),
        (last(1, Grain.YEAR, MONDAY), "2024"),
        (last(1, Grain.FISCAL_QUARTER, MONDAY, 2), "FY2026-Q3"),
        (last(1, Grain.WEEK, MONDAY), "2025-W47"),
        (last(12, Grain.WEEK, MONDAY), "2025-W36..2025-W47"),
        (last(1, Grain.DAY, MONDAY), "2025-11-22"),
    ],
)
def test_whole_units_are_compared_with_the_same_ones_a_year_before(asked: Period, label: str) -> None:
    found = same_last_year(asked, fiscal_year_start=2)
    assert (found.label, found.grain, found.count, found.to_date) == (label, asked.grain, asked.count, False)


def test_a_leap_february_is_compared_with_all_28_days_and_the_other_way_round() -> None:
    assert bounds(same_last_year(unit(date(2024, 2, 1), Grain.MONTH))) == ("2023-02-01", "2023-03-01")
    assert bounds(same_last_year(unit(date(2025, 2, 1), Grain.MONTH))) == ("2024-02-01", "2024-03-01")


def test_the_same_period_last_year_of_29_february_is_28_february() -> None:
    assert bounds(same_last_year(unit(date(2024, 2, 29), Grain.DAY))) == ("2023-02-28", "2023-03-01")
    assert bounds(same_last_year(free("2024-02-29", "2024-03-01"))) == ("2023-02-28", "2023-03-01")
    assert bounds(same_last_year(free("2024-02-20", "2024-03-01"))) == ("2023-02-20", "2023-03-01")
    assert bounds(same_last_year(to_date(Grain.DAY, date(2024, 2, 29)))) == ("2023-02-28", "2023-03-01")


def test_the_day_before_the_leap_day_stays_one_day_in_both_directions() -> None:
    assert bounds(same_last_year(unit(date(2024, 2, 28), Grain.DAY))) == ("2023-02-28", "2023-03-01")
    assert bounds(same_last_year(unit(date(2025, 2, 28), Grain.DAY))) == ("2024-02-28", "2024-02-29")


def test_a_month_to_date_on_29_february_is_compared_with_all_of_last_years() -> None:
    found = same_last_year(to_date(Grain.MONTH, date(2024, 2, 29)))
    assert (bounds(found), found.label, found.to_date) == (("2023-02-01", "2023-03-01"), "2023-02", False)


def test_a_month_to_date_on_28_february_leaves_out_last_years_leap_day() -> None:
    assert bounds(same_last_year(to_date(Grain.MONTH, date(2025, 2, 28)))) == ("2024-02-01", "2024-02-29")


def test_a_year_to_date_ends_on_the_same_date_last_year_leap_day_or_not() -> None:
    assert bounds(same_last_year(to_date(Grain.YEAR, MONDAY))) == ("2025-01-01", "2025-11-24")
    assert bounds(same_last_year(to_date(Grain.YEAR, date(2024, 11, 23)))) == ("2023-01-01", "2023-11-24")
    assert bounds(same_last_year(to_date(Grain.YEAR, date(2024, 2, 29)))) == ("2023-01-01", "2023-03-01")


def test_the_quarter_to_date_on_its_first_day_is_compared_with_last_years_first_day() -> None:
    assert bounds(same_last_year(to_date(Grain.QUARTER, date(2026, 10, 1)))) == ("2025-10-01", "2025-10-02")


def test_a_fiscal_year_to_date_is_compared_with_last_years_to_the_same_date() -> None:
    found = same_last_year(to_date(Grain.FISCAL_YEAR, MONDAY, 4), fiscal_year_start=4)
    assert (bounds(found), found.to_date) == (("2025-04-01", "2025-11-24"), True)


def test_a_unit_to_date_is_compared_with_last_years_whole_one_where_the_policy_says_so() -> None:
    assert bounds(same_last_year(to_date(Grain.QUARTER, MONDAY), "full_period")) == ("2025-10-01", "2026-01-01")
    assert bounds(same_last_year(to_date(Grain.WEEK, MONDAY), "full_period")) == ("2025-11-24", "2025-12-01")


def test_a_month_asked_by_name_while_it_runs_is_compared_with_the_same_days_of_last_years() -> None:
    november = unit(MONDAY, Grain.MONTH)
    assert bounds(same_last_year(november, today=MONDAY)) == ("2025-11-01", "2025-11-24")
    assert bounds(same_last_year(november, "full_period", today=MONDAY)) == ("2025-11-01", "2025-12-01")
    assert bounds(same_last_year(november)) == ("2025-11-01", "2025-12-01")


def test_a_week_to_date_goes_364_days_back_so_that_mondays_meet_mondays() -> None:
    found = same_last_year(to_date(Grain.WEEK, date(2026, 11, 25)))
    assert (bounds(found), found.to_date) == (("2025-11-24", "2025-11-27"), True)
    assert found.start.weekday() == 0


def test_iso_week_53_is_compared_with_week_1_of_its_own_year() -> None:
    week_53 = last(1, Grain.WEEK, date(2027, 1, 6))
    assert label_of(week_53.start, Grain.WEEK) == "2026-W53"
    found = same_last_year(week_53)
    assert (bounds(found), found.label) == (("2025-12-29", "2026-01-05"), "2026-W01")


def test_the_week_after_week_53_is_compared_with_week_2() -> None:
    assert same_last_year(unit(date(2027, 1, 4), Grain.WEEK)).label == "2026-W02"


def test_the_last_30_days_are_compared_with_30_days_up_to_the_same_date() -> None:
    found = same_last_year(last(30, Grain.DAY, MONDAY))
    assert (bounds(found), found.grain, found.count) == (("2025-10-24", "2025-11-23"), Grain.DAY, 30)


def test_the_last_30_days_stay_30_days_across_a_leap_day() -> None:
    assert bounds(same_last_year(last(30, Grain.DAY, date(2024, 3, 16)))) == ("2023-02-14", "2023-03-16")
    assert bounds(same_last_year(last(30, Grain.DAY, date(2024, 3, 1)))) == ("2023-01-30", "2023-03-01")


def test_free_days_are_compared_with_the_same_dates_last_year() -> None:
    assert bounds(same_last_year(free("2026-11-03", "2026-11-12"))) == ("2025-11-03", "2025-11-12")
    assert bounds(same_last_year(free("2025-12-20", "2026-01-10"))) == ("2024-12-20", "2025-01-10")


def test_a_month_or_a_week_made_by_hand_is_compared_as_one() -> None:
    assert bounds(same_last_year(free("2024-02-01", "2024-03-01"))) == ("2023-02-01", "2023-03-01")
    assert same_last_year(free("2026-11-16", "2026-11-23")).label == "2025-W47"


@given(some_day, st.integers(1, 800))
@example(date(2024, 2, 28), 1)
@example(date(2024, 2, 29), 1)
def test_free_days_never_become_none_or_many_more(day: date, length: int) -> None:
    found = same_last_year(days(day, day + timedelta(days=length)))
    assert abs((found.end - found.start).days - length) <= 1
    assert 364 <= (day - found.start).days <= 366


@given(whole_units)
def test_last_year_of_whole_units_is_as_many_whole_units_of_the_same_grain(asked: Period) -> None:
    found = same_last_year(asked, fiscal_year_start=4)
    assert found == units(found.start, asked.grain or Grain.DAY, asked.count, 4)


@given(some_day, some_grain)
def test_last_year_to_date_never_reaches_beyond_last_years_unit(today: date, grain: Grain) -> None:
    found = same_last_year(to_date(grain, today, 4), fiscal_year_start=4)
    whole = same_last_year(unit(today, grain, 4), fiscal_year_start=4)
    assert (found.start, found.end <= whole.end) == (whole.start, True)


# --- the same days from Chinese New Year


def test_the_week_after_chinese_new_year_is_compared_with_the_week_after_last_years() -> None:
    found = aligned_last_year(free("2026-02-17", "2026-02-24"), read_calendar("cn"))
    assert bounds(found) == ("2025-01-29", "2025-02-05")


def test_chinese_new_year_moving_between_months_takes_its_days_along() -> None:
    february = unit(date(2026, 2, 1), Grain.MONTH)
    assert bounds(aligned_last_year(february, read_calendar("cn"))) == ("2025-01-13", "2025-02-10")
    assert bounds(same_last_year(february)) == ("2025-02-01", "2025-03-01")


def test_days_before_the_new_year_count_from_the_festival_that_comes() -> None:
    december = days(date(2025, 12, 20), date(2026, 1, 10))
    assert bounds(aligned_last_year(december, read_calendar("cn"))) == ("2024-12-01", "2024-12-22")


def test_mid_autumn_can_be_counted_from_as_well() -> None:
    week = free("2026-09-18", "2026-09-25")
    assert bounds(aligned_last_year(week, read_calendar("cn"), "mid_autumn")) == ("2025-09-29", "2025-10-06")


@pytest.mark.parametrize("start", [date(2019, 2, 4), date(2018, 2, 16), date(2036, 1, 28)])
def test_days_of_years_the_calendar_does_not_know_are_not_aligned(start: date) -> None:
    assert aligned_last_year(unit(start, Grain.WEEK), read_calendar("cn")) is None


def test_a_festival_the_calendar_does_not_hold_aligns_nothing() -> None:
    assert aligned_last_year(unit(MONDAY, Grain.WEEK), read_calendar("cn"), "oktoberfest") is None
