"""Subscriptions by text: made in a thread, changed, paused, resumed, stopped, listed; whose they are and where they go."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selling_company import PLAIN, TODAY, fill, keep, plan, target

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.conversation import Conversations
from assistant.desk import Desk
from assistant.plans import Schedule, Subscribe, compact
from assistant.question import Answer, Asker, Language, Place, Question
from assistant.slack.limits import check_message
from assistant.store.store import Store
from assistant.store.subscriptions import Subscription, of_person
from assistant.subscriptions import MOST_HELD, Channel, NoChannel, Subscriptions

MODEL = read_model()
REVENUE = plan(assumed=["period"])
MONDAY_AT_NINE = {"every": "week", "weekday": 1, "at": "09:00"}
IN_DMS, IN_SALES = Place("U1"), Place("U1", "C1")


@dataclass
class Channels:
    """Slack as far as a test needs it: channels with those who read along, None for somebody unknown."""

    members: dict[str, Sequence[str] | None] = field(default_factory=dict)
    asker_is_in: bool = True
    known: Callable[[str], Asker | None] = lambda _as: None

    def find(self, named: str, user: str) -> Channel | NoChannel:
        if named not in ("C1", "sales"):
            return "no_channel"
        return Channel("C1", "sales") if self.asker_is_in else "asker_not_in"

    def readers(self, channel: Channel) -> Sequence[Asker] | None:
        there = self.members.get(channel.channel_id)
        return None if there is None else [asker for one in there if (asker := self.known(one)) is not None]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The selling company; revenue of October missed its target, orders have none."""
    opened = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('subscribe')}/warehouse.duckdb")
    fill(opened, PLAIN)
    keep(opened, "targets", target(1_000_000, "2026-10-01"))
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/store.db", lambda: datetime.now(UTC))
    yield opened
    opened.close()


@pytest.fixture
def channels() -> Channels:
    return Channels()


@pytest.fixture
def desk(warehouse: Warehouse, store: Store, channels: Channels) -> Desk:
    made = Desk(
        warehouse, MODEL, today=TODAY,
        conversations=Conversations(lambda: store), subscriptions=Subscriptions(lambda: store, channels),
    )  # fmt: skip
    channels.known = made.asker
    return made


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


def said(
    desk: Desk, asked: str | dict[str, Any], as_: str = "manager:M1", thread: str | None = "t", **more: Any
) -> Answer:
    """The answer to words or to a pressed button, kept in the thread, sound in itself."""
    asker = desk.asker(as_)
    given: dict[str, Any] = {"text": asked} if isinstance(asked, str) else {"text": "", "plan": asked}
    question = Question(asker=asker, clock=desk.clock(asker, TODAY), asked_as=as_, thread=thread, **(given | more))
    answer = desk.answer(question)
    assert check_message(answer.headline, answer.blocks) is None
    if desk.conversations is not None:
        desk.conversations.remember(question, answer, datetime.now(UTC))
    return answer


def held(store: Store, person: str = "P5") -> tuple[Subscription, ...]:
    return of_person(store, person)


def only_one(store: Store, person: str = "P5") -> Subscription:
    (one,) = held(store, person)
    return one


def made(desk: Desk, **more: Any) -> Answer:
    """Revenue every Monday at nine, to the asker."""
    return said(desk, {"kind": "subscribe", "what": REVENUE, "schedule": MONDAY_AT_NINE, **more})


def pressed(desk: Desk, answer: Answer, label: str, **more: Any) -> Answer:
    """The button of an answer with these words."""
    (button,) = [one for one in answer.buttons if one["label"] == label]
    return said(desk, button["plan"], **more)


# --- making one


def test_this_is_what_the_thread_showed_last(desk: Desk, store: Store) -> None:
    shown = said(desk, "revenue last month")
    answer = said(desk, "send me this every Monday at 9")
    one = only_one(store)
    assert answer.route == "subscribe"
    assert one.plan["kpis"] == ["revenue"]
    assert one.plan["period"] == shown.plan["period"]
    assert Schedule.model_validate(one.schedule) == Schedule(every="week", weekday=1, at="09:00")
    assert (one.to, one.state, one.only_when_off) == ("me", "active", False)


