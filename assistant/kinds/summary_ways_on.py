"""Where a summary leads: questions that work, as words and as buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from analytics.semantic.calendar import last, shape, unit
from analytics.vocabulary import Grain
from assistant.kinds.summary_told import Told
from assistant.plans import Choice, ComparedWith, Days, Forecast, KpiQuery, Schedule, Subscribe, Summary, Why
from assistant.result import Button, Buttons, Worded

_NAMED = {Grain.DAY: "yesterday", Grain.WEEK: "last_week", Grain.MONTH: "last_month", Grain.QUARTER: "last_quarter"}
_MONDAY = 1


@dataclass(frozen=True)
class Following:
    """The next questions: facts for the words, and buttons."""

    facts: dict[str, Any]
    buttons: tuple[Buttons, ...]


def following(told: Told) -> Following:
    """Why the main KPI changed, how it splits, where it heads; the summary as a file, and sent again."""
    lead = told.lead
    if lead is None:
        return Following({"kpi": None, "when": "", "direction": "", "by": None}, ())
    change = float(lead.figure.compared.change or 0) if lead.figure.compared else 0.0
    by = _breakdown(told)
    facts = {
        "kpi": lead.kpi.names,
        "when": _when(told),
        "direction": "up" if change > 0 else "down" if change < 0 else "",
        "by": told.room.model.dimensions[by].names if by else None,
    }
    plans = (*_insights(told, by, bool(change)), *_files(told.plan), *_again(told))
    labelled = (Button(Worded("summary_button", {"name": name, "by": facts["by"]}), plan) for name, plan in plans)
    return Following(facts, (Buttons(tuple(labelled)),))


def _insights(told: Told, by: str | None, changed: bool) -> tuple[tuple[str, Choice], ...]:
    """Questions about the main KPI; its forecast where the days told of are the last ones."""
    assert told.lead is not None
    kpi, period = told.lead.kpi.id, Days.of(told.period)
    shared: dict[str, Any] = {"filters": told.plan.filters, "whose": told.plan.whose}
    against = ComparedWith(kind="previous")
    plans: list[tuple[str, Choice]] = []
    if changed and told.plan.form != "bulletin":
        plans.append(("why", Why(kpi=kpi, period=period, comparison=against, **shared)))
    if by is not None:
        plans.append(("by", KpiQuery(kpis=(kpi,), period=period, dimensions=(by,), comparison=against, **shared)))
    if _when(told) and told.lead.kpi.additive.over_time:
        month = Days.of(unit(told.room.clock.today, Grain.MONTH))
        aimed = told.lead.figure.target is not None
        plans.append(("forecast", Forecast(kpi=kpi, period=month, against_target=aimed, **shared)))
    return tuple(plans)


def _files(plan: Summary) -> tuple[tuple[str, Choice], ...]:
    """The same summary as a page and as a table."""
    kinds: tuple[Literal["pdf", "csv"], ...] = ("pdf", "csv")
    return tuple((kind, plan.model_copy(update={"as_file": kind})) for kind in kinds)


def _again(told: Told) -> tuple[tuple[str, Choice], ...]:
    """The same summary of the days then last, on a schedule; nothing for days picked for themselves."""
    plan = told.plan
    if told.room.subscriptions is None or told.room.scheduled or not _when(told) or plan.rhythm == "year":
        return ()
    moving = plan.model_copy(update={"assumed": tuple(dict.fromkeys((*plan.assumed, "period"))), "as_file": None})
    when = {
        "day": Schedule(every="workday"),
        "week": Schedule(every="week", weekday=_MONDAY),
        "month": Schedule(every="month", day=1),
        "quarter": Schedule(every="quarter", day=1),
    }[plan.rhythm]
    return ((f"each_{plan.rhythm}", Subscribe(action="create", what=moving, schedule=when)),)


def _breakdown(told: Told) -> str | None:
    """By whom or what the main KPI is worth splitting next; never by more than the asker may see."""
    assert told.lead is not None
    kpi, dimensions = told.lead.kpi, told.room.model.dimensions
    sight = told.room.permitted.sights[kpi.id]
    hidden = sight.total_only or sight.whose == "me" or told.plan.form == "bulletin"
    one_team = len(sight.scope.teams) == 1
    people = ("rep",) if sight.whose.startswith("rep:") or one_team else ("team", "region")
    named = {given.name for given in told.plan.filters}
    options = [name for name in (*people, *kpi.drivers.dimensions) if name in kpi.dimensions and name not in named]
    return next((name for name in options if not (hidden and dimensions[name].rep_level)), None)


def _when(told: Told) -> str:
    """The words for the period where it is the last one: "last week"."""
    known = shape(told.period)
    if known.grain not in _NAMED or known.count != 1:
        return ""
    latest = last(1, known.grain, told.room.clock.today)
    return _NAMED[known.grain] if (latest.start, latest.end) == (known.start, known.end) else ""
