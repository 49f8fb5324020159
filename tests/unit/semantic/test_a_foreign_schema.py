"""Another business with other tables: KPI files alone describe it, and the figures are those counted by hand."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError

sys.path.insert(0, str(Path(__file__).parent / "subscriptions"))

from subscription_company import CLOCK, ByHand, build, everywhere, fill_duckdb, fill_postgresql, fill_sqlite

from analytics.organisation import Company
from analytics.semantic import Comparison, Filter, Model, Order, QueryError, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import buckets, to_date, unit, units
from analytics.vocabulary import Grain, Period, Scope, Unit
from analytics.warehouse import Reader, TooSlow, WarehouseError
from analytics.warehouse.foreign import open_foreign

FOLDER = Path(__file__).parent / "subscriptions"
POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/test"
COMPANY = Company("Kettle", "AUD", CLOCK.timezone, 7)
DATABASES = [
    pytest.param(kind, marks=pytest.mark.xdist_group(f"foreign-{kind}")) for kind in ("duckdb", "sqlite", "postgresql")
]
BROKEN_DOWN = [
    ("mrr", ("tier", "agent", "country", "plan")),
    ("new_subscriptions", ("agent", "country", "plan", "account")),
    ("churned_subscriptions", ("agent", "tier")),
    ("silent_share", ("agent", "country", "plan")),
    ("arpa", ("country", "agent")),
    ("trial_conversion", ("tier", "country")),
    ("usage_minutes", ("agent", "account")),
    ("net_revenue", ("tier", "agent", "country")),
    ("refund_share", ("plan", "agent")),
    ("net_revenue_per_hour", ("country", "agent")),
    ("answer_minutes", ("country",)),
]
MAY, JULY = unit(date(2026, 5, 1), Grain.MONTH), unit(date(2026, 7, 1), Grain.MONTH)
THIS_MONTH = to_date(Grain.MONTH, CLOCK.today)
PERIODS = [MAY, JULY, THIS_MONTH, units(date(2025, 10, 1), Grain.QUARTER), Period(date(2026, 3, 30), date(2026, 4, 27))]


@dataclass(frozen=True)
class Place:
    """Where the business keeps its rows."""

    url: str
    schema: str | None = None

    def open(self) -> AbstractContextManager[Reader]:
        return open_foreign(self.url, self.schema, as_of=CLOCK.now)


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model(FOLDER, built_in=False)


@pytest.fixture(scope="module")
def by_hand() -> ByHand:
    return ByHand(build())


@pytest.fixture(scope="module", params=DATABASES)
def place(request: pytest.FixtureRequest, by_hand: ByHand, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same business on each database in turn."""
    path = tmp_path_factory.mktemp("business") / f"business.{request.param}"
    if request.param == "duckdb":
        fill_duckdb(path, by_hand.tables)
        yield Place(f"duckdb:///{path}")
    elif request.param == "sqlite":
        fill_sqlite(path, by_hand.tables)
        yield Place(f"sqlite:///{path}")
    else:
        schema = f"Kettle {uuid.uuid4().hex[:8]}"
        try:
            psycopg.connect(POSTGRESQL, connect_timeout=3).close()
        except psycopg.OperationalError as error:
            if os.environ.get("LEADLINE_REQUIRE_SERVICES") == "1":
                raise
            pytest.skip(f"no PostgreSQL server answers: {error}")
        try:
            fill_postgresql(POSTGRESQL, schema, by_hand.tables)
            yield Place(POSTGRESQL, schema)
        finally:
            with psycopg.connect(POSTGRESQL) as connection:
                connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


@pytest.fixture(scope="module")
def reader(place: Place) -> Iterator[Reader]:
    with place.open() as reader:
        yield reader


@pytest.fixture(scope="module")
def semantics(reader: Reader, model: Model) -> Semantics:
    return Semantics(model, reader, CLOCK, Scope.everything(), COMPANY)


def same(found: Any, expected: Any) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return float(found) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


