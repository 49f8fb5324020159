"""What is to be explained: a KPI's change between two periods, and how the KPI is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.insights.drivers.driver import CannotExplain
from analytics.insights.drivers.quotient import Quotient, quotient_of, same_sum
from analytics.insights.drivers.split import Groups, Terms
from analytics.semantic import Comparison, Filter, SemanticQuery, Semantics
from analytics.semantic.definition import Kpi
from analytics.vocabulary import Figure, Period, Unit


@dataclass(frozen=True)
class Question:
    """A change to explain: the figure with what it is compared with, and the query it came from.

    `terms` is None for a KPI that is no quotient of sums; `volume` is the KPI that counts where it is a product.
    """

    semantics: Semantics
    kpi: Kpi
    query: SemanticQuery
    figure: Figure
    before: Period
    terms: Terms | None
    volume: str | None

    @property
    def change(self) -> float:
        compared = self.figure.compared
        return float(compared.change or 0) if compared else 0.0

    def cells(self, kpis: tuple[str, ...], *dimensions: str) -> tuple[Groups, Groups]:
        """The groups of both periods, the one before first."""
        query = replace(self.query, kpis=kpis, dimensions=dimensions, comparison=None)
        after, before = self.semantics.parts(query, self.before)
        return before, after


def ask(
    semantics: Semantics, kpi_id: str, period: Period, comparison: Comparison, filters: tuple[Filter, ...]
) -> Question:
    """The change between the two periods. Raises CannotExplain where there is none."""
    query = SemanticQuery((kpi_id,), period, filters=filters, comparison=comparison)
    outcome = semantics.run(query)
    figure = outcome.figures[0]
    if outcome.missing:
        raise CannotExplain("needs_tables", figure, outcome.missing[kpi_id])
    if figure.value is None:
        raise CannotExplain("no_data", figure)
    before = figure.compared
    if before is None or before.change is None or before.period is None:
        raise CannotExplain("no_data_before", figure)
    if float(before.change) == 0.0:
        raise CannotExplain("no_change", figure)
    kpi = semantics.model.kpi(kpi_id)
    other = semantics.compared_period(kpi_id, period, comparison) or before.period
    quotient = quotient_of(semantics.model, kpi)
    volume = _volume_of(semantics, kpi, quotient)
    return Question(semantics, kpi, query, figure, other, _terms(semantics, kpi, quotient, volume), volume)


def _terms(semantics: Semantics, kpi: Kpi, quotient: Quotient | None, volume: str | None) -> Terms | None:
    if quotient is None:
        return None
    model = semantics.model
    counted = quotient.denominator is None and kpi.unit is Unit.COUNT
    of_volume = quotient_of(model, model.kpi(volume)) if volume else None
    return Terms.of(
        quotient, counted=counted, share=kpi.unit is Unit.SHARE, volume=of_volume.numerator if of_volume else None
    )


def _volume_of(semantics: Semantics, kpi: Kpi, quotient: Quotient | None) -> str | None:
    """Of a sum that is a product by its file (revenue: orders, aov) the KPI that counts; the other is per case."""
    model = semantics.model
    if quotient is None or quotient.denominator is not None or len(kpi.drivers.parts) != 2:
        return None
    if not all(part in model.kpis for part in kpi.drivers.parts):
        return None
    for volume, rate in (kpi.drivers.parts, kpi.drivers.parts[::-1]):
        sum_of, per = quotient_of(model, model.kpi(volume)), quotient_of(model, model.kpi(rate))
        if sum_of is None or per is None or sum_of.denominator is not None or per.denominator is None:
            continue
        if same_sum(model, per.numerator, quotient.numerator) and same_sum(model, per.denominator, sum_of.numerator):
            return volume
    return None
