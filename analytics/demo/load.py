"""The demo company into a warehouse, scored like any other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.demo.company import DemoCompany, build
from analytics.demo.truth import write_truth
from analytics.models.lifecycle.keep import keep_scores
from analytics.warehouse import Warehouse

SOURCE = "demo"
_ZONE = ZoneInfo("Asia/Shanghai")
_MORNING_IS_OVER = time(11, 30)


def last_day(now: datetime) -> date:
    """The company's latest day that can be built at `now`: today once its morning is over, else yesterday.

    The last day holds a morning's work; built before that has passed, its newest rows would lie in the future.
    """
    local = now.astimezone(_ZONE)
    return local.date() if local.time() >= _MORNING_IS_OVER else local.date() - timedelta(days=1)


def load_demo(
    warehouse: Warehouse,
    until: date,
    *,
    seed: int,
    scale: float,
    models_dir: Path,
    truth: Path,
    progress: Callable[[str], None] = lambda step: None,
) -> DemoCompany:
    """Build the company up to the day `until`, load it, train and score, and write what was planted to `truth`."""
    progress("build")
    company = build(until, seed=seed, scale=scale)
    progress("load")
    with warehouse.load(SOURCE, company.as_of, currency="CNY") as load:
        for name, frame in company.tables.items():
            load.put(name, frame)
        for name, frame in company.kept.items():
            load.keep(name, frame, replacing={})
        progress("score")
        keep_scores(load, SOURCE, company.as_of, models_dir)
        progress("publish")
    write_truth(company, truth)
    return company
