"""The operational tables. Moments are UTC; texts come cleaned of what a database refuses (NUL, lone surrogates)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from analytics.warehouse.types import JsonText, UtcDateTime

WAITING = ("new", "claimed")
STILL_WAITING = "state IN ('new', 'claimed')"


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
