"""Why a KPI changed: "why did revenue drop last week", 上周赢单率为什么下降."""

from __future__ import annotations

import re
from dataclasses import replace

from analytics.semantic.calendar import next_start, unit
from analytics.vocabulary import Grain
from assistant.plans import Choice, Clarify, ComparedWith, Compound, KpiQuery, Plan, Why
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, new
from assistant.understanding.figures.drafted import drafted, joined
from assistant.understanding.figures.read import stepped
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.figures.unsettled import unnamed
from assistant.understanding.kinds.figures import OF_A_YEAR, as_figures, surely_asked
from assistant.understanding.kinds.reader import KindReader, candidate, converted
from assistant.understanding.reading import Candidate, Reading

_CHANGES = ("change", "levels")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong, told = surely_asked(asked), asked.places(*_CHANGES) or _sizes(asked)
    if strong is None or not (strong or told):
        return None
    asked = asked.having_read([*asked.places("asks"), *_sizes(asked)])
    asked = stepped(asked, context)
    asked = _who(asked.having_read(asked.places("levels", "fills", "against", "change")))
    asked = asked.having_read(asked.places("or_")) if len(asked.dimensions) > 1 else asked
    if asked.grain is not None:
        return None
    asked = _base_before(_set_against(_from_one_to_the_next(_drivers(asked), reading), context))
    plan: Plan | None = as_figures(asked, reading, context)
    if isinstance(plan, KpiQuery) and len(plan.kpis) > 1:
        parts = tuple(why(plan.model_copy(update={"kpis": (kpi,)}), context) for kpi in plan.kpis)
        return candidate(Compound(parts=parts[:4]), asked, reading)
    if plan is None and not (asked.kpis or asked.either or unread_in(asked, reading.original)):
        each = tuple(why(drafted(asked, (kpi,), context), context) for kpi in unnamed(context.model))
        return Candidate(Clarify(reason="which_kpi", choices=each))
    return candidate(converted(plan, lambda choice: _of(choice, context)), asked, reading)


def _sizes(asked: Asked) -> list[int]:
    """How large the change is, told beside its word: "dropped by 10%", 掉了三个点, 翻了一番."""
    return [place for place in asked.places("quantity") if _is_a_size(asked, place)]


def _is_a_size(asked: Asked, place: int) -> bool:
    quantity = asked.pieces[place].quantity
    if quantity is None or quantity.kind == "days":
        return False
    beside = (asked.beside(place, -1, "ignore", "by"), asked.beside(place, 1, "ignore", "by"))
    changes = any(asked.pieces[at].is_a(*_CHANGES) for at in beside if at is not None)
    return changes or quantity.kind == "multiple"


def _who(asked: Asked) -> Asked:
    """ "Who dragged revenue down": the change by rep."""
    who = asked.places("who")
    return asked.having_read(who, dimensions=new([*asked.dimensions, "rep"])) if who else asked


def _drivers(asked: Asked) -> Asked:
    """What contributed most, and how it developed, is what an answer about reasons shows anyway."""
    return replace(asked, edge=None, limit=None, share=False, trend=False)


def _from_one_to_the_next(asked: Asked, reading: Reading) -> Asked:
    """A change "from September to October", 从9月到10月, is that of October against September."""
    told = [piece for piece in asked.pieces if piece.period is not None]
    if asked.base is not None or not told or not _FROM.search(reading.normal[: told[0].end]):
        return asked
    if len(told) == len(asked.periods) == 2 and _TO.fullmatch(reading.normal[told[0].end : told[1].start].strip()):
        return replace(asked, periods=asked.periods[1:], base=asked.periods[0])
    span = told[0].period
    if len(told) == len(asked.periods) == 1 and span is not None and span.grain is not None and span.count == 2:
        middle = next_start(span.start, span.grain)
        return replace(asked, periods=(unit(middle, span.grain),), base=unit(span.start, span.grain))
    return asked


_FROM = re.compile(r"(?:\bbetween|\bfrom|从|自|由)\s*(?:the\s+)?\S+(?:\s+\S+)?$")
_TO = re.compile(r"(?:and|to|with|到|至|和|与|跟)(?: the)?")


def _set_against(asked: Asked, context: Context) -> Asked:
    """Of two periods apart from each other the later one is explained: 10月客诉是8月的2倍."""
    if len(asked.periods) != 2 or asked.base is not None or joined(asked.periods, context) is not None:
        return asked
    earlier, later = sorted(asked.periods, key=lambda period: period.start)
    return replace(asked, periods=(later,), base=earlier)


def _base_before(asked: Asked) -> Asked:
    """A month without its year that is compared with is the nearest before the one explained: Dec 2025 and November."""
    base, periods = asked.base, asked.periods
    if base is None or len(periods) != 1 or base.grain is not Grain.MONTH or base.count != 1:
        return asked
    said = next((piece.phrase for piece in asked.pieces if piece.period == base), "")
    if base.start <= periods[0].start or OF_A_YEAR.search(said):
        return asked
    start = base.start
    while start >= periods[0].start:
        start = next_start(start, Grain.MONTH, -12)
    return replace(asked, base=unit(start, Grain.MONTH))


def _of(choice: Choice, context: Context) -> Choice | None:
    return why(choice, context) if isinstance(choice, KpiQuery) else choice


def why(plan: KpiQuery, context: Context) -> Why:
    """The drivers of the change that a plan about one KPI shows; with nothing said to compare with, the KPI's usual."""
    kpi = context.model.kpis[plan.kpis[0]]
    said = plan.comparison is not None and "comparison" not in plan.assumed
    return Why(
        kpi=kpi.id,
        period=plan.period,
        comparison=plan.comparison or ComparedWith(kind=kpi.comparison.default),
        dimensions=plan.dimensions,
        filters=plan.filters,
        whose=plan.whose,
        assumed=plan.assumed if said or "comparison" in plan.assumed else (*plan.assumed, "comparison"),
    )


READER = KindReader("why", _read, quantities=True)
