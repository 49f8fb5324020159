"""What a team's weekly summary costs, chart included, beside the SQL it runs and the chart alone.

    python -P tests/benchmarks/bench_summary.py [--seconds 60]

The demo company, warm. Three works take turns: the summary with fourteen KPIs, drivers, unusual values, pace and its
chart as a picture; the statements it ran, run again on the same reader; the picture alone. Times are medians, and the
ratio is that of medians, of the fastest turns and of processor time: other work on the computer moves the first most.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from kpi_companies import TODAY, built_company, in_turns

from analytics.insights.charts import render_png
from analytics.semantic import read_model
from analytics.warehouse import Reader, Warehouse
from assistant.desk import Desk
from assistant.question import Answer, Language, Question

LONGEST, MOST = 700.0, 1.5
QUESTIONS = (("manager:R047", "weekly summary"), ("manager:R047", "上周周报"), ("exec:P053", "weekly summary"))
Ran = list[tuple[Any, tuple[Any, ...], dict[str, Any]]]


def main() -> None:
    """Measure, print the table, and say which limits hold for a team."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60.0, help="for all questions together")
    given = options.parse_args()
    home = Path(os.environ.get("LEADLINE_BENCH_HOME", Path(tempfile.gettempdir()) / "leadline-bench"))
    warehouse = Warehouse.open(f"duckdb:///{built_company(home, 1.0)}/warehouse.duckdb")
    print(
        f"{'summary':32}{'KPIs':>5}{'statements':>11}{'p50 ms':>9}{'fastest':>9}{'SQL':>7}{'chart':>7}{'ratio':>8}{'fastest':>9}{'CPU':>7}"
    )
    kept = [_measured(warehouse, who, words, given.seconds / len(QUESTIONS)) for who, words in QUESTIONS]
    warehouse.close()
    team_p50, team_ratio = kept[0]
    print(f"a team's summary under {LONGEST:.0f} ms: {_said(team_p50 < LONGEST)}")
    print(f"at most {MOST} times its SQL and its chart: {_said(team_ratio <= MOST)}")


def _said(holds: bool) -> str:
    return "yes" if holds else "NO"


def _measured(warehouse: Warehouse, who: str, words: str, seconds: float) -> tuple[float, float]:
    """The summary's median, and the smaller of the ratios of medians and of fastest turns."""
    desk = Desk(warehouse, read_model(), today=TODAY)
    asker = desk.asker(who)
    question = Question(words, asker, desk.clock(asker, TODAY), Language.EN, in_slack=True)

    def whole() -> Answer:
        answer = desk.answer(question)
        for picture in answer.pictures:
            render_png(picture.chart)
        return answer

    whole()
    with _noted() as ran:
        answer = whole()
    if answer.route != "summary" or not answer.pictures:
        sys.exit(f"{words!r} of {who} is no summary with a chart")
    with warehouse.reader() as reader:

        def statements() -> None:
            for statement, args, more in ran:
                reader.rows(statement, *args, **more)

        def pictures() -> None:
            for picture in answer.pictures:
                render_png(picture.chart)

        told, sql, chart = in_turns(seconds, whole, statements, pictures)
    ratios = [
        one / (two + three)
        for one, two, three in (
            (told.middle, sql.middle, chart.middle),
            (told.fastest, sql.fastest, chart.fastest),
            (told.cpu, sql.cpu, chart.cpu),
        )
    ]
    kpis = sum(item["kind"] == "kpi" for item in answer.items)
    print(
        f"{f'{words}, {who}':32}{kpis:5}{len(ran):11}{told.middle:9.0f}{told.fastest:9.0f}{sql.middle:7.0f}{chart.middle:7.0f}"
        f"{ratios[0]:8.2f}{ratios[1]:9.2f}{ratios[2]:7.2f}"
    )
    return told.middle, min(ratios[:2])


@contextmanager
def _noted() -> Iterator[Ran]:
    """Every statement that any reader runs meanwhile."""
    ran: Ran = []
    rows = Reader.rows

    def noted(reader: Reader, statement: Any, *args: Any, **more: Any) -> Any:
        ran.append((statement, args, more))
        return rows(reader, statement, *args, **more)

    Reader.rows = noted  # type: ignore[assignment]
    try:
        yield ran
    finally:
        Reader.rows = rows  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
