"""The gate in front of everything Slack sends: size, then signature, then shape.

Nothing behind it sees a bad request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 1_000_000
CLOCK_SECONDS = 300
NESTING = 64
READ_SECONDS = 10


class SlackGate:
    """Lets through only requests that Slack signed within five minutes of `now` (epoch seconds).

    413 for a body over 1 MB, 408 for one that does not arrive, 401 for any fault of timestamp or signature, 400 for a
    signed body that is no JSON object or form. The secret is compared in constant time.
    """

    def __init__(self, app: ASGIApp, signing_secret: str, now: Callable[[], float]) -> None:
        if not signing_secret:
            raise ValueError("the gate needs Slack's signing secret")
        self._app = app
        self._secret = signing_secret.encode()
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        headers = dict(reversed(scope["headers"]))
        body = b""
        with anyio.move_on_after(READ_SECONDS) as reading:
            body, whole = await _read(receive)
        if reading.cancelled_caught:
            await _refuse(send, 408)
        elif not whole:
            await _refuse(send, 413)
        elif not self._signed(headers, body):
            await _refuse(send, 401)
        elif not well_formed(headers.get(b"content-type", b""), body):
            await _refuse(send, 400)
        else:
            await self._app(scope, _replay(body, receive), send)

    def _signed(self, headers: dict[bytes, bytes], body: bytes) -> bool:
        stamp = headers.get(b"x-slack-request-timestamp", b"")
        if not stamp.isdigit() or len(stamp) > 12 or abs(self._now() - int(stamp)) > CLOCK_SECONDS:
            return False
        expected = b"v0=" + hmac.new(self._secret, b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest().encode()
        return hmac.compare_digest(expected, headers.get(b"x-slack-signature", b""))


_COMMAND_NEEDS = ("team_id", "channel_id", "user_id", "trigger_id")


def well_formed(content_type: bytes, body: bytes) -> bool:
    """Whether a body is what Slack sends: a JSON object, or a form whose payload, if any, is one; not too deep."""
    try:
        text = body.decode()
        if content_type.startswith(b"application/json"):
            return _shallow_object(text) and isinstance(json.loads(text).get("event", {}), dict)
        if not content_type.startswith(b"application/x-www-form-urlencoded"):
            return False
        form = parse_qs(text, max_num_fields=200)
        if "command" in form:
            return all(name in form for name in _COMMAND_NEEDS)
        return "payload" not in form or _shallow_object(form["payload"][0])
    except (ValueError, RecursionError):
        return False


def _shallow_object(text: str) -> bool:
    parsed = json.loads(text)
    level: list[Any] = [parsed]
    for _ in range(NESTING):
        level = [child for node in level for child in _children(node)]
        if not level:
            return isinstance(parsed, dict)
    return False


def _children(node: Any) -> list[Any]:
    inside = list(node.values()) if isinstance(node, dict) else node
    return [child for child in inside if isinstance(child, (dict, list))] if isinstance(inside, list) else []


async def _read(receive: Receive) -> tuple[bytes, bool]:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_BYTES:
            return b"", False
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return body, True


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
