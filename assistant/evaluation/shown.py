"""An evaluation as people read it, as lines in a pipe, and as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.evaluation.cases import Case
from assistant.evaluation.counted import Counts, by_kind, counts_of
from assistant.evaluation.judged import Judged, Outcome
from assistant.terminal import console

_NAMES = {
    Outcome.RIGHT: "right",
    Outcome.ASKED_BACK: "asked back",
    Outcome.REFUSED: "refused",
    Outcome.WRONG: "wrong",
}
_STYLES = {Outcome.RIGHT: "green", Outcome.ASKED_BACK: "yellow", Outcome.REFUSED: "yellow", Outcome.WRONG: "bold red"}
_WORST_FIRST = (Outcome.WRONG, Outcome.ASKED_BACK, Outcome.REFUSED)


def show(judged: Sequence[Judged], *, most: int | None) -> None:
    """The counts, then up to `most` cases of each outcome that is not right; None: the counts alone."""
    if not console.is_terminal:
        for line in _lines(judged, most):
            print(line)
        return
    console.print(_outcome_table(counts_of(judged)))
    console.print()
    console.print(_kind_table(by_kind(judged)))
    if most is not None:
        for outcome in _WORST_FIRST:
            _show_cases(outcome, [one for one in judged if one.outcome is outcome], most)


def as_json(path: Path, judged: Sequence[Judged], *, with_cases: bool) -> str:
    """The whole evaluation as one object; without cases nothing tells what was asked."""
    told: dict[str, Any] = {"file": str(path), **_json_counts(counts_of(judged))}
    told["by_kind"] = {kind: _json_counts(counts) for kind, counts in by_kind(judged).items()}
    if with_cases:
        told["cases"] = [_json_case(one) for one in judged]
    return json.dumps(told, ensure_ascii=False, default=_json_number)


def _rows(counts: Counts) -> Iterator[tuple[str, int, float | None, str]]:
    """Name, count, share and style of each line of the table of outcomes."""
    for outcome in Outcome:
        yield _NAMES[outcome], counts.outcomes[outcome], counts.share(outcome), _STYLES[outcome]
        if outcome is Outcome.RIGHT and counts.right_questions_back:
            share = counts.right_questions_back / counts.questions
            yield "  of which questions back", counts.right_questions_back, share, "dim"
    yield "questions", counts.questions, None, "bold"
    for name, (right, of) in (("right plan", counts.plans), ("right answer", counts.answers)):
        if of:
            yield f"{name}, of {of:,}", right, right / of, ""


def _outcome_table(counts: Counts) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, count, share, style in _rows(counts):
        table.add_row(name, f"{count:,}", "" if share is None else f"{share:.1%}", style=style)
    return table


def _kind_table(kinds: Mapping[str, Counts]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("expected", overflow="fold")
    for heading in ("right", "back", "refused", "wrong"):
        table.add_column(heading, justify="right", overflow="fold")
    for kind, counts in kinds.items():
        cells = [Text(str(count) if count else "·", style="" if count else "dim") for count in _columns(counts)]
        table.add_row(kind, *cells)
    return table


def _columns(counts: Counts) -> list[int]:
    return [counts.outcomes[outcome] for outcome in Outcome]


def _show_cases(outcome: Outcome, cases: Sequence[Judged], most: int) -> None:
    if not cases:
        return
    console.print(Text(f"\n{_NAMES[outcome]} ({len(cases):,})", style=_STYLES[outcome]))
    for one in cases[:most]:
        console.print()
        console.print(Text.assemble((f"{one.case.line}  ", "dim"), one.case.question))
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        table.add_row("expected", Text(_expected(one)))
        table.add_row("got", Text(_got(one)))
        console.print(Padding(table, (0, 0, 0, 2)))
    if len(cases) > most:
        console.print(Text(f"\n... and {len(cases) - most:,} more: --show {len(cases)}", style="dim"))


def _lines(judged: Sequence[Judged], most: int | None) -> Iterator[str]:
    counts = counts_of(judged)
    for name, count, share, _ in _rows(counts):
        yield "\t".join((name.strip(), str(count), "" if share is None else f"{share:.1%}"))
    for kind, of_kind in by_kind(judged).items():
        told = (f"{count} {_NAMES[outcome]}" for outcome, count in zip(Outcome, _columns(of_kind), strict=True))
        yield "\t".join((kind, *told))
    if most is None:
        return
    for outcome in _WORST_FIRST:
        for one in [one for one in judged if one.outcome is outcome][:most]:
            question = " ".join(one.case.question.split())
            yield "\t".join((_NAMES[outcome], f"line {one.case.line}", question, _expected(one), _got(one)))


def _expected(one: Judged) -> str:
    """The expected route and, of what was expected, that which is not there."""
    fields = [f"{found.field} {_told(found.expected)}" for found in one.differs if found.field != "route"]
    return " · ".join(filter(None, (one.expected.route, *fields)))


def _got(one: Judged) -> str:
    """The route, why it was refused, and what stands where something else was expected."""
    route = f"{one.route} (refused: {one.refused})" if one.refused and one.route != "refuse" else one.route
    if one.route in ("refuse", "clarify"):
        route = f"{one.route} ({one.plan.get('reason')})"
    fields = [
        f"{found.field} {_told(found.got)}"
        for found in one.differs
        if found.field != "route" and (one.route not in ("refuse", "clarify") or found.field != "reason")
    ]
    return " · ".join((route, *fields))


def _told(value: Any) -> str:
    if isinstance(value, Mapping) and {"start", "end"} <= set(value):
        return f"{value['start']}..{value['end']}"
    return "none" if value is None else json.dumps(value, ensure_ascii=False, default=_json_number)


def _json_counts(counts: Counts) -> dict[str, Any]:
    return {
        "questions": counts.questions,
        **{str(outcome): counts.outcomes[outcome] for outcome in Outcome},
        "right_questions_back": counts.right_questions_back,
        "shares": {str(outcome): round(counts.share(outcome), 4) for outcome in Outcome},
        "right_plan": dict(zip(("right", "of"), counts.plans, strict=True)),
        "right_answer": dict(zip(("right", "of"), counts.answers, strict=True)),
    }


def _json_case(one: Judged) -> dict[str, Any]:
    return {
        **_json_question(one.case),
        "outcome": str(one.outcome),
        "right_plan": one.right_plan,
        "right_answer": one.right_answer,
        "expected": [{key: value for key, value in vars(expected).items() if value} for expected in one.case.expected],
        "got": {"route": one.route, "refused": one.refused, "plan": one.plan},
        "differs": [vars(found) for found in one.differs],
    }


def _json_question(case: Case) -> dict[str, Any]:
    return {
        "line": case.line,
        "question": case.question,
        "as": case.as_ or None,
        "today": case.today.isoformat() if case.today else None,
        "lang": case.lang,
        "thread": case.thread,
    }


def _json_number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is no number")
