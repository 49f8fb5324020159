from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from analytics.sources import cells
from analytics.sources.spelling import Slips, fold, slips_between, slug, snake


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1054", 1054.0), ("1,234.50", 1234.5), ("-3e2", -300.0), ("¥1,234", 1234.0), ("12 000", 12000.0),
        ("１２", 12.0), ("55 USD", 55.0), ("3元", 3.0), ("1,23", None), ("12%", None), ("", None), ("inf", None),
        ("nan", None), ("1e999", None), ("0x10", None), ("1_000", None), ("n/a", None), ("--5", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(cell: str, value: float | None) -> None:
    assert cells.number(cell) == value


def test_a_decimal_comma_is_read_where_declared() -> None:
    assert cells.number("1.234,50", decimal_comma=True) == 1234.5
    assert cells.number("12,5", decimal_comma=True) == 12.5


def test_amounts_and_whole_numbers_fit_the_warehouse() -> None:
    assert cells.amount("1e15") is None
    assert cells.whole("660737") == 660737
    assert cells.whole("12.0") == 12
    assert cells.whole("12.5") is None
    assert cells.whole("99999999999") is None


@pytest.mark.parametrize(
    ("cell", "value"), [("Yes", True), ("0", False), ("是", True), ("ＮＯ", False), ("maybe", None)]
)
def test_yes_and_no_in_both_languages(cell: str, value: bool | None) -> None:
    assert cells.yes_no(cell) is value


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("2026-11-22", datetime(2026, 11, 21, 16, tzinfo=UTC)),
        ("2026/11/2", datetime(2026, 11, 1, 16, tzinfo=UTC)),
        ("2026-11-22 09:30:00", datetime(2026, 11, 22, 1, 30, tzinfo=UTC)),
        ("2026-11-22T09:30:00+02:00", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("22.11.2026", datetime(2026, 11, 21, 16, tzinfo=UTC)),
        ("31.02.2026", None), ("2026-13-01", None), ("0001-01-01", None), ("9999-12-31", None), ("2017", None),
        ("soon", None),
    ],
)  # fmt: skip
def test_moments_are_utc_and_a_bare_date_its_local_midnight(cell: str, hour: datetime | None) -> None:
    assert cells.moment(cell, ZoneInfo("Asia/Shanghai"), ("%d.%m.%Y",)) == hour


def test_a_day_leaves_out_the_time_beside_it() -> None:
    assert cells.day("2026-11-22 23:30:00") == datetime(2026, 11, 22)


def test_slugs_are_stable_ids_in_any_script() -> None:
    assert slug("Anna  Snelling") == "anna-snelling"
    assert slug("Gekko & Co") == "gekko-co"
    assert slug("苏州恒瑞（汽配）") == "苏州恒瑞-汽配"
    assert slug("?!") is None
    assert snake("Page Views Per Visit") == "page_views_per_visit"
    assert fold("GTX Pro") == fold("gtx-PRO") == "gtxpro"


def test_a_slip_is_mended_only_when_one_word_is_meant() -> None:
    sectors = Slips(["technology", "retail", "medical", "marketing"], 2)
    assert sectors.nearest("Technolgy") == "technology"
    assert sectors.nearest("tecnholgy") == "technology"
    assert sectors.nearest("energy") is None
    assert Slips(["Carmen Li", "Carmel Li"], 1).nearest("Carme Li") is None


def test_short_words_and_other_numbers_are_no_slips() -> None:
    assert Slips(["GTX"], 1).nearest("GTK") is None
    assert Slips(["Series 500"], 1).nearest("Series 600") is None


def test_a_swap_of_neighbours_is_one_slip() -> None:
    assert slips_between("abcd", "abdc") == 1
    assert slips_between("abcd", "xbcz") == 2
    assert slips_between("", "abc") == 3
