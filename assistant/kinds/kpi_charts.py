"""Figures of KPIs as a chart: a line over time, bars for groups."""

from __future__ import annotations

from typing import Any

from analytics.vocabulary import Figure
from assistant.kinds.kpi_shown import Shown, amount, asked_in_words, beside, label_of, still_runs, when
from assistant.result import Ranking, Trend, TrendPoint, Worded


def charts_of(shown: Shown) -> tuple[Trend | Ranking, ...]:
    """A line for a trend, bars for groups of one dimension; none for the points of a trend that a bound picks out."""
    name = Worded("name", {"name": shown.model.kpis[shown.plan.kpis[0]].names})
    title, alt = (
        Worded("table_caption", asked_in_words(shown)),
        Worded("chart_alt", {**asked_in_words(shown), **_extremes(shown)}),
    )
    known = [figure for figure in shown.of_first if figure.value is not None]
    if shown.shape == "trend" and len(known) > 1 and not shown.plan.having:
        return (_trend(shown, title, name, alt),)
    if shown.shape == "groups" and len(shown.plan.dimensions) == 1 and len(known) > 1:
        bars = tuple((_bar_label(figure, shown), figure) for figure in shown.of_first if figure.value is not None)
        return (Ranking(title, name, alt, bars),)
    return ()


def _bar_label(figure: Figure, shown: Shown) -> Any:
    return label_of(shown.plan.dimensions[0], figure, shown)


def _extremes(shown: Shown) -> dict[str, Any]:
    known = [figure for figure in shown.of_first if figure.value is not None]
    if not known:
        return {"first": None, "last": None}
    return {"first": amount(known[0], shown.model), "last": amount(known[-1], shown.model)}


def _trend(shown: Shown, title: Worded, name: Worded, alt: Worded) -> Trend:
    figures = [figure for figure in shown.of_first if figure.period is not None]
    compared = shown.plan.comparison
    targets = {figure.target for figure in figures}
    target = targets.pop() if len(targets) == 1 else None
    before = any(figure.compared and figure.compared.kind not in ("target", "baseline") for figure in figures)
    return Trend(
        title=title,
        name=name,
        alt=alt,
        points=tuple(
            TrendPoint(
                when(figure, shown),
                figure.period.end if shown.plan.running else figure.period.start,
                figure,
                still_runs(figure, shown.room),
                beside(figure, figure.compared.value) if before and figure.compared else None,
            )
            for figure in figures
            if figure.period is not None
        ),
        before_name=Worded("before_name", {"comparison": compared.kind}) if before and compared else None,
        target=beside(figures[0], target) if target is not None and figures else None,
        target_label=Worded("target_label", {}) if target is not None else None,
    )
