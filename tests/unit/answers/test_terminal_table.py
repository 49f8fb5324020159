"""Tables and trends in plain text: Chinese lines up with English, numbers are never cut."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from assistant.terminal_table import sparkline, text_table

TEAMS = [("苏州二队", "¥412万", "85.8%"), ("Hangzhou", "¥1,286万", "67.7%")]


def test_chinese_and_english_rows_line_up() -> None:
    assert text_table(("团队", "签单额", "达成率"), TEAMS, ("left", "right", "right"), 60) == (
        "团队        签单额  达成率\n────────  ────────  ──────\n苏州二队    ¥412万   85.8%\nHangzhou  ¥1,286万   67.7%"
    )


@pytest.mark.parametrize("width", range(19, 40))
def test_long_names_are_shortened_to_the_width_and_numbers_kept_whole(width: int) -> None:
    rows = [("江苏省苏州市工业园区恒瑞汽车零部件有限公司", "1,234,567"), ("Short", "8")]
    printed = text_table(("客户", "金额"), rows, ("left", "right"), width)
    assert max(map(cell_len, printed.splitlines())) <= width
    assert "1,234,567" in printed
    assert "…" in printed
    assert len({cell_len(line) for line in printed.splitlines()}) == 1


def test_where_numbers_do_not_fit_each_row_becomes_lines() -> None:
    printed = text_table(("团队", "签单额", "达成率"), TEAMS, ("left", "right", "right"), 20)
    assert printed.splitlines()[:4] == ["团队: 苏州二队", "签单额: ¥412万", "达成率: 85.8%", ""]


def test_a_line_break_in_a_name_does_not_break_the_table() -> None:
    assert len(text_table(("Customer",), [("Hengrui\nAuto\tParts",)], ("left",), 40).splitlines()) == 3


def test_a_row_with_a_cell_too_many_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        text_table(("Team",), [("Suzhou", "3")], ("left",), 40)


def test_a_trend_rises_from_its_lowest_to_its_highest() -> None:
    assert sparkline([1, 2, 3, 4, 5, 6]) == "▁▂▃▅▆▇"
    assert sparkline([600, 100]) == "▇▁"


def test_a_month_without_data_is_a_gap_and_zero_is_not() -> None:
    assert sparkline([3.0, None, 0.0, float("nan"), 3.0]) == "▇ ▁ ▇"
    assert sparkline([None, None]) == "  "
    assert sparkline([]) == ""


def test_a_steady_trend_lies_flat() -> None:
    assert sparkline([7, 7, 7]) == "▃▃▃"
