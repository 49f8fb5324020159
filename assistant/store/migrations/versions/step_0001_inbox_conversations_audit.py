"""The inbox, deliveries, conversations and the audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from analytics.warehouse.types import JsonText, UtcDateTime

revision = "0001"
down_revision = None

STILL_WAITING = sa.text("state IN ('new', 'claimed')")
NEVER_CHANGED = "audit rows are never changed"


def upgrade() -> None:
    """Create the tables; audit rows refuse to be changed or removed."""
    _inbox()
    _conversations()
    _audit()


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("inbox_id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.String(255), nullable=False, unique=True),
        sa.Column("question_key", sa.String(255), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("asker", sa.String(64), nullable=False),
        sa.Column("payload", JsonText, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("worker", sa.String(128)),
        sa.Column("reference", sa.String(16)),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
    )
    for name, columns in (("inbox_waiting", ["turn", "inbox_id"]), ("inbox_asker_waiting", ["asker"])):
        op.create_index(name, "inbox", columns, sqlite_where=STILL_WAITING, postgresql_where=STILL_WAITING)
    op.create_table(
        "deliveries",
        sa.Column("inbox_id", sa.Integer, sa.ForeignKey("inbox.inbox_id"), primary_key=True),
        sa.Column("part", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("ts", sa.String(32)),
        sa.Column("at", UtcDateTime, nullable=False),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.Integer, primary_key=True),
        sa.Column("thread", sa.String(255), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("plan", JsonText, nullable=False),
        sa.Column("route", sa.String(32), nullable=False),
        sa.Column("reading", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("conversations_thread", "conversations", ["thread", "person", "conversation_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("head", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.bulk_insert(head, [{"head": 1, "seq": 0, "hash": ""}])
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit"
            f" BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE FUNCTION audit_never_changed() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}'; END $$",
        "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_never_changed()",
    ]
