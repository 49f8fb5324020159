"""Slack limits, is slow, is down, refuses; workers die; the desk fails: no question is lost, none is answered twice."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest
from office import Office, wait_until
from sqlalchemy import select, text

from assistant.slack.fake.faults import Fault
from assistant.store import inbox
from assistant.store.audit import verify
from assistant.store.tables import Audit, Delivery, Inbox

REP = "U0R001"
pytestmark = pytest.mark.xdist_group("slack-web")


def test_a_limit_is_waited_out(http_office: Office) -> None:
    http_office.fake.faults.add(Fault("limited", "chat.postMessage", "1", times=1))
    began = time.monotonic()
    http_office.fake.people.say(REP, "hello")
    http_office.wait_for_posts(1)
    assert time.monotonic() - began >= 1.0
    http_office.settled()
    assert len(http_office.posts()) == 1


def test_a_long_limit_lets_others_be_served_first(http_office: Office) -> None:
    http_office.fake.faults.add(Fault("limited", "chat.postMessage", "3", times=1))
    http_office.fake.people.say(REP, "limited")
    wait_until(lambda: http_office.calls("chat.postMessage"))
    http_office.fake.people.say("U0M001", "not limited")
    first, second = http_office.wait_for_posts(2)
    assert "not limited" in first["text"]
    assert second["at"] - first["at"] > 2
    assert len(http_office.calls("chat.postMessage")) == 3


def test_an_eager_asker_is_paced_and_keeps_nobody_waiting(http_office: Office) -> None:
    http_office.fake.api.paced = True
    try:
        for number in range(5):
            for delivery in http_office.fake.people.say(REP, f"question {number}")[1]:
                delivery.result()
        patient, _ = http_office.fake.people.say("U0M001", "only this one")
        http_office.settled(20)
    finally:
        http_office.fake.api.paced = False
    (answer,) = http_office.posts(http_office.fake.space.direct("U0M001").id)
    assert answer["at"] - patient["at"] < 1.0
    answers = [answer["text"] for answer in http_office.posts(http_office.fake.space.direct(REP).id)]
    assert re.findall(r"question \d", " ".join(sorted(answers))) == [f"question {number}" for number in range(5)]


def test_a_slow_slack_delays_the_answer_and_not_the_acknowledgement(http_office: Office) -> None:
    http_office.fake.faults.add(Fault("slow", "chat.postMessage", "1.5", times=1))
    _, (delivery,) = http_office.fake.people.say(REP, "hello")
    assert delivery.result().took_ms < 500
    assert http_office.posts() == []
    assert len(http_office.wait_for_posts(1)) == 1


@pytest.mark.parametrize("kind", ["down", "reset", "shapeless"])
def test_what_slack_did_not_take_is_sent_when_it_is_back(http_office: Office, kind: str) -> None:
    http_office.fake.faults.add(Fault(kind, "*"))  # type: ignore[arg-type]
    _, (delivery,) = http_office.fake.people.say("U0M001", f"are you {kind}")
    assert delivery.result().status == 200
    wait_until(lambda: http_office.fake.space.calls)
    time.sleep(0.3)
    assert http_office.posts() == []
    http_office.fake.faults.clear()
    http_office.wait_for_posts(1)
    http_office.settled()
    assert len(http_office.posts()) == 1


def test_refused_blocks_are_sent_again_as_text(http_office: Office) -> None:
    http_office.fake.people.say(REP, "something ugly")
    (answer,) = http_office.wait_for_posts(1)
    assert "blocks" not in answer
    assert "something ugly" in answer["text"]
    assert len(http_office.calls("chat.postMessage")) == 2


def test_refused_blocks_of_a_whisper_are_sent_again_as_text(http_office: Office) -> None:
    http_office.fake.people.command(REP, "/leadline", "something ugly", "sales")
    (answer,) = http_office.wait_for_posts(1)
    assert "blocks" not in answer
    assert answer["ephemeral_to"] == REP


def test_what_was_sent_before_slack_failed_is_not_sent_again(http_office: Office) -> None:
    http_office.fake.faults.add(Fault("down", "response_url", times=1))
    http_office.fake.people.command(REP, "/leadline", "my leads", "sales").result()
    http_office.wait_for_posts(2)
    http_office.settled()
    private, line = http_office.posts()
    assert "my leads" in private["text"]
    assert line["ephemeral_to"] == REP
    assert len(http_office.calls("chat.postMessage")) == 1


def test_a_reply_address_that_expired_is_replaced_by_a_direct_message(http_office: Office) -> None:
    http_office.fake.people.command(REP, "/leadline", "a slow question", "sales").result()
    http_office.fake.space.replies.clear()
    (answer,) = http_office.wait_for_posts(1)
    assert answer["channel"] == http_office.fake.space.direct(REP).id


def test_a_channel_that_cannot_be_written_to_is_replaced_by_a_direct_message(http_office: Office) -> None:
    http_office.fake.faults.add(Fault("error", "chat.postMessage", "is_archived", times=1))
    http_office.fake.people.say(REP, "@leadline hello", "sales")
    assert http_office.wait_for_posts(1)[0]["channel"] == http_office.fake.space.direct(REP).id


def test_a_placeholder_that_somebody_deleted_is_replaced_by_a_new_message(http_office: Office) -> None:
    http_office.fake.people.say(REP, "a slow one")
    (placeholder,) = http_office.wait_for_posts(1)
    http_office.fake.space.direct(REP).messages.pop()
    http_office.settled()
    (answer,) = http_office.posts()
    assert answer["ts"] != placeholder["ts"]
    assert "a slow one" in answer["text"]


def test_our_fault_is_told_with_a_reference_and_nothing_else(http_office: Office) -> None:
    http_office.fake.people.say(REP, "fault please")
    (answer,) = http_office.wait_for_posts(1)
    http_office.settled()
    reference = re.search(r"\b[0-9A-F]{8}\b", answer["text"])
    assert reference is not None
    assert "customers_x" not in answer["text"]
    log = (http_office.home / "worker.log").read_text()
    assert reference[0] in log
    assert "customers_x" in log
    with http_office.store.reading() as session:
        assert (
            session.execute(select(Inbox.reference).order_by(Inbox.inbox_id.desc()).limit(1)).scalar() == reference[0]
        )


def test_no_token_reaches_a_log(http_office: Office) -> None:
    http_office.fake.people.say(REP, "hello")
    http_office.wait_for_posts(1)
    assert "xoxb-" not in (http_office.home / "worker.log").read_text()


def test_a_worker_killed_while_it_answers_is_replaced_and_the_question_answered(http_office: Office) -> None:
    (http_office.home / "died").unlink(missing_ok=True)
    before = set(http_office.workers.pids())
    http_office.fake.people.say(REP, "@leadline deadly", "sales")
    http_office.wait_for_posts(1)
    http_office.settled()
    assert len(http_office.posts()) == 1
    wait_until(lambda: len(http_office.workers.pids()) == 2)
    assert set(http_office.workers.pids()) != before


def test_a_question_that_kills_every_worker_is_given_up_politely(tmp_path: Path) -> None:
    with Office(tmp_path, workers=1) as office:
        office.fake.people.say(REP, "poison")
        (answer,) = office.wait_for_posts(1, seconds=30)
        assert "could not answer this after several tries" in answer["text"]
        office.settled()
        assert inbox.counts(office.store, ["dead"]) == {"dead": 1}
        office.fake.people.say(REP, "and now?")
        assert "and now?" in office.wait_for_posts(2)[1]["text"]


def test_a_frozen_worker_is_overtaken_and_says_nothing_when_it_thaws(tmp_path: Path) -> None:
    with Office(tmp_path, workers=2, lease_seconds=2.0) as office:
        office.fake.people.say(REP, "a slow one")
        (placeholder,) = office.wait_for_posts(1)
        wait_until(lambda: noted(office, "placeholder"))  # not while it writes: SQLite has one pen
        with office.store.reading() as session:
            frozen = int(str(session.execute(select(Inbox.worker)).scalar_one()).rpartition(":")[2])
        os.kill(frozen, signal.SIGSTOP)
        office.settled(15)
        os.kill(frozen, signal.SIGCONT)
        wait_until(lambda: "no longer held" in (tmp_path / "worker.log").read_text())
        (answer,) = office.posts()
        assert answer["ts"] == placeholder["ts"]
        assert "a slow one" in answer["text"]


def test_an_answer_is_not_sent_when_its_audit_row_cannot_be_written(tmp_path: Path) -> None:
    with Office(tmp_path, workers=1) as office:
        with office.store.writing() as session:
            session.execute(text("ALTER TABLE audit_head RENAME TO audit_head_lost"))
        office.fake.people.say(REP, "hello")
        time.sleep(1.0)
        assert office.posts() == []
        with office.store.writing() as session:
            session.execute(text("ALTER TABLE audit_head_lost RENAME TO audit_head"))
        office.wait_for_posts(1)


def test_a_question_that_cannot_be_stored_is_delivered_again(tmp_path: Path) -> None:
    with Office(tmp_path, workers=1) as office:
        with office.store.writing() as session:
            session.execute(text("ALTER TABLE inbox RENAME TO inbox_lost"))
        _, (delivery,) = office.fake.people.say(REP, "hello")
        wait_until(lambda: office.fake.delivery.attempts)
        with office.store.writing() as session:
            session.execute(text("ALTER TABLE inbox_lost RENAME TO inbox"))
        assert delivery.result().status == 200
        assert office.fake.delivery.attempts[0].status == 500
        assert len(office.wait_for_posts(1)) == 1


def test_slack_moving_the_socket_loses_nothing(tmp_path: Path) -> None:
    with Office(tmp_path, workers=1, socket_mode=True) as office:
        office.fake.people.say(REP, "before")
        office.wait_for_posts(1)
        office.fake.delivery.links[0].tell({"type": "disconnect", "reason": "refresh_requested"})
        office.fake.people.say(REP, "after")
        answers = office.wait_for_posts(2, seconds=15)
        assert ["before" in answers[0]["text"], "after" in answers[1]["text"]] == [True, True]


def noted(office: Office, part: str) -> bool:
    with office.store.reading() as session:
        return session.execute(select(Delivery).where(Delivery.part == part)).first() is not None


def test_everything_decided_here_stands_in_an_unbroken_chain(http_office: Office) -> None:
    with http_office.store.reading() as session:
        assert session.execute(select(Audit.seq).order_by(Audit.seq.desc()).limit(1)).scalar_one() > 0
        assert verify(session) is None
