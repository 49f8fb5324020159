"""One company in three databases, and the hand-written SQL beside it."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from sqlalchemy import create_engine, insert, make_url, text
from sqlalchemy.exc import OperationalError

sys.path.insert(0, str(Path(__file__).parent))

from awkward_rows import CLOCK, awkward_rows
from kept_rows import Rows, kept_rows

from analytics.demo import build
from analytics.organisation import read_company
from analytics.semantic import Semantics, read_model
from analytics.vocabulary import Scope
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import KEPT

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
DATABASES = ("duckdb", "sqlite", "postgresql")
_TYPES = {
    "String": "VARCHAR", "Text": "VARCHAR", "JsonText": "VARCHAR", "UtcDateTime": "TIMESTAMP", "Date": "DATE",
    "Money": "DECIMAL(18,2)", "Integer": "INTEGER", "Double": "DOUBLE", "Boolean": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True)
class Rowset:
    """What all three databases hold."""

    as_of: datetime
    demo: dict[str, pd.DataFrame]
    awkward: dict[str, pd.DataFrame]
    kept: dict[str, Rows]


@pytest.fixture(scope="session")
def rowset() -> Rowset:
    """A thirtieth of the demo company, awkward rows beside it, and what models and people have written.

    Of the spend, which comes by the day however small the company is, every third row.
    """
    company, awkward = build(date(2026, 11, 23), scale=0.03), awkward_rows()
    demo = {**company.tables, "marketing_spend": company.tables["marketing_spend"].iloc[::3]}
    known = {name: pd.concat([demo[name], awkward[name]]) for name in ("leads", "customers")}
    return Rowset(company.as_of, demo, awkward, kept_rows(demo | known))


@pytest.fixture(scope="session")
def hand_written(rowset: Rowset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the DuckDB file on which the hand-written SQL runs, its tables under their plain names."""
    warehouse = _filled(f"duckdb:///{tmp_path_factory.mktemp('by_hand')}/warehouse.duckdb", "leadline", rowset)
    version = make_url(warehouse.read_url()).database
    warehouse.close()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{version}' AS loaded (READ_ONLY)")
        for table in KEPT.tables.values():
            columns = ", ".join(f'"{column.name}" {_TYPES[type(column.type).__name__]}' for column in table.columns)
            connection.execute(f"CREATE TABLE memory.main.{table.name} ({columns})")
        connection.execute("SET search_path = 'loaded.main,memory.main'")
        connection.execute("SET threads = 1")
        for name, rows in rowset.kept.items():
            _insert(connection, name, rows)
        yield connection


@pytest.fixture(scope="session", params=DATABASES)
def semantics(
    request: pytest.FixtureRequest, rowset: Rowset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Semantics]:
    """The compiled side, on each database in turn."""
    with _place(request.param, tmp_path_factory.mktemp(request.param)) as (url, prefix):
        warehouse = _filled(url, prefix, rowset)
        with warehouse.reader() as reader:
            yield Semantics(read_model(), reader, CLOCK, Scope.everything(), read_company(reader))
        warehouse.close()


def _filled(url: str, prefix: str, rowset: Rowset) -> Warehouse:
    warehouse = Warehouse.open(url, schema_prefix=prefix)
    for source, tables in (("demo", rowset.demo), ("by hand", rowset.awkward)):
        with warehouse.load(source, rowset.as_of, currency="CNY") as load:
            for name, frame in tables.items():
                load.put(name, frame)
    with warehouse.kept() as connection:
        for name, rows in rowset.kept.items():
            connection.execute(insert(KEPT.tables[f"kept.{name}"]), rows)
    return warehouse


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Rows) -> None:
    frame = pd.DataFrame(rows)
    for name in frame.select_dtypes("datetimetz"):
        frame[name] = frame[name].dt.tz_convert(None)
    connection.register("given", frame)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")
    connection.unregister("given")


@contextmanager
def _place(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The URL and schema prefix of a warehouse of its own."""
    if kind != "postgresql":
        yield f"{kind}:///{folder}/warehouse.{kind}", "leadline"
        return
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        if os.environ.get("LEADLINE_REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"no PostgreSQL server answers: {error.orig}")
    prefix = f"leadline_oracle_{uuid.uuid4().hex[:8]}"
    try:
        yield POSTGRESQL, prefix
    finally:
        with engine.begin() as connection:
            found = text("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE :mine")
            for name in connection.scalars(found, {"mine": f"{prefix}%"}).all():
                connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        engine.dispose()
