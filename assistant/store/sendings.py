"""One sending of a subscription in a worker's hands: claimed for a lease, posted, closed.

Whoever claims a row after its holder died goes on where that one stood. Moments are of the database's clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from assistant.store.database_time import database_now
from assistant.store.inbox import LeaseLost
from assistant.store.store import Store
from assistant.store.subscriptions import Subscription, as_subscription
from assistant.store.tables import TO_SEND, Digest, SubscriptionRow

FAILURES_IN_A_ROW = 3
"""After so many a subscription is paused."""


@dataclass(frozen=True)
class Sending:
    """A digest that a worker holds until its lease ends, with its subscription as it was claimed.

    `state` is due, tell_failed or tell_refused. `posting_at` is set when an earlier holder was about to post.
    """

    digest_id: int
    due_at: datetime
    state: str
    worker: str
    attempts: int
    waits: int
    posting_at: datetime | None
    reason: str | None
    error: str | None
    claimed_at: datetime
    subscription: Subscription

    @property
    def tries(self) -> int:
        """Attempts but those that ended because Slack asked to wait."""
        return self.attempts - self.waits


def claim(store: Store, worker: str, lease: timedelta) -> Sending | None:
    """Take the next row to send for `lease`, the longest due first; None when there is none."""
    if store.dialect == "sqlite":
        with store.reading() as session:
            if session.execute(_TO_TAKE, {"now": database_now(session)}).scalar() is None:
                return None
    with store.writing() as session:
        now = database_now(session)
        row = session.execute(_TAKE, {"now": now, "taken_by": worker, "until": now + lease}).one_or_none()
        if row is None:
            return None
        subscription = session.get_one(SubscriptionRow, row.subscription_id)
        values = {name: value for name, value in row._mapping.items() if name != "subscription_id"}
        return Sending(**values, claimed_at=now, subscription=as_subscription(subscription))


def renew(session: Session, held: Sending, lease: timedelta) -> None:
    """Keep the row for another `lease`; LeaseLost when it is no longer this worker's."""
    _change(session, held, again_at=database_now(session) + lease)


def about_to_post(session: Session, held: Sending, lease: timedelta) -> datetime:
    """Note that Slack is about to be asked; when that was. LeaseLost as with `renew`."""
    now = database_now(session)
    _change(session, held, posting_at=now, again_at=now + lease)
    return now


def not_posted(store: Store, held: Sending) -> None:
    """Note that Slack has surely not taken the message."""
    with store.writing() as session:
        _change(session, held, posting_at=None)


def put_back(store: Store, held: Sending, wait: timedelta, error: str) -> None:
    """Leave the row for another try, not before `wait` has passed."""
    with store.writing() as session:
        _change(session, held, worker=None, again_at=database_now(session) + wait, error=error[:255])


def wait_for_slack(store: Store, held: Sending, seconds: float) -> timedelta:
    """Leave the row until Slack's limit is over, each older one to the same place a slot earlier; the wait."""
    place = held.subscription
    here = (SubscriptionRow.to == place.to, SubscriptionRow.slack_user_id == place.slack_user_id)
    older = (
        select(func.count())
        .select_from(Digest)
        .join(SubscriptionRow, SubscriptionRow.subscription_id == Digest.subscription_id)
        .where(text(f"digests.{TO_SEND}"), *here, Digest.digest_id < held.digest_id)
    )
    with store.writing() as session:
        ahead = int(session.execute(older).scalar_one())
        wait = timedelta(seconds=min(seconds * (1 + ahead), max(seconds, 60.0)))
        again_at = database_now(session) + wait
        _change(session, held, worker=None, again_at=again_at, waits=held.waits + 1)
    return wait


def sent(session: Session, held: Sending, channel: str, ts: str, *, late: bool) -> datetime:
    """Close the row: its message stands in Slack."""
    now = database_now(session)
    _change(session, held, state="sent", worker=None, channel=channel, ts=ts, sent_at=now, late=late, error=None)
    _went_well(session, held, {"last_sent_at": now})
    return now


