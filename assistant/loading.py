"""The commands that fill the warehouse and show what came of it."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import select

from analytics.organisation import find_people, sample_people
from analytics.warehouse.tables import models as models_table
from analytics.warehouse.tables import slack_identities
from analytics.warehouse.warehouse import replace_rows
from assistant.app import open_warehouse, utc_now
from assistant.settings import Settings
from assistant.terminal import console, errors, show_import

_STEPS = {
    "build": "Building the company",
    "read": "Reading the export",
    "load": "Loading a new version",
    "score": "Training and scoring",
    "rank": "Training and scoring",
    "publish": "Publishing",
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


def build_demo(settings: Settings, *, until: date, scale: float, seed: int) -> int:
    """Build, load and score the demo company; show its size and whom to ask as."""
    from analytics.demo.load import load_demo

    warehouse = open_warehouse(settings)
    truth = settings.home / "truth.json"
    with _progress(4) as tell:
        company = load_demo(
            warehouse, until, seed=seed, scale=scale, models_dir=settings.models, truth=truth, progress=tell
        )
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


def import_export(settings: Settings, source: str, path: Path, language: str) -> int:
    """Import an export and report what was taken, mended, unclear, rejected and missing."""
    from analytics.sources.find import find_mapping
    from analytics.sources.intake import import_source

    mapping = find_mapping(source, [settings.mappings] if settings.mappings else [])
    settings.home.mkdir(parents=True, exist_ok=True)
    with _progress(4) as tell:
        report = import_source(
            open_warehouse(settings), mapping, path, models_dir=settings.models, home=settings.home, progress=tell,
            now=utc_now(),
        )  # fmt: skip
    show_import(report, language)
    _show_verdicts(settings, source)
    return 0


def show_models(settings: Settings, *, as_json: bool) -> int:
    """The registry: every model version, whether it is used and why."""
    with open_warehouse(settings).reader() as reader:
        rows = reader.rows(select(models_table).order_by(models_table.c.source, models_table.c.trained_at))
    if as_json:
        print(jsonlib.dumps([_model(row) for row in rows], ensure_ascii=False))
        return 0
    table = Table(box=None, pad_edge=False)
    for column in ("model", "version", "leads of", "used", "AUC", "baseline", "why"):
        table.add_column(column)
    for row in rows:
        verdict = row.verdict or {}
        auc = verdict.get("auc") or {}
        interval = f"{auc['value']:.3f} ({auc['low']:.3f}-{auc['high']:.3f})" if auc else "-"
        baseline = f"{verdict['baseline_auc']:.3f}" if "baseline_auc" in verdict else "-"
        why = str((verdict.get("why") or {}).get("code", "-"))
        table.add_row(row.model_id, row.version, row.source, "yes" if row.used else "no", interval, baseline, why)
    console.print(table)
    return 0


def _model(row: Any) -> dict[str, Any]:
    found = dict(row._mapping)
    found["trained_at"] = row.trained_at.isoformat() if row.trained_at else None
    return found


def _show_verdicts(settings: Settings, source: str) -> None:
    with open_warehouse(settings).reader() as reader:
        statement = (
            select(models_table)
            .where(models_table.c.source == source, models_table.c.model_id == "lead_score")
            .order_by(models_table.c.trained_at.desc())
            .limit(1)
        )
        for row in reader.rows(statement):
            auc = (row.verdict or {}).get("auc") or {}
            found = f", AUC {auc['value']:.3f} ({auc['low']:.3f}-{auc['high']:.3f})" if auc else ""
            used = "is used" if row.used else "is not used; lists follow the declared rule"
            console.print(f"[bold]score[/]    the lead score {used}{found}", soft_wrap=True)


def link_slack_user(settings: Settings, slack_user: str, words: str) -> int:
    """Keep which person a Slack user is; outlives every load."""
    warehouse = open_warehouse(settings)
    with warehouse.reader() as reader:
        people = find_people(reader, words)
    if len(people) != 1:
        found = "nobody" if not people else ", ".join(f"{person.role}:{person.person_id}" for person in people)
        errors.print(f"{escape(repr(words))} means {escape(found)} here; name one person by id, e-mail or exact name.")
        return 2
    person = people[0]
    row = {"slack_user_id": slack_user, "person_id": person.person_id, "linked_at": utc_now(), "source": "link"}
    with warehouse.kept() as connection:
        replace_rows(connection, slack_identities, [row])
    console.print(f"Slack user {escape(slack_user)} is {escape(person.name)} ({person.role}).")
    return 0
