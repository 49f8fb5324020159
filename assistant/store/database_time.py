"""The database's own clock: what is due is decided by it, so that processes whose clocks differ agree."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_NOW = {
    "sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')"),
    "postgresql": text("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"),
}


def database_now(session: Session) -> datetime:
    """The moment (UTC) by the clock of the database that the session is on."""
    told = session.execute(_NOW[session.get_bind().dialect.name]).scalar_one()
    return datetime.fromisoformat(told).replace(tzinfo=UTC)