def test_the_same_in_chinese_gives_the_same_subscription(desk: Desk, store: Store) -> None:
    said(desk, "上个月的销售额")
    said(desk, "每周一早上九点发给我")
    again = said(desk, "每週一早上九點發給我")
    assert only_one(store).schedule["at"] == "09:00"
    assert "這個您已經訂閱了" in again.text


def test_the_next_time_is_told_in_the_subscribers_zone(desk: Desk, store: Store) -> None:
    answer = made(desk)
    due = only_one(store).next_due_at
    assert due is not None
    local = due.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (local.isoweekday(), local.hour, local.minute) == (1, 9, 0)
    assert "Next: Mon" in answer.headline
    assert "09:00, Asia/Shanghai" in answer.headline


def test_a_time_that_was_not_said_is_told(desk: Desk) -> None:
    assert "You named no time of day" in said(desk, "send me revenue every Monday").text
    assert "You named no time of day" not in said(desk, "send me orders every Monday at 10").text
    assert "您没说几点" in said(desk, "每周二发给我订单数").text


def test_the_same_subscription_twice_is_one(desk: Desk, store: Store) -> None:
    made(desk)
    assert "You have this already" in made(desk).headline
    assert len(held(store)) == 1


def test_nothing_shown_before_is_asked_back_with_complete_plans(desk: Desk, store: Store) -> None:
    answer = said(desk, "send me this every Friday at 5pm", thread=None)
    assert answer.route == "clarify"
    offered = [choice["plan"] for choice in answer.choices if choice["plan"]["kind"] == "subscribe"]
    assert offered
    assert all(one["what"] and one["schedule"]["weekday"] == 5 for one in offered)
    assert held(store) == ()
    said(desk, offered[0])
    assert len(held(store)) == 1


def test_without_a_time_it_is_asked_when_and_what_was_shown_is_kept(desk: Desk, store: Store) -> None:
    said(desk, "revenue last month")
    asked = said(desk, "subscribe me to this")
    assert asked.plan["reason"] == "when_to_send"
    said(desk, "every Tuesday at 8:30")
    one = only_one(store)
    assert one.plan["kpis"] == ["revenue"]
    assert (one.schedule["weekday"], one.schedule["at"]) == (2, "08:30")


def test_more_than_once_a_day_is_not_offered(desk: Desk, store: Store) -> None:
    said(desk, "revenue last month")
    answer = said(desk, "send me this every hour")
    assert "at most once a day" in answer.headline
    assert all(choice["plan"].get("what") for choice in answer.choices if choice["plan"]["kind"] == "subscribe")


def test_two_days_of_the_week_are_two_subscriptions(desk: Desk) -> None:
    answer = said(desk, "send me revenue every Monday and Thursday at 9")
    assert [choice["plan"]["schedule"]["weekday"] for choice in answer.choices] == [1, 4]


def test_nobody_has_more_than_the_most(desk: Desk, store: Store) -> None:
    for hour in range(MOST_HELD):
        made(desk, schedule={**MONDAY_AT_NINE, "at": f"{hour:02d}:00"})
    assert len(held(store)) == MOST_HELD
    answer = made(desk, schedule={**MONDAY_AT_NINE, "at": "23:00"})
    assert answer.plan["reason"] == "too_many"
    assert str(MOST_HELD) in answer.headline
    assert len(held(store)) == MOST_HELD


def test_a_list_of_all_that_one_person_can_have_fits_into_a_message(desk: Desk) -> None:
    for hour in range(MOST_HELD):
        made(desk, schedule={**MONDAY_AT_NINE, "at": f"{hour:02d}:00"})
    answer = said(desk, "my subscriptions")
    pressable = [element for block in answer.blocks if block["type"] == "actions" for element in block["elements"]]
    assert len(pressable) == 3 * MOST_HELD
    assert len({element["action_id"] for element in pressable}) == 3 * MOST_HELD


# --- only when something is off


