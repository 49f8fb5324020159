"""What a worker is built from; the composition root fills it in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk import WebClient

from analytics.organisation import Company
from analytics.vocabulary import Clock
from assistant.plans import Plan
from assistant.question import Answer, Asker, Question
from assistant.store import Store


class Desk(Protocol):
    """The straight line from Question to Answer. May raise on our fault, never for what the asker can mend."""

    def answer(self, question: Question) -> Answer:
        """The answer, a question back or a refusal."""
        ...

    def asker_of_slack(self, user_id: str, email: str | None) -> Asker | None:
        """The person behind a Slack user id or the e-mail that Slack vouches for; None for an unknown one."""
        ...

    def clock(self, asker: Asker | None) -> Clock:
        """The moment of asking, in the asker's days."""
        ...

    def clock_at(self, moment: datetime, timezone: str) -> Clock:
        """A moment to answer for, in days of `timezone`."""
        ...

    def asker_of_person(self, person_id: str) -> Asker | None:
        """Somebody active by their person_id; None when they have left. Raises where that cannot be told."""
        ...

    def slack_user_of(self, person_id: str) -> str | None:
        """The Slack user that a person is, as far as the data say so."""
        ...

    def may_all_see(self, plan: Plan, shown: Collection[str], asker: Asker, others: Sequence[Asker]) -> bool:
        """Whether `others` may all see what `plan` tells the asker; `shown` are the KPIs it told figures of."""
        ...

    def company(self) -> Company:
        """The company's settings."""
        ...


@dataclass(frozen=True)
class Chore:
    """Something one process does for all every so often; `act` decides itself whether there is something to do."""

    name: str
    every: timedelta
    act: Callable[[], object]


@dataclass(frozen=True)
class WorkerParts:
    """Everything a worker process needs, opened in that process.

    `chores` are done between questions.
    """

    desk: Desk
    store: Store
    client: WebClient
    chores: tuple[Chore, ...] = ()


@dataclass(frozen=True)
class Patience:
    """How long a worker waits for what.

    `lease` must outlast the slowest delivery (two calls of 10 s, each tried twice). `tries` is how often a question is
    tried before it is given up (waiting for Slack's limit is no try); between tries the pause doubles from
    `first_pause` up to `longest_pause`.
    """

    placeholder_after: timedelta = timedelta(seconds=1)
    desk_limit: timedelta = timedelta(seconds=120)
    lease: timedelta = timedelta(seconds=60)
    tries: int = 12
    first_pause: timedelta = timedelta(seconds=0.5)
    longest_pause: timedelta = timedelta(minutes=5)
    poll: timedelta = timedelta(seconds=0.25)

    def pause(self, attempts: int) -> timedelta:
        """The pause before the try after `attempts` tries."""
        return min(self.first_pause * float(2 ** min(attempts - 1, 20)), self.longest_pause)
