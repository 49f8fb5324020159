"""The commands that fill the warehouse and show what came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from analytics.models.lifecycle.registry import ModelVersion, model_versions, newest_versions
from analytics.organisation import find_people, link_slack_user, read_company, sample_people
from analytics.vocabulary import Clock
from analytics.warehouse import Reader, Warehouse
from assistant.app import NotConfigured, kpi_model, mapping_folders, open_warehouse, utc_now
from assistant.settings import Settings
from assistant.terminal import console, errors, show_import

_MONTHS_FORECAST = 12
_STEPS = {
    "build": "Building the company",
    "read": "Reading the export",
    "load": "Loading a new version",
    "score": "Training and scoring",
    "rank": "Training and scoring",
    "publish": "Publishing",
    "forecast": "Forecasting each past month from what was known before it",
}


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing in a pipe; the first call starts the first step."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=steps)
        started = False

        def tell(step: str) -> None:
            nonlocal started
            bar.update(task, description=_STEPS.get(step, step), advance=int(started))
            started = True

        yield tell


def build_demo(settings: Settings, *, until: date | None, scale: float, seed: int) -> int:
    """Build, load and score the demo company; show its size and whom to ask as."""
    from analytics.demo.load import last_day, load_demo

    until = until or last_day(utc_now())
    warehouse = open_warehouse(settings)
    truth = settings.home / "truth.json"
    with _progress(5) as tell:
        try:
            company = load_demo(
                warehouse, until, seed=seed, scale=scale, models_dir=settings.models, truth=truth, progress=tell
            )
        except ValueError as unbuildable:
            raise NotConfigured(f"The demo company cannot be built: {unbuildable}.") from unbuildable
        tell("forecast")
        _issue_past(settings, warehouse, company.as_of)
    rows = {name: len(frame) for name, frame in (*company.tables.items(), *company.kept.items())}
    table = Table(title=f"The demo company, up to {until}", title_justify="left", box=None, pad_edge=False)
    table.add_column("table")
    table.add_column("rows", justify="right")
    for name in ("customers", "leads", "opportunities", "activities", "orders", "reps", "people"):
        table.add_row(name, f"{rows[name]:,}")
    console.print(table)
    console.print(f"{sum(rows.values()):,} rows in {len(rows)} tables; what is planted in them: {escape(str(truth))}")
    with warehouse.reader() as reader:
        for role in ("rep", "manager", "exec"):
            for person in sample_people(reader, role, limit=1):
                console.print(f"Ask as {escape(person.name)}: --as {role}:{person.rep_id or person.person_id}")
    return 0


def _issue_past(settings: Settings, warehouse: Warehouse, as_of: datetime) -> None:
    """The forecasts of a year, as each would have been issued before its month; none of a company too small."""
    from analytics.insights.forecast import CannotForecast, issue_history

    with warehouse.reader() as reader:
        clock = Clock(as_of, read_company(reader).timezone)
    with suppress(CannotForecast):
        issue_history(warehouse, kpi_model(settings), clock, months=_MONTHS_FORECAST)


def import_export(settings: Settings, source: str, path: Path, language: str) -> int:
    """Import an export and report what was taken, mended, unclear, rejected and missing."""
    from analytics.sources.find import find_mapping
    from analytics.sources.intake import import_source

    mapping = find_mapping(source, mapping_folders(settings))
    settings.home.mkdir(parents=True, exist_ok=True)
    warehouse = open_warehouse(settings)
    with _progress(4) as tell:
        report = import_source(
            warehouse, mapping, path, models_dir=settings.models, home=settings.home, progress=tell,
            now=utc_now(),
        )  # fmt: skip
    show_import(report, language)
    with warehouse.reader() as reader:
        _show_verdict(reader, source)
    return 0


def show_models(settings: Settings, *, as_json: bool) -> int:
    """The registry: every model version, whether it is used and why."""
    with open_warehouse(settings).reader() as reader:
        versions = model_versions(reader)
    if as_json:
        rows = [{**asdict(version), "trained_at": version.trained_at.isoformat()} for version in versions]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    table = Table(box=None, pad_edge=False)
    for column in ("model", "used", "AUC : baseline", "version"):
        table.add_column(column, no_wrap=True)
    for version in versions:
        table.add_row(version.model_id, "yes" if version.used else "no", _verdict(version), version.version)
    console.print(table)
    return 0


def _verdict(version: ModelVersion) -> str:
    """AUC with its interval, and the baseline's; the code of the reason where nothing could be tested."""
    baseline = version.verdict.get("baseline_auc")
    code = str((version.verdict.get("why") or {}).get("code", "-"))
    return code if baseline is None else f"{_auc(version)} : {baseline:.3f}"


def _auc(version: ModelVersion) -> str:
    auc = version.verdict.get("auc")
    return f"{auc['value']:.3f} ({auc['low']:.3f}-{auc['high']:.3f})" if auc else "-"


def _show_verdict(reader: Reader, source: str) -> None:
    for version in newest_versions([one for one in model_versions(reader, "lead_score") if one.source == source]):
        used = "is used" if version.used else "is not used; lists follow the declared rule"
        console.print(f"[bold]score[/]    the lead score {used}, AUC {_auc(version)}", soft_wrap=True)


def link_person(settings: Settings, slack_user: str, words: str) -> int:
    """Keep which person a Slack user is."""
    if not re.fullmatch(r"[UW][A-Z0-9]{2,20}", slack_user):
        errors.print(f"{escape(repr(slack_user))} is no Slack member ID; Slack shows it in a profile, as in U012AB3CD.")
        return 2
    warehouse = open_warehouse(settings)
    with warehouse.reader() as reader:
        people = find_people(reader, words)
    if len(people) != 1:
        found = "nobody" if not people else ", ".join(f"{person.role}:{person.person_id}" for person in people)
        errors.print(f"{escape(repr(words))} means {escape(found)} here; name one person by id, e-mail or exact name.")
        return 2
    link_slack_user(warehouse, slack_user, people[0], utc_now())
    console.print(f"Slack user {escape(slack_user)} is {escape(people[0].name)} ({people[0].role}).")
    return 0