# --- the figures


@pytest.mark.parametrize(("kpi", "dimensions"), BROKEN_DOWN, ids=[kpi for kpi, _ in BROKEN_DOWN])
def test_each_kpi_is_what_counting_by_hand_gives_whole_and_by_dimension(
    semantics: Semantics, by_hand: ByHand, kpi: str, dimensions: tuple[str, ...]
) -> None:
    wrong = []
    for period in PERIODS:
        if kpi == "silent_share" and period == THIS_MONTH:
            continue
        whole = semantics.run(SemanticQuery((kpi,), period)).figures[0]
        if not same(whole.value, expected := by_hand.value(kpi, period.start, period.end)):
            wrong.append((period.label, "whole", whole.value, expected))
        for dimension in dimensions:
            figures = semantics.run(SemanticQuery((kpi,), period, dimensions=(dimension,))).figures
            found = {figure.keys[dimension]: figure.value for figure in figures}
            for key in set(found) | by_hand.groups(dimension):
                expected = by_hand.value(kpi, period.start, period.end, by_hand.only(dimension, key))
                if not same(found.get(key) or None, expected or None):
                    wrong.append((period.label, f"{dimension}={key}", found.get(key), expected))
    assert wrong == []


@pytest.mark.parametrize("kpi", [kpi for kpi, _ in BROKEN_DOWN])
def test_the_months_of_a_year_are_each_what_the_month_alone_is(semantics: Semantics, by_hand: ByHand, kpi: str) -> None:
    year = Period(date(2025, 10, 1), date(2026, 8, 1))
    figures = semantics.run(SemanticQuery((kpi,), year, grain=Grain.MONTH)).figures
    assert [figure.period for figure in figures] == list(buckets(year, Grain.MONTH))
    for figure in figures:
        assert figure.period is not None
        assert same(figure.value, by_hand.value(kpi, figure.period.start, figure.period.end)), figure


def test_weeks_by_country_hold_over_the_change_to_winter_time(semantics: Semantics, by_hand: ByHand) -> None:
    weeks = Period(date(2026, 3, 23), date(2026, 4, 20))
    query = SemanticQuery(("net_revenue", "usage_minutes"), weeks, dimensions=("country",), grain=Grain.WEEK)
    figures = semantics.run(query).figures
    assert len(figures) == 2 * 4 * 4
    for figure in figures:
        assert figure.period is not None
        key = figure.keys["country"]
        expected = by_hand.value(figure.name, figure.period.start, figure.period.end, by_hand.only("country", key))
        assert same(figure.value, expected), figure


@pytest.mark.parametrize(
    ("comparison", "before"),
    [
        (Comparison("previous"), (date(2026, 6, 1), date(2026, 7, 1))),
        (Comparison("custom", MAY), (date(2026, 5, 1), date(2026, 6, 1))),
    ],
)
def test_a_comparison_is_the_other_month_by_hand(
    semantics: Semantics, by_hand: ByHand, comparison: Comparison, before: tuple[date, date]
) -> None:
    kpis = tuple(kpi for kpi, _ in BROKEN_DOWN)
    for figure in semantics.run(SemanticQuery(kpis, JULY, comparison=comparison)).figures:
        expected = by_hand.value(figure.name, *before)
        assert figure.compared is not None
        assert same(figure.compared.value, expected), figure
        assert same(figure.compared.change, float(figure.value or 0) - float(expected)), figure


def test_the_month_so_far_is_compared_with_the_same_days_of_the_month_before(
    semantics: Semantics, by_hand: ByHand
) -> None:
    query = SemanticQuery(("net_revenue",), THIS_MONTH, dimensions=("agent",), comparison=Comparison("previous"))
    figures = semantics.run(query).figures
    assert {figure.keys["agent"] for figure in figures} == {"A1", "A2", "A3", "A4", None}
    for figure in figures:
        assert figure.compared is not None
        key = figure.keys["agent"]
        expected = by_hand.net_revenue(date(2026, 7, 1), date(2026, 7, 21), by_hand.only("agent", key))
        assert same(figure.compared.value, expected), figure


