"""The KPIs of a summary computed: each for its days, with the periods it is held against, in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from analytics.insights.summary.periods import period_of, units_before
from analytics.insights.summary.remembered import lasts, remembered
from analytics.insights.summary.standing import Standing
from analytics.insights.summary.targets import target_over
from analytics.semantic import Comparison, Filter, SemanticQuery, Semantics
from analytics.semantic.definition import Kpi
from analytics.semantic.formula import Number
from analytics.semantic.yardsticks import Baseline
from analytics.vocabulary import Compared, Figure, Grain, Period, Unit

_SMOOTHED_OVER = {Grain.DAY: 7, Grain.WEEK: 4}
"""Units of a moving average."""
_Found = tuple[dict[str, dict[Period, Figure]], tuple[str, ...]]


@dataclass(frozen=True)
class Measured:
    """The standings in the order asked for; for KPIs this company cannot have, what they lack; what ran, if asked."""

    standings: tuple[Standing, ...]
    missing: Mapping[str, tuple[str, ...]]
    readable: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Days:
    """The days of a KPI: its own, those it is held against, the units before, and those smoothed over."""

    own: Period
    previous: Period | None
    last_year: Period | None
    before: tuple[Period, ...]
    smoothed: Period | None

    @property
    def now(self) -> tuple[Period, ...]:
        """Its own, and those that end with them."""
        return (self.own, self.smoothed) if self.smoothed is not None else (self.own,)

    def without(self, some: tuple[Period, ...]) -> tuple[Period, ...]:
        """All but some, each once."""
        found = (*self.now, self.previous, self.last_year, *self.before)
        return tuple(dict.fromkeys(period for period in found if period is not None and period not in some))


def measure(
    semantics: Semantics,
    kpis: Iterable[str],
    period: Period,
    filters: tuple[Filter, ...] = (),
    *,
    spelt_out: bool = False,
) -> Measured:
    """How each KPI stands in `period`. KPIs of the same days share their statements. Raises QueryError.

    `spelt_out`: the statements are wanted as text with their values.
    """
    missing: dict[str, tuple[str, ...]] = {}
    together: dict[tuple[_Days, bool], list[str]] = defaultdict(list)
    for kpi in kpis:
        if lacking := semantics.missing(kpi):
            missing[kpi] = lacking
        else:
            together[_days_of(semantics, kpi, period), lasts(semantics, kpi)].append(kpi)
    standings: dict[str, Standing] = {}
    readable: list[str] = []
    for (days, lasting), names in together.items():
        asked = _Asked(semantics, tuple(names), filters, spelt_out)
        now = () if lasting and not _same(days.own, period) else days.now
        found = [asked.figures(now), asked.figures(days.without(now), remember=lasting)]
        for _, statements in found:
            readable += statements
        for kpi in names:
            by_days = {day: figure for figures, _ in found for day, figure in figures.get(kpi, {}).items()}
            standings[kpi] = _standing(semantics, days, by_days, period, filters)
    in_order = tuple(standings[kpi] for kpi in kpis if kpi in standings)
    return Measured(in_order, missing, tuple(dict.fromkeys(readable)))


@dataclass(frozen=True)
class _Asked:
    """KPIs of the same days and rows."""

    semantics: Semantics
    kpis: tuple[str, ...]
    filters: tuple[Filter, ...]
    spelt_out: bool

    def figures(self, days: tuple[Period, ...], *, remember: bool = False) -> _Found:
        """Of each KPI the figures by their days, and the statements if they are wanted.

        Days before those told of, and last month's ledger in a week, are the same in every summary of a day.
        """
        if not days:
            return {}, ()
        if not remember:
            return self._computed(days)
        versions = tuple((kpi, self.semantics.model.kpi(kpi).version) for kpi in self.kpis)
        place = (versions, days, self.filters, self.spelt_out)
        return remembered(self.semantics, "figures", place, lambda: self._computed(days))

    def _computed(self, days: tuple[Period, ...]) -> _Found:
        found = self.semantics.side_by_side(self.kpis, days, self.filters)
        by_days = {kpi: dict(zip(days, figures, strict=True)) for kpi, figures in found.items()}
        return by_days, self.semantics.readable_statements() if self.spelt_out else ()


def _days_of(semantics: Semantics, kpi_id: str, period: Period) -> _Days:
    kpi, starts = semantics.model.kpi(kpi_id), semantics.company.fiscal_year_start
    own = period_of(kpi, period, semantics.clock.today, starts)
    previous = semantics.compared_period(kpi_id, own, Comparison("previous"))
    last_year = semantics.compared_period(kpi_id, own, Comparison("last_year"))
    looks_back = _same(own, period) and not _is_costly(semantics, kpi)
    before = units_before(own, starts) if looks_back else ()
    units = _SMOOTHED_OVER.get(own.grain, 0) if own.grain and before else 0
    smoothed = Period(before[1 - units].start, own.end, grain=own.grain, count=units) if units else None
    before = tuple(previous if previous and _same(one, previous) else one for one in before)
    return _Days(own, previous, last_year, before, smoothed)


def _is_costly(semantics: Semantics, kpi: Kpi) -> bool:
    """Whether each period of it is a statement of its own, or reads many months: a funnel, a year's customers."""
    measures = [part.measure for part in semantics.model.parts(kpi.id)]
    return any(measure.funnel or measure.forecast or measure.window or measure.exists for measure in measures)


