"""Questions for rows, read alike for leads, deals and customers: bounds, days, periods, values, owners, order.

A question for rows speaks of events (contacts, orders, a stage entered, an expected close). A number of days or a
period belongs to the event whose words stand nearest: "closing this week", "not contacted for 14 days", "in proposal
over 30 days". The words that all lists share are in rows.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assistant.plans import OrderedBy, RowFilter
from assistant.plans.parts import RowOp
from assistant.understanding.amounts import Quantity
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, Naming, new
from assistant.understanding.figures.broken_down import AND, value_beside
from assistant.understanding.figures.named_kpis import EDGES
from assistant.understanding.figures.narrowed import named_values, owned
from assistant.understanding.figures.pieces import Piece, cut, quantities_of
from assistant.understanding.figures.shaped import fillers
from assistant.understanding.kinds.events import Event, events_read, nouns_in
from assistant.understanding.reading import Reading

SHARED = "rows"
_USED = frozenset(
    {"period", "number", "rank", "by", "which", "who", "ignore", "greeting", "what_is", "mine", "my_team", "company"}
    | {"except", "except_before", "vague", "now", "falling", "rising", *EDGES, *(f"count_{edge}" for edge in EDGES)}
)
_KINDS_USED = ("value", "city", "rep", "dim")
_COUNTED = tuple(f"count_{edge}" for edge in EDGES)
_DOWN = ("rising", "lowest", "count_lowest")
_NO_LIST = ("worst", "count_worst")  # the worst by what?
_ONE_OF_THEM = frozenset({"哪个", "哪一个", "哪家", "哪一家", "哪条", "哪一条", "哪单", "哪笔"})


@dataclass(frozen=True)
class Columns:
    """Which words of a list's file stand for which of its columns.

    `events` by concept; `dated`: what a period without an event is about, by state. `orders`: words that order by
    a column, and whether downwards. `values`: columns that are filtered by named values. `bounds`: what a bound is on,
    by concept and sort of quantity; the concept "" needs no word of its own. `most` is what the largest are by, `sizes`
    ("big deals") only set the order. `nouns` are what a column is called where a list is to be ordered by it.
    """

    events: Mapping[str, Event]
    values: tuple[str, ...]
    orders: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    dated: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nouns: Mapping[str, str] = field(default_factory=dict)
    most: str | None = None
    sizes: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class RowsRead:
    """What was read. `open_days`: a column of days that the question leaves without a number; `several`: a value of
    more than one column; `missing`: a value of a column that the list does not have; `whose`: every owner named, each
    with all whom the name may mean."""

    asked: Asked
    filters: tuple[RowFilter, ...] = ()
    order: OrderedBy | None = None
    limit: int | None = None
    whose: tuple[tuple[str, ...], ...] = ()
    open_days: str | None = None
    several: Naming | None = None
    missing: tuple[int, ...] = ()


def cut_for(kind: str, reading: Reading, context: Context, extra: Iterable[Piece] = ()) -> Asked:
    """The question cut by the words of one list, those that lists share, and of the others those that lists use."""
    names = (f"{kind}:", f"{SHARED}:")
    pieces: dict[tuple[int, int], Piece] = {}
    for hit in context.lexicon.cues.hits(reading.normal):
        own = tuple(concept.partition(":")[2] for concept in hit.concepts if concept.startswith(names))
        own = tuple(name for name in own if (name != "asks" or f"{kind}:asks" in hit.concepts))
        if own:
            pieces[hit.start, hit.end] = Piece(hit.start, hit.end, hit.phrase, own)
    others = []
    for piece in reading.found:
        used = tuple(concept for concept in piece.concepts if _is_used(concept))
        same = pieces.get((piece.start, piece.end))
        if used and (same is None or piece.period is not None or piece.count is not None):
            others.append(replace(piece, concepts=used))
        elif used and same is not None:
            pieces[piece.start, piece.end] = replace(same, concepts=new((*same.concepts, *used)))
    amounts = quantities_of(reading.normal, context.currency)
    return Asked(cut(reading.normal, [*pieces.values(), *others, *amounts, *extra]))


def nouns_read(asked: Asked, columns: Columns) -> Asked:
    """With the words for what is listed."""
    return asked.having_read(nouns_in(asked, columns.events))


def _is_used(concept: str) -> bool:
    return concept in _USED or concept.partition(":")[0] in _KINDS_USED


def read_rows(asked: Asked, columns: Columns, state: str, context: Context) -> RowsRead:
    """The filters, the order and the owners of a question for rows."""
    read = _marks(RowsRead(asked))
    read = _bounds(read, columns)
    found = events_read(read.asked, columns.events, columns.dated.get(state), context)
    read = replace(
        read, asked=found.asked, filters=(*read.filters, *found.filters), order=found.order, open_days=found.open_days
    )
    read = _values(read, columns, state, context)
    read = _ordered(read, columns)
    read = _counted(read)
    return replace(read, asked=_filled(read.asked, context))


# --- marks and bounds


def _marks(read: RowsRead) -> RowsRead:
    """Rows that nobody owns, and those that are not to be contacted."""
    asked, filters = read.asked, read.filters
    if places := asked.places("unowned"):
        asked, filters = asked.having_read(places), (*filters, RowFilter(name="rep", op="unknown"))
    if places := asked.places("no_contact_mark"):
        read_too = [*places, *asked.places("marked")]
        asked, filters = asked.having_read(read_too), (*filters, RowFilter(name="do_not_contact", values=(True,)))
    return replace(read, asked=asked, filters=filters)


def _bounds(read: RowsRead, columns: Columns) -> RowsRead:
    """Bounds on amounts and chances: "over 50k", 8万以上, "chance above 60%"; a bare amount is no bound."""
    asked, filters = read.asked, read.filters
    for concept, (column, sort) in columns.bounds.items():
        names = asked.places(concept) if concept else []
        sorts = (sort, "count") if sort == "amount" and asked.places("amount") else (sort,)
        places = [place for place in asked.places("quantity") if _is_bound(asked.pieces[place].quantity, sorts)]
        if places and (names or not concept):
            filters = (*filters, *(bound(column, asked.pieces[place].quantity) for place in places))
            asked = asked.having_read([*places, *names])
    return replace(read, asked=asked, filters=filters)


def _is_bound(given: Quantity | None, sorts: tuple[str, ...]) -> bool:
    return given is not None and given.kind in sorts and given.op not in ("exact", "about")


def bound(column: str, given: Quantity | None, op: RowOp | None = None) -> RowFilter:
    """The filter that a quantity sets on a column; `op` where it is not the one said."""
    assert given is not None
    values = tuple(int(value) if float(value).is_integer() else value for value in given.values)
    said: RowOp = "at_least" if given.op == "exact" or given.op == "about" else given.op
    return RowFilter(name=column, op=op or said, values=values)


# --- values and owners


def _values(read: RowsRead, columns: Columns, state: str, context: Context) -> RowsRead:
    """Named values as filters, teams and people as owners; what no column holds is left to be asked about."""
    asked = named_values(read.asked, context)
    asked = owned(_with_dimensions(asked, columns), context)
    whose, filters = list(asked.whose), list(read.filters)
    grouped: dict[tuple[str, bool], list[str]] = {}
    several, missing = None, []
    for given in asked.filters:  # several colleagues side by side
        grouped.setdefault((given.name, given.op == "not_in"), []).extend(given.values)
    denied = _denied(asked)
    allowed = [name for name in (*columns.values, "team") if name != "lost_reason" or state == "lost"]
    for naming in asked.narrowed:
        left_out = naming.left_out or naming.place in denied
        options = tuple(option for option in naming.options if option[0] in allowed)
        if not options or (options[0][0] == "team" and left_out):
            missing.append(naming.place)
        elif len(options) > 1 or naming.vague:
            several = replace(naming, options=options, left_out=left_out)
        elif options[0][0] == "team":
            whose.append((f"team:{options[0][1]}",))
        else:
            grouped.setdefault((options[0][0], left_out), []).append(options[0][1])
    for place in asked.of_kind("city"):
        left_out = place in denied
        grouped.setdefault(("city", left_out), []).extend(asked.pieces[place].meant("city"))
        missing += [] if "city" in columns.values else [place]
        asked = asked.having_read([place])
    filters += [
        RowFilter(name=name, op="not_in" if left_out else "in", values=new(values))
        for (name, left_out), values in grouped.items()
    ]
    asked = asked.having_read(_either_of_one(asked))
    because = asked.places("because") if any(name == "lost_reason" for name, _ in grouped) else []
    if not whose and any(piece.is_a("asks") and piece.is_a("mine") for piece in asked.pieces):
        whose.append(("me",))  # "what have I got closing"
    belongs = asked.places("belongs") if whose or any(name == "rep" for name, _ in grouped) else []
    return replace(
        read,
        asked=asked.having_read([*belongs, *because, *denied.values()]),
        filters=tuple(filters),
        whose=tuple(dict.fromkeys(whose)),
        several=several,
        missing=tuple(missing),
    )


def _denied(asked: Asked) -> dict[int, int]:
    """Values that are left out and the word that says so: "not from Search", 非搜索渠道, 搜索和展会渠道的除外."""
    found: dict[int, int] = {}
    places = {naming.place for naming in asked.narrowed} | set(asked.of_kind("city"))
    for place in asked.places("not_"):
        at = place + 1
        while at < len(asked.pieces) and at not in places and asked.pieces[at].is_a("ignore", "fills"):
            at += 1
        if at in places:
            found[at] = place
    for place in asked.places("except_before"):
        at = place - 1
        while at >= 0 and (at in places or _joins(asked.pieces[at])):
            if at in places:
                found[at] = place
            at -= 1
    return found


def _either_of_one(asked: Asked) -> list[int]:
    """ "Energy or construction" are both; "or" between values of two columns is left over."""
    found = []
    for place in asked.places("either"):
        sides = [asked.beside(place, step, "ignore", "fills") for step in (-1, 1)]
        meant = [
            {value.partition(":")[0] for value in asked.pieces[at].meant("value")} for at in sides if at is not None
        ]
        found += [place] if len(meant) == 2 and meant[0] & meant[1] else []
    return found


def _joins(piece: Piece) -> bool:
    return piece.phrase in AND or piece.is_a("ignore", "fills") or bool(piece.meant("dim"))


def _with_dimensions(asked: Asked, columns: Columns) -> Asked:
    """A dimension's name beside its value says nothing more: "proposal stage", "the East region", 搜索和展会渠道."""
    named = {name for naming in asked.narrowed for name, _ in naming.options}
    beside = [
        place
        for place in asked.of_kind("dim")
        if value_beside(asked, place, 1) is not None
        or value_beside(asked, place, -1) is not None
        or (named & set(asked.pieces[place].meant("dim")) and not asked.pieces[place].is_a("by"))
    ]
    return asked.having_read(beside)


