"""An export into the warehouse: read, load, rank the open leads anew, keep what was turned away for people to see."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pandas as pd
from sqlalchemy import select

from analytics.models.lifecycle.keep import keep_scores
from analytics.sources.errors import SourceError
from analytics.sources.extract import Extract, read_source
from analytics.sources.mapping import Mapping
from analytics.sources.report import ImportReport
from analytics.warehouse import Load, Warehouse
from analytics.warehouse.tables import company

# What a spreadsheet takes for a formula or a command at the start of a cell, full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


class Step(StrEnum):
    """What an import is doing, as told to `progress`."""

    READ = "read"
    LOAD = "load"
    RANK = "rank"
    PUBLISH = "publish"


def import_source(
    warehouse: Warehouse,
    mapping: Mapping,
    path: Path,
    *,
    models_dir: Path,
    home: Path,
    progress: Callable[[str], None] | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Read the export at `path` and publish a version of the warehouse with this source's rows renewed.

    Its open leads are scored before anything is published, as of the latest moment in its own data (an export of last
    year is not judged by this year's clock), or as of the import where it has no moments. Rows turned away are
    written to `home/imports/<source>-<time>/rejected.csv`. `now` is the moment of the import (the system's clock if
    not given). Raises SourceError for what the person who imports can mend, WarehouseError for what the warehouse
    refuses; nothing has changed then.
    """
    tell = progress or (lambda step: None)
    moment = now or datetime.now(UTC)
    tell(Step.READ)
    extract = read_source(mapping, path, now=moment)
    rejected_file = write_rejected(extract.report, home, moment)
    tell(Step.LOAD)
    with warehouse.load(mapping.id, extract.as_of, _currency(extract)) as load:
        put_extract(load, warehouse, extract)
        tell(Step.RANK)
        keep_scores(load, mapping.id, extract.as_of or moment, models_dir)
        tell(Step.PUBLISH)
    return replace(extract.report, rejected_file=rejected_file)


def put_extract(load: Load, warehouse: Warehouse, extract: Extract) -> None:
    """Everything a source gave, and what follows from it, into the version being built."""
    for name, frame in extract.tables.items():
        load.put(name, frame)
        counts = extract.report.table(name)
        load.report(name, rows_in=counts.rows_in, rows_rejected=counts.rows_rejected)
    if "reps" in extract.tables and "rep_teams" not in extract.tables:
        load.put("rep_teams", _standing_teams(extract.tables["reps"]))
    if extract.company_defaults is not None and not _company_named_elsewhere(warehouse, extract.source):
        load.put("company", extract.company_defaults)


def _standing_teams(reps: pd.DataFrame) -> pd.DataFrame:
    """A source without a history of teams: each rep has been in today's team all along."""
    known = reps[reps["team_id"].notna()] if "team_id" in reps.columns else reps.iloc[:0]
    return pd.DataFrame({"rep_id": known["rep_id"], "team_id": known["team_id"] if len(known) else []})


def _currency(extract: Extract) -> str | None:
    company_row = extract.company_defaults
    return None if company_row is None or "currency" not in company_row else str(company_row["currency"].iloc[0])


def _company_named_elsewhere(warehouse: Warehouse, source: str) -> bool:
    if not warehouse.current_version():
        return False
    with warehouse.reader() as reader:
        return any(row.source != source for row in reader.rows(select(company.c.source)))


def write_rejected(report: ImportReport, home: Path, now: datetime) -> Path | None:
    """The rejected rows as a CSV file that a spreadsheet opens without running anything; None when there are none."""
    if report.rejected.empty:
        return None
    folder = home / "imports" / f"{report.source}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    file = folder / "rejected.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(report.rejected.columns)
            writer.writerows([harmless(cell) for cell in row] for row in report.rejected.itertuples(index=False))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SourceError(
            f"The rejected rows cannot be written to {file}: {why}.", f"无法将被拒绝的行写入 {file}：{why}。"
        ) from error
    return file


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: its text, after an apostrophe where it starts like one."""
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
