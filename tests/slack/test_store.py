"""The operational store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from databases import POSTGRESQL, postgresql_schema
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assistant.store import Store, StoreError, audit, conversations, inbox
from assistant.store.inbox import Arrival, Claim, LeaseLost
from assistant.store.migrations.upgrade import alembic_config
from assistant.store.store import SCHEMA_VERSION
from assistant.store.tables import Base, Inbox

LEASE = timedelta(seconds=60)


@dataclass
class Clock:
    """A clock that tests move."""

    at: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = Store.open(f"sqlite:///{tmp_path}/new folder/store.db", clock)
        yield opened
        opened.close()
        return
    with postgresql_schema() as schema:
        opened = Store.open(POSTGRESQL, clock, schema)
        yield opened
        opened.close()


def ask(store: Store, number: int, asker: str = "U1") -> bool:
    return inbox.receive(store, Arrival(f"Ev{number}", f"message:{number}", "message", asker, {"text": f"{number}"}))


def take(store: Store, worker: str = "w1") -> Claim | None:
    return inbox.claim(store, worker, LEASE)


def test_an_event_is_stored_once(store: Store) -> None:
    assert ask(store, 1)
    assert not ask(store, 1)


def test_the_same_question_under_another_event_id_is_stored_once(store: Store) -> None:
    assert ask(store, 1)
    assert not inbox.receive(store, Arrival("Ev-other", "message:1", "mention", "U1", {}))


def test_a_claimed_question_is_nobody_elses(store: Store) -> None:
    ask(store, 1)
    held = take(store)
    assert held is not None
    assert (held.payload, held.attempts) == ({"text": "1"}, 1)
    assert take(store, "w2") is None


def test_a_question_whose_worker_fell_silent_is_due_when_the_lease_ends(store: Store, clock: Clock) -> None:
    ask(store, 1)
    first = take(store)
    clock.pass_by(61)
    second = take(store, "w2")
    assert first is not None
    assert second is not None
    assert second.attempts == 2
    with pytest.raises(LeaseLost), store.writing() as session:
        inbox.finish(session, first, clock())
    with store.writing() as session:
        inbox.finish(session, second, clock())


def test_a_worker_that_takes_its_own_late_question_again_finishes_it_once(store: Store, clock: Clock) -> None:
    ask(store, 1)
    first = take(store)
    clock.pass_by(61)
    second = take(store)
    assert first is not None
    assert second is not None
    with pytest.raises(LeaseLost), store.writing() as session:
        inbox.finish(session, first, clock())
    with store.writing() as session:
        inbox.finish(session, second, clock())


def test_a_renewed_lease_holds(store: Store, clock: Clock) -> None:
    ask(store, 1)
    held = take(store)
    assert held is not None
    clock.pass_by(50)
    with store.writing() as session:
        inbox.renew(session, held, clock() + LEASE)
    clock.pass_by(50)
    assert take(store, "w2") is None


def test_the_rows_of_a_dead_worker_are_free_at_once(store: Store) -> None:
    ask(store, 1)
    take(store)
    assert inbox.release(store, "w1") == 1
    assert take(store, "w2") is not None


def test_a_question_put_back_waits_its_time(store: Store, clock: Clock) -> None:
    ask(store, 1)
    held = take(store)
    assert held is not None
    inbox.put_back(store, held, timedelta(seconds=5))
    assert take(store) is None
    clock.pass_by(5)
    assert take(store) is not None


def test_a_long_history_does_not_slow_the_search_for_the_next_question(tmp_path: Path, clock: Clock) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.db", clock)
    statements: tuple[Any, ...] = (inbox._DUE, inbox._ADD["sqlite"])
    for statement in statements:
        compiled = str(statement.compile(store.engine))
        with store.engine.connect() as connection:
            nothing = (None,) * compiled.count("?")
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", nothing).all()
        assert all("SCAN" not in step[3] or "inbox_waiting" in step[3] for step in steps), steps
    store.close()


def test_waiting_for_slack_is_no_try_and_spreads_the_askers_questions(store: Store, clock: Clock) -> None:
    for number in range(3):
        ask(store, number)
    held = [take(store) for _ in range(3)]
    waits = [inbox.wait_for_slack(store, claim, 2).total_seconds() for claim in held if claim]
    assert waits == [2, 4, 6]
    clock.pass_by(2)
    again = take(store, "w2")
    assert again is not None
    assert (again.payload, again.attempts, again.tries) == ({"text": "0"}, 2, 1)
    assert take(store, "w2") is None


def test_nobody_waits_behind_a_hundred_questions_of_somebody_else(store: Store) -> None:
    for number in range(100):
        ask(store, number, "U-eager")
    ask(store, 100, "U-patient")
    first, second = take(store), take(store)
    assert first is not None
    assert second is not None
    assert {first.asker, second.asker} == {"U-eager", "U-patient"}


def test_the_reply_address_is_forgotten_when_the_question_is_closed(store: Store, clock: Clock) -> None:
    inbox.receive(
        store, Arrival("c", "c", "command", "U1", {"text": "hi", "response_url": "https://slack.example/secret"})
    )
    held = take(store)
    assert held is not None
    with store.writing() as session:
        inbox.finish(session, held, clock())
    with store.reading() as session:
        assert session.execute(select(Inbox.payload)).scalar_one() == {"text": "hi"}


def test_what_reached_slack_is_known_to_the_next_try(store: Store, clock: Clock) -> None:
    ask(store, 1)
    held = take(store)
    assert held is not None
    with store.writing() as session:
        inbox.record_delivery(session, held, "answer", "C1", "1.2", clock())
    assert inbox.delivered(store, held) == {"answer": ("C1", "1.2")}


def test_a_follow_up_sees_only_the_own_questions_of_the_thread(store: Store, clock: Clock) -> None:
    for person, question in (("P1", "first"), ("P2", "other"), ("P1", "second")):
        turn = conversations.Turn("T:C:1", person, question, "en", {"kind": "leads"}, "leads", "read", clock())
        with store.writing() as session:
            conversations.remember(session, turn)
    assert [turn.question for turn in conversations.recall(store, "T:C:1", "P1")] == ["second", "first"]


def write_audit(store: Store, clock: Clock, rows: int = 3) -> None:
    for number in range(rows):
        with store.writing() as session:
            audit.append(session, at=clock(), kind="decided", who="P001", what={"number": number, "name": "张伟"})


def test_an_untouched_audit_chain_holds(store: Store, clock: Clock) -> None:
    write_audit(store, clock)
    with store.reading() as session:
        assert audit.verify(session) is None


def test_audit_rows_refuse_to_be_changed_or_removed(store: Store, clock: Clock) -> None:
    write_audit(store, clock)
    for statement in ("UPDATE audit SET who = 'P002'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="never changed"), store.writing() as session:
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("tampering", "seq"),
    [
        ("UPDATE audit SET who = 'P002' WHERE seq = 2", 2),
        ("UPDATE audit SET what = '{}' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
    ],
)
def test_tampering_with_the_audit_chain_is_found(store: Store, clock: Clock, tampering: str, seq: int) -> None:
    write_audit(store, clock)
    with store.writing() as session:
        on_sqlite = ("audit_no_update", "audit_no_delete")
        for guard in on_sqlite if store.dialect == "sqlite" else ("audit_only_grows ON audit",):
            session.execute(text(f"DROP TRIGGER {guard}"))
        session.execute(text(tampering))
    with store.reading() as session:
        broken = audit.verify(session)
    assert broken is not None
    assert broken.seq == seq


def test_a_decision_that_is_rolled_back_leaves_no_gap(store: Store, clock: Clock) -> None:
    write_audit(store, clock, 1)
    session = Session(store.engine.execution_options(writing=True))
    audit.append(session, at=clock(), kind="decided", who="P001", what={})
    session.rollback()
    session.close()
    write_audit(store, clock, 1)
    with store.reading() as session:
        assert audit.verify(session) is None


def test_the_migrations_make_the_tables_that_the_code_declares(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_known_schema_version_is_the_last_migration() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == SCHEMA_VERSION


def test_a_store_of_a_newer_version_is_refused_with_a_way_out(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    opened = Store.open(url, clock)
    with opened.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(StoreError, match="newer Leadline"):
        Store.open(url, clock)


def test_a_store_that_cannot_be_reached_says_where_without_its_password(clock: Clock) -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1") as refusal:
        Store.open("postgresql+psycopg://sales:hunter2@127.0.0.1:1/leads?connect_timeout=2", clock)
    assert "hunter2" not in str(refusal.value)


def test_opening_a_current_store_does_not_load_the_migration_tool(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    Store.open(url, clock).close()
    program = (
        "import sys; from datetime import datetime, UTC; from assistant.store import Store;"
        f"Store.open({url!r}, lambda: datetime.now(UTC)); print('alembic' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
