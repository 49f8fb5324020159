"""Only what Slack signed gets in, over real HTTP; whatever else comes is turned away without a stack trace."""

from __future__ import annotations

import http.client
import json
import time
from urllib.parse import urlencode, urlsplit

import anyio
import pytest
from office import SECRET, Office
from sqlalchemy import func, select
from starlette.types import Message, Receive, Scope, Send

from assistant.slack import gate
from assistant.slack.fake.delivery import send, signature
from assistant.store.tables import Inbox

pytestmark = pytest.mark.xdist_group("slack-web")
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
BODY = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}).encode()


def test_slacks_check_of_the_address_is_answered(http_office: Office) -> None:
    status, reply = send(http_office.app_url, BODY, JSON | signature(SECRET, BODY))
    assert (status, json.loads(reply)) == (200, {"challenge": "3eZbrw1a"})


@pytest.mark.parametrize("stamp", ["", "abc", "1.5", "nan", "9" * 5000, "-1", "٣٤٥", "1e9", "0x10", " 1", "inf"])
def test_a_timestamp_that_is_none_is_turned_away(http_office: Office, stamp: str) -> None:
    headers = JSON | signature(SECRET, BODY) | {"x-slack-request-timestamp": stamp.encode().decode("latin-1")}
    assert send(http_office.app_url, BODY, headers)[0] == 401


@pytest.mark.parametrize("mark", ["", "v0=", "v0=abc", "v1=" + "0" * 64, "签名", "v0=" + "é" * 64, "x" * 9000])
def test_a_signature_that_is_wrong_is_turned_away(http_office: Office, mark: str) -> None:
    headers = JSON | signature(SECRET, BODY) | {"x-slack-signature": mark.encode().decode("latin-1")}
    assert send(http_office.app_url, BODY, headers)[0] == 401


@pytest.mark.parametrize("missing", ["x-slack-signature", "x-slack-request-timestamp"])
def test_an_unsigned_request_is_turned_away(http_office: Office, missing: str) -> None:
    headers = JSON | signature(SECRET, BODY)
    del headers[missing]
    assert send(http_office.app_url, BODY, headers)[0] == 401


@pytest.mark.parametrize("age", [-400, 400, 86_400])
def test_an_old_or_future_request_is_turned_away(http_office: Office, age: int) -> None:
    assert send(http_office.app_url, BODY, JSON | signature(SECRET, BODY, time.time() - age))[0] == 401


def test_a_request_of_four_minutes_ago_is_still_good(http_office: Office) -> None:
    assert send(http_office.app_url, BODY, JSON | signature(SECRET, BODY, time.time() - 240))[0] == 200


def test_a_signature_of_another_secret_is_turned_away(http_office: Office) -> None:
    assert send(http_office.app_url, BODY, JSON | signature("another secret", BODY))[0] == 401


def test_a_changed_body_is_turned_away(http_office: Office) -> None:
    assert send(http_office.app_url, BODY + b" ", JSON | signature(SECRET, BODY))[0] == 401


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, b"not json"),
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b'"text"'),
        (JSON, b"\xff\xfe"),
        (JSON, b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        (JSON, b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"),
        (JSON, b'{"a": ' + b"9" * 5000 + b"}"),
        (JSON, b'{"type": "event_callback", "event": null}'),
        (JSON, b'{"type": "event_callback", "event": [1]}'),
        (FORM, urlencode({"command": "/leadline", "text": "help"}).encode()),
        (FORM, urlencode({"payload": "not json"}).encode()),
        (FORM, urlencode({"payload": "[" * 50_000}).encode()),
        (FORM, urlencode({"payload": "[]"}).encode()),
        ({"content-type": "text/plain"}, b"{}"),
        ({}, b"{}"),
    ],
)
def test_a_signed_body_that_slack_would_not_send_is_a_bad_request(
    http_office: Office, headers: dict[str, str], body: bytes
) -> None:
    assert send(http_office.app_url, body, headers | signature(SECRET, body))[0] == 400


def test_a_body_over_a_megabyte_is_not_read_to_its_end(http_office: Office) -> None:
    parts = urlsplit(http_office.app_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    body = b'{"a":"' + b"x" * 1_100_000 + b'"}'
    try:
        connection.request("POST", parts.path, body, JSON | signature(SECRET, body))
        assert connection.getresponse().status == 413
    finally:
        connection.close()


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": "message"},
        {"type": "message", "channel": "C0000", "user": "U0R001"},
        {"type": "app_mention", "channel": "C0000", "ts": "1.2"},
        {"type": "team_join", "user": {"id": "U1"}},
        {
            "type": "message",
            "channel": "D00R001",
            "user": "U0R001",
            "ts": "7.1",
            "text": None,
            "subtype": "channel_join",
        },
    ],
)
def test_a_signed_event_that_asks_nothing_stores_nothing(http_office: Office, event: dict[str, object]) -> None:
    with http_office.store.reading() as session:
        before = session.execute(select(func.count()).select_from(Inbox)).scalar_one()
    body = json.dumps({"type": "event_callback", "team_id": "T0FAKE", "event_id": "EvX", "event": event}).encode()
    assert send(http_office.app_url, body, JSON | signature(SECRET, body))[0] < 500
    with http_office.store.reading() as session:
        assert session.execute(select(func.count()).select_from(Inbox)).scalar_one() == before


def test_text_that_a_database_refuses_is_still_answered(http_office: Office) -> None:
    text = "nul \x00 half \ud83d bell \x07 right-to-left \u202e and 10,000 letters " + "x" * 10_000
    event = {"type": "message", "channel": "D00R001", "channel_type": "im", "user": "U0R001", "ts": "8.1", "text": text}
    http_office.fake.space.direct("U0R001")
    http_office.fake.people.event(event)
    assert len(http_office.wait_for_posts(1)) == 1


def test_the_health_check_tells_how_many_questions_wait(http_office: Office) -> None:
    parts = urlsplit(http_office.app_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["ok"]) == (200, True)
    connection.close()


def test_a_body_that_does_not_arrive_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Message] = []

    async def never() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def tell(message: Message) -> None:
        told.append(message)

    async def behind(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("nothing gets in")

    monkeypatch.setattr(gate, "READ_SECONDS", 0.05)
    door = gate.SlackGate(behind, SECRET, time.time)
    anyio.run(door, {"type": "http", "method": "POST", "headers": []}, never, tell)
    assert told[0]["status"] == 408
