"""Many subscriptions due at one moment, two worker processes that are killed while they send, and the count after."""

from __future__ import annotations

import collections
import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text, update

from assistant.plans import Schedule
from assistant.slack.fake import BOT_TOKEN, FakeSlack
from assistant.slack.scheduling.posting import EVENT_TYPE
from assistant.slack.supervise import Workers
from assistant.slack.worker import worker_name
from assistant.store import Store, digests, subscriptions
from assistant.store.audit import BrokenLink, verify
from assistant.store.tables import TO_SEND, Digest, SubscriptionRow

WORKER = Path(__file__).with_name("digest_worker.py")
CLOCKS_AHEAD = (-600.0, 900.0)


@dataclass(frozen=True)
class Count:
    """What became of `due` subscriptions: never sent, sent twice, refused by Slack's limit; how long it took."""

    due: int
    missed: int
    doubled: int
    kills: int
    limited: int
    tries: int
    seconds: float
    states: dict[str, int]
    chain: BrokenLink | None


def send_all(
    home: Path, count: int, kills: int, *, people: int, url: str, schema: str = "", paced: bool = True,
    desk_seconds: float = 0.02, most_seconds: float = 600.0,
) -> Count:  # fmt: skip
    """Have `count` subscriptions of `people` sent, all due at once, by two processes of which one after another dies."""
    users = [{"id": f"U{number}", "name": f"u{number}"} for number in range(people)]
    store = Store.open(url, lambda: datetime.now(UTC), schema or None)
    with FakeSlack(users, "secret") as fake:
        fake.api.paced = paced
        due_at = _subscribe(store, count, people)
        teams = [_processes(home, store, fake, url, schema, ahead, desk_seconds) for ahead in CLOCKS_AHEAD]
        for team in teams:
            team.start()
        killed = 0
        began = time.monotonic()
        try:
            killed = _kill_while_sending(store, teams, kills, count, began + most_seconds)
        finally:
            for team in teams:
                team.stop(10)
        found = _count(store, fake, count, killed, time.monotonic() - began, due_at)
    store.close()
    return found


def _subscribe(store: Store, count: int, people: int) -> datetime:
    plan = {
        "kind": "summary",
        "period": {"start": "2026-11-16", "end": "2026-11-23", "label": "last week", "grain": "week"},
    }
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    weekday = (due_at + timedelta(days=3)).isoweekday()
    for number in range(count):
        at = f"{number // people // 60:02d}:{number // people % 60:02d}"
        subscriptions.create(
            store, person_id=f"P{number % people}", slack_user_id=f"U{number % people}", plan=plan, language="en",
            timezone="UTC", schedule=Schedule(every="week", weekday=weekday, at=at).model_dump(),
        )  # fmt: skip
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    with store.writing() as session:
        session.execute(update(SubscriptionRow).values(next_due_at=due_at))
    return due_at


def _processes(
    home: Path, store: Store, fake: FakeSlack, url: str, schema: str, ahead: float, desk_seconds: float
) -> Workers:
    """One server's worker process, kept alive."""
    command = [sys.executable, str(WORKER), str(home), url, schema, fake.api_url, BOT_TOKEN]
    return Workers([*command, str(ahead), str(desk_seconds)], 1, lambda pid: digests.release(store, worker_name(pid)))


def _kill_while_sending(store: Store, teams: list[Workers], kills: int, count: int, deadline: float) -> int:
    """Kill either process at random moments, spread over the sending; how many were killed."""
    killed = 0
    marks = sorted(random.sample(range(count // 20, count - count // 20), kills)) if kills else []
    while (done := _done(store)) < count and time.monotonic() < deadline:
        if killed < kills and done >= marks[killed]:
            time.sleep(random.uniform(0.0, 0.1))
            alive = [pid for team in teams for pid in team.pids()]
            if alive:
                os.kill(random.choice(alive), signal.SIGKILL)
                killed += 1
        time.sleep(0.05)
    return killed


def _done(store: Store) -> int:
    with store.reading() as session:
        closed = select(func.count()).select_from(Digest).where(text(f"NOT ({TO_SEND})"))
        return int(session.execute(closed).scalar_one())


def _count(store: Store, fake: FakeSlack, count: int, killed: int, seconds: float, due_at: datetime) -> Count:
    said = collections.Counter(
        post["metadata"]["event_payload"]["subscription"]
        for post in fake.space.posts()
        if post.get("metadata", {}).get("event_type") == EVENT_TYPE
    )
    with store.reading() as session:
        ids = session.execute(select(SubscriptionRow.subscription_id)).scalars().all()
        rows = session.execute(select(Digest.state, func.count()).group_by(Digest.state)).all()
        waits, attempts = session.execute(select(func.sum(Digest.waits), func.sum(Digest.attempts))).one()
        chain = verify(session)
    missed = sum(said[number] == 0 for number in ids)
    doubled = sum(times - 1 for times in said.values() if times > 1)
    states = {str(state): int(number) for state, number in rows}
    return Count(count, missed, doubled, killed, int(waits or 0), int(attempts or 0), seconds, states, chain)
