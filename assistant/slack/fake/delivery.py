"""How the fake Slack hands events to the app: signed over HTTP, or over Socket Mode, with Slack's retries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from starlette.websockets import WebSocket

ACK_SECONDS = 3.0
RETRY_PAUSES = (0.0, 60.0, 300.0)
"""Slack delivers again at once, after one minute and after five."""

Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Attempt:
    """One try to hand a request over. `status` is 0 when nothing came back in time."""

    name: str
    retry: int
    status: int
    took_ms: float
    reply: bytes = b""


class Link:
    """One Socket Mode connection."""

    def __init__(self, socket: WebSocket, loop: asyncio.AbstractEventLoop) -> None:
        self._socket = socket
        self._loop = loop
        self._waiting: dict[str, Future[Any]] = {}

    def send(self, envelope: dict[str, Any]) -> Any:
        """Send an envelope and wait for its ack; the ack's payload. Raises NotYet when none comes in three seconds."""
        acked: Future[Any] = Future()
        self._waiting[envelope["envelope_id"]] = acked
        try:
            self.tell(envelope)
            return acked.result(ACK_SECONDS)
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    def tell(self, message: dict[str, Any]) -> None:
        """Send something that wants no ack."""
        asyncio.run_coroutine_threadsafe(self._socket.send_text(json.dumps(message)), self._loop).result(ACK_SECONDS)

    def heard(self, text: str) -> None:
        """Take an ack."""
        ack = json.loads(text)
        if (waiting := self._waiting.get(ack.get("envelope_id", ""))) and not waiting.done():
            waiting.set_result(ack.get("payload"))


class Delivery:
    """Hands requests to the app in threads of its own and remembers each attempt."""

    def __init__(self, app_url: str | None, signing_secret: str, pauses: tuple[float, ...] = RETRY_PAUSES) -> None:
        self.app_url = app_url
        self.signing_secret = signing_secret
        self.pauses = pauses
        self.links: list[Link] = []
        self.attempts: list[Attempt] = []
        self.lock = threading.Lock()
        self._turn = 0
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="fake-slack-delivery")
        self._closed = threading.Event()

    def close(self) -> None:
        """Give up what is still to be delivered."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def deliver(self, kind: Kind, name: str, body: dict[str, Any]) -> Future[Attempt]:
        """Hand `body` over; events are tried again until one is acknowledged. The last attempt comes back."""
        return self._threads.submit(self._deliver, kind, name, body)

    def _deliver(self, kind: Kind, name: str, body: dict[str, Any]) -> Attempt:
        pauses = (0.0, *self.pauses) if kind == "events_api" else (0.0,)
        attempt = Attempt(name, 0, 0, 0.0)
        for retry, pause in enumerate(pauses):
            if self._closed.wait(pause):
                break
            attempt = self._try(kind, name, body, retry)
            with self.lock:
                self.attempts.append(attempt)
            if attempt.status == 200:
                break
        return attempt

    def _try(self, kind: Kind, name: str, body: dict[str, Any], retry: int) -> Attempt:
        began = time.perf_counter()
        try:
            link = self._next_link()
            status, reply = self._over_link(link, kind, body, retry) if link else self._over_http(kind, body, retry)
        except (OSError, NotYet, RuntimeError, http.client.HTTPException):
            status, reply = 0, b""
        return Attempt(name, retry, status, (time.perf_counter() - began) * 1000, reply)

    def _next_link(self) -> Link | None:
        with self.lock:
            self._turn += 1
            return self.links[self._turn % len(self.links)] if self.links else None

    def _over_link(self, link: Link, kind: Kind, body: dict[str, Any], retry: int) -> tuple[int, bytes]:
        envelope = {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": body, "accepts_response_payload": True}
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        payload = link.send(envelope)
        return 200, json.dumps(payload).encode() if payload else b""

    def _over_http(self, kind: Kind, body: dict[str, Any], retry: int) -> tuple[int, bytes]:
        if self.app_url is None:
            raise ConnectionError("the app has no address and no socket is connected")
        content_type, raw = encoded(kind, body)
        headers = {"content-type": content_type, **signature(self.signing_secret, raw)}
        if retry:
            headers |= {"x-slack-retry-num": str(retry), "x-slack-retry-reason": "http_error"}
        return send(self.app_url, raw, headers)


def encoded(kind: Kind, body: dict[str, Any]) -> tuple[str, bytes]:
    """Content type and bytes as Slack sends them: JSON for events, forms for commands and buttons."""
    if kind == "events_api":
        return "application/json", json.dumps(body).encode()
    form = body if kind == "slash_commands" else {"payload": json.dumps(body)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def signature(secret: str, raw: bytes, at: float | None = None) -> dict[str, str]:
    """The two headers by which the app knows that Slack sent `raw` at `at` (epoch seconds, default now)."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def send(url: str, raw: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """POST `raw` and return status and body; raises OSError or HTTPException."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=ACK_SECONDS)
    try:
        connection.request("POST", parts.path or "/", raw, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