def test_only_when_something_is_off_is_for_what_has_a_target(desk: Desk, store: Store) -> None:
    said(desk, "revenue last month", as_="exec:P8")
    said(desk, "send me this every Monday at 9 but only when something is off", as_="exec:P8")
    assert only_one(store, "P8").only_when_off
    said(desk, "orders last month", as_="exec:P8", thread="other")
    answer = said(desk, "每周一早上九点发给我，有异常才发", as_="exec:P8", thread="other")
    assert answer.plan["reason"] == "cannot_tell"
    assert len(held(store, "P8")) == 1


@pytest.mark.parametrize("words", ["only when something is off", "有异常才发"])
def test_the_condition_can_be_said_later_and_taken_back(desk: Desk, store: Store, words: str) -> None:
    said(desk, "revenue last month", as_="exec:P8")
    said(desk, "send me this every Monday at 9", as_="exec:P8")
    said(desk, words, as_="exec:P8")
    assert only_one(store, "P8").only_when_off
    said(desk, "send it every time", as_="exec:P8")
    assert not only_one(store, "P8").only_when_off


# --- changing, pausing, stopping


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("move it to 8am", {"every": "week", "weekday": 1, "at": "08:00"}),
        ("改到八点", {"every": "week", "weekday": 1, "at": "08:00"}),
        ("改成每天八点", {"every": "day", "weekday": None, "at": "08:00"}),
        ("move it to Fridays", {"every": "week", "weekday": 5, "at": "09:30"}),
        ("改到周五", {"every": "week", "weekday": 5, "at": "09:30"}),
        ("on the first working day of each month", {"every": "month", "day": 1, "working": True, "at": "09:30"}),
        ("make it daily", {"every": "day", "weekday": None, "at": "09:30"}),
        ("weekdays at 6pm", {"every": "workday", "weekday": None, "at": "18:00"}),
        ("on the last day of every month instead", {"every": "month", "weekday": None, "at": "09:30", "day": 31}),
    ],
)
def test_another_time_keeps_what_was_not_said(desk: Desk, store: Store, words: str, schedule: dict[str, Any]) -> None:
    said(desk, "revenue last month")
    said(desk, "send me this every Monday at 9:30" if words.isascii() else "每周一早上九点半发给我")
    said(desk, words)
    assert Schedule.model_validate(only_one(store).schedule) == Schedule.model_validate(schedule)


def test_it_is_paused_until_a_day_and_resumed(desk: Desk, store: Store) -> None:
    made(desk)
    said(desk, "pause it until 7 December")
    paused = only_one(store)
    assert (paused.state, str(paused.paused_until)) == ("paused", "2026-12-07")
    said(desk, "恢复")
    assert only_one(store).state == "active"


@pytest.mark.parametrize("words", ["stop it", "unsubscribe", "取消订阅", "別發了"])
def test_it_is_stopped_and_can_be_had_again(desk: Desk, store: Store, words: str) -> None:
    made(desk)
    answer = said(desk, words)
    assert held(store) == ()
    said(desk, answer.buttons[0]["plan"])
    assert only_one(store).schedule["weekday"] == 1


def test_of_several_it_is_asked_which(desk: Desk, store: Store) -> None:
    made(desk)
    made(desk, what=plan("orders", assumed=["period"]))
    asked = said(desk, "stop", thread="new")
    assert asked.route == "clarify"
    assert [choice["plan"]["action"] for choice in asked.choices] == ["stop"] * 3
    assert [choice["label"] for choice in asked.choices][1:] == ["Orders, every Monday at 09:00", "All of them"]
    assert len(held(store)) == 2
    said(desk, "the second", thread="new")
    assert only_one(store).plan["kpis"] == ["revenue"]


def test_all_are_stopped_only_when_all_are_meant(desk: Desk, store: Store) -> None:
    made(desk)
    made(desk, what=plan("orders", assumed=["period"]))
    said(desk, "stop all my subscriptions", thread="new")
    assert held(store) == ()


def test_one_is_found_by_what_it_sends(desk: Desk, store: Store) -> None:
    made(desk)
    made(desk, what=plan("orders", assumed=["period"]))
    said(desk, "stop the revenue subscription", thread="new")
    assert only_one(store).plan["kpis"] == ["orders"]
    assert said(desk, "stop the win rate subscription", thread="new").plan["reason"] == "none_like_it"


