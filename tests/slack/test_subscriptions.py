"""Subscriptions are sent when they are due: once, to those who may see them, and never silently not."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from databases import POSTGRESQL, postgresql_schema
from office import PEOPLE
from post_office import GUEST, IN_THREE_DAYS, MANAGER, REP, SOON, WEEKLY, PostOffice
from sqlalchemy.exc import OperationalError

from assistant.due_times import WEEKDAYS
from assistant.slack.answering import DeskStuck
from assistant.slack.fake import FakeSlack
from assistant.slack.fake.faults import Fault
from assistant.slack.parts import Chore
from assistant.slack.scheduling.sender import Sender
from assistant.store import audit, digests, subscriptions

WEEK = timedelta(weeks=1)


@pytest.fixture(scope="module")
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(PEOPLE, "secret") as fake:
        yield fake


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path, slack: FakeSlack) -> Iterator[PostOffice]:
    """On SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        with postgresql_schema() as schema:
            opened = PostOffice(tmp_path, slack, POSTGRESQL, schema)
            yield opened
            opened.store.close()
    else:
        yield PostOffice(tmp_path, slack)


@pytest.fixture
def plain_office(tmp_path: Path, slack: FakeSlack) -> PostOffice:
    """For what is the same on every store."""
    return PostOffice(tmp_path, slack)


def test_what_is_due_is_sent_once_and_comes_again_next_week(office: PostOffice) -> None:
    made = office.subscribe()
    office.run()
    office.run(office.hired())
    (said,) = office.said(MANAGER)
    assert "Revenue is down." in said
    assert f"every {day_name[IN_THREE_DAYS - 1]} at 09:00" in said
    assert f'\\"which\\": {made.subscription_id}' in said or f'"which": {made.subscription_id}' in said
    (row,) = office.digests()
    assert (row.state, row.late, row.attempts) == ("sent", False, 1)
    held = office.held(made)
    assert held.last_sent_at is not None
    assert held.next_due_at is not None
    assert held.next_due_at > datetime.now(UTC)
    assert (held.next_due_at.isoweekday(), held.next_due_at.hour) == (IN_THREE_DAYS, 9)
    assert office.audited() == ["digest", "digest_sent"]


def test_what_is_not_due_is_not_sent_by_a_process_whose_clock_is_ahead(office: PostOffice) -> None:
    subscriptions.create(
        office.store, person_id="P002", slack_user_id=MANAGER, plan=office.subscribe().plan, language="en",
        timezone="UTC", schedule={"every": "day", "at": "00:00"},
    )  # fmt: skip
    office.run(office.hired(office.opened(ahead=timedelta(days=3))))
    office.run(office.hired(office.opened(ahead=timedelta(days=-3))))
    assert len(office.said()) == 1


