"""Pictures follow their answer to where it stands, once; an answer is never lost to its picture."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from office import Office, wait_until
from sqlalchemy import select

from assistant.slack.fake.faults import Fault
from assistant.store import inbox
from assistant.store.tables import Delivery, Inbox

REP = "U0R001"
PNG = b"\x89PNG\r\n\x1a\n"
pytestmark = pytest.mark.xdist_group("slack-web")


@pytest.fixture
def office(http_office: Office) -> Iterator[Office]:
    """The HTTP office, its app allowed to upload files."""
    granted = http_office.fake.api.scopes
    http_office.fake.api.scopes = granted | {"files:write"}
    yield http_office
    http_office.settled(20)
    http_office.fake.api.scopes = granted


def delivered(office: Office) -> dict[str, str]:
    """The parts of the last question that reached Slack, and where."""
    with office.store.reading() as session:
        last = select(Delivery.inbox_id).order_by(Delivery.inbox_id.desc()).limit(1).scalar_subquery()
        rows = session.execute(select(Delivery.part, Delivery.channel).where(Delivery.inbox_id == last))
        return {row.part: row.channel for row in rows}


def pictures(office: Office) -> list[dict[str, Any]]:
    return [post for post in office.posts() if "files" in post]


def test_a_picture_follows_its_answer_in_the_thread(office: Office) -> None:
    said, _ = office.fake.people.say(REP, "@leadline trend", "sales")
    answer, picture = office.wait_for_posts(2)
    office.settled()
    assert "Revenue" in answer["text"]
    assert answer["thread_ts"] == picture["thread_ts"] == said["ts"]
    (file,) = picture["files"]
    assert (file["title"], file["alt_txt"], file["name"]) == ("Revenue by month", "revenue from M1 to M3", "kpi-1.png")
    assert (office.fake.space.files[file["id"]].content or b"").startswith(PNG)
    assert set(delivered(office)) == {"answer", "picture"}


def test_a_chart_that_slack_draws_itself_needs_no_picture(office: Office) -> None:
    office.fake.people.say(REP, "whole trend")
    (answer,) = office.wait_for_posts(1)
    office.settled()
    assert [block["type"] for block in answer["blocks"]] == ["section", "data_table", "data_visualization"]
    assert pictures(office) == []


def test_the_notice_of_an_answer_leaves_its_table_to_the_blocks(office: Office) -> None:
    office.fake.people.say(REP, "whole trend")
    (answer,) = office.wait_for_posts(1)
    assert answer["text"] == "*Revenue* for whole trend"


def test_the_picture_of_a_private_answer_goes_to_the_asker_alone(office: Office) -> None:
    office.fake.people.say(REP, "@leadline my trend", "sales")
    office.wait_for_posts(3)
    office.settled()
    direct = office.fake.space.direct(REP).id
    assert [post["channel"] for post in pictures(office)] == [direct]
    assert [post["text"] for post in office.posts("sales")] == [
        "I sent you the answer in a direct message: it is for you only."
    ]
    assert delivered(office)["picture"] == direct


def test_the_picture_of_a_whispered_answer_is_not_shown_to_the_channel(office: Office) -> None:
    office.fake.people.command(REP, "/leadline", "trend", "sales").result()
    office.wait_for_posts(2)
    office.settled()
    assert [post["ephemeral_to"] for post in office.posts("sales")] == [REP]
    assert [post["channel"] for post in pictures(office)] == [office.fake.space.direct(REP).id]


def test_the_picture_goes_along_when_the_channel_cannot_be_written_to(office: Office) -> None:
    office.fake.faults.add(Fault("error", "chat.postMessage", "is_archived", times=1))
    office.fake.people.say(REP, "@leadline trend", "sales")
    office.wait_for_posts(2)
    office.settled()
    assert {post["channel"] for post in office.posts()} == {office.fake.space.direct(REP).id}
    assert "thread_ts" not in pictures(office)[0]


STEPS = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        *((kind, method) for kind in ("down", "reset", "limited") for method in STEPS),
        ("shapeless", "files.getUploadURLExternal"),
        ("shapeless", "files.completeUploadExternal"),
    ],
)
def test_an_upload_that_fails_at_first_is_tried_again_and_nothing_doubled(
    office: Office, kind: str, method: str
) -> None:
    times = 2 if kind == "reset" else 1  # a broken connection is tried once more at once
    office.fake.faults.add(Fault(kind, method, "1", times=times))  # type: ignore[arg-type]
    office.fake.people.say(REP, "trend")
    wait_until(lambda: pictures(office))
    office.settled()
    assert len(office.posts()) == 2
    assert set(delivered(office)) == {"answer", "picture"}


def test_a_worker_that_dies_over_a_picture_is_replaced_and_the_answer_not_said_again(office: Office) -> None:
    office.fake.faults.add(Fault("slow", STEPS[0], "3", times=1))
    office.fake.people.say(REP, "trend")
    wait_until(lambda: office.calls(STEPS[0]))
    with office.store.reading() as session:
        worker = session.execute(select(Inbox.worker).where(Inbox.state == "claimed")).scalar_one()
    os.kill(int(str(worker).rpartition(":")[2]), signal.SIGKILL)
    wait_until(lambda: pictures(office))
    office.settled()
    assert len(office.posts()) == 2
    assert set(delivered(office)) == {"answer", "picture"}


@pytest.mark.parametrize("error", ["missing_scope", "file_uploads_disabled", "internal_error"])
def test_an_answer_stands_without_the_picture_that_slack_refuses(office: Office, error: str) -> None:
    office.fake.faults.add(Fault("error", "files.getUploadURLExternal", error))
    office.fake.people.say(REP, "trend")
    office.wait_for_posts(1)
    office.settled(20)
    assert [("Revenue" in post["text"], "files" in post) for post in office.posts()] == [(True, False)]
    assert set(delivered(office)) == {"answer"}
    assert inbox.counts(office.store, ["dead"]) == {"dead": 0}
    assert error in (office.home / "worker.log").read_text()


def test_the_next_question_is_answered_after_a_picture_was_refused(office: Office) -> None:
    office.fake.faults.add(Fault("error", "files.getUploadURLExternal", "missing_scope", times=1))
    office.fake.people.say(REP, "trend")
    office.wait_for_posts(1)
    office.fake.people.say(REP, "hello")
    assert "hello" in office.wait_for_posts(2)[1]["text"]


def test_a_slack_without_tables_and_charts_gets_the_table_as_text(office: Office) -> None:
    office.fake.faults.add(Fault("error", "chat.postMessage", "invalid_blocks", times=1))
    office.fake.people.say(REP, "whole trend")
    (answer,) = office.wait_for_posts(1)
    assert [block["type"] for block in answer["blocks"]] == ["section", "rich_text"]
    assert "M1     ¥3" in json.dumps(answer["blocks"], ensure_ascii=False)


def test_a_slack_that_refuses_every_block_gets_the_text(office: Office) -> None:
    office.fake.faults.add(Fault("error", "chat.postMessage", "invalid_blocks", times=2))
    office.fake.people.say(REP, "whole trend")
    (answer,) = office.wait_for_posts(1)
    assert "blocks" not in answer
    assert answer["text"].startswith("*Revenue* for whole trend\n\n```\nMonth  Revenue")
