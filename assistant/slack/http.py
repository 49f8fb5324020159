"""Slack over HTTP: one address for events, commands and buttons, and one for the health check."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import anyio.to_thread
from slack_bolt import App, BoltRequest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.slack.gate import SlackGate
from assistant.store import Store
from assistant.store.inbox import counts

EVENTS_PATH = "/slack/events"


def asgi_app(bolt: App, store: Store, signing_secret: str, now: Callable[[], float] = time.time) -> Starlette:
    """The web application that `leadline serve` runs. `now` is the gate's clock, in epoch seconds."""

    async def slack(request: Request) -> Response:
        body = (await request.body()).decode()
        return await anyio.to_thread.run_sync(_dispatch, bolt, body, request.headers)

    async def health(_request: Request) -> Response:
        try:
            waiting = await anyio.to_thread.run_sync(counts, store)
        except SQLAlchemyError:
            return JSONResponse({"ok": False, "store": "unreachable"}, status_code=503)
        return JSONResponse({"ok": True, "inbox": waiting})

    routes = [Route(EVENTS_PATH, slack, methods=["POST"]), Route("/healthz", health, methods=["GET"])]
    gate = Middleware(SlackGate, signing_secret=signing_secret, now=now)
    return Starlette(routes=routes, middleware=[gate])


def _dispatch(bolt: App, body: str, headers: Mapping[str, str]) -> Response:
    told = bolt.dispatch(BoltRequest(body=body, headers=dict(headers)))
    return Response(content=told.body, status_code=told.status, headers=told.first_headers_without_set_cookie())
