"""Lists of leads, deals and customers: rows with filters, order and limit, through the same joins and row rules.

What a list holds is declared in `analytics/kpis/lists/<id>.yaml` (see list_file.py). Rows are as of the clock: what was
won later is still open, and what was written down when it closed is not known yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, String, and_, bindparam, case, func, or_, select

from analytics.semantic.bounds import bounds, local_day_of
from analytics.semantic.definition import Measure
from analytics.semantic.faults import QueryError
from analytics.semantic.list_file import ALL, OPEN, ListFile, Since, read_lists
from analytics.semantic.list_filters import ListFilter, bound, checked, condition, shape_of
from analytics.semantic.model import Model
from analytics.semantic.periods_table import Bounds
from analytics.semantic.placed import existing
from analytics.semantic.present import Present
from analytics.semantic.query import Filter, Order
from analytics.semantic.rows import Rows, conditions
from analytics.semantic.statements import Statements
from analytics.vocabulary import Clock, Period, Provenance, Scope
from analytics.warehouse import Reader

MOST_ROWS = 1_000
_KNOWN_OR_NOT = ("known", "unknown")


@dataclass(frozen=True)
class ListQuery:
    """Rows of a list in one of its states (None: the usual, open rows where a list knows them).

    Filters and order name its columns; `limit` is at most MOST_ROWS; `columns` are those wanted (none named: all).
    """

    list: str
    filters: tuple[Filter, ...] = ()
    order: Order | None = None
    limit: int = 20
    state: str | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """The rows, each with its key and columns; how many there are in all, and in which order they stand.

    `summed` is the sum of the list's `total` column over all of them, None where it has none; `summed_rows` those that
    have a value there.
    """

    key: str
    rows: tuple[Mapping[str, Any], ...]
    total: int
    order: Order
    provenance: Provenance
    summed: Decimal | None = None
    summed_rows: int = 0


@dataclass(frozen=True)
class Emptied:
    """Why a list is empty: how many rows there are without filters, and which of the filters let none of them pass.

    Where each alone lets some pass, `best` is the one without which most are left, and `left` how many.
    """

    unfiltered: int
    barring: tuple[int, ...]
    best: int | None = None
    left: int = 0


class Lists:
    """Reads lists over one pinned version, for one asker's scope, as of one clock."""

    def __init__(self, model: Model, reader: Reader, clock: Clock, scope: Scope) -> None:
        self._model, self._reader, self._clock, self._scope = model, reader, clock, scope
        self._statements = Statements(model, reader)
        self._present = Present(model, reader)

    def run(self, query: ListQuery) -> Listed:
        """The rows.

        Raises QueryError unknown_list, unknown_state, unknown_column, bad_filter, bad_limit, needs_tables or too_slow.
        """
        declared, query, order = self._checked(query)
        self._statements.start()
        found = self._found(declared, query, order)
        first = found[0] if found else None
        provenance = Provenance(self._statements.ran(), self._reader.version, self._reader.as_of)
        return Listed(
            key=declared.key,
            rows=tuple(self._row(declared, query, row) for row in found),
            total=first.total_rows if first else 0,
            order=order,
            provenance=provenance,
            summed=first.summed if first and declared.total else None,
            summed_rows=first.summed_rows if first and declared.total else 0,
        )

    def readable_statements(self) -> tuple[str, ...]:
        """What the last query ran, with its values written in."""
        return self._statements.readable()

    def emptied(self, query: ListQuery) -> Emptied:
        """Why a query that found nothing found nothing."""
        places = range(len(query.filters))
        unfiltered = self._count(query, ())
        barring = tuple(place for place in places if not self._count(query, (query.filters[place],)))
        if barring or len(query.filters) < 2:
            return Emptied(unfiltered, barring)
        left = [self._count(query, _without(query.filters, place)) for place in places]
        best = max(places, key=lambda place: left[place])
        return Emptied(unfiltered, (), best if left[best] else None, left[best])

    def _count(self, query: ListQuery, filters: tuple[Filter, ...]) -> int:
        declared, query, order = self._checked(replace(query, filters=filters, order=None, limit=1))
        found = self._found(declared, query, order)
        return found[0].total_rows if found else 0

    # --- what is asked

    def _checked(self, query: ListQuery) -> tuple[ListFile, ListQuery, Order]:
        lists = read_lists()
        if query.list not in lists:
            raise QueryError("unknown_list", query.list, offers=tuple(lists))
        declared = lists[query.list]
        state = query.state or declared.all_states[0]
        if state not in declared.all_states:
            raise QueryError("unknown_state", state, offers=declared.all_states)
        if not 1 <= query.limit <= MOST_ROWS:
            raise QueryError("bad_limit", str(query.limit), offers=(str(MOST_ROWS),))
        ordered = (query.order.by,) if query.order else ()
        for name in (*ordered, *(given.name for given in query.filters), *query.columns):
            if name not in declared.all_columns:
                raise QueryError("unknown_column", name, declared.id, offers=declared.all_columns)
        filters = tuple(checked(self._model, declared, given) for given in query.filters)
        self._check_present(declared, query)
        columns = query.columns or declared.all_columns
        return (
            declared,
            replace(query, filters=filters, state=state, columns=columns),
            self._order(declared, query, state),
        )

    def _check_present(self, declared: ListFile, query: ListQuery) -> None:
        """A filter or an order by what nobody recorded would say of every row that it has none."""
        lacking = self._present.of_paths(declared.table, ())
        for given in query.filters:
            lacking += self._lacking(declared, given.name, given.op in _KNOWN_OR_NOT)
        if query.order:
            lacking += self._lacking(declared, query.order.by)
        if lacking:
            raise QueryError("needs_tables", declared.id, offers=tuple(dict.fromkeys(lacking)))

    def _lacking(self, declared: ListFile, name: str, tables_only: bool = False) -> tuple[str, ...]:
        """What a column needs and this company has not; one of several paths is enough."""
        found = [self._present.of_paths(declared.table, (path,)) for path in declared.paths_of(name)]
        if tables_only:
            found = [tuple(name for name in lacking if "." not in name) for lacking in found]
        return min(found, key=len)

    def lacks(self, list_id: str, name: str) -> bool:
        """Whether nothing at all is recorded in a column here."""
        return bool(self._lacking(read_lists()[list_id], name))

    def _order(self, declared: ListFile, query: ListQuery, state: str) -> Order:
        if query.order is not None:
            return query.order
        usual = declared.orders(state)
        best = next((one for one in usual if not self._lacking(declared, one.by)), usual[-1])
        return Order(best.by, best.descending)

    # --- what is found

    def _found(self, declared: ListFile, query: ListQuery, order: Order) -> list[Any]:
        shape = _Shape(
            declared=declared,
            id=declared.id,
            state=query.state or ALL,
            columns=query.columns,
            filters=tuple(shape_of(self._model, declared, given) for given in query.filters),
            order=order,
            restricted=self._scope.reps is not None,
        )
        return self._statements.rows(self._model.built(shape, _statement), self._values(declared, query))

    def _values(self, declared: ListFile, query: ListQuery) -> dict[str, Any]:
        today = Period.of_day(self._clock.today)
        values = bounds(Measure(table=declared.table, count="rows"), today, self._clock) | {"most": query.limit}
        for place, given in enumerate(query.filters):
            values |= bound(self._model, declared, given, place, self._clock)
        return values if self._scope.reps is None else values | {"reps": sorted(self._scope.reps)}

    def _row(self, declared: ListFile, query: ListQuery, row: Any) -> dict[str, Any]:
        found = row._mapping
        plain = {name: found[name] for name in query.columns if name in declared.columns}
        days = {name: self._days(found[f"since_{name}"]) for name in query.columns if name in declared.days_since}
        return {declared.key: found["key"], **plain, **days}

    def _days(self, value: Any) -> int | None:
        return None if value is None else (self._clock.today - local_day_of(value, self._clock)).days


