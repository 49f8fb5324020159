"""The parts of a summary as phrases: a KPI, something unusual, drivers, the pace, tasks, restatements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from analytics.insights.books import AgreedTask, Benchmark, Restatement
from analytics.insights.summary import Standing
from analytics.semantic.calendar import shape
from analytics.vocabulary import Compared, Figure, Unit
from assistant.kinds.kpi_shown import amount, beside, view
from assistant.kinds.summary_told import Told
from assistant.kinds.wording import titled
from assistant.result import Cell, Worded, quoted

if TYPE_CHECKING:
    from analytics.insights.drivers import Driver, Explained
    from analytics.insights.forecast import Outlook
    from analytics.insights.unusual import Unusual

_DRIVERS = 3


def count(name: str, number: int) -> Figure:
    """A number of things."""
    return Figure(name, number, Unit.COUNT)


# --- one KPI


def seen(standing: Standing, told: Told, benchmark: Benchmark | None = None) -> dict[str, Any]:
    """Everything a template says of one KPI: as `kpi_shown.view`, and of last year, the baseline and the rest."""
    model, figure = told.room.model, standing.figure
    smoothed = standing.smoothed
    return {
        **view(figure, model),
        "own": figure.period if standing.own else None,
        "company": standing.kpi.id in told.of_company,
        "unit": unit_of(figure),
        "year": _moved(standing, standing.last_year, told),
        "baseline": _moved(standing, standing.baseline, told),
        "smoothed": amount(smoothed, model) if smoothed is not None and smoothed.value is not None else None,
        "prorated": standing.prorated,
        "benchmark": amount(beside(figure, benchmark.value), model) if benchmark else None,
    }


def _moved(standing: Standing, compared: Compared | None, told: Told) -> dict[str, Any] | None:
    """How a figure stands to another: up or down, by how much, better or worse."""
    if compared is None or compared.value is None:
        return None
    held = view(replace(standing.figure, compared=compared), told.room.model)
    return {name: held[name] for name in ("before", "before_period", "direction", "change", "judged")}


def unit_of(figure: Figure) -> str:
    """The unit of time of a figure's period, "" for free days: "the week before" is said of a whole week."""
    if figure.period is None:
        return ""
    known = shape(figure.period)
    return str(known.grain) if known.grain is not None and known.count == 1 else ""


def line(standing: Standing, told: Told, benchmark: Benchmark | None = None) -> Worded:
    """A KPI on one line."""
    return Worded("summary_line", seen(standing, told, benchmark))


def change_words(seen_kpi: dict[str, Any]) -> Worded | None:
    """A change in a cell: "+9.5% ✓"."""
    if not seen_kpi["change"]:
        return None
    return Worded("change", {key: seen_kpi[key] for key in ("direction", "change", "judged")})


def unusual_line(standing: Standing, told: Told) -> Worded:
    """An unusual value beside what would not be."""
    model, found = told.room.model, told.unusual[standing.kpi.id]
    bounds = {
        name: amount(beside(standing.figure, value), model) if value is not None else None
        for name, value in (("low", found.low), ("high", found.high), ("expected", found.expected))
    }
    above = found.score is not None and found.score > 0
    good = "" if found.good is None else "better" if found.good else "worse"
    return Worded("summary_unusual", {**seen(standing, told), **bounds, "above": above, "good_news": good})


def member_line(found: Unusual, told: Told) -> Worded:
    """A team or a rep whose main figure is unusual."""
    assert told.lead is not None
    model, like = told.room.model, replace(told.lead.figure, compared=None, target=None)
    (by,) = found.keys
    numbers = {"amount": found.value, "low": found.low, "high": found.high}
    return Worded(
        "summary_unusual_member",
        {
            **{name: None if value is None else _amount(like, value, told) for name, value in numbers.items()},
            "name": told.lead.kpi.names,
            "member": quoted(found.where.get(by)) or Worded("no_group", {"name": model.dimensions[by].names}),
            "above": found.score is not None and found.score > 0,
            "good_news": "" if found.good is None else "better" if found.good else "worse",
        },
    )


def _amount(like: Figure, value: float, told: Told) -> Worded:
    exact = Decimal(str(round(value, 2))) if like.unit is Unit.MONEY else value
    return amount(beside(like, exact), told.room.model)


# --- why


