"""Where a KPI is heading: "revenue forecast for next month", 本季度能完成目标吗, "what if I close my top deals"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from analytics.vocabulary import Grain, Period
from assistant.plans import Choice, Clarify, Days, Forecast, Help, KpiQuery, Plan
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.drafted import FINEST_FIRST, drafted, joined
from assistant.understanding.figures.read import stepped
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.figures.unsettled import unnamed
from assistant.understanding.kinds.figures import as_figures, looking_ahead, surely_asked, under_way
from assistant.understanding.kinds.reader import KindReader, candidate, converted
from assistant.understanding.reading import Candidate, Reading

_ALL_OPEN = 100
_ACCURACY = "forecast_accuracy"
_SUPPOSED = "won_amount"
_UNTIL = {"till_month": Grain.MONTH, "till_quarter": Grain.QUARTER, "till_year": Grain.YEAR}
_CONDITION = ("suppose", "won", "deals")  # "if we close our top three deals"


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong = surely_asked(asked)
    if strong is None:
        return None
    supposes = all(asked.places(part) for part in _CONDITION)
    reached = bool(asked.places("reached"))
    read = [place for place in asked.places("asks", "reached") if not asked.pieces[place].is_a("suppose")]
    read += asked.places(*_CONDITION) if supposes else []
    asked = stepped(looking_ahead(asked, context).having_read(read), context)
    asked = _until(asked.having_read(asked.places("fills")), context)
    won = (asked.limit or _ALL_OPEN) if supposes else None
    if supposes:
        asked = replace(asked, edge=None, limit=None, kpis=asked.kpis or (_SUPPOSED,), dimensions=())
    if _ACCURACY in asked.kpis:  # how good forecasts were, not where that is heading
        return None
    if asked.base is not None or asked.comparison not in (None, "target"):
        return None
    against_target = reached or asked.comparison == "target"
    ahead = replace(asked, periods=_period(asked, context), comparison=None, trend=False, changed=False)
    plan: Plan | None = as_figures(ahead, reading, context, ahead=True)
    make = partial(_forecast, asked=asked, against_target=against_target, won=won)
    if plan is None and not (asked.kpis or asked.either or unread_in(asked, reading.original)) and (strong or reached):
        each = tuple(make(drafted(ahead, (kpi,), context)) for kpi in unnamed(context.model)[:3])
        return Candidate(Clarify(reason="which_kpi", choices=each))
    if isinstance(plan, KpiQuery) and plan.period.period.end <= context.today:
        return candidate(_of_the_past(plan, make, context) if strong else None, asked, reading)
    return candidate(converted(plan, make), asked, reading)


def _until(asked: Asked, context: Context) -> Asked:
    """ "By the end of the year" is about the year under way."""
    for name, grain in _UNTIL.items():
        if not asked.periods and asked.places(name):
            return asked.having_read(asked.places(name), periods=(under_way(grain, context),))
    return asked


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


def _forecast(choice: Choice, asked: Asked, against_target: bool, won: int | None) -> Choice:
    if not isinstance(choice, KpiQuery):
        return choice if isinstance(choice, Forecast) else Help()
    return Forecast(
        kpi=choice.kpis[0],
        period=choice.period,
        grain=choice.grain,
        dimensions=choice.dimensions,
        filters=choice.filters,
        against_target=against_target,
        suppose_won=won,
        whose=choice.whose,
        assumed=() if asked.periods else ("period",),
    )


READER = KindReader("forecast", _read)
