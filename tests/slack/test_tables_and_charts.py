"""Answers with tables and charts as messages: within every limit, and what does not fit is said."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit/answers"))

from kpi_answers import answer, months, ranking, regions, said, table, words

from assistant.question import Language
from assistant.slack.asked import Asked
from assistant.slack.blocks import NOTICE_CHARACTERS, blocks_of
from assistant.slack.deliver import To, _shortened, posts_of
from assistant.slack.limits import check_message
from prompts.marks import Quoted

LONGEST_NOTICE = "x" * NOTICE_CHARACTERS


def kinds(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["type"] for block in blocks]


def rows(count: int, length: int = 8) -> tuple[tuple[str, int | None], ...]:
    return tuple((f"{number:04} {'长' * length}", number) for number in range(count))


def test_table_and_chart_follow_the_body() -> None:
    blocks = blocks_of(said(regions(), months(1, 2), language=Language.ZH_HANS))
    assert kinds(blocks) == ["rich_text", "data_table", "data_visualization"]
    assert blocks[1]["rows"][1][1] == {"type": "raw_number", "value": 4_123_457.0, "text": "¥412.3万"}
    assert blocks[1]["rows"][3][1] == {"type": "raw_text", "text": "无数据"}
    assert check_message(LONGEST_NOTICE, blocks) is None


def test_a_table_of_a_hundred_rows_is_slack_s_own_and_a_longer_one_is_text() -> None:
    assert kinds(blocks_of(said(regions(rows(100))))) == ["rich_text", "data_table"]
    assert kinds(blocks_of(said(regions(rows(101, 1))))) == ["rich_text", "rich_text"]


@pytest.mark.parametrize(("count", "length"), [(150, 20), (500, 3), (100, 110), (300, 110)])
def test_rows_that_a_message_cannot_hold_are_counted(count: int, length: int) -> None:
    blocks = blocks_of(said(regions(rows(count, length))))
    printed = json.dumps(blocks, ensure_ascii=False)
    shown = len(re.findall(r"¥\d", printed))
    left_out = re.search(r"(\d+) more rows are left out", printed)
    assert left_out is not None
    assert 0 < shown == count - int(left_out[1])
    assert check_message(LONGEST_NOTICE, blocks) is None


def test_tables_share_the_room_of_one_message() -> None:
    blocks = blocks_of(said(*(regions(rows(90, 50)) for _ in range(4)), months(1, 2), ranking(rows(12))))
    assert kinds(blocks)[:3] == ["rich_text", "rich_text", "data_table"]
    assert "data_table" not in kinds(blocks)[3:]
    assert check_message(LONGEST_NOTICE, blocks) is None


def test_two_charts_are_slack_s_own_and_a_third_is_a_picture() -> None:
    shown = answer(months(1, 2), months(3, 4), months(5, 6))
    assert kinds(shown.blocks).count("data_visualization") == 2
    (_, pictures) = posts_of(DIRECT, shown)
    assert [picture.name for picture in pictures.pictures] == ["kpi-3"]


def test_names_from_data_are_never_markup() -> None:
    printed = json.dumps(blocks_of(said(regions((("<!channel> *x*", 1),)), table(Quoted("<@U1>")))))
    assert "mrkdwn" not in printed
    assert "<!channel> *x*" in printed


def test_cells_of_one_column_may_be_of_any_kind() -> None:
    blocks = blocks_of(said(table(None, words("a", "甲"), Quoted("b"))))
    assert check_message(LONGEST_NOTICE, blocks) is None


DIRECT = Asked("message", "T", "D1", "U1", "revenue", direct=True)
IN_CHANNEL = Asked("mention", "T", "C1", "U1", "revenue", direct=False, reply_thread="1.1")


def test_a_picture_is_a_part_of_its_own_after_the_answer() -> None:
    posts = posts_of(IN_CHANNEL, answer(months(1, None)))
    assert [(post.part, post.to) for post in posts] == [("answer", To.CHANNEL), ("picture", To.CHANNEL)]
    assert [post.part for post in posts_of(IN_CHANNEL, answer(months(1, 2)))] == ["answer"]
    assert [post.part for post in posts_of(IN_CHANNEL, answer(regions()))] == ["answer"]


@pytest.mark.parametrize("most", range(8, 60))
def test_a_text_cut_inside_a_table_closes_it(most: int) -> None:
    cut = _shortened("Revenue\n```\nEast   ¥1\nWest   ¥2\n```\nRead as: revenue, and much more of it", most)
    assert len(cut) <= most
    assert cut.count("```") % 2 == 0
