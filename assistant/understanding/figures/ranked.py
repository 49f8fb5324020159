"""The best and the worst: "top 5 reps", "which team has the lowest", 排名, 最高的三个."""

from __future__ import annotations

from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, new
from assistant.understanding.figures.broken_down import UNITS, one_of, value_beside
from assistant.understanding.figures.named_kpis import EDGES

_IN_ORDER = {"highest": ("falling",), "lowest": ("rising",)}
_DOWN = ("lowest", "worst", "count_lowest", "count_worst")
_SEVERAL = frozenset({"哪些", "哪几个", "哪几家", "几个", "几名", "几家", "那些"})


def ranked(asked: Asked, context: Context) -> Asked:
    """Which end is asked for, how many, and of what: a dimension named, or the people behind "who"."""
    edges = asked.places(*(f"count_{edge}" for edge in EDGES), *EDGES, "falling", "rising", "rank")
    edges = _one_way(asked, edges)
    if not edges:
        return asked
    pieces = [asked.pieces[place] for place in edges]
    counted = [piece for piece in pieces if piece.count is not None]
    said = counted[0] if counted else max(pieces, key=lambda piece: piece.is_a(*EDGES, "falling", "rising"))
    edge = next(name for name in (*EDGES, "rank") if said.is_a(name, f"count_{name}", *_IN_ORDER.get(name, ())))
    asked = asked.having_read(edges, edge=edge, limit=counted[0].count if counted else None)
    in_order = any(piece.is_a("falling", "rising", "rank") for piece in pieces)
    return _of_what(_best_unit(asked, edges), alone=not in_order)


def _one_way(asked: Asked, edges: list[int]) -> list[int]:
    """The words for one end: of "best and worst" the worst is left over."""
    worst = [place for place in edges if asked.pieces[place].is_a(*_DOWN)]
    others = [place for place in edges if place not in worst]
    ends = [place for place in others if not asked.pieces[place].is_a("rank")]
    return edges if not worst or not ends else ends if ends[0] < worst[0] else worst


def _best_unit(asked: Asked, edges: list[int]) -> Asked:
    """ "Our best month" is seen in the trend by month."""
    for place in edges:
        after = asked.beside(place, 1, "ignore")
        if after is not None and asked.grain is None and asked.pieces[after].is_a(*UNITS):
            return asked.having_read([after], grain=one_of(UNITS, asked.pieces[after].concepts))
    return asked


def _of_what(asked: Asked, *, alone: bool) -> Asked:
    """One only where one is asked for: "which team", "who", 最高的团队; not where all are to stand in order."""
    who = asked.places("who")
    if who:
        only = 1 if asked.edge in EDGES and asked.limit is None and not asked.of_kind("dim") else asked.limit
        named = () if asked.of_kind("dim") or asked.dimensions else ("rep",)
        asked = asked.having_read(who, limit=only, dimensions=new([*asked.dimensions, *named]))
    bare = [
        place
        for place in asked.of_kind("dim")
        if value_beside(asked, place, 1) is None and value_beside(asked, place, -1) is None
    ]
    names = new([*asked.dimensions, *(asked.pieces[place].meant("dim")[0] for place in bare)])
    numbers = [] if asked.limit is not None else [place for place in asked.places("number") if place + 1 in bare]
    if len(numbers) == 1 and asked.edge in EDGES:
        return asked.having_read([*bare, *numbers], dimensions=names, limit=asked.pieces[numbers[0]].count)
    one = alone and asked.limit is None and asked.edge in EDGES and asked.grain is None and _singular(asked, bare)
    return asked.having_read(bare, dimensions=names, limit=1 if one else asked.limit)


def _singular(asked: Asked, bare: list[int]) -> bool:
    asked_which = [
        place
        for place, piece in enumerate(asked.pieces)
        if place in asked.read and piece.meant("dim") and place and asked.pieces[place - 1].is_a("which")
    ]
    named = [*bare, *asked_which]
    return len(named) == 1 and not asked.pieces[named[0]].phrase.endswith("s") and not _several(asked, named[0])


def _several(asked: Asked, place: int) -> bool:
    around = asked.pieces[max(0, place - 2) : place]
    return any(piece.phrase in _SEVERAL for piece in around)
