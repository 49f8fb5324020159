"""The demo companies that bench_kpis.py measures on, open for both sides, and the way it measures: in turns."""

from __future__ import annotations

import hashlib
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import func, make_url, select

from analytics.demo.load import load_demo
from analytics.organisation import read_company
from analytics.semantic import Outcome, SemanticQuery, Semantics, read_model
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Reader, Warehouse

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
THREE_YEARS = Period(date(2023, 11, 1), date(2026, 11, 1), "three years", Grain.MONTH, 36)
GIGABYTES_A_SCALE = 0.08  # while it is built
Work = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """One work's turns in milliseconds: their median, the fastest, and the median of processor time."""

    middle: float
    fastest: float
    cpu: float

    def beside(self, other: Cost) -> str:
        """The three ratios."""
        return f"{self.middle / other.middle:8.2f}{self.fastest / other.fastest:9.2f}{self.cpu / other.cpu:7.2f}"


@dataclass(frozen=True)
class Bench:
    """One demo company, open for both sides."""

    scale: float
    database: Path
    reader: Reader
    semantics: Semantics
    by_hand: duckdb.DuckDBPyConnection

    def run(self, *kpis: str, **how: Any) -> Outcome:
        """What is measured: a question to the semantic layer, answered in figures."""
        return self.semantics.run(SemanticQuery(kpis, **how))

    @property
    def threads(self) -> int:
        """How many threads DuckDB runs on for the semantic layer, and so for everybody."""
        return int(self.reader.rows(select(func.current_setting("threads")))[0][0])

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the SQL written by hand gives."""
        return self.by_hand.execute(statement).fetchall()

    def by_month(self, kpi: str) -> Outcome:
        """The KPI in each month of three years."""
        return self.run(kpi, period=THREE_YEARS, grain=Grain.MONTH)


# --- taking turns


def in_turns(seconds: float, *works: Work) -> list[Cost]:
    """What each work costs, warm: they take turns, first to last and back, three to forty times."""
    for work in works:
        work()
    turns: list[list[tuple[float, float]]] = [[] for _ in works]
    for round_ in until(seconds):
        for place in range(len(works))[:: -1 if round_ % 2 else 1]:
            began, busy = time.perf_counter(), time.process_time()
            works[place]()
            turns[place].append((time.perf_counter() - began, time.process_time() - busy))
    return [Cost(statistics.median(wall), min(wall), statistics.median(cpu)) for wall, cpu in map(_sides, turns)]


def _sides(turns: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Times and processor times apart, in milliseconds."""
    return [wall * 1000 for wall, _ in turns], [cpu * 1000 for _, cpu in turns]


def until(seconds: float) -> Iterator[int]:
    """Rounds: at least three, at most forty, and no new one when the seconds are over."""
    began = time.monotonic()
    for round_ in range(40):
        if round_ >= 3 and time.monotonic() - began > seconds:
            return
        yield round_


def milliseconds(work: Work) -> float:
    """How long it takes, once."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def processor_milliseconds(work: Work) -> float:
    """How long it keeps this thread busy, once: other work on the computer does not count."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


# --- the companies


@contextmanager
def opened(home: Path, scale: float) -> Iterator[Bench]:
    """The demo company of that scale, built when it is not there yet."""
    warehouse = Warehouse.open(f"duckdb:///{built_company(home, scale)}/warehouse.duckdb")
    database = Path(make_url(warehouse.read_url()).database or "")
    with warehouse.reader() as reader, duckdb.connect() as by_hand:
        company = read_company(reader)
        clock = Clock.end_of(TODAY, company.timezone)
        semantics = Semantics(read_model(), reader, clock, Scope.everything(), company)
        for kpi in semantics.model.kpis:
            semantics.missing(kpi)  # looks at the kept tables, which copies those that have rows
        bench = Bench(scale, database, reader, semantics, by_hand)
        _attach(bench)
        yield bench
    warehouse.close()


def _attach(bench: Bench) -> None:
    """The same files under plain names, the same number of threads."""
    by_hand = bench.by_hand
    by_hand.execute(f"ATTACH '{bench.database}' AS loaded (READ_ONLY)")
    for copy in sorted(bench.database.parent.glob("*.kept.copies/*.duckdb")):
        table = copy.name.split(".")[0]
        by_hand.execute(f"ATTACH '{copy}' AS kept_{table} (READ_ONLY)")
        by_hand.execute(f"CREATE VIEW memory.main.{table} AS SELECT * FROM kept_{table}.{table}")
    by_hand.execute("SET search_path = 'loaded.main,memory.main'")
    by_hand.execute(f"SET threads = {bench.threads}")


def built_company(home: Path, scale: float) -> Path:
    """Its folder, named after the code that builds it, so that a changed demo is built anew and the old one goes."""
    code = [*sorted((ROOT / "analytics/demo").glob("*.py")), ROOT / "analytics/warehouse/tables.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:8]
    folder = home / f"scale-{scale:g}-{digest}"
    if (folder / "truth.json").exists():
        return folder
    for older in home.glob(f"scale-{scale:g}-*"):
        shutil.rmtree(older)
    folder.mkdir(parents=True)
    if shutil.disk_usage(folder).free < scale * GIGABYTES_A_SCALE * 1e9:
        sys.exit(f"{folder} has too little room: scale {scale:g} needs {scale * GIGABYTES_A_SCALE:.1f} GB")
    warehouse = Warehouse.open(f"duckdb:///{folder}/warehouse.duckdb")
    began = time.perf_counter()
    load_demo(warehouse, TODAY, seed=2026, scale=scale, models_dir=folder / "models", truth=folder / "truth.json")
    warehouse.close()
    print(f"scale {scale:g}: built in {time.perf_counter() - began:.0f} s into {folder}")
    return folder
