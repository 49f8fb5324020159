"""Which KPIs are asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from analytics.vocabulary import Grain
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, Naming, new
from assistant.understanding.figures.unsettled import InParts, performance_kpi, said_in_parts

EDGES = ("highest", "lowest", "best", "worst")
_BEFORE_ORDER = ("by", "rank")
# What stands between two KPIs that are both asked for; "revenue from new customers" is another question.
_LISTS = frozenset({"and", "&", "plus", "as well as", "and the", "with", "or", "和", "与", "跟", "及", "以及", "还有",
                    "加上", "并", "同"})  # fmt: skip


def named_kpis(asked: Asked, context: Context) -> Asked:
    """The KPIs by their names; a word of several KPIs counts where none is named."""
    for place in asked.of_kind("narrowed"):
        kpi, dimension, value = asked.pieces[place].meant("narrowed")[0].split("|")
        naming = Naming(place, ((dimension, value),))
        asked = asked.having_read([place], kpis=new([*asked.kpis, kpi]), narrowed=(*asked.narrowed, naming))
    asked = _in_parts(asked, context, whole=True)
    named = _settled(asked, context)
    for place, kpi in named.items():
        if _orders(asked, place):
            asked = replace(asked, order_by=kpi)
        asked = asked.having_read([place], kpis=new([*asked.kpis, kpi]))
    performed = [kpi for place, kpi in named.items() if asked.pieces[place].is_a("performance", "loose_performance")]
    asked = replace(asked, run_together=not listed(asked, list(named)), performance=next(iter(performed), None))
    if not asked.kpis:
        asked = _in_parts(asked, context, whole=False)
    unsettled = [place for place in asked.of_kind("unsettled") if not _breaks_down(asked, place)]
    if not unsettled and not asked.kpis:
        asked = _loosely_said(asked)
    if asked.kpis:
        return _said_again(asked)
    if not unsettled:
        return _counted_leads(asked)
    may_mean = [kpi for place in unsettled for kpi in asked.pieces[place].meant("unsettled")[0].split("|")]
    return asked.having_read(unsettled, either=new(may_mean))


def _in_parts(asked: Asked, context: Context, *, whole: bool) -> Asked:
    """A KPI whose words stand apart: "what did Pharma buy", "how fast are tickets getting resolved"."""
    for said in said_in_parts(context.model):
        places = [_filling(asked, slot) for slot in said.slots]
        if said.whole is whole and all(places) and _apart(places):
            words = [place for filling in places for place in filling if _only_a_part(asked, place, said)]
            return asked.having_read(words, kpis=(said.kpi,))
    return asked


def _filling(asked: Asked, slot: tuple[str, ...]) -> list[int]:
    concepts = frozenset(slot)
    kinds = tuple(concept[:-1] for concept in slot if concept.endswith(":"))
    return [
        place
        for place, piece in enumerate(asked.pieces)
        if place not in asked.read and (piece.is_a(*concepts) or any(piece.meant(kind) for kind in kinds))
    ]


def _apart(places: list[list[int]]) -> bool:
    """Whether each slot has a piece of its own."""
    return len({place for filling in places for place in filling}) >= len(places)


def _only_a_part(asked: Asked, place: int, said: InParts) -> bool:
    """A breakdown, a value or a ranking among the parts is still read as one."""
    piece = asked.pieces[place]
    if piece.is_a(*EDGES, "rank", "share", "change", "who", "which") or piece.meant("value"):
        return False
    own = any(concept.startswith("part:") and concept in slot for slot in said.slots for concept in piece.concepts)
    return own or not piece.meant("dim")


def _loosely_said(asked: Asked) -> Asked:
    """ "What have I brought in": a KPI where nothing else is named."""
    places = asked.of_kind("loosely")
    meant = new(kpi for place in places for kpi in asked.pieces[place].meant("loosely"))
    counts = any(piece.meant("counted_leads") for piece in asked.pieces)
    return asked if len(meant) != 1 or counts else asked.having_read(places, kpis=meant)


def _said_again(asked: Asked) -> Asked:
    """ "Are customers happy? csat": the saying beside the name adds nothing."""
    again = [
        place for place in asked.of_kind("loosely") if set(asked.pieces[place].meant("loosely")) <= set(asked.kpis)
    ]
    parts = [place for place in asked.of_kind("part") if asked.pieces[place].is_a("ignore")]
    return asked.having_read([*again, *parts])


def kpi_places(asked: Asked) -> list[int]:
    """Where KPIs that were read stand by their own names."""
    named = {n: piece.meant("kpi") for n, piece in enumerate(asked.pieces) if n in asked.read}
    return [n for n, kpis in named.items() if kpis and kpis[0] in asked.kpis]


def _settled(asked: Asked, context: Context) -> dict[int, str]:
    """Places and their KPIs; performance is what the company's settings say, "win rate performance" the rate."""
    named = {place: asked.pieces[place].meant("kpi")[0] for place in asked.of_kind("kpi")}
    meant = performance_kpi(context.performance, context.model)
    if meant is None:
        return named
    loosely = () if named or asked.kpis else ("loose_performance",)
    named |= dict.fromkeys(asked.places("performance", *loosely), meant)
    return dict(sorted(named.items()))


def _counted_leads(asked: Asked) -> Asked:
    """ "Leads by channel", "leads last month": a count of leads, though not which."""
    places = asked.of_kind("counted_leads")
    counts = asked.places("by", "period", "trend", "share", *(f"grain_{grain}" for grain in Grain))
    listed = any(piece.is_a(*EDGES) or piece.count is not None for piece in asked.pieces)
    if not places or not counts or listed:
        return asked
    return asked.having_read(places, either=tuple(asked.pieces[places[0]].meant("counted_leads")[0].split("|")))


def _orders(asked: Asked, place: int) -> bool:
    """Whether the KPI is what a ranking goes by: "top 5 reps by revenue"."""
    lead = asked.beside(place, -1, "ignore")
    return lead is not None and asked.pieces[lead].is_a(*_BEFORE_ORDER)


def listed(asked: Asked, named: list[int]) -> bool:
    """Whether each KPI after the first is added to those before it."""
    ranks = any(piece.is_a("rank", *EDGES) or piece.count for piece in asked.pieces)
    for before, place in pairwise(named):
        between = asked.pieces[before + 1 : place]
        joined = any(piece.phrase in _LISTS or piece.is_a("against", "compare") for piece in between)
        same = asked.pieces[before].meant("kpi") == asked.pieces[place].meant("kpi")
        if not (joined or same or _comma(asked, before, place) or (ranks and _orders(asked, place))):
            return False
    return True


def _comma(asked: Asked, before: int, place: int) -> bool:
    return any(piece.after_sign for piece in asked.pieces[before + 1 : place + 1])


def _breaks_down(asked: Asked, place: int) -> bool:
    """销售 are sales where it stands alone, and reps in 各销售 and 销售排名."""
    if not asked.pieces[place].meant("dim"):
        return False
    before, after = asked.beside(place, -1), asked.beside(place, 1, "ignore")
    marked = before is not None and asked.pieces[before].is_a("by", "which")
    ranked = any(piece.is_a("rank") or piece.count is not None for piece in asked.pieces)
    return marked or ranked or (after is not None and bool(asked.pieces[after].meant("unsettled")))
