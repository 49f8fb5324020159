"""The fake's Web API over HTTP: who may call, what goes wrong, what comes back."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from assistant.slack.fake.faults import Fault, Faults
from assistant.slack.fake.files import take_upload, upload_address
from assistant.slack.fake.methods import APP_TOKEN_METHODS, METHODS, reply_by_address, scope_for
from assistant.slack.fake.workspace import APP_TOKEN, BOT_TOKEN, Refused, Workspace

POSTS_PER_SECOND = 1.0
POSTS_PER_MINUTE = 600
"""Of a whole workspace: Slack's documentation says "several hundred messages per minute"."""


class BrokenOff(Response):
    """An answer that breaks off: the connection closes before what was announced has been sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})


@dataclass
class Api:
    """Answers Web API calls. `scopes` are those the app was granted.

    `paced` keeps one message a second and channel, and `POSTS_PER_MINUTE` in all, in bursts of no more than a second.
    """

    space: Workspace
    faults: Faults
    scopes: frozenset[str]
    base_url: str
    paced: bool = False
    _next_post: float = 0.0

    async def call(self, request: Request) -> Response:
        """POST /api/{method}."""
        method = request.path_params["method"]
        given = await arguments(request)
        with self.space.lock:
            self.space.calls.append((method, {key: value for key, value in given.items() if key != "token"}))
        fault = self.faults.next_for(method)
        if fault and (answer := await _meet(fault)):
            return answer
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or str(given.get("token", ""))
        try:
            if (wait := self._too_fast(method, given)) > 0:
                return _limited(wait)
            done = self._run(method, token, given)
            return BrokenOff() if fault and fault.kind == "lost" else JSONResponse({"ok": True, **done})
        except Refused as refusal:
            told = {"response_metadata": {"messages": [f"[ERROR] {fault}" for fault in refusal.faults]}}
            return JSONResponse({"ok": False, "error": refusal.error, **(told if refusal.faults else {})})

    async def reply(self, request: Request) -> Response:
        """POST to a response_url."""
        if (fault := self.faults.next_for("response_url")) and (answer := await _meet(fault)):
            return answer
        try:
            reply_by_address(self.space, request.path_params["secret"], await arguments(request))
        except Refused as refusal:
            return PlainTextResponse(refusal.error, status_code=404 if refusal.error == "expired_url" else 400)
        return PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """POST to an upload address: the bytes of a file, as they are."""
        if (fault := self.faults.next_for("upload")) and (answer := await _meet(fault)):
            return answer
        try:
            take_upload(self.space, request.path_params["secret"], await request.body())
        except Refused as refusal:
            return PlainTextResponse(refusal.error, status_code=400)
        return PlainTextResponse("OK")

    async def file(self, request: Request) -> Response:
        """GET a picture that was uploaded, for the web view."""
        file = self.space.files.get(request.path_params["file_id"])
        if file is None or file.content is None:
            return PlainTextResponse("no such file", status_code=404)
        return Response(file.content, media_type="image/png")

    def _run(self, method: str, token: str, given: dict[str, Any]) -> dict[str, Any]:
        if not token:
            raise Refused("not_authed")
        if token != (APP_TOKEN if method in APP_TOKEN_METHODS else BOT_TOKEN):
            raise Refused("not_allowed_token_type" if token in (APP_TOKEN, BOT_TOKEN) else "invalid_auth")
        if method == "apps.connections.open":
            return {"url": self.base_url.replace("http", "ws", 1) + "/link"}
        if method not in METHODS and method != "files.getUploadURLExternal":
            raise Refused("unknown_method")
        if scope_for(self.space, method, given) not in {*self.scopes, ""}:
            raise Refused("missing_scope")
        if method == "files.getUploadURLExternal":
            return upload_address(self.space, self.base_url, given)
        return METHODS[method](self.space, given)

    def _too_fast(self, method: str, given: dict[str, Any]) -> float:
        if not self.paced or method != "chat.postMessage":
            return 0.0
        now = time.time()
        with self.space.lock:
            wait = self.space.conversation(given.get("channel")).last_post + POSTS_PER_SECOND - now
            if wait > 0:
                return wait
            slot = max(self._next_post, now - 1.0) + 60.0 / POSTS_PER_MINUTE
            if slot > now:
                return slot - now
            self._next_post = slot
        return 0.0


async def arguments(request: Request) -> dict[str, Any]:
    """The arguments of a call, whether they came as JSON, as a form or in the address; nothing at all is fine too."""
    raw = await request.body()
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return {**given, **(json.loads(raw) if raw else {})}
    return {**given, **dict(parse_qsl(raw.decode()))}


async def _meet(fault: Fault) -> Response | None:
    match fault.kind:
        case "slow":
            await anyio.sleep(float(fault.value))
            return None
        case "lost":
            return None
        case "limited":
            return _limited(float(fault.value))
        case "down":
            return PlainTextResponse("Service Unavailable", status_code=503)
        case "reset":
            return BrokenOff()
        case "shapeless":
            return PlainTextResponse("<html>")
        case "error":
            return JSONResponse({"ok": False, "error": fault.value})


def _limited(seconds: float) -> Response:
    headers = {"Retry-After": str(max(1, round(seconds)))}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)
