"""Subscriptions: what somebody has sent on a schedule, and where it goes.

Whose a subscription is, and whether the asker may touch it, is for the caller to check. Moments are of the database's
clock.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Executable, Table, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from assistant.due_times import WEEKDAYS, Workdays, next_due
from assistant.plans import Choice, Schedule
from assistant.plans.as_of import plan_as_of
from assistant.store.database_time import database_now
from assistant.store.store import Store
from assistant.store.tables import Digest, SubscriptionRow

TO_ME = "me"
State = Literal["active", "paused", "stopped"]

_PLAN: TypeAdapter[Choice] = TypeAdapter(Choice)
_TABLE = cast(Table, SubscriptionRow.__table__)
_SHORTEST = datetime.resolution
_SOME_DAY = date(2024, 1, 1)  # plans that say the same of different days are alike as of any one day


@dataclass(frozen=True)
class Subscription:
    """What is sent to whom, when, and how it has gone. `plan` and `schedule` are JSON, `made_on` the plan's day.

    `to` is "me" (the subscriber's direct messages) or the id of a channel. `last_error` is a code or a message of
    Slack's: why the last sending failed, or why the subscription was paused or stopped by Leadline.
    """

    subscription_id: int
    person_id: str
    slack_user_id: str | None
    language: str
    plan: dict[str, Any]
    schedule: dict[str, Any]
    timezone: str
    to: str
    channel_name: str | None
    only_when_off: bool
    state: State
    made_on: date
    created_at: datetime
    paused_until: date | None
    next_due_at: datetime | None
    last_sent_at: datetime | None
    last_error: str | None
    failures: int = 0

    def due_after(self, moment: datetime, workdays: Workdays) -> datetime:
        """The first time it is due after `moment`."""
        begun = self.created_at.astimezone(ZoneInfo(self.timezone)).date()
        return next_due(Schedule.model_validate(self.schedule), moment, self.timezone, workdays, begun)


class AlreadySubscribed(Exception):
    """A change would make it the same as another one of this person, which is `held`."""

    def __init__(self, held: Subscription) -> None:
        super().__init__(f"subscription {held.subscription_id} is the same")
        self.held = held


def create(
    store: Store,
    *,
    person_id: str,
    plan: dict[str, Any],
    schedule: dict[str, Any],
    timezone: str,
    language: str,
    slack_user_id: str | None = None,
    to: str = TO_ME,
    channel_name: str | None = None,
    only_when_off: bool = False,
    made_on: date | None = None,
    workdays: Workdays = WEEKDAYS,
) -> Subscription:
    """Add a subscription, active from now on; the one there is where this person has the same to the same place.

    `made_on` is the day `plan` was made for (its "last week" is told from there), today in `timezone` by default.
    """
    with store.writing() as session:
        now = database_now(session)
        today = now.astimezone(ZoneInfo(timezone)).date()
        made_on = made_on or today
        values = {
            "person_id": person_id,
            "slack_user_id": slack_user_id,
            "language": language,
            "plan": plan,
            "schedule": schedule,
            "timezone": timezone,
            "to": to,
            "channel_name": channel_name,
            "only_when_off": only_when_off,
            "state": "active",
            "same_key": same_key(person_id, plan, made_on, schedule, to),
            "made_on": made_on,
            "created_at": now,
            "next_due_at": next_due(Schedule.model_validate(schedule), now, timezone, workdays, today),
            "failures": 0,
        }
        session.execute(_adding(store.dialect), values)
        return _one(session, SubscriptionRow.same_key == values["same_key"], SubscriptionRow.state != "stopped")


def find_same(
    store: Store, *, person_id: str, plan: dict[str, Any], made_on: date, schedule: dict[str, Any], to: str = TO_ME
) -> Subscription | None:
    """The subscription that `create` would return instead of making one; None where it would make one."""
    key = same_key(person_id, plan, made_on, schedule, to)
    with store.reading() as session:
        held = select(SubscriptionRow).where(SubscriptionRow.same_key == key, SubscriptionRow.state != "stopped")
        row = session.execute(held).scalar_one_or_none()
        return None if row is None else as_subscription(row)


def get(store: Store, subscription_id: int) -> Subscription | None:
    """A subscription by its id, stopped ones too."""
    with store.reading() as session:
        row = session.get(SubscriptionRow, subscription_id)
        return None if row is None else as_subscription(row)


def of_person(store: Store, person_id: str) -> tuple[Subscription, ...]:
    """The subscriptions somebody has, active and paused, oldest first."""
    held = select(SubscriptionRow).where(SubscriptionRow.person_id == person_id, SubscriptionRow.state != "stopped")
    with store.reading() as session:
        rows = session.execute(held.order_by(SubscriptionRow.subscription_id)).scalars()
        return tuple(map(as_subscription, rows))


def change(
    store: Store,
    subscription_id: int,
    *,
    schedule: dict[str, Any] | None = None,
    to: str | None = None,
    channel_name: str | None = None,
    only_when_off: bool | None = None,
    workdays: Workdays = WEEKDAYS,
) -> Subscription:
    """Change when, where or on which condition it is sent.

    AlreadySubscribed where that makes it the same as another.
    """
    with store.writing() as session:
        row = _locked(session, subscription_id)
        if schedule is not None:
            row.schedule = schedule
        if to is not None:
            row.to, row.channel_name = to, channel_name
        if only_when_off is not None:
            row.only_when_off = only_when_off
        key = same_key(row.person_id, row.plan, row.made_on, row.schedule, row.to)
        other = select(SubscriptionRow).where(
            SubscriptionRow.same_key == key,
            SubscriptionRow.state != "stopped",
            SubscriptionRow.subscription_id != subscription_id,
        )
        with session.no_autoflush:
            held = session.execute(other).scalar_one_or_none()
        if held is not None:
            raise AlreadySubscribed(as_subscription(held))
        row.same_key = key
        if row.state == "active":
            row.next_due_at = as_subscription(row).due_after(database_now(session), workdays)
        return as_subscription(row)


def pause(
    store: Store, subscription_id: int, *, until: date | None = None, workdays: Workdays = WEEKDAYS
) -> Subscription:
    """Send nothing, up to and without the day `until` where one is given; what waits to be sent is not sent."""
    with store.writing() as session:
        row = _locked(session, subscription_id)
        row.state, row.paused_until, row.next_due_at = "paused", until, None
        if until is not None:
            begins = datetime.combine(until, time.min, ZoneInfo(row.timezone))
            row.next_due_at = as_subscription(row).due_after(begins - _SHORTEST, workdays)
        _skip_waiting(session, subscription_id, "paused")
        return as_subscription(row)


def resume(store: Store, subscription_id: int, *, workdays: Workdays = WEEKDAYS) -> Subscription:
    """Send again, from the next time it is due."""
    with store.writing() as session:
        row = _locked(session, subscription_id)
        row.state, row.paused_until, row.failures, row.last_error = "active", None, 0, None
        row.next_due_at = as_subscription(row).due_after(database_now(session), workdays)
        return as_subscription(row)


def stop(store: Store, subscription_id: int) -> Subscription:
    """Send nothing any more; the row is kept."""
    with store.writing() as session:
        row = _locked(session, subscription_id)
        row.state, row.next_due_at, row.paused_until = "stopped", None, None
        _skip_waiting(session, subscription_id, "stopped")
        return as_subscription(row)


def same_key(person_id: str, plan: dict[str, Any], made_on: date, schedule: dict[str, Any], to: str) -> str:
    """What tells one person's subscriptions apart; "last week" asked in two weeks is the same."""
    meant = plan_as_of(_PLAN.validate_python(plan), made_on, _SOME_DAY).model_dump(mode="json")
    when = Schedule.model_validate(schedule).model_dump(mode="json")
    text = json.dumps([person_id, meant, when, to], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _adding(dialect: str) -> Executable:
    into: Any = postgresql_insert if dialect == "postgresql" else sqlite_insert
    return cast(Executable, into(SubscriptionRow).on_conflict_do_nothing())


def _one(session: Session, *conditions: Any) -> Subscription:
    return as_subscription(session.execute(select(SubscriptionRow).where(*conditions)).scalar_one())


def _locked(session: Session, subscription_id: int) -> SubscriptionRow:
    held = select(SubscriptionRow).where(SubscriptionRow.subscription_id == subscription_id).with_for_update()
    return session.execute(held).scalar_one()


def _skip_waiting(session: Session, subscription_id: int, reason: str) -> None:
    """What is due and in nobody's hands is not sent."""
    waiting = update(Digest).where(
        Digest.subscription_id == subscription_id, Digest.state == "due", Digest.worker.is_(None)
    )
    session.execute(waiting.values(state="skipped", reason=reason))


def as_subscription(row: SubscriptionRow) -> Subscription:
    """What a row holds."""
    return Subscription(**{name: getattr(row, name) for name in Subscription.__dataclass_fields__})
