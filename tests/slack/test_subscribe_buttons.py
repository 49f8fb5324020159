"""Subscriptions in Slack as an installation runs: said under an answer, then pressed; by whom they are pressed counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_whole_line import MANAGER, REP, SALES, answered, demo_home, in_slack, leadline, shown, wait_until

from assistant.slack.fake import FakeSlack

__all__ = ["demo_home"]
TODAY = "2026-11-23"


@pytest.fixture(scope="module")
def office(demo_home: Path) -> Iterator[FakeSlack]:
    """A manager and a rep of the demo company, and everybody else who reads #sales."""
    leadline(demo_home, "link", "U0CCC", "exec:P053")
    with in_slack(demo_home, today=TODAY) as fake:
        yield fake


def direct(fake: FakeSlack, user: str) -> str:
    return next(place.id for place in fake.space.conversations.values() if place.person == user)


def said(fake: FakeSlack, user: str, text: str, channel: str | None = None) -> dict[str, Any]:
    """The next thing the bot says after these words."""
    before = len(fake.space.posts())
    fake.people.say(user, text, channel)
    return answer_after(fake, before)


def pressed(fake: FakeSlack, user: str, channel: str, post: dict[str, Any], label: str) -> dict[str, Any]:
    """The next thing the bot says after a button with this label is pressed."""
    (button,) = [one for one in buttons(post) if one["text"]["text"] == label]
    before = len(fake.space.posts())
    fake.people.press(user, channel, post["ts"], button["action_id"])
    return answer_after(fake, before)


def answer_after(fake: FakeSlack, before: int) -> dict[str, Any]:
    """The answer that follows so many messages, once it stands in the place of its placeholder."""
    wait_until(lambda: any("blocks" in post for post in fake.space.posts()[before:]))
    return next(post for post in fake.space.posts()[before:] if "blocks" in post)


def buttons(post: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for block in post["blocks"] if block["type"] == "actions" for one in block["elements"]]


def held(home: Path, as_: str) -> list[dict[str, Any]]:
    printed = leadline(home, "ask", "--json", "--as", as_, "--today", TODAY, "my subscriptions")
    items: list[dict[str, Any]] = json.loads(printed)["items"]
    return items


def test_a_subscription_is_said_in_a_thread_and_pressed_away(office: FakeSlack, demo_home: Path) -> None:
    said(office, MANAGER, "revenue by rep last week")
    made = said(office, MANAGER, "send me this every Monday at 9")
    assert "I will send it to you" in shown(made)
    assert "every Monday at 09:00" in shown(made)
    (one,) = held(demo_home, "manager:R047")
    assert (one["plan"]["dimensions"], one["to"]) == (["rep"], "me")

    place = direct(office, MANAGER)
    assert "已暂停" in shown(said(office, MANAGER, "暂停"))
    listed = said(office, MANAGER, "my subscriptions")
    assert [button["text"]["text"] for button in buttons(listed)] == ["Resume", "Change time", "Stop"]
    assert "is sent again" in shown(pressed(office, MANAGER, place, listed, "Resume"))
    asked = pressed(office, MANAGER, place, listed, "Change time")
    assert "When shall I send it" in shown(asked)
    changed = said(office, MANAGER, "every Friday at 8")
    assert "every Friday at 08:00" in shown(changed)
    assert "Stopped" in shown(pressed(office, MANAGER, place, changed, "Stop"))
    assert held(demo_home, "manager:R047") == []


def test_a_call_list_offers_to_come_every_working_day(office: FakeSlack, demo_home: Path) -> None:
    listed = said(office, REP, "which leads should I call today")
    made = pressed(office, REP, direct(office, REP), listed, "Send me this every working day")
    assert "every working day at 09:00" in shown(made)
    (one,) = held(demo_home, "rep:R001")
    assert one["plan"]["kind"] == "leads"
    said(office, REP, "取消订阅")
    assert held(demo_home, "rep:R001") == []


def test_a_company_figure_goes_to_a_channel_and_only_who_made_it_stops_it(office: FakeSlack, demo_home: Path) -> None:
    made = said(office, "U0CCC", "@leadline send revenue here every Monday at 9", SALES)
    assert "goes to #sales" in shown(made)
    (one,) = held(demo_home, "exec:P053")
    assert (one["to"], one["channel"]) == (SALES, "sales")
    refused = pressed(office, MANAGER, SALES, made, "Stop")
    assert "none of your running subscriptions" in shown(refused)
    assert len(held(demo_home, "exec:P053")) == 1
    pressed(office, "U0CCC", SALES, made, "Stop")
    assert held(demo_home, "exec:P053") == []


def test_what_a_manager_alone_may_see_does_not_go_to_a_channel(office: FakeSlack, demo_home: Path) -> None:
    before = len(office.space.posts(SALES))
    office.people.say(MANAGER, "@leadline send revenue by rep here every Monday at 9", SALES)
    (line,) = answered(office, before + 1, SALES)[before:]
    assert "direct message" in line["text"]
    assert held(demo_home, "manager:R047") == []
