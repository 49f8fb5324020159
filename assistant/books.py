"""The commands that keep the books: closing months, recording baselines, loading targets and benchmarks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from assistant.app import build_desk, kpi_model, open_warehouse, utc_now
from assistant.asking import Asking, exit_code, show
from assistant.desk import Desk
from assistant.question import Asker, Language, Question, Role
from assistant.settings import Settings
from assistant.terminal import console, errors

if TYPE_CHECKING:
    from analytics.semantic import Semantics
    from analytics.semantic.yardsticks import Baseline
    from analytics.vocabulary import Period

_WRITERS = (Role.ADMIN, Role.EXEC)
_WRONG = 2
_NOT_DONE = ("not_over", "closed_already", "not_closed", "no_reason", "nothing_to_close")
_NOT_RECORDED = {
    "no_note": "Say why with --note; it is kept with the baseline.",
    "no_unit": "A baseline is of one whole week, month, quarter or year, such as 2025 or 2026-10.",
    "not_over": "That period is not over; a baseline is taken from one that is.",
    "no_value": "That period has no value of this KPI to take.",
    "recorded_already": "A baseline of this KPI and period was recorded at this very moment.",
}


class _Wrong(ValueError):
    """What the command line says cannot be done; the message tells how to mend it."""


@dataclass(frozen=True)
class BaselineGiven:
    """A baseline as the command line gives it: `period` in words, `of` company, region:East, team:T1 or rep:R1.

    `value` None: taken from the data of the period.
    """

    kpi: str
    period: str
    note: str
    of: str = "company"
    value: float | None = None


# --- months


def close_month(settings: Settings, asking: Asking, month: str | None, reopen: str | None, *, as_json: bool) -> int:
    """Close a month, reopen it with the reason `reopen`, or (no month) list the closings: as when asked in words."""
    plan: dict[str, Any] = {"kind": "close", "action": "list"}
    if month is not None:
        plan |= {"action": "close" if reopen is None else "reopen", "month": month, "why": reopen or None}
    desk = build_desk(settings)
    asker = desk.asker(asking.as_) if asking.as_ else None
    language = Language(asking.lang or Language.EN)
    clock = desk.clock(asker, asking.today)
    answer = desk.answer(Question("", asker, clock, language, asked_as=asking.as_, plan=plan))
    show(answer, as_json)
    done = answer.route == "close" and answer.evidence.get("outcome") not in _NOT_DONE
    return exit_code(answer) if done else _WRONG


# --- baselines


def list_baselines(settings: Settings, kpi: str | None, *, as_json: bool) -> int:
    """Every baseline recorded, the newest of each KPI first, with when, by whom and why."""
    from analytics.insights.books.baselines import baselines_of
    from analytics.organisation import all_people, read_company

    if kpi is not None and kpi not in kpi_model(settings).kpis:
        return _told(_unknown(kpi, settings))
    with open_warehouse(settings).reader() as reader:
        found = baselines_of(reader, kpi, read_company(reader).fiscal_year_start)
        people = {person.person_id: person.name for person in all_people(reader)}
    if as_json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False))
        return 0
    if not found:
        console.print("No baseline is recorded.")
    for at, (why, ones) in enumerate(groupby(found, key=lambda one: _record_of(one, people))):
        console.print(f"{chr(10) if at else ''}{escape(why)}")
        table = Table(box=None, pad_edge=False)
        for column in ("KPI", "of", "period", "value"):
            table.add_column(column, justify="right" if column == "value" else "left", no_wrap=True)
        for one in ones:
            table.add_row(*(escape(cell) for cell in (one.kpi, _called(one), one.period.label, _number(one.value))))
        console.print(table)
    return 0


def _record_of(baseline: Baseline, people: Mapping[str, str]) -> str:
    """When, by whom and why."""
    by = people.get(baseline.recorded_by or "", baseline.recorded_by or "")
    return f"{baseline.recorded_at:%Y-%m-%d}{', ' if by else ''}{by}: {baseline.note or '-'}"


def record_baseline(settings: Settings, asking: Asking, given: BaselineGiven, *, as_json: bool) -> int:
    """Record a baseline: the value given, or that of its period in the data."""
    from analytics.insights.books.baselines import CannotRecord, recalibrate, record
    from analytics.semantic import QueryError
    from analytics.semantic.yardsticks import Baseline, Holder

    desk = build_desk(settings)
    try:
        asker = _writer(desk, asking)
        if given.kpi not in desk.model.kpis:
            raise _Wrong(_unknown(given.kpi, settings))
        kind, _, key = given.of.partition(":")
        if kind not in ("company", "region", "team", "rep") or (kind != "company") != bool(key):
            raise _Wrong(f"--of is company, region:NAME, team:ID or rep:ID, not {given.of!r}.")
        holder = Holder(kind, key)
        with _whole_company(desk, asker, asking.today) as semantics:
            period = _period(given.period, semantics)
            now = semantics.clock.now if asking.today or desk.today else utc_now()
            if given.value is None:
                made = recalibrate(
                    desk.warehouse, semantics, given.kpi, period,
                    holder=holder, note=given.note, by=asker.person_id, now=now,
                )  # fmt: skip
            else:
                own = Baseline(given.kpi, holder, period, given.value, now, given.note, asker.person_id)
                made = record(desk.warehouse, own)
    except CannotRecord as cannot:
        return _told(_NOT_RECORDED[cannot.reason])
    except QueryError as error:
        return _told(f"{given.kpi} cannot be told for {given.of} ({error.code}).")
    except _Wrong as wrong:
        return _told(str(wrong))
    if as_json:
        print(json.dumps(_as_json(made), ensure_ascii=False))
    else:
        kept = f"The baseline of {made.kpi} is {_number(made.value)} now, that of {made.period.label}."
        console.print(escape(f"{kept} Earlier ones stay on record."), soft_wrap=True)
    return 0


def _writer(desk: Desk, asking: Asking) -> Asker:
    """Who records it: an executive or an admin."""
    asker = desk.asker(asking.as_) if asking.as_ else None
    if asker is None:
        raise _Wrong("Say who records it with --as, such as --as admin:P056.")
    if asker.role not in _WRITERS:
        raise _Wrong("Baselines, targets and benchmarks are written by executives and admins only.")
    return asker


@contextmanager
def _whole_company(desk: Desk, asker: Asker, today: date | None) -> Iterator[Semantics]:
    from analytics.organisation import read_company
    from analytics.semantic import Semantics
    from analytics.vocabulary import Scope

    with desk.warehouse.reader() as reader:
        clock = desk.clock(asker, today)
        yield Semantics(desk.model, reader, clock, Scope.everything(), read_company(reader))


def _period(words: str, semantics: Semantics) -> Period:
    """The one period that the words name."""
    from assistant.understanding.normalise import normalise
    from assistant.understanding.periods import periods_in

    text = normalise(words)
    found = periods_in(text, semantics.clock.today, semantics.company.fiscal_year_start)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise _Wrong(f"{words!r} names no one period; say 2025, 2026-10, Q3 2026 or “last month”.")
    return found[0].period


def _number(value: float) -> str:
    return f"{value:,.{2 if abs(value) >= 100 else 4}f}".rstrip("0").rstrip(".")


def _called(baseline: Baseline) -> str:
    holder = baseline.holder
    return holder.kind if holder.kind == "company" else f"{holder.kind}:{holder.key}"


def _as_json(baseline: Baseline) -> dict[str, Any]:
    period = baseline.period
    return {
        "kpi": baseline.kpi,
        "of": _called(baseline),
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": period.label},
        "value": baseline.value,
        "recorded_at": baseline.recorded_at.isoformat(),
        "recorded_by": baseline.recorded_by,
        "note": baseline.note,
    }


# --- targets, baselines and benchmarks from a file


def load_file(settings: Settings, asking: Asking, kind: str, path: Path) -> int:
    """Keep what a CSV file holds of `targets`, `baselines` or `benchmarks`: all of it or none."""
    from analytics.insights.books.yardstick_files import KINDS, BadYardsticks, load_yardsticks

    if kind not in KINDS:
        return _told(f"{kind!r} is none of {', '.join(KINDS)}.")
    desk = build_desk(settings)
    try:
        asker = _writer(desk, asking)
        now = desk.clock(asker, asking.today).now
        kept = load_yardsticks(desk.warehouse, kind, path, kpis=desk.model.kpis, now=now, by=asker.person_id)
    except _Wrong as wrong:
        return _told(str(wrong))
    except BadYardsticks as bad:
        return _told(f"Nothing of {path.name} was taken:", *bad.faults)
    except OSError as error:
        return _told(f"{path} cannot be read: {error.strerror}.")
    console.print(f"{kept:,} {kind} of {escape(path.name)} are kept.")
    return 0


def _unknown(kpi: str, settings: Settings) -> str:
    from difflib import get_close_matches

    close = get_close_matches(kpi, kpi_model(settings).kpis, n=3)
    return f"There is no KPI {kpi!r}." + (f" Close: {', '.join(close)}." if close else " See leadline kpis.")


def _told(*sentences: str) -> int:
    for sentence in sentences:
        errors.print(escape(sentence), soft_wrap=True)
    return _WRONG