def _without(filters: tuple[Filter, ...], place: int) -> tuple[Filter, ...]:
    return (*filters[:place], *filters[place + 1 :])


@dataclass(frozen=True)
class _Shape:
    """All that a list's statement depends on; values are bound at each run."""

    declared: ListFile = field(compare=False)
    id: str
    state: str
    columns: tuple[str, ...]
    filters: tuple[ListFilter, ...]
    order: Order
    restricted: bool


class _Source:
    """The rows of a list as they stood at the clock, and its columns."""

    def __init__(self, model: Model, declared: ListFile) -> None:
        self.model, self.declared = model, declared
        self.bounds = Bounds(many=False)
        self.rows = Rows(model.schema, declared.table)
        self.rows.on_day = self.bounds["last_day"]

    def column(self, name: str) -> ColumnElement[Any]:
        """A column, the first of its paths that is known; of days since, the moment they are counted from."""
        found = [self.read(path) for path in self.declared.paths_of(name)]
        return found[0] if len(found) == 1 else func.coalesce(*found, type_=found[0].type)

    def read(self, path: str) -> ColumnElement[Any]:
        """A path as it stood at the clock."""
        column, revealed = self.rows.column(path), self.declared.revealed.get(path)
        if revealed is None:
            return column
        before = bindparam(None, revealed.before, type_=column.type) if revealed.before is not None else None
        return case((self.has_come(revealed.at), column), else_=before)

    def has_come(self, path: str) -> ColumnElement[bool]:
        """Whether a moment has come by the clock; one nobody wrote down has."""
        moment = self.rows.column(path)
        return or_(moment.is_(None), moment < self.bounds["to_day" if isinstance(moment.type, Date) else "to_at"])

    def in_state(self, state: str) -> list[ColumnElement[bool]]:
        """The rows that are in a state by the clock."""
        declared = self.declared
        if declared.existing is None:
            return []
        if state == OPEN:
            return existing(self.rows, declared.existing, self.bounds)
        begins = self.rows.column(declared.existing.begins)
        there = [self.has_come(declared.existing.begins)]
        there += [] if declared.existing.from_unknown else [begins.is_not(None)]
        if state == ALL:
            return there
        return [*there, *conditions(self.rows, declared.states[state].where), self.has_come(declared.states[state].at)]


