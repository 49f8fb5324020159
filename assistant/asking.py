"""Questions from the command line: one, or one per line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.app import build_desk
from assistant.days import NoDay, read_day
from assistant.desk import Desk, as_json
from assistant.edge import fault_logged, mendable
from assistant.question import Language, Question
from assistant.saving import CannotSave, saved
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.question import Answer

LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class Asking:
    """What the command line's options set for every question; a line may set its own."""

    as_: str = ""
    today: date | None = None
    lang: str | None = None
    thread: str | None = None


class BadLine(ValueError):
    """A line that says something other than it may; the message names what."""


def ask_once(
    settings: Settings,
    asking: Asking,
    text: str,
    *,
    json_wanted: bool,
    chart: Path | None = None,
    save: Path | None = None,
) -> int:
    """Answer one question on standard output; the exit code.

    Its first picture is drawn into the file `chart`, the whole of it written into the file `save`.
    """
    desk = build_desk(settings)
    answer = answered(desk, _whole(text), asking)
    show(answer, json_wanted)
    try:
        if chart is not None:
            print(_drawn(answer, chart), file=sys.stderr)
        for sentence in saved(answer, [save] if save is not None else []):
            print(sentence, file=sys.stderr)
    except OSError as error:
        print(f"{chart} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    except CannotSave as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return exit_code(answer)


def ask_lines(settings: Settings, asking: Asking, lines: Iterable[bytes], *, json_wanted: bool) -> int:
    """Answer each line as it comes; a line is a question or a JSON object with `question` and options."""
    desk = build_desk(settings)
    worst = 0
    for raw in lines:
        text = raw[:LONGEST_LINE].decode("utf-8", "replace").rstrip("\r\n")
        try:
            question, own = _line(text, asking)
        except BadLine as bad:
            answer = desk.refused(text, "bad_line", (str(bad),))
        else:
            answer = answered(desk, question, own)
        worst = max(worst, exit_code(_shown(desk, answer, text, json_wanted)))
    return worst


def _shown(desk: Desk, answer: Answer, text: str, json_wanted: bool) -> Answer:
    """Print it; an answer that cannot be printed is a fault of ours, told like any other, and the run goes on."""
    try:
        show(answer, json_wanted)
    except (OSError, UnicodeEncodeError):  # nothing can be written, so neither can a refusal
        raise
    except Exception as error:  # the edge: one bad answer must not end the run
        answer = desk.refused(text, "our_fault", (fault_logged(error),))
        show(answer, json_wanted)
    return answer


def _line(text: str, asking: Asking) -> tuple[str, Asking]:
    if not text.lstrip().startswith("{"):
        return text, asking
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return text, asking
    if not isinstance(given, dict) or "question" not in given:
        return text, asking
    for name in ("question", "as", "today", "lang", "thread"):
        if not isinstance(given.get(name, ""), str | None):
            raise BadLine(f"{name} must be text")
    own = replace(
        asking,
        as_=given.get("as") or asking.as_,
        today=_day(given.get("today")) or asking.today,
        lang=given.get("lang") or asking.lang,
        thread=given.get("thread") or asking.thread,
    )
    if own.lang is not None and own.lang not in set(Language):
        raise BadLine("lang must be en, zh-Hans or zh-Hant")
    return _whole(given["question"] or ""), own


def _day(text: str | None) -> date | None:
    try:
        return read_day(text) if text else None
    except NoDay as wrong:
        raise BadLine(str(wrong)) from None


def _whole(text: str) -> str:
    """Text without halves of characters, which no output could carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def answered(desk: Desk, text: str, asking: Asking) -> Answer:
    """The answer to one question as the options say; a fault of ours as a refusal."""
    try:
        asker = desk.asker(asking.as_) if asking.as_ else None
        question = Question(
            text=text,
            asker=asker,
            clock=desk.clock(asker, asking.today),
            language=Language(asking.lang) if asking.lang else None,
            thread=asking.thread,
            asked_as=asking.as_,
        )
        answer = desk.answer(question)
        if desk.conversations is not None:
            desk.conversations.remember(question, answer, desk.now())
        return answer
    except Exception as error:  # the edge: one bad question must not end the run
        if mendable(error) is not None:
            raise
        return desk.refused(text, "our_fault", (fault_logged(error),))


def show(answer: Answer, json_wanted: bool) -> None:
    """Print it: for people, or on one line for programs."""
    if json_wanted:
        print(as_json(answer), flush=True)
        return
    from assistant.terminal import show_answer

    show_answer(answer)


def _drawn(answer: Answer, chart: Path) -> str:
    """Draw the first picture; what to say of it."""
    if not answer.pictures:
        return f"This answer has no chart, so {chart} was not written."
    from analytics.insights.charts import render_png

    chart.write_bytes(render_png(answer.pictures[0].chart))
    return f"Chart written to {chart}."


def exit_code(answer: Answer) -> int:
    """1 where the fault is ours; a refusal in good order is an answer."""
    return 1 if answer.plan.get("reason") == "our_fault" else 0
