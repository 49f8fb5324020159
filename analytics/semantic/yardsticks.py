"""Targets and baselines: what a figure of a period and a part of the organisation is measured against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, Table, bindparam, select

from analytics.semantic.calendar import unit
from analytics.semantic.definition import Kpi
from analytics.semantic.formula import Number
from analytics.semantic.statements import Statements
from analytics.vocabulary import Grain, Period
from analytics.warehouse import Reader
from analytics.warehouse.tables import baselines, targets

_KINDS = tuple(str(grain) for grain in Grain)
Reference = Callable[[Period], Number | None]


@dataclass(frozen=True)
class Holder:
    """Whose yardstick: the company (`key` empty), or one region, team or rep."""

    kind: str
    key: str = ""


@dataclass(frozen=True)
class Baseline:
    """A stored baseline: its value, the period it was taken from, and when, why and by whom it was recorded."""

    kpi: str
    holder: Holder
    period: Period
    value: float
    recorded_at: datetime
    note: str | None = None
    recorded_by: str | None = None


def _of_kpi(table: Table) -> Select[Any]:
    return select(*table.c).where(table.c.kpi == bindparam("kpi", type_=String())).order_by(table.c.period_start)


_TARGETS, _BASELINES = _of_kpi(targets), _of_kpi(baselines)
_STATE_OF = ("targets", "baselines")


class Yardsticks:
    """Looked up at each question, unless the database can tell that nobody changed them."""

    def __init__(self, statements: Statements, reader: Reader, fiscal_year_start: int) -> None:
        self._statements, self._reader, self._fiscal = statements, reader, fiscal_year_start
        self._read: dict[tuple[str, str], list[Any]] = {}
        self._placed: dict[tuple[str, Holder], list[tuple[Period, Any]]] = {}
        self._references: dict[tuple[str, date, str, Holder], Number | None] = {}

    def start(self) -> None:
        """A new question reads them anew."""
        self._references.clear()
        self._placed.clear()
        state = self._reader.kept_state(*_STATE_OF)
        known, rows = self._reader.remembered.get("yardsticks", (None, {}))
        self._read = rows if state is not None and state == known else {}
        self._reader.remembered["yardsticks"] = (state, self._read)

    def _rows(self, statement: Select[Any], name: str, kpi: Kpi) -> list[Any]:
        if (name, kpi.id) not in self._read:
            self._read[name, kpi.id] = self._statements.rows(statement, {"kpi": kpi.id})
        return self._read[name, kpi.id]

    def target(self, kpi: Kpi, period: Period, holder: Holder, reference: Reference) -> Number | None:
        """The target for exactly this period; for a level also that of a longer period around it.

        A target of basis `change` is the value of its reference period, which `reference` computes, plus that share.
        """
        place = (kpi.id, holder)
        if place not in self._placed:
            rows = self._rows(_TARGETS, "targets", kpi)
            self._placed[place] = self._in_periods([row for row in rows if _held_by(row, holder)])
        found = _fitting(self._placed[place], kpi, period)
        if found is None:
            return None
        if found.basis != "change":
            return float(found.value)
        if found.reference_start is None:
            return None
        was_then = (kpi.id, found.reference_start, found.period_kind, holder)
        if was_then not in self._references:
            self._references[was_then] = reference(self._unit(found.reference_start, found.period_kind))
        was = self._references[was_then]
        return None if was is None else float(was) * (1 + found.value)

    def baseline(self, kpi: Kpi, period: Period, holder: Holder, now: datetime) -> Baseline | None:
        """The stored baseline that was recorded last; of no period in particular where none fits the period."""
        rows = self._rows(_BASELINES, "baselines", kpi)
        known = self._in_periods([row for row in rows if _held_by(row, holder) and row.recorded_at <= now])
        known.sort(key=lambda held: held[1].recorded_at)
        same_rhythm = [row for _, row in known if row.period_kind == period.grain]
        found = _fitting(known, kpi, period) or (same_rhythm[-1] if same_rhythm else None)
        if found is None:
            return None
        taken = self._unit(found.period_start, found.period_kind)
        return Baseline(kpi.id, holder, taken, float(found.value), found.recorded_at, found.note, found.recorded_by)

    def _in_periods(self, rows: Sequence[Any]) -> list[tuple[Period, Any]]:
        """The rows that can be used, each with the period it holds for."""
        usable = (row for row in rows if row.period_kind in _KINDS and None not in (row.value, row.period_start))
        return [(self._unit(row.period_start, row.period_kind), row) for row in usable]

    def _unit(self, start: date, kind: str) -> Period:
        return unit(start, Grain(kind), self._fiscal)


def _held_by(row: Any, holder: Holder) -> bool:
    return bool(row.scope_kind == holder.kind and (holder.kind == "company" or row.scope_id == holder.key))


def _fitting(held: Sequence[tuple[Period, Any]], kpi: Kpi, period: Period) -> Any:
    """The row of this very period, else (where any length has one level) the shortest one around it."""
    level = not (kpi.additive.over_time or kpi.depends_on_length)
    around: list[tuple[int, Any]] = []
    for own, row in held:
        one = period.grain == row.period_kind and period.count == 1
        if own.start == period.start and (own.end == period.end or one):
            around.append((-1, row))
        elif level and own.start <= period.start and period.end <= own.end:
            around.append(((own.end - own.start).days, row))
    shortest = min((days for days, _ in around), default=None)
    return next((row for days, row in reversed(around) if days == shortest), None)
