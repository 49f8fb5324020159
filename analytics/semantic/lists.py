"""Lists of open leads, deals and customers: rows with filters, order and limit, through the same joins and row rules.

What a list holds is declared in `analytics/kpis/lists/<id>.yaml`: its table, which rows exist, its columns as paths,
and columns that count days since a moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Boolean, ColumnElement, Date, Integer, Select, String, bindparam, func, or_, select
from sqlalchemy.types import TypeEngine

from analytics.semantic.bounds import bounds, local_day_of, midnight
from analytics.semantic.check_query import NUMBER_OF_VALUES, in_codes
from analytics.semantic.definition import Measure, State, Words
from analytics.semantic.faults import Complaint, ModelError, QueryError
from analytics.semantic.grid import bound_filter
from analytics.semantic.model import Model
from analytics.semantic.periods_table import Bounds
from analytics.semantic.placed import existing, matches
from analytics.semantic.query import Filter, Order
from analytics.semantic.rows import Rows
from analytics.semantic.statements import Statements
from analytics.vocabulary import Clock, Period, Provenance, Scope
from analytics.warehouse import Reader
from analytics.warehouse.types import UtcDateTime

FOLDER = Path(__file__).parents[1] / "kpis" / "lists"
MOST_ROWS = 1_000
_MOST_DAYS = 100_000
_LABELLED = ("in", "not_in", "contains")
_DAYS_OPS = ("at_least", "at_most", "more_than", "less_than", "known", "unknown")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Since(_Part):
    """Days from a moment to today; `never: long_ago` lets rows without that moment count as older than any number."""

    of: str
    never: Literal["unknown", "long_ago"] = "unknown"


class ByColumn(_Part):
    """The order a list has unless another is asked for."""

    by: str
    descending: bool = True


class ListFile(_Part):
    """One list."""

    id: str = Field(alias="list")
    names: Words
    table: str
    key: str
    existing: State | None = None
    columns: dict[str, str]
    days_since: dict[str, Since] = {}
    order: ByColumn

    @property
    def all_columns(self) -> tuple[str, ...]:
        """What can be filtered and ordered by."""
        return (*self.columns, *self.days_since)


@dataclass(frozen=True)
class ListQuery:
    """Rows of a list. Filters and order name its columns; `limit` at most MOST_ROWS."""

    list: str
    filters: tuple[Filter, ...] = ()
    order: Order | None = None
    limit: int = 20


@dataclass(frozen=True)
class Listed:
    """The rows, each with its key and every column; how many there are in all; where they come from."""

    key: str
    rows: tuple[Mapping[str, Any], ...]
    total: int
    provenance: Provenance


@cache
def read_lists(folder: Path = FOLDER) -> dict[str, ListFile]:
    """The declared lists by id; ModelError where a file cannot be used."""
    found: dict[str, ListFile] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            one = ListFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            raise ModelError([Complaint(path, 1, str(error).splitlines()[0])]) from error
        found[one.id] = one
    return found


class Lists:
    """Reads lists over one pinned version, for one asker's scope, as of one clock."""

    def __init__(self, model: Model, reader: Reader, clock: Clock, scope: Scope) -> None:
        self._model, self._reader, self._clock, self._scope = model, reader, clock, scope
        self._statements = Statements(model, reader)

    def run(self, query: ListQuery) -> Listed:
        """The rows. Raises QueryError unknown_list, unknown_column or bad_limit."""
        lists = read_lists()
        if query.list not in lists:
            raise QueryError("unknown_list", query.list, offers=tuple(lists))
        if not 1 <= query.limit <= MOST_ROWS:
            raise QueryError("bad_limit", str(query.limit), offers=(str(MOST_ROWS),))
        self._statements.start()
        declared = lists[query.list]
        order = query.order or Order(declared.order.by, declared.order.descending)
        for name in (order.by, *(given.name for given in query.filters)):
            if name not in declared.columns and name not in declared.days_since:
                raise QueryError("unknown_column", name, declared.id, offers=declared.all_columns)
        query = replace(query, filters=tuple(self._checked(declared, given) for given in query.filters))
        filters = tuple((given.name, given.op) for given in query.filters)
        shape = _Shape(declared, declared.id, filters, order, self._scope.reps is not None)
        statement = self._model.built(shape, _statement)
        found = self._statements.rows(statement, self._values(declared, query))
        rows = tuple(self._row(declared, row) for row in found)
        provenance = Provenance(self._statements.ran(), self._reader.version, self._reader.as_of)
        return Listed(declared.key, rows, found[0].total_rows if found else 0, provenance)

    def _checked(self, declared: ListFile, given: Filter) -> Filter:
        """The filter with words for codes made codes; QueryError for values that the column cannot hold."""
        wanted = NUMBER_OF_VALUES.get(given.op)
        if (wanted is None and not given.values) or (wanted is not None and len(given.values) != wanted):
            raise QueryError("bad_filter", given.name, given.op)
        if given.name in declared.days_since:
            if given.op not in _DAYS_OPS or not all(_whole(value) for value in given.values):
                raise QueryError("bad_filter", given.name, given.op)
            return given
        kind = self._model.schema.reach(declared.table, declared.columns[given.name]).type
        if not all(_fits(value, kind) for value in given.values):
            raise QueryError("bad_filter", given.name, given.op)
        return in_codes(self._model, given)

    def _values(self, declared: ListFile, query: ListQuery) -> dict[str, Any]:
        now = Period.of_day(self._clock.today)
        values = bounds(Measure(table=declared.table, count="rows"), now, self._clock) | {"most": query.limit}
        for place, given in enumerate(query.filters):
            if given.name in declared.days_since:
                values |= {f"f{place}_0": self._moment(declared, given)} if given.values else {}
            else:
                values |= bound_filter(given, place)
        return values if self._scope.reps is None else values | {"reps": sorted(self._scope.reps)}

    def _moment(self, declared: ListFile, given: Filter) -> Any:
        """Days as a moment: seven days or more ago is before the end of the day a week ago."""
        days = int(float(str(given.values[0]))) - (1 if given.op in ("at_least", "less_than") else 0)
        day = self._clock.today - timedelta(days=days)
        of = self._model.schema.reach(declared.table, declared.days_since[given.name].of).type
        return midnight(day, self._clock.timezone) if isinstance(of, UtcDateTime) else day

    def _row(self, declared: ListFile, row: Any) -> dict[str, Any]:
        found = row._mapping
        days = {name: self._days(found[f"since_{name}"]) for name in declared.days_since}
        return {declared.key: found["key"], **{name: found[name] for name in declared.columns}, **days}

    def _days(self, value: Any) -> int | None:
        return None if value is None else (self._clock.today - local_day_of(value, self._clock)).days


