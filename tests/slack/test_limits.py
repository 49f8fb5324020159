"""What Slack refuses, the fake Slack refuses; and the answers are checked against the same list."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.slack.limits import check_message, view_faults

TEXT = {"type": "plain_text", "text": "x"}
SECTION = {"type": "section", "text": TEXT}


def words(length: int, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": "x" * length}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def cell(text: str = "x") -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": TEXT, "action_id": "a", "value": "v", **more}]}


GOOD: list[list[dict[str, Any]]] = [
    [SECTION] * 50,
    [{"type": "section", "text": words(3000, "mrkdwn")}],
    [{"type": "section", "fields": [words(2000)] * 5}],
    [{"type": "header", "text": words(150)}],
    [{"type": "divider"}],
    [{"type": "context", "elements": [words(100, "mrkdwn")] * 10}],
    [button(style="primary"), button(value="v" * 2000)],
    [rich({"type": "text", "text": "bold", "style": {"bold": True}}, {"type": "link", "url": "tel:+8613800000000"})],
    [
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "phone"}]}],
                }
            ],
        }
    ],
    [{"type": "table", "rows": [[cell(), rich({"type": "text", "text": "y"})]] * 100}],
    [{"type": "markdown", "text": "x" * 12_000}],
    [
        {
            "type": "section",
            "text": TEXT,
            "accessory": {"type": "overflow", "action_id": "o", "options": [{"text": TEXT, "value": "1"}] * 5},
        }
    ],
    [{"type": "image", "image_url": "https://demo.example/chart.png", "alt_text": "won per week"}],
]

BAD: list[Any] = [
    "text",
    {"type": "section"},
    ["text"],
    [{}],
    [{"type": "nonsense"}],
    [SECTION] * 51,
    [{"type": "section"}],
    [{"type": "section", "text": words(3001)}],
    [{"type": "section", "text": words(0)}],
    [{"type": "section", "text": {"type": "markdown", "text": "x"}}],
    [{"type": "section", "text": "x"}],
    [{"type": "section", "fields": [TEXT] * 11}],
    [{"type": "section", "fields": [words(2001)]}],
    [{"type": "header", "text": words(151)}],
    [{"type": "header", "text": words(5, "mrkdwn")}],
    [{"type": "context", "elements": [TEXT] * 11}],
    [{"type": "context", "elements": []}],
    [{"type": "actions", "elements": [button()["elements"][0]] * 2}],
    [{"type": "actions", "elements": [{"type": "button", "text": TEXT, "action_id": f"{n}"} for n in range(26)]}],
    [button(text=words(76))],
    [button(value="v" * 2001)],
    [button(value=7)],
    [button(style="green")],
    [button(action_id="a" * 256)],
    [rich({"type": "text", "text": ""})],
    [rich({"type": "text", "text": "x", "style": {"loud": True}})],
    [rich({"type": "text", "text": "x", "style": {"bold": "yes"}})],
    [rich({"type": "mrkdwn", "text": "x"})],
    [rich({"type": "link"})],
    [{"type": "rich_text", "elements": []}],
    [{"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "dots", "elements": []}]}],
    [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "x"}]}],
        }
    ],
    [{"type": "table", "rows": [[cell()]] * 101}],
    [{"type": "table", "rows": [[cell()] * 21]}],
    [{"type": "table", "rows": [[cell("")]]}],
    [{"type": "table", "rows": [["x"]]}],
    [{"type": "table", "rows": [[cell("x" * 101)]] * 100}],
    [{"type": "markdown", "text": "x" * 12_001}],
    [{"type": "section", "block_id": "b", "text": TEXT}] * 2,
    [{"type": "section", "block_id": "b" * 256, "text": TEXT}],
    [{"type": "image", "image_url": "https://demo.example/chart.png"}],
    [{"type": ["section"]}],
]


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_takes_is_taken(blocks: list[dict[str, Any]]) -> None:
    assert check_message("text", blocks) is None


@pytest.mark.parametrize("blocks", BAD)
def test_what_slack_refuses_is_refused_with_its_place(blocks: Any) -> None:
    refusal = check_message("text", blocks)
    assert refusal is not None
    assert refusal.error == "invalid_blocks"
    assert refusal.faults


def test_a_message_that_is_too_long_as_a_whole_is_refused() -> None:
    long = [{"type": "section", "text": words(2900)}] * 5
    refusal = check_message("text", long)
    assert refusal is not None
    assert refusal.error == "msg_blocks_too_long"


@pytest.mark.parametrize("text", [None, "", "  "])
def test_a_message_without_words_is_refused(text: str | None) -> None:
    refusal = check_message(text, [])
    assert refusal is not None
    assert refusal.error == "no_text"


def test_a_view_has_limits_of_its_own() -> None:
    assert list(view_faults({"type": "modal", "title": words(24), "blocks": [SECTION] * 100})) == []
    for fault in (
        {"title": words(25)},
        {"blocks": [SECTION] * 101},
        {"private_metadata": "x" * 3001},
        {"blocks": None},
    ):
        assert list(view_faults({"type": "modal", "blocks": [SECTION], **fault})) != []
    assert list(view_faults("text")) != []