def test_change_time_asks_for_one_and_takes_words_or_a_button(desk: Desk, store: Store) -> None:
    answer = made(desk)
    asked = pressed(desk, answer, "Change time")
    assert asked.route == "clarify"
    said(desk, asked.choices[0]["plan"])
    assert only_one(store).schedule["at"] == "08:00"
    pressed(desk, answer, "Change time")
    said(desk, "every Friday at noon")
    assert (only_one(store).schedule["weekday"], only_one(store).schedule["at"]) == (5, "12:00")


def test_send_it_now_is_the_answer_itself(desk: Desk) -> None:
    assert pressed(desk, made(desk), "Send it now").route == "kpi"
    made(desk)
    assert said(desk, "send it now").route == "kpi"


def test_what_is_due_by_a_schedule_offers_no_schedule(desk: Desk) -> None:
    answer = made(desk)
    due = said(desk, answer.buttons[0]["plan"], scheduled=True)
    assert not any(button["plan"]["kind"] == "subscribe" for button in due.buttons)


# --- rights


def test_trainees_and_strangers_subscribe_to_nothing(desk: Desk, store: Store) -> None:
    wanted = {"kind": "subscribe", "what": REVENUE, "schedule": MONDAY_AT_NINE}
    assert said(desk, wanted, as_="trainee:P10").plan["reason"] == "no_live_figures"
    assert said(desk, wanted, as_="nobody").plan["reason"] == "unknown_asker"
    assert held(store, "P10") == ()


def test_nobody_subscribes_to_what_they_may_not_see(desk: Desk, store: Store) -> None:
    answer = made(desk, what=plan(whose="rep:R3"))
    assert answer.plan["reason"] == "not_your_rows"
    assert held(store) == ()


@pytest.mark.parametrize("action", ["pause", "resume", "stop", "change"])
def test_a_button_that_names_somebody_elses_subscription_is_refused(desk: Desk, store: Store, action: str) -> None:
    made(desk)
    before = only_one(store)
    forged = {"kind": "subscribe", "action": action, "which": before.subscription_id, "at": "03:00"}
    answer = said(desk, forged, as_="manager:M2")
    assert answer.plan["reason"] == "not_held"
    assert "evenue" not in json.dumps(answer.blocks)
    assert only_one(store) == before


def test_a_list_shows_ones_own_and_goes_to_nobody_else(desk: Desk) -> None:
    made(desk)
    assert said(desk, "my subscriptions").private
    assert "You have no subscriptions" in said(desk, "my subscriptions", as_="manager:M2").headline


def test_a_desk_without_a_store_says_that_it_cannot(warehouse: Warehouse) -> None:
    answer = said(Desk(warehouse, MODEL, today=TODAY), "send me revenue every Monday at 9")
    assert (answer.route, answer.plan["kind"]) == ("refuse", "subscribe")


# --- channels


def to_sales(desk: Desk, as_: str = "exec:P8", place: Place | None = IN_SALES, **more: Any) -> Answer:
    wanted = {"kind": "subscribe", "what": REVENUE, "schedule": MONDAY_AT_NINE, "to": "here", **more}
    return said(desk, wanted, as_=as_, place=place, in_slack=True)


def test_here_is_the_channel_where_everybody_may_see_it(desk: Desk, store: Store, channels: Channels) -> None:
    channels.members = {"C1": ["exec:P8", "manager:M1", "rep:R1"]}
    answer = to_sales(desk)
    one = only_one(store, "P8")
    assert (one.to, one.channel_name, one.slack_user_id) == ("C1", "sales", "U1")
    assert "#sales" in answer.headline
    assert not answer.private


def test_here_in_direct_messages_is_the_asker(desk: Desk, store: Store) -> None:
    to_sales(desk, place=IN_DMS)
    assert only_one(store, "P8").to == "me"


def test_what_only_the_asker_may_see_goes_to_the_asker_instead(desk: Desk, store: Store, channels: Channels) -> None:
    channels.members = {"C1": ["manager:M1"]}
    answer = to_sales(desk, as_="manager:M1")
    assert answer.route == "clarify"
    assert "may not read this" in answer.headline
    assert held(store) == ()
    said(desk, answer.choices[0]["plan"])
    assert only_one(store).to == "me"


