"""Groups held to bounds: which are shown, and what is said of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from analytics.semantic import Model
from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import amount
from assistant.plans import Having, KpiQuery
from assistant.result import Worded

Group = tuple[tuple[str | None, ...], date | None]


def within(plan: KpiQuery, figures: tuple[Figure, ...]) -> tuple[tuple[Figure, ...], tuple[int, int] | None, int]:
    """The figures of the groups within all bounds, the limit counted among them.

    Also how many groups are within, of how many, and how many of them the limit cuts off. A group without data is
    within none.
    """
    if not plan.having:
        return figures, None, 0
    groups = dict.fromkeys(_group(figure, plan) for figure in figures)
    for bound in plan.having:
        passing = {_group(figure, plan) for figure in figures if figure.name == bound.kpi and _passes(figure, bound)}
        groups = dict.fromkeys(group for group in groups if group in passing)
    kept = frozenset(list(groups)[: plan.limit])
    everything = len({_group(figure, plan) for figure in figures})
    shown = tuple(figure for figure in figures if _group(figure, plan) in kept)
    return shown, (len(groups), everything), len(groups) - len(kept)


def _group(figure: Figure, plan: KpiQuery) -> Group:
    start = figure.period.start if plan.grain is not None and figure.period is not None else None
    return tuple(figure.keys.get(name) for name in plan.dimensions), start


def _passes(figure: Figure, bound: Having) -> bool:
    return figure.value is not None and bound.lets_through(float(figure.value))


def bounds_of(plan: KpiQuery, model: Model) -> list[Worded]:
    """Each bound in words: its KPI's name, and its values in the KPI's unit."""
    return [
        Worded("kpi_bound", {"name": model.kpis[bound.kpi].names, "op": bound.op, "values": _values(bound, model)})
        for bound in plan.having
    ]


def _values(bound: Having, model: Model) -> list[Worded]:
    return [_value(bound.kpi, value, model) for value in bound.values]


def _value(kpi: str, value: float, model: Model) -> Worded:
    unit = model.kpis[kpi].unit
    number = Decimal(str(value)) if unit is Unit.MONEY else value
    return amount(Figure(kpi, number, unit, decimals=_decimals(value, unit)), model)


def _decimals(value: float, unit: Unit) -> int:
    """As many as were said: 20%, 12.5%, 3, 3.5."""
    shown = Decimal(str(value)) * (100 if unit is Unit.SHARE else 1)
    return 0 if shown == shown.to_integral_value() else 1 if shown * 10 == (shown * 10).to_integral_value() else 2


def held_of(held: tuple[int, int] | None) -> dict[str, Figure] | None:
    """How many groups are within the bounds, of how many."""
    if held is None:
        return None
    return {"within": Figure("within", held[0], Unit.COUNT), "of": Figure("groups", held[1], Unit.COUNT)}