def _standing(
    semantics: Semantics, days: _Days, found: Mapping[Period, Figure], period: Period, filters: tuple[Filter, ...]
) -> Standing:
    figure = found[days.own]
    kpi = semantics.model.kpi(figure.name)
    decimals = kpi.decimals_read
    figure = replace(figure, decimals=decimals)
    if days.previous is not None:
        figure = replace(figure, compared=_held_against(figure, "previous", found[days.previous]))
    wanted = target_over(semantics, figure, filters)
    figure = figure if wanted is None else replace(figure, target=wanted.value)
    history = (*(replace(found[one], decimals=decimals) for one in days.before), figure)
    shown = figure.period or days.own
    standing = Standing(
        kpi,
        figure,
        last_year=_held_against(figure, "last_year", found[days.last_year]) if days.last_year else None,
        baseline=_against_baseline(semantics, figure, filters),
        history=history,
        own=not _same(shown, period),
        prorated=wanted is not None and wanted.prorated,
    )
    return replace(standing, smoothed=_smoothed(standing, days, found)) if standing.noisy else standing


def _smoothed(standing: Standing, days: _Days, found: Mapping[Period, Figure]) -> Figure | None:
    """The moving average: of what adds up the mean of the last units, of anything else those units as one."""
    if days.smoothed is None:
        return None
    pooled = found[days.smoothed]
    if standing.kpi.type == "snapshot":
        return None
    value = pooled.value
    if value is not None and standing.kpi.additive.over_time:
        value = value / days.smoothed.count
    return replace(pooled, value=value, decimals=standing.figure.decimals)


def _held_against(figure: Figure, kind: str, other: Figure) -> Compared:
    return Compared(kind, other.value, _change(figure.value, other.value), other.period)


def _change(value: Number | None, other: Number | None) -> Number | None:
    if value is None or other is None:
        return None
    if isinstance(value, float) or isinstance(other, float):
        return float(value) - float(other)
    return value - other


def _against_baseline(semantics: Semantics, figure: Figure, filters: tuple[Filter, ...]) -> Compared | None:
    """Against the stored baseline; of a level, whatever length of period it was taken from."""
    stored = _baseline(semantics, figure, filters)
    if stored is None:
        return None
    value: Number = Decimal(str(stored.value)) if figure.unit is Unit.MONEY else stored.value
    return Compared("baseline", value, _change(figure.value, value), stored.period)


def _baseline(semantics: Semantics, figure: Figure, filters: tuple[Filter, ...]) -> Baseline | None:
    kpi = semantics.model.kpi(figure.name)
    if figure.period is None:
        return None
    query = SemanticQuery((figure.name,), figure.period, filters=filters)
    found = semantics.baseline(query, figure)
    if found is None and not (kpi.additive.over_time or kpi.depends_on_length):
        year = replace(figure, period=Period(figure.period.start, figure.period.end, grain=Grain.YEAR))
        found = semantics.baseline(query, year)
    return found


def _same(one: Period, other: Period) -> bool:
    return (one.start, one.end) == (other.start, other.end)