# --- order and length


def _ordered(read: RowsRead, columns: Columns) -> RowsRead:
    """The order and how many: "top 5", "the oldest", "largest first", "sorted by amount", 最大的三个."""
    asked, order, limit = read.asked, read.order, read.limit
    for name, (column, descending) in columns.orders.items():
        if (places := asked.places(name)) and order is None:
            order = OrderedBy(by=column, descending=descending)
            asked = asked.having_read([*places, *asked.places("sorted_")])
            limit = 1 if _one(asked) else None
    edges = asked.places(*_COUNTED, *EDGES, "falling", "rising")
    said = [asked.pieces[place] for place in edges]
    counts = [piece.count for piece in said if piece.count]
    most = next((columns.nouns[name] for name in columns.nouns if asked.places(name)), columns.most)
    if edges and (most or order) and not any(piece.is_a(*_NO_LIST) for piece in said):
        down = any(piece.is_a(*_DOWN) for piece in said)
        order = order or OrderedBy(by=most or "", descending=not down)
        limit = counts[0] if counts else 1 if _one(asked) else None
        asked = asked.having_read([*edges, *_named_column(asked, columns, order.by)])
    elif order is None:
        asked, order = _by_column(asked, columns)
    if places := asked.places(*columns.sizes):
        down = next(columns.sizes[name] for name in columns.sizes if asked.pieces[places[0]].is_a(name))
        asked, order = asked.having_read(places), order or OrderedBy(by=columns.most or "", descending=down)
    asked = asked.having_read(asked.places("sorted_", "rank") if order else [])
    return replace(read, asked=asked, order=order, limit=limit)


