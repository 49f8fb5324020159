"""Slack's own tables and charts: within its limits, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from analytics.insights.charts import Bar, BarChart, Point, Target, TrendChart
from analytics.vocabulary import Unit
from assistant.slack.limits import check_message
from assistant.slack.native import NumberCell, bar_chart, data_table, line_chart

COLUMNS = ("Team", "Revenue")


def table(rows: int) -> dict[str, Any] | None:
    return data_table("Revenue by team", COLUMNS, [(f"Team {row}", NumberCell(row, f"¥{row}")) for row in range(rows)])


def weeks(*values: float | None) -> tuple[Point, ...]:
    first = date(2026, 1, 5)
    return tuple(
        Point(f"W{number}", first + timedelta(7 * number), value) for number, value in enumerate(values, start=1)
    )


def win_rate(*values: float | None, **more: Any) -> TrendChart:
    return TrendChart("Win rate by week", Unit.SHARE, weeks(*values), "win rate by week", name="win rate", **more)


def teams(*bars: tuple[str, float | None]) -> BarChart:
    shown = tuple(Bar(name, value, str(value)) for name, value in bars)
    return BarChart("各团队签单额", Unit.MONEY, shown, "签单额", name="签单额", currency_symbol="¥", number_style="zh")


def taken(*blocks: dict[str, Any] | None) -> bool:
    return check_message("text", list(blocks)) is None


def test_a_table_sorts_by_the_number_and_shows_it_as_words() -> None:
    block = data_table("各团队签单额", ("团队", "签单额"), [("苏州二队", NumberCell(4_120_000, "¥412万"))])
    assert block == {
        "type": "data_table",
        "caption": "各团队签单额",
        "page_size": 10,
        "rows": [
            [{"type": "raw_text", "text": "团队"}, {"type": "raw_text", "text": "签单额"}],
            [{"type": "raw_text", "text": "苏州二队"}, {"type": "raw_number", "value": 4_120_000, "text": "¥412万"}],
        ],
    }
    assert taken(block)


@pytest.mark.parametrize(
    "empty", ["", "  ", NumberCell(None, ""), NumberCell(None, "0"), NumberCell(float("nan"), "x")]
)
def test_a_cell_without_data_shows_a_dash_and_never_zero(empty: str | NumberCell) -> None:
    block = data_table("Revenue by team", COLUMNS, [("Team 1", empty)])
    assert block is not None
    assert block["rows"][1][1] == {"type": "raw_text", "text": "–"}


def test_a_table_holds_a_hundred_rows_and_its_header() -> None:
    assert taken(table(100))
    assert table(101) is None


@pytest.mark.parametrize(
    ("caption", "columns", "row"),
    [
        ("", COLUMNS, ("Team 1", "¥1")),
        ("Revenue", COLUMNS, ("Team 1",)),
        ("Revenue", [f"column {number}" for number in range(21)], ["x"] * 21),
        ("Revenue", COLUMNS, ("Team 1", "x" * 10_000)),
    ],
)
def test_a_table_that_slack_would_refuse_is_not_made(caption: str, columns: list[str], row: list[str]) -> None:
    assert data_table(caption, columns, [row]) is None


def test_a_table_without_rows_is_not_made() -> None:
    assert table(0) is None


def test_a_trend_is_lines_with_a_value_for_each_week() -> None:
    block = line_chart(
        win_rate(0.25, 0.314, previous=weeks(0.2, 0.22), previous_name="last year", target=Target(0.3, "target 30%"))
    )
    assert block == {
        "type": "data_visualization",
        "title": "Win rate by week",
        "chart": {
            "type": "line",
            "series": [
                {"name": "win rate", "data": [{"label": "W1", "value": 25.0}, {"label": "W2", "value": 31.4}]},
                {"name": "last year", "data": [{"label": "W1", "value": 20.0}, {"label": "W2", "value": 22.0}]},
                {"name": "target 30%", "data": [{"label": "W1", "value": 30.0}, {"label": "W2", "value": 30.0}]},
            ],
            "axis_config": {"categories": ["W1", "W2"], "y_label": "%"},
        },
    }
    assert taken(block)


def test_a_gap_is_never_drawn_as_zero() -> None:
    assert line_chart(win_rate(0.25, None, 0.3)) is None
    assert line_chart(win_rate(0.25, 0.3, previous=weeks(0.2), previous_name="last year")) is None
    assert bar_chart(teams(("苏州二队", None), ("杭州队", 3e6))) is None


def test_a_trend_holds_twenty_points() -> None:
    assert taken(line_chart(win_rate(*[0.3] * 20)))
    assert line_chart(win_rate(*[0.3] * 21)) is None


def test_names_that_are_too_long_or_stand_twice_do_not_fit() -> None:
    fits = win_rate(0.2, 0.3)
    assert line_chart(replace(fits, title="x" * 51)) is None
    assert line_chart(replace(fits, name="x" * 21)) is None
    assert line_chart(replace(fits, previous=weeks(0.2, 0.2), previous_name="win rate")) is None
    assert bar_chart(teams(("一个名字特别特别长长到二十个字都放不下的团队", 3e6))) is None
    assert bar_chart(teams(("苏州二队", 1e6), ("苏州二队", 2e6))) is None


def test_bars_are_written_in_the_unit_their_axis_names() -> None:
    block = bar_chart(teams(("苏州二队", 4_123_456.78), ("杭州队", -310_000)))
    assert block is not None
    assert block["chart"]["type"] == "bar"
    assert block["chart"]["axis_config"] == {"categories": ["苏州二队", "杭州队"], "y_label": "¥万"}
    assert [point["value"] for point in block["chart"]["series"][0]["data"]] == [412.346, -31.0]
    assert taken(block)


def test_bars_with_a_target_go_out_as_a_picture() -> None:
    assert bar_chart(replace(teams(("苏州二队", 3e6)), target=Target(4e6, "目标"))) is None


def test_a_message_takes_two_charts() -> None:
    chart = line_chart(win_rate(0.2, 0.3))
    assert taken(chart, chart)
    assert not taken(chart, chart, chart)


def test_tables_of_a_message_share_one_limit() -> None:
    half = data_table("Notes", ("Team", "Note"), [("Team 1", "x" * 5_000)])
    assert taken(half)
    assert not taken(half, half)


GOOD_CHART = line_chart(win_rate(0.2, 0.3)) or {}
GOOD_TABLE = table(2) or {}


@pytest.mark.parametrize(
    "block",
    [
        {**GOOD_CHART, "title": ""},
        {**GOOD_CHART, "chart": None},
        {**GOOD_CHART, "chart": {**GOOD_CHART["chart"], "type": "radar"}},
        {**GOOD_CHART, "chart": {**GOOD_CHART["chart"], "axis_config": {}}},
        {**GOOD_CHART, "chart": {**GOOD_CHART["chart"], "series": []}},
        {**GOOD_CHART, "chart": {**GOOD_CHART["chart"], "series": [{"name": "x", "data": 7}]}},
        {**GOOD_CHART, "chart": {**GOOD_CHART["chart"], "axis_config": {"categories": ["W2", "W1"]}}},
        {**GOOD_TABLE, "rows": GOOD_TABLE["rows"][:1]},
        {**GOOD_TABLE, "rows": "rows"},
        {**GOOD_TABLE, "page_size": 0},
        {**GOOD_TABLE, "rows": [[{"type": "rich_text", "elements": []}] * 2, GOOD_TABLE["rows"][1]]},
        {**GOOD_TABLE, "rows": [GOOD_TABLE["rows"][0], [{"type": "raw_number", "value": 3}] * 2]},
        {**GOOD_TABLE, "rows": [GOOD_TABLE["rows"][0], [{"type": "raw_number", "value": "3", "text": "3"}] * 2]},
    ],
)
def test_misshapen_blocks_are_refused_with_their_place(block: dict[str, Any]) -> None:
    refusal = check_message("text", [block])
    assert refusal is not None
    assert all("json-pointer:/blocks/0" in fault for fault in refusal.faults)
