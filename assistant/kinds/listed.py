"""Lists of leads, deals and customers: what they share. A list is run, told in one sentence and shown as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.semantic.faults import QueryError
from analytics.semantic.list_file import ListFile, read_lists
from analytics.semantic.lists import Emptied, Listed, ListQuery, Lists
from analytics.semantic.query import Order
from analytics.vocabulary import Figure, Unit
from assistant.kinds import refuse
from assistant.kinds.kpi_shown import named
from assistant.kinds.listed_cells import Columns
from assistant.kinds.listed_words import filter_words, order_words, told_filters
from assistant.plans import CustomerList, DealList, LeadList, Refuse
from assistant.plans.parts import OrderedBy, RowFilter
from assistant.result import Column, Result, Room, Table, Worded, quoted
from assistant.sight import Sight

USUAL_LIMIT = 10
"""Rows that a list shows unless asked for more."""
_MOST_COLUMNS = 8
_SAYS_NOTHING = ("unknown", "in")  # filters whose column would hold one value only


@dataclass(frozen=True)
class Shape:
    """What a kind of list shows: its columns by state, and what its items always hold."""

    list: str
    route: str
    columns: dict[str, tuple[str, ...]]
    items: tuple[str, ...]
    template: str | None = None

    @property
    def declared(self) -> ListFile:
        """The list's file."""
        return read_lists()[self.list]


@dataclass(frozen=True)
class Asked:
    """A list as it was asked for: `plan` as understood, its parts, and the rows it is made of."""

    plan: LeadList | DealList | CustomerList
    shape: Shape
    state: str
    sight: Sight

    @property
    def filters(self) -> tuple[RowFilter, ...]:
        """The filters of the plan."""
        return self.plan.filters

    @property
    def order(self) -> OrderedBy | None:
        """The order asked for."""
        return self.plan.order


def run(plan: LeadList | DealList | CustomerList, room: Room, shape: Shape) -> Result:
    """Read the list and word it; what cannot be had is a refusal that says why."""
    state = shape.declared.all_states[0] if isinstance(plan, CustomerList) else plan.state
    asked = Asked(plan, shape, state, room.permitted.sights["rows"])
    lists = Lists(room.model, room.data, room.clock, asked.sight.scope)
    try:
        query = _query(asked, room)
        listed = lists.run(query)
        statements = lists.readable_statements() if not room.in_slack else ()
        emptied = lists.emptied(query) if not listed.rows else None
    except QueryError as error:
        return _refused(asked, room, error)
    return _shown(asked, room, listed, emptied, lists, statements)


def _query(asked: Asked, room: Room) -> ListQuery:
    declared, order = asked.shape.declared, asked.order
    columns = (*asked.shape.columns[asked.state], *asked.shape.items, *_asked_for(asked))
    return ListQuery(
        list=declared.id,
        filters=told_filters(declared, asked.filters, room.model),
        order=Order(order.by, order.descending) if order else None,
        limit=asked.plan.limit or USUAL_LIMIT,
        state=asked.state,
        columns=tuple(dict.fromkeys(columns)),
    )


def _asked_for(asked: Asked) -> tuple[str, ...]:
    """The columns that filters and order name."""
    names = [given.name for given in asked.filters]
    return tuple(dict.fromkeys([*names, *([asked.order.by] if asked.order else [])]))


def _refused(asked: Asked, room: Room, error: QueryError) -> Result:
    plan = Refuse(reason=error.code, offers=error.offers, understood=asked.plan.model_dump(mode="json"))
    return refuse.run(plan, room)


# --- showing


