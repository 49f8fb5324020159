"""Work that recurs and that one process is to do for all: whoever comes first after the pause does it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from assistant.store.database_time import database_now
from assistant.store.store import Store
from assistant.store.tables import Chore


def take_turn(store: Store, name: str, every: timedelta) -> bool:
    """Whether this process is to do `name` now: nobody has in the last `every`, by the database's clock."""
    with store.reading() as session:
        done_at = last_done(session, name)
        if done_at is not None and done_at > database_now(session) - every:
            return False
    with store.writing() as session:
        now = database_now(session)
        given = {"name": name, "done_at": now}
        return session.execute(_taking(store.dialect, now - every), given).scalar() is not None


def last_done(session: Session, name: str) -> datetime | None:
    """When somebody last took it on; None when nobody has."""
    return session.execute(select(Chore.done_at).where(Chore.name == name)).scalar_one_or_none()


def _taking(dialect: str, before: datetime) -> Executable:
    into: Any = postgresql_insert if dialect == "postgresql" else sqlite_insert
    adding = into(Chore)
    taking: Executable = adding.on_conflict_do_update(
        index_elements=["name"], set_={"done_at": adding.excluded.done_at}, where=Chore.done_at <= before
    ).returning(Chore.name)
    return taking
