"""How often unusual values cry wolf, and what they find: demo companies without and with planted changes.

    python -P tests/benchmarks/bench_unusual.py [--quick] [--seeds 3]

Each company is looked at as of the day after each period: the KPIs of a summary in the last weeks, months and
quarters, and their members by region and team. Where nothing is planted, every call is a false one, by chance
or by the ordinary turns of business. Where changes are planted, the table says which are called. Then what it costs.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from analytics.demo import DemoCompany, build
from analytics.insights.unusual import Unusual, unusual_segments, unusual_values
from analytics.insights.unusual.history import rhythm_of
from analytics.organisation import Company, read_company
from analytics.semantic import SemanticQuery, Semantics, calendar, read_model
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Reader, Warehouse

TODAY = date(2026, 11, 23)
KPIS = (
    "revenue", "orders", "aov", "gross_margin_share", "discount_share", "new_leads", "lead_conversion_rate", "win_rate",
    "won_amount", "pipeline_value", "calls", "csat", "complaints", "marketing_roi",
)  # fmt: skip
BROKEN_DOWN = ("region", "team")
LOOKED_AT = {Grain.WEEK: 52, Grain.MONTH: 18, Grain.QUARTER: 4}
MOST_FALSE = 0.02


@dataclass(frozen=True)
class Opened:
    """One company, to be looked at as of any day."""

    reader: Reader
    company: Company
    truth: dict[str, Any]

    def on(self, day: date) -> Semantics:
        """As of the morning of a day."""
        clock = Clock.end_of(day, self.company.timezone)
        return Semantics(read_model(), self.reader, clock, Scope.everything(), self.company)


@contextmanager
def opened(built: DemoCompany) -> Iterator[Opened]:
    """A built company in a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse.open(f"duckdb:///{Path(folder)}/warehouse.duckdb")
        with warehouse.load("demo", built.as_of, currency="CNY") as load:
            for name, frame in built.tables.items():
                load.put(name, frame)
        with warehouse.reader() as reader:
            yield Opened(reader, read_company(reader), built.truth)
        warehouse.close()


def units_before(day: date, grain: Grain, count: int) -> list[Period]:
    """The last units of the calendar that are over on that day."""
    first = calendar.start_of(day, grain)
    return [calendar.unit(calendar.next_start(first, grain, -n), grain) for n in range(count, 0, -1)]


@dataclass
class Counted:
    """How many values were judged and called unusual."""

    judged: int = 0
    called: int = 0

    def add(self, judged: int, called: int) -> None:
        """Counts more of them."""
        self.judged += judged
        self.called += called

    def __str__(self) -> str:
        return f"{self.called:5d} of {self.judged:6d}  {self.called / max(self.judged, 1):7.2%}"


def false_calls(seeds: Sequence[int], looked_at: dict[Grain, int], scale: float) -> dict[Grain, Counted]:
    """Companies in which nothing was planted: the KPIs called, by grain, and which."""
    found = {grain: Counted() for grain in looked_at}
    broken_down = {grain: Counted() for grain in looked_at}
    which: Counter[str] = Counter()
    for seed in seeds:
        with opened(build(TODAY, seed=seed, scale=scale, plants=False)) as company:
            for grain, count in looked_at.items():
                for period in units_before(TODAY, grain, count):
                    semantics = company.on(period.end)
                    values = unusual_values(semantics, KPIS, period).values()
                    judged = [one for one in values if one.reason is None]
                    called = [one for one in judged if one.is_unusual]
                    found[grain].add(len(judged), len(called))
                    which.update(f"{grain}:{one.kpi}" for one in called)
                    if grain is not Grain.WEEK or period.start.toordinal() % 28 < 7:
                        for dimension in BROKEN_DOWN:
                            members = unusual_segments(semantics, KPIS, period, dimension)
                            broken_down[grain].add(1, bool(members))
    print(f"nothing planted, {len(seeds)} companies at scale {scale:g}: called unusual of what was judged")
    for grain in looked_at:
        print(f"  {grain:<8} KPIs {found[grain]}      breakdowns with a call {broken_down[grain]}")
    print("  most often: " + ", ".join(f"{name} {count}" for name, count in which.most_common(8)))
    return found


def planted_calls(seeds: Sequence[int]) -> list[tuple[str, bool, bool]]:
    """For each planted change: its name, whether the company's KPI was called, and whether its part was."""
    found = []
    for seed in seeds:
        with opened(build(TODAY, seed=seed)) as company:
            for change in company.truth["kpi_changes"]:
                period = calendar.unit(date.fromisoformat(change["month"] + "-01"), Grain.MONTH)
                semantics = company.on(period.end)
                kpis = (change["kpi"], *change.get("also", ()))
                whole = unusual_values(semantics, kpis, period).values()
                dimensions = [name for name in (change["dimension"], "channel") if name in change or name != "channel"]
                in_parts = [one for name in dimensions for one in unusual_segments(semantics, kpis, period, name)]
                part = any(_names(change) & {*one.where.values(), *one.keys.values()} for one in in_parts)
                found.append((f"{seed} {change['kpi']} {change['month']}", any(map(_bad, whole)), part))
    print(f"\nplanted, {len(seeds)} companies at full size: called in the month      the KPI      its part")
    for name, whole_called, part_called in found:
        print(f"  {name:<48}{'yes' if whole_called else 'no':>12}{'yes' if part_called else 'no':>12}")
    either = sum(whole_called or part_called for _, whole_called, part_called in found)
    print(f"  found in one way or the other: {either} of {len(found)}")
    return found


def _names(change: dict[str, Any]) -> set[str]:
    return {str(change[key]) for key in ("member", "member_id", "channel") if key in change}


def _bad(one: Unusual) -> bool:
    return one.is_unusual and one.good is not True


def cost(turns: int) -> None:
    """The weekly look at 14 KPIs beside its query alone."""
    rhythm = rhythm_of(Grain.WEEK)
    assert rhythm is not None
    period = units_before(TODAY, Grain.WEEK, 1)[0]
    past = Period(period.start - timedelta(weeks=rhythm.look_back), period.end)
    looks, queries = [], []
    with opened(build(TODAY)) as company:
        semantics = company.on(TODAY)
        for _ in range(turns + 1):
            started = time.perf_counter()
            unusual_values(semantics, KPIS, period)
            looks.append(time.perf_counter() - started)
            started = time.perf_counter()
            semantics.run(SemanticQuery(KPIS, past, grain=Grain.WEEK))
            queries.append(time.perf_counter() - started)
    look, query = (1000 * statistics.median(times[1:]) for times in (looks, queries))
    print(
        f"\n{len(KPIS)} KPIs of a week: {look:.0f} ms, its query alone {query:.0f} ms, {look - query:.0f} ms above it"
    )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="one small company: does it run?")
    chosen = options.parse_args()
    seeds = range(1, 2 if chosen.quick else chosen.seeds + 1)
    looked_at = dict.fromkeys(LOOKED_AT, 3) if chosen.quick else LOOKED_AT
    found = false_calls(seeds, looked_at, 0.2 if chosen.quick else 1.0)
    planted_calls(seeds)
    cost(3 if chosen.quick else 15)
    total = Counted()
    for one in found.values():
        total.add(one.judged, one.called)
    kept = total.called <= MOST_FALSE * total.judged
    print(f"\nat most {MOST_FALSE:.0%} called where nothing is planted: {'kept' if kept else 'MISSED'} ({total})")


if __name__ == "__main__":
    main()
