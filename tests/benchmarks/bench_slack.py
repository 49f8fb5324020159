"""How fast a question gets through Slack's side of the assistant, beside a Bolt app that only echoes.

Run as `python tests/benchmarks/bench_slack.py [--questions 300]`. Fake Slack, web server and workers are processes of
their own on loopback. "Overhead" is the time from the event's start to the final message, less the desk's own five
milliseconds (an echo has no desk).
"""

from __future__ import annotations

import argparse
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "slack"))

from office import PEOPLE, ROOT, SECRET, wait_until

from assistant.slack.fake import BOT_TOKEN, FakeSlack
from assistant.slack.fake.delivery import Attempt
from assistant.slack.http import EVENTS_PATH

DESK_MS = 5.0
REP = "U0R001"
STEADY_PER_SECOND = 8.3


def main() -> None:
    """Measure both apps and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--questions", type=int, default=300)
    options.add_argument("--serve", nargs=3, metavar=("APP", "API_URL", "HOME"), help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        app, api_url, home = chosen.serve
        serve(app, api_url, home, chosen.port)
        return
    print(f"{'':34}{'ack p50':>10}{'ack p99':>10}{'overhead p50':>15}{'overhead p99':>15}   (ms)")
    for app, desk_ms in (("leadline", DESK_MS), ("echo", 0.0)):
        with running(app) as fake:
            show(f"{app}, one after the other", *one_by_one(fake, chosen.questions, desk_ms))
            show(f"{app}, {STEADY_PER_SECOND} a second", *steadily(fake, chosen.questions // 3, desk_ms))
    print("bars: ack p99 < 100, overhead p50 <= 15")


def show(name: str, acks: list[float], overheads: list[float]) -> None:
    """One row of the table."""
    figures = [statistics.median(acks), p99(acks), statistics.median(overheads), p99(overheads)]
    print("{:34}{:10.1f}{:10.1f}{:15.1f}{:15.1f}".format(name, *figures))


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def one_by_one(fake: FakeSlack, count: int, desk_ms: float) -> tuple[list[float], list[float]]:
    """Ask `count` questions, each after the answer to the one before: acks and overheads in ms."""
    acks, overheads = [], []
    for number in range(count):
        asked, deliveries = fake.people.say(REP, f"question {number}")
        place = fake.space.direct(REP)
        with fake.space.changed:
            answered = fake.space.changed.wait_for(lambda: place.messages[-1].get("bot_id"), 10)  # noqa: B023
        assert answered, "no answer came"
        overheads.append((place.messages[-1]["at"] - asked["at"]) * 1000 - desk_ms)
        acks.append(deliveries[0].result().took_ms)
    return acks, overheads


def steadily(fake: FakeSlack, count: int, desk_ms: float) -> tuple[list[float], list[float]]:
    """Ask at Slack's ceiling of 8.3 events a second, at random moments, in threads of a channel."""
    pace = random.Random(2026)
    asked: dict[str, float] = {}
    deliveries: list[Future[Attempt]] = []
    for number in range(count):
        message, sent = fake.people.say(REP, f"@leadline question {number}", "sales")
        asked[message["ts"]] = message["at"]
        deliveries += sent
        time.sleep(pace.expovariate(STEADY_PER_SECOND))
    wait_until(lambda: len(fake.space.posts("sales")) >= count, 20)
    overheads = [(post["at"] - asked[post["thread_ts"]]) * 1000 - desk_ms for post in fake.space.posts("sales")]
    return [delivery.result().took_ms for delivery in deliveries], overheads


@contextmanager
def running(app: str) -> Iterator[FakeSlack]:
    """A fake Slack with one of the two apps behind it, warm."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with (
        tempfile.TemporaryDirectory() as home,
        FakeSlack(PEOPLE, SECRET, f"http://127.0.0.1:{port}{EVENTS_PATH}") as fake,
    ):
        argv = [sys.executable, __file__, "--port", str(port), "--serve", app, fake.api_url, home]
        served = subprocess.Popen(argv)
        try:
            wait_until(lambda: listens(port), 20)
            for number in range(20):
                fake.people.say(REP, f"warm {number}")
            wait_until(lambda: len(fake.space.posts()) >= 20, 20)
            yield fake
        finally:
            served.terminate()
            served.wait(15)


def listens(port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def serve(app: str, api_url: str, home: str, port: int) -> None:
    """The process of the app itself."""
    import uvicorn

    asgi, stop = ours(api_url, home) if app == "leadline" else (echo(api_url), lambda: None)
    try:
        uvicorn.run(asgi, host="127.0.0.1", port=port, log_level="warning", access_log=False, lifespan="off")
    finally:
        stop()


def ours(api_url: str, home: str) -> tuple[Any, Any]:
    """The real web application and its workers, with a desk that takes five milliseconds."""
    from assistant.slack.bolt import build_bolt
    from assistant.slack.client import slack_client
    from assistant.slack.http import asgi_app
    from assistant.slack.supervise import Workers
    from assistant.slack.worker import utc_now
    from assistant.store import Store

    url = f"sqlite:///{home}/store.db"
    store = Store.open(url, utc_now)
    worker = str(ROOT / "tests/slack/stub_worker.py")
    workers = Workers([sys.executable, worker, home, url, "", api_url, BOT_TOKEN, str(DESK_MS / 1000), "60"])
    workers.start()
    return asgi_app(build_bolt(slack_client(BOT_TOKEN, api_url), store, workers.wake), store, SECRET), workers.stop


def echo(api_url: str) -> Any:
    """A Bolt app as its tutorial has it: it says back what it hears, and keeps nothing."""
    from slack_bolt import App, Say
    from slack_bolt.adapter.starlette import SlackRequestHandler
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from assistant.slack.client import slack_client

    bolt = App(client=slack_client(BOT_TOKEN, api_url), signing_secret=SECRET)

    @bolt.event("message")
    def message(event: dict[str, Any], say: Say) -> None:
        say(text=f"echo: {event['text']}")

    @bolt.event("app_mention")
    def mention(event: dict[str, Any], say: Say) -> None:
        say(text=f"echo: {event['text']}", thread_ts=event["ts"])

    handler = SlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route(EVENTS_PATH, events, methods=["POST"])])


if __name__ == "__main__":
    main()
