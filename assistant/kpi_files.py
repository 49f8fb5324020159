"""`leadline kpis`: which KPIs there are, one of them in full with its SQL, and whether the files are sound."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from analytics.organisation import read_company
from analytics.semantic import Comparison, Model, ModelError, QueryError, SemanticQuery, Semantics, read_model
from analytics.vocabulary import Clock, Scope, Unit
from analytics.warehouse import NothingLoaded, Reader
from assistant import formats
from assistant.app import kpi_model, open_warehouse, utc_now
from assistant.dates import period_text
from assistant.question import Language
from assistant.settings import Settings
from assistant.terminal import console, errors

_SPELT_OUT = (Unit.DAYS, Unit.HOURS, Unit.MINUTES)


def list_kpis(settings: Settings, *, as_json: bool) -> int:
    """Every KPI with what it means; where a company is loaded, also what it lacks for it."""
    model = kpi_model(settings)
    lacking = _lacking(model, settings)
    if as_json:
        print(json.dumps([_entry(model, kpi, lacking) for kpi in sorted(model.kpis)], ensure_ascii=False))
        return 0
    if not console.is_terminal:
        for kpi_id in sorted(model.kpis):
            kpi = model.kpis[kpi_id]
            lacks = "" if lacking is None else f"needs {', '.join(lacking[kpi_id])}" if lacking[kpi_id] else "ok"
            print("\t".join((kpi_id, kpi.names.en, kpi.names.zh, lacks)))
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "name", "名称", "here"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "id")
    for kpi_id in sorted(model.kpis):
        kpi = model.kpis[kpi_id]
        table.add_row(kpi_id, escape(kpi.names.en), kpi.names.zh, _here(None if lacking is None else lacking[kpi_id]))
    console.print(table)
    console.print(f"\n[dim]{len(model.kpis)} KPIs. One in full, with its SQL: leadline kpis marketing_roi[/]")
    return 0


def _here(lacking: tuple[str, ...] | None) -> str:
    if lacking is None:
        return ""
    return f"[yellow]needs {escape(', '.join(lacking))}[/]" if lacking else "[green]✓[/]"


def show_kpi(settings: Settings, kpi_id: str, *, as_json: bool) -> int:
    """One KPI: definition, formula, sources, rights, and the SQL of its usual period; 2 when there is none such."""
    model = kpi_model(settings)
    if kpi_id not in model.kpis:
        near = _near(model, kpi_id)
        errors.print(escape(f"There is no KPI {kpi_id!r}." + (f" Close: {', '.join(near)}." if near else "")))
        return 2
    figure, statements = _computed(model, kpi_id, settings)
    if as_json:
        kpi = model.kpis[kpi_id]
        print(json.dumps({**kpi.model_dump(mode="json", by_alias=True), "sql": statements}, ensure_ascii=False))
        return 0
    _print_kpi(model, kpi_id)
    if figure:
        console.print(f"\n[bold]{escape(figure)}[/]")
    for statement in statements:
        console.print("\n[dim]SQL[/]")
        console.print(escape(statement), soft_wrap=True)
    return 0


def check_kpis(folder: Path | None, settings: Settings) -> int:
    """Validate the KPI files, those of `folder` or LEADLINE_KPI_DIR on top; 2 when something must be mended."""
    try:
        model = read_model(folder or settings.kpi_dir)
    except ModelError as error:
        for complaint in error.complaints:
            errors.print(escape(str(complaint)), soft_wrap=True)
        return 2
    console.print(
        f"[green]ok[/] {len(model.kpis)} KPIs, {len(model.tables)} tables, {len(model.dimensions)} dimensions"
    )
    return 0


def _entry(model: Model, kpi_id: str, lacking: dict[str, tuple[str, ...]] | None) -> dict[str, Any]:
    kpi = model.kpis[kpi_id]
    return {
        "id": kpi_id,
        "names": kpi.names.model_dump(),
        "definition": kpi.definition.model_dump(),
        "unit": str(kpi.unit),
        "good": kpi.good,
        "version": kpi.version,
        "needs": None if lacking is None else list(lacking[kpi_id]),
    }


def _lacking(model: Model, settings: Settings) -> dict[str, tuple[str, ...]] | None:
    try:
        with open_warehouse(settings).reader() as reader:
            semantics = _semantics(model, reader, settings)
            return {kpi: semantics.missing(kpi) for kpi in model.kpis}
    except NothingLoaded:
        return None


def _computed(model: Model, kpi_id: str, settings: Settings) -> tuple[str, list[str]]:
    """The figure of the usual period in a word, and the statements behind it."""
    try:
        with open_warehouse(settings).reader() as reader:
            semantics = _semantics(model, reader, settings)
            lacking = semantics.missing(kpi_id)
            if lacking:
                return f"needs {', '.join(lacking)}, which are not loaded", []
            period = semantics.usual_period(kpi_id)
            outcome = semantics.run(SemanticQuery((kpi_id,), period, comparison=Comparison("previous")))
            figure = replace(outcome.figures[0], decimals=model.kpis[kpi_id].decimals_read)
            said = formats.figure(figure, Language.EN, semantics.company) if figure.value is not None else "no data"
            unit = f" {figure.unit}" if figure.unit in _SPELT_OUT else ""
            return f"{period_text(period, Language.EN)}: {said}{unit}", list(semantics.readable_statements())
    except NothingLoaded:
        return "Nothing is loaded yet: the SQL is shown once there are data (leadline demo).", []
    except QueryError as error:
        return str(error), []


def _semantics(model: Model, reader: Reader, settings: Settings) -> Semantics:
    company = read_company(reader)
    clock = Clock.end_of(settings.today, company.timezone) if settings.today else Clock(utc_now(), company.timezone)
    return Semantics(model, reader, clock, Scope.everything(), company)


def _print_kpi(model: Model, kpi_id: str) -> None:
    kpi = model.kpis[kpi_id]
    console.print(f"[bold]{escape(kpi.names.en)}[/] · {kpi.names.zh} [dim]{kpi_id}, version {kpi.version}[/]")
    console.print(escape(kpi.definition.en))
    console.print(kpi.definition.zh)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    opened = "open" if kpi.access.open else "closed"
    measures = "; ".join(f"{name}: {_measure(model, kpi_id, name)}" for name in kpi.measures)
    rows = {
        "value": kpi.value,
        "measures": measures,
        "constants": ", ".join(f"{name} = {value}" for name, value in kpi.constants.items()),
        "unit": f"{kpi.unit}, good is {kpi.good}",
        "dimensions": ", ".join(f"{name} ({_paths(model, kpi_id, name)})" for name in kpi.dimensions),
        "rhythm": f"{kpi.rhythm}; compared with {kpi.comparison.default.replace('_', ' ')}",
        "who sees": f"rep {kpi.access.rep}, manager {kpi.access.manager}, exec all; totals {opened} to reps",
        "also called": ", ".join((*kpi.synonyms.en, *kpi.synonyms.zh)),
        "owner": kpi.owner,
        "card": kpi.card or "",
    }
    for heading, text in rows.items():
        if text:
            table.add_row(heading, escape(text))
    console.print(table)


def _measure(model: Model, kpi_id: str, name: str) -> str:
    measure = model.kpis[kpi_id].measures[name]
    given = measure.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    table = given.pop("table")
    return f"{table} {json.dumps(given, ensure_ascii=False)}"


def _paths(model: Model, kpi_id: str, dimension: str) -> str:
    found = {f"{part.measure.table}.{model.path(part.measure, dimension)}" for part in model.parts(kpi_id)}
    return " / ".join(sorted(found))


def _near(model: Model, words: str) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(words, list(model.kpis), n=3, cutoff=0.5)
