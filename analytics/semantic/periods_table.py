"""Many periods in one statement: their bounds as a little table made of one bound text.

The statement's text does not depend on how many periods there are, and one parameter carries them all. Each row is
a text of fixed columns, cut by `substr`, which every database has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, FromClause, Integer, String, bindparam, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from analytics.warehouse.types import UtcDateTime

_MOMENTS = ("from_at", "to_at", "absent_from_at", "absent_to_at", "until")
_DAYS = ("from_day", "to_day", "absent_from_day", "absent_to_day", "last_day")
_PLACE, _MOMENT, _DAY = 6, 26, 10
_NOTHING = datetime(1, 1, 1, tzinfo=UTC)


class _Texts(FunctionElement[str]):
    """The parts of a text between semicolons, one a row, in a column `value`."""

    type = String()
    inherit_cache = True


@compiles(_Texts)
def _texts(element: _Texts, compiler: Any, **how: Any) -> str:
    given = compiler.process(next(iter(element.clauses)), **how)
    return f"(SELECT unnest(string_to_array({given}, ';')) AS value)"


@compiles(_Texts, "sqlite")
def _texts_sqlite(element: _Texts, compiler: Any, **how: Any) -> str:
    given = compiler.process(next(iter(element.clauses)), **how)
    return f"""json_each('["' || replace({given}, ';', '","') || '"]')"""


class _Cut(FunctionElement[Any]):
    """A text as a moment or a day; SQLite keeps both as texts."""

    inherit_cache = True

    def __init__(self, text: ColumnElement[str], kind: TypeEngine[Any]) -> None:
        self.type = kind
        super().__init__(text)


@compiles(_Cut)
def _cut(element: _Cut, compiler: Any, **how: Any) -> str:
    kind = "DATE" if isinstance(element.type, Date) else "TIMESTAMP"
    return f"CAST({compiler.process(next(iter(element.clauses)), **how)} AS {kind})"


@compiles(_Cut, "sqlite")
def _cut_sqlite(element: _Cut, compiler: Any, **how: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **how))


class Bounds:
    """Where a statement takes its bounds from: parameters for one period, or a row of periods for many."""

    def __init__(self, *, many: bool) -> None:
        self.periods: CTE | None = _periods() if many else None

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        """A bound by name: `from_at`, `to_day`, `until` ... and `now`, `seen_at`, `seen_day`, which are the clock's."""
        if self.periods is not None and name in self.periods.c:
            return self.periods.c[name]
        return bindparam(name, type_=Date() if name.endswith("day") else UtcDateTime())

    def beside(self, rows: FromClause) -> FromClause:
        """`rows` next to each of the periods."""
        return rows if self.periods is None else rows.join(self.periods, self.periods.c.place >= 0)

    @property
    def place(self) -> ColumnElement[int] | None:
        """Which of the periods a row is for."""
        return None if self.periods is None else self.periods.c.place


def _periods() -> CTE:
    rows = _Texts(bindparam("periods", type_=String())).table_valued("value", name="period_texts")
    text = rows.c.value
    columns: list[ColumnElement[Any]] = [cast(func.substr(text, 1, _PLACE), Integer).label("place")]
    position = _PLACE + 1
    for names, width, kind in ((_MOMENTS, _MOMENT, UtcDateTime()), (_DAYS, _DAY, Date())):
        for name in names:
            columns.append(_Cut(func.substr(text, position, width), kind).label(name))
            position += width
    return select(*columns).select_from(rows).cte("periods")


def periods_text(bounds: Mapping[int, Mapping[str, Any]]) -> str:
    """The bound value of `periods`: by place, each period's bounds."""
    return ";".join(_line(place, values) for place, values in bounds.items())


def _line(place: int, values: Mapping[str, Any]) -> str:
    moments = (_moment(values.get(name, _NOTHING)) for name in _MOMENTS)
    days: Sequence[str] = [_day(values.get(name, _NOTHING.date())) for name in _DAYS]
    return f"{place:0{_PLACE}d}" + "".join(moments) + "".join(days)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _day(value: date) -> str:
    return value.isoformat()
