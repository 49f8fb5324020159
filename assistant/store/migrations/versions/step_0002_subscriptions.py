"""Subscriptions, their digests, and when recurring work was last done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from analytics.warehouse.types import JsonText, UtcDateTime

revision = "0002"
down_revision = "0001"

RUNNING = sa.text("state != 'stopped'")
TO_SEND = sa.text("state IN ('due', 'tell_failed', 'tell_refused')")


def upgrade() -> None:
    """Create the tables."""
    _subscriptions()
    _digests()
    op.create_table(
        "chores",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("done_at", UtcDateTime, nullable=False),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.String(128), nullable=False),
        sa.Column("slack_user_id", sa.String(64)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("plan", JsonText, nullable=False),
        sa.Column("schedule", JsonText, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("sent_to", sa.String(64), nullable=False),
        sa.Column("channel_name", sa.String(255)),
        sa.Column("only_when_off", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("same_key", sa.String(64), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("paused_until", sa.Date),
        sa.Column("next_due_at", UtcDateTime),
        sa.Column("last_sent_at", UtcDateTime),
        sa.Column("last_error", sa.String(255)),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_index(
        "subscriptions_same", "subscriptions", ["same_key"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
    )
    op.create_index("subscriptions_due", "subscriptions", ["next_due_at"])
    op.create_index("subscriptions_person", "subscriptions", ["person_id"])


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("digest_id", sa.Integer, primary_key=True),
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.subscription_id"), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("again_at", UtcDateTime, nullable=False),
        sa.Column("worker", sa.String(128)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("posting_at", UtcDateTime),
        sa.Column("channel", sa.String(64)),
        sa.Column("ts", sa.String(32)),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("error", sa.String(255)),
        sa.UniqueConstraint("subscription_id", "due_at", name="digests_once"),
    )
    op.create_index("digests_to_send", "digests", ["again_at"], sqlite_where=TO_SEND, postgresql_where=TO_SEND)