def change_words_of(explained: Explained, told: Told) -> Worded | None:
    """A change and the drivers that make most of it; what is left is summed, so that all adds up."""
    if not explained.change:
        return None
    figure = explained.figure
    members = [one for one in explained.members if one.effect != "unexplained"]
    leading = members[:_DRIVERS]
    rest = explained.change - sum(one.contribution for one in leading)
    dimensions = told.room.model.dimensions
    facts = {
        "name": titled(told.room.model.kpis[figure.name].names),
        "unit": unit_of(figure),
        "direction": "up" if explained.change > 0 else "down",
        "change": _contribution(figure, abs(explained.change), told),
        "dimension": dimensions[explained.dimension].names if explained.dimension in dimensions else None,
        "drivers": [_driver(one, figure, told) for one in leading],
        "rest": _signed(figure, rest, told) if abs(rest) > abs(explained.change) * 1e-6 else None,
        "others": len(members) > _DRIVERS,
        "significant": explained.significant,
        "company": figure.name in told.of_company,
    }
    return Worded("summary_change", facts)


def _driver(driver: Driver, figure: Figure, told: Told) -> Worded:
    facts = {"label": driver_label(driver, told), "effect": driver.effect}
    return Worded("summary_driver", {**facts, **_signed(figure, driver.contribution, told)})


def driver_label(driver: Driver, told: Told) -> Cell:
    """A member as people call it, or the KPI that is a part."""
    model = told.room.model
    if driver.name in model.kpis:
        return model.kpis[driver.name].names
    if driver.name not in model.dimensions:
        return Worded("dash", {})
    key, name = driver.keys.get(driver.name), driver.where.get(driver.name)
    words = model.dimensions[driver.name].values
    if key in words:
        return words[key]
    return quoted(name) or Worded("no_group", {"name": model.dimensions[driver.name].names})


def _signed(figure: Figure, value: float, told: Told) -> dict[str, Any]:
    return {"sign": "up" if value > 0 else "down", "amount": _contribution(figure, abs(value), told)}


def _contribution(figure: Figure, value: float, told: Told) -> Worded:
    if figure.unit is Unit.SHARE:
        return amount(Figure("change", value, Unit.POINTS, decimals=1), told.room.model)
    exact = Decimal(str(round(value, 2))) if figure.unit is Unit.MONEY else value
    return amount(beside(figure, exact), told.room.model)


# --- where it heads


def pace_words(outlook: Outlook | None, told: Told) -> Worded | None:
    """The period under way: what has come, what is expected, and whether the target is in reach."""
    if outlook is None or told.lead is None:
        return None
    model, pace = told.room.model, outlook.pace
    like = replace(told.lead.figure, compared=None, target=None)

    def of(value: float | None) -> Worded | None:
        return None if value is None else amount(beside(like, Decimal(str(round(value, 2)))), model)

    so_far = outlook.so_far.value if outlook.so_far else None
    done = float(so_far) / pace.target if pace and pace.target and so_far is not None else None
    facts = {
        "name": told.lead.kpi.names,
        "titled": titled(told.lead.kpi.names),
        "period": outlook.period,
        "so_far": of(None if so_far is None else float(so_far)),
        "expected": of(outlook.total.value),
        "low": of(outlook.total.low),
        "high": of(outlook.total.high),
        "target": of(pace.target) if pace else None,
        "done": Figure("done", done, Unit.SHARE, decimals=1) if done is not None else None,
        "state": pace.state if pace else "",
        "needed": of(pace.needed_per_workday) if pace else None,
        "gone": count("workdays_gone", pace.workdays_gone) if pace else None,
        "left": count("workdays_left", pace.workdays_left) if pace else None,
        "nominal": Figure("nominal", 0.8, Unit.SHARE),
    }
    return Worded("summary_pace", facts)


# --- the books


def task_words(task: AgreedTask, told: Told) -> Worded:
    """Something agreed: who, what, until when, and how it stands."""
    facts = {
        "state": task.state(told.room.clock.today),
        "text": quoted(task.text),
        "who": quoted(task.who_name),
        "due": task.due_on,
        "done": told.room.local_day(task.done_at) if task.done_at else None,
    }
    return Worded("summary_task", facts)


def restated_words(one: Restatement, told: Told) -> Worded:
    """A figure of a closed month that is another now."""
    model = told.room.model
    facts = {
        "name": titled(model.kpis[one.kpi].names),
        "period": one.period,
        "frozen": amount(one.frozen, model),
        "now": amount(one.now, model),
        "closed": told.room.local_day(one.closed_at),
        "redefined": one.redefined,
    }
    return Worded("summary_restated", facts)


def named(standings: Sequence[Standing]) -> list[Any]:
    """What KPIs are called."""
    return [one.kpi.names for one in standings]
