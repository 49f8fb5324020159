"""An export into a warehouse: published whole with its ranking, or not at all."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from analytics import models
from analytics.sources.errors import SourceError
from analytics.sources.find import find_mapping
from analytics.sources.intake import harmless, import_source
from analytics.sources.report import ImportReport
from analytics.warehouse import Warehouse, WarehouseError, tables

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
MAPPING = """
title: {en: Trade show, zh: 展会}
company: {name: Harbor, currency: EUR, timezone: UTC}
files: {visitors: {name: visitors.csv, key: badge}}
tables:
  leads:
    from: visitors
    columns: {lead_id: badge, company: firm, created_at: seen, status: {value: open}}
"""


@dataclass(frozen=True)
class Scored:
    models: pd.DataFrame
    predictions: pd.DataFrame


@dataclass
class Ranking:
    """Stands in for the models' room: notes what it was shown, scores each open lead one half."""

    as_of: list[datetime]

    def refresh(self, reader: Any, *, as_of: datetime, models_dir: Path, sources: list[str]) -> Scored:
        self.as_of.append(as_of)
        wanted = (tables.leads.c.status == "open") & tables.leads.c.source.in_(sources)
        leads = reader.frame(select(tables.leads.c.lead_id).where(wanted))
        predictions = pd.DataFrame({"subject_id": leads["lead_id"], "model_id": "lead_score", "version": "v1"})
        predictions = predictions.assign(subject_kind="lead", as_of=as_of, value=0.5)
        return Scored(pd.DataFrame(), predictions)


@pytest.fixture
def ranking(monkeypatch: pytest.MonkeyPatch) -> Ranking:
    stand_in = Ranking([])
    monkeypatch.setattr(models, "refresh", stand_in.refresh)
    return stand_in


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb", now=lambda: NOW)


def load(
    warehouse: Warehouse, folder: Path, rows: str, source: str = "show", steps: list[str] | None = None
) -> ImportReport:
    folder.mkdir(exist_ok=True)
    (folder / f"{source}.yaml").write_text(MAPPING.replace("Harbor", f"Company of {source}"), encoding="utf-8")
    (folder / "visitors.csv").write_text(f"badge,firm,seen\n{rows}", encoding="utf-8")
    mapping = find_mapping(source, [folder])
    progress = None if steps is None else steps.append
    return import_source(
        warehouse, mapping, folder, models_dir=folder / "models", home=folder, progress=progress, now=NOW
    )


def lead_ids(warehouse: Warehouse) -> set[str]:
    with warehouse.reader() as reader:
        return {row.lead_id for row in reader.rows(select(tables.leads.c.lead_id))}


def test_an_import_publishes_rows_scores_and_the_count_of_both(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path
) -> None:
    steps: list[str] = []
    report = load(warehouse, tmp_path / "a", "1,x,2026-11-20\n2,y,2026-11-21\n2,z,2026-11-22\n", steps=steps)
    assert steps == ["read", "load", "rank", "publish"]
    assert lead_ids(warehouse) == {"1", "2"}
    with warehouse.reader() as reader:
        assert reader.data_ends == {"show": datetime(2026, 11, 21, tzinfo=UTC)}
        scores = reader.rows(select(tables.predictions.c.subject_id, tables.predictions.c.value))
        assert sorted(map(tuple, scores)) == [("1", 0.5), ("2", 0.5)]
        run = reader.rows(select(tables.load_runs).where(tables.load_runs.c.table_name == "leads"))[0]
    assert (run.rows_in, run.rows_out, run.rows_rejected) == (3, 2, 1)
    assert report.table("leads").rows_rejected == 1


def test_an_import_renews_its_own_rows_and_leaves_other_sources(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path
) -> None:
    load(warehouse, tmp_path / "a", "1,x,2026-11-20\n")
    load(warehouse, tmp_path / "b", "9,x,2026-10-01\n", source="fair")
    load(warehouse, tmp_path / "a", "2,x,2026-11-21\n")
    assert lead_ids(warehouse) == {"2", "9"}


def test_leads_are_scored_as_of_the_end_of_their_own_data(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path
) -> None:
    load(warehouse, tmp_path / "a", "1,x,2026-11-20\n")
    load(warehouse, tmp_path / "b", "9,x,2017-12-31\n", source="old")
    assert ranking.as_of == [datetime(2026, 11, 20, tzinfo=UTC), datetime(2017, 12, 31, tzinfo=UTC)]


