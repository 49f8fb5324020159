"""Holiday calendars: workdays in China, festivals that move between months, a company's own calendar."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.semantic.calendar import days, unit
from analytics.semantic.compare import same_last_year
from analytics.semantic.faults import ModelError
from analytics.semantic.holidays import HolidayCalendar, read_calendar
from analytics.vocabulary import Grain

WHOLE = """\
title: {en: Our plant, zh: 本厂}
festivals:
  founders_day:
    title: {en: Founder's Day, zh: 厂庆日}
    years:
      2026: {day: 2026-05-20, off_from: 2026-05-20, off_through: 2026-05-21, work: [2026-05-23]}
"""


@pytest.fixture
def china() -> HolidayCalendar:
    return read_calendar("cn")


def write(folder: Path, text: str) -> Path:
    file = folder / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    return file


# --- China


def test_chinese_new_year_is_a_new_moon_between_21_january_and_20_february(china: HolidayCalendar) -> None:
    new_years = china.days_of("spring_festival")
    assert list(new_years) == list(range(2019, 2036))
    assert all(date(year, 1, 21) <= day <= date(year, 2, 20) for year, day in new_years.items())
    lengths = {(new_years[year + 1] - new_years[year]).days for year in range(2019, 2035)}
    assert lengths <= {353, 354, 355, 383, 384, 385}  # twelve or thirteen moons
    moon = 29.530589
    for day in new_years.values():
        moons = (day - new_years[2026]).days / moon
        assert abs(moons - round(moons)) * moon < 1.5


@pytest.mark.parametrize(
    ("festival", "day"),
    [
        ("spring_festival", date(2026, 2, 17)),
        ("spring_festival", date(2027, 2, 6)),
        ("qingming", date(2026, 4, 5)),
        ("dragon_boat", date(2025, 5, 31)),
        ("mid_autumn", date(2025, 10, 6)),
        ("labour_day", date(2026, 5, 1)),
        ("national_day", date(2026, 10, 1)),
        ("new_year", date(2026, 1, 1)),
    ],
)
def test_festivals_are_on_their_day(china: HolidayCalendar, festival: str, day: date) -> None:
    assert china.festival_on(festival, day.year) == day


def test_a_year_or_a_festival_that_is_not_declared_has_no_day(china: HolidayCalendar) -> None:
    assert china.festival_on("spring_festival", 2050) is None
    assert china.festival_on("oktoberfest", 2026) is None


def test_festivals_have_a_name_in_both_languages(china: HolidayCalendar) -> None:
    assert china.festivals["spring_festival"].title.zh == "春节"
    assert china.festivals["spring_festival"].title.en == "Chinese New Year"


def test_public_holidays_are_half_open_periods(china: HolidayCalendar) -> None:
    holiday = china.festivals["spring_festival"].years[2026].holiday
    assert holiday is not None
    assert (holiday.start, holiday.end) == (date(2026, 2, 15), date(2026, 2, 24))


def test_nobody_works_on_a_holiday_and_some_sundays_are_worked(china: HolidayCalendar) -> None:
    assert not china.is_workday(date(2026, 10, 7))  # Wednesday, National Day
    assert china.is_workday(date(2026, 9, 20))  # Sunday, worked in return
    assert not china.is_workday(date(2026, 11, 22))  # an ordinary Sunday
    assert china.is_workday(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("year", "workdays"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)], ids=["2023", "2024", "2025", "2026"]
)
def test_a_year_in_china_has_as_many_workdays_as_its_notice_leaves(
    china: HolidayCalendar, year: int, workdays: int
) -> None:
    assert china.workdays(unit(date(year, 1, 1), Grain.YEAR)) == workdays


def test_workdays_of_february_follow_the_festival(china: HolidayCalendar) -> None:
    assert china.workdays(unit(date(2025, 2, 1), Grain.MONTH)) == 19
    assert china.workdays(unit(date(2026, 2, 1), Grain.MONTH)) == 16


def test_years_without_a_notice_count_weekends_only_and_say_so(china: HolidayCalendar) -> None:
    assert china.is_workday(date(2027, 2, 8))
    assert not china.knows_holidays(unit(date(2027, 2, 8), Grain.MONTH))
    assert not china.knows_holidays(days(date(2026, 12, 20), date(2027, 1, 3)))
    assert china.knows_holidays(unit(date(2026, 2, 8), Grain.YEAR))


def test_the_weekends_worked_make_up_for_no_more_than_the_weekdays_off(china: HolidayCalendar) -> None:
    for name, held in china.festivals.items():
        for year, festival in held.years.items():
            holiday = festival.holiday
            if holiday is None:
                assert not festival.work, (name, year)
                continue
            length = (holiday.end - holiday.start).days
            weekdays = [holiday.start + timedelta(days=n) for n in range(length)]
            assert len(festival.work) <= sum(day.weekday() < 5 for day in weekdays), (name, year)


# --- festivals that move


def test_chinese_new_year_moving_from_february_to_january_moves_both_months(china: HolidayCalendar) -> None:
    for month in (1, 2):
        this = unit(date(2025, month, 1), Grain.MONTH)
        assert china.moved(this, same_last_year(this)) == ("spring_festival",)
        assert china.moves(this, same_last_year(this))


def test_chinese_new_year_within_the_same_quarter_moves_nothing(china: HolidayCalendar) -> None:
    first_quarter = unit(date(2025, 1, 1), Grain.QUARTER)
    assert not china.moves(first_quarter, same_last_year(first_quarter))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_whole_years_hold_every_festival_once(china: HolidayCalendar, year: int) -> None:
    whole = unit(date(year, 1, 1), Grain.YEAR)
    assert not china.moves(whole, same_last_year(whole))


def test_a_month_without_festivals_moves_nothing(china: HolidayCalendar) -> None:
    november = unit(date(2026, 11, 1), Grain.MONTH)
    assert not china.moves(november, same_last_year(november))


def test_mid_autumn_in_october_moves_september_and_october(china: HolidayCalendar) -> None:
    for month in (9, 10):
        this = unit(date(2026, month, 1), Grain.MONTH)
        assert "mid_autumn" in china.moved(this, same_last_year(this))


def test_a_week_that_loses_part_of_the_national_holiday_needs_the_note(china: HolidayCalendar) -> None:
    week_40 = unit(date(2026, 9, 28), Grain.WEEK)
    assert "national_day" in china.moved(week_40, same_last_year(week_40))


def test_a_holiday_that_only_takes_in_a_weekend_of_the_month_before_moves_nothing(china: HolidayCalendar) -> None:
    may_2024 = unit(date(2024, 5, 1), Grain.MONTH)  # in 2023 the holiday began on Saturday 29 April
    assert not china.moves(may_2024, same_last_year(may_2024))


def test_the_festivals_day_decides_where_no_holiday_is_known(china: HolidayCalendar) -> None:
    january, february = (unit(date(2028, month, 1), Grain.MONTH) for month in (1, 2))
    assert china.moved(january, same_last_year(january)) == ("spring_festival",)
    assert china.moved(february, same_last_year(february)) == ("spring_festival",)


def test_years_beyond_the_calendar_are_not_said_to_move(china: HolidayCalendar) -> None:
    february = unit(date(2036, 2, 1), Grain.MONTH)
    assert china.moved(february, same_last_year(february)) == ()


# --- a company's own calendar


def test_a_company_declares_its_own_calendar_in_a_file(tmp_path: Path) -> None:
    ours = read_calendar(write(tmp_path, WHOLE))
    assert (ours.name, ours.title.zh) == ("ours", "本厂")
    assert [ours.is_workday(date(2026, 5, day)) for day in (19, 20, 21, 22, 23, 24)] == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]


def test_a_calendar_file_that_was_changed_is_read_again(tmp_path: Path) -> None:
    file = write(tmp_path, WHOLE)
    assert not read_calendar(str(file)).is_workday(date(2026, 5, 21))
    later = file.stat().st_mtime_ns + 1_000_000_000
    write(tmp_path, WHOLE.replace("off_through: 2026-05-21", "off_through: 2026-05-20"))
    os.utime(file, ns=(later, later))
    assert read_calendar(str(file)).is_workday(date(2026, 5, 21))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ("day: 2026-05-20", "day: 2026-02-30", 6, "day"),
        ("2026: {", "2027: {", 3, "the festival of 2027 is on a day of 2027, not 2026-05-20"),
        ("off_from: 2026-05-20, ", "", 6, "off_from and off_through go together"),
        ("off_from: 2026-05-20", "off_from: 2026-05-21", 6, "lies between"),
        ("work: [2026-05-23]", "work: [2026-05-22]", 6, "2026-05-22 is none"),
        ("work:", "worked:", 6, "worked"),
        ("founders_day", "Founder's Day", 3, "Founder's Day"),
        (", zh: 厂庆日", "", 4, "festivals.founders_day.title.zh: Field required"),
        ("title: {en: Our plant, zh: 本厂}", "", 1, "title: Field required"),
        ("off_through: 2026-05-21", "off_through: 2026-05-24", 1, "2026-05-23 cannot be both off and worked"),
        ("festivals:\n", "festivals: [\n", 4, "not valid YAML"),
    ],
)
def test_a_faulty_calendar_is_refused_with_file_and_line(
    tmp_path: Path, right: str, wrong: str, line: int, says: str
) -> None:
    file = write(tmp_path, WHOLE.replace(right, wrong))
    with pytest.raises(ModelError) as refused:
        read_calendar(file)
    complaint = refused.value.complaints[0]
    assert complaint.file == file
    assert says in complaint.says
    assert complaint.line == line


def test_a_year_declared_twice_is_refused_not_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path, WHOLE + "      2026: {day: 2026-06-01}\n")
    with pytest.raises(ModelError, match=r"ours\.yaml:7: '2026' is declared twice"):
        read_calendar(file)


@pytest.mark.parametrize("text", ["", "- 2026-05-20", "closed"])
def test_a_file_that_holds_no_calendar_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelError, match="a calendar starts with"):
        read_calendar(write(tmp_path, text))


def test_a_calendar_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no calendar 'mars'; known: cn"):
        read_calendar("mars")
    with pytest.raises(ModelError, match=r"nowhere\.yaml:1: the file cannot be read"):
        read_calendar(tmp_path / "nowhere.yaml")
