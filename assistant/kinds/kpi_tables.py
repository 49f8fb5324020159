"""Figures of KPIs as a table: KPIs, groups or periods below each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from analytics.semantic import Model
from analytics.semantic.definition import Words
from analytics.vocabulary import Figure
from assistant.kinds.kpi_shown import Shown, amount, asked_in_words, label_of, share_of, view, when
from assistant.kinds.wording import titled
from assistant.result import Cell, Column, Table, Worded

_MOST_ROWS = 100
_PIVOTED = 6  # periods that stand beside each other in one row
_DASH = Worded("dash", {})  # beside a figure: nothing to show there, which is not "no data"


def tables_of(shown: Shown) -> tuple[Table, ...]:
    """The one table of an answer; a single figure needs none."""
    if shown.shape == "one":
        return ()
    columns, rows = {
        "several": _several,
        "groups": _groups,
        "trend": _over_time,
        "trend_groups": _groups_over_time,
    }[shown.shape](shown)
    caption = Worded("table_caption", asked_in_words(shown))
    return (Table(caption, tuple(columns), tuple(islice(rows, _MOST_ROWS))),)


def _heading(what: str, **facts: Any) -> Column:
    return Column(Worded("column", {"what": what, **facts}), right=what != "kpi" and what != "period")


def _extras(shown: Shown) -> list[str]:
    """The columns beside the value that hold something."""
    compared = any(figure.compared and figure.compared.kind != "target" for figure in shown.figures)
    return [
        *(["before", "change"] if compared else []),
        *(["share"] if shown.plan.share else []),
        *(["target"] if any(figure.target is not None for figure in shown.figures) else []),
    ]


def _extra_cells(figure: Figure | None, extras: list[str], model: Model) -> list[Cell]:
    if figure is None:
        return [_DASH for _ in extras]
    seen = view(figure, model)
    change = Worded("change", {key: seen[key] for key in ("direction", "change", "judged")}) if seen["change"] else None
    cells = {"before": seen["before"], "change": change, "share": share_of(figure), "target": seen["target"]}
    return [cells[name] or _DASH for name in extras]


def _cell(figure: Figure | None, model: Model) -> Cell:
    return None if figure is None or figure.value is None else amount(figure, model)


def _several(shown: Shown) -> tuple[list[Column], Iterator[tuple[Cell, ...]]]:
    extras = _extras(shown)
    rows = (
        (
            _named_in_its_period(figure, shown),
            _cell(figure, shown.model),
            *_extra_cells(figure, extras, shown.model),
        )
        for figure in shown.figures
    )
    return [_heading("kpi"), _heading("value"), *(_heading(name) for name in extras)], rows


def _kpi_name(kpi: str, shown: Shown) -> Words:
    return titled(shown.model.kpis[kpi].names)


def _group_columns(shown: Shown) -> list[Column]:
    names = (titled(shown.model.dimensions[name].names) for name in shown.plan.dimensions)
    return [Column(Worded("name", {"name": name})) for name in names]


def _named_in_its_period(figure: Figure, shown: Shown) -> Cell:
    """A KPI's name, with its period where that is not the one asked for."""
    name, asked, period = _kpi_name(figure.name, shown), shown.plan.period.period, figure.period
    if period is None or (period.start, period.end) == (asked.start, asked.end):
        return name
    return Worded("kpi_in_period", {"name": name, "period": period})


def _value_columns(shown: Shown) -> tuple[list[Column], list[str]]:
    """One column a KPI; for a single one also what it is compared with."""
    extras = _extras(shown) if len(shown.plan.kpis) == 1 else []
    names = [
        Column(Worded("name", {"name": titled(shown.model.kpis[kpi].names)}), right=True) for kpi in shown.plan.kpis
    ]
    return [*names, *(_heading(name) for name in extras)], extras


def _rows_of(shown: Shown) -> dict[Any, dict[str, Figure]]:
    """Figures by group and period, then by KPI, in order."""
    found: dict[Any, dict[str, Figure]] = {}
    for figure in shown.figures:
        period = figure.period if shown.plan.grain else None
        place = (tuple(figure.keys.values()), period.end if period else None)
        found.setdefault(place, {})[figure.name] = figure
    return found


def _groups(shown: Shown) -> tuple[list[Column], Iterator[tuple[Cell, ...]]]:
    values, extras = _value_columns(shown)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for figures in _rows_of(shown).values():
            one = next(iter(figures.values()))
            labels = [label_of(name, one, shown) for name in shown.plan.dimensions]
            cells = [_cell(figures.get(kpi), shown.model) for kpi in shown.plan.kpis]
            yield (*labels, *cells, *_extra_cells(one, extras, shown.model))

    return [*_group_columns(shown), *values], rows()


def _over_time(shown: Shown) -> tuple[list[Column], Iterator[tuple[Cell, ...]]]:
    values, extras = _value_columns(shown)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for figures in _rows_of(shown).values():
            one = next(iter(figures.values()))
            cells = [_cell(figures.get(kpi), shown.model) for kpi in shown.plan.kpis]
            yield (when(one, shown), *cells, *_extra_cells(one, extras, shown.model))

    return [_heading("period"), *values], rows()


def _groups_over_time(shown: Shown) -> tuple[list[Column], Iterator[tuple[Cell, ...]]]:
    """Periods beside each other where few, else below each other."""
    heads = _group_columns(shown)
    found = _rows_of(shown)
    ends = list(dict.fromkeys(end for _, end in found))
    if len(shown.plan.kpis) > 1 or len(ends) > _PIVOTED:
        values, _ = _value_columns(shown)
        names = [column for column in values if column.right][: len(shown.plan.kpis)]

        def long() -> Iterator[tuple[Cell, ...]]:
            for figures in found.values():
                one = next(iter(figures.values()))
                labels = [label_of(name, one, shown) for name in shown.plan.dimensions]
                yield (
                    *labels,
                    when(one, shown),
                    *(_cell(figures.get(kpi), shown.model) for kpi in shown.plan.kpis),
                )

        return [*heads, _heading("period"), *names], long()
    kpi = shown.plan.kpis[0]
    periods = {figure.period.end: when(figure, shown) for figure in shown.figures if figure.period}
    titles = [Column(periods[end], right=True) for end in ends]

    def wide() -> Iterator[tuple[Cell, ...]]:
        for keys in dict.fromkeys(keys for keys, _ in found):
            cells = [found.get((keys, end), {}).get(kpi) for end in ends]
            one = next(figure for figure in cells if figure is not None)
            labels = [label_of(name, one, shown) for name in shown.plan.dimensions]
            yield (*labels, *(_cell(figure, shown.model) for figure in cells))

    return [*heads, *titles], wide()
