"""The inbox: every question is stored before it is acknowledged, and claimed by one worker at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from assistant.store.store import Store
from assistant.store.tables import STILL_WAITING, WAITING, Delivery, Inbox

LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Arrival:
    """A question as a listener hands it over. `asker` is the Slack user id; `payload` is JSON without any token."""

    event_id: str
    question_key: str
    kind: str
    asker: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """An inbox row that a worker holds until its lease ends. `attempts` is 1 on the first try.

    `tries` leaves out the attempts that ended because Slack asked to wait.
    """

    inbox_id: int
    asker: str
    payload: dict[str, Any]
    worker: str
    attempts: int
    tries: int


class LeaseLost(Exception):
    """Another worker has taken the row over; whatever this one was about to write must not be written."""


def receive(store: Store, arrival: Arrival) -> bool:
    """Store a question; False when it is there already, by its event or as the same question."""
    now = store.now()
    given = {name: getattr(arrival, name) for name in Arrival.__dataclass_fields__}
    with store.writing() as session:
        added = session.execute(_ADD[store.dialect], {**given, "received_at": now, "due_at": now})
        return added.scalar() is not None


def claim(store: Store, worker: str, lease: timedelta) -> Claim | None:
    """Take the next due row for `lease`, or None when there is none.

    Rows whose worker let its lease end are due again.
    """
    now = store.now()
    if store.dialect == "sqlite":
        with store.reading() as session:  # an idle worker must not queue for the write lock
            if session.execute(_DUE, {"now": now}).scalar() is None:
                return None
    with store.writing() as session:
        row = session.execute(_TAKE, {"now": now, "taken_by": worker, "until": now + lease}).one_or_none()
    return None if row is None else Claim(*row)


def renew(session: Session, held: Claim, until: datetime) -> None:
    """Keep the row until `until`; LeaseLost when it is no longer this worker's."""
    _change(session, held, due_at=until)


def put_back(store: Store, held: Claim, wait: timedelta) -> None:
    """Leave the row for another try, not before `wait` has passed."""
    with store.writing() as session:
        _change(session, held, state="new", worker=None, due_at=store.now() + wait)


def wait_for_slack(store: Store, held: Claim, seconds: float) -> timedelta:
    """Leave the row until Slack's limit is over, and later by as much for each older question of the same asker.

    The asker's questions go to one conversation more often than not, and Slack takes one message a second there: coming
    back all at once, they would only be refused again. Returns the wait, a minute at most.
    """
    older = select(func.count()).where(_ROW.asker == held.asker, _STILL_WAITING, _ROW.inbox_id < held.inbox_id)
    with store.writing() as session:
        ahead = int(session.execute(older).scalar_one())
        wait = timedelta(seconds=max(seconds, min(seconds * (1 + ahead), LONGEST_WAIT_SECONDS)))
        waits = held.attempts - held.tries + 1
        _change(session, held, state="new", worker=None, due_at=store.now() + wait, waits=waits)
    return wait


def finish(session: Session, held: Claim, at: datetime, *, state: str = "done", reference: str | None = None) -> None:
    """Close the row: done, or dead. What was only needed to answer (the reply address) is forgotten."""
    payload = {key: value for key, value in held.payload.items() if key != "response_url"}
    _change(session, held, state=state, worker=None, finished_at=at, reference=reference, payload=payload)


def release(store: Store, worker: str) -> int:
    """Free the rows of a worker that is known to have died; returns how many. From the third try on, with a pause."""
    now = store.now()
    mine = (_ROW.state == "claimed", _ROW.worker == worker)
    with store.writing() as session:
        held = session.execute(select(_ROW.inbox_id, _ROW.attempts).where(*mine)).all()
        for inbox_id, attempts in held:
            due_at = now + timedelta(seconds=0 if attempts < 3 else attempts)
            session.execute(update(_INBOX).where(_ROW.inbox_id == inbox_id, *mine).values(state="new", due_at=due_at))
    return len(held)


