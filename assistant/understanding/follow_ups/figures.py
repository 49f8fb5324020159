"""What follows an answer about figures: the plan with the named slots changed, the reasons for it, or its forecast."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from analytics.semantic.calendar import next_start, units
from analytics.vocabulary import Grain, Period
from assistant.plans import Choice, Clarify, Days, Define, Forecast, KpiQuery, Plan, Why
from assistant.question import Language
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, new
from assistant.understanding.figures.doubts import decided
from assistant.understanding.figures.drafted import FINEST_FIRST, drafted, joined
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.follow_ups.carried import FigurePlan, carried, laid_over, without_the_named
from assistant.understanding.follow_ups.fragment import Fragment
from assistant.understanding.kinds.figures import under_way, whole
from assistant.understanding.kinds.reader import converted
from assistant.understanding.kinds.why import why
from assistant.understanding.normalise import language_of
from assistant.understanding.reading import Reading

Alone = Callable[[str], Plan]

_IN_A_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2}
_BARE = re.compile(
    r"(?:in |for |the )*(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
    r"(?:\.|uary|ruary|ch|il|ust|(?:t?em)?ber|ober)?"
    r"|(?:in |for |the )*(?:q[1-4]|h[12]|(?:first|second|third|fourth) (?:quarter|half))"
    "|(?:[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])月份?|第?[一二三四1-4]季度?|[上下]半年"
)


def figures_after(before: FigurePlan, said: Fragment, reading: Reading, context: Context, alone: Alone) -> Plan | None:
    """The plan, or the question back about it; None where words are left over or nothing here can hold them."""
    if not (said.kpis or said.either) and (said.unread or not said.marks & {"why", "forecast"}):
        said = _lacking_a_kpi(alone(reading.original)) or said
    if isinstance(before, Define) and said.kpis and _only_kpis(said) and not said.unread:
        return Define(kpi=said.kpis[0]) if len(said.kpis) == 1 else None
    if definition := _defined(before, said):
        return definition
    if said.number and not (said.marked or getattr(before, "limit", None)):
        return None
    removes = "removes" in said.marks
    slots = without_the_named(carried(before), said) if removes else laid_over(carried(before), said)
    if slots is None:
        return None
    if unread_in(slots, reading.original) or not (slots.kpis or slots.either):
        return None
    if "forecast" in said.marks or (isinstance(before, Forecast) and "why" not in said.marks):
        return _forecast(before, said, slots, reading, context)
    if "why" in said.marks or isinstance(before, Why):
        return _why(said, slots, reading, context)
    return _figures(before, said, _filling(slots, said, context), reading, context)


def _lacking_a_kpi(own: Plan) -> Fragment | None:
    """ "Will we hit the target?", "why so low?": words that read whole as another question, but for its KPI."""
    if not isinstance(own, Clarify) or own.reason != "which_kpi" or own.words:
        return None
    first = own.choices[0]
    if not isinstance(first, Why | Forecast) or any(choice.kind != first.kind for choice in own.choices):
        return None
    if isinstance(first, Forecast) and first.suppose_won:
        return None
    return Fragment(replace(carried(first), kpis=()), (), (), frozenset({first.kind}), (), None)


def _defined(before: FigurePlan, said: Fragment) -> Define | None:
    """ "How is that calculated?": what the KPI before means."""
    asks = [piece.is_a("definition") for piece in said.asked.pieces if not piece.is_a("ignore", "greeting", "what_is")]
    kpis = before.kpis if isinstance(before, KpiQuery) else (before.kpi,)
    return Define(kpi=kpis[0]) if asks and all(asks) and len(kpis) == 1 else None


def _only_kpis(said: Fragment) -> bool:
    asked = said.asked
    return not (
        asked.dimensions or asked.filters or asked.periods or asked.whose or asked.grain or asked.narrowed
        or asked.comparison or asked.base or asked.edge or said.marks & {"why", "forecast", "chart"}
    )  # fmt: skip


def _plan(slots: Asked, reading: Reading, context: Context, *, ahead: bool = False) -> Plan | None:
    plan = decided(slots, (), reading.normal, reading.original, context, ahead=ahead)
    if isinstance(plan, Clarify) and plan.reason == "dimension_not_allowed" and not plan.words:
        return plan.model_copy(update={"words": _lacking(slots, reading, context)})
    return plan


def _lacking(slots: Asked, reading: Reading, context: Context) -> tuple[str, ...]:
    """What a KPI that took another's place does not have, by name: the words for it were typed before."""
    wanted = new([*slots.dimensions, *(given.name for given in slots.filters)])
    owner = slots.whose[0][0].partition(":") if slots.whose else ("", "", "")
    kpis = [context.model.kpis[kpi] for kpi in slots.kpis]
    lacking = [
        name
        for name in new([*wanted, *([owner[0]] if owner[1] else [])])
        if any(name not in kpi.dimensions for kpi in kpis)
    ]
    names = [context.model.dimensions[name].names for name in lacking if name in context.model.dimensions]
    english = language_of(reading.original) is Language.EN
    return tuple(name.en if english else name.zh for name in names)


# --- the figures themselves


