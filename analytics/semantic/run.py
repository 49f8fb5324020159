"""SemanticQuery -> figures: computed, compared, ordered, shared out and labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from analytics.organisation import Company
from analytics.semantic import calendar, compare
from analytics.semantic.check_query import check_query
from analytics.semantic.faults import QueryError
from analytics.semantic.formula import Number
from analytics.semantic.grid import Asked, Grid, Key, Valued
from analytics.semantic.grid import Row as Groups
from analytics.semantic.holidays import read_calendar
from analytics.semantic.labels import Labels
from analytics.semantic.model import Model
from analytics.semantic.query import Comparison, Filter, SemanticQuery
from analytics.semantic.usual import usual_period
from analytics.semantic.values import Aggregated
from analytics.semantic.yardsticks import Baseline, Holder, Yardsticks
from analytics.vocabulary import Clock, Compared, Figure, Period, Provenance, Scope, Unit
from analytics.warehouse import Reader

_HOLDERS = ("team", "region", "rep")
MOST_POINTS = 800  # of a trend: two years of days


@dataclass(frozen=True)
class Outcome:
    """The figures in order; for KPIs this company cannot have, what they lack; how many groups the limit cut off."""

    figures: tuple[Figure, ...]
    missing: Mapping[str, tuple[str, ...]]
    provenance: Provenance
    cut: int = 0

    def of(self, kpi_id: str) -> tuple[Figure, ...]:
        """The figures of one KPI."""
        return tuple(figure for figure in self.figures if figure.name == kpi_id)


class Semantics:
    """Computes KPIs over one pinned version of the data, for one asker's scope, as of one clock."""

    def __init__(self, model: Model, reader: Reader, clock: Clock, scope: Scope, company: Company) -> None:
        self.model, self.clock, self.scope, self.company = model, clock, scope, company
        self.reader = reader
        self._grid = Grid(model, reader, clock, scope, company.fiscal_year_start)
        self._labels = Labels(model, reader)
        self._yardsticks = Yardsticks(self._grid.statements, reader, company.fiscal_year_start)

    def missing(self, kpi_id: str) -> tuple[str, ...]:
        """What the company lacks for this KPI: tables, `table.column`, or models that have predicted nothing."""
        return self._grid.missing(kpi_id)

    def usual_period(self, kpi_id: str) -> Period:
        """What a question without a period means: the last complete unit of the KPI's rhythm, old enough for it."""
        return usual_period(self.model.kpi(kpi_id), self.clock.today, self.company.fiscal_year_start)

    def run(self, query: SemanticQuery) -> Outcome:
        """Compute. Raises QueryError where the query asks for what its KPIs do not allow or what takes too long."""
        query = check_query(self.model, query)
        self._grid.start()
        self._yardsticks.start()
        missing = {kpi: lacking for kpi in query.kpis if (lacking := self.missing(kpi))}
        there = tuple(kpi for kpi in query.kpis if kpi not in missing)
        figures, cut = self._figures(query, there) if there else ([], 0)
        provenance = Provenance(self._grid.statements.ran(), self.reader.version, self.reader.as_of)
        figures += [Figure(kpi, None, self.model.kpi(kpi).unit, query.period, note="needs_tables") for kpi in missing]
        return Outcome(tuple(replace(figure, provenance=provenance) for figure in figures), missing, provenance, cut)

    def side_by_side(
        self, kpis: tuple[str, ...], periods: tuple[Period, ...], filters: tuple[Filter, ...] = ()
    ) -> dict[str, tuple[Figure, ...]]:
        """KPIs over several periods that need not line up, in as few statements as one period takes.

        Of each KPI a figure a period, in their order, without targets. QueryError as `run` raises it.
        """
        query = check_query(self.model, SemanticQuery(kpis, periods[0], filters=filters))
        self._grid.start()
        self._yardsticks.start()
        there = tuple(kpi for kpi in kpis if not self.missing(kpi))
        values = self._grid.values(Asked(there, periods, filters=query.filters)) if there else {}
        found: dict[str, tuple[Figure, ...]] = {}
        for kpi in kpis:
            unit = self.model.kpi(kpi).unit
            if kpi not in values:
                found[kpi] = tuple(Figure(kpi, None, unit, period, note="needs_tables") for period in periods)
                continue
            cells = zip(values[kpi], periods, strict=True)
            found[kpi] = tuple(self._figure(kpi, row.get(()), period, {}, {}) for row, period in cells)
        provenance = Provenance(self._grid.statements.ran(), self.reader.version, self.reader.as_of)
        return {kpi: tuple(replace(one, provenance=provenance) for one in figures) for kpi, figures in found.items()}

    def target(self, kpi_id: str, period: Period, holder: Holder) -> Number | None:
        """The target of the company or of a part of it; None where there is none for this period."""
        part = () if holder.kind == "company" else (Filter(holder.kind, "in", (holder.key,)),)
        query = SemanticQuery((kpi_id,), period, filters=part)
        return self._yardsticks.target(self.model.kpi(kpi_id), period, holder, self._reference(query, kpi_id, holder))

    def baseline(self, query: SemanticQuery, figure: Figure) -> Baseline | None:
        """The stored baseline that a figure of this query is held against: when it was recorded, and why."""
        holder = self.holder(query, figure)
        if holder is None or figure.period is None:
            return None
        return self._yardsticks.baseline(self.model.kpi(figure.name), figure.period, holder, self.clock.now)

    def parts(self, query: SemanticQuery, *others: Period) -> tuple[Mapping[Key, Mapping[str, Aggregated]], ...]:
        """For the query's period, then for the others, each group's parts under their full names (`kpi.measure`).

        Beside an amount stands how unevenly it lies on its rows (`kpi.measure#uneven`). The days are those the first
        KPI exists for. What ran stays beside what the last query ran. Raises QueryError.
        """
        query = check_query(self.model, query)
        periods = (query.period, *others)
        return tuple(self._grid.parts(Asked(query.kpis, periods, query.grain, query.dimensions, query.filters, True)))

    def names_of(self, dimension: str, keys: Iterable[str | None]) -> dict[str | None, str | None]:
        """The names people know these members of a dimension by."""
        return self._labels.of(dimension, keys)

    def readable_statements(self) -> tuple[str, ...]:
        """What the last query ran, with its values written in."""
        return self._grid.statements.readable()

    # --- the figures of one query

    def _figures(self, query: SemanticQuery, kpis: tuple[str, ...]) -> tuple[list[Figure], int]:
        periods = self._periods(query)
        asked = Asked(kpis, periods, query.grain, query.dimensions, query.filters)
        values = self._running(asked) if query.running else self._grid.values(asked)
        before = self._compared(query, asked)
        groups, cut = self._ordered_groups(query, kpis, values, before)
        totals = self._totals(query, kpis) if query.share else {}
        names = [self._labels.of(name, (key[n] for key in groups)) for n, name in enumerate(query.dimensions)]
        figures = []
        for kpi in kpis:
            for n, period in enumerate(periods):
                for key in groups:
                    found = values[kpi][n].get(key)
                    earlier = before[kpi][n].get(key) if before else None
                    if found is None and earlier is None and query.grain is None:
                        continue
                    where = {name: names[d][key[d]] for d, name in enumerate(query.dimensions)}
                    keys = dict(zip(query.dimensions, key, strict=True))
                    figure = self._figure(kpi, found, period, where, keys)
                    figures.append(self._with_comparison(query, figure, earlier, totals.get(kpi), before is not None))
        return figures, cut

    def _periods(self, query: SemanticQuery) -> tuple[Period, ...]:
        if query.grain is None:
            return (query.period,)
        buckets = calendar.buckets(query.period, query.grain, self.company.fiscal_year_start)
        if len(buckets) > MOST_POINTS:
            raise QueryError("too_many_points", *query.kpis, offers=(str(MOST_POINTS),))
        return buckets

    def _figure(
        self, kpi: str, found: Valued | None, period: Period, where: dict[str, str | None], keys: dict[str, str | None]
    ) -> Figure:
        unit = self.model.kpi(kpi).unit
        if found is None:
            zero = 0 if self.model.kpi(kpi).missing == "zero" else None
            return Figure(kpi, zero, unit, period, where, 0, keys, note=None if zero == 0 else "no_rows")
        shown = period if (found.period.start, found.period.end) == (period.start, period.end) else found.period
        return Figure(kpi, found.value, unit, shown, where, found.rows, keys, note=found.note)

    def _with_comparison(
        self, query: SemanticQuery, figure: Figure, earlier: Valued | None, total: Number | None, compared: bool
    ) -> Figure:
        kind = query.comparison.kind if query.comparison else None
        holder = self.holder(query, figure)
        kpi = self.model.kpi(figure.name)
        if holder is not None and figure.period is not None:
            target = self._yardsticks.target(kpi, figure.period, holder, self._reference(query, figure.name, holder))
            figure = figure if target is None else replace(figure, target=_like(target, figure.unit))
            if kind == "baseline" and figure.period is not None:
                stored = self._yardsticks.baseline(kpi, figure.period, holder, self.clock.now)
                value = None if stored is None else stored.value
                figure = _held_against(figure, "baseline", _like(value, figure.unit), figure.period)
        if kind == "target":
            figure = _held_against(figure, "target", figure.target, figure.period)
        if compared and kind is not None:
            figure = _held_against(
                figure, kind, earlier.value if earlier else _absent(kpi.missing), earlier.period if earlier else None
            )
        if total and figure.value is not None:
            figure = replace(figure, share=float(Decimal(str(figure.value)) / Decimal(str(total))))
        return figure

    def _reference(self, query: SemanticQuery, kpi: str, holder: Holder) -> Callable[[Period], Number | None]:
        """The KPI of the holder in another period; a holder that is the scope itself needs no filter."""
        by_part = holder.kind in (*query.dimensions, *(given.name for given in query.filters))
        filters = (Filter(holder.kind, "in", (holder.key,)),) if by_part else ()

        def value(period: Period) -> Number | None:
            """Remembered where it cannot change any more: a period that is over, of rows that only a load changes."""
            tables = (self.model.schema.table(name) for name in self.model.tables_of(kpi))
            lasting = period.end <= self.clock.today and all(
                table is not None and table.schema == "loaded" for table in tables
            )
            known = self.reader.remembered.setdefault("references", {})
            place = (
                self.model.kpi(kpi).id,
                self.model.kpi(kpi).version,
                period,
                filters,
                self.scope,
                self.clock.timezone,
            )
            if not lasting:
                return self._grid.total(kpi, period, filters).value
            if place not in known:
                known[place] = self._grid.total(kpi, period, filters).value
            found: Number | None = known[place]
            return found

        return value

    # --- other periods

    def _compared(self, query: SemanticQuery, asked: Asked) -> dict[str, list[Groups]] | None:
        """The same grid over the compared periods, each with bounds of its own."""
        if query.comparison is None or query.comparison.kind in ("target", "baseline"):
            return None
        together: dict[tuple[Period | None, ...], list[str]] = {}
        for kpi in asked.kpis:
            periods = tuple(self.compared_period(kpi, period, query.comparison) for period in asked.periods)
            together.setdefault(periods, []).append(kpi)
        found: dict[str, list[Groups]] = {}
        for periods, kpis in together.items():
            known = tuple(period for period in periods if period is not None)
            values = self._grid.values(replace(asked, kpis=tuple(kpis), periods=known)) if known else {}
            for kpi in kpis:
                rows = iter(values.get(kpi, ()))
                found[kpi] = [{} if period is None else next(rows) for period in periods]
        return found

    def compared_period(self, kpi_id: str, period: Period, comparison: Comparison) -> Period | None:
        """The period a KPI's figure of `period` is compared with; None where no calendar tells."""
        kpi, starts = self.model.kpi(kpi_id), self.company.fiscal_year_start
        if kpi.prorate == "never":
            period = calendar.closed_months(period, self.clock.today)
        policy, today = kpi.comparison.to_date, self.clock.today
        match comparison.kind:
            case "previous":
                return compare.previous(period, today, policy, starts)
            case "last_year":
                return compare.same_last_year(period, policy, starts, today)
            case "last_year_aligned":
                held = self.company.calendar
                return compare.aligned_last_year(period, read_calendar(held.lower())) if held else None
            case "custom":
                return comparison.period
        return None

    def _running(self, asked: Asked) -> dict[str, list[Groups]]:
        """Each bucket holds the KPI from the first bucket's start to its own end, never a sum of ratios."""
        first = asked.periods[0].start
        so_far = tuple(Period(first, period.end, period.label) for period in asked.periods)
        return self._grid.values(replace(asked, periods=so_far, grain=None))

    # --- groups

    def _ordered_groups(
        self,
        query: SemanticQuery,
        kpis: tuple[str, ...],
        values: Mapping[str, list[Groups]],
        before: Mapping[str, list[Groups]] | None,
    ) -> tuple[list[Key], int]:
        """The groups that occur, in the order asked for, else the largest first; and how many the limit cut off."""
        if not query.dimensions:
            return [()], 0
        grids = (values, before) if before else (values,)
        groups = dict.fromkeys(key for grid in grids for rows in grid.values() for row in rows for key in row)
        declared = self.model.dimensions[query.dimensions[0]]
        if query.order is None and declared.in_order:
            places = {value: place for place, value in enumerate(declared.values)}
            kept = sorted(
                groups, key=lambda key: (places.get(key[0] or "", len(places)), *(part or "" for part in key))
            )
            return kept[: query.limit], max(0, len(kept) - (query.limit or len(kept)))
        by = query.order.by if query.order else kpis[0]
        descending = query.order.descending if query.order else True
        if by in query.dimensions:
            place = query.dimensions.index(by)
            names = self._labels.of(by, (key[place] for key in groups))
            ordered = sorted(groups, key=lambda key: (key[place] is None, names[key[place]] or ""), reverse=descending)
        else:
            whole = (
                values[by][0]
                if query.grain is None
                else self._grid.values(Asked((by,), (query.period,), None, query.dimensions, query.filters))[by][0]
            )

            def rank(key: Key) -> tuple[bool, Number, tuple[str, ...]]:
                found = whole.get(key)
                value = found.value if found else None
                sortable: Number = 0 if value is None else (-value if descending else value)
                return value is None, sortable, tuple(part or "" for part in key)

            ordered = sorted(groups, key=rank)
        kept = ordered[: query.limit] if query.limit else ordered
        return kept, len(ordered) - len(kept)

    def _totals(self, query: SemanticQuery, kpis: tuple[str, ...]) -> dict[str, Number | None]:
        return {kpi: self._grid.total(kpi, query.period, query.filters).value for kpi in kpis}

    def holder(self, query: SemanticQuery, figure: Figure) -> Holder | None:
        """Whose target a figure is measured against: the company's, or that of the one part it is about."""
        if query.dimensions:
            name = query.dimensions[0]
            key = figure.keys.get(name)
            fits = len(query.dimensions) == 1 and name in _HOLDERS and not query.filters and key is not None
            return self._if_whole(Holder(name, str(key))) if fits else None
        if query.filters:
            only = query.filters[0]
            fits = len(query.filters) == 1 and only.name in _HOLDERS and only.op == "in" and len(only.values) == 1
            return self._if_whole(Holder(only.name, str(only.values[0]))) if fits else None
        if self.scope.reps is None:
            return Holder("company")
        if len(self.scope.teams) == 1:
            return Holder("team", next(iter(self.scope.teams)))
        return Holder("rep", next(iter(self.scope.reps))) if len(self.scope.reps) == 1 else None

    def _if_whole(self, holder: Holder) -> Holder | None:
        """A part's target is for all of it: no yardstick for what an asker sees of a region or a team."""
        if self.scope.reps is None:
            return holder
        held = {"team": self.scope.teams, "rep": self.scope.reps}.get(holder.kind, frozenset())
        return holder if holder.key in held else None


def _absent(missing: str) -> Number | None:
    return 0 if missing == "zero" else None


def _held_against(figure: Figure, kind: str, value: Number | None, period: Period | None) -> Figure:
    change = None if value is None or figure.value is None else _minus(figure.value, value)
    return replace(figure, compared=Compared(kind, value, change, period))


def _minus(one: Number, other: Number) -> Number:
    if isinstance(one, float) or isinstance(other, float):
        return float(one) - float(other)
    return one - other


def _like(value: Number | None, unit: Unit) -> Number | None:
    if value is None:
        return None
    return Decimal(str(value)).quantize(Decimal("0.01")) if unit is Unit.MONEY else float(value)
