"""The slots of the plan before, and those of the fragment laid over them: what is named changes, the rest stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.plans import Define, Forecast, KpiQuery, Narrowed, Why
from assistant.understanding.figures.asked import Asked, Naming, new
from assistant.understanding.follow_ups.fragment import Fragment

FigurePlan = KpiQuery | Why | Forecast | Define


def carried(plan: FigurePlan) -> Asked:
    """The plan as slots without words; what it had assumed is left open again."""
    if isinstance(plan, Define):
        return Asked((), kpis=(plan.kpi,) if plan.kpi else ())
    known = Asked(
        (),
        kpis=plan.kpis if isinstance(plan, KpiQuery) else (plan.kpi,),
        periods=() if "period" in plan.assumed else (plan.period.period,),
        dimensions=plan.dimensions,
        filters=plan.filters,
        whose=((plan.whose,),) if plan.whose else (),
    )
    if isinstance(plan, Forecast):
        return replace(known, comparison="target" if plan.against_target else None, grain=plan.grain)
    compared = plan.comparison if "comparison" not in plan.assumed else None
    if compared is not None:
        named = compared.period.period if compared.period else None
        known = replace(known, base=named, comparison=None if named else compared.kind)
    if isinstance(plan, Why):
        return known
    edge = None if plan.order is None else "highest" if plan.order.descending else "lowest"
    return replace(
        known, grain=plan.grain, edge=edge, order_by=plan.order.by if plan.order else None, limit=plan.limit,
        share=plan.share, running=plan.running,
    )  # fmt: skip


def laid_over(before: Asked, said: Fragment) -> Asked:
    """The fragment's pieces with the slots of both."""
    asked = said.asked
    whole = replace(
        asked,
        **_kpis(before, said),
        periods=asked.periods or (() if asked.now else before.periods),
        **_compared(before, asked),
        grain=asked.grain or (None if asked.trend or "total" in said.marks else before.grain),
        share=asked.share or (before.share and "total" not in said.marks),
        running=asked.running or before.running,
        **_ranked(before, said),
    )
    whole = _narrowed(before, said, _broken_down(before, said, whole))
    groups = whole.dimensions or whole.grain or said.asked.edge or said.number
    return whole if groups else replace(whole, edge=None, limit=None)


def without_the_named(before: Asked, said: Fragment) -> Asked | None:
    """ "Drop orders", 去掉渠道: the slots less what is named; None where nothing of it stands in them.

    A value that is all a filter holds takes the filter with it; one that nothing was narrowed to is left out.
    """
    asked = said.asked
    kpis = tuple(kpi for kpi in before.kpis if kpi not in said.kpis)
    dimensions = tuple(name for name in before.dimensions if name not in asked.dimensions)
    narrowed = tuple(given for given in before.filters if given.name not in asked.dimensions)
    held = asked.comparison is not None and asked.comparison == before.comparison
    about = {*before.dimensions, *(given.name for given in before.filters)}
    stands = set(said.kpis) <= set(before.kpis) and set(asked.dimensions) <= about and (held or not asked.comparison)
    others = (asked.periods, asked.whose, asked.edge, asked.grain, asked.trend, asked.base, asked.share, said.number)
    if not kpis or not stands or any(others) or said.either or uncertain(asked):
        return None
    if not (said.kpis or asked.dimensions or asked.filters or held):
        return None
    filters = {given.name: given for given in narrowed}
    for given in asked.filters:
        rest = _rest(filters.get(given.name), given)
        filters.pop(given.name, None)
        if rest is not None:
            filters[given.name] = rest
    ranked = bool(dimensions)
    order_by = before.order_by if before.order_by in kpis else None
    return replace(
        before, pieces=asked.pieces, read=asked.read, kpis=kpis, dimensions=dimensions, filters=tuple(filters.values()),
        comparison=None if held else before.comparison, order_by=order_by, edge=before.edge if ranked else None,
        limit=before.limit if ranked else None, share=before.share and ranked,
    )  # fmt: skip


def _rest(held: Narrowed | None, given: Narrowed) -> Narrowed | None:
    if held is None or held.op == "not_in":
        values = new([*(held.values if held else ()), *given.values])
        return Narrowed(name=given.name, op="not_in", values=values)
    rest = tuple(value for value in held.values if value not in given.values)
    return held.model_copy(update={"values": rest}) if rest else None


def _kpis(before: Asked, said: Fragment) -> dict[str, Any]:
    """ "Only new customers" after revenue is no KPI that takes revenue's place, and revenue has no such part."""
    if said.either:
        return {"kpis": (), "either": said.either}
    if said.asked.order_by in before.kpis:  # "sorted by orders"
        return {"kpis": before.kpis}
    beside = bool(said.marks & {"add", "only"}) and not set(said.kpis) <= set(before.kpis)
    if not said.kpis or not beside:
        return {"kpis": said.kpis or before.kpis}
    return {"kpis": new([*before.kpis, *said.kpis]), "run_together": "add" not in said.marks}