def record_delivery(session: Session, held: Claim, part: str, channel: str, ts: str | None, at: datetime) -> None:
    """Note that a message reached Slack, so that a later try does not send it again."""
    noted = {"inbox_id": held.inbox_id, "part": part, "channel": channel, "ts": ts, "at": at}
    session.execute(_NOTE_DELIVERY, noted)


def delivered(store: Store, held: Claim) -> dict[str, tuple[str, str | None]]:
    """Which parts have reached Slack: part -> (channel, ts)."""
    with store.reading() as session:
        rows = session.execute(
            select(Delivery.part, Delivery.channel, Delivery.ts).where(Delivery.inbox_id == held.inbox_id)
        )
        return {part: (channel, ts) for part, channel, ts in rows}


def counts(store: Store, states: Iterable[str] = WAITING) -> dict[str, int]:
    """How many rows stand in each of `states`."""
    wanted = list(states)
    of_interest = _STILL_WAITING if set(wanted) <= set(WAITING) else _ROW.state.in_(wanted)
    with store.reading() as session:
        rows = session.execute(select(_ROW.state, func.count()).where(of_interest).group_by(_ROW.state))
        found = {str(row[0]): int(row[1]) for row in rows}
    return {state: found.get(state, 0) for state in wanted}


def _change(session: Session, held: Claim, **values: Any) -> None:
    given = {f"new_{name}": value for name, value in values.items()}
    mine = {"mine": held.inbox_id, "my_name": held.worker, "my_attempt": held.attempts}
    if session.execute(_changing(tuple(values)), {**given, **mine}).scalar() is None:
        raise LeaseLost(f"inbox row {held.inbox_id} is no longer held by {held.worker}")


# --- the statements, built once: building and compiling one takes longer than running it

_INBOX = cast(Table, Inbox.__table__)
_ROW = _INBOX.c
_STILL_WAITING = text(STILL_WAITING)
"""Spelled out, not bound: only then do the databases see that the partial indexes apply."""


def _adding(into: Any) -> Executable:
    given = ("event_id", "question_key", "kind", "asker", "payload", "received_at", "due_at")
    own = select(func.count()).where(_ROW.asker == bindparam("asker"), _STILL_WAITING).scalar_subquery()
    values: dict[str, Any] = {
        **{name: bindparam(name) for name in given},
        "state": "new",
        "turn": own,
        "attempts": 0,
        "waits": 0,
    }
    return cast(Executable, into(_INBOX).values(values).on_conflict_do_nothing().returning(_ROW.inbox_id))


_ADD = {"sqlite": _adding(sqlite_insert), "postgresql": _adding(postgresql_insert)}

_DUE = (
    select(_ROW.inbox_id)
    .where(_STILL_WAITING, _ROW.due_at <= bindparam("now"))
    .order_by(_ROW.turn, _ROW.inbox_id)
    .limit(1)
    .with_for_update(skip_locked=True)  # SQLite has no such clause and one writer at a time
)

_TAKE = (
    update(_INBOX)
    .where(_ROW.inbox_id == _DUE.scalar_subquery())
    .values(state="claimed", worker=bindparam("taken_by"), due_at=bindparam("until"), attempts=_ROW.attempts + 1)
    .returning(
        _ROW.inbox_id,
        _ROW.asker,
        _ROW.payload,
        _ROW.worker,
        _ROW.attempts,
        _ROW.attempts - _ROW.waits,
    )
)

_NOTE_DELIVERY = insert(cast(Table, Delivery.__table__))


@cache
def _changing(names: tuple[str, ...]) -> Executable:
    still_held = (
        _ROW.inbox_id == bindparam("mine"),
        _ROW.state == "claimed",
        _ROW.worker == bindparam("my_name"),
        _ROW.attempts == bindparam("my_attempt"),
    )
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(_INBOX).where(*still_held).values(values).returning(_ROW.inbox_id)