def test_workers_at_the_same_time_send_nothing_twice(office: PostOffice) -> None:
    for number in range(24):
        office.subscribe(schedule={**WEEKLY, "at": f"{number:02d}:00"})
    workers = [office.hired(office.opened(ahead=timedelta(hours=hours))) for hours in (-2, 0, 2)]
    threads = [Thread(target=office.run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    office.run()
    assert len(office.said(MANAGER)) == 24
    assert {row.state for row in office.digests()} == {"sent"}


def test_weeks_missed_while_nothing_ran_are_sent_once_and_late(office: PostOffice) -> None:
    office.subscribe(ago=3 * WEEK + timedelta(hours=1))
    office.run()
    (said,) = office.said(MANAGER)
    assert "Late: this was due on" in said
    rows = office.digests()
    assert len(rows) >= 3
    assert [row.reason for row in rows[:-1]] == ["missed"] * (len(rows) - 1)
    assert (rows[-1].state, rows[-1].late) == ("sent", True)


@pytest.mark.parametrize(("language", "words"), [("zh-Hans", "补发：原定"), ("zh-Hant", "補發：原定")])
def test_a_late_one_says_so_in_chinese_too(plain_office: PostOffice, language: str, words: str) -> None:
    plain_office.subscribe(ago=timedelta(hours=5), language=language)
    plain_office.run()
    (said,) = plain_office.said(MANAGER)
    assert words in said
    assert "09:00" in said


def test_the_figures_are_those_of_the_day_it_was_due(plain_office: PostOffice) -> None:
    plain_office.subscribe(ago=timedelta(days=2), timezone="Asia/Shanghai")
    plain_office.run()
    (question,) = plain_office.desk.asked
    assert abs(question.clock.now - (datetime.now(UTC) - timedelta(days=2))) < timedelta(minutes=1)
    assert question.clock.timezone == "Asia/Shanghai"
    assert question.plan is not None
    assert question.plan["period"]["end"] <= question.clock.today.isoformat()


@pytest.mark.parametrize(("off", "state"), [(True, "sent"), (False, "quiet"), (None, "quiet")])
def test_only_when_something_is_off_means_only_then(plain_office: PostOffice, off: bool | None, state: str) -> None:
    plain_office.desk.off = off
    made = plain_office.subscribe(only_when_off=True)
    plain_office.run()
    assert [row.state for row in plain_office.digests()] == [state]
    assert len(plain_office.said()) == (1 if off else 0)
    assert plain_office.held(made).state == "active"


def test_who_has_left_is_sent_nothing_any_more(office: PostOffice) -> None:
    made = office.subscribe()
    office.desk.left = {"P002"}
    office.run()
    assert office.said() == []
    held = office.held(made)
    assert (held.state, held.last_error) == ("stopped", "left")
    assert office.audited() == ["digest_stopped"]


def test_a_slack_user_who_is_somebody_else_by_now_gets_nothing(plain_office: PostOffice) -> None:
    made = plain_office.subscribe(slack_user_id=REP)
    plain_office.run()
    assert plain_office.said() == []
    assert plain_office.held(made).last_error == "another_person"


def test_who_may_no_longer_see_it_is_told_once_and_it_is_paused(office: PostOffice) -> None:
    office.desk.refusal = "not_your_rows"
    made = office.subscribe()
    office.run()
    office.run()
    (said,) = office.said(MANAGER)
    assert "was not sent" in said
    assert "You may not see this any more." in said
    assert office.held(made).state == "paused"
    assert [row.state for row in office.digests()] == ["refused"]
    assert office.audited() == ["digest_refused", "digest_note", "digest_told"]


def test_a_channel_gets_what_everybody_in_it_may_see(plain_office: PostOffice) -> None:
    plain_office.fake.space.conversation("sales").members.discard(GUEST)
    plain_office.subscribe(to="C0000", channel_name="sales")
    plain_office.run()
    assert len(plain_office.said("sales")) == 1


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("private", "rows that are for you alone"),
        ("guest", "Not everybody in the channel may see these figures."),
        ("rights", "Not everybody in the channel may see these figures."),
        ("gone_from_it", "You are no longer in that channel."),
    ],
)  # fmt: skip
def test_a_channel_does_not_get_what_somebody_in_it_may_not_see(
    plain_office: PostOffice, what: str, words: str
) -> None:
    members = plain_office.fake.space.conversation("sales").members
    if what != "guest":
        members.discard(GUEST)
    if what == "gone_from_it":
        members.discard(MANAGER)
    plain_office.desk.private = what == "private"
    plain_office.desk.all_see = what != "rights"
    plain_office.subscribe(to="C0000", channel_name="sales")
    plain_office.run()
    assert plain_office.said("sales") == []
    (said,) = plain_office.said(MANAGER)
    assert words in said
    assert "#sales" in said


def test_a_channel_that_cannot_be_posted_to_is_told_to_the_subscriber(plain_office: PostOffice) -> None:
    space = plain_office.fake.space
    space.conversation("sales").members.discard(GUEST)
    made = plain_office.subscribe(to="C0000", channel_name="sales")
    plain_office.fake.faults.add(Fault("error", "chat.postMessage", "is_archived", times=1))
    plain_office.run()
    (said,) = plain_office.said(MANAGER)
    assert "could not be sent to #sales" in said
    assert "gone or archived" in said
    assert plain_office.held(made).failures == 1
    assert plain_office.held(made).state == "active"


def test_slack_s_limit_is_waited_for(office: PostOffice) -> None:
    office.subscribe()
    office.fake.faults.add(Fault("limited", "chat.postMessage", "1", times=1))
    office.run()
    assert office.said() == []
    (row,) = office.digests()
    assert (row.state, row.waits, row.posting_at) == ("due", 1, None)
    assert timedelta(0) < row.again_at - datetime.now(UTC) <= timedelta(seconds=1)
    office.expire_leases()
    office.run()
    assert len(office.said(MANAGER)) == 1


