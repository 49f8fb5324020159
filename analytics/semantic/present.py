"""What a warehouse has of what a KPI needs: which tables and columns are filled, and which days they cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, select

from analytics.semantic.definition import Measure, Operand
from analytics.semantic.model import Model
from analytics.semantic.rows import Rows, conditions
from analytics.warehouse import Reader

Range = tuple[Any, Any]


class Present:
    """Looks once per version and remembers; kept tables are looked at each time, since they change without a load."""

    def __init__(self, model: Model, reader: Reader) -> None:
        self._model, self._reader = model, reader
        self._seen: dict[str, datetime | None] = {}
        self._known: dict[tuple[str, str], Any] = reader.remembered.setdefault("present", {})

    def missing(self, kpi_id: str) -> tuple[str, ...]:
        """Tables (`orders`), columns (`leads.created_at`) or models (`predictions of clv`) the KPI lacks here."""
        lacking: list[str] = []
        for part in self._model.parts(kpi_id):
            lacking += self._of_measure(part.measure)
        return tuple(dict.fromkeys(lacking))

    def _of_measure(self, measure: Measure) -> list[str]:
        model = self._model
        if measure.forecast is not None:
            own = [] if self._has_rows("forecasts") else ["forecasts"]
            return own + list(self.missing(measure.forecast.kpi))
        paths = [*measure.distinct] if measure.distinct else []
        given = measure.operand
        paths += list(given.paths) if isinstance(given, Operand) else [given] if given else []
        paths += [] if measure.state else [model.time_of(measure)]
        paths += [measure.state.begins] if measure.state and not measure.state.from_unknown else []
        paths += list(measure.where)
        others = [measure.exists.table] if measure.exists else []
        return list(self.of_paths(measure.table, paths, others))

    def of_paths(self, table: str, paths: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
        """The tables that have no rows among a table, those its paths read and `others`; else the empty columns."""
        paths = tuple(dict.fromkeys(paths))
        read = [table, *(name for path in paths for name in self._model.schema.tables_on(table, path)), *others]
        lacking = [self._called(name) for name in dict.fromkeys(read) if not self._has_rows(name)]
        if lacking:
            return tuple(lacking)
        ends = filter(None, (self._end_of(table, path) for path in paths))
        return tuple(f"{name}.{column}" for name, column in ends if not self._has_value(name, column))

    def _end_of(self, table: str, path: str) -> tuple[str, str] | None:
        """The table and column where a path ends; None for what a model predicted, which has checks of its own."""
        *steps, column = path.split(".")
        for step in steps:
            table = self._model.schema.join(table, step).to
        return None if self._model.schema.file(table).latest is not None else (table, column)

    def _called(self, table: str) -> str:
        latest = self._model.schema.file(table).latest
        if latest is None:
            return table
        models = latest.where.get("model_id")
        return f"{latest.of} of {models.one_of[0]}" if models and models.one_of else latest.of

    def _has_rows(self, table: str) -> bool:
        return bool(self._remembered(("rows", table), table, lambda: self._any(table, None)))

    def _has_value(self, table: str, column: str) -> bool:
        return bool(self._remembered((f"value {column}", table), table, lambda: self._any(table, column)))

    def _any(self, table: str, column: str | None) -> bool:
        latest = self._model.schema.file(table).latest
        rows = Rows(self._model.schema, latest.of if latest else table)
        found = select(literal(1)).select_from(rows.source).limit(1)
        if latest is not None:
            found = found.where(*conditions(rows, latest.where))
        if column is not None:
            found = found.where(rows.column(column).is_not(None))
        return bool(self._reader.rows(found))

    def range_of(self, table: str, path: str) -> Range:
        """The first and last date or moment in a column; (None, None) where it has none."""

        def look() -> Range:
            rows = Rows(self._model.schema, table)
            time = rows.column(path)
            ends = select(func.min(time, type_=time.type), func.max(time, type_=time.type)).select_from(rows.source)
            found: list[Any] = list(self._reader.rows(ends)[0])
            return found[0], found[1]

        found: Range = self._remembered((f"range {path}", table), table, look)
        return found

    def start(self) -> None:
        """Forget what was seen of kept tables: a new question sees them as they are then."""
        self._seen.clear()

    def first_of_view(self, view: str) -> datetime | None:
        """When the first row of a view's subject matter was written."""
        if view not in self._seen:
            self._seen[view] = self._look_for_first(view)
        return self._seen[view]

    def _look_for_first(self, view: str) -> datetime | None:
        latest = self._model.schema.file(view).latest
        assert latest is not None
        rows = Rows(self._model.schema, latest.of)
        at = rows.column(latest.at)
        first = select(func.min(at, type_=at.type)).select_from(rows.source).where(*conditions(rows, latest.where))
        found: datetime | None = self._reader.rows(first)[0][0]
        return found

    def _remembered(self, what: tuple[str, str], table: str, look: Any) -> Any:
        declared = self._model.schema.table(table)
        if declared is None or declared.schema == "kept":
            return look() if declared is not None else None
        if what not in self._known:
            self._known[what] = look()
        return self._known[what]


def covers(
    held: Range, starts: date, ends: date, starts_at: datetime, ends_at: datetime, as_of: datetime | None
) -> bool:
    """Whether data that reach from held[0] to held[1], or to `as_of` where that is later, touch [starts, ends).

    `ends` is never later than the clock: what is to come has no data.
    """
    if ends <= starts or ends_at <= starts_at:
        return False
    first, last = held
    if first is None:
        return False
    if isinstance(first, datetime):
        return bool(first < ends_at and max(last, as_of or last) >= starts_at)
    reach = max(last, as_of.date()) if as_of else last
    return bool(first < ends and reach >= starts)