def _shown(
    asked: Asked, room: Room, listed: Listed, emptied: Emptied | None, lists: Lists, statements: tuple[str, ...]
) -> Result:
    declared, columns = asked.shape.declared, Columns(asked.shape.declared, room, listed)
    figures = _figures(asked, listed)
    until = room.data.as_of
    facts: dict[str, Any] = {
        "count": figures[0],
        "total": figures[1] if len(figures) > 1 else None,
        "without_total": Figure("without_amount", listed.total - listed.summed_rows, Unit.COUNT),
        "what": _what(asked, room, asked.filters),
        "nothing": _what(asked, room, asked.filters, absent=True),
        "counted": _what(asked, room, asked.filters, one=listed.total == 1),
        "shown": Figure("shown", len(listed.rows), Unit.COUNT),
        "cut": listed.total > len(listed.rows),
        "limited": asked.plan.limit is not None,
        "limit": Figure("limit", asked.plan.limit or USUAL_LIMIT, Unit.COUNT),
        "order": order_words(declared, listed.order, room.model),
        "empty": _empty(asked, room, emptied) if emptied else None,
        "barred": Figure("barred", sum(row.get("do_not_contact") is True for row in listed.rows), Unit.COUNT),
        "state": asked.state,
        "role": str(room.asker.role) if room.asker else "",
        "moment": room.clock.now,
        "data_until": min(until, room.clock.now) if until else None,
        "stale": _stale(room),
    }
    return Result(
        route=asked.shape.route,
        facts=facts,
        figures=figures,
        items=tuple(columns.item(row, _item_columns(asked)) for row in listed.rows),
        tables=(_table(asked, room, listed, columns, lists),) if listed.rows else (),
        evidence={
            "sql": list(statements),
            "as_of": until.isoformat().replace("+00:00", "Z") if until else None,
            "whose": asked.sight.whose,
            "warehouse_version": room.data.version,
            "rows": listed.total,
        },
        private=True,
        template=asked.shape.template,
    )


def _figures(asked: Asked, listed: Listed) -> tuple[Figure, ...]:
    """How many there are in all and, of deals, their amount."""
    list_id = asked.shape.list
    count = Figure(list_id, listed.total, Unit.COUNT, rows=listed.total)
    if not listed.summed_rows:
        return (count,)
    total = asked.shape.declared.total
    return (count, Figure(f"{list_id}_{total}", listed.summed, Unit.MONEY, rows=listed.summed_rows))


def _what(asked: Asked, room: Room, filters: Sequence[RowFilter], **form: bool) -> Worded:
    """Which rows, in words: the state, whose, and every filter. `one`: a single row; `absent`: that there is none."""
    kind, _, identity = asked.sight.whose.partition(":")
    name = room.rep_name(identity) if kind == "rep" else named("team", identity, room) if kind == "team" else None
    return Worded(
        "list_what",
        {
            "list": asked.shape.list,
            "state": asked.state,
            "one": False,
            "absent": False,
            "whose": kind,
            "name": quoted(name or identity),
            "filters": [filter_words(asked.shape.declared, given, room) for given in filters],
            **form,
        },
    )


def _empty(asked: Asked, room: Room, emptied: Emptied) -> Worded:
    """Which filter leaves nothing."""
    said = [filter_words(asked.shape.declared, given, room) for given in asked.filters]
    return Worded(
        "list_empty",
        {
            "list": asked.shape.list,
            "what": _what(asked, room, (), one=emptied.unfiltered == 1),
            "unfiltered": Figure("unfiltered", emptied.unfiltered, Unit.COUNT),
            "filtered": bool(asked.filters),
            "barring": [said[place] for place in emptied.barring],
            "best": said[emptied.best] if emptied.best is not None else None,
            "left": Figure("left", emptied.left, Unit.COUNT),
        },
    )


def _stale(room: Room) -> Figure | None:
    until = room.data.as_of
    days = (room.clock.today - room.local_day(until)).days if until else 0
    return Figure("data_age", days, Unit.DAYS) if days > 1 else None


def _item_columns(asked: Asked) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*asked.shape.items, *asked.shape.columns[asked.state], *_asked_for(asked))))


def _table(asked: Asked, room: Room, listed: Listed, columns: Columns, lists: Lists) -> Table:
    names = _table_columns(asked, listed, lists)
    return Table(
        _what(asked, room, asked.filters),
        tuple(Column(columns.title(name), right=columns.is_number(name)) for name in names),
        tuple(tuple(columns.cell(row, name) for name in names) for row in listed.rows),
    )


def _table_columns(asked: Asked, listed: Listed, lists: Lists) -> list[str]:
    """The usual columns and those asked for; not those that say the same of every row, or again what another says."""
    declared, whose = asked.shape.declared, asked.sight.whose
    narrowed = [given.name for given in asked.filters if given.op not in _SAYS_NOTHING or len(given.values) > 1]
    wanted = dict.fromkeys([*asked.shape.columns[asked.state], listed.order.by, *narrowed])
    one_owner = whose == "me" or whose.startswith("rep:")
    unowned = any(given.name == "rep" and given.op == "unknown" for given in asked.filters)
    counted_from = {declared.days_since[name].of for name in wanted if name in declared.days_since}
    kept = [
        name
        for name in wanted
        if not (name == "rep" and (one_owner or unowned))
        and not (name in declared.columns and set(declared.paths_of(name)) <= counted_from)
        and not lists.lacks(declared.id, name)
    ]
    return kept[:_MOST_COLUMNS]
