"""Where a KPI is heading: "revenue forecast for next month", 本季度能完成目标吗, "what if I close my top deals"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from analytics.vocabulary import Grain, Period, Unit
from assistant.plans import Choice, Clarify, Days, Forecast, Help, KpiQuery, Plan
from assistant.understanding.amounts import Quantity
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.drafted import FINEST_FIRST, drafted, joined
from assistant.understanding.figures.read import stepped
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.figures.unsettled import performance_kpi, unnamed
from assistant.understanding.kinds.figures import as_figures, looking_ahead, surely_asked, under_way
from assistant.understanding.kinds.reader import KindReader, candidate, converted
from assistant.understanding.reading import Candidate, Reading

_ALL_OPEN = 100
_ACCURACY = "forecast_accuracy"
_SUPPOSED = "won_amount"
_UNTIL = {"till_month": Grain.MONTH, "till_quarter": Grain.QUARTER, "till_year": Grain.YEAR}
_CONDITION = ("suppose", "won", "deals")  # "if we close our top three deals"
_UNNAMED = "unnamed"
_A_COUNT = 10  # from which a plain number is a goal, no number of deals
_GOALS = {Unit.MONEY: ("amount",), Unit.SHARE: ("share",), Unit.COUNT: ("count", "amount")}


def _may_be_a_goal(quantity: Quantity) -> bool:
    one = quantity.high is None and quantity.op in ("exact", "about", "more_than", "at_least")
    return one and (quantity.kind in ("amount", "share") or (quantity.kind == "count" and quantity.value >= _A_COUNT))


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong = surely_asked(asked)
    paced = bool(asked.places("needs") and asked.places("rate"))  # "how much a day do we need"
    if strong is None or not (paced or any(not asked.pieces[place].is_a("needs") for place in asked.places("asks"))):
        return None
    supposes = all(asked.places(part) for part in _CONDITION)
    reached = bool(asked.places("reached")) or paced
    lacking = bool(asked.places("lacking"))
    until = _until(asked, context)
    goals = [] if supposes else asked.places("quantity")
    read = [place for place in asked.places("asks", "reached") if not asked.pieces[place].is_a("suppose")]
    read += asked.places(*_CONDITION) if supposes else []
    read += asked.places("needs", "rate") if paced else []
    asked = stepped(looking_ahead(asked, context).having_read([*read, *goals, *asked.places(*_UNTIL)]), context)
    asked = asked.having_read(asked.places("fills"))
    asked = replace(asked, periods=asked.periods or until)
    won = (asked.limit or _ALL_OPEN) if supposes else None
    if supposes:
        asked = replace(asked, edge=None, limit=None, kpis=asked.kpis or (_SUPPOSED,), dimensions=())
    if _ACCURACY in asked.kpis:  # how good forecasts were, not where that is heading
        return None
    if asked.base is not None or asked.comparison not in (None, "target"):
        return None
    if lacking and not paced and (asked.kpis or asked.either):  # the KPI beside its target tells it
        return None
    against_target = (reached or lacking or asked.comparison == "target") and not goals
    towards = bool(goals) or (against_target and (strong or reached))
    asked = _of_the_company(asked, towards, reading, context)
    ahead = replace(asked, periods=_period(asked, context), comparison=None, trend=False, changed=False)
    plan: Plan | None = as_figures(ahead, reading, context, ahead=True)
    goal = _goal(asked, goals, plan, context)
    asked = asked if goal is not None or not goals else replace(asked, read=asked.read - frozenset(goals))
    make = partial(_forecast, asked=asked, against_target=against_target, goal=goal, won=won)
    if plan is None and not (asked.kpis or asked.either or unread_in(asked, reading.original)) and (strong or reached):
        each = tuple(make(drafted(ahead, (kpi,), context)) for kpi in unnamed(context.model)[:3])
        return Candidate(Clarify(reason="which_kpi", choices=each))
    if isinstance(plan, KpiQuery) and plan.period.period.end <= context.today:
        return candidate(_of_the_past(plan, make, context) if strong else None, asked, reading)
    return candidate(converted(plan, make), asked, reading)


def _of_the_company(asked: Asked, towards: bool, reading: Reading, context: Context) -> Asked:
    """ "Are we on track" names no KPI: what the company means by performance is on the way to its target."""
    meant = performance_kpi(context.performance, context.model)
    named = asked.kpis or asked.either or asked.of_kind("counted_leads")
    if not towards or meant is None or named or unread_in(asked, reading.original):
        return asked
    return replace(asked, kpis=(meant,), performance=_UNNAMED)


def _goal(asked: Asked, places: list[int], plan: Plan | None, context: Context) -> float | None:
    """The one value to be reached, where it is in the unit of the KPI."""
    if len(places) != 1 or not isinstance(plan, KpiQuery):
        return None
    quantity = asked.pieces[places[0]].quantity
    unit = context.model.kpis[plan.kpis[0]].unit
    return quantity.value if quantity is not None and quantity.kind in _GOALS.get(unit, ()) else None


def _until(asked: Asked, context: Context) -> tuple[Period, ...]:
    """ "By the end of the year", "make the quarter": the unit of time under way."""
    return tuple(under_way(grain, context) for name, grain in _UNTIL.items() if asked.places(name))[:1]


def _period(asked: Asked, context: Context) -> tuple[Period, ...]:
    """Where none is named, the month under way, or the quarter where it is to be shown by month."""
    if asked.periods:
        return (joined(asked.periods, context) or asked.periods[0],)
    coarse = asked.grain is not None and FINEST_FIRST.index(asked.grain) >= FINEST_FIRST.index(Grain.MONTH)
    return (under_way(Grain.QUARTER if coarse else Grain.MONTH, context),)


def _of_the_past(plan: KpiQuery, make: Callable[[Choice], Choice], context: Context) -> Clarify:
    """A forecast of a time that has ended: how it was, or what is ahead?"""
    actual = plan.model_copy(update={"comparison": None})
    coming = make(plan.model_copy(update={"period": Days.of(under_way(Grain.MONTH, context))}))
    return Clarify(reason="past_forecast", choices=(actual, coming))


def _forecast(choice: Choice, asked: Asked, against_target: bool, goal: float | None, won: int | None) -> Choice:
    if not isinstance(choice, KpiQuery):
        return choice if isinstance(choice, Forecast) else Help()
    open_ = {
        "period": not asked.periods,
        "kpi": asked.performance == _UNNAMED,
        "performance": asked.performance == choice.kpis[0],
    }
    return Forecast(
        kpi=choice.kpis[0],
        period=choice.period,
        grain=choice.grain,
        dimensions=choice.dimensions,
        filters=choice.filters,
        against_target=against_target,
        goal=goal,
        suppose_won=won,
        whose=choice.whose,
        assumed=tuple(name for name, left in open_.items() if left),
    )


READER = KindReader("forecast", _read, quantities=_may_be_a_goal)
