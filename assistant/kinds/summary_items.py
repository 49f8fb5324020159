"""What a summary tells, for machines: every KPI, driver, unusual value, pace, task, restatement and advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analytics.insights.books import AgreedTask, Benchmark, Restatement
from analytics.insights.summary import Standing, concern
from analytics.vocabulary import Compared, Period
from assistant.kinds.summary_told import Told
from assistant.kinds.summary_words import driver_label, line, member_line, task_words, unusual_line
from assistant.result import Worded

if TYPE_CHECKING:
    from analytics.insights.drivers import Explained
    from analytics.insights.forecast import Outlook
    from analytics.insights.unusual import Unusual

Item = Mapping[str, Any]


def items_of(
    told: Told,
    explained: Sequence[Explained],
    members: Sequence[Unusual],
    outlook: Outlook | None,
    tasks: Sequence[AgreedTask],
    restated: Sequence[Restatement],
    benchmarks: Mapping[str, Benchmark],
) -> tuple[Item, ...]:
    """Everything in the order it is told."""
    kpis = [_kpi(one, told, benchmarks.get(one.kpi.id)) for one in told.shown]
    unusual = [
        *(_unusual(told.unusual[one.kpi.id], unusual_line(one, told)) for one in told.shown if told.is_unusual(one)),
        *(_unusual(one, member_line(one, told)) for one in members),
    ]
    advice = [{"kind": "advice", "kpi": one.kpi.id, "card": one.kpi.card} for one in told.missed if one.kpi.card]
    drivers = [item for one in explained for item in _drivers(one, told)]
    pace = [_pace(outlook)] if outlook else []
    agreed = [_task(one, told) for one in tasks]
    return (*kpis, *drivers, *unusual, *pace, *agreed, *map(_restated, restated), *advice)


def _kpi(standing: Standing, told: Told, benchmark: Benchmark | None) -> Item:
    scores = {kpi: found.score for kpi, found in told.unusual.items() if found.score is not None}
    figure = standing.figure
    return {
        "kind": "kpi",
        "kpi": standing.kpi.id,
        "area": standing.kpi.area,
        "text": line(standing, told, benchmark),
        "value": figure.value,
        "unit": str(figure.unit),
        "period": _days(figure.period),
        "target": figure.target,
        "target_prorated": standing.prorated,
        "missed": standing.missed,
        "gap_share": standing.gap,
        "previous": _compared(figure.compared),
        "last_year": _compared(standing.last_year),
        "baseline": _compared(standing.baseline),
        "benchmark": benchmark.value if benchmark else None,
        "moving_average": standing.smoothed.value if standing.smoothed else None,
        "noisy": standing.noisy,
        "concern": round(concern(standing, scores), 4),
        "whose": "company" if standing.kpi.id in told.of_company else told.room.permitted.sights[standing.kpi.id].whose,
        "card": standing.kpi.card,
    }


def _drivers(explained: Explained, told: Told) -> Iterator[Item]:
    for driver in explained.drivers:
        yield {
            "kind": "driver",
            "kpi": explained.figure.name,
            "driver": driver.name,
            "text": None if driver.effect == "unexplained" else driver_label(driver, told),
            "where": dict(driver.where),
            "keys": dict(driver.keys),
            "effect": driver.effect,
            "contribution": driver.contribution,
            "before": driver.before,
            "after": driver.after,
        }


def _unusual(found: Unusual, text: Worded) -> Item:
    return {
        "kind": "anomaly",
        "kpi": found.kpi,
        "text": text,
        "where": dict(found.where),
        "keys": dict(found.keys),
        "value": found.value,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "score": found.score,
        "good": found.good,
    }


def _pace(outlook: Outlook) -> Item:
    pace, total = outlook.pace, outlook.total
    return {
        "kind": "pace",
        "kpi": outlook.kpi,
        "period": _days(outlook.period),
        "so_far": outlook.so_far.value if outlook.so_far else None,
        "value": total.value,
        "low": total.low,
        "high": total.high,
        "target": pace.target if pace else None,
        "state": pace.state if pace else None,
        "gap": pace.gap if pace else None,
        "needed_per_workday": pace.needed_per_workday if pace else None,
        "workdays_gone": pace.workdays_gone if pace else None,
        "workdays_left": pace.workdays_left if pace else None,
        "chance": pace.chance if pace else None,
        "method": outlook.method,
    }


def _task(task: AgreedTask, told: Told) -> Item:
    return {
        "kind": "task",
        "task_id": task.task_id,
        "text": task_words(task, told),
        "who": task.who,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "state": task.state(told.room.clock.today),
    }


def _restated(one: Restatement) -> Item:
    return {
        "kind": "restatement",
        "kpi": one.kpi,
        "period": _days(one.period),
        "frozen": one.frozen.value,
        "now": one.now.value,
        "change": one.change,
        "closed_at": one.closed_at.isoformat(),
    }


def _compared(compared: Compared | None) -> Item | None:
    if compared is None:
        return None
    return {"value": compared.value, "change": compared.change, "period": _days(compared.period)}


def _days(period: Period | None) -> Item | None:
    if period is None:
        return None
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": period.label}