def quiet(session: Session, held: Sending) -> None:
    """Close the row: nothing was off, so that nothing is sent."""
    _change(session, held, state="quiet", worker=None, error=None)
    _went_well(session, held, {})


def skipped(session: Session, held: Sending, reason: str) -> None:
    """Close the row without sending anything or telling anybody."""
    _change(session, held, state="skipped", worker=None, reason=reason)


def stopped(session: Session, held: Sending, reason: str) -> None:
    """Close the row and stop its subscription: there is nobody left to send it to."""
    skipped(session, held, reason)
    _of_subscription(session, held, {"state": "stopped", "next_due_at": None, "last_error": reason})


def refused(session: Session, held: Sending, reason: str) -> None:
    """Pause the subscription, whose plan may no longer be had as it is; the subscriber is to be told."""
    _tell(session, held, "tell_refused", reason, None)
    _of_subscription(session, held, {"state": "paused", "next_due_at": None, "last_error": reason})


def failed(session: Session, held: Sending, reason: str, error: str | None = None) -> bool:
    """Give the sending up; the subscriber is to be told. Whether the subscription is paused, at the third in a row."""
    failures = held.subscription.failures + 1
    pausing = failures >= FAILURES_IN_A_ROW
    _tell(session, held, "tell_failed", reason, error)
    more = {"state": "paused", "next_due_at": None} if pausing else {}
    _of_subscription(session, held, {"failures": failures, "last_error": (error or reason)[:255], **more})
    return pausing


def told(session: Session, held: Sending) -> None:
    """Close a row whose subscriber has been told, or cannot be."""
    _change(session, held, state=held.state.removeprefix("tell_"), worker=None)


def _tell(session: Session, held: Sending, state: str, reason: str, error: str | None) -> None:
    values = {"reason": reason[:64], "error": error[:255] if error else None, "posting_at": None}
    _change(session, held, state=state, worker=None, attempts=0, waits=0, again_at=database_now(session), **values)


def _went_well(session: Session, held: Sending, values: Mapping[str, Any]) -> None:
    _of_subscription(session, held, {"failures": 0, "last_error": None, **values})


def _of_subscription(session: Session, held: Sending, values: Mapping[str, Any]) -> None:
    mine = SubscriptionRow.subscription_id == held.subscription.subscription_id
    session.execute(update(SubscriptionRow).where(mine, SubscriptionRow.state != "stopped").values(**values))


def _change(session: Session, held: Sending, **values: Any) -> None:
    given = {f"new_{name}": value for name, value in values.items()}
    mine = {"mine": held.digest_id, "my_name": held.worker, "my_attempt": held.attempts}
    if session.execute(_changing(tuple(values)), {**given, **mine}).scalar() is None:
        raise LeaseLost(f"digest {held.digest_id} is no longer held by {held.worker}")


# --- the statements, built once

_DIGESTS = cast(Table, Digest.__table__)
_ROW = _DIGESTS.c
_TO_SEND = text(TO_SEND)

_TO_TAKE = (
    select(_ROW.digest_id)
    .where(_TO_SEND, _ROW.again_at <= bindparam("now"))
    .order_by(_ROW.due_at, _ROW.digest_id)
    .limit(1)
    .with_for_update(skip_locked=True)  # SQLite has no such clause and one writer at a time
)

_TAKE = (
    update(_DIGESTS)
    .where(_ROW.digest_id == _TO_TAKE.scalar_subquery())
    .values(worker=bindparam("taken_by"), again_at=bindparam("until"), attempts=_ROW.attempts + 1)
    .returning(
        _ROW.digest_id, _ROW.subscription_id, _ROW.due_at, _ROW.state, _ROW.worker, _ROW.attempts, _ROW.waits,
        _ROW.posting_at, _ROW.reason, _ROW.error,
    )
)  # fmt: skip


@cache
def _changing(names: tuple[str, ...]) -> Executable:
    still_held = (
        _ROW.digest_id == bindparam("mine"),
        _TO_SEND,
        _ROW.worker == bindparam("my_name"),
        _ROW.attempts == bindparam("my_attempt"),
    )
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(_DIGESTS).where(*still_held).values(values).returning(_ROW.digest_id)
