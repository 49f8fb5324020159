"""The operational tables. Moments are UTC; texts come cleaned of what a database refuses (NUL, lone surrogates)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from analytics.warehouse.types import JsonText, UtcDateTime

WAITING = ("new", "claimed")
TO_SEND = "state IN ('due', 'tell_failed', 'tell_refused')"
STILL_WAITING = "state IN ('new', 'claimed')"
RUNNING = "state != 'stopped'"


class Base(DeclarativeBase):
    """The operational store's tables."""

    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JsonText}  # noqa: RUF012 (SQLAlchemy's own contract)


class Inbox(Base):
    """One question as Slack delivered it, from its arrival to its answer.

    `event_id` and `question_key` are unique: an event delivered twice, or a mention that also arrives as a message, is
    one row. `state` is new, claimed, done or dead. `due_at` is when the row may be claimed: at once, after a back-off,
    or when the lease of the worker that holds it ends. `attempts` counts claims and tells a worker whether the row is
    still its own; `waits` are those of them that ended because Slack asked to wait, which is nobody's failure. `turn`
    is how many questions of the same asker were waiting when it came: the lowest turn is next, so that nobody waits
    behind somebody else's hundred.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "inbox_waiting",
            "turn",
            "inbox_id",
            sqlite_where=text(STILL_WAITING),
            postgresql_where=text(STILL_WAITING),
        ),
        Index(
            "inbox_asker_waiting",
            "asker",
            sqlite_where=text(STILL_WAITING),
            postgresql_where=text(STILL_WAITING),
        ),
    )

    inbox_id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(255), unique=True)
    question_key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    asker: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(8), default="new")
    turn: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    worker: Mapped[str | None] = mapped_column(String(128))
    reference: Mapped[str | None] = mapped_column(String(16))
    received_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Delivery(Base):
    """A message that reached Slack for an inbox row: placeholder, answer or note. `ts` is empty for whispers."""

    __tablename__ = "deliveries"

    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.inbox_id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))
    ts: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime]


class Conversation(Base):
    """One question and how it was read and answered, for follow-ups in the same thread by the same person."""

    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_thread", "thread", "person", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(primary_key=True)
    thread: Mapped[str] = mapped_column(String(255))
    person: Mapped[str] = mapped_column(String(128))
    question: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    plan: Mapped[dict[str, Any]]
    route: Mapped[str] = mapped_column(String(32))
    reading: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Audit(Base):
    """One decision. Rows are only ever added; `hash` covers the row and the hash of the row before it."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(String(128))
    what: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the audit chain: one row, locked while a row is added; it shows when the tail was cut off."""

    __tablename__ = "audit_head"

    head: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class SubscriptionRow(Base):
    """Something a person has sent on a schedule.

    `same_key` tells subscriptions apart that are not stopped: person, plan, schedule, place. `made_on` is the day the
    plan was made for: its relative periods move on from there. `state` is active, paused or stopped; `next_due_at` is
    when it is due next, empty while nothing is. `failures` counts those in a row; `last_error` says why the last
    sending failed or why it was paused or stopped.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index(
            "subscriptions_same",
            "same_key",
            unique=True,
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
        Index("subscriptions_due", "next_due_at"),
        Index("subscriptions_person", "person_id"),
    )

    subscription_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(String(128))
    slack_user_id: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    plan: Mapped[dict[str, Any]]
    schedule: Mapped[dict[str, Any]]
    timezone: Mapped[str] = mapped_column(String(64))
    to: Mapped[str] = mapped_column("sent_to", String(64))
    channel_name: Mapped[str | None] = mapped_column(String(255))
    only_when_off: Mapped[bool]
    state: Mapped[str] = mapped_column(String(8))
    same_key: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date]
    created_at: Mapped[datetime]
    paused_until: Mapped[date | None]
    next_due_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(255))
    failures: Mapped[int] = mapped_column(default=0)


class Digest(Base):
    """One sending of a subscription: unique by subscription and due time, however many processes tick.

    `state` is due, then sent, quiet (nothing was off), skipped, failed or refused; tell_failed and tell_refused are
    before the last two, until the subscriber has been told. `again_at` is when it may be claimed: at once, after a
    back-off, or when the lease of the `worker` that holds it ends. `attempts` counts claims, `waits` those of them that
    ended because Slack asked to wait. `posting_at` is set before Slack is asked to post: who takes the row over then
    looks for the message before posting it again. `reason` is a code: why it was skipped, refused or failed.
    """

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("subscription_id", "due_at", name="digests_once"),
        Index("digests_to_send", "again_at", sqlite_where=text(TO_SEND), postgresql_where=text(TO_SEND)),
    )

    digest_id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.subscription_id"))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    again_at: Mapped[datetime]
    worker: Mapped[str | None] = mapped_column(String(128))
    attempts: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)
    posting_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(64))
    ts: Mapped[str | None] = mapped_column(String(32))
    sent_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(255))


class Chore(Base):
    """When something that recurs was last done by any process, such as looking for what is due."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_at: Mapped[datetime]