def test_filters_take_ids_names_words_and_parts_of_names(semantics: Semantics, by_hand: ByHand) -> None:
    def value(*filters: Filter) -> Any:
        return semantics.run(SemanticQuery(("net_revenue",), JULY, filters=filters)).figures[0].value

    def expected(**allowed: set[str | None]) -> Any:
        places = {name: by_hand.place(name) for name in allowed}
        return by_hand.net_revenue(
            JULY.start, JULY.end, lambda row, day: all(places[name](row, day) in keys for name, keys in allowed.items())
        )

    assert same(value(Filter("plan", "in", ("Solo",))), expected(plan={"P1"}))
    assert same(value(Filter("plan", "in", ("P3",))), expected(plan={"P3"}))
    assert same(value(Filter("plan", "in", ("Team",))), expected(plan={"P2", "P3"}))
    assert same(value(Filter("plan", "not_in", ("Team", "P1"))), expected(plan={"P4"}))
    assert same(value(Filter("plan", "contains", ("100%",))), expected(plan={"P4"}))
    assert same(value(Filter("tier", "in", ("专业版",))), expected(tier={"pro"}))
    assert same(value(Filter("tier", "in", ("Professional",))), expected(tier={"pro"}))
    assert same(value(Filter("country", "in", ("挪威", "Chile"))), expected(country={"挪威", "Chile"}))
    assert same(value(Filter("country", "unknown")), expected(country={None}))
    both = Filter("agent", "in", ("A1", "A2")), Filter("country", "not_in", ("Kenya",))
    assert same(value(*both), expected(agent={"A1", "A2"}, country={"Chile", "挪威"}))


@pytest.mark.parametrize("kpi", [kpi for kpi, _ in BROKEN_DOWN if kpi != "answer_minutes"])
def test_agents_see_what_their_accounts_did_while_they_held_them(
    reader: Reader, model: Model, by_hand: ByHand, kpi: str
) -> None:
    for held in ({"A1"}, {"A2", "A3"}, {"nobody"}):
        semantics = Semantics(model, reader, CLOCK, Scope.of(*held), COMPANY)
        found = semantics.run(SemanticQuery((kpi,), JULY)).figures[0].value
        expected = by_hand.value(kpi, JULY.start, JULY.end, by_hand.only("agent", *held))
        assert same(found or None, expected or None), (held, found, expected)


def test_what_belongs_to_the_company_is_closed_to_agents(reader: Reader, model: Model) -> None:
    semantics = Semantics(model, reader, CLOCK, Scope.of("A1"), COMPANY)
    with pytest.raises(QueryError, match="not_your_rows: support_chats"):
        semantics.run(SemanticQuery(("answer_minutes",), JULY))


def test_plans_of_one_title_are_told_apart_and_the_largest_come_first(semantics: Semantics, by_hand: ByHand) -> None:
    query = SemanticQuery(("net_revenue",), JULY, dimensions=("plan",), order=Order("net_revenue"), limit=3, share=True)
    outcome = semantics.run(query)
    values = {plan: by_hand.net_revenue(JULY.start, JULY.end, by_hand.only("plan", plan)) for plan in
              ("P1", "P2", "P3", "P4")}  # fmt: skip
    largest = sorted(values, key=lambda plan: -(values[plan] or 0))[:3]
    names = {"P1": "Solo", "P2": "Team (P2)", "P3": "Team (P3)", "P4": "Company 100%"}
    assert [figure.where["plan"] for figure in outcome.figures] == [names[plan] for plan in largest]
    assert outcome.cut == 1
    whole = sum(value or 0 for value in values.values())
    for figure in outcome.figures:
        assert figure.share == pytest.approx(float(figure.value or 0) / float(whole))