def test_a_message_slack_took_without_our_hearing_of_it_is_found_and_not_repeated(office: PostOffice) -> None:
    office.subscribe()
    office.fake.faults.add(Fault("lost", "chat.postMessage", times=1))
    office.run()
    assert len(office.said(MANAGER)) == 1
    assert [row.ts for row in office.digests()] == [office.fake.space.posts(MANAGER)[0]["ts"]]


def test_a_worker_that_dies_after_posting_leaves_a_message_that_is_found(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.subscribe()

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Sender, "_sent", die)
        with pytest.raises(SystemExit):
            office.run()
    assert len(office.said(MANAGER)) == 1
    office.expire_leases()
    office.run(office.hired())
    assert len(office.said(MANAGER)) == 1
    assert [(row.state, row.attempts) for row in office.digests()] == [("sent", 2)]


def test_a_worker_that_dies_before_posting_leaves_it_to_the_next(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.subscribe()

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("assistant.slack.deliver.Mail.send_to", die)
        with pytest.raises(SystemExit):
            office.run()
    assert office.said() == []
    office.expire_leases()
    office.run(office.hired())
    assert len(office.said(MANAGER)) == 1


def test_where_the_past_cannot_be_read_nothing_is_posted_twice(
    plain_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_office.subscribe()

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Sender, "_sent", die)
        with pytest.raises(SystemExit):
            plain_office.run()
    plain_office.fake.faults.add(Fault("error", "conversations.history", "missing_scope", times=1))
    plain_office.expire_leases()
    plain_office.run(plain_office.hired())
    digest, note = plain_office.said(MANAGER)
    assert "Revenue is down." in digest
    assert "I cannot tell whether it has arrived" in note


def test_the_third_failure_in_a_row_pauses_it_and_the_subscriber_is_told_each_time(office: PostOffice) -> None:
    office.desk.trouble = RuntimeError("no such table")
    made = office.subscribe()
    for week in range(3):
        office.make_due(made, ago=timedelta(minutes=3 - week))
        office.run()
    told = office.said(MANAGER)
    assert len(told) == 3
    assert all("could not be sent" in said and "no such table" not in said for said in told)
    assert ["paused" in said for said in told] == [False, False, True]
    held = office.held(made)
    assert (held.state, held.failures) == ("paused", 3)
    found = digests.condition(office.store, timedelta(minutes=30), timedelta(days=1))
    assert (found.failed, found.paused_by_failures, found.overdue) == (3, 1, 0)


def test_a_success_ends_the_row_of_failures(plain_office: PostOffice) -> None:
    plain_office.desk.trouble = RuntimeError("down")
    made = plain_office.subscribe()
    plain_office.run()
    plain_office.desk.trouble = None
    plain_office.make_due(made, ago=timedelta(0))
    plain_office.run()
    assert (plain_office.held(made).failures, plain_office.held(made).last_error) == (0, None)


def test_paused_between_due_and_sent_it_is_not_sent(office: PostOffice) -> None:
    made = office.subscribe()
    office.desk.trouble = RuntimeError("for now")
    office.worker.step(busy=False)
    office.desk.trouble = None
    subscriptions.pause(office.store, made.subscription_id)
    office.run()
    assert office.said() == []
    assert [(row.state, row.reason) for row in office.digests()] == [("skipped", "paused")]


def test_a_pause_that_ends_lets_it_be_sent_again(plain_office: PostOffice) -> None:
    made, until = plain_office.subscribe(), datetime.now(UTC).date() + timedelta(days=30)
    subscriptions.pause(plain_office.store, made.subscription_id, until=until)
    begins = plain_office.held(made).next_due_at
    assert begins is not None
    assert begins.date() >= until
    plain_office.make_due(made)
    plain_office.run()
    assert len(plain_office.said(MANAGER)) == 1
    assert plain_office.held(made).state == "active"


def test_without_its_audit_row_nothing_is_sent(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    office.subscribe()

    def full(*_: object, **__: object) -> int:
        raise OperationalError("INSERT INTO audit", {}, Exception("disk full"))

    monkeypatch.setattr(audit, "append", full)
    office.worker.step(busy=False)
    assert office.said() == []
    assert [row.state for row in office.digests()] == ["due"]


def test_slack_that_refuses_the_blocks_gets_the_words(plain_office: PostOffice) -> None:
    plain_office.subscribe()
    plain_office.fake.faults.add(Fault("error", "chat.postMessage", "invalid_blocks", times=1))
    plain_office.run()
    (post,) = plain_office.fake.space.posts(MANAGER)
    assert "Revenue is down." in post["text"]


def test_a_reply_under_a_digest_goes_on_from_it(plain_office: PostOffice) -> None:
    from assistant.store.conversations import recall

    plain_office.subscribe()
    plain_office.run()
    (post,) = plain_office.fake.space.posts(MANAGER)
    (turn,) = recall(plain_office.store, f"T0FAKE:{post['channel']}:{post['ts']}", "P002")
    assert turn.plan["kind"] == "summary"


def test_questions_come_first_but_do_not_keep_digests_for_ever(plain_office: PostOffice) -> None:
    for number in range(3):
        plain_office.subscribe(schedule={**WEEKLY, "at": f"1{number}:00"})
    assert [plain_office.worker.step(busy=True) for _ in range(3)] == [True, True, True]


def test_what_a_dead_worker_held_is_free_again(office: PostOffice) -> None:
    from assistant.store import sendings

    office.subscribe()
    digests.look_for_due(office.store, WEEKDAYS)
    assert sendings.claim(office.store, "worker:dead", timedelta(minutes=5)) is not None
    assert sendings.claim(office.store, "worker:other", timedelta(minutes=5)) is None
    assert digests.release(office.store, "worker:dead") == 1
    held = sendings.claim(office.store, "worker:other", timedelta(minutes=5))
    assert held is not None
    assert held.attempts == 2


def test_a_desk_that_does_not_come_back_leaves_it_for_another_try(plain_office: PostOffice) -> None:
    patience = replace(SOON, desk_limit=timedelta(seconds=0.2), lease=timedelta(seconds=0.3))
    plain_office.subscribe()
    plain_office.desk.takes = 1.0
    with pytest.raises(DeskStuck):
        plain_office.hired(patience=patience).step(busy=False)
    plain_office.desk.takes = 0.0
    plain_office.run(plain_office.hired())
    assert len(plain_office.said(MANAGER)) == 1
    assert [(row.state, row.attempts) for row in plain_office.digests()] == [("sent", 2)]


def test_a_slow_answer_is_nobody_else_s_to_send(plain_office: PostOffice) -> None:
    patience = replace(SOON, lease=timedelta(seconds=0.5))
    plain_office.subscribe()
    plain_office.desk.takes = 1.5
    slow = Thread(target=plain_office.run, args=(plain_office.hired(patience=patience),))
    slow.start()
    other = plain_office.hired(plain_office.opened())
    while slow.is_alive():
        other.step(busy=False)
        slow.join(0.05)
    assert len(plain_office.said(MANAGER)) == 1
    assert [(row.state, row.attempts) for row in plain_office.digests()] == [("sent", 1)]


def test_recurring_work_is_done_by_one_process_and_never_stops_the_sending(office: PostOffice) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise RuntimeError("no data yet")

    chores = (
        Chore("fail", timedelta(hours=1), fail),
        Chore("issue", timedelta(hours=1), lambda: done.append("issued")),
    )
    office.subscribe()
    for worker in (office.hired(chores=chores), office.hired(office.opened(timedelta(days=2)), chores)):
        office.run(worker)
    assert done == ["failed", "issued"]
    assert len(office.said(MANAGER)) == 1


def test_a_subscription_nobody_looks_after_is_overdue(plain_office: PostOffice) -> None:
    plain_office.subscribe(ago=timedelta(hours=2))
    found = digests.condition(plain_office.store, timedelta(minutes=30), timedelta(days=1))
    assert (found.active, found.overdue, found.last_looked) == (1, 1, None)
    plain_office.run()
    found = digests.condition(plain_office.store, timedelta(minutes=30), timedelta(days=1))
    assert (found.overdue, found.waiting) == (0, 0)
    assert found.last_looked is not None
