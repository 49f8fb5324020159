"""The company's calendar: units, units to date, past units, fiscal years, the ledger's closed months, local days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from analytics.semantic.calendar import (
    buckets,
    closed_months,
    days,
    label_of,
    last,
    next_start,
    shape,
    start_of,
    to_date,
    unit,
    units,
)
from analytics.vocabulary import Clock, Grain, Period

MONDAY = date(2026, 11, 23)
some_day = st.dates(date(1999, 1, 1), date(2050, 12, 31))
some_grain = st.sampled_from(Grain)
some_fiscal_start = st.integers(1, 12)


def bounds(period: Period) -> tuple[str, str]:
    return str(period.start), str(period.end)


# --- units and their labels


@pytest.mark.parametrize(
    ("grain", "label", "start", "end"),
    [
        (Grain.DAY, "2026-11-23", "2026-11-23", "2026-11-24"),
        (Grain.WEEK, "2026-W48", "2026-11-23", "2026-11-30"),
        (Grain.MONTH, "2026-11", "2026-11-01", "2026-12-01"),
        (Grain.QUARTER, "2026-Q4", "2026-10-01", "2027-01-01"),
        (Grain.HALF, "2026-H2", "2026-07-01", "2027-01-01"),
        (Grain.YEAR, "2026", "2026-01-01", "2027-01-01"),
        (Grain.FISCAL_QUARTER, "FY2027-Q3", "2026-10-01", "2027-01-01"),
        (Grain.FISCAL_HALF, "FY2027-H2", "2026-10-01", "2027-04-01"),
        (Grain.FISCAL_YEAR, "FY2027", "2026-04-01", "2027-04-01"),
    ],
)
def test_a_day_lies_in_one_unit_of_each_grain(grain: Grain, label: str, start: str, end: str) -> None:
    found = unit(MONDAY, grain, fiscal_year_start=4)
    assert bounds(found) == (start, end)
    assert (found.label, found.grain, found.count, found.to_date) == (label, grain, 1, False)


def test_a_fiscal_year_is_named_by_the_calendar_year_it_ends_in() -> None:
    assert label_of(date(2026, 3, 31), Grain.FISCAL_YEAR, 4) == "FY2026"
    assert label_of(date(2026, 4, 1), Grain.FISCAL_YEAR, 4) == "FY2027"
    assert label_of(date(2026, 4, 1), Grain.FISCAL_QUARTER, 4) == "FY2027-Q1"
    assert label_of(date(2026, 6, 30), Grain.FISCAL_YEAR, 7) == "FY2026"


def test_a_fiscal_year_that_starts_in_january_is_the_calendar_year() -> None:
    assert bounds(unit(MONDAY, Grain.FISCAL_YEAR)) == bounds(unit(MONDAY, Grain.YEAR))
    assert label_of(MONDAY, Grain.FISCAL_HALF) == "FY2026-H2"


def test_fiscal_quarters_may_straddle_the_new_year() -> None:
    found = unit(date(2027, 1, 15), Grain.FISCAL_QUARTER, fiscal_year_start=3)
    assert (bounds(found), found.label) == (("2026-12-01", "2027-03-01"), "FY2027-Q4")


@pytest.mark.parametrize("month", [0, 13])
def test_a_fiscal_year_starts_in_one_of_twelve_months(month: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 12"):
        unit(MONDAY, Grain.FISCAL_YEAR, month)


def test_the_days_around_new_year_lie_in_the_iso_week_of_their_thursday() -> None:
    assert label_of(date(2024, 12, 30), Grain.WEEK) == "2025-W01"
    assert label_of(date(2027, 1, 3), Grain.WEEK) == "2026-W53"
    assert label_of(date(2027, 1, 4), Grain.WEEK) == "2027-W01"


def test_units_are_counted_from_their_start_only() -> None:
    with pytest.raises(ValueError, match="no Monday"):
        next_start(date(2026, 11, 24), Grain.WEEK)
    with pytest.raises(ValueError, match="does not start a fiscal quarter"):
        next_start(date(2026, 11, 23), Grain.FISCAL_QUARTER)


def test_month_ends_are_counted_in_months_not_in_days() -> None:
    january = date(2024, 1, 1)
    assert [str(next_start(january, Grain.MONTH, n)) for n in (-2, -1, 0, 1, 2)] == [
        "2023-11-01",
        "2023-12-01",
        "2024-01-01",
        "2024-02-01",
        "2024-03-01",
    ]


def test_february_has_its_leap_day_in_leap_years_only() -> None:
    assert bounds(unit(date(2024, 2, 29), Grain.MONTH)) == ("2024-02-01", "2024-03-01")
    assert bounds(unit(date(2023, 2, 28), Grain.MONTH)) == ("2023-02-01", "2023-03-01")
    assert len(buckets(unit(date(2024, 2, 29), Grain.MONTH), Grain.DAY)) == 29


@given(some_day, some_grain, some_fiscal_start)
@example(date(2026, 12, 31), Grain.FISCAL_QUARTER, 12)
@example(date(2027, 1, 1), Grain.WEEK, 1)
def test_every_day_lies_in_its_unit_and_before_the_next(day: date, grain: Grain, fiscal_year_start: int) -> None:
    start = start_of(day, grain, fiscal_year_start)
    assert start <= day < next_start(start, grain)
    assert start_of(start, grain, fiscal_year_start) == start


@given(some_day, some_grain, st.integers(-60, 60), some_fiscal_start)
def test_going_on_and_back_as_many_units_leads_home(day: date, grain: Grain, n: int, fiscal_year_start: int) -> None:
    start = start_of(day, grain, fiscal_year_start)
    there = next_start(start, grain, n)
    assert start_of(there, grain, fiscal_year_start) == there
    assert next_start(there, grain, -n) == start


@given(some_day, some_grain, some_fiscal_start)
def test_neighbouring_units_never_share_a_label(day: date, grain: Grain, fiscal_year_start: int) -> None:
    whole = unit(day, grain, fiscal_year_start)
    assert whole.label == label_of(whole.end - timedelta(days=1), grain, fiscal_year_start)
    assert whole.label != label_of(whole.end, grain, fiscal_year_start)


# --- to date and last


@pytest.mark.parametrize(
    ("grain", "label", "start"),
    [
        (Grain.DAY, "today", "2026-11-25"),
        (Grain.WEEK, "this week", "2026-11-23"),
        (Grain.MONTH, "this month", "2026-11-01"),
        (Grain.QUARTER, "this quarter", "2026-10-01"),
        (Grain.FISCAL_YEAR, "this fiscal year", "2026-04-01"),
    ],
)
def test_a_unit_to_date_runs_up_to_and_with_today(grain: Grain, label: str, start: str) -> None:
    found = to_date(grain, date(2026, 11, 25), fiscal_year_start=4)
    assert bounds(found) == (start, "2026-11-26")
    assert (found.label, found.grain, found.to_date) == (label, grain, True)


def test_the_quarter_to_date_on_its_first_day_is_that_day() -> None:
    found = to_date(Grain.QUARTER, date(2026, 10, 1))
    assert bounds(found) == ("2026-10-01", "2026-10-02")
    assert found.grain is Grain.QUARTER


def test_the_month_to_date_on_its_last_day_is_whole_and_still_to_date() -> None:
    found = to_date(Grain.MONTH, date(2026, 11, 30))
    assert bounds(found) == bounds(unit(MONDAY, Grain.MONTH))
    assert found.to_date


@pytest.mark.parametrize(
    ("count", "grain", "label", "start", "end"),
    [
        (1, Grain.DAY, "yesterday", "2026-11-22", "2026-11-23"),
        (30, Grain.DAY, "last 30 days", "2026-10-24", "2026-11-23"),
        (1, Grain.WEEK, "last week", "2026-11-16", "2026-11-23"),
        (12, Grain.WEEK, "last 12 weeks", "2026-08-31", "2026-11-23"),
        (3, Grain.MONTH, "last 3 months", "2026-08-01", "2026-11-01"),
        (2, Grain.HALF, "last 2 halves", "2025-07-01", "2026-07-01"),
        (1, Grain.FISCAL_YEAR, "last fiscal year", "2025-04-01", "2026-04-01"),
        (2, Grain.FISCAL_HALF, "last 2 fiscal halves", "2025-10-01", "2026-10-01"),
    ],
)
def test_the_last_units_are_whole_and_end_before_todays(
    count: int, grain: Grain, label: str, start: str, end: str
) -> None:
    found = last(count, grain, MONDAY, fiscal_year_start=4)
    assert bounds(found) == (start, end)
    assert (found.label, found.grain, found.count, found.to_date) == (label, grain, count, False)


def test_last_month_on_the_31st_is_the_whole_shorter_month() -> None:
    assert bounds(last(1, Grain.MONTH, date(2026, 3, 31))) == ("2026-02-01", "2026-03-01")


def test_last_week_in_week_1_is_week_53_where_the_year_has_one() -> None:
    found = last(1, Grain.WEEK, date(2027, 1, 6))
    assert bounds(found) == ("2026-12-28", "2027-01-04")
    assert label_of(found.start, Grain.WEEK) == "2026-W53"


@pytest.mark.parametrize("count", [0, -3])
def test_the_last_no_weeks_are_no_period(count: int) -> None:
    with pytest.raises(ValueError, match="one unit or more"):
        last(count, Grain.WEEK, MONDAY)


def test_today_is_the_askers_day_not_utcs() -> None:
    moment = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # Monday 1 a.m. in Shanghai, Sunday noon in New York
    weeks = {zone: to_date(Grain.WEEK, Clock(moment, zone).today) for zone in ("Asia/Shanghai", "America/New_York")}
    assert bounds(weeks["Asia/Shanghai"]) == ("2026-11-23", "2026-11-24")
    assert bounds(weeks["America/New_York"]) == ("2026-11-16", "2026-11-23")


# --- buckets


def test_a_quarter_by_week_is_clipped_at_both_ends() -> None:
    weeks = buckets(unit(MONDAY, Grain.QUARTER), Grain.WEEK)
    assert len(weeks) == 14
    assert (bounds(weeks[0]), weeks[0].label, weeks[0].grain) == (("2026-10-01", "2026-10-05"), "2026-W40", None)
    assert (bounds(weeks[1]), weeks[1].label, weeks[1].grain) == (("2026-10-05", "2026-10-12"), "2026-W41", Grain.WEEK)
    assert (bounds(weeks[-1]), weeks[-1].label, weeks[-1].grain) == (("2026-12-28", "2027-01-01"), "2026-W53", None)


def test_a_period_inside_one_unit_is_one_clipped_bucket() -> None:
    (only,) = buckets(days(date(2026, 11, 3), date(2026, 11, 9)), Grain.MONTH)
    assert (bounds(only), only.label, only.grain) == (("2026-11-03", "2026-11-09"), "2026-11", None)


def test_a_fiscal_year_falls_into_its_own_quarters() -> None:
    quarters = buckets(unit(MONDAY, Grain.FISCAL_YEAR, 7), Grain.FISCAL_QUARTER, 7)
    assert [quarter.label for quarter in quarters] == ["FY2027-Q1", "FY2027-Q2", "FY2027-Q3", "FY2027-Q4"]
    assert all(quarter.grain is Grain.FISCAL_QUARTER for quarter in quarters)


@given(some_day, st.integers(1, 800), some_grain, some_fiscal_start)
def test_buckets_partition_the_period_exactly(day: date, length: int, grain: Grain, fiscal_year_start: int) -> None:
    period = days(day, day + timedelta(days=length))
    found = buckets(period, grain, fiscal_year_start)
    assert (found[0].start, found[-1].end) == (period.start, period.end)
    assert all(one.end == following.start for one, following in pairwise(found))
    assert all(bucket.grain is grain for bucket in found[1:-1])
    assert len({bucket.label for bucket in found}) == len(found)
    for bucket in found:
        whole = unit(bucket.start, grain, fiscal_year_start)
        assert bucket.label == whole.label
        assert (bucket.grain is grain) == (bounds(bucket) == bounds(whole))


# --- periods made by hand


@pytest.mark.parametrize(
    ("start", "end", "grain", "count", "label"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), Grain.DAY, 1, "2026-11-23"),
        (date(2026, 11, 16), date(2026, 11, 23), Grain.WEEK, 1, "2026-W47"),
        (date(2026, 11, 1), date(2026, 12, 1), Grain.MONTH, 1, "2026-11"),
        (date(2026, 8, 1), date(2026, 12, 1), Grain.MONTH, 4, "2026-08"),
        (date(2026, 7, 1), date(2026, 10, 1), Grain.QUARTER, 1, "2026-Q3"),
        (date(2026, 1, 1), date(2026, 7, 1), Grain.HALF, 1, "2026-H1"),
        (date(2024, 1, 1), date(2026, 1, 1), Grain.YEAR, 2, "2024"),
        (date(2025, 3, 1), date(2026, 3, 1), Grain.FISCAL_YEAR, 1, "FY2026"),
    ],
)
def test_days_picked_by_hand_are_the_units_they_fill(
    start: date, end: date, grain: Grain, count: int, label: str
) -> None:
    found = shape(Period(start, end), fiscal_year_start=3)
    assert (found.start, found.end, found.grain, found.count) == (start, end, grain, count)
    assert found.label.startswith(label)


def test_four_months_by_hand_are_named_from_first_to_last() -> None:
    assert shape(Period(date(2026, 8, 1), date(2026, 12, 1))).label == "2026-08..2026-11"


def test_a_february_of_four_iso_weeks_is_a_month() -> None:
    assert shape(Period(date(2021, 2, 1), date(2021, 3, 1))).grain is Grain.MONTH


def test_days_that_fill_no_unit_stay_free() -> None:
    free = Period(date(2026, 11, 2), date(2026, 11, 10), "the fair")
    assert shape(free) == free


def test_a_period_with_a_grain_keeps_it() -> None:
    thirty = last(30, Grain.DAY, date(2026, 12, 1))
    assert bounds(thirty) == ("2026-11-01", "2026-12-01")
    assert shape(thirty) == thirty


def test_a_hand_made_month_keeps_the_name_it_was_given() -> None:
    assert shape(Period(date(2026, 11, 1), date(2026, 12, 1), "November")).label == "November"


def test_free_days_are_named_by_their_first_and_last() -> None:
    assert days(date(2026, 11, 3), date(2026, 11, 10)).label == "2026-11-03..2026-11-09"
    assert days(date(2026, 11, 3), date(2026, 11, 4)) == unit(date(2026, 11, 3), Grain.DAY)


def test_several_units_are_named_from_first_to_last() -> None:
    assert units(date(2026, 7, 1), Grain.MONTH, 3).label == "2026-07..2026-09"


# --- the ledger's months


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        (last(1, Grain.WEEK, MONDAY), "2026-10"),
        (to_date(Grain.MONTH, MONDAY), "2026-10"),
        (to_date(Grain.QUARTER, MONDAY), "2026-10"),
        (to_date(Grain.YEAR, MONDAY), "2026-01..2026-10"),
        (unit(MONDAY, Grain.YEAR), "2026-01..2026-10"),
        (last(30, Grain.DAY, date(2026, 9, 10)), "2026-08"),
        (days(date(2026, 5, 20), date(2026, 8, 10)), "2026-06..2026-07"),
        (days(date(2026, 9, 30), date(2026, 10, 1)), "2026-09"),
        (unit(date(2027, 3, 1), Grain.MONTH), "2026-10"),
    ],
)
def test_the_ledger_answers_with_its_closed_months(asked: Period, label: str) -> None:
    found = closed_months(asked, MONDAY)
    assert (found.label, found.grain) == (label, Grain.MONTH)


def test_a_closed_quarter_comes_back_unchanged() -> None:
    third = unit(date(2026, 9, 30), Grain.QUARTER)
    assert closed_months(third, MONDAY) is third


def test_a_month_is_open_on_its_last_day_and_closed_the_day_after() -> None:
    november = unit(MONDAY, Grain.MONTH)
    assert closed_months(november, date(2026, 11, 30)).label == "2026-10"
    assert closed_months(november, date(2026, 12, 1)) is november


@given(some_day, st.integers(1, 500), some_day)
def test_closed_months_are_whole_and_over(day: date, length: int, today: date) -> None:
    period = days(day, day + timedelta(days=length))
    found = closed_months(period, today)
    assert (found.start.day, found.end.day) == (1, 1)
    assert found.end <= min(today, period.end)
    assert closed_months(found, today) is found


# --- local days


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Asia/Shanghai", date(2026, 10, 25), 24),
    ],
)
def test_a_day_of_daylight_saving_has_23_or_25_hours(zone: str, day: date, hours: int) -> None:
    begins, ends = unit(day, Grain.DAY).bounds(zone)
    assert ends - begins == timedelta(hours=hours)


def test_the_hour_that_comes_twice_belongs_to_one_day() -> None:
    begins, ends = unit(date(2026, 11, 1), Grain.DAY).bounds("America/New_York")
    assert begins == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert ends == datetime(2026, 11, 2, 5, tzinfo=UTC)


def test_a_month_across_daylight_saving_is_an_hour_short_and_abuts_the_next() -> None:
    march, april = (unit(date(2026, month, 1), Grain.MONTH).bounds("Europe/Berlin") for month in (3, 4))
    assert march[1] - march[0] == timedelta(days=31) - timedelta(hours=1)
    assert march[1] == april[0]


@given(some_day, st.sampled_from(["Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Shanghai"]))
@example(date(2026, 9, 5), "America/Santiago")
def test_every_instant_belongs_to_exactly_one_local_day(day: date, zone: str) -> None:
    begins, ends = unit(day, Grain.DAY).bounds(zone)
    assume(ends.year < 2051)
    assert ends == unit(day + timedelta(days=1), Grain.DAY).bounds(zone)[0]
    assert Clock(begins, zone).today == day
    assert Clock(ends - timedelta(microseconds=1), zone).today == day
