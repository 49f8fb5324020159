"""Runs the statements of several KPIs over several periods and lays what they give in a grid: period x group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from analytics.semantic import calendar
from analytics.semantic.bounds import bounds, local_day_of, midnight
from analytics.semantic.definition import Kpi, Measure
from analytics.semantic.elements import offsets_between
from analytics.semantic.faults import QueryError
from analytics.semantic.forecasts import forecast_parts
from analytics.semantic.formula import Number
from analytics.semantic.funnels import LATER_STEPS, later_steps
from analytics.semantic.model import Model, Part
from analytics.semantic.periods_table import periods_text
from analytics.semantic.present import Present, covers
from analytics.semantic.query import Filter
from analytics.semantic.shape import FilterShape, Shape, family, spans_one_period
from analytics.semantic.spans import Span, spans_of
from analytics.semantic.statements import Statements
from analytics.semantic.values import Aggregated, value_of
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import Reader

Key = tuple[str | None, ...]
_SLACK = timedelta(days=7)  # data that begin on the first Monday of a year still cover the year


@dataclass(frozen=True)
class Valued:
    """A KPI's value for one period and group."""

    value: Number | None
    rows: int
    period: Period
    note: str | None = None


@dataclass(frozen=True)
class Asked:
    """What one run over the grid asks."""

    kpis: tuple[str, ...]
    periods: tuple[Period, ...]
    grain: Grain | None = None
    dimensions: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    uneven: bool = False


Row = dict[Key, Valued]  # the groups of one period
Parts = dict[Key, dict[str, Aggregated]]