def _compared(before: Asked, asked: Asked) -> dict[str, Any]:
    if asked.base is not None or asked.comparison is not None or asked.changed:
        return {}
    return {"base": before.base, "comparison": before.comparison}


def _ranked(before: Asked, said: Fragment) -> dict[str, Any]:
    asked = said.asked
    order_by = asked.order_by or before.order_by
    if "total" in said.marks:
        return {"edge": None, "limit": None, "order_by": None}
    if asked.edge is not None:
        return {"order_by": order_by, "limit": asked.limit or said.number or _which_one(before, said)}
    edge = before.edge or ("highest" if said.number else None)
    return {"edge": edge, "limit": said.number or before.limit, "order_by": order_by}


def _which_one(before: Asked, said: Fragment) -> int | None:
    """ "Which is highest" of the groups before: one."""
    return 1 if "which_one" in said.marks and before.dimensions and not said.asked.dimensions else None


def _broken_down(before: Asked, said: Fragment, whole: Asked) -> Asked:
    """A breakdown that is named takes the place of the one before; values set side by side come beside it."""
    named = whole.dimensions
    beside = {given.name for given in whole.filters if len(given.values) > 1 and given.op == "in"}
    if named and not set(named) <= beside:
        return whole
    kept = () if "total" in said.marks else before.dimensions
    return replace(whole, dimensions=new([*kept, *named]))


def _narrowed(before: Asked, said: Fragment, whole: Asked) -> Asked:
    """Values of the same dimension take the place of those before, others come beside them."""
    named = said.asked.filters
    against = whole.base is before.base and any(piece.is_a("against", "compare") for piece in whole.pieces)
    together = "add" in said.marks or (against and _beside(before, named))
    whole = whole.having_read(whole.places("against", "compare") if together else ())
    filters = {given.name: given for given in before.filters} if "unfiltered" not in said.marks else {}
    if "any_of" in said.marks:  # "any region": no narrowing by it
        filters = {name: given for name, given in filters.items() if name not in said.asked.dimensions}
        whole = replace(
            whole, dimensions=tuple(name for name in before.dimensions if name not in said.asked.dimensions)
        )
    dimensions = list(whole.dimensions)
    for given in named:
        held = filters.get(given.name)
        filters[given.name] = _joined(held, given, together)
        one = len(filters[given.name].values) == 1 and given.op == "in"
        if one and given.name in dimensions and given.name not in said.asked.dimensions:
            dimensions.remove(given.name)
        if held is not None and together and given.op == "in":
            dimensions.append(given.name)
    for naming in whole.narrowed:
        for name, _ in () if naming.certain else naming.options:
            filters.pop(name, None)
    for name in said.asked.dimensions:  # one value of a dimension cannot be broken down by it
        held = filters.get(name)
        if held is not None and held in before.filters and held.op == "in" and len(held.values) == 1:
            del filters[name]
    return _owned(before, said, replace(whole, filters=tuple(filters.values()), dimensions=new(dimensions)))


def _beside(before: Asked, named: tuple[Narrowed, ...]) -> bool:
    return any(given.name == held.name and given.op == held.op == "in" for given in named for held in before.filters)


def _joined(held: Narrowed | None, given: Narrowed, together: bool) -> Narrowed:
    """ "Without Search" takes Search from the values before; what was left out stays so, and with it the next."""
    if held is None:
        return given
    if given.op == "not_in" and held.op == "in":
        rest = tuple(value for value in held.values if value not in given.values)
        return held.model_copy(update={"values": rest}) if rest and rest != held.values else given
    if given.op == held.op == "not_in" or (together and given.op == held.op == "in"):
        return given.model_copy(update={"values": new([*held.values, *given.values])})
    return given


def _owned(before: Asked, said: Fragment, whole: Asked) -> Asked:
    """Whose: the person or team named; one of them cannot be broken down by its like."""
    named = said.asked.whose
    if named:
        kind = named[0][0].partition(":")[0]
        kept = tuple(name for name in whole.dimensions if name != kind or name in said.asked.dimensions)
        filters = tuple(given for given in whole.filters if given.name != kind or given in said.asked.filters)
        return replace(whole, whose=named, dimensions=kept, filters=filters)
    kind = before.whose[0][0].partition(":")[0] if before.whose else ""
    gone = kind in said.asked.dimensions or any(given.name == kind for given in said.asked.filters)
    mine = kind == "me" and "rep" in said.asked.dimensions
    whose: tuple[tuple[str, ...], ...] = () if gone else (("my_team",),) if mine else before.whose
    return replace(whole, whose=whose)


def uncertain(asked: Asked) -> tuple[Naming, ...]:
    """The values that may be of several dimensions."""
    return tuple(naming for naming in asked.narrowed if not naming.certain)
