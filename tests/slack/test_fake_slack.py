"""The fake Slack itself: it must refuse what Slack refuses, or the other tests prove nothing."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from office import PEOPLE, SECRET, wait_until
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.bolt import SlackRefused, build_bolt
from assistant.slack.client import slack_client
from assistant.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack
from assistant.slack.fake.faults import Fault
from assistant.slack.socket import connect_socket


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeSlack]:
    with FakeSlack(PEOPLE, SECRET, pauses=()) as running:
        running.api.scopes |= {"files:write"}
        yield running


@pytest.fixture
def slack(fake: FakeSlack) -> WebClient:
    fake.faults.clear()
    return WebClient(token=BOT_TOKEN, base_url=fake.api_url)


def control(fake: FakeSlack, name: str, given: dict[str, Any] | None = None) -> Any:
    data = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(f"{fake.url}/_fake/{name}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.loads(answer.read())


def test_it_says_who_the_bot_is(slack: WebClient) -> None:
    assert slack.auth_test()["user_id"] == "U0LEADLINE"


@pytest.mark.parametrize(
    ("method", "given", "error"),
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "sales"}, "no_text"),
        ("chat.postMessage", {"channel": "sales", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "sales", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "sales", "text": "x", "blocks": '[{"type":"nonsense"}]'}, "invalid_blocks"),
        ("chat.update", {"channel": "sales", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "sales", "user": "U404", "text": "x"}, "user_not_in_channel"),
        ("conversations.open", {"users": "U404"}, "user_not_found"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@demo.example"}, "users_not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("reactions.add", {"channel": "sales", "timestamp": "1.1", "name": "eyes"}, "missing_scope"),
        ("admin.users.list", {}, "unknown_method"),
        ("files.getUploadURLExternal", {"filename": "x.png"}, "missing_argument"),
        ("files.getUploadURLExternal", {"filename": "x.png", "length": 0}, "missing_argument"),
        ("files.getUploadURLExternal", {"filename": "x.png", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ("files.getUploadURLExternal", {"filename": "x.png", "length": 2 * 10**9}, "file_upload_size_restricted"),
        ("files.completeUploadExternal", {"files": "{"}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": "[]"}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": '[{"id": "F404"}]'}, "file_not_found"),
        ("files.completeUploadExternal", {"files": '[{"id": "F404"}]', "channel_id": "#sales"}, "channel_not_found"),
    ],
)
def test_it_refuses_what_slack_refuses(slack: WebClient, method: str, given: dict[str, Any], error: str) -> None:
    with pytest.raises(SlackApiError) as refusal:
        slack.api_call(method, params=given)
    assert refusal.value.response["error"] == error


def test_a_channel_the_bot_is_not_in_is_refused(fake: FakeSlack, slack: WebClient) -> None:
    place = fake.space.conversation("general")
    place.members.discard("U0LEADLINE")
    with pytest.raises(SlackApiError, match="not_in_channel"):
        slack.chat_postMessage(channel="general", text="x")
    place.members.add("U0LEADLINE")


def test_messages_are_updated_and_deleted(fake: FakeSlack, slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel="sales", text="first", blocks=[{"type": "divider"}])["ts"]
    place = fake.space.conversation("sales")
    slack.chat_update(channel=place.id, ts=ts, text="second")
    assert fake.space.find(place, ts)["text"] == "second"
    assert "blocks" not in fake.space.find(place, ts)
    slack.chat_delete(channel=place.id, ts=ts)
    assert fake.space.posts("sales") == []


def test_an_uploaded_picture_is_a_message_in_its_thread(fake: FakeSlack, slack: WebClient) -> None:
    channel = fake.space.conversation("sales").id
    ts = slack.chat_postMessage(channel=channel, text="first")["ts"]
    picture = {"content": b"\x89PNG", "filename": "revenue.png", "title": "Revenue", "alt_txt": "revenue by month"}
    slack.files_upload_v2(file_uploads=[picture], channel=channel, thread_ts=ts)
    shared = fake.space.posts("sales")[-1]
    assert shared["thread_ts"] == ts
    assert [(file["title"], file["alt_txt"]) for file in shared["files"]] == [("Revenue", "revenue by month")]
    with urllib.request.urlopen(f"{fake.url}/_fake/files/{shared['files'][0]['id']}", timeout=5) as answer:
        assert (answer.headers["content-type"], answer.read()) == ("image/png", b"\x89PNG")
    slack.chat_delete(channel=channel, ts=ts)
    slack.chat_delete(channel=channel, ts=shared["ts"])


def test_a_file_is_shared_once_and_only_when_it_was_uploaded_whole(fake: FakeSlack, slack: WebClient) -> None:
    channel = fake.space.conversation("sales").id
    given = slack.files_getUploadURLExternal(filename="x.png", length=4)
    files = [{"id": given["file_id"]}]
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(given["upload_url"], b"too long", timeout=5)
    with pytest.raises(SlackApiError, match="file_not_found"):
        slack.files_completeUploadExternal(files=files, channel_id=channel)
    urllib.request.urlopen(given["upload_url"], b"1234", timeout=5).close()
    slack.files_completeUploadExternal(files=files, channel_id=channel)
    with pytest.raises(SlackApiError, match="file_not_found"):
        slack.files_completeUploadExternal(files=files, channel_id=channel)
    fake.space.conversation("sales").messages.clear()


def test_files_need_a_right_of_their_own(fake: FakeSlack, slack: WebClient) -> None:
    granted = fake.api.scopes
    fake.api.scopes = granted - {"files:write"}
    try:
        with pytest.raises(SlackApiError, match="missing_scope"):
            slack.files_getUploadURLExternal(filename="x.png", length=4)
    finally:
        fake.api.scopes = granted


def test_a_limit_names_the_seconds_to_wait(fake: FakeSlack, slack: WebClient) -> None:
    fake.faults.add(Fault("limited", "chat.postMessage", "7", times=1))
    with pytest.raises(SlackApiError) as refusal:
        slack.chat_postMessage(channel="sales", text="x")
    assert (refusal.value.response.status_code, refusal.value.response.headers["retry-after"]) == (429, "7")


def test_a_bad_token_is_told_at_the_start_without_the_token(fake: FakeSlack) -> None:
    with pytest.raises(SlackRefused, match="invalid_auth") as refusal:
        build_bolt(slack_client("xoxb-wrong", fake.api_url), None)  # type: ignore[arg-type]
    assert "xoxb" not in str(refusal.value)


def test_a_slack_out_of_reach_is_told_at_the_start() -> None:
    with pytest.raises(SlackRefused, match="cannot be reached"):
        build_bolt(slack_client(BOT_TOKEN, "http://127.0.0.1:1/api/"), None)  # type: ignore[arg-type]


def test_a_wrong_app_token_is_told_at_the_start(fake: FakeSlack) -> None:
    bolt = build_bolt(slack_client(BOT_TOKEN, fake.api_url), None)  # type: ignore[arg-type]
    with pytest.raises(SlackRefused, match="app-level token"):
        connect_socket(bolt, "xoxb-not-an-app-token", fake.api_url)
    handler = connect_socket(bolt, APP_TOKEN, fake.api_url)
    wait_until(lambda: fake.delivery.links)
    handler.close()  # type: ignore[no-untyped-call]


def test_it_is_steered_over_http(fake: FakeSlack) -> None:
    said = control(fake, "say", {"user": "U0R001", "text": "@leadline hello", "channel": "sales"})
    shown = control(fake, "state?user=U0R001")
    assert said["ts"] in json.dumps(shown["conversations"])
    assert shown["commands"] == ["/leadline"]
    assert control(fake, "faults", {"kind": "down"}) == {"ok": True}
    assert control(fake, "clear", {}) == {"ok": True}
    with pytest.raises(urllib.error.HTTPError, match="400"):
        control(fake, "say", {"user": "U0R001"})


def test_its_page_needs_nothing_from_elsewhere(fake: FakeSlack) -> None:
    with urllib.request.urlopen(fake.url, timeout=5) as answer:
        page = answer.read().decode()
    assert "<title>" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