def _named_column(asked: Asked, columns: Columns, column: str) -> list[int]:
    """The name of the column that is ordered by, said beside the end that is asked for: 金额最大, "highest value"."""
    names = [name for name, of in columns.nouns.items() if of == column]
    return [*asked.places(*names), *asked.places("sorted_by", "rank")]


def _by_column(asked: Asked, columns: Columns) -> tuple[Asked, OrderedBy | None]:
    """ "Sorted by amount", 按金额排序."""
    for place in asked.places("sorted_by", "rank"):
        after = asked.beside(place, 1, "ignore")
        name = next((name for name in columns.nouns if after is not None and asked.pieces[after].is_a(name)), None)
        if after is not None and name is not None and after not in asked.read:
            return asked.having_read([place, after]), OrderedBy(by=columns.nouns[name])
    return asked, None


def _one(asked: Asked) -> bool:
    """Whether one row is asked for: "our largest open deal", 最大的商机是哪个."""
    nouns = [piece for piece in asked.pieces if piece.is_a("asks")]
    latin = [piece.phrase for piece in nouns if piece.phrase.isascii()]
    if latin:
        return not any(phrase.endswith("s") for phrase in latin)
    return any(piece.phrase in _ONE_OF_THEM for piece in asked.pieces)


def _counted(read: RowsRead) -> RowsRead:
    """A number of rows: "20 pharma leads", 列10个; an English number counts only what stands behind it."""
    asked = read.asked
    nouns = [place for place, piece in enumerate(asked.pieces) if piece.is_a("asks")]
    numbers = [
        place
        for place in asked.places("number")
        if not asked.pieces[place].phrase.isascii() or any(noun > place for noun in nouns)
    ]
    if len(numbers) != 1 or (read.limit or 1) > 1:
        return read
    return replace(read, asked=asked.having_read(numbers), limit=asked.pieces[numbers[0]].count)


def _filled(asked: Asked, context: Context) -> Asked:
    """Words that carry nothing in a question for rows."""
    relative = [
        place
        for place in asked.places("who")
        if asked.pieces[place].phrase == "who" and place and asked.pieces[place - 1].is_a("asks", "fills")
    ]
    kept = [place for place in asked.places("who", "by") if place not in relative and _breaks_down(asked, place)]
    read = fillers(asked, context).having_read([*relative, *asked.places("fills", "listing")])
    return replace(read, read=read.read - frozenset(kept))


def _breaks_down(asked: Asked, place: int) -> bool:
    """Whether a word like "per" or 各 asks for a breakdown, which a list has not."""
    after = asked.beside(place, 1, "ignore")
    return after is not None and bool(asked.pieces[after].meant("dim"))
