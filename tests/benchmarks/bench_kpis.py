"""What KPIs cost: beside SQL written by hand, in a table of twelve, beside another semantic layer, as the rows grow.

    python -P tests/benchmarks/bench_kpis.py [--quick] [--scale 25] [--only revenue,win_rate]

Both sides read the same DuckDB files with the same number of threads. Works take turns; times are medians, ratios those
of the medians, of the fastest turns and of processor time. Other work on the computer lengthens turns and moves the
first ratio most, so a bar is kept when the medians or the fastest turns keep it. The demo companies are
built once, into LEADLINE_BENCH_HOME or a folder beside other temporary files.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import duckdb
import oracle
from kpi_companies import ROOT, THREE_YEARS, Bench, in_turns, milliseconds, opened, processor_milliseconds, until
from sqlalchemy import Table
from sqlalchemy.sql import visitors

from analytics.semantic import Comparison, Outcome
from analytics.semantic.read_only import check_read_only
from analytics.vocabulary import Grain, Period

LAST_MONTH = Period(date(2026, 10, 1), date(2026, 11, 1), "last month", Grain.MONTH)
MONTHLY_REPORT = (
    "revenue", "orders", "aov", "gross_margin_share", "discount_share", "new_leads", "lead_conversion_rate", "win_rate",
    "won_amount", "pipeline_value", "calls", "csat",
)  # fmt: skip
GROWING = (
    "revenue",
    "orders",
    "active_customers",
    "open_leads",
    "funnel_dropoff",
    "sales_cycle_days",
    "selling_minutes",
)


def main() -> None:
    """Measure, print the tables, and say which limits hold."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scale", type=float, default=25.0)
    options.add_argument("--quick", action="store_true", help="scale 1 and few turns: does it run?")
    options.add_argument("--only", default="", help="these KPIs, and only beside SQL written by hand")
    chosen = options.parse_args()
    scales = (0.2, 1.0) if chosen.quick else (1.0, 5.0, chosen.scale)
    seconds = 0.1 if chosen.quick else 2.0
    home = Path(os.environ.get("LEADLINE_BENCH_HOME") or Path(tempfile.gettempdir()) / "leadline-bench")
    with ExitStack() as stack:
        benches = [stack.enter_context(opened(home, scale)) for scale in scales[-1:] if chosen.only]
        benches = benches or [stack.enter_context(opened(home, scale)) for scale in scales]
        largest = benches[-1]
        print(f"DuckDB {duckdb.__version__}, {largest.threads} threads on each side")
        said = [beside_hand_written(largest, [kpi for kpi in chosen.only.split(",") if kpi] or oracle.kpis(), seconds)]
        if not chosen.only:
            said += [
                compiling(benches[0]),
                one_table(largest, seconds),
                beside_boring(largest, home, seconds),
                growing(benches, seconds),
            ]
    print("\n" + "\n".join(said))


# --- against SQL written by hand


def beside_hand_written(bench: Bench, kpis: Sequence[str], seconds: float) -> str:
    """Every KPI by month, compiled and by hand."""
    print(
        f"\nby month over three years, scale {bench.scale:g}    ours ms   hand ms  median  fastest    CPU   (bar: 1.3 or +5 ms)"
    )
    over, differing, measured = [], [], 0
    for kpi in kpis:
        lacking = bench.semantics.missing(kpi)
        if lacking or not oracle.has_months(kpi):
            print(f"  {kpi:<32}  skipped: {'needs ' + ', '.join(lacking) if lacking else 'no statement by month'}")
            continue
        statement = oracle.statement(kpi, THREE_YEARS, bench.semantics.clock, "month")
        ours, hand = in_turns(seconds, partial(bench.by_month, kpi), partial(bench.rows, statement))
        measured += 1
        within = close(ours.middle, hand.middle) or close(ours.fastest, hand.fastest)
        over += [] if within else [kpi]
        said = agreement(bench, kpi, statement)
        differing += [kpi] if "DIFFER" in said else []
        verdict = ("ok" if within else "over") + said
        print(f"  {kpi:<32}{ours.middle:10.1f}{hand.middle:10.1f}{ours.beside(hand)}   {verdict}")
    told = f"beside SQL by hand: {measured - len(over)} of {measured} KPIs within the bar"
    told += f"; over: {', '.join(over)}" if over else ""
    return told + (f"; FIGURES DIFFER: {', '.join(differing)}" if differing else "")


