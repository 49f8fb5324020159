"""A worker process that sends subscriptions: `python digest_worker.py HOME STORE_URL SCHEMA API_URL TOKEN AHEAD SECONDS`.

Its clock is AHEAD seconds ahead, an answer takes SECONDS. Person P7 is Slack user U7, and so on.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from post_office import DigestDesk

from assistant.question import Answer, Asker, Question, Role
from assistant.slack.client import slack_client
from assistant.slack.parts import WorkerParts
from assistant.slack.scheduling.rounds import Pace
from assistant.slack.scheduling.sender import Persistence
from assistant.slack.worker import run_worker
from assistant.store import Store


class Crowd(DigestDesk):
    """Everybody is somebody, and every answer takes a while."""

    seconds = 0.0

    def asker_of_person(self, person_id: str) -> Asker | None:
        return Asker(person_id, person_id, Role.MANAGER, person_id)

    def asker_of_slack(self, user_id: str, email: str | None) -> Asker | None:
        return self.asker_of_person(user_id.replace("U", "P", 1))

    def answer(self, question: Question) -> Answer:
        time.sleep(random.uniform(0.0, 2 * self.seconds))
        return super().answer(question)


def main() -> None:
    home, store_url, schema, api_url, token, ahead, seconds = sys.argv[1:]

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead))

    def build() -> WorkerParts:
        desk = Crowd(Path(home))
        desk.seconds = float(seconds)
        return WorkerParts(desk, Store.open(store_url, now, schema or None), slack_client(token, api_url))

    logging.basicConfig(level=logging.INFO, filename=Path(home) / "worker.log")
    quick = Persistence(lease=timedelta(seconds=15), first_pause=timedelta(seconds=1), tries=30)
    run_worker(build, now=now, persistence=quick, pace=Pace(look=timedelta(seconds=0.5)))


if __name__ == "__main__":
    main()