def test_undated_leads_are_scored_as_of_the_import_and_leave_the_data_s_age_open(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path
) -> None:
    report = load(warehouse, tmp_path / "c", "5,x,\n", source="undated")
    assert ranking.as_of == [NOW]
    assert report.as_of is None
    with warehouse.reader() as reader:
        assert reader.as_of is None


def test_the_company_is_named_by_the_first_source_only(warehouse: Warehouse, ranking: Ranking, tmp_path: Path) -> None:
    load(warehouse, tmp_path / "a", "1,x,2026-11-20\n")
    load(warehouse, tmp_path / "b", "9,x,2026-10-01\n", source="fair")
    load(warehouse, tmp_path / "a", "1,x,2026-11-20\n")
    with warehouse.reader() as reader:
        assert [row.name for row in reader.rows(select(tables.company.c.name))] == ["Company of show"]


def test_rejected_rows_are_kept_in_a_file_that_runs_nothing_in_a_spreadsheet(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path
) -> None:
    report = load(warehouse, tmp_path / "a", "1,x,2026-11-20\n,=cmd|' /C calc'!A0,2026-11-20\n1,苏州,\n")
    assert report.rejected_file == tmp_path / "a/imports/show-20261123T063000Z/rejected.csv"
    rows = list(csv.DictReader(report.rejected_file.open(encoding="utf-8-sig", newline="")))
    assert [(row["file"], row["line"], row["reason"]) for row in rows] == [
        ("visitors.csv", "3", "no_key"), ("visitors.csv", "4", "duplicate_key"),
    ]  # fmt: skip
    assert "苏州" in rows[1]["row"]
    assert not any(cell.startswith(tuple("=+-@\t\0")) for row in rows for cell in row.values())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x", "＝1"])
def test_cells_that_look_like_formulas_are_written_as_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("a=1") == "a=1"
    assert harmless(None) == ""


def test_nothing_changes_when_ranking_fails(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(warehouse, tmp_path / "a", "1,x,2026-11-20\n")

    def broken(*_: object, **__: object) -> Scored:
        raise RuntimeError("no room")

    monkeypatch.setattr(models, "refresh", broken)
    with pytest.raises(RuntimeError, match="no room"):
        load(warehouse, tmp_path / "a", "2,x,2026-11-21\n")
    assert lead_ids(warehouse) == {"1"}


def test_a_lead_that_two_sources_claim_is_refused_and_nothing_changes(
    warehouse: Warehouse, ranking: Ranking, tmp_path: Path
) -> None:
    load(warehouse, tmp_path / "a", "1,x,2026-11-20\n")
    with pytest.raises(WarehouseError, match="leads would hold the same key twice"):
        load(warehouse, tmp_path / "b", "1,x,2026-11-20\n", source="fair")
    assert lead_ids(warehouse) == {"1"}


def test_a_home_that_cannot_be_written_is_said(warehouse: Warehouse, ranking: Ranking, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/imports").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(SourceError, match="rejected rows cannot be written"):
        load(warehouse, tmp_path / "a", ",x,\n1,x,\n")


REAL = Path(__file__).resolve().parents[3] / "../shared/data"


@pytest.mark.skipif(not REAL.exists(), reason="the real exports are not on this machine")
def test_both_real_exports_live_in_one_warehouse(warehouse: Warehouse, ranking: Ranking, tmp_path: Path) -> None:
    for source, path in (("crm_sales", REAL / "crm_sales"), ("x_education", REAL / "x_education/Leads.csv")):
        import_source(warehouse, find_mapping(source), path, models_dir=tmp_path, home=tmp_path, now=NOW)
    with warehouse.reader() as reader:
        by_source = select(tables.leads.c.source, func.count()).group_by(tables.leads.c.source)
        assert dict(tuple(row) for row in reader.rows(by_source)) == {"crm_sales": 8800, "x_education": 9240}
        scored = select(func.count()).select_from(tables.predictions)
        assert reader.rows(scored)[0][0] == 2089
        assert reader.as_of == datetime(2017, 12, 31, tzinfo=UTC)
