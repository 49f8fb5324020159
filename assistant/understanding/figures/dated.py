"""Which periods the question speaks of, which of them is only compared with, and what else is."""

from __future__ import annotations

from datetime import date

from analytics.semantic.query import ComparisonKind
from analytics.vocabulary import Period
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked

_KINDS: dict[str, ComparisonKind] = {
    "compared_last_year_aligned": "last_year_aligned",
    "compared_baseline": "baseline",
    "compared_target": "target",
    "compared_last_year": "last_year",
    "compared_previous": "previous",
}
_BASES: dict[str, ComparisonKind] = {"base_last_year": "last_year", "base_previous": "previous"}
_JOINS = ("和", "与", "跟", "同", "比", "较")
_OVER = ("ignore", "by")


def dated(asked: Asked, context: Context) -> Asked:
    """The periods in order; the one a comparing word belongs to is the base."""
    places = asked.places("period")
    if len(asked.kpis) > 1 and len({_days(asked, place) for place in places}) == 1:
        return asked.having_read(places, periods=(_period(asked, places[0]),))
    bases = [place for place in places if _is_base(asked, place, len(places))]
    if not bases and len(places) == 2 and asked.places("against", "compare"):
        bases = [min(places, key=lambda place: _period(asked, place).start)]
    base = _period(asked, bases[0]) if len(bases) == 1 else None
    rest = tuple(_period(asked, place) for place in places if place not in bases)
    comparing = asked.places("against", "compare") if base else []
    now = asked.places("now")
    return asked.having_read([*places, *comparing, *now], periods=rest, base=base, now=bool(now) and not rest)


def compared(asked: Asked, context: Context) -> Asked:
    """With what, where words say it: yoy, 环比, "vs target"; or only that something changed.

    A question has one comparison: the words of a second one are left over.
    """
    for concept, kind in _KINDS.items():
        if said := asked.places(concept):
            said += asked.places("compared_last_year") if kind == "last_year_aligned" else []
            words = asked.places("against", "compare", "change", *(["meets"] if kind == "target" else []))
            return asked.having_read([*said, *words], comparison=kind)
    for concept, kind in _BASES.items():
        for place in asked.places(concept):
            markers = [at for at in _around(asked, place) if asked.pieces[at].is_a("against", "compare")]
            if markers:
                return asked.having_read([place, *markers, *asked.places("change")], comparison=kind)
    changed = asked.places("change")
    return asked.having_read(changed, changed=asked.base is None) if changed else asked


def _is_base(asked: Asked, place: int, count: int) -> bool:
    """ "vs Q2", 比上月, 和上月比, 环比上月; not the first of two after "compare"."""
    before = asked.beside(place, -1, *_OVER)
    if before is not None and asked.pieces[before].is_a("against"):
        return True
    if before is not None and asked.pieces[before].is_a(*_KINDS) and not asked.pieces[before].phrase.isascii():
        return True
    after = asked.beside(place, 1, "ignore")
    if after is None or not asked.pieces[after].is_a("against") or asked.pieces[after].phrase.isascii():
        return False
    lead = place - 1
    return lead >= 0 and asked.pieces[lead].phrase in _JOINS and (count == 1 or lead > 0)


def _around(asked: Asked, place: int) -> list[int]:
    beside = (asked.beside(place, -1, "ignore"), asked.beside(place, 1, "ignore"))
    return [at for at in beside if at is not None]


def _days(asked: Asked, place: int) -> tuple[date, date]:
    return _period(asked, place).start, _period(asked, place).end


def _period(asked: Asked, place: int) -> Period:
    period = asked.pieces[place].period
    assert period is not None
    return period