def close(ours: float, hand: float) -> bool:
    """Whether ours is at most 1.3 times as long, or five milliseconds longer."""
    return ours <= max(1.3 * hand, hand + 5)


def agreement(bench: Bench, kpi: str, statement: str) -> str:
    """How far the two sides say the same; a month that one side leaves out has no figure, or nothing."""
    expected = {row[0]: row[1] for row in bench.rows(statement)}
    figures = {figure.period.start: figure.value for figure in bench.by_month(kpi).figures if figure.period}
    pairs = [(expected.get(month) or 0, figures.get(month) or 0) for month in {**expected, **figures}]
    if not any(one or other for one, other in pairs):
        return ", no month has a figure"
    wrong = sum(not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in pairs)
    return f", {wrong} MONTHS DIFFER" if wrong else ""


# --- compiling


def compiling(bench: Bench) -> str:
    """Building a statement and its text, each shape from nothing, the best of five, in processor time."""
    seen: dict[Any, Callable[[], Any]] = {}
    model = bench.semantics.model
    built = model.built

    def noted(shape: Any, build: Callable[..., Any]) -> Any:
        seen[shape] = lambda: build(model, shape)
        return built(shape, build)

    setattr(model, "built", noted)  # noqa: B010
    for kpi in (kpi for kpi in model.kpis if not bench.semantics.missing(kpi)):
        bench.run(kpi, period=THREE_YEARS)
        bench.by_month(kpi)
        for dimension in model.kpi(kpi).dimensions[:3]:
            bench.run(kpi, period=THREE_YEARS, dimensions=(dimension,))
    setattr(model, "built", built)  # noqa: B010
    costs, checks = {}, []
    for number, (shape, build) in enumerate(seen.items()):
        costs[shape] = min(processor_milliseconds(lambda: bench.reader.text(build())) for _ in range(5))  # noqa: B023
        statement = build()
        tables = declared_tables(statement)
        text = bench.reader.text(statement)
        checks.append(processor_milliseconds(lambda: check_read_only(f"{text} -- {number}", "duckdb", tables)))  # noqa: B023
    middle, most = statistics.median(costs.values()), max(costs.values())
    dearest = ", ".join(part.name for part in max(costs, key=costs.__getitem__).parts)
    print(f"\ncompiling {len(costs)} shapes, each from nothing      median ms    max ms")
    print(f"  statement and text                         {middle:9.2f} {most:9.2f}   (bar: 3 ms; dearest: {dearest})")
    print(f"  the second look, once a text               {statistics.median(checks):9.2f} {max(checks):9.2f}")
    return f"compiling: at most {most:.2f} ms a shape, {'ok' if most < 3 else 'over'} (bar: 3 ms)"


def declared_tables(statement: Any) -> frozenset[str]:
    """Every table a statement reads, however deep."""
    return frozenset(element.name for element in visitors.iterate(statement) if isinstance(element, Table))


# --- several KPIs at once


def one_table(bench: Bench, seconds: float) -> str:
    """Twelve KPIs of last month beside the month before: in one question, and in twelve."""
    there = tuple(kpi for kpi in MONTHLY_REPORT if not bench.semantics.missing(kpi))
    asked: dict[str, Any] = {"period": LAST_MONTH, "comparison": Comparison("previous")}
    table, singles = in_turns(
        seconds, lambda: bench.run(*there, **asked), lambda: [bench.run(kpi, **asked) for kpi in there]
    )  # fmt: skip
    ratio = min(table.middle / singles.middle, table.fastest / singles.fastest)
    print(
        f"\n{len(there)} KPIs in two periods, scale {bench.scale:g}       table ms  singles ms  median  fastest    CPU"
    )
    print(f"  {'last month and the one before':<32}{table.middle:10.1f}  {singles.middle:10.1f}{table.beside(singles)}")
    return (
        f"a table of {len(there)} KPIs: {ratio:.2f} of the single ones, {'ok' if ratio <= 0.8 else 'over'} (bar: 0.8)"
    )


