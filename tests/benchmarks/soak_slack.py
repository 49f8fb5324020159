"""A minute at Slack's ceiling, every event delivered twice, workers killed with SIGKILL while they answer.

Run as `python tests/benchmarks/soak_slack.py [--seconds 60] [--kills 5] [--postgresql]`. Exits 1 when a question is
lost, or answered twice more often than workers were killed.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "slack"))

from office import Office, wait_until

from assistant.store import inbox
from assistant.store.audit import verify

ASKERS = ("U0R001", "U0M001")


def main() -> int:
    """Ask, kill, count; print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--per-second", type=float, default=8.3)
    options.add_argument("--kills", type=int, default=5)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--desk-ms", type=float, default=60.0, help="long enough that a kill falls into an answer")
    options.add_argument("--postgresql", action="store_true")
    chosen = options.parse_args()
    asked = int(chosen.seconds * chosen.per_second)
    with ExitStack() as stack:
        office = stack.enter_context(_office(stack, chosen))
        wait_until(lambda: len(office.workers.pids()) == chosen.workers)
        killer = threading.Thread(target=_kill, args=(office, chosen.kills, chosen.seconds), daemon=True)
        killer.start()
        _ask(office, asked, chosen.per_second)
        killer.join(chosen.seconds + 10)
        office.settled(60)
        wait_until(lambda: len(office.fake.delivery.attempts) >= 2 * asked, 60)
        return _judge(office, asked, chosen.kills)


def _office(stack: ExitStack, chosen: argparse.Namespace) -> Office:
    home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    store_url, schema = None, ""
    if chosen.postgresql:
        from databases import POSTGRESQL, postgresql_schema

        store_url, schema = POSTGRESQL, stack.enter_context(postgresql_schema())
    return Office(home, workers=chosen.workers, desk_seconds=chosen.desk_ms / 1000, store_url=store_url, schema=schema)


def _ask(office: Office, count: int, per_second: float) -> None:
    pace = random.Random(2026)
    began = time.monotonic()
    due = 0.0
    for number in range(count):
        office.fake.people.say(ASKERS[number % len(ASKERS)], f"question #{number}.", times=2)
        due += pace.expovariate(per_second)
        time.sleep(max(0.0, began + due - time.monotonic()))


def _kill(office: Office, kills: int, seconds: float) -> None:
    """Kill a worker at evenly spread times, waiting for the moment at which one holds a question."""
    for _ in range(kills):
        time.sleep(seconds / (kills + 1))
        deadline = time.monotonic() + 2.0
        while inbox.counts(office.store)["claimed"] == 0 and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(random.uniform(0.0, 0.06))
        for pid in office.workers.pids():
            os.kill(pid, signal.SIGKILL)
            break


def _judge(office: Office, asked: int, kills: int) -> int:
    said = collections.Counter(
        int(found[1]) for post in office.posts() if (found := re.search(r"question #(\d+)\.", post["text"]))
    )
    acks = sorted(attempt.took_ms for attempt in office.fake.delivery.attempts if attempt.status == 200)
    lost = [number for number in range(asked) if not said[number]]
    repeats = sum(count - 1 for count in said.values())
    with office.store.reading() as session:
        chain = verify(session)
    for name, value in (
        ("store", office.store.dialect),
        ("questions asked", asked),
        ("deliveries acknowledged", len(acks)),
        ("ack p50 / p99 (ms)", f"{acks[len(acks) // 2]:.1f} / {acks[int(len(acks) * 0.99)]:.1f}"),
        ("workers killed", kills),
        ("lost (bar: 0)", len(lost)),
        (f"answered twice (bar: {kills})", repeats),
        ("given up", inbox.counts(office.store, ["dead"])["dead"]),
        ("audit chain", "unbroken" if chain is None else str(chain)),
    ):
        print(f"{name:28}{value!s:>16}")
    return 1 if lost or repeats > kills or chain else 0


if __name__ == "__main__":
    sys.exit(main())