def _whole(value: object) -> bool:
    """A number of whole days that the calendar can count back."""
    try:
        number = float(str(value))
    except ValueError:
        return False
    return not isinstance(value, bool) and number.is_integer() and abs(number) <= _MOST_DAYS


def _fits(value: object, kind: TypeEngine[Any]) -> bool:
    """Whether a column of this type can be compared with the value."""
    if isinstance(kind, Boolean):
        return isinstance(value, bool)
    if isinstance(kind, UtcDateTime):
        return isinstance(value, datetime) and value.tzinfo is not None
    if isinstance(kind, Date):
        return isinstance(value, date) and not isinstance(value, datetime)
    if isinstance(kind, String):
        return isinstance(value, str) and value.isprintable()
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and isfinite(value)


@dataclass(frozen=True)
class _Shape:
    """All that a list's statement depends on; values are bound at each run."""

    declared: ListFile = field(compare=False)
    id: str
    filters: tuple[tuple[str, str], ...]
    order: Order
    restricted: bool


def _statement(model: Model, shape: _Shape) -> Select[Any]:
    declared = shape.declared
    rows = Rows(model.schema, declared.table)
    columns = {name: rows.column(path) for name, path in declared.columns.items()}
    moments = {name: rows.column(since.of) for name, since in declared.days_since.items()}
    within = existing(rows, declared.existing, Bounds(many=False)) if declared.existing else []
    if shape.restricted:
        owner = model.schema.file(declared.table).owner
        if owner is None:
            raise QueryError("not_your_rows", declared.table)
        within.append(rows.column(owner).in_(bindparam("reps", expanding=True, type_=String())))
    for place, (name, op) in enumerate(shape.filters):
        if name in moments:
            within.append(_days_match(moments[name], declared.days_since[name], op, place))
        else:
            within.append(_matches(model, name, columns[name], op, place))
    key = rows.column(declared.key)
    chosen = [key.label("key"), *(column.label(name) for name, column in columns.items())]
    chosen += [moment.label(f"since_{name}") for name, moment in moments.items()]
    found = select(*chosen, func.count().over().label("total_rows")).select_from(rows.source).where(*within)
    order = _ordered({**columns, **moments}[shape.order.by], declared.days_since.get(shape.order.by), shape.order)
    return found.order_by(order, key).limit(bindparam("most", type_=Integer()))


def _matches(model: Model, name: str, column: ColumnElement[Any], op: str, place: int) -> ColumnElement[bool]:
    """A filter; values of a labelled dimension are names or ids."""
    dimension = model.dimensions.get(name)
    if dimension is None or dimension.labels is None or op not in _LABELLED:
        return matches(column, op, place)
    labels = Rows(model.schema, dimension.labels.table, prefix="named_")
    key, called = labels.column(dimension.labels.key), labels.column(dimension.labels.name)
    either = or_(*(matches(side, "in" if op == "not_in" else op, place) for side in (key, called)))
    found = column.in_(select(key).select_from(labels.source).where(either))
    return ~found if op == "not_in" else found


def _days_match(moment: ColumnElement[Any], since: Since, op: str, place: int) -> ColumnElement[bool]:
    if op in ("known", "unknown"):
        return moment.is_not(None) if op == "known" else moment.is_(None)
    bound = bindparam(f"f{place}_0", type_=moment.type)
    if op in ("at_most", "less_than"):
        return moment >= bound
    older = moment < bound
    return or_(older, moment.is_(None)) if since.never == "long_ago" else older


def _ordered(column: ColumnElement[Any], since: Since | None, order: Order) -> ColumnElement[Any]:
    """Rows without a value last; the longest ago first where days are counted down, never at all before that."""
    if since is None:
        return column.desc().nulls_last() if order.descending else column.asc().nulls_last()
    if not order.descending:
        return column.desc().nulls_last()
    return column.asc().nulls_first() if since.never == "long_ago" else column.asc().nulls_last()