class Grid:
    """Computes values; knows nothing of comparisons, order and labels."""

    def __init__(self, model: Model, reader: Reader, clock: Clock, scope: Scope, fiscal_year_start: int) -> None:
        self._model, self._reader, self._clock, self._scope = model, reader, clock, scope
        self._fiscal = fiscal_year_start
        self._present = Present(model, reader)
        self._covered: dict[tuple[str, Period], bool] = {}
        self.statements = Statements(model, reader)

    def start(self) -> None:
        """A new question: kept tables are looked at anew."""
        self.statements.start()
        self._present.start()
        self._covered.clear()

    def missing(self, kpi_id: str) -> tuple[str, ...]:
        """What the company lacks for this KPI."""
        return self._present.missing(kpi_id)

    def values(self, asked: Asked) -> dict[str, list[Row]]:
        """For each KPI and period the groups with their values; without dimensions one group, `()`.

        KPIs that can share statements do.
        """
        today = Period.of_day(self._clock.today)
        spans: dict[str, tuple[Span, ...]] = {}
        for name in asked.kpis:
            definition = self._model.kpi(name)
            as_asked = spans_of(definition, asked.periods, asked.grain, today)
            spans[name] = tuple(self._foreseen(definition, span) for span in as_asked)
        together: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for kpi in asked.kpis:
            together[(spans[kpi], self._filters(self._model.kpi(kpi), asked))].append(kpi)
        found: dict[str, list[Row]] = {}
        for (same_spans, filters), kpis in together.items():
            cells = self._cells(kpis, same_spans, replace(asked, filters=filters))
            for kpi in kpis:
                rows = (self._row(kpi, span, cells[n], asked) for n, span in enumerate(same_spans))
                found[kpi] = list(rows)
        return found

    def _foreseen(self, kpi: Kpi, span: Span) -> Span:
        """A period for which a model the KPI reads had predicted nothing yet needs no statement."""
        measures = (part.measure for part in self._model.parts(kpi.id))
        if span.computed is None or all(self._views_cover(measure, span.computed) for measure in measures):
            return span
        return Span(span.asked, None, "outside_data")

    def total(self, kpi_id: str, period: Period, filters: tuple[Filter, ...] = ()) -> Valued:
        """The KPI's one value for a period."""
        return self.values(Asked((kpi_id,), (period,), filters=filters))[kpi_id][0][()]

    def parts(self, asked: Asked) -> list[Parts]:
        """For each period and group the parts of the first KPI, and of the others for the same days.

        A period the first KPI does not exist for is empty. With `Asked.uneven` also how unevenly amounts lie.
        """
        kpi, today = self._model.kpi(asked.kpis[0]), Period.of_day(self._clock.today)
        spans = tuple(self._foreseen(kpi, span) for span in spans_of(kpi, asked.periods, asked.grain, today))
        return self._cells(list(asked.kpis), spans, replace(asked, filters=self._filters(kpi, asked)))

    def _filters(self, kpi: Kpi, asked: Asked) -> tuple[Filter, ...]:
        """With what the KPI is narrowed to where the question names no such dimension (the funnel's key stage)."""
        named = {*asked.dimensions, *(given.name for given in asked.filters)}
        usual = (Filter(name, "in", (value,)) for name, value in kpi.without.items() if name not in named)
        return (*asked.filters, *usual)

    # --- statements

    def _cells(self, kpis: list[str], spans: tuple[Span, ...], asked: Asked) -> list[Parts]:
        """What the statements gave: for each period, group and part."""
        cells: list[Parts] = [{} for _ in spans]
        parts = dict.fromkeys(part for kpi in kpis for part in self._model.parts(kpi))
        if asked.uneven:
            parts |= dict.fromkeys(uneven for part in parts if (uneven := part.unevenness) is not None)
        families: dict[tuple[object, ...], list[Part]] = defaultdict(list)
        absent: dict[tuple[object, ...], str] = {}
        for part in parts:
            if part.measure.forecast is not None:
                self._forecast(part, spans, cells)
            else:
                families[self._family(part, absent)].append(part)
        for members in families.values():
            self._run(_without_twins(members), members, spans, asked, cells)
        return cells

    def _family(self, part: Part, absent: dict[tuple[object, ...], str]) -> tuple[object, ...]:
        """A family holds one other window at most: its bounds have one name."""
        key = family(self._model, part.measure)
        if part.measure.absent is None:
            return key
        other = repr(part.measure.absent)
        return key if absent.setdefault(key, other) == other else (*key, other)

    def _run(
        self, distinct: tuple[Part, ...], members: list[Part], spans: tuple[Span, ...], asked: Asked, cells: list[Parts]
    ) -> None:
        computed = {n: span.computed for n, span in enumerate(spans) if span.computed is not None}
        if not computed:
            return
        shape = self._shape(distinct, asked, computed)
        places = {part: _twin(part, distinct) for part in members}
        if (
            asked.grain is not None
            and not spans_one_period(self._model, shape)
            and self._in_line(computed, asked.grain)
        ):
            whole = Period(computed[min(computed)].start, computed[max(computed)].end)
            by_start = {calendar.start_of(span.start, asked.grain, self._fiscal): n for n, span in computed.items()}
            for row in self._rows(replace(shape, grain=asked.grain), whole, asked):
                _keep(cells[by_start[row.bucket]], row, len(asked.dimensions), places)
            return
        if len(computed) == 1 or shape.first.funnel is not None:
            for n, period in computed.items():
                for row in self._rows(shape, period, asked):
                    _keep(cells[n], row, len(asked.dimensions), places)
            return
        for row in self._rows_of_many(replace(shape, many=True), computed, asked):
            _keep(cells[row.place], row, len(asked.dimensions), places)

    def _shape(self, parts: tuple[Part, ...], asked: Asked, computed: Mapping[int, Period]) -> Shape:
        first, last = min(p.start for p in computed.values()), max(p.end for p in computed.values())
        return Shape(
            parts=parts,
            dimensions=asked.dimensions,
            filters=tuple(FilterShape(given.name, given.op, len(given.values) == 1) for given in asked.filters),
            grain=None,
            offsets=offsets_between(first, last, self._clock.timezone),
            fiscal_year_start=self._fiscal,
            restricted=self._scope.reps is not None,
            by_team=self._scope.by_team,
        )

    def _rows(self, shape: Shape, period: Period, asked: Asked) -> Iterator[Any]:
        values = {**bounds(shape.bounding, period, self._clock), **self._constant_values(asked)}
        if shape.first.funnel is not None:
            values |= self._later_steps(shape.first, asked)
        yield from self.statements.rows_of(shape, values)

    def _rows_of_many(self, shape: Shape, computed: Mapping[int, Period], asked: Asked) -> Iterator[Any]:
        """One statement for periods that do not line up, or whose figures depend on where each ends."""
        each = {n: bounds(shape.bounding, period, self._clock) for n, period in computed.items()}
        values = {"periods": periods_text(each), **next(iter(each.values())), **self._constant_values(asked)}
        yield from self.statements.rows_of(shape, values)

    def _later_steps(self, measure: Measure, asked: Asked) -> dict[str, Any]:
        assert measure.funnel is not None
        steps = (given for given in asked.filters if self._model.path(measure, given.name) == measure.funnel.step)
        named = [given.values for given in steps if given.op == "in"]
        return {LATER_STEPS: later_steps(measure.funnel, named[0])} if named else {}

    def _constant_values(self, asked: Asked) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for place, given in enumerate(asked.filters):
            values |= bound_filter(given, place)
        if self._scope.reps is not None:
            values |= {"reps": sorted(self._scope.reps), "teams": sorted(self._scope.teams)}
        return values

    def _in_line(self, computed: Mapping[int, Period], grain: Grain) -> bool:
        """Whether the periods are units of the grain, one after the other without a gap."""
        periods = list(computed.values())
        starts = [calendar.start_of(period.start, grain, self._fiscal) for period in periods]
        whole = all(start == period.start for start, period in zip(starts[1:], periods[1:], strict=True))
        touching = all(one.end == two.start for one, two in pairwise(periods))
        return whole and touching and len(set(starts)) == len(starts)

    def _forecast(self, part: Part, spans: tuple[Span, ...], cells: list[Parts]) -> None:
        given = part.measure.forecast
        assert given is not None
        if self._scope.reps is not None:
            raise QueryError("not_your_rows", part.measure.table)
        for n, span in enumerate(spans):
            if span.computed is not None:
                found = forecast_parts(
                    given, span.computed, self._clock, self.statements, lambda month: self.total(given.kpi, month).value
                )
                if found.rows:
                    cells[n].setdefault((), {})[part.name] = found

    # --- values

    def _row(self, kpi_id: str, span: Span, cells: Parts, asked: Asked) -> Row:
        kpi = self._model.kpi(kpi_id)
        if span.computed is None:
            return {} if asked.dimensions else {(): Valued(None, 0, span.asked, span.note)}
        names = {part.name for part in self._model.parts(kpi_id)}
        own = {key: cell for key, cell in cells.items() if not names.isdisjoint(cell)}
        if not asked.dimensions:
            own = own or {(): {}}
        return {key: self._valued(kpi, span.computed, cell) for key, cell in own.items()}

    def _valued(self, kpi: Kpi, period: Period, cell: Mapping[str, Aggregated]) -> Valued:
        covered = {part.name: self._is_covered(part, period) for part in self._model.parts(kpi.id)}
        value, rows = value_of(self._model, kpi, cell, covered.__getitem__)
        if value is None:
            note = "outside_data" if not all(covered.values()) else ("no_rows" if rows == 0 else "not_defined")
            return Valued(None, rows, period, note)
        return Valued(value, rows, period, self._warning(kpi, period))

    def _is_covered(self, part: Part, period: Period) -> bool:
        known = self._covered.get((part.name, period))
        if known is None:
            known = self._covered[part.name, period] = self._covers(part.measure, period)
        return known

    def _covers(self, measure: Measure, period: Period) -> bool:
        path = measure.state.begins if measure.state else self._model.time_of(measure)
        if measure.forecast is not None or "." in path or (measure.state and measure.state.from_unknown):
            return True
        held = self._reach_of(measure, path)
        given = bounds(measure, period, self._clock)
        starts_at, starts = given["from_at"], given["from_day"]
        if measure.state is not None:  # what was there before the period is still there
            return held[0] is not None and local_day_of(held[0], self._clock) < given["to_day"]
        return covers(held, starts, given["to_day"], starts_at, given["to_at"], self._reader.as_of)

    def _reach_of(self, measure: Measure, path: str) -> tuple[Any, Any]:
        """From when to when a measure's rows are known: a table begins with its rows, not with their first outcome."""
        first, last = self._present.range_of(measure.table, path)
        usual = self._model.schema.file(measure.table).time
        if usual in (None, path) or first is None:
            return first, last
        begun, _ = self._present.range_of(measure.table, usual or "")
        earlier = begun is not None and local_day_of(begun, self._clock) < local_day_of(first, self._clock)
        return (self._as_kind(begun, first) if earlier else first), last

    def _as_kind(self, value: Any, like: Any) -> Any:
        """A date as the moment it begins where moments are compared, and the other way round."""
        if isinstance(like, datetime) and not isinstance(value, datetime):
            return midnight(value, self._clock.timezone)
        return (
            local_day_of(value, self._clock)
            if isinstance(value, datetime) and not isinstance(like, datetime)
            else value
        )

    def _views_cover(self, measure: Measure, period: Period) -> bool:
        """Whether models had predicted anything by then for what the measure reads."""
        schema = self._model.schema
        paths = [*measure.where, *([measure.operand] if isinstance(measure.operand, str) else [])]
        views = {view for path in paths for view in schema.tables_on(measure.table, path) if schema.file(view).latest}
        if not views:
            return True
        until = bounds(measure, period, self._clock)["until"]
        firsts = [self._present.first_of_view(view) for view in views]
        return all(first is not None and first <= until for first in firsts)

    def _warning(self, kpi: Kpi, period: Period) -> str | None:
        """What to know of a value: follow-up time still running, or data that begin inside the period."""
        for part in self._model.parts(kpi.id):
            linked = part.measure.exists
            if linked and linked.after and (self._clock.today - period.end).days < linked.after.days:
                return "still_running"
        for part in self._model.parts(kpi.id):
            measure = part.measure
            path = self._model.time_of(measure)
            if measure.state or measure.window or measure.forecast or "." in path:
                continue
            first = self._present.range_of(measure.table, path)[0]
            if first is not None and local_day_of(first, self._clock) > period.start + _SLACK:
                return "partly_covered"
        return None


def _without_twins(parts: list[Part]) -> tuple[Part, ...]:
    """Parts that measure the same are computed once."""
    return tuple({(repr(part.measure), part.uneven): part for part in reversed(parts)}.values())[::-1]


def _twin(part: Part, distinct: tuple[Part, ...]) -> int:
    same = (repr(part.measure), part.uneven)
    return next(n for n, other in enumerate(distinct) if (repr(other.measure), other.uneven) == same)


def _keep(cell: Parts, row: Any, dimensions: int, places: Mapping[Part, int]) -> None:
    key = tuple(None if row[n] is None else str(row[n]) for n in range(dimensions))
    found = row._mapping
    parts = cell.setdefault(key, {})
    for part, place in places.items():
        parts[part.name] = Aggregated(found[f"m{place}"], int(found[f"n{place}"] or 0))


def bound_filter(given: Filter, place: int) -> dict[str, Any]:
    """The values a filter binds."""
    if given.op in ("in", "not_in"):
        return {f"f{place}": list(given.values)}
    if given.op == "contains":
        escaped = str(given.values[0]).lower()
        for special in ("!", "%", "_"):
            escaped = escaped.replace(special, f"!{special}")
        return {f"f{place}_0": f"%{escaped}%"}
    return {f"f{place}_{n}": value for n, value in enumerate(given.values)}
