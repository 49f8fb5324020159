"""How long an answer takes: warm beside the bare SQL it contains, and cold from the command line.

Run by `make bench`. Builds the demo company in a folder of its own; prints medians and ratios of one run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from analytics.calling.candidates import Search, open_candidates
from analytics.demo.load import load_demo
from analytics.models.lifecycle.registry import model_versions, newest_versions
from analytics.semantic import read_model
from analytics.vocabulary import Scope
from analytics.warehouse import Warehouse
from assistant.desk import Desk
from assistant.question import Question

TODAY = date(2026, 11, 23)
QUESTIONS = ("which leads should I call today", "今天我该给哪些线索打电话", "今天我該給哪些線索打電話")
ROUNDS = 60


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"duckdb:///{home}/warehouse.duckdb"
        warehouse = Warehouse.open(url)
        began = time.perf_counter()
        load_demo(warehouse, TODAY, seed=2026, scale=1.0, models_dir=home / "models", truth=home / "truth.json")
        print(
            f"demo company: built, loaded, trained and scored in {time.perf_counter() - began:.1f} s (target: built under 30 s)"
        )
        warm(warehouse)
        warehouse.close()
        cold(home)


def warm(warehouse: Warehouse) -> None:
    """Every rep's list, each question beside the SQL it runs."""
    desk = Desk(warehouse, read_model(), today=TODAY)
    desk.warm_up()
    reps = [f"rep:R{number:03}" for number in range(1, 41)]
    askers = [asker for asker in map(desk.asker, reps) if asker is not None]
    clock = desk.clock(askers[0])
    whole: dict[str, list[float]] = {question: [] for question in QUESTIONS}
    bare: list[float] = []
    for number in range(ROUNDS):
        asker = askers[number % len(askers)]
        for question in QUESTIONS:
            whole[question].append(_seconds(lambda: desk.answer(Question(question, asker, clock))))  # noqa: B023
        owner = frozenset({asker.rep_id or ""})
        with warehouse.reader() as reader:
            current = newest_versions(model_versions(reader, until=clock.now))
            search = Search(Scope(owner), owner, clock, reader.as_of, current)
            bare.append(_seconds(lambda: open_candidates(reader, search)))  # noqa: B023
    sql = statistics.median(bare) * 1000
    print(f"\nwarm, {ROUNDS} rounds over {len(askers)} reps            p50 ms   p95 ms   x bare SQL")
    print(f"  the list's bare SQL                        {sql:7.1f}  {_p95(bare):7.1f}")
    for question, seconds in whole.items():
        middle = statistics.median(seconds) * 1000
        print(f"  {question:<40} {middle:7.1f}  {_p95(seconds):7.1f}   {middle / sql:5.2f}   (targets: 60 ms, 3x)")


def cold(home: Path) -> None:
    """The command line, each run a new process."""
    ask = ("ask", "--as", "rep:R001", "--today", str(TODAY), QUESTIONS[0])
    print("\ncold, 7 runs                                 p50 s    max s")
    for name, words, target in (("leadline --help", ("--help",), 0.3), ("leadline ask", ask, 1.5)):
        seconds = [_seconds(lambda: _run(home, words)) for _ in range(7)]  # noqa: B023
        print(f"  {name:<40} {statistics.median(seconds):7.2f}  {max(seconds):7.2f}   (target: {target} s)")


def _run(home: Path, words: tuple[str, ...]) -> None:
    environment = {**os.environ, "LEADLINE_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-P", "-m", "assistant.cli", *words], env=environment, capture_output=True, check=True
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


if __name__ == "__main__":
    main()
