"""Nothing but a reading of declared tables ever runs, and nothing runs longer than it may."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from sqlalchemy import Select, func, select, text

from analytics.organisation import Company
from analytics.semantic import Filter, Model, QueryError, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import unit
from analytics.semantic.definition import Kpi
from analytics.semantic.present import Present
from analytics.semantic.read_only import NotReadOnly, check_read_only
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Reader, TooSlow, Warehouse
from analytics.warehouse.tables import KEPT, LOADED, orders

DIALECTS = ("duckdb", "sqlite", "postgresql")
MAY_BE_READ = {"orders", "customers"}
DECLARED = {table.name for catalogue in (LOADED, KEPT) for table in catalogue.tables.values()}

READS = [
    "SELECT 1",
    "SELECT count(*) FROM orders",
    "SELECT sum(o.amount) FROM loaded.orders AS o LEFT OUTER JOIN customers AS c ON o.customer_id = c.customer_id",
    "WITH recent AS (SELECT * FROM orders) SELECT count(*) FROM recent",
    "SELECT * FROM (SELECT region, row_number() OVER (PARTITION BY region ORDER BY name) AS place FROM customers) AS a",
    "SELECT customer_id FROM orders UNION ALL SELECT customer_id FROM customers",
    "SELECT count(*) FROM orders WHERE EXISTS (SELECT 1 FROM customers WHERE name = 'DROP TABLE orders; --')",
    "SELECT count(*) FROM orders -- ; DELETE FROM orders",
]
WRITES = [
    "DELETE FROM orders",
    "UPDATE orders SET amount = 0",
    "INSERT INTO orders SELECT * FROM orders",
    "WITH gone AS (DELETE FROM orders RETURNING amount) SELECT sum(amount) FROM gone",
    "WITH more AS (INSERT INTO orders SELECT * FROM orders RETURNING 1) SELECT * FROM more",
    "WITH other AS (UPDATE orders SET amount = 0 RETURNING 1) SELECT * FROM other",
    "SELECT * INTO spoils FROM orders",
    "SELECT * INTO TEMP spoils FROM orders",
    "CREATE TABLE spoils AS SELECT * FROM orders",
    "CREATE VIEW spoils AS SELECT * FROM orders",
    "DROP TABLE orders",
    "ALTER TABLE orders ADD COLUMN spoilt INTEGER",
    "TRUNCATE TABLE orders",
    "MERGE INTO orders USING customers ON true WHEN MATCHED THEN DELETE",
    "SELECT * FROM orders FOR UPDATE",
    "SELECT * FROM orders FOR SHARE",
]
COMMANDS = [
    "COPY orders TO '/tmp/orders.csv'",
    "COPY (SELECT * FROM orders) TO PROGRAM 'sh'",
    "ATTACH '/tmp/other.db' AS other",
    "DETACH other",
    "PRAGMA query_only = OFF",
    "SET default_transaction_read_only = off",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "LOAD httpfs",
    "EXPORT DATABASE '/tmp/all'",
    "VACUUM",
    "BEGIN",
    "COMMIT",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE DELETE FROM orders",
    "GRANT ALL ON orders TO public",
    "DO $$ BEGIN DELETE FROM orders; END $$",
    "LISTEN orders",
    "SHOW TABLES",
    "",
]
SEVERAL = ["SELECT 1; DROP TABLE orders", "SELECT 1; SELECT 2", "SELECT 1;;DELETE FROM orders", "; DELETE FROM orders"]
NOT_DECLARED = [
    "SELECT * FROM people",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM main.sqlite_schema",
    "SELECT * FROM pg_catalog.pg_shadow",
    "WITH pg_shadow AS (SELECT 1) SELECT * FROM pg_catalog.pg_shadow",
    "SELECT * FROM pg_stat_activity",
    "SELECT * FROM duckdb_settings()",
    "SELECT count(*) FROM orders WHERE customer_id IN (SELECT person_id FROM people)",
    "SELECT (SELECT max(email) FROM people) FROM orders",
    "SELECT 1 FROM orders UNION SELECT 1 FROM people",
    "SELECT * FROM orders, people",
    'SELECT * FROM "/etc/passwd.csv"',
    "SELECT * FROM '/etc/passwd.csv'",
]
REACHES_OUT = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_parquet('/data/*.parquet')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT read_text('/etc/passwd') FROM orders",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM query('DELETE FROM orders')",
    "SELECT * FROM sqlite_scan('/tmp/other.db', 'people')",
    "SELECT getenv('HOME')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_catalog.pg_read_file('/etc/passwd')",
    "SELECT (SELECT pg_read_file('/etc/passwd')) FROM orders",
    "SELECT count(*) FROM orders WHERE pg_sleep(9) IS NULL",
    "SELECT * FROM pg_ls_dir('/')",
    "SELECT * FROM orders, LATERAL pg_ls_dir('/') AS listed",
    "SELECT lo_import('/etc/passwd')",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT query_to_xml('DELETE FROM orders', true, true, '')",
    "SELECT pg_terminate_backend(1)",
    "SELECT nextval('order_numbers')",
    "SELECT * FROM dblink('host=elsewhere', 'DELETE FROM orders') AS t(a integer)",
    "SELECT load_extension('/tmp/spoils.so')",
    "SELECT writefile('/tmp/spoils', 'x')",
    "SELECT readfile('/etc/passwd')",
]
# Without any, KPIs that rest on what a model predicted have nothing to run.
PREDICTIONS = [
    {
        "model_id": model,
        "version": "1",
        "subject_kind": kind,
        "subject_id": "S1",
        "as_of": datetime(2020, 1, 1, tzinfo=UTC),
    }
    for model, kind in (
        ("clv", "customer"),
        ("customer_value", "customer"),
        ("lead_score", "lead"),
        ("sentiment", "feedback"),
    )
]
NAMED_ALIKE = [
    "SELECT * FROM secret.orders",
    "SELECT * FROM (WITH pg_user AS (SELECT 1) SELECT * FROM pg_user) AS a, pg_user",
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("sql", READS)
def test_reading_declared_tables_passes(sql: str, dialect: str) -> None:
    check_read_only(sql, dialect, MAY_BE_READ)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("sql", [*WRITES, *COMMANDS, *SEVERAL, *NOT_DECLARED, *REACHES_OUT])
def test_everything_else_is_refused(sql: str, dialect: str) -> None:
    with pytest.raises(NotReadOnly) as refused:
        check_read_only(sql, dialect, MAY_BE_READ)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("sql", NAMED_ALIKE)
def test_a_name_excuses_only_the_table_it_stands_for(sql: str) -> None:
    with pytest.raises(NotReadOnly):
        check_read_only(sql, "postgresql", MAY_BE_READ)


def test_a_refusal_says_what_was_refused() -> None:
    for sql, why in (
        ("DELETE FROM orders", "it is not one SELECT"),
        ("SELECT 1; SELECT 2", "it is not one SELECT"),
        ("WITH gone AS (DELETE FROM orders RETURNING 1) SELECT * FROM gone", "it holds DELETE"),
        ("SELECT * FROM people", "it reads people, which is not declared"),
        ("SELECT pg_read_file('/etc/passwd')", "it calls pg_read_file"),
    ):
        with pytest.raises(NotReadOnly, match=why):
            check_read_only(sql, "postgresql", MAY_BE_READ)


# --- what the built-in KPIs run


@pytest.fixture
def reader(open_warehouse: Callable[[], Warehouse]) -> Iterator[Reader]:
    """A warehouse with every table and some orders."""
    warehouse = open_warehouse()
    lines = pd.DataFrame({"order_id": [f"O{n}" for n in range(4_000)]})
    with warehouse.load("crm", datetime(2026, 11, 23, tzinfo=UTC)) as load:
        load.keep("predictions", pd.DataFrame(PREDICTIONS))
        load.put("orders", lines.assign(line_no=1, amount=1.0, ordered_at=datetime(2026, 1, 1, tzinfo=UTC)))
    with warehouse.reader() as reader:
        yield reader


def queries(kpi: Kpi) -> Iterator[tuple[SemanticQuery, Scope]]:
    """Each way of asking for a KPI that gives another statement."""
    year = unit(date(2024, 1, 1), Grain.YEAR)
    everything, some = Scope.everything(), Scope(frozenset({"R1", "R2"}), frozenset({"T1"}))
    yield SemanticQuery((kpi.id,), year, dimensions=kpi.dimensions), everything
    yield SemanticQuery((kpi.id,), year, grain=Grain.QUARTER), everything
    for op, values in (("in", ("a", "b")), ("not_in", ("a",)), ("contains", ("50%",)), ("unknown", ())):
        filters = tuple(Filter(name, op, values) for name in kpi.dimensions[:1])
        yield SemanticQuery((kpi.id,), year, filters=filters), some if op == "in" else everything


def test_every_statement_of_every_built_in_kpi_is_one_reading_of_declared_tables(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Present, "missing", lambda self, kpi: ())
    model, clock = read_model(), Clock(datetime(2026, 11, 23, 4, tzinfo=UTC), "Europe/Berlin")
    for kpi in model.kpis.values():
        checked = 0
        for query, scope in queries(kpi):
            try:
                outcome = Semantics(model, reader, clock, scope, Company(timezone="Europe/Berlin")).run(query)
            except QueryError as closed:
                if closed.code != "not_your_rows":
                    raise
                continue
            for statement in outcome.provenance.statements:
                check_read_only(statement.sql, reader.dialect, DECLARED)
                checked += 1
        assert checked >= 3, kpi.id


# --- the time limit


def heavy() -> Select[tuple[int]]:
    """Every order with every order with every order: years of work."""
    one, two, three = (orders.alias(name) for name in ("one", "two", "three"))
    longest = func.length(one.c.order_id) * func.length(two.c.order_id) * func.length(three.c.order_id)
    return select(func.sum(longest)).select_from(one).join(two, text("1 = 1")).join(three, text("1 = 1"))


def test_a_slow_statement_is_stopped_and_the_next_one_runs(reader: Reader) -> None:
    how_many = select(func.count()).select_from(orders)
    for _ in range(3):
        started = time.monotonic()
        with pytest.raises(TooSlow, match=r"stopped after 0\.2 seconds"):
            reader.rows(heavy(), seconds=0.2)
        assert time.monotonic() - started < 5
        assert reader.rows(how_many)[0][0] == 4_000
        assert reader.rows(how_many, seconds=10)[0][0] == 4_000


def test_a_quick_statement_is_not_stopped_by_the_limit_of_an_earlier_one(reader: Reader) -> None:
    how_many = select(func.count()).select_from(orders)
    for _ in range(20):
        assert reader.rows(how_many, seconds=0.2)[0][0] == 4_000
    time.sleep(0.3)
    assert reader.rows(how_many)[0][0] == 4_000


def test_a_question_that_takes_too_long_is_told_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> list[object]:
        raise TooSlow(30)

    model: Model = read_model()
    january = Period(date(2026, 1, 1), date(2026, 2, 1))
    clock = Clock(datetime(2026, 11, 23, tzinfo=UTC))
    semantics = Semantics(model, reader, clock, Scope.everything(), Company())
    assert semantics.missing("revenue") == ()
    monkeypatch.setattr(reader, "rows", slow)
    with pytest.raises(QueryError, match="too_slow"):
        semantics.run(SemanticQuery(("revenue",), january))
