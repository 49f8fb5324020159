"""When a subscription is due: in the subscriber's own days, whatever clocks, months and holidays do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.due_times import WEEKDAYS, instant, next_due, workdays_of
from assistant.plans import Schedule

CHINA = workdays_of("CN")
ZONES = (
    "Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Europe/Berlin",
    "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Kiritimati", "UTC", "Asia/Gaza",
)  # fmt: skip

schedules = st.builds(
    Schedule,
    every=st.sampled_from(("day", "workday", "week", "fortnight", "month", "quarter")),
    weekday=st.none() | st.integers(1, 7),
    day=st.none() | st.integers(1, 31),
    working=st.booleans(),
    at=st.builds(lambda hour, minute: f"{hour:02d}:{minute:02d}", st.integers(0, 23), st.integers(0, 59)),
)
moments = st.datetimes(datetime(2009, 1, 1), datetime(2029, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


def due(
    schedule: Schedule, after: str, zone: str = "Asia/Shanghai", times: int = 1, calendar: str | None = None
) -> str:
    """The local times at which it is due next."""
    workdays, moment = workdays_of(calendar), datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    since, told = moment.date(), []
    for _ in range(times):
        moment = next_due(schedule, moment.astimezone(UTC), zone, workdays, since)
        told.append(f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}")
    return ", ".join(told)


def weekly(weekday: int, at: str = "09:00") -> Schedule:
    return Schedule(every="week", weekday=weekday, at=at)


@settings(max_examples=250, deadline=None)
@given(schedules, moments, st.sampled_from(ZONES), st.sampled_from((WEEKDAYS, CHINA)))
def test_times_run_forward_and_no_local_day_is_sent_to_twice(schedule, after, zone, workdays) -> None:
    since = after.astimezone(ZoneInfo(zone)).date()
    found = [after]
    for _ in range(8):
        found.append(next_due(schedule, found[-1], zone, workdays, since))
    assert all(earlier < later for earlier, later in pairwise(found))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in found[1:]]
    assert len(set(days)) == len(days)


@settings(max_examples=250, deadline=None)
@given(schedules, moments, st.sampled_from(ZONES), st.integers(0, 40 * 24 * 60))
def test_no_time_between_two_due_times_is_passed_over(schedule, after, zone, minutes) -> None:
    since = after.astimezone(ZoneInfo(zone)).date()
    first = next_due(schedule, after, zone, CHINA, since)
    between = after + timedelta(minutes=minutes)
    if between < first:
        assert next_due(schedule, between, zone, CHINA, since) == first
    else:
        assert next_due(schedule, between, zone, CHINA, since) > between


@settings(max_examples=250, deadline=None)
@given(schedules, moments, st.sampled_from(ZONES))
def test_clocks_show_the_time_asked_for_unless_they_skip_it(schedule, after, zone) -> None:
    found = next_due(schedule, after, zone)
    shown = found.astimezone(ZoneInfo(zone))
    if f"{shown:%H:%M}" != schedule.at:
        before = (found - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert shown.utcoffset() != before.utcoffset()
    else:
        assert shown.fold == 0


def test_a_weekly_summary_comes_on_mondays_at_nine() -> None:
    assert due(weekly(1), "2026-11-23T08:59", times=3) == "11-23 09:00, 11-30 09:00, 12-07 09:00"
    assert due(weekly(1), "2026-11-23T09:00") == "11-30 09:00"


def test_a_monday_of_the_national_holiday_is_sent_the_next_day_people_work() -> None:
    # National Day 2026 is off from 1 to 7 October; Monday the 5th becomes Thursday the 8th.
    assert due(weekly(1), "2026-09-28T12:00", times=2, calendar="CN") == "10-08 09:00, 10-12 09:00"


def test_two_mondays_of_one_spring_festival_are_sent_once() -> None:
    # Off from 15 to 23 February 2026: the Mondays 16 and 23 both become Tuesday the 24th.
    assert due(weekly(1), "2026-02-10T00:00", times=2, calendar="CN") == "02-24 09:00, 03-02 09:00"


def test_workdays_skip_holidays_and_include_weekends_worked_in_return() -> None:
    workday = Schedule(every="workday")
    # 14 February 2026 is a Saturday worked in return, 15 to 23 are off, 28 is worked again.
    told = due(workday, "2026-02-13T10:00", times=7, calendar="CN")
    assert told == "02-14 09:00, 02-24 09:00, 02-25 09:00, 02-26 09:00, 02-27 09:00, 02-28 09:00, 03-02 09:00"


def test_every_day_means_weekends_too_but_no_public_holiday() -> None:
    told = due(Schedule(every="day", at="08:00"), "2026-09-29T09:00", times=6, calendar="CN")
    days = [date(2026, int(day[:2]), int(day[3:5])) for day in told.split(", ")]
    assert date(2026, 10, 11) in days
    assert not [day for day in days if date(2026, 10, 1) <= day <= date(2026, 10, 7)]


def test_a_saturday_that_somebody_chose_stays_a_saturday() -> None:
    assert due(weekly(6), "2026-11-23T00:00", calendar="CN") == "11-28 09:00"


def test_the_31st_of_a_shorter_month_is_its_last_day() -> None:
    last = Schedule(every="month", day=31)
    assert due(last, "2027-01-31T10:00", times=3, zone="UTC") == "02-28 09:00, 03-31 09:00, 04-30 09:00"


def test_the_first_working_day_of_a_month_is_the_next_one_worked() -> None:
    first = Schedule(every="month", day=1, working=True)
    # 1 November 2026 is a Sunday; October starts with seven days off.
    assert due(first, "2026-09-02T00:00", times=2, calendar="CN") == "10-08 09:00, 11-02 09:00"


def test_a_quarterly_review_comes_on_its_day_of_the_first_month() -> None:
    assert due(Schedule(every="quarter", day=5), "2026-11-23T00:00", times=2, zone="UTC") == "01-05 09:00, 04-05 09:00"


def test_fortnights_count_from_the_first_weekday_after_subscribing() -> None:
    fortnightly = Schedule(every="fortnight", weekday=1)
    assert due(fortnightly, "2026-11-24T00:00", times=3, zone="UTC") == "11-30 09:00, 12-14 09:00, 12-28 09:00"


def test_a_time_the_clocks_skip_is_sent_at_the_end_of_the_gap() -> None:
    # Berlin goes from 02:00 to 03:00 on 29 March 2026.
    assert due(Schedule(every="day", at="02:30"), "2026-03-28T12:00", "Europe/Berlin", 2) == "03-29 03:00, 03-30 02:30"


def test_a_time_the_clocks_show_twice_is_sent_once() -> None:
    # Berlin goes from 03:00 back to 02:00 on 25 October 2026.
    daily = Schedule(every="day", at="02:30")
    first = next_due(daily, datetime(2026, 10, 24, 12, tzinfo=UTC), "Europe/Berlin")
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due(daily, first, "Europe/Berlin") == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_half_an_hour_of_daylight_saving_is_a_gap_too() -> None:
    # Lord Howe Island goes from 02:00 to 02:30 on 4 October 2026.
    assert instant(date(2026, 10, 4), time(2, 15), ZoneInfo("Australia/Lord_Howe")) == datetime(
        2026, 10, 3, 15, 30, tzinfo=UTC
    )


def test_a_day_that_samoa_skipped_has_no_daily_sending_and_delays_a_weekly_one() -> None:
    # Samoa went from 29 to 31 December 2011.
    daily, friday = Schedule(every="day"), weekly(5)
    assert due(daily, "2011-12-29T08:00", "Pacific/Apia", 3) == "12-29 09:00, 12-31 09:00, 01-01 09:00"
    assert due(friday, "2011-12-29T08:00", "Pacific/Apia", 2) == "12-31 00:00, 01-06 09:00"


@pytest.mark.parametrize(("zone", "utc"), [("Asia/Kathmandu", "03:15"), ("America/St_Johns", "12:30")])
def test_nine_o_clock_is_that_of_the_subscriber(zone: str, utc: str) -> None:
    found = next_due(Schedule(every="day"), datetime(2026, 11, 23, tzinfo=UTC), zone)
    assert f"{found:%H:%M}" == utc


def test_a_year_whose_holidays_are_not_known_goes_by_weekends() -> None:
    assert due(Schedule(every="workday"), "2031-10-01T00:00", calendar="CN") == "10-01 09:00"


def test_a_company_without_a_calendar_or_with_one_unknown_goes_by_weekends() -> None:
    assert workdays_of(None) is WEEKDAYS
    assert workdays_of("atlantis") is WEEKDAYS
