"""The sendings of subscriptions as a whole: one row each, however many processes look for what is due.

The database's clock decides what is due. What happens to one row in a worker's hands is in `sendings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Executable, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from assistant.due_times import Workdays
from assistant.store.chores import last_done
from assistant.store.database_time import database_now
from assistant.store.sendings import FAILURES_IN_A_ROW
from assistant.store.store import Store
from assistant.store.subscriptions import Subscription, as_subscription
from assistant.store.tables import TO_SEND, Digest, SubscriptionRow

LOOKING = "look_for_due_digests"
"""The chore whose last time shows that some process looks for what is due."""
MOST_AT_ONCE = 100
MOST_MISSED = 400
"""How many missed times of one subscription are recorded."""
IN_FLIGHT = timedelta(seconds=5)
"""How long a call of a process that died may still reach Slack."""


def look_for_due(store: Store, workdays: Workdays) -> int:
    """Make a row for each subscription that is due, and move it on to its next time; how many, a hundred at most.

    Times missed while nothing ran are recorded as skipped, but for the latest. Safe in any number of processes.
    """
    added = 0
    with store.reading() as session:  # a process with nothing to do must not queue for the write lock
        if session.execute(_NEXT, {"now": database_now(session)}).first() is None:
            return 0
    with store.writing() as session:
        now = database_now(session)
        rows = session.execute(_LOCK_DUE, {"now": now}).scalars().all()
        for row in rows:
            row.state, row.paused_until = "active", None
            subscription = as_subscription(row)
            assert subscription.next_due_at is not None
            *missed, latest = _due_until(subscription, now, workdays)
            _skip_overtaken(session, subscription.subscription_id)
            for due_at in missed[-MOST_MISSED:]:
                session.execute(_ADD[store.dialect], _row(subscription, due_at, now, "skipped", "missed"))
            session.execute(_ADD[store.dialect], _row(subscription, latest, now, "due", None))
            row.next_due_at = subscription.due_after(now, workdays)
            added += 1
    return added


def release(store: Store, worker: str) -> int:
    """Free the rows of a worker that is known to have died; how many.

    What it may have been posting is left until a call on its way must have arrived.
    """
    with store.writing() as session:
        now = database_now(session)
        mine = (text(TO_SEND), Digest.worker == worker)
        held = session.execute(select(Digest.digest_id, Digest.posting_at, Digest.attempts).where(*mine)).all()
        for digest_id, posting_at, attempts in held:
            pause = timedelta(seconds=0 if attempts < 3 else attempts)
            free_at = max(now + pause, posting_at + IN_FLIGHT if posting_at else now)
            row = update(Digest).where(Digest.digest_id == digest_id, *mine)
            session.execute(row.values(worker=None, again_at=free_at))
    return len(held)


@dataclass(frozen=True)
class Condition:
    """How sending goes: rows waiting, those overdue for longer than they should be, rows failed in the last days,
    subscriptions active and paused after failures, and when a process last looked for what is due."""

    waiting: int
    overdue: int
    failed: int
    active: int
    paused_by_failures: int
    last_looked: datetime | None
    now: datetime


def condition(store: Store, overdue_after: timedelta, failed_within: timedelta) -> Condition:
    """The state of sending, for who looks after the installation."""
    with store.reading() as session:
        now = database_now(session)
        waiting = _count(session, text(TO_SEND))
        stuck = _count(session, text(TO_SEND), Digest.due_at < now - overdue_after)
        unseen = _count_subscriptions(
            session, SubscriptionRow.state == "active", SubscriptionRow.next_due_at < now - overdue_after
        )
        failures = Digest.state.in_(("failed", "tell_failed"))
        return Condition(
            waiting=waiting,
            overdue=stuck + unseen,
            failed=_count(session, failures, Digest.due_at > now - failed_within),
            active=_count_subscriptions(session, SubscriptionRow.state == "active"),
            paused_by_failures=_count_subscriptions(
                session, SubscriptionRow.state == "paused", SubscriptionRow.failures >= FAILURES_IN_A_ROW
            ),
            last_looked=last_done(session, LOOKING),
            now=now,
        )


def _count(session: Session, *conditions: Any) -> int:
    return int(session.execute(select(func.count()).select_from(Digest).where(*conditions)).scalar_one())


def _count_subscriptions(session: Session, *conditions: Any) -> int:
    return int(session.execute(select(func.count()).select_from(SubscriptionRow).where(*conditions)).scalar_one())


def _due_until(subscription: Subscription, now: datetime, workdays: Workdays) -> Iterator[datetime]:
    due_at = subscription.next_due_at
    while due_at is not None and due_at <= now:
        yield due_at
        due_at = subscription.due_after(due_at, workdays)


def _row(subscription: Subscription, due_at: datetime, now: datetime, state: str, reason: str | None) -> dict[str, Any]:
    given = {"subscription_id": subscription.subscription_id, "due_at": due_at, "state": state, "reason": reason}
    return {**given, "again_at": now, "attempts": 0, "waits": 0, "late": False}


def _skip_overtaken(session: Session, subscription_id: int) -> None:
    """An older sending that has not reached Slack by now is not sent beside the new one."""
    older = update(Digest).where(
        Digest.subscription_id == subscription_id,
        Digest.state == "due",
        Digest.worker.is_(None),
        Digest.posting_at.is_(None),
    )
    session.execute(older.values(state="skipped", reason="overtaken"))


# --- the statements, built once

_NEXT = select(SubscriptionRow.subscription_id).where(SubscriptionRow.next_due_at <= bindparam("now")).limit(1)
_LOCK_DUE = (
    select(SubscriptionRow)
    .where(SubscriptionRow.next_due_at <= bindparam("now"))
    .order_by(SubscriptionRow.next_due_at)
    .limit(MOST_AT_ONCE)
    .with_for_update(skip_locked=True)
)


def _adding(into: Any) -> Executable:
    return cast(Executable, into(Digest).on_conflict_do_nothing())


_ADD = {"sqlite": _adding(sqlite_insert), "postgresql": _adding(postgresql_insert)}
