"""The fake Slack as a server: in a thread of its own for tests, or in the foreground for a developer."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.slack.commands import all_commands
from assistant.slack.fake.api import Api
from assistant.slack.fake.control import Control
from assistant.slack.fake.delivery import RETRY_PAUSES, Delivery, Link
from assistant.slack.fake.faults import Faults
from assistant.slack.fake.people import People
from assistant.slack.fake.workspace import APP, Workspace
from assistant.slack.listeners import EVENTS
from assistant.slack.manifest import bot_scopes

PAGE = Path(__file__).with_name("page.html")


class FakeSlack:
    """A whole small Slack on `host`:`port` (0: any free one), talking to the app at `app_url` or over Socket Mode.

    The app is granted what its manifest asks for and gets the events its manifest subscribes to, and no more. `pauses`
    are the seconds before each further delivery of an event that was not acknowledged.
    """

    def __init__(
        self,
        users: list[dict[str, Any]],
        signing_secret: str,
        app_url: str | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pauses: tuple[float, ...] = RETRY_PAUSES,
        events: tuple[str, ...] = EVENTS,
    ) -> None:
        self._socket = socket.create_server((host, port), backlog=512)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        self.space = Workspace(users)
        self.faults = Faults()
        self.delivery = Delivery(app_url, signing_secret, pauses)
        self.people = People(self.space, self.delivery, self.url, events)
        self.api = Api(self.space, self.faults, frozenset(bot_scopes()), self.url)
        commands = tuple(command.name for command in all_commands())
        self._control = Control(self.space, self.people, self.delivery, self.faults, commands)
        config = uvicorn.Config(
            self._app(),
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.run, name="fake-slack", daemon=True)

    def __enter__(self) -> FakeSlack:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.delivery.close()
        self._server.should_exit = True
        self._thread.join(5)
        self._socket.close()

    def run(self) -> None:
        """Serve until stopped."""
        self._server.run(sockets=[self._socket])

    def _app(self) -> Starlette:
        routes = [
            Route("/", _page),
            Route("/api/{method}", self.api.call, methods=["POST", "GET"]),
            Route("/commands/{secret}", self.api.reply, methods=["POST"]),
            Route("/upload/{secret}", self.api.upload, methods=["POST"]),
            Route("/_fake/files/{file_id}", self.api.file, methods=["GET"]),
            WebSocketRoute("/link", self._link),
            *self._control.routes(),
        ]
        return Starlette(routes=routes)

    async def _link(self, connection: WebSocket) -> None:
        await connection.accept()
        link = Link(connection, asyncio.get_running_loop())
        hello = {"type": "hello", "num_connections": len(self.delivery.links) + 1, "connection_info": {"app_id": APP}}
        await connection.send_text(json.dumps(hello))
        with self.delivery.lock:
            self.delivery.links.append(link)
        try:
            while True:
                link.heard(await connection.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            with self.delivery.lock:
                self.delivery.links.remove(link)


async def _page(_request: Request) -> Response:
    return HTMLResponse(PAGE.read_text(encoding="utf-8"))


def run_fake(host: str, port: int, app_url: str | None, signing_secret: str, users: list[dict[str, Any]]) -> None:
    """Serve a fake Slack in the foreground until interrupted; its web view is at http://host:port/."""
    FakeSlack(users, signing_secret, app_url, host=host, port=port).run()
