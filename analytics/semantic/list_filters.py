"""Filters of a list: which values a column can be compared with, and the conditions they become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, String, and_, bindparam, or_, select, true
from sqlalchemy.types import TypeEngine

from analytics.semantic.bounds import midnight
from analytics.semantic.check_query import NUMBER_OF_VALUES, in_codes
from analytics.semantic.faults import QueryError
from analytics.semantic.grid import bound_filter
from analytics.semantic.list_file import ListFile, Since
from analytics.semantic.model import Model
from analytics.semantic.placed import matches
from analytics.semantic.query import Filter
from analytics.semantic.rows import Rows
from analytics.vocabulary import Clock
from analytics.warehouse.types import UtcDateTime

_LABELLED = ("in", "not_in", "contains")
_MOST_DAYS = 100_000
_MOST = 10**15  # beyond what an exact amount holds
_OLDER = {"at_least": 0, "more_than": 1, "between": 0}  # the first value, so many days more
_NEWER = {"at_most": 0, "less_than": -1, "between": 0}  # the last value, so many days less
_FROM = {"at_least": 0, "more_than": 1, "between": 0, "during": 0}  # days after the first value
_TO = {"at_most": 1, "less_than": 0, "between": 1, "during": 0}  # days after the last value
_PLAIN_OPS = ("known", "unknown")


@dataclass(frozen=True)
class ListFilter:
    """The part of a filter its condition depends on. `way`: by value, by local day, or by days since a moment."""

    name: str
    op: str
    way: str


def checked(model: Model, declared: ListFile, given: Filter) -> Filter:
    """The filter with words for codes made codes; QueryError bad_filter for values that the column cannot hold."""
    wanted = 2 if given.op == "during" else NUMBER_OF_VALUES.get(given.op)
    if (wanted is None and not given.values) or (wanted is not None and len(given.values) != wanted):
        raise QueryError("bad_filter", given.name, given.op)
    kind = kind_of(model, declared, given.name)
    way = _way(declared, given, kind)
    if way == "since":
        fits = (given.op in _PLAIN_OPS or given.op in {*_OLDER, *_NEWER}) and all(map(_whole, given.values))
    elif way == "day":
        fits = given.op in {*_FROM, *_TO} and all(map(_day, given.values))
    else:
        fits = given.op != "during" and all(_fits(value, kind) for value in given.values)
    if not fits:
        raise QueryError("bad_filter", given.name, given.op)
    return in_codes(model, given)


def kind_of(model: Model, declared: ListFile, name: str) -> TypeEngine[Any]:
    """The type of a column."""
    return model.schema.reach(declared.table, declared.paths_of(name)[0]).type


def shape_of(model: Model, declared: ListFile, given: Filter) -> ListFilter:
    """What the condition of a checked filter depends on."""
    return ListFilter(given.name, given.op, _way(declared, given, kind_of(model, declared, given.name)))


def _way(declared: ListFile, given: Filter, kind: TypeEngine[Any]) -> str:
    if given.name in declared.days_since:
        return "since"
    days = all(map(_day, given.values)) and given.op in {*_FROM, *_TO}
    return "day" if isinstance(kind, Date | UtcDateTime) and given.values and days else "value"


def bound(model: Model, declared: ListFile, given: Filter, place: int, clock: Clock) -> dict[str, Any]:
    """The values that a checked filter binds."""
    kind = kind_of(model, declared, given.name)
    match _way(declared, given, kind):
        case "since":
            return _bound_since(given, place, clock, kind)
        case "day":
            return _bound_days(given, place, clock, kind)
    return bound_filter(given, place)


def _bound_since(given: Filter, place: int, clock: Clock, kind: TypeEngine[Any]) -> dict[str, Any]:
    """Days as a moment: seven days or more ago is before the end of the day a week ago."""
    found: dict[str, Any] = {}
    if given.op in _OLDER:
        days = int(float(str(given.values[0]))) + _OLDER[given.op]
        found[f"f{place}_to"] = _instant(clock.today - timedelta(days=days - 1), clock, kind)
    if given.op in _NEWER:
        days = int(float(str(given.values[-1]))) + _NEWER[given.op]
        found[f"f{place}_from"] = _instant(clock.today - timedelta(days=days), clock, kind)
    return found


def _bound_days(given: Filter, place: int, clock: Clock, kind: TypeEngine[Any]) -> dict[str, Any]:
    first, last = given.values[0], given.values[-1]
    assert isinstance(first, date)
    assert isinstance(last, date)
    found: dict[str, Any] = {}
    if given.op in _FROM:
        found[f"f{place}_from"] = _instant(first + timedelta(days=_FROM[given.op]), clock, kind)
    if given.op in _TO:
        found[f"f{place}_to"] = _instant(last + timedelta(days=_TO[given.op]), clock, kind)
    return found


def _instant(day: date, clock: Clock, kind: TypeEngine[Any]) -> Any:
    """A day as the column has it: the day, or the moment it begins where the asker is."""
    return midnight(day, clock.timezone) if isinstance(kind, UtcDateTime) else day


def condition(
    model: Model, declared: ListFile, given: ListFilter, column: ColumnElement[Any], place: int
) -> ColumnElement[bool]:
    """A filter on a column."""
    if given.way == "since" and given.op not in _PLAIN_OPS:
        return _since(column, declared.days_since[given.name], given.op, place)
    if given.way == "day":
        return _within(column, given.op in _FROM, given.op in _TO, place)
    dimension = model.dimensions.get(given.name)
    if dimension is None or dimension.labels is None or given.op not in _LABELLED:
        return matches(column, given.op, place)
    labels = Rows(model.schema, dimension.labels.table, prefix="named_")
    key, called = labels.column(dimension.labels.key), labels.column(dimension.labels.name)
    op = "in" if given.op == "not_in" else given.op
    either = or_(*(matches(side, op, place) for side in (key, called)))
    found = column.in_(select(key).select_from(labels.source).where(either))
    return ~found if given.op == "not_in" else found


def _since(moment: ColumnElement[Any], since: Since, op: str, place: int) -> ColumnElement[bool]:
    found = _within(moment, op in _NEWER, op in _OLDER, place)
    return or_(found, moment.is_(None)) if since.long_ago and op not in _NEWER else found


def _within(column: ColumnElement[Any], begins: bool, ends: bool, place: int) -> ColumnElement[bool]:
    """From the beginning to before the end, as far as either is given."""
    first = [column >= bindparam(f"f{place}_from", type_=column.type)] if begins else []
    last = [column < bindparam(f"f{place}_to", type_=column.type)] if ends else []
    return and_(true(), *first, *last)


def _day(value: object) -> bool:
    """A day, not a moment, with days of the calendar before and after it."""
    return isinstance(value, date) and not isinstance(value, datetime) and date.min < value < date.max


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
        return _day(value)
    if isinstance(kind, String):
        return isinstance(value, str) and value.isprintable()
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) < _MOST
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST
