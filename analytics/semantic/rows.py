"""The rows a statement reads: a table and the many-to-one joins its paths need, each joined once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from analytics.semantic.definition import Condition, Join, Latest, Operand, Where
from analytics.semantic.elements import SecondsBetween, follows
from analytics.semantic.periods_table import Bounds
from analytics.semantic.schema import Schema
from analytics.warehouse.types import Money


class Rows:
    """A table with what is joined to it. `on_day` is the local day for which interval joins are looked up.

    `prefix` keeps the names of a statement inside another one apart from those outside.
    """

    def __init__(
        self,
        schema: Schema,
        table: str,
        *,
        prefix: str = "",
        rows: FromClause | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self._schema, self._name, self._prefix = schema, table, prefix
        self._bounds = bounds or Bounds(many=False)
        base = schema.declared(table).alias(f"{prefix}{table}") if rows is None else rows
        self._joined: dict[tuple[str, ...], tuple[str, FromClause]] = {(): (table, base)}
        self.source: FromClause = self._bounds.beside(base)
        self.on_day: ColumnElement[Any] | None = None

    def column(self, path: str) -> ColumnElement[Any]:
        """The column at the end of a path; joins what is not joined yet."""
        *steps, name = path.split(".")
        _, rows = self._reach(tuple(steps))
        column: ColumnElement[Any] = rows.c[name]
        return column

    def has(self, column: str) -> bool:
        """Whether the rows themselves carry a column, declared or worked out."""
        return column in self._joined[()][1].c

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """All columns of the table itself."""
        return list(self._joined[()][1].c)

    def _reach(self, steps: tuple[str, ...]) -> tuple[str, FromClause]:
        if steps not in self._joined:
            table, rows = self._reach(steps[:-1])
            join = self._schema.join(table, steps[-1])
            other = self._other(join, f"{self._prefix}to_{'_'.join(steps)}")
            condition = and_(*(rows.c[here] == other.c[there] for here, there in join.on.items()))
            if join.during is not None:
                if self.on_day is None:
                    raise LookupError(f"{self._name}: no day to look up {steps[-1]} for")
                begins, ends = other.c[join.during.begins], other.c["valid_until"]
                begun, not_ended = or_(begins.is_(None), begins <= self.on_day), or_(ends.is_(None), self.on_day < ends)
                condition = and_(condition, begun, not_ended)
            if "period_place" in other.c:
                condition = and_(condition, other.c["period_place"] == self._bounds.place)
            self.source = self.source.outerjoin(other, condition)
            self._joined[steps] = (join.to, other)
        return self._joined[steps]

    def _other(self, join: Join, alias: str) -> FromClause:
        latest = self._schema.file(join.to).latest
        if latest is not None:
            return self._latest(join.to, latest, alias)
        declared = self._schema.declared(join.to)
        if join.during is None:
            return declared.alias(alias)
        return _without_overlap(declared, join, alias)

    def _latest(self, view: str, latest: Latest, alias: str) -> Subquery:
        """The newest row per subject that was known by `until`; its ranks are over these newest rows only."""
        bounds = self._bounds if latest.known_by == "period_end" else Bounds(many=False)
        kept = Rows(self._schema, latest.of, prefix="kept_", bounds=bounds)
        at = kept.column(latest.at)
        known = at <= bounds["until" if latest.known_by == "period_end" else "now"]
        places = [bounds.place.label("period_place")] if bounds.place is not None else []
        subject = [kept.column(latest.by), *places]
        newest_first = [at.desc(), *(kept.column(name).desc() for name in latest.then)]
        order = func.row_number().over(partition_by=subject, order_by=newest_first).label("newest")
        found = select(*kept.columns, *places, order).select_from(kept.source)
        ordered = found.where(*conditions(kept, latest.where), known).subquery()
        columns = [column for column in ordered.c if column.key != "newest"]
        within = [ordered.c.period_place] if places else None
        ranks = [
            func.cume_dist().over(partition_by=within, order_by=ordered.c[column]).label(name)
            for name, column in self._schema.file(view).ranks.items()
        ]
        return select(*columns, *ranks).where(ordered.c.newest == 1).subquery(alias)


def _without_overlap(declared: FromClause, join: Join, alias: str) -> Subquery:
    """Each row valid until its own end or the next one's start, whichever is first: at most one row holds on a day."""
    during = join.during
    assert during is not None
    begins, ends = declared.c[during.begins], declared.c[during.ends]
    subject = [declared.c[column] for column in join.on.values()]
    following = (
        func.lead(begins)
        .over(partition_by=subject, order_by=[begins.nulls_first(), ends.nulls_last()])
        .label("following_row")
    )
    ordered = select(*declared.c, following).subquery()
    own_end, next_start = ordered.c[during.ends], ordered.c.following_row
    until = case((or_(next_start.is_(None), own_end <= next_start), own_end), else_=next_start)
    kept = [column for column in ordered.c if column.key != "following_row"]
    return select(*kept, until.label("valid_until")).subquery(alias)


def conditions(rows: Rows, where: Where) -> list[ColumnElement[bool]]:
    """Each condition of a `where` as SQL; unknown values never match."""
    return [_condition(rows, path, condition) for path, condition in where.items()]


def _condition(rows: Rows, path: str, condition: Condition) -> ColumnElement[bool]:
    column = rows.column(path)
    found: list[ColumnElement[bool]] = []
    if condition.one_of is not None:
        found.append(column == condition.one_of[0] if len(condition.one_of) == 1 else column.in_(condition.one_of))
    if condition.excludes is not None:
        found.append(column.not_in(condition.excludes))
    if condition.known:
        found.append(column.is_not(None))
    for bound, compared in (
        (condition.at_least, column.__ge__),
        (condition.at_most, column.__le__),
        (condition.less_than, column.__lt__),
        (condition.more_than, column.__gt__),
    ):
        if bound is not None:
            found.append(compared(rows.column(bound) if isinstance(bound, str) else bound))
    if condition.within_days is not None and condition.of is not None:
        found.append(follows(rows.column(condition.of), column, condition.within_days))
    return and_(*found)


def operand(rows: Rows, given: str | Operand) -> ColumnElement[Any]:
    """What is summed or averaged."""
    if isinstance(given, str):
        return rows.column(given)
    first, second = (rows.column(path) for path in given.paths)
    if given.minus is not None:
        return type_coerce(first - second, first.type)
    return SecondsBetween(first, second) / literal(3600.0 if given.hours_between is not None else 86_400.0)


def together(columns: list[ColumnElement[Any]]) -> ColumnElement[Any]:
    """Several columns as one value, for counting distinct combinations."""
    joined, *others = columns
    for other in others:
        joined = joined + literal("\x1f") + other
    return joined


def sum_of(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A sum that keeps money money."""
    total = func.sum(value)
    return total if not isinstance(value.type, Money) else func.sum(value, type_=value.type)
