"""Answers three questions with boring-semantic-layer, for bench_kpis.py: it names one on a line and gets JSON back.

Runs in an environment of its own, without Leadline: `python boring_layer.py <DuckDB file> <threads>`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any

import ibis
from boring_semantic_layer import time_dimension, to_semantic_table

LOCAL = ibis.interval(hours=8)  # Shanghai, where the demo company is
MONTHS_FROM, YEAR_FROM, UNTIL = datetime(2023, 10, 31, 16), datetime(2025, 12, 31, 16), datetime(2026, 10, 31, 16)


def main() -> None:
    """Answer until nobody asks any more."""
    connection = ibis.duckdb.connect(sys.argv[1], read_only=True)
    connection.raw_sql(f"SET threads = {int(sys.argv[2])}")
    questions = questions_about(connection)
    packages = ("boring-semantic-layer", "ibis-framework", "duckdb", "pandas")
    say({"versions": ", ".join(f"{name} {version(name)}" for name in packages)})
    for line in sys.stdin:
        began = time.perf_counter()
        frame = questions[line.strip()]().execute()
        took = (time.perf_counter() - began) * 1000
        say({"ms": took, "rows": {_named(group): float(value) for group, value in frame.itertuples(index=False)}})


def questions_about(connection: Any) -> dict[str, Callable[[], Any]]:
    """The models, and what is asked of them; each call builds its query as an application would."""
    customers = to_semantic_table(connection.table("customers"), name="customers").with_dimensions(
        customer_id=lambda t: t.customer_id, region=lambda t: t.region
    )
    orders = (
        to_semantic_table(connection.table("orders"), name="orders")
        .with_dimensions(month=time_dimension(lambda t: t.ordered_at + LOCAL, smallest_time_grain="TIME_GRAIN_SECOND"))
        .with_measures(revenue=lambda t: t.amount.sum(), orders=lambda t: t.order_id.nunique())
    )
    by_customer = orders.join_one(customers, on=lambda order, customer: order.customer_id == customer.customer_id)
    deals = (
        to_semantic_table(connection.table("opportunities"), name="opportunities")
        .with_dimensions(month=time_dimension(lambda t: t.closed_at + LOCAL, smallest_time_grain="TIME_GRAIN_SECOND"))
        .with_measures(won=lambda t: (t.outcome == "won").sum(), lost=lambda t: (t.outcome == "lost").sum())
        .with_measures(win_rate=lambda t: t.won / (t.won + t.lost))
    )
    return {
        "revenue by month": lambda: orders.query(
            dimensions=["month"], measures=["revenue"], time_grain="TIME_GRAIN_MONTH",
            filters=[lambda t: (t.ordered_at >= MONTHS_FROM) & (t.ordered_at < UNTIL)],
        ),
        "orders by region": lambda: by_customer.query(
            dimensions=["customers.region"], measures=["orders.orders"],
            filters=[lambda t: (t.ordered_at >= YEAR_FROM) & (t.ordered_at < UNTIL)],
        ),
        "win rate by month": lambda: deals.query(
            dimensions=["month"], measures=["win_rate"], time_grain="TIME_GRAIN_MONTH",
            filters=[lambda t: (t.closed_at >= MONTHS_FROM) & (t.closed_at < UNTIL)],
        ),
    }  # fmt: skip


def say(found: dict[str, Any]) -> None:
    """One line of JSON."""
    print(json.dumps(found), flush=True)


def _named(group: Any) -> str:
    return str(group.date()) if hasattr(group, "date") else str(group)


if __name__ == "__main__":
    main()
