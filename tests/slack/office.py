"""The whole loop for tests: a fake Slack, the app's web server and its worker processes, all on loopback."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from assistant.slack.bolt import build_bolt
from assistant.slack.client import slack_client
from assistant.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack
from assistant.slack.http import EVENTS_PATH, asgi_app
from assistant.slack.socket import connect_socket
from assistant.slack.supervise import Workers
from assistant.slack.worker import utc_now, worker_name
from assistant.store import Store, inbox

SECRET = "shhh-signing-secret"
PEOPLE = [
    {"id": "U0R001", "name": "liu.wei", "real_name": "Liu Wei", "email": "liu.wei@demo.example"},
    {"id": "U0M001", "name": "wang.fang", "real_name": "Wang Fang", "email": "wang.fang@demo.example"},
    {"id": "U0X999", "name": "guest", "real_name": "Guest", "email": "guest@elsewhere.example"},
]
ROOT = Path(__file__).parents[2]


class Office:
    """Fake Slack, web server and workers; use as a context. `schema` is a PostgreSQL schema of its own."""

    def __init__(
        self,
        home: Path,
        *,
        store_url: str | None = None,
        schema: str = "",
        socket_mode: bool = False,
        workers: int = 2,
        desk_seconds: float = 0.0,
        lease_seconds: float = 6.0,
        events: tuple[str, ...] = ("app_mention", "message.im", "message.channels"),
    ) -> None:
        self.home = home
        url = store_url or f"sqlite:///{home}/store.db"
        self.store = Store.open(url, utc_now, schema or None)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.app_url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{EVENTS_PATH}"
        self.fake = FakeSlack(
            PEOPLE, SECRET, None if socket_mode else self.app_url, pauses=(0.1, 0.5, 2.0), events=events
        )
        self.worker_command = [
            sys.executable,
            str(Path(__file__).with_name("stub_worker.py")),
            str(home),
            url,
            schema,
            self.fake.api_url,
            BOT_TOKEN,
            str(desk_seconds),
            str(lease_seconds),
        ]
        self.workers = Workers(self.worker_command, workers, lambda pid: inbox.release(self.store, worker_name(pid)))
        self._socket_mode = socket_mode
        self._stops: list[Callable[[], object]] = []

    def __enter__(self) -> Office:
        self.fake.__enter__()
        self.bolt = build_bolt(slack_client(BOT_TOKEN, self.fake.api_url), self.store, self.workers.wake)
        self._serve()
        if self._socket_mode:
            handler = connect_socket(self.bolt, APP_TOKEN, self.fake.api_url, ping_seconds=1)
            self._stops.append(handler.close)
        self.workers.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        for stop in reversed(self._stops):
            stop()
        self.workers.stop(5)
        self.fake.__exit__()
        self.store.close()

    def _serve(self) -> None:
        app = asgi_app(self.bolt, self.store, SECRET)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([self._listening],), daemon=True)
        thread.start()

        def stop() -> None:
            server.should_exit = True
            thread.join(5)

        self._stops.append(stop)

    def tidy(self) -> None:
        """Finish what is under way, then forget what was said and every fault."""
        self.fake.faults.clear()
        self.settled()
        with self.fake.space.lock:
            for place in self.fake.space.conversations.values():
                place.messages.clear()
            self.fake.space.calls.clear()

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What the app has called a Web API method with."""
        with self.fake.space.lock:
            return [given for called, given in self.fake.space.calls if called == method]

    def posts(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What the app has said."""
        return self.fake.space.posts(channel)

    def wait_for_posts(self, count: int, channel: str | None = None, seconds: float = 10.0) -> list[dict[str, Any]]:
        """What the app has said, once there are `count` messages."""
        wait_until(lambda: len(self.posts(channel)) >= count, seconds)
        return self.posts(channel)

    def settled(self, seconds: float = 10.0) -> None:
        """Wait until no question waits and no event is being delivered."""
        wait_until(lambda: sum(inbox.counts(self.store).values()) == 0, seconds)


def wait_until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until `holds()` is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.01)
