"""The command line. Each command is thin: what it does lives in the rooms, and loads only when it runs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.settings import Settings

app = typer.Typer(
    name="leadline",
    help="Ask your sales data in English or Chinese, here or in Slack. Every number is computed, none is made up.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print the machine-readable answer.")]
Today = Annotated[str | None, typer.Option(help="Answer as of the end of this day, YYYY-MM-DD.", metavar="DATE")]
Db = Annotated[str | None, typer.Option(help="Another warehouse, as an SQLAlchemy URL.", metavar="URL")]


def _day(text: str | None) -> date | None:
    from assistant.days import NoDay, read_day

    try:
        return None if text is None else read_day(text)
    except NoDay as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _settings(db: str | None = None) -> Settings:
    from pydantic import ValidationError

    from assistant.edge import log_to
    from assistant.settings import Settings

    try:
        settings = Settings() if db is None else Settings(warehouse_url=db)
    except ValidationError as wrong:
        for fault in wrong.errors():
            typer.echo(f"LEADLINE_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}", err=True)
        raise typer.Exit(2) from None
    log_to(settings.home)
    return settings


@app.command(epilog='Example: leadline ask --as rep:R014 "which leads should I call today"')
def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads one per line from standard input.")],
    as_: Annotated[str, typer.Option("--as", help="Who asks: ROLE:ID, an id, an e-mail or an exact name.")] = "",
    today: Today = None,
    lang: Annotated[str | None, typer.Option(help="en, zh-Hans or zh-Hant; the question's own by default.")] = None,
    thread: Annotated[str | None, typer.Option(help="The thread this question belongs to.", metavar="ID")] = None,
    chart: Annotated[
        Path | None, typer.Option(help="Also draw the answer's first chart into this file.", metavar="PATH.png")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Also write the answer into this file.", metavar="PATH.csv|.pdf|.png")
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Answer a question."""
    from assistant.asking import Asking, ask_lines, ask_once

    asking = Asking(as_=as_, today=_day(today), lang=_language(lang), thread=thread)
    if chart is not None:
        _check_chart(chart, question)
    if save is not None:
        _check_save(save, question)
    settings = _settings(db)
    if question == "-":
        raise typer.Exit(ask_lines(settings, asking, sys.stdin.buffer, json_wanted=json))
    raise typer.Exit(ask_once(settings, asking, question, json_wanted=json, chart=chart, save=save))