def test_a_declared_table_that_is_not_there_is_named_and_is_no_zero(semantics: Semantics) -> None:
    outcome = semantics.run(SemanticQuery(("survey_score", "new_subscriptions"), JULY))
    assert outcome.missing == {"survey_score": ("surveys",)}
    assert [figure.note for figure in outcome.of("survey_score")] == ["needs_tables"]
    assert outcome.of("survey_score")[0].value is None
    assert outcome.of("new_subscriptions")[0].value


def test_before_the_first_row_there_is_no_data_and_not_zero(semantics: Semantics) -> None:
    for figure in semantics.run(
        SemanticQuery(("mrr", "new_subscriptions"), units(date(2024, 1, 1), Grain.YEAR))
    ).figures:
        assert (figure.value, figure.note) == (None, "outside_data")


def test_an_account_with_refunds_only_has_gone_silent_where_charges_are_counted(
    reader: Reader, by_hand: ByHand, tmp_path: Path
) -> None:
    shutil.copytree(FOLDER, tmp_path / "kpis")
    file = tmp_path / "kpis" / "silent_share.yaml"
    file.write_text(file.read_text("utf-8").replace("window:", "where: {kind: charge}, window:"), "utf-8")
    semantics = Semantics(read_model(tmp_path / "kpis", built_in=False), reader, CLOCK, Scope.everything(), COMPANY)
    charges = ByHand(
        by_hand.tables | {"invoices": [row for row in by_hand.tables["invoices"] if row["kind"] == "charge"]}
    )
    months = buckets(Period(date(2025, 12, 1), date(2026, 8, 1)), Grain.MONTH)
    found = [semantics.run(SemanticQuery(("silent_share",), month)).figures[0].value for month in months]
    expected = [charges.silent_share(month.start, month.end, everywhere) for month in months]
    assert found == pytest.approx(expected)


def test_the_files_give_names_and_units_in_both_languages(model: Model) -> None:
    assert {kpi.unit for kpi in model.kpis.values()} >= {Unit.MONEY, Unit.SHARE, Unit.MINUTES, Unit.COUNT}
    for kpi in model.kpis.values():
        assert any("\u4e00" <= character <= "\u9fff" for character in kpi.names.zh + kpi.definition.zh), kpi.id
    assert model.dimensions["agent"].names.zh == "客户经理"


# --- the database is only read, and says what is wrong with it


