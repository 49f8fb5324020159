"""The worker process of the tests: `python stub_worker.py HOME STORE_URL SCHEMA API_URL TOKEN DESK_SECONDS LEASE`."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from stub_desk import StubDesk

from assistant.slack.client import slack_client
from assistant.slack.parts import Patience, WorkerParts
from assistant.slack.worker import run_worker, utc_now
from assistant.store import Store

QUICK = Patience(
    first_pause=timedelta(seconds=0.2),
    longest_pause=timedelta(seconds=1),
    tries=3,
    desk_limit=timedelta(seconds=4),
)


def build() -> WorkerParts:
    home, store_url, schema, api_url, token, seconds, _lease = sys.argv[1:]
    store = Store.open(store_url, utc_now, schema or None)
    return WorkerParts(StubDesk(Path(home), float(seconds)), store, slack_client(token, api_url))


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, filename=Path(sys.argv[1]) / "worker.log")
    run_worker(build, replace(QUICK, lease=timedelta(seconds=float(sys.argv[7]))))
