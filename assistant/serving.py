"""The commands that run until stopped: Slack over HTTP or Socket Mode, a worker, the fake Slack."""

from __future__ import annotations

import signal
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn
from rich.markup import escape

from analytics.organisation import all_people
from analytics.warehouse import WarehouseError
from assistant.app import NotConfigured, open_store, open_warehouse, slack_web_client, worker_command, worker_parts
from assistant.settings import Settings
from assistant.slack.bolt import build_bolt
from assistant.slack.http import EVENTS_PATH, asgi_app
from assistant.slack.supervise import Workers
from assistant.slack.worker import run_worker, worker_name
from assistant.store import Store, digests, inbox
from assistant.terminal import console, errors

if TYPE_CHECKING:
    from slack_bolt import App

FAKE_SECRET = "fake-signing-secret"


def serve(settings: Settings, *, socket_mode: bool, host: str, port: int) -> int:
    """Receive events, store them, and keep workers that answer them; returns when told to stop."""
    client = slack_web_client(settings)
    _check_secrets(settings, socket_mode)
    store = open_store(settings)
    workers = Workers(worker_command(), settings.workers, lambda pid: _release(store, worker_name(pid)))
    try:
        bolt = build_bolt(client, store, workers.wake)
        workers.start()
        if socket_mode:
            _serve_socket(settings, bolt)
        else:
            _serve_http(settings, bolt, store, host, port)
    finally:
        workers.stop()
        store.close()
    return 0


def _release(store: Store, worker: str) -> None:
    """Free what a worker held that died."""
    inbox.release(store, worker)
    digests.release(store, worker)


def _check_secrets(settings: Settings, socket_mode: bool) -> None:
    if socket_mode and settings.slack_app_token is None:
        raise NotConfigured("Socket Mode needs LEADLINE_SLACK_APP_TOKEN (xapp-...), under Basic Information in Slack.")
    if not socket_mode and settings.slack_signing_secret is None:
        raise NotConfigured("Over HTTP, set LEADLINE_SLACK_SIGNING_SECRET, under Basic Information in Slack.")


def _serve_http(settings: Settings, bolt: App, store: Store, host: str, port: int) -> None:
    secret = settings.slack_signing_secret
    assert secret is not None
    try:
        listening = socket.create_server((host, port), backlog=512)
    except OSError as taken:
        raise NotConfigured(f"Cannot listen on {host}:{port}: {taken.strerror}. Choose another --port.") from taken
    app = asgi_app(bolt, store, secret.get_secret_value())
    console.print(
        f"Listening for Slack on http://{host}:{listening.getsockname()[1]}{EVENTS_PATH}{_log_of(settings)}",
        soft_wrap=True,
    )
    signal.signal(
        signal.SIGTERM, lambda *_: None
    )  # uvicorn raises it again when it has stopped, before the workers have
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")).run([listening])


def _serve_socket(settings: Settings, bolt: App) -> None:
    from assistant.slack.socket import connect_socket

    token = settings.slack_app_token
    assert token is not None
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    handler = connect_socket(bolt, token.get_secret_value(), settings.slack_api_url)
    console.print(f"Connected to Slack by Socket Mode{_log_of(settings)}", soft_wrap=True)
    stopping.wait()
    handler.close()  # type: ignore[no-untyped-call]


def _log_of(settings: Settings) -> str:
    return f" (what goes wrong is logged in {escape(str(settings.home / 'leadline.log'))})"


def work(settings: Settings) -> int:
    """One worker process, until the process that started it ends."""
    run_worker(lambda: worker_parts(settings))
    return 0


def fake(settings: Settings, *, port: int, app_url: str | None) -> int:
    """The fake Slack with the company's own people in it, and what to set so that `serve` talks to it."""
    from assistant.slack.fake import APP_TOKEN, BOT_TOKEN
    from assistant.slack.fake.server import run_fake

    base = f"http://127.0.0.1:{port}"
    console.print(f"A Slack to try on {base}/ ; in another terminal:", soft_wrap=True)
    secrets = {
        "LEADLINE_SLACK_API_URL": f"{base}/api/",
        "LEADLINE_SLACK_BOT_TOKEN": BOT_TOKEN,
        "LEADLINE_SLACK_APP_TOKEN": APP_TOKEN,
        "LEADLINE_SLACK_SIGNING_SECRET": FAKE_SECRET,
    }
    for name, value in secrets.items():
        console.print(f"  export {name}={escape(value)}", soft_wrap=True)
    console.print(f"  leadline serve{'' if app_url else ' --socket-mode'}")
    run_fake("127.0.0.1", port, app_url, FAKE_SECRET, _members(settings))
    return 0


def _members(settings: Settings) -> list[dict[str, Any]]:
    try:
        with open_warehouse(settings).reader() as reader:
            people = all_people(reader)
    except WarehouseError as nothing:
        errors.print(f"{escape(str(nothing))} The fake Slack starts with a guest only.")
        people = []
    members = [
        {
            "id": person.slack_user_id,
            "name": person.name,
            "real_name": f"{person.name} ({person.role})",
            "email": person.email or "",
        }
        for person in people
        if person.slack_user_id
    ]
    return [*members, {"id": "U0GUEST", "name": "guest", "real_name": "Guest", "email": "guest@elsewhere.example"}]
