"""What counts as a question to the assistant, what its words are, and where its answer belongs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.slack.asked import asked_by_button, asked_by_command, asked_by_event
from assistant.slack.escape import escape, mrkdwn, question_text

BOT = "U0BOT"


def said(**event: Any) -> dict[str, Any]:
    usual = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "ts": "1.1",
        "text": f"<@{BOT}> hi",
    }
    return {"team_id": "T1", "event_id": "Ev1", "event": {**usual, **event}}


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"bot_id": "B1"},
        {"user": BOT},
        {"user": None},
        {"hidden": True},
        {"text": "no mention of the bot"},
        {"text": "<@U2> somebody else"},
        {"channel_type": "im", "channel": "D1", "subtype": "message_changed"},
    ],
)
def test_bots_edits_deletions_and_talk_among_people_are_no_questions(event: dict[str, Any]) -> None:
    assert asked_by_event(said(**event), BOT) is None


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast"])
def test_a_question_with_a_file_or_shown_to_the_channel_is_a_question(subtype: str | None) -> None:
    assert asked_by_event(said(subtype=subtype), BOT) is not None


def test_a_mention_and_its_message_are_the_same_question() -> None:
    mention = asked_by_event(said(type="app_mention") | {"event_id": "Ev2"}, BOT)
    message = asked_by_event(said(), BOT)
    assert mention is not None
    assert message is not None
    assert mention.question_key == message.question_key == "message:T1:C1:1.1"
    assert mention.event_id != message.event_id


def test_two_commands_are_two_questions() -> None:
    given = {"team_id": "T1", "channel_id": "C1", "user_id": "U1", "text": "x", "trigger_id": "1.a"}
    assert asked_by_command(given).question_key != asked_by_command({**given, "trigger_id": "1.b"}).question_key


@pytest.mark.parametrize("value", [None, "", "not json", "[]", "7", "[" * 5000])
def test_a_button_without_a_plan_asks_nothing(value: str | None) -> None:
    pressed = {"user": {"id": "U1"}, "channel": {"id": "C1"}, "actions": [{"action_id": "choice:0", "value": value}]}
    assert asked_by_button(pressed) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"<@{BOT}> which leads?", "which leads?"),
        (f"hey <@{BOT}|leadline>, which leads?", "hey  , which leads?"),
        ("R&amp;D deals &gt; 50,000 &lt;now&gt;", "R&D deals > 50,000 <now>"),
        ("&amp;lt; stays as typed", "&lt; stays as typed"),
        ("leads of <mailto:li@demo.example|li@demo.example>", "leads of li@demo.example"),
        ("see <https://demo.example/a?b=1&amp;c=2>", "see https://demo.example/a?b=1&c=2"),
        ("in <#C1|sales>", "in #sales"),
        ("<@U2>'s leads", "U2's leads"),
        ("  \x00 ", ""),
        ("half \ud83d", "half"),
    ],
)
def test_the_words_are_what_the_person_typed(text: str, words: str) -> None:
    assert question_text(text, BOT) == words


def test_what_is_sent_never_calls_a_channel_or_makes_a_link() -> None:
    corpus = Path(__file__).parents[3] / "shared/corpora/slack_mrkdwn_injection.json"
    if not corpus.exists():
        pytest.skip("the collection of hostile Slack texts is not here")
    for case in json.loads(corpus.read_text(encoding="utf-8")):
        assert not {"<", ">"} & set(escape(json.dumps(case)))
        assert not {"<", ">"} & set(mrkdwn(json.dumps(case)))
