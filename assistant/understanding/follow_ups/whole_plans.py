"""What follows a summary, the funnel, spend, cost or a card: the slots that such a plan has, and no others."""

from __future__ import annotations

from typing import Any

from analytics.vocabulary import Grain
from assistant.plans import (
    Clarify,
    ComparedWith,
    Cost,
    CustomerCard,
    DataQuestion,
    Days,
    DealAdvice,
    ExperimentQuestion,
    Funnel,
    Narrowed,
    Plan,
    Spend,
    Summary,
)
from assistant.understanding.context import Context
from assistant.understanding.figures.drafted import MOST_DIMENSIONS, comparison_with, joined
from assistant.understanding.follow_ups.carried import uncertain
from assistant.understanding.follow_ups.fragment import Fragment

WholePlan = Summary | Funnel | Spend | Cost
NamedPlan = CustomerCard | DealAdvice | DataQuestion | ExperimentQuestion
_RHYTHMS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def whole_plan_after(before: WholePlan, said: Fragment, original: str, context: Context) -> Plan | None:
    """The plan with the named slots changed; None where something is named that it has no place for."""
    asked = said.asked
    others = (said.kpis, said.either, asked.edge, asked.share, asked.running, asked.trend, asked.changed, said.number)
    if said.unread or any(others) or uncertain(asked) or said.marks & {"chart", "table", "total", "why", "forecast"}:
        return None
    if "removes" in said.marks:
        return None
    changes: dict[str, Any] = {}
    if asked.periods:
        period = joined(asked.periods, context)
        if period is None:
            return None
        changes["period"] = Days.of(period)
    if asked.grain is not None and not isinstance(before, Summary):
        return None
    rhythm = asked.grain or (asked.periods[0].grain if asked.periods else None)
    if isinstance(before, Summary) and rhythm in _RHYTHMS:
        changes["rhythm"] = str(rhythm)
    if "any_of" in said.marks:
        freed = tuple(given for given in before.filters if given.name not in asked.dimensions)
        if freed == before.filters or asked.filters:
            return None
        changes["filters"] = freed
    elif asked.dimensions:
        changes["dimensions"] = asked.dimensions[:MOST_DIMENSIONS]
    if asked.filters:
        changes["filters"] = replaced(before.filters, asked.filters)
    if "unfiltered" in said.marks:
        changes["filters"] = asked.filters
    if asked.comparison is not None or asked.base is not None:
        changes["comparison"] = _compared(before, said)
    if asked.whose:
        changes["whose"] = asked.whose[0][0]
    return _changed(before, changes, said, original)


def replaced(before: tuple[Narrowed, ...], named: tuple[Narrowed, ...]) -> tuple[Narrowed, ...]:
    """Values of the same dimension take the place of those before."""
    return tuple({**{given.name: given for given in before}, **{given.name: given for given in named}}.values())


def _compared(before: WholePlan, said: Fragment) -> ComparedWith:
    base, kind = said.asked.base, said.asked.comparison
    if kind is not None or base is None:
        return ComparedWith(kind=kind or "previous")
    kind = comparison_with(base, before.period.period)
    return ComparedWith(kind=kind, period=Days.of(base) if kind == "custom" else None)


def _changed(before: WholePlan, changes: dict[str, Any], said: Fragment, original: str) -> Plan | None:
    owners = list(dict.fromkeys(owner for named in said.asked.whose for owner in named))
    if not changes or not set(changes) <= set(type(before).model_fields):
        return None
    assumed = tuple(name for name in before.assumed if name not in changes)
    if len(owners) > 1:
        each = tuple(before.model_copy(update={**changes, "whose": owner, "assumed": assumed}) for owner in owners[:4])
        return Clarify(reason="several_owners", words=said.words_of("rep", original), choices=each)
    return before.model_copy(update={**changes, "assumed": assumed})


def named_plan_after(before: NamedPlan, said: Fragment) -> Plan | None:
    """Another customer, another KPI: nothing else of such a plan is changed by a word or two."""
    if said.unread:
        return None
    if isinstance(before, DataQuestion | ExperimentQuestion):
        return before.model_copy(update={"kpi": said.kpis[0]}) if len(said.kpis) == 1 else None
    customers = [given for given in said.asked.filters if given.name == "customer" and given.op == "in"]
    if len(said.asked.filters) != 1 or len(customers) != 1 or len(customers[0].values) != 1:
        return None
    changes: dict[str, Any] = {"customer": customers[0].values[0]}
    if isinstance(before, DealAdvice):
        changes |= {"deal": None, "discount": None}
    return before.model_copy(update=changes)
