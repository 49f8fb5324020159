"""What an industry reaches in a KPI, where somebody gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from analytics.warehouse import Reader
from analytics.warehouse.tables import benchmarks

EVERY_INDUSTRY = "all"


@dataclass(frozen=True)
class Benchmark:
    """The benchmark of a KPI, in its own unit; `industry` is "all" where it is of no industry in particular."""

    kpi: str
    industry: str
    value: float
    valid_from: date
    source: str | None


def benchmark_of(reader: Reader, kpi: str, industry: str | None = None, day: date | None = None) -> Benchmark | None:
    """The newest benchmark valid on `day` (None: whenever) of the industry, else of all industries; None without one.

    `industry` is the name as the customers' data have it, matched without regard to case.
    """
    return benchmarks_of(reader, (kpi,), industry, day).get(kpi)


def benchmarks_of(
    reader: Reader, kpis: tuple[str, ...], industry: str | None = None, day: date | None = None
) -> dict[str, Benchmark]:
    """`benchmark_of` for many KPIs with one look."""
    wanted = (benchmarks.c.kpi, benchmarks.c.industry, benchmarks.c.value, benchmarks.c.valid_from, benchmarks.c.source)
    rows = reader.rows(
        select(*wanted)
        .where(benchmarks.c.kpi.in_(sorted(kpis)), benchmarks.c.value.is_not(None))
        .order_by(benchmarks.c.valid_from)
    )
    own = (industry or EVERY_INDUSTRY).casefold()
    found: dict[str, Benchmark] = {}
    for sought in (EVERY_INDUSTRY, own):  # the industry's own replaces the general one
        for row in rows:
            if row.industry.casefold() == sought and (day is None or row.valid_from <= day):
                found[row.kpi] = Benchmark(row.kpi, row.industry, float(row.value), row.valid_from, row.source)
    return found
