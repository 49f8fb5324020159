"""What was asked and how it was read, so that a follow-up in the same thread can be understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from assistant.store.store import Store
from assistant.store.tables import Conversation

_ADD = insert(cast(Table, Conversation.__table__))


@dataclass(frozen=True)
class Turn:
    """One question of a conversation. `person` is the person_id of who asked, or their Slack id when unknown."""

    thread: str
    person: str
    question: str
    language: str
    plan: dict[str, Any]
    route: str
    reading: str
    at: datetime


def remember(session: Session, turn: Turn) -> None:
    """Add a turn inside the caller's transaction."""
    session.execute(_ADD, {name: getattr(turn, name) for name in Turn.__dataclass_fields__})


def recall(store: Store, thread: str, person: str, limit: int = 5) -> list[Turn]:
    """The last turns of `person` in `thread`, newest first: nobody continues from somebody else's answer."""
    newest = (
        select(Conversation)
        .where(Conversation.thread == thread, Conversation.person == person)
        .order_by(Conversation.conversation_id.desc())
        .limit(limit)
    )
    with store.reading() as session:
        return [
            Turn(row.thread, row.person, row.question, row.language, row.plan, row.route, row.reading, row.at)
            for row in session.execute(newest).scalars()
        ]