def _filling(slots: Asked, said: Fragment, context: Context) -> Asked:
    """ "Monthly" after one month means the months up to now: a trend of one point is none."""
    if not (said.asked.grain or said.asked.trend) or said.asked.periods or not slots.kpis:
        return slots
    return replace(slots, periods=()) if drafted(slots, slots.kpis, context).grain is None else slots


def _figures(before: FigurePlan, said: Fragment, slots: Asked, reading: Reading, context: Context) -> Plan | None:
    return converted(_plan(slots, reading, context), partial(_shown, before=before, said=said))


def _shown(choice: Choice, before: FigurePlan, said: Fragment) -> Choice:
    """As the plan before was shown: as a chart or not, within its bounds as far as there are groups to bound."""
    if not isinstance(choice, KpiQuery):
        return choice
    held = before if isinstance(before, KpiQuery) else None
    charted = "chart" in said.marks or (held is not None and held.as_chart)
    grouped = bool(choice.dimensions) != (choice.grain is not None)
    bounds = tuple(bound for bound in held.having if bound.kpi in choice.kpis) if held and grouped else ()
    changes = {"as_chart": charted and "table" not in said.marks, "having": choice.having or bounds}
    return choice.model_copy(update=changes)


# --- why


def _why(said: Fragment, slots: Asked, reading: Reading, context: Context) -> Plan | None:
    if _needs_figures(said) or said.asked.grain:
        return None
    plain = replace(_plain(slots), grain=None, trend=False)
    return _each(_plan(plain, reading, context), partial(why, context=context))


def _needs_figures(said: Fragment) -> bool:
    """Whether something is asked for that only figures themselves have: an order, a chart, shares."""
    asked = said.asked
    return bool(
        asked.edge
        or asked.share
        or asked.running
        or asked.trend
        or said.marks & {"chart", "table", "total"}
        or said.number
    )


def _plain(slots: Asked) -> Asked:
    return replace(slots, edge=None, limit=None, order_by=None, share=False, running=False)


def _each(plan: Plan | None, to: Callable[[KpiQuery], Choice]) -> Plan | None:
    """The plan made of one KPI; of several, the question which."""
    if isinstance(plan, KpiQuery) and len(plan.kpis) > 1:
        single = (plan.model_copy(update={"kpis": (kpi,), "order": None}) for kpi in plan.kpis[:4])
        return Clarify(reason="one_kpi_at_a_time", choices=tuple(to(one) for one in single))
    return converted(plan, lambda choice: to(choice) if isinstance(choice, KpiQuery) else choice)


# --- forecasts


def _forecast(before: FigurePlan, said: Fragment, slots: Asked, reading: Reading, context: Context) -> Plan | None:
    asked = said.asked
    if _needs_figures(said) or asked.base is not None or asked.comparison not in (None, "target"):
        return None
    period, assumed = _ahead(before, said, context)
    if period.period.end <= context.today:
        return None
    target = slots.comparison == "target" if isinstance(before, Forecast) else asked.comparison == "target"
    grain = slots.grain if isinstance(before, Forecast) else asked.grain
    ahead = replace(
        _plain(slots), periods=(period.period,), comparison=None, base=None, changed=False, grain=grain, now=False
    )
    if asked.grain and slots.kpis and drafted(ahead, slots.kpis[:1], context).grain is None:
        return None
    make = partial(_as_forecast, against_target=target, assumed=assumed)
    return _each(_plan(ahead, reading, context, ahead=True), make)


def _ahead(before: FigurePlan, said: Fragment, context: Context) -> tuple[Days, bool]:
    """Whole periods: the one named, else the one before as far as it is not over, else the month under way;
    the quarter where units of time are asked for."""
    named = said.asked.periods
    if named:
        return Days.of(_coming(whole(joined(named, context) or named[0], context), said, context)), False
    held = None if isinstance(before, Define) else before.period.period
    if held is not None and held.end > context.today:
        return Days.of(whole(held, context)), not isinstance(before, Define) and "period" in before.assumed
    coarse = said.asked.grain is not None and FINEST_FIRST.index(said.asked.grain) >= FINEST_FIRST.index(Grain.MONTH)
    return Days.of(under_way(Grain.QUARTER if coarse else Grain.MONTH, context)), True


def _coming(period: Period, said: Fragment, context: Context) -> Period:
    """ "And January?" after a forecast is the coming one: a month or quarter without a year is not one that is over."""
    bare = all(_BARE.fullmatch(piece.phrase) for piece in said.asked.pieces if piece.period is not None)
    if not bare or period.end > context.today or period.grain not in _IN_A_YEAR:
        return period
    ahead = units(next_start(period.start, period.grain, _IN_A_YEAR[period.grain]), period.grain, period.count,
                  context.fiscal_year_start)  # fmt: skip
    return ahead if ahead.end > context.today else period


def _as_forecast(plan: KpiQuery, against_target: bool, assumed: bool) -> Choice:
    return Forecast(
        kpi=plan.kpis[0],
        period=plan.period,
        grain=plan.grain,
        dimensions=plan.dimensions,
        filters=plan.filters,
        against_target=against_target,
        whose=plan.whose,
        assumed=("period",) if assumed else (),
    )
