"""A file of questions with what is expected of each answer -> cases; every line that says it wrongly is named."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from assistant.days import NoDay, read_day
from assistant.plans import Choice, Clarify, Compound, Refuse
from assistant.question import Language

ROUTES = tuple(kind.model_fields["kind"].default for kind in (*get_args(Choice), Compound, Clarify, Refuse))
_KEYS = ("question", "as", "today", "lang", "thread", "expect", "expect_any")
_EXPECTED = ("route", "plan", "figures", "cards")
_MOST_TOLD = 5


@dataclass(frozen=True)
class Expected:
    """What an answer must hold; None where the line says nothing of it.

    `plan` is a subset of the plan, `figures` of the figures (numbers as exact as they are written), `cards` are ids.
    """

    route: str | None = None
    plan: Mapping[str, Any] | None = None
    figures: Sequence[Mapping[str, Any]] = ()
    cards: Sequence[str] = ()


@dataclass(frozen=True)
class Case:
    """One question of the file; any one of `expected` will do."""

    line: int
    question: str
    expected: tuple[Expected, ...]
    as_: str = ""
    today: date | None = None
    lang: str | None = None
    thread: str | None = None


class BadCases(ValueError):
    """The file cannot be evaluated; the message names the lines and how to mend them."""


class _BadLine(ValueError):
    pass


def read_cases(path: Path) -> list[Case]:
    """The cases in the order of the file; blank lines are skipped. BadCases where a line cannot be read."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as wrong:
        raise BadCases(f"{path} is not UTF-8 text (byte {wrong.start:,}).") from None
    except OSError as wrong:
        raise BadCases(f"{path} cannot be read: {wrong.strerror}.") from None
    cases, bad = [], []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                cases.append(_case(number, line))
        except _BadLine as wrong:
            bad.append(f"{path}, line {number}: {wrong}.")
    if bad:
        more = f"\n... and {len(bad) - _MOST_TOLD} more lines." if len(bad) > _MOST_TOLD else ""
        raise BadCases("\n".join(bad[:_MOST_TOLD]) + more)
    if not cases:
        raise BadCases(f"{path} holds no questions. Each line is a JSON object with question and expect.")
    return cases


def _case(number: int, line: str) -> Case:
    try:
        given = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise _BadLine("is no JSON object; write one object with question and expect on each line") from None
    if not isinstance(given, dict):
        raise _BadLine("is no JSON object; write one object with question and expect on each line")
    _only(given, _KEYS, "")
    for name in ("question", "as", "today", "lang", "thread"):
        if not isinstance(given.get(name, ""), str | None):
            raise _BadLine(f"{name} must be text")
    if not given.get("question"):
        raise _BadLine("question is missing")
    if given.get("lang") not in (None, "", *Language):
        raise _BadLine("lang must be en, zh-Hans or zh-Hant")
    return Case(
        line=number,
        question=given["question"].encode("utf-8", "replace").decode("utf-8"),
        expected=_expected(given),
        as_=given.get("as") or "",
        today=_day(given.get("today")),
        lang=given.get("lang") or None,
        thread=given.get("thread") or None,
    )


def _expected(given: Mapping[str, Any]) -> tuple[Expected, ...]:
    if ("expect" in given) == ("expect_any" in given):
        raise _BadLine("write either expect or expect_any")
    if "expect" in given:
        return (_one_expected(given["expect"]),)
    several = given["expect_any"]
    if not isinstance(several, list) or not several:
        raise _BadLine("expect_any must be a list of what will do")
    return tuple(_one_expected(one) for one in several)


def _one_expected(given: Any) -> Expected:
    if not isinstance(given, dict) or not given:
        raise _BadLine("expect must be an object with route, plan, figures or cards")
    _only(given, _EXPECTED, "expect.")
    plan = given.get("plan")
    if plan is not None and not isinstance(plan, dict):
        raise _BadLine("expect.plan must be an object")
    route = given.get("route", (plan or {}).get("kind"))
    if route is not None and route not in ROUTES:
        raise _BadLine(f"expect.route must be one of {', '.join(ROUTES)}")
    figures, cards = given.get("figures") or [], given.get("cards") or []
    if not isinstance(figures, list) or not all(isinstance(figure, dict) for figure in figures):
        raise _BadLine("expect.figures must be a list of objects")
    if not isinstance(cards, list) or not all(isinstance(card, str) for card in cards):
        raise _BadLine("expect.cards must be a list of card ids")
    return Expected(route, plan, figures, cards)


def _only(given: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        raise _BadLine(f"{place}{unknown} is not known here; known are {', '.join(known)}")


def _day(text: str | None) -> date | None:
    try:
        return read_day(text) if text else None
    except NoDay as wrong:
        raise _BadLine(str(wrong).rstrip(".")) from None