def test_nothing_can_be_written_and_no_other_file_read(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    engine: Any = reader._held.engine
    place = engine.get_execution_options()["schema_translate_map"]["loaded"]
    plans = "plans" if place is None else f'"{place}".plans'
    for statement in (
        f"DELETE FROM {plans}", f"INSERT INTO {plans} VALUES ('P9', 'x', 'y')", f"DROP TABLE {plans}",
        "CREATE TABLE spoils (a INTEGER)", f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
    ):  # fmt: skip
        with pytest.raises(SQLAlchemyError), engine.connect() as connection:
            connection.execute(text(statement))
            connection.commit()
    plan = Table("plans", MetaData(schema="loaded"), Column("plan_id", Integer))
    assert reader.rows(select(func.count()).select_from(plan))[0][0] == 4


def test_a_slow_statement_is_stopped_and_the_next_one_runs(reader: Reader, model: Model) -> None:
    used = [model.schema.declared("usage_days").alias(f"used_{n}") for n in range(4)]
    every_with_every = select(func.sum(used[0].c.minutes * used[3].c.minutes)).select_from(used[0])
    for other in used[1:]:
        every_with_every = every_with_every.where(other.c.minutes != used[0].c.minutes + 1)
    with pytest.raises(TooSlow):
        reader.rows(every_with_every, seconds=0.2)
    assert reader.rows(select(func.count()).select_from(used[0]))[0][0] == 800


@pytest.mark.parametrize(
    ("url", "schema", "says"),
    [
        ("duckdb:////nowhere/shop.duckdb", None, "There is no database file at /nowhere/shop.duckdb."),
        ("sqlite:////nowhere/shop.db", None, "There is no database file at /nowhere/shop.db."),
        ("sqlite://", None, "There is no database file at an empty path."),
        (
            "postgresql://nobody:secret@127.0.0.1:1/shop",
            None,
            "postgresql://nobody:***@127.0.0.1:1/shop cannot be opened: ",
        ),
        ("mysql://host/shop", None, "mysql is not supported. Examples: duckdb:///"),
        ("shop.db", None, "'shop.db' is no database URL. Examples: duckdb:///"),
    ],
)
def test_a_database_that_is_not_there_is_said_in_one_sentence(url: str, schema: str | None, says: str) -> None:
    with pytest.raises(WarehouseError) as caught, open_foreign(url, schema):
        pass
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader, " * 500)
    with pytest.raises(WarehouseError, match="cannot be opened"), open_foreign(f"{kind}:///{tmp_path}/letter.txt"):
        pass


def test_a_schema_that_is_not_there_is_named(place: Place) -> None:
    says = "SQLite has no schemas" if "sqlite" in place.url else "no schema 'elsewhere'"
    with pytest.raises(WarehouseError, match=says), open_foreign(place.url, "elsewhere"):
        pass


def test_tables_in_a_schema_of_a_duckdb_file_are_found(tmp_path: Path, model: Model) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE SCHEMA billing")
        connection.execute(
            "CREATE TABLE billing.usage_days AS SELECT 'K1' account_id, DATE '2026-07-02' AS day, 9 AS minutes"
        )
    with open_foreign(f"duckdb:///{tmp_path}/shop.duckdb", "billing") as reader:
        semantics = Semantics(model, reader, CLOCK, Scope.everything(), COMPANY)
        assert semantics.run(SemanticQuery(("usage_minutes",), JULY)).figures[0].value == 9
        with pytest.raises(WarehouseError, match="no table stewards"):
            semantics.run(SemanticQuery(("usage_minutes",), JULY, dimensions=("agent",)))


def test_a_table_without_a_declared_column_is_named_with_it(tmp_path: Path, model: Model) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE usage_days AS SELECT 'K1' account_id, DATE '2026-07-02' AS day")
    with open_foreign(f"duckdb:///{tmp_path}/shop.duckdb") as reader:
        semantics = Semantics(model, reader, CLOCK, Scope.everything(), COMPANY)
        with pytest.raises(WarehouseError, match="Table usage_days lacks minutes"):
            semantics.run(SemanticQuery(("usage_minutes",), JULY))


@pytest.mark.parametrize(
    ("billed_at", "amount", "says"),
    [
        ("2026-07-01 00:00:00", 100, "invoices.billed_at holds values that are not UTC moments"),
        ("2026-07-01T00:00:00.000000", 100, "invoices.billed_at holds values that are not UTC moments"),
        (1782864000, 100, "invoices.billed_at holds values that are not UTC moments"),
        ("2026-07-01 00:00:00.000000", 12.5, "invoices.amount holds values that are not integers of the smallest unit"),
        (
            "2026-07-01 00:00:00.000000",
            "12.50",
            "invoices.amount holds values that are not integers of the smallest unit",
        ),
    ],
)
def test_a_sqlite_file_that_keeps_moments_or_money_in_another_way_is_refused(
    tmp_path: Path, model: Model, billed_at: str | int, amount: object, says: str
) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE invoices (invoice_id, line_no, account_id, plan_id, billed_at, kind, amount)")
        connection.execute("INSERT INTO invoices VALUES ('I1', 1, 'K1', 'P1', ?, 'charge', ?)", (billed_at, amount))
    connection.close()
    with open_foreign(f"sqlite:///{tmp_path}/shop.db") as reader:
        semantics = Semantics(model, reader, CLOCK, Scope.everything(), COMPANY)
        with pytest.raises(WarehouseError, match=says):
            semantics.run(SemanticQuery(("net_revenue",), JULY))
