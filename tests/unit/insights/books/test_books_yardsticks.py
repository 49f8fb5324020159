"""Baselines with their record, benchmarks by industry, and yardsticks from a CSV file: all of it or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from selling_company import PLAIN, SALES, amount, fill
from sqlalchemy import insert, select

from analytics.insights.books import CannotRecord, Holder, baselines_of, benchmark_of, recalibrate, record
from analytics.insights.books.yardstick_files import BadYardsticks, load_yardsticks
from analytics.organisation import read_company
from analytics.semantic import Comparison, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import unit
from analytics.semantic.yardsticks import Baseline
from analytics.vocabulary import Clock, Grain, Scope
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import baselines, benchmarks, targets

MODEL = read_model()
CLOCK = Clock.end_of(date(2026, 11, 23), "Asia/Shanghai")
OCTOBER, SEPTEMBER, NOVEMBER = (unit(date(2026, month, 1), Grain.MONTH) for month in (10, 9, 11))
OF_OCTOBER, OF_SEPTEMBER = (float(sum(amount(rep, month) for rep in SALES)) for month in ("2026-10", "2026-09"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    made = Warehouse.open(f"sqlite:///{tmp_path_factory.mktemp('yardsticks')}/warehouse.sqlite")
    fill(made, PLAIN)
    yield made
    made.close()


@pytest.fixture
def warehouse(filled: Warehouse) -> Warehouse:
    """The company, nothing to measure it against yet."""
    with filled.kept() as connection:
        for table in (baselines, benchmarks, targets):
            connection.execute(table.delete())
    return filled


@pytest.fixture
def semantics(warehouse: Warehouse) -> Iterator[Semantics]:
    with warehouse.reader() as reader:
        yield Semantics(MODEL, reader, CLOCK, Scope.everything(), read_company(reader))


def held_against(semantics: Semantics) -> float | None:
    query = SemanticQuery(("revenue",), OCTOBER, comparison=Comparison("baseline"))
    compared = semantics.run(query).figures[0].compared
    return None if compared is None or compared.value is None else float(compared.value)


def test_a_recalibrated_baseline_stands_beside_the_one_before_with_who_when_and_why(
    warehouse: Warehouse, semantics: Semantics
) -> None:
    spring = datetime(2026, 3, 1, tzinfo=UTC)
    recalibrate(warehouse, semantics, "revenue", SEPTEMBER, note="first", by="P8", now=spring)
    assert held_against(semantics) == OF_SEPTEMBER
    recalibrate(warehouse, semantics, "revenue", OCTOBER, note="new price list", by="P9")
    assert held_against(semantics) == OF_OCTOBER
    newest, first = baselines_of(semantics.reader, "revenue")
    assert (newest.value, newest.note, newest.recorded_by, newest.recorded_at) == (
        OF_OCTOBER, "new price list", "P9", CLOCK.now,
    )  # fmt: skip
    assert (first.value, first.period.start, first.recorded_at) == (OF_SEPTEMBER, SEPTEMBER.start, spring)


def test_a_question_about_the_past_knows_no_baseline_recorded_later(warehouse: Warehouse, semantics: Semantics) -> None:
    recalibrate(warehouse, semantics, "revenue", OCTOBER, note="later", by="P9")
    then = Clock.end_of(date(2026, 11, 1), "Asia/Shanghai")
    earlier = Semantics(MODEL, semantics.reader, then, Scope.everything(), semantics.company)
    assert held_against(earlier) is None


def test_a_team_has_a_baseline_of_its_own(warehouse: Warehouse, semantics: Semantics) -> None:
    made = recalibrate(warehouse, semantics, "revenue", OCTOBER, holder=Holder("team", "T2"), note="team", by="P9")
    assert made.value == amount("R3", "2026-10")
    assert held_against(semantics) is None, "the company's is another one"


@pytest.mark.parametrize(
    ("kpi", "period", "note", "reason"),
    [
        ("revenue", OCTOBER, " ", "no_note"),
        ("revenue", NOVEMBER, "why", "not_over"),
        ("win_rate", unit(date(2024, 1, 1), Grain.MONTH), "why", "no_value"),
        ("revenue", replace(OCTOBER, count=2), "why", "no_unit"),
    ],
)
def test_a_baseline_needs_a_reason_a_period_and_a_value(
    warehouse: Warehouse, semantics: Semantics, kpi: str, period: object, note: str, reason: str
) -> None:
    with pytest.raises(CannotRecord) as cannot:
        recalibrate(warehouse, semantics, kpi, period, note=note, by="P9")  # type: ignore[arg-type]
    assert cannot.value.reason == reason
    assert baselines_of(semantics.reader) == ()


def test_two_baselines_of_one_moment_are_refused(warehouse: Warehouse, semantics: Semantics) -> None:
    one = Baseline("revenue", Holder("company"), OCTOBER, 1.0, CLOCK.now, "agreed with finance", "P9")
    record(warehouse, one)
    with pytest.raises(CannotRecord, match="recorded_already"):
        record(warehouse, replace(one, value=2.0))


def test_the_benchmark_of_ones_own_industry_goes_before_the_general_one(warehouse: Warehouse) -> None:
    rows = [("win_rate", "all", 0.36, 2023), ("win_rate", "Automotive", 0.41, 2025), ("win_rate", "Automotive", 0.44, 2026),
            ("csat", "Pharma", 4.2, 2025)]  # fmt: skip
    with warehouse.kept() as connection:
        for kpi, industry, value, year in rows:
            known = {"kpi": kpi, "industry": industry, "value": value, "valid_from": date(year, 1, 1)}
            connection.execute(insert(benchmarks).values(source="VDA", **known))
    with warehouse.reader() as reader:
        found = [benchmark_of(reader, *asked) for asked in (
            ("win_rate",), ("win_rate", "automotive"), ("win_rate", "automotive", date(2025, 6, 1)), ("win_rate", "Pharma"),
            ("csat",), ("csat", "Pharma"), ("revenue",))]  # fmt: skip
    assert [one and one.value for one in found] == [0.36, 0.44, 0.41, 0.36, None, 4.2, None]
    assert found[1] is not None
    assert (found[1].industry, found[1].source, found[1].valid_from) == ("Automotive", "VDA", date(2026, 1, 1))


def load(warehouse: Warehouse, tmp_path: Path, kind: str, text: str) -> int:
    file = tmp_path / f"{kind}.csv"
    file.write_text(text, "utf-8")
    return load_yardsticks(warehouse, kind, file, kpis=MODEL.kpis, now=CLOCK.now, by="P9")


def test_targets_from_a_file_replace_those_of_the_same_period(warehouse: Warehouse, tmp_path: Path) -> None:
    head = "kpi,scope_kind,scope_id,period_kind,period_start,value\n"
    rows = 'revenue,,,month,2026-10-01,"200,000"\nwin_rate,team,T1,month,2026-10-01,38%\n'
    assert load(warehouse, tmp_path, "targets", "\ufeff" + head + rows) == 2
    assert load(warehouse, tmp_path, "targets", head + "revenue,company,,month,2026-10-01,250000\n") == 1
    with warehouse.reader() as reader:
        kept = {(row.kpi, row.scope_kind, row.scope_id): row.value for row in reader.rows(select(*targets.c))}
        whole = Semantics(MODEL, reader, CLOCK, Scope.everything(), read_company(reader))
        assert whole.run(SemanticQuery(("revenue",), OCTOBER)).figures[0].target == 250_000
    assert kept == {("revenue", "company", ""): 250_000.0, ("win_rate", "team", "T1"): 0.38}


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("targets", "kpi,period_kind,period_start,value\nrevenu,month,2026-10-01,1\n", "line 2: there is no KPI 'revenu'"),
        ("targets", "kpi,period_kind,period_start,value\nwin_rate,month,2026-10-01,38\n", "line 2: win_rate is a share"),
        ("targets", 'kpi,period_kind,period_start,value\nrevenue,month,2026-10-01,"1,5"\n', "line 2: '1,5' is no number"),
        ("targets", "kpi,period_kind,period_start,value\nrevenue,month,2026-10-01,nan\n", "'nan' is no number"),
        ("targets", "kpi,period_kind,period_start,value\nrevenue,month,01.10.2026,1\n", "'01.10.2026' is no day"),
        ("targets", "kpi,period_kind,period_start,value\nrevenue,moon,2026-10-01,1\n", "period_kind is one of"),
        ("targets", "kpi,period_kind,period_start,value\n" + "revenue,month,2026-10-01,1\n" * 2, "line 3: it stands in the file twice"),
        ("targets", "kpi,period_kind,period_start,value,who\n", "there is no column 'who'"),
        ("targets", "kpi,value\n", "the column period_kind is missing"),
        ("targets", "kpi,period_kind,period_start,value\n", "the file holds no row"),
        ("baselines", "kpi,period_kind,period_start,value,note\nrevenue,month,2026-10-01,1,\n", "line 2: note is empty"),
        ("benchmarks", "kpi,value,valid_from\ncsat,4.2,2026-01-01,x\n", "more cells than there are columns"),
    ],
)  # fmt: skip
def test_a_file_with_one_fault_is_not_taken_at_all(
    warehouse: Warehouse, tmp_path: Path, kind: str, text: str, fault: str
) -> None:
    good = {"targets": "aov,month,2026-10-01,5\n"}.get(kind, "")
    with pytest.raises(BadYardsticks) as bad:
        load(warehouse, tmp_path, kind, text if text.count("\n") < 2 else text + good)
    assert any(fault in one for one in bad.value.faults), bad.value.faults
    with warehouse.reader() as reader:
        assert all(reader.rows(select(*table.c)) == [] for table in (targets, baselines, benchmarks))


def test_baselines_from_a_file_are_appended(warehouse: Warehouse, tmp_path: Path) -> None:
    text = "kpi,period_kind,period_start,value,note,recorded_at\nrevenue,year,2025-01-01,{},audited,{}\n"
    load(warehouse, tmp_path, "baselines", text.format(1000, "2026-01-05T09:00:00Z"))
    load(warehouse, tmp_path, "baselines", text.format(1200, "2026-02-05T09:00:00Z"))
    with pytest.raises(BadYardsticks, match="kept already"):
        load(warehouse, tmp_path, "baselines", text.format(1300, "2026-02-05T09:00:00Z"))
    with warehouse.reader() as reader:
        assert [(one.value, one.recorded_by) for one in baselines_of(reader)] == [(1200.0, "P9"), (1000.0, "P9")]