def _statement(model: Model, shape: _Shape) -> Select[Any]:
    declared, source = shape.declared, _Source(model, shape.declared)
    within = source.in_state(shape.state)
    if shape.restricted:
        owner = model.schema.file(declared.table).owner
        if owner is None:
            raise QueryError("not_your_rows", declared.table)
        within.append(source.rows.column(owner).in_(bindparam("reps", expanding=True, type_=String())))
    for place, given in enumerate(shape.filters):
        within.append(condition(model, declared, given, source.column(given.name), place))
    key = source.rows.column(declared.key)
    chosen = [key.label("key"), *(_chosen(source, name) for name in shape.columns), *_totals(source)]
    order = [*_ordered(source, shape.order), key]
    found = select(*chosen).select_from(source.rows.source).where(and_(True, *within))
    return found.order_by(*order).limit(bindparam("most", type_=Integer()))


def _chosen(source: _Source, name: str) -> ColumnElement[Any]:
    return source.column(name).label(f"since_{name}" if name in source.declared.days_since else name)


def _totals(source: _Source) -> list[ColumnElement[Any]]:
    found: list[ColumnElement[Any]] = [func.count().over().label("total_rows")]
    if source.declared.total is not None:
        column = source.column(source.declared.total)
        found.append(func.sum(column, type_=column.type).over().label("summed"))
        found.append(func.count(column).over().label("summed_rows"))
    return found


def _ordered(source: _Source, order: Order) -> list[ColumnElement[Any]]:
    """Rows without a value last; the longest ago first where days are counted down, never at all before that."""
    column, since = source.column(order.by), source.declared.days_since.get(order.by)
    if since is not None:
        return [_by_days(column, since, order.descending)]
    shown = _as_called(source.model, order.by, column)
    return [shown.desc().nulls_last() if order.descending else shown.asc().nulls_last()]


def _by_days(moment: ColumnElement[Any], since: Since, descending: bool) -> ColumnElement[Any]:
    if not descending:
        return moment.desc().nulls_last()
    return moment.asc().nulls_first() if since.long_ago else moment.asc().nulls_last()


def _as_called(model: Model, name: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What a column is sorted by: names for ids, the declared order for values that have one."""
    dimension = model.dimensions.get(name)
    if dimension is None:
        return column
    if dimension.labels is not None:
        labels = Rows(model.schema, dimension.labels.table, prefix="called_")
        key, called = labels.column(dimension.labels.key), labels.column(dimension.labels.name)
        return select(called).select_from(labels.source).where(key == column).scalar_subquery()
    if dimension.in_order:
        return case(*((column == value, place) for place, value in enumerate(dimension.values)), else_=None)
    return column


def column_kind(model: Model, list_id: str, name: str) -> str:
    """What a column of a list holds, as table files declare it: text, whole, number, money, moment, date or flag."""
    declared = read_lists()[list_id]
    return model.schema.reach(declared.table, declared.paths_of(name)[0]).kind
