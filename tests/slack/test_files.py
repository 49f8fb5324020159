"""An answer wanted as a file: its first line is the message, the file follows to the same place, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from office import Office, wait_until

from assistant.slack.fake.faults import Fault

REP = "U0R001"
pytestmark = pytest.mark.xdist_group("slack-web")


@pytest.fixture
def office(http_office: Office) -> Iterator[Office]:
    """The HTTP office, its app allowed to upload files."""
    granted = http_office.fake.api.scopes
    http_office.fake.api.scopes = granted | {"files:write"}
    yield http_office
    http_office.settled(20)
    http_office.fake.api.scopes = granted


def files(office: Office) -> list[dict[str, Any]]:
    return [post for post in office.posts() if "files" in post]


def test_the_file_follows_the_first_line_into_the_thread(office: Office) -> None:
    said, _ = office.fake.people.say(REP, "@leadline summary as pdf", "sales")
    answer, upload = office.wait_for_posts(2)
    office.settled()
    assert answer["text"] == "Weekly summary"
    assert "in full" not in str(answer)
    assert answer["thread_ts"] == upload["thread_ts"] == said["ts"]
    (file,) = upload["files"]
    assert (file["name"], file["title"]) == ("leadline-summary.pdf", "Weekly summary")
    assert (office.fake.space.files[file["id"]].content or b"").startswith(b"%PDF")


def test_the_file_of_a_private_answer_goes_to_the_asker_alone(office: Office) -> None:
    office.fake.people.say(REP, "@leadline my summary as pdf", "sales")
    office.wait_for_posts(3)
    office.settled()
    direct = office.fake.space.direct(REP).id
    assert [post["channel"] for post in files(office)] == [direct]
    assert len(office.posts("sales")) == 1


def test_a_file_is_not_whispered_into_a_channel(office: Office) -> None:
    office.fake.people.command(REP, "/leadline", "summary as pdf", "sales").result()
    office.wait_for_posts(2)
    office.settled()
    assert [post["channel"] for post in files(office)] == [office.fake.space.direct(REP).id]


def test_an_upload_that_fails_at_first_is_tried_again_and_sent_once(office: Office) -> None:
    office.fake.faults.add(Fault("down", "files.completeUploadExternal", "1", times=1))
    office.fake.people.say(REP, "summary as pdf")
    wait_until(lambda: files(office))
    office.settled()
    assert len(office.posts()) == 2


def test_without_the_right_to_upload_the_whole_answer_is_told_instead(office: Office) -> None:
    office.fake.api.scopes = office.fake.api.scopes - {"files:write"}
    office.fake.people.say(REP, "summary as pdf")
    first, whole = office.wait_for_posts(2)
    office.settled()
    assert first["text"] == "Weekly summary"
    assert "in full" in str(whole)
    assert files(office) == []
