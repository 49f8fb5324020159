"""What the books say of figures: restated since their month was closed; when a baseline was recorded, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analytics.insights.books.restated import Restatement, restatements
from analytics.semantic import SemanticQuery, Semantics
from analytics.vocabulary import Figure, Unit
from assistant.kinds.wording import titled
from assistant.result import Room, Worded, quoted


def book_notes(semantics: Semantics, query: SemanticQuery, figures: Sequence[Figure], room: Room) -> list[Worded]:
    """Notes on the figures of a query's whole: one a restated figure, one a baseline they are held against."""
    if query.grain is not None or query.running:
        return []
    whole = replace(query, dimensions=(), order=None, limit=None, share=False)
    told = [figure for figure in figures if not figure.keys]
    return [*_restated(semantics, whole, told, room), *_baselines(semantics, whole, told, room)]


def _restated(semantics: Semantics, query: SemanticQuery, figures: Sequence[Figure], room: Room) -> Iterator[Worded]:
    holder = semantics.holder(query, figures[0]) if figures else None
    if holder is None:
        return
    for one in restatements(
        semantics, [figure.name for figure in figures], query.period, holder=holder, figures=figures
    ):
        yield Worded("kpi_restated", restatement_facts(one, room))


def restatement_facts(one: Restatement, room: Room) -> dict[str, object]:
    """A restatement for templates; `change` went `up` or down, `rows` came (`more`) or went."""
    return {
        "kpi": titled(room.model.kpis[one.kpi].names),
        "closed_on": room.local_day(one.closed_at),
        "was": one.frozen,
        "now": one.now if one.now.value is not None else None,
        "change": _change(one),
        "up": (one.change or 0) > 0,
        "rows": Figure("rows", abs(one.rows_changed), Unit.COUNT) if one.rows_changed else None,
        "more": (one.rows_changed or 0) > 0,
        "redefined": one.redefined,
    }


def _change(one: Restatement) -> Figure | None:
    """How far it has moved, without its sign; shares in points."""
    if one.change is None:
        return None
    unit = Unit.POINTS if one.frozen.unit is Unit.SHARE else one.frozen.unit
    moved = -one.change if one.change < 0 else one.change
    return Figure("change", moved, unit, decimals=one.frozen.decimals)


def _baselines(semantics: Semantics, query: SemanticQuery, figures: Sequence[Figure], room: Room) -> Iterator[Worded]:
    if query.comparison is None or query.comparison.kind != "baseline":
        return
    for figure in figures:
        baseline = semantics.baseline(query, figure)
        if baseline is not None:
            yield Worded(
                "kpi_baseline",
                {
                    "kpi": titled(room.model.kpis[figure.name].names),
                    "recorded_on": room.local_day(baseline.recorded_at),
                    "period": baseline.period,
                    "note": quoted(baseline.note),
                },
            )