@pytest.mark.parametrize(
    ("members", "words"), [(["trainee:P10"], "Not everybody in"), (None, "I do not know everybody")]
)
def test_a_channel_with_somebody_who_may_not_see_it_gets_nothing(
    desk: Desk, store: Store, channels: Channels, members: list[str] | None, words: str
) -> None:
    channels.members = {"C1": members}
    answer = to_sales(desk, to="channel:sales")
    assert words in answer.headline
    assert held(store, "P8") == ()


def test_channels_that_cannot_be_written_to_are_named(desk: Desk, store: Store, channels: Channels) -> None:
    assert to_sales(desk, to="channel:secret").plan["reason"] == "no_channel"
    assert to_sales(desk, place=Place("U1", "C9")).plan["reason"] == "bot_not_in"
    channels.asker_is_in = False
    assert to_sales(desk, to="channel:sales").plan["reason"] == "asker_not_in"
    assert held(store, "P8") == ()


def test_on_the_command_line_there_are_no_channels(desk: Desk) -> None:
    answer = to_sales(desk, place=None, to="channel:sales")
    assert answer.plan["reason"] == "no_slack"
    assert "only be chosen in Slack" in answer.headline


def test_after_a_refusal_it_can_be_sent_to_oneself(desk: Desk, store: Store) -> None:
    to_sales(desk, to="channel:secret")
    said(desk, "send it to me", as_="exec:P8", place=IN_SALES)
    assert only_one(store, "P8").to == "me"


def test_a_channels_members_are_looked_at_again_when_it_moves_there(
    desk: Desk, store: Store, channels: Channels
) -> None:
    to_sales(desk, place=IN_DMS)
    channels.members = {"C1": ["trainee:P10"]}
    answer = said(desk, "send it to #sales instead", as_="exec:P8", place=IN_DMS)
    assert answer.route == "clarify"
    assert only_one(store, "P8").to == "me"
    channels.members = {"C1": ["manager:M1"]}
    said(desk, "send it to #sales instead", as_="exec:P8", place=IN_DMS, thread="t2")
    said(desk, {"kind": "subscribe", "action": "change", "one": True, "to": "channel:sales", "changes": ["place"]},
         as_="exec:P8", place=IN_DMS)  # fmt: skip
    assert only_one(store, "P8").to == "C1"


# --- in every language


@pytest.mark.parametrize("language", list(Language))
def test_every_answer_about_subscriptions_is_worded_in_every_language(desk: Desk, language: Language) -> None:
    answers = [
        said(desk, wanted, language=language, place=IN_DMS)
        for wanted in (
            {"kind": "subscribe", "action": "list"},
            {"kind": "subscribe", "what": REVENUE, "schedule": MONDAY_AT_NINE, "assumed": ["time"]},
            {"kind": "subscribe", "what": REVENUE, "schedule": MONDAY_AT_NINE},
            {"kind": "subscribe", "what": plan("orders"), "schedule": {"every": "workday"}},
            {"kind": "subscribe", "action": "pause", "one": True},
            {"kind": "subscribe", "action": "pause", "until": "2026-12-07"},
            {"kind": "subscribe", "action": "pause", "until": "2026-11-07"},
            {"kind": "subscribe", "action": "resume"},
            {"kind": "subscribe", "action": "change", "what": REVENUE},
            {"kind": "subscribe", "action": "change", "what": REVENUE, "at": "07:00"},
            {"kind": "subscribe", "action": "list"},
            {"kind": "subscribe", "action": "stop"},
            {"kind": "subscribe", "action": "stop", "which": 999},
            {"kind": "subscribe", "schedule": MONDAY_AT_NINE},
        )
    ]
    for answer in answers:
        assert answer.headline
        assert answer.reading
        chinese = any("\u4e00" <= character <= "\u9fff" for character in answer.headline)
        assert chinese == (language is not Language.EN), answer.headline


def test_a_plan_of_a_subscription_is_read_back_as_it_was_written() -> None:
    made_of = Subscribe(schedule=Schedule(every="month", day=31), to="here", only_when_off=True, assumed=("time",))
    assert Subscribe.model_validate_json(made_of.model_dump_json()) == made_of
    assert Subscribe.model_validate(compact(made_of)) == made_of
