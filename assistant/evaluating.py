"""`leadline eval FILE`: questions with what is expected of their answers, asked and counted."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.app import build_desk, utc_now
from assistant.asking import Asking, answered
from assistant.desk import as_json
from assistant.evaluation.cases import BadCases, Case, read_cases
from assistant.evaluation.counted import counts_of
from assistant.evaluation.judged import Judged, Outcome, judge
from assistant.evaluation.shown import as_json as evaluation_as_json
from assistant.evaluation.shown import show
from assistant.settings import Settings
from assistant.store import Store
from assistant.subscriptions import Subscriptions
from assistant.terminal import errors

if TYPE_CHECKING:
    from assistant.desk import Desk
    from assistant.question import Answer

SHOWN = 20  # cases of each outcome, unless told otherwise


def evaluate(
    settings: Settings,
    path: Path,
    asking: Asking,
    *,
    json_wanted: bool = False,
    counts_only: bool = False,
    most_shown: int = SHOWN,
    max_wrong: float | None = None,
) -> int:
    """Ask every question of the file and print right, asked back, refused and wrong.

    `asking` holds for lines that do not say who asks, when, and in which language. Exits 2 where the file cannot be
    read, 1 where more than the share `max_wrong` is wrong. With `counts_only` nothing tells what was asked. Nobody is
    subscribed to anything by it.
    """
    try:
        cases = read_cases(path)
    except BadCases as bad:
        errors.print(escape(str(bad)), soft_wrap=True)
        return 2
    with TemporaryDirectory() as scratch:
        desk = build_desk(settings)
        desk.subscriptions = Subscriptions(lambda: Store.open(f"sqlite:///{scratch}/store.db", utc_now))
        judged = _judged(desk, cases, asking)
    if json_wanted:
        print(evaluation_as_json(path, judged, with_cases=not counts_only))
    else:
        show(judged, most=None if counts_only else most_shown)
    too_many = max_wrong is not None and counts_of(judged).share(Outcome.WRONG) > max_wrong
    return 1 if too_many else 0


def _judged(desk: Desk, cases: Sequence[Case], asking: Asking) -> list[Judged]:
    """In the order of the file: the questions of a thread follow each other as they stand there."""
    run = secrets.token_hex(4)  # threads of this run alone: an earlier one must not be gone on with
    return [judge(case, json.loads(as_json(_asked(desk, case, asking, run)))) for case in _with_progress(cases)]


def _asked(desk: Desk, case: Case, asking: Asking, run: str) -> Answer:
    own = replace(
        asking,
        as_=case.as_ or asking.as_,
        today=case.today or asking.today,
        lang=case.lang or asking.lang,
        thread=f"eval-{run}-{case.thread}" if case.thread else None,
    )
    return answered(desk, case.question, own)


def _with_progress(cases: Sequence[Case]) -> Iterator[Case]:
    """The cases, with a bar on a terminal that goes away at the end."""
    columns = (TextColumn("asking"), BarColumn(bar_width=None), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        yield from progress.track(cases)
