"""Bounds that groups are held to: "which reps have a win rate under 20%", 赢单率低于20%的团队, "reps with 50+ calls".

A bound belongs to the nearest KPI. It is read only where groups are what is asked for, and where its number can be a
value of that KPI; anything else ("orders over 50k", "win rate dropped more than 5%") is left over and asked about.
"""

from __future__ import annotations

from dataclasses import replace

from analytics.vocabulary import Unit
from assistant.plans import Having
from assistant.understanding.amounts import Kind, Quantity
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, new
from assistant.understanding.figures.broken_down import value_beside
from assistant.understanding.figures.named_kpis import kpi_places, listed

_NUMBERS: tuple[Kind, ...] = ("count", "amount")
_KINDS: dict[Unit, tuple[Kind, ...]] = {
    Unit.COUNT: ("count",),
    Unit.SHARE: ("share",),
    Unit.RATIO: ("count", "share"),
    Unit.DAYS: ("days", "count"),
}
_YES_OR_NO = frozenset({"吗", "嘛", "没", "了吗", "是不是", "是否", "有没有", "did", "has", "have", "is", "was"})
_TOTALS = (Unit.COUNT, Unit.MONEY)
# Of which KPI a number is said that is no bound on the KPI itself: how far it moved, how far it is from something.
_MOVES = ("change", "against", "compare", "share", "running", "compared_target", "compared_baseline")


def bounded(asked: Asked, context: Context) -> Asked:
    """Each bound with its KPI, and the groups it is held against."""
    places = asked.places("quantity")
    moves = bool(asked.places(*_MOVES)) or asked.changed or asked.share or asked.running
    if not places or not asked.kpis or moves or asked.comparison or asked.base:
        return asked
    who, named = asked.places("who"), _groups(asked)
    people = ["rep"] if who else []
    dimensions = new([*asked.dimensions, *(asked.pieces[at].meant("dim")[0] for at in named), *people])
    over_time = asked.grain is not None or asked.trend
    if bool(dimensions) == over_time:
        return asked
    parts_only = bool(asked.dimensions) and _parted(asked)
    bounds: dict[int, Having] = {}
    limiting: set[int] = set()
    for place in places:
        at = _nearest_kpi(asked, place)
        kpi = asked.pieces[at].meant("kpi")[0] if at is not None else asked.kpis[0]
        unit = context.model.kpis[kpi].unit
        bound = _bound(kpi, unit, asked.pieces[place].quantity)
        if bound is not None and not (parts_only and unit in _TOTALS):
            bounds[place] = bound
            limiting |= {at} if at is not None else set()
    if not bounds:
        return asked
    others = [at for at in kpi_places(asked) if at not in limiting]
    asked = asked.having_read([*bounds, *who, *named], dimensions=dimensions, having=tuple(bounds.values()))
    return replace(asked, run_together=not listed(asked, others))


def moved_by(asked: Asked, context: Context) -> Asked:
    """How far something moved, in a question for yes or no: the comparison named answers it (同比翻一番了吗)."""
    asks = any(piece.phrase in _YES_OR_NO for piece in asked.pieces)
    far = [place for place in asked.places("quantity") if _is_move(asked.pieces[place].quantity)]
    return asked.having_read(far) if asks and asked.comparison is not None and len(far) == 1 else asked


def _is_move(said: Quantity | None) -> bool:
    return said is not None and said.kind in ("multiple", "points", "share")


def _groups(asked: Asked) -> list[int]:
    """Dimensions that no value narrows: the reps of "reps with a win rate under 20%"."""
    return [
        place
        for place in asked.of_kind("dim")
        if value_beside(asked, place, 1) is None and value_beside(asked, place, -1) is None
    ]


def _parted(asked: Asked) -> bool:
    """Whether all groups come from "by region": then a number after a total may be of single orders or deals."""
    openers = [n for n, piece in enumerate(asked.pieces) if n in asked.read and piece.is_a("by", "which")]
    return bool(openers) and all(asked.pieces[n].is_a("by") for n in openers)


def _nearest_kpi(asked: Asked, place: int) -> int | None:
    """Of two as near the one before: "win rate under 20%"; None where no piece is a KPI's own name."""
    return min(kpi_places(asked), key=lambda at: (abs(at - place), at > place), default=None)


def _bound(kpi: str, unit: Unit, said: Quantity | None) -> Having | None:
    if said is None or said.op == "exact" or said.op == "about" or not _fits(said, unit):
        return None
    return Having(kpi=kpi, op=said.op, values=said.values)


def _fits(said: Quantity, unit: Unit) -> bool:
    """Whether a quantity can be a value of a KPI of this unit; a currency is money's alone."""
    currency = said.unit.isascii() and said.unit.isupper()
    if unit is Unit.MONEY:
        return said.kind in _NUMBERS
    return said.kind in _KINDS.get(unit, _NUMBERS) and not currency