# --- against another semantic layer


def beside_boring(bench: Bench, home: Path, seconds: float) -> str:
    """Three questions, asked of boring-semantic-layer on the same file in a process of its own."""
    year = Period(date(2026, 1, 1), date(2026, 11, 1))
    ours: dict[str, tuple[Callable[[], Outcome], Callable[[Any], Any]]] = {
        "revenue by month": (lambda: bench.by_month("revenue"), lambda figure: figure.period.start.isoformat()),
        "orders by region": (
            lambda: bench.run("orders", period=year, dimensions=("region",)), lambda figure: figure.keys["region"]
        ),
        "win rate by month": (lambda: bench.by_month("win_rate"), lambda figure: figure.period.start.isoformat()),
    }  # fmt: skip
    try:
        other = Boring(boring_python(home), bench)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        print(f"\nboring-semantic-layer: cannot be installed here ({error})")
        return "boring-semantic-layer: not measured"
    print(f"\n{other.versions}")
    print(f"scale {bench.scale:g}                            ours ms boring ms  x as fast: median   fastest")
    slower = []
    for name, (work, key) in ours.items():
        figures = {key(figure): figure.value for figure in work().figures}
        rows = other.ask(name)["rows"]
        same = figures.keys() == rows.keys() and all(
            math.isclose(float(figures[group] or 0), rows[group], rel_tol=1e-9) for group in rows
        )
        turns = [(milliseconds(work), float(other.ask(name)["ms"])) for _ in until(seconds * 2)]
        one, two = zip(*turns, strict=True)
        middle, fastest = statistics.median(two) / statistics.median(one), min(two) / min(one)
        slower += [] if max(middle, fastest) > 1 and same else [name]
        print(
            f"  {name:<32}{statistics.median(one):10.1f}{statistics.median(two):10.1f}{middle:13.2f}{fastest:13.2f}"
            + ("" if same else "   FIGURES DIFFER")
        )
    other.close()
    return f"boring-semantic-layer: {'faster in all three, ok' if not slower else 'over in ' + ', '.join(slower)}"


class Boring:
    """The other layer in its own process: it cannot be installed beside our pandas."""

    def __init__(self, python: Path, bench: Bench) -> None:
        words = [str(python), str(Path(__file__).with_name("boring_layer.py")), str(bench.database), str(bench.threads)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.versions = self._read()["versions"]

    def ask(self, name: str) -> dict[str, Any]:
        """How long it took there, in ms, and the rows."""
        assert self._process.stdin
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("boring-semantic-layer ended; what it said is above")
        found: dict[str, Any] = json.loads(line)
        return found


def boring_python(home: Path) -> Path:
    """The Python of an environment with the `bench` group of pyproject.toml; made when it is not there."""
    folder = home / "boring"
    python, made = folder / "bin/python", folder / "made"
    if not made.exists():
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
        group = f"{ROOT / 'pyproject.toml'}:bench"
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "--group", group], check=True)
        made.touch()
    return python


# --- growth


def growing(benches: Sequence[Bench], seconds: float) -> str:
    """The same KPIs on ever larger companies: per row they must not get dearer."""
    print(
        "\ngrowth, by month, processor time in ms "
        + "".join(f"{f'scale {b.scale:g}':>26}" for b in benches)
        + "   x rows   x ms"
    )
    dearer = []
    for kpi in GROWING:
        costs = in_turns(seconds * 2, *(partial(bench.by_month, kpi) for bench in benches))
        table = benches[0].semantics.model.tables_of(kpi)[0]
        rows = [bench.rows(f"SELECT count(*) FROM {table}")[0][0] for bench in benches]
        cells = "".join(f"{count:13,} rows{cost.cpu:8.1f}" for count, cost in zip(rows, costs, strict=True))
        more_rows, more_ms = rows[-1] / rows[-2], costs[-1].cpu / costs[-2].cpu
        dearer += [kpi] if more_ms > 1.1 * more_rows else []
        print(f"  {kpi:<34}{cells}{more_rows:9.1f}{more_ms:7.1f}")
    return f"growth: {'at most linear, ok' if not dearer else 'steeper than the rows: ' + ', '.join(dearer)}"


if __name__ == "__main__":
    main()
