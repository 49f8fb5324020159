"""Two questions in a row: what is kept of a thread, for whom, for how long, and what the second one becomes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from selling_company import PLAIN, TODAY, fill

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.conversation import Conversations
from assistant.desk import Desk
from assistant.plans import KpiQuery, LeadList, Refuse
from assistant.question import Answer, Question
from assistant.store.conversations import recall
from assistant.store.store import Store
from assistant.understanding import Context, understand
from assistant.understanding.lexicon import Lexicon

MODEL = read_model()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Time:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def store(tmp_path: Path, time: Time) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/store.db", time)
    yield opened
    opened.close()


@pytest.fixture
def conversations(store: Store) -> Conversations:
    return Conversations(lambda: store)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('threads')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    yield Desk(warehouse, MODEL)
    warehouse.close()


@pytest.fixture(scope="module")
def context() -> Context:
    names = [("east", "value:region:East"), ("west", "value:region:West"), ("anna", "rep:R1")]
    return Context(Lexicon(names, MODEL), MODEL, TODAY)


def question(desk: Desk, text: str, thread: str | None = "t1", as_: str = "exec:P8", **more: Any) -> Question:
    asker = desk.asker(as_)
    return Question(text, asker, desk.clock(asker, TODAY), thread=thread, asked_as=as_, **more)


def ask(desk: Desk, conversations: Conversations, context: Context, asked: Question) -> Answer:
    """Answer as a thread is answered: with the plan before, and kept afterwards."""
    before = conversations.before(asked)
    plan = understand(asked.text, context, before)
    carried = Question(asked.text, asked.asker, asked.clock, thread=asked.thread, plan=plan.model_dump(mode="json"))
    answer = desk.answer(carried)
    conversations.remember(asked, answer, NOON)
    return answer


def test_a_second_question_in_a_thread_goes_on_from_the_first(
    desk: Desk, conversations: Conversations, context: Context
) -> None:
    ask(desk, conversations, context, question(desk, "revenue last month for West"))
    answer = ask(desk, conversations, context, question(desk, "and for East?"))
    assert answer.plan["kpis"] == ["revenue"]
    assert answer.plan["filters"] == [{"name": "region", "op": "in", "values": ["East"]}]
    assert answer.plan["period"]["start"] == "2026-10-01"
    assert [figure["value"] for figure in answer.figures] == [150_000]


def test_a_third_question_goes_on_from_the_second(desk: Desk, conversations: Conversations, context: Context) -> None:
    for text in ("revenue last month for West", "and for East?", "by channel"):
        answer = ask(desk, conversations, context, question(desk, text))
    assert answer.plan["dimensions"] == ["channel"]
    assert answer.plan["filters"][0]["values"] == ["East"]


def test_a_calling_list_is_cut_short_in_its_thread(
    small_company: Warehouse, conversations: Conversations, context: Context
) -> None:
    desk = Desk(small_company, MODEL)
    first = ask(desk, conversations, context, question(desk, "which leads should I call today", as_="rep:R1"))
    then = ask(desk, conversations, context, question(desk, "just the top 1", as_="rep:R1"))
    assert first.route == then.route == "leads"
    assert (len(first.items), len(then.items)) == (3, 1)


def test_nobody_goes_on_from_somebody_elses_question(
    desk: Desk, conversations: Conversations, context: Context
) -> None:
    ask(desk, conversations, context, question(desk, "revenue last month"))
    assert conversations.before(question(desk, "by channel", as_="manager:M1")) is None


def test_threads_do_not_mix(desk: Desk, conversations: Conversations, context: Context) -> None:
    ask(desk, conversations, context, question(desk, "revenue last month"))
    assert conversations.before(question(desk, "by channel", thread="t2")) is None


def test_outside_a_thread_nothing_is_kept(desk: Desk) -> None:
    def never() -> Store:
        raise AssertionError("the store was opened")

    unopened = Conversations(never)
    asked = question(desk, "revenue last month", thread=None)
    unopened.remember(asked, desk.answer(asked), NOON)
    assert unopened.before(asked) is None


def test_strangers_have_no_thread(desk: Desk, conversations: Conversations, store: Store) -> None:
    stranger = Question("revenue", None, desk.clock(None, TODAY), thread="t1", asked_as="who@x.example")
    conversations.remember(stranger, desk.answer(stranger), NOON)
    assert conversations.before(stranger) is None
    assert recall(store, "t1", "who@x.example") == []


def test_after_a_week_a_thread_is_over(desk: Desk, conversations: Conversations, context: Context, time: Time) -> None:
    asked = question(desk, "by channel")
    ask(desk, conversations, context, question(desk, "revenue last month"))
    time.now = NOON + timedelta(days=7)
    assert isinstance(conversations.before(asked), KpiQuery)
    time.now += timedelta(minutes=1)
    assert conversations.before(asked) is None


@pytest.mark.parametrize("between", ["help", "qwertz asdf", "which KPIs are there"])
def test_a_word_in_between_does_not_end_the_thread(
    between: str, desk: Desk, conversations: Conversations, context: Context
) -> None:
    ask(desk, conversations, context, question(desk, "revenue last month"))
    ask(desk, conversations, context, question(desk, between))
    assert isinstance(conversations.before(question(desk, "by channel")), KpiQuery)


def test_what_was_understood_but_refused_is_gone_on_from(
    desk: Desk, conversations: Conversations, context: Context
) -> None:
    refused = ask(desk, conversations, context, question(desk, "revenue next month"))
    assert refused.route == "refuse"
    assert isinstance(conversations.before(question(desk, "and last month?")), Refuse)
    answer = ask(desk, conversations, context, question(desk, "and last month?"))
    assert answer.plan["kpis"] == ["revenue"]
    assert answer.plan["period"]["start"] == "2026-10-01"


def test_a_plan_that_was_not_run_keeps_its_place(desk: Desk, conversations: Conversations) -> None:
    asked = question(desk, "revenue last month")
    plan = understand("which leads should I call today", Context(Lexicon((), MODEL), MODEL, TODAY))
    answer = desk.answer(asked)
    kept = {**plan.model_dump(mode="json"), "refused": {"reason": "not_yet"}}
    conversations.remember(asked, Answer(**{**vars(answer), "plan": kept}), NOON)
    assert isinstance(conversations.before(asked), LeadList)


def test_a_pressed_button_needs_nothing_before(desk: Desk, conversations: Conversations, context: Context) -> None:
    ask(desk, conversations, context, question(desk, "revenue last month"))
    assert conversations.before(question(desk, "", plan={"kind": "help"})) is None


def test_a_plan_of_another_version_is_passed_over(desk: Desk, conversations: Conversations) -> None:
    asked = question(desk, "revenue last month")
    answer = desk.answer(asked)
    conversations.remember(asked, answer, NOON)
    conversations.remember(asked, Answer(**{**vars(answer), "plan": {"kind": "horoscope", "sign": "leo"}}), NOON)
    assert isinstance(conversations.before(asked), KpiQuery)


def test_the_longest_name_of_a_thread_is_found_again(desk: Desk, conversations: Conversations) -> None:
    asked = question(desk, "revenue last month", thread="x" * 400)
    conversations.remember(asked, desk.answer(asked), NOON)
    assert isinstance(conversations.before(asked), KpiQuery)