@app.command(epilog="Example: leadline digest --as manager:R047 --period week --pdf week.pdf")
def digest(
    as_: Annotated[str, typer.Option("--as", help="Who asks: ROLE:ID, an id, an e-mail or an exact name.")] = "",
    period: Annotated[str, typer.Option(help="day, week, month, quarter or year: the last full one.")] = "week",
    csv: Annotated[Path | None, typer.Option(help="Also write its figures here.", metavar="PATH.csv")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Also write it here, on one page.", metavar="PATH.pdf")] = None,
    png: Annotated[Path | None, typer.Option(help="Also draw it here, as one picture.", metavar="PATH.png")] = None,
    today: Today = None,
    lang: Annotated[str | None, typer.Option(help="en, zh-Hans or zh-Hant; the asker's own by default.")] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Print the KPI summary, and write it into files."""
    from assistant.asking import Asking
    from assistant.digesting import RHYTHMS
    from assistant.digesting import digest as run

    if period not in RHYTHMS:
        raise typer.BadParameter(f"{period!r} is no period here; choose {', '.join(RHYTHMS)}.", param_hint="--period")
    wanted = {"csv": csv, "pdf": pdf, "png": png}
    for ending, path in wanted.items():
        if path is not None:
            _check_file(path, f"--{ending}", ending)
    asking = Asking(as_=as_, today=_day(today), lang=_language(lang))
    files = [path for path in wanted.values() if path is not None]
    raise typer.Exit(run(_settings(db), asking, period, files, json_wanted=json))


def _check_save(save: Path, question: str) -> None:
    if question == "-":
        raise typer.BadParameter("writes the answer to one question, not to many.", param_hint="--save")
    _check_file(save, "--save")


def _check_file(path: Path, option: str, ending: str = "") -> None:
    from assistant.saving import CannotSave, kind_of

    try:
        kind = kind_of(path)
    except CannotSave as wrong:
        raise typer.BadParameter(str(wrong), param_hint=option) from None
    if ending and kind != ending:
        raise typer.BadParameter(f"{path} must end in .{ending}.", param_hint=option)


def _check_chart(chart: Path, question: str) -> None:
    if question == "-":
        raise typer.BadParameter("draws the answer to one question, not to many.", param_hint="--chart")
    if chart.suffix.lower() != ".png":
        raise typer.BadParameter(f"{chart} must end in .png.", param_hint="--chart")
    if chart.is_dir() or not chart.absolute().parent.is_dir():
        raise typer.BadParameter(f"{chart} cannot be written: its folder must exist.", param_hint="--chart")


def _language(lang: str | None) -> str | None:
    from assistant.question import Language

    if lang is not None and lang not in set(Language):
        raise typer.BadParameter(f"{lang!r} is no language here; choose en, zh-Hans or zh-Hant.", param_hint="--lang")
    return lang


@app.command(epilog="Example: leadline demo --today 2026-11-23")
def demo(
    today: Today = None,
    scale: Annotated[float, typer.Option(min=0.005, max=50, help="Multiplies customers, leads and work.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another company.")] = 2026,
    db: Db = None,
) -> None:
    """Build the demo company up to a day (its own today): every table filled, with known truths planted in it."""
    from assistant.loading import build_demo

    raise typer.Exit(build_demo(_settings(db), until=_day(today), scale=scale, seed=seed))


@app.command("import", epilog="Example: leadline import crm_sales exports/crm_sales")
def import_(
    source: Annotated[str, typer.Argument(help="The mapping that reads the export, such as crm_sales.")],
    path: Annotated[Path, typer.Argument(help="The export: a file or a folder.")],
    db: Db = None,
    lang: Annotated[str, typer.Option(help="Language of the notes.")] = "en",
) -> None:
    """Load an export, mend what declared rules can mend, and report the rest."""
    from assistant.loading import import_export

    raise typer.Exit(import_export(_settings(db), source, path, "zh" if lang.startswith("zh") else "en"))


@app.command(epilog="Example: leadline kpis marketing_roi")
def kpis(
    what: Annotated[
        str, typer.Argument(help="A KPI's id; or `check` to validate the files.", metavar="[ID|check]")
    ] = "",
    folder: Annotated[Path | None, typer.Argument(help="For check: a folder of KPI files of your own.")] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """List the KPIs, show one with its SQL, or check the KPI files."""
    from assistant.kpi_files import check_kpis, list_kpis, show_kpi

    settings = _settings(db)
    if folder is not None and what != "check":
        raise typer.BadParameter("a folder is only checked: leadline kpis check FOLDER", param_hint="FOLDER")
    if what == "check":
        raise typer.Exit(check_kpis(folder, settings))
    raise typer.Exit(show_kpi(settings, what, as_json=json) if what else list_kpis(settings, as_json=json))


@app.command("eval", epilog="Example: leadline eval questions.jsonl --max-wrong 0.01")
def eval_(
    file: Annotated[Path, typer.Argument(help="JSON lines: question, as, today, lang, thread, and expect.")],
    as_: Annotated[str, typer.Option("--as", help="Who asks where a line does not say.")] = "",
    today: Today = None,
    show: Annotated[int, typer.Option(min=0, help="Show this many cases of each outcome.", metavar="N")] = 20,
    counts_only: Annotated[bool, typer.Option("--counts-only", help="Never print what was asked.")] = False,
    max_wrong: Annotated[
        float | None, typer.Option(min=0, max=1, help="Exit 1 when more than this share is wrong.", metavar="SHARE")
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Ask a file of questions and count right, asked back, refused and wrong."""
    from assistant.asking import Asking
    from assistant.evaluating import evaluate

    asking = Asking(as_=as_, today=_day(today))
    raise typer.Exit(
        evaluate(
            _settings(db), file, asking,
            json_wanted=json, counts_only=counts_only, most_shown=show, max_wrong=max_wrong,
        )
    )  # fmt: skip


@app.command(epilog="Example: leadline models --json")
def models(db: Db = None, json: Json = False) -> None:
    """Show which models run and how they did on leads they had not seen."""
    from assistant.loading import show_models

    raise typer.Exit(show_models(_settings(db), as_json=json))


@app.command(epilog="Example: leadline close-month 2026-10 --as admin:P056")
def close_month(
    month: Annotated[str | None, typer.Argument(help="The month, YYYY-MM; none lists what is closed.")] = None,
    as_: Annotated[str, typer.Option("--as", help="Who closes it: an executive or an admin.")] = "",
    reopen: Annotated[
        str | None, typer.Option(help="Open it again, and why; the reason is kept.", metavar="WHY")
    ] = None,
    today: Today = None,
    lang: Annotated[str | None, typer.Option(help="en, zh-Hans or zh-Hant.")] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Freeze the figures of a month that is over; what later loads change in them is told from then on."""
    from assistant.asking import Asking
    from assistant.books import close_month as close

    asking = Asking(as_=as_, today=_day(today), lang=_language(lang))
    raise typer.Exit(close(_settings(db), asking, month, reopen, as_json=json))


@app.command(epilog='Example: leadline baseline recalibrate --kpi win_rate --period 2025 --note "Pilot over" --as P056')
def baseline(
    action: Annotated[str, typer.Argument(help="list, set, or recalibrate: take it from the data.")] = "list",
    kpi: Annotated[str | None, typer.Option(help="A KPI's id.")] = None,
    period: Annotated[str, typer.Option(help="The period it is of: 2025, 2026-10, Q3 2026.")] = "",
    value: Annotated[float | None, typer.Option(help="For set: the value, a share as 0.25.")] = None,
    note: Annotated[str, typer.Option(help="Why it is recorded; kept with it.")] = "",
    of: Annotated[str, typer.Option(help="company, region:NAME, team:ID or rep:ID.")] = "company",
    as_: Annotated[str, typer.Option("--as", help="Who records it: an executive or an admin.")] = "",
    today: Today = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Show the baselines and their record, or record a new one; none is ever overwritten."""
    from assistant.asking import Asking
    from assistant.books import BaselineGiven, list_baselines, record_baseline

    if action not in ("list", "set", "recalibrate"):
        raise typer.BadParameter("choose list, set or recalibrate.", param_hint="ACTION")
    if action == "list":
        raise typer.Exit(list_baselines(_settings(db), kpi, as_json=json))
    if kpi is None or not period or (action == "set") != (value is not None):
        needed = "--kpi, --period and --value" if action == "set" else "--kpi and --period, and no --value"
        raise typer.BadParameter(f"{action} needs {needed}.", param_hint="ACTION")
    given = BaselineGiven(kpi, period, note, of, value)
    raise typer.Exit(record_baseline(_settings(db), Asking(as_=as_, today=_day(today)), given, as_json=json))


@app.command(epilog="Example: leadline yardsticks targets targets.csv --as admin:P056")
def yardsticks(
    kind: Annotated[str, typer.Argument(help="targets, baselines or benchmarks.")],
    file: Annotated[Path, typer.Argument(help="A CSV file with the columns of that table.")],
    as_: Annotated[str, typer.Option("--as", help="Who loads them: an executive or an admin.")] = "",
    today: Today = None,
    db: Db = None,
) -> None:
    """Load targets, baselines or benchmarks from a CSV file, all of it or none."""
    from assistant.asking import Asking
    from assistant.books import load_file

    raise typer.Exit(load_file(_settings(db), Asking(as_=as_, today=_day(today)), kind, file))


@app.command(epilog="Example: leadline forecast --today 2026-11-30")
def forecast(today: Today = None, db: Db = None, json: Json = False) -> None:
    """Forecast the months to come and keep it, so that forecasts can be held against what comes."""
    from assistant.forecasting import issue

    raise typer.Exit(issue(_settings(db), today=_day(today), as_json=json))


@app.command(epilog='Example: leadline link U012AB3CD "Anna Snelling"')
def link(
    slack_user: Annotated[str, typer.Argument(help="The member ID that Slack shows in a profile.")],
    person: Annotated[str, typer.Argument(help="ROLE:ID, an id, an e-mail or an exact name.")],
    db: Db = None,
) -> None:
    """Say which person of the company a Slack user is."""
    from assistant.loading import link_person

    raise typer.Exit(link_person(_settings(db), slack_user, person))


@app.command(epilog="Example: leadline serve --port 3000")
def serve(
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="Connect out to Slack; needs no address.")] = False,
    host: Annotated[str, typer.Option(help="Listen on this address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Listen on this port.")] = 3000,
) -> None:
    """Answer in Slack, over HTTP or Socket Mode, with worker processes."""
    from assistant.serving import serve as run

    raise typer.Exit(run(_settings(), socket_mode=socket_mode, host=host, port=port))


@app.command(hidden=True)
def worker() -> None:
    """Answer what waits in the inbox; `serve` starts and watches these."""
    from assistant.serving import work

    raise typer.Exit(work(_settings()))


@app.command(epilog="Example: leadline fake-slack --port 3001 --app-url http://127.0.0.1:3000/slack/events")
def fake_slack(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Listen on this port.")] = 3001,
    app_url: Annotated[str | None, typer.Option(help="Where to send events; none: Socket Mode only.")] = None,
    db: Db = None,
) -> None:
    """Run a stand-in for Slack on this machine, with a page to type in."""
    from assistant.serving import fake

    raise typer.Exit(fake(_settings(db), port=port, app_url=app_url))


@app.command(epilog="Example: leadline manifest --url https://leadline.example/slack/events")
def manifest(
    url: Annotated[str | None, typer.Option(help="The public address of /slack/events.")] = None,
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="For Socket Mode, which needs no address.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> None:
    """Print the app manifest to paste into Slack."""
    from assistant.slack.manifest import manifest as wanted
    from assistant.slack.manifest import manifest_text

    if not socket_mode and url is None:
        raise typer.BadParameter("give the public address of /slack/events, or --socket-mode.", param_hint="--url")
    typer.echo(manifest_text(wanted(url, socket_mode=socket_mode), "json" if json else "yaml"), nl=False)


@app.command(epilog="Example: leadline doctor --json")
def doctor(db: Db = None, json: Json = False) -> None:
    """Check every part that is configured; exits 0 only when all of them work."""
    from assistant.doctor import examine

    raise typer.Exit(examine(_settings(db), as_json=json))


def main() -> None:
    """The console script: what the person can mend is one sentence, our own fault one reference."""
    from assistant.edge import guarded

    sys.exit(guarded(app))


if __name__ == "__main__":
    main()
