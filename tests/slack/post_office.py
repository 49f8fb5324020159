"""Where subscriptions are sent from in tests: a fake Slack, a store, and the rounds of a worker, step by step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from stub_desk import StubDesk, _answer

from assistant.question import Answer, Asker, Question, Role
from assistant.slack.client import slack_client
from assistant.slack.fake import BOT_TOKEN, FakeSlack
from assistant.slack.parts import Chore, WorkerParts
from assistant.slack.scheduling.rounds import Pace, Rounds
from assistant.slack.scheduling.sender import Persistence
from assistant.store import Store, subscriptions
from assistant.store.audit import verify
from assistant.store.subscriptions import Subscription
from assistant.store.tables import Audit, Digest

MANAGER, REP, GUEST = "U0M001", "U0R001", "U0X999"
IN_THREE_DAYS = (datetime.now(UTC) + timedelta(days=3)).isoweekday()
WEEKLY = {"every": "week", "weekday": IN_THREE_DAYS, "at": "09:00"}
AT_ONCE = Pace(look=timedelta(0), looked=timedelta(0), chores=timedelta(0), while_busy=timedelta(0))
SOON = Persistence(tries=3, note_tries=2, first_pause=timedelta(0), longest_pause=timedelta(0))
PLAN = {
    "kind": "summary",
    "rhythm": "week",
    "period": {"start": "2026-11-16", "end": "2026-11-23", "label": "last week", "grain": "week"},
}


@dataclass
class DigestDesk(StubDesk):
    """Answers every plan alike; what it says and what goes wrong is set by the test."""

    off: bool | None = None
    private: bool = False
    refusal: str | None = None
    trouble: Exception | None = None
    all_see: bool = True
    takes: float = 0.0
    left: set[str] = field(default_factory=set)
    asked: list[Question] = field(default_factory=list)

    def asker_of_person(self, person_id: str) -> Asker | None:
        return None if person_id in self.left else PERSONS.get(person_id)

    def asker_of_slack(self, user_id: str, email: str | None) -> Asker | None:
        return next((asker for user, asker in BY_USER.items() if user == user_id), None)

    def may_all_see(self, plan: Any, shown: Any, asker: Asker, others: Sequence[Asker]) -> bool:
        return self.all_see

    def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        time.sleep(self.takes)
        if self.trouble is not None:
            raise self.trouble
        if self.refusal is not None:
            refused = {"kind": "refuse", "reason": self.refusal}
            return _answer(question, "You may not see this any more.", route="refuse", plan=refused)
        told = _answer(question, "Revenue is down.", route="summary", private=self.private, plan=question.plan)
        return replace(told, off=self.off, language=str(question.language))


PERSONS = {
    "P001": Asker("P001", "Liu Wei", Role.REP, "R001", "liu.wei@demo.example"),
    "P002": Asker("P002", "Wang Fang", Role.MANAGER, "R047", "wang.fang@demo.example"),
}
BY_USER = {REP: PERSONS["P001"], MANAGER: PERSONS["P002"]}


class PostOffice:
    """A store and any number of workers over it and a fake Slack, in which nothing has been said yet."""

    def __init__(self, home: Path, fake: FakeSlack, store_url: str | None = None, schema: str | None = None) -> None:
        self._url, self._schema = store_url or f"sqlite:///{home}/store.db", schema
        self._number = 0
        self.store = self.opened()
        self.desk = DigestDesk(home)
        self.fake = fake
        self._tidy()
        self.worker = self.hired()

    def _tidy(self) -> None:
        space = self.fake.space
        self.fake.faults.clear()
        with space.lock:
            for place in space.conversations.values():
                place.messages.clear()
            space.conversation("sales").members |= set(space.users)

    def opened(self, ahead: timedelta = timedelta(0)) -> Store:
        """The store of a process whose clock is so much ahead."""
        return Store.open(self._url, lambda: datetime.now(UTC) + ahead, self._schema)

    def hired(self, store: Store | None = None, chores: tuple[Chore, ...] = (), patience: Persistence = SOON) -> Rounds:
        """The rounds of one more worker process."""
        self._number += 1
        client = slack_client(BOT_TOKEN, self.fake.api_url)
        parts = WorkerParts(self.desk, store or self.store, client, chores)
        return Rounds(parts, f"worker:{self._number}", lambda: datetime.now(UTC), patience, AT_ONCE)

    def subscribe(self, ago: timedelta = timedelta(minutes=1), **more: Any) -> Subscription:
        """A manager's weekly summary that was due so long ago."""
        given = {
            "person_id": "P002", "slack_user_id": MANAGER, "plan": PLAN, "schedule": WEEKLY, "language": "en",
            "timezone": "UTC", **more,
        }  # fmt: skip
        made = subscriptions.create(self.store, **given)
        self.make_due(made, ago)
        return made

    def make_due(self, made: Subscription, ago: timedelta = timedelta(minutes=1)) -> None:
        """Let a subscription be due so long ago."""
        with self.store.writing() as session:
            due = (datetime.now(UTC) - ago).replace(tzinfo=None, microsecond=0)
            then = due.isoformat(sep=" ") + (".000000" if self.store.dialect == "sqlite" else "")
            session.execute(
                text(
                    "UPDATE subscriptions SET next_due_at = :then, created_at = :long_ago WHERE subscription_id = :mine"
                ),
                {"then": then, "long_ago": "2026-01-01 00:00:00.000000", "mine": made.subscription_id},
            )

    def run(self, worker: Rounds | None = None) -> int:
        """Let a worker do all that is due; how many steps it took."""
        steps = 0
        while (worker or self.worker).step(busy=False):
            steps += 1
            assert steps < 100
        return steps

    def expire_leases(self) -> None:
        """What a worker held that is no more becomes due again."""
        with self.store.writing() as session:
            session.execute(text("UPDATE digests SET again_at = due_at"))

    def said(self, channel: str | None = None) -> list[str]:
        """All that was posted, words of blocks included."""
        return [str([post["text"], post.get("blocks", [])]) for post in self.fake.space.posts(channel)]

    def digests(self) -> list[Digest]:
        """The rows, by due time."""
        with self.store.reading() as session:
            return list(session.execute(select(Digest).order_by(Digest.due_at)).scalars())

    def audited(self) -> list[str]:
        """The kinds of audit rows, in order; the chain must hold."""
        with self.store.reading() as session:
            assert verify(session) is None
            return list(session.execute(select(Audit.kind).order_by(Audit.seq)).scalars())

    def held(self, made: Subscription) -> Subscription:
        """A subscription as it is now."""
        found = subscriptions.get(self.store, made.subscription_id)
        assert found is not None
        return found
