"""Targets, baselines and benchmarks from a CSV file: all rows or none, each fault told with its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from analytics.semantic.definition import Kpi
from analytics.vocabulary import Grain, Unit
from analytics.warehouse import Warehouse
from analytics.warehouse.load import replace_rows
from analytics.warehouse.tables import baselines, benchmarks, targets

_SCOPES = ("company", "region", "team", "rep")
_BASES = ("absolute", "change")
_MOST_FAULTS = 20
_A_NUMBER = re.compile(r"(?P<number>[+-]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d+)?)\s*(?P<share>%)?")
_TABLES: Mapping[str, Table] = {"targets": targets, "baselines": baselines, "benchmarks": benchmarks}
_WANTED = {
    "targets": ("kpi", "period_kind", "period_start", "value"),
    "baselines": ("kpi", "period_kind", "period_start", "value", "note"),
    "benchmarks": ("kpi", "value", "valid_from"),
}
KINDS = tuple(_TABLES)


class BadYardsticks(ValueError):
    """A file that cannot be taken; `faults` are sentences, each with its line."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


def load_yardsticks(
    warehouse: Warehouse, kind: str, path: Path, *, kpis: Mapping[str, Kpi], now: datetime, by: str | None = None
) -> int:
    """Keep the rows of a CSV file of this kind (targets, baselines, benchmarks); returns how many.

    Columns go by the names of the warehouse's table; dates are 2026-11-01, shares are written 0.25 or 25%. A target or
    benchmark replaces the one with its key; a baseline is appended, and one of the same moment is refused. Raises
    BadYardsticks, and OSError where the file cannot be read.
    """
    try:
        rows = _rows(kind, path, kpis, now)
    except UnicodeDecodeError as other:
        raise BadYardsticks((f"{path.name} is not written in UTF-8",)) from other
    for row in rows:
        row.setdefault("source", path.name)
        if kind == "baselines":
            row["recorded_by"] = row.get("recorded_by") or by
    with_all = _filled(rows)
    try:
        with warehouse.kept() as connection:
            if kind == "baselines":
                connection.execute(insert(baselines), with_all)
            else:
                replace_rows(connection, _TABLES[kind], with_all)
    except IntegrityError as twice:
        raise BadYardsticks(("a baseline of the same KPI, period and moment is kept already",)) from twice
    return len(rows)


def _rows(kind: str, path: Path, kpis: Mapping[str, Kpi], now: datetime) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        faults = list(_faults_of_columns(kind, columns))
        if faults:
            raise BadYardsticks(faults)
        read = [(reader.line_num, row) for row in reader if any(row.values())]
    rows, seen = [], set()
    for line, row in read:
        try:
            rows.append(made := _row(kind, row, kpis, now))
            key = tuple(made.get(name) for name in _TABLES[kind].info["key"])
            if key in seen:
                raise ValueError("it stands in the file twice")
            seen.add(key)
        except ValueError as fault:
            faults.append(f"line {line}: {fault}")
    if not read:
        faults.append("the file holds no row")
    if faults:
        raise BadYardsticks(faults[:_MOST_FAULTS])
    return rows


def _faults_of_columns(kind: str, columns: list[str]) -> Iterator[str]:
    known = {column.name for column in _TABLES[kind].columns}
    for name in columns:
        if name not in known:
            yield f"there is no column {name!r} of {kind}; they are {', '.join(sorted(known))}"
    for name in _WANTED[kind]:
        if name not in columns:
            yield f"the column {name} is missing"


def _row(kind: str, given: Mapping[str, Any], kpis: Mapping[str, Kpi], now: datetime) -> dict[str, Any]:
    if None in given:
        raise ValueError("it has more cells than there are columns")
    said = {name: (value or "").strip() for name, value in given.items()}
    for name in _WANTED[kind]:
        if not said[name]:
            raise ValueError(f"{name} is empty")
    row: dict[str, Any] = {name: _READ.get(name, str)(value) for name, value in said.items() if value}
    if row["kpi"] not in kpis:
        raise ValueError(f"there is no KPI {row['kpi']!r}")
    if kpis[row["kpi"]].unit is Unit.SHARE and row["value"] > 1 and not said["value"].endswith("%"):
        raise ValueError(f"{row['kpi']} is a share; write 0.25 or 25%, not {said['value']}")
    if kind == "benchmarks":
        return {"industry": "all", **row}
    row = {"scope_kind": "company", "scope_id": "", **row}
    if row["scope_kind"] != "company" and not row["scope_id"]:
        raise ValueError(f"scope_id says which {row['scope_kind']}")
    if kind == "baselines":
        return {"recorded_at": now, **row}
    row = {"basis": "absolute", **row}
    if row["basis"] == "change" and "reference_start" not in row:
        raise ValueError("a target of basis change needs its reference_start")
    return row


def _one_of(name: str, values: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise ValueError(f"{name} is one of {', '.join(values)}, not {text!r}")
        return text

    return read


def _number(text: str) -> float:
    found = _A_NUMBER.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no number")
    value = float(found["number"].replace(",", ""))
    return value / 100 if found["share"] else value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write it as 2026-11-01") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no moment; write it as 2026-11-01T09:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_READ: Mapping[str, Callable[[str], Any]] = {
    "scope_kind": _one_of("scope_kind", _SCOPES),
    "period_kind": _one_of("period_kind", [str(grain) for grain in Grain]),
    "basis": _one_of("basis", _BASES),
    "value": _number,
    "period_start": _day,
    "reference_start": _day,
    "valid_from": _day,
    "recorded_at": _moment,
}


def _filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row with the same columns, as one statement writes them."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]
