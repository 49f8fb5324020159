"""The diagnosis of the sales process: where deals drop out, how long they take, where time and cost go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from analytics.insights.summary import PROCESS, ProcessPart, period_of
from analytics.semantic import Order, QueryError, SemanticQuery
from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import amount
from assistant.kinds.summary_told import Told
from assistant.kinds.summary_words import line
from assistant.kinds.wording import titled
from assistant.result import Cell, Column, Stages, Table, Worded, quoted


@dataclass(frozen=True)
class Diagnosis:
    """The parts of the process as facts, tables and a picture of the funnel."""

    parts: list[dict[str, Any]]
    leak: dict[str, Any] | None
    tables: tuple[Table, ...]
    charts: tuple[Stages, ...]
    figures: tuple[Figure, ...]


def diagnosed(told: Told) -> Diagnosis:
    """Each part as far as this asker may see it and the company has it."""
    splits = {part.part: _split(told, part.split, part.by) for part in PROCESS if part.split}
    found = {part.part: figures for part in PROCESS if (figures := splits.get(part.part))}
    return Diagnosis(
        [facts for part in PROCESS if (facts := _part(told, part, found.get(part.part, ())))],
        _largest(found["funnel"], told) if "funnel" in found else None,
        tuple(_table(told, part.split, part.by, found[part.part]) for part in PROCESS if part.part in found),
        tuple(_funnel(told, found.get("funnel", ()))),
        tuple(figure for figures in found.values() for figure in figures),
    )


def _part(told: Told, part: ProcessPart, figures: tuple[Figure, ...]) -> dict[str, Any] | None:
    """What one part of the process says: the largest of its split, and its KPIs, the worst first."""
    lines = [line(one, told) for one in told.shown if one.kpi.id in part.kpis]
    if not lines and not figures:
        return None
    return {"part": part.part, "largest": _largest(figures, told) if figures else None, "lines": lines}


def _split(told: Told, kpi_id: str, by: str) -> tuple[Figure, ...]:
    """The groups of a KPI for the days it is known for, largest first, or in the order of the stages."""
    room = told.room
    sight = room.permitted.sights.get(kpi_id)
    kpi = room.model.kpis.get(kpi_id)
    if sight is None or kpi is None or by not in kpi.dimensions or kpi_id in told.missing:
        return ()
    days = period_of(kpi, told.period, room.clock.today, room.company.fiscal_year_start)
    adds_up = kpi.additive.over == "all"
    order = None if room.model.dimensions[by].in_order else Order(kpi_id)
    filters = told.filters if {given.name for given in told.filters} <= set(kpi.dimensions) else ()
    query = SemanticQuery((kpi_id,), days, (by,), filters, order=order, share=adds_up)
    try:
        found = told.semantics(kpi_id).run(query)
    except QueryError:
        return ()
    known = (figure for figure in found.figures if figure.value is not None)
    return tuple(replace(figure, decimals=kpi.decimals_read) for figure in known)


def _largest(figures: tuple[Figure, ...], told: Told) -> dict[str, Any]:
    """The group that counts most."""
    largest = max(figures, key=lambda figure: float(figure.value or 0))
    kpi = told.room.model.kpis[largest.name]
    return {
        "inside": kpi.names,
        "by": told.room.model.dimensions[next(iter(largest.keys))].names,
        "label": _label(largest, told),
        "amount": amount(largest, told.room.model),
        "share": _share(largest),
        "period": largest.period,
        "company": largest.name in told.of_company,
    }


def _share(figure: Figure) -> Figure | None:
    return Figure("share", figure.share, Unit.SHARE, decimals=1) if figure.share is not None else None


def _label(figure: Figure, told: Told) -> Any:
    (by,) = figure.keys
    key, words = figure.keys[by], told.room.model.dimensions[by].values
    if key in words:
        return words[key]
    return quoted(figure.where.get(by)) or Worded("no_group", {"name": told.room.model.dimensions[by].names})


def _table(told: Told, kpi_id: str, by: str, figures: tuple[Figure, ...]) -> Table:
    model = told.room.model
    shares = any(figure.share is not None for figure in figures)
    columns = [
        Column(Worded("name", {"name": titled(model.dimensions[by].names)})),
        Column(Worded("name", {"name": titled(model.kpis[kpi_id].names)}), right=True),
        *([Column(Worded("column", {"what": "share"}), right=True)] if shares else []),
    ]
    rows: list[tuple[Cell, ...]] = [
        (_label(figure, told), amount(figure, model), *((_share(figure),) if shares else ())) for figure in figures
    ]
    caption = {"kpis": [titled(model.kpis[kpi_id].names)], "dimensions": [model.dimensions[by].names], "grain": None}
    return Table(Worded("table_caption", {**caption, "period": figures[0].period}), tuple(columns), tuple(rows))


def _funnel(told: Told, stages: tuple[Figure, ...]) -> Iterator[Stages]:
    """How many entered each stage, and the share that went no further."""
    if len(stages) < 2 or any(figure.rows is None for figure in stages):
        return
    model = told.room.model
    shown = {"kpi": titled(model.kpis["funnel_dropoff"].names), "period": stages[0].period}
    steps = tuple((_label(one, told), Figure("entered", one.rows, Unit.COUNT), one) for one in stages)
    worst = max(stages, key=lambda figure: float(figure.value or 0))
    alt = {**shown, "label": _label(worst, told), "amount": amount(worst, model)}
    yield Stages(
        Worded("summary_funnel", shown),
        Worded("name", {"name": shown["kpi"]}),
        Worded("summary_funnel_alt", alt),
        steps,
    )
