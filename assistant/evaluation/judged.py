"""An answer held against what was expected: right, asked back, refused, or wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.evaluation.cases import Case, Expected
from assistant.evaluation.matching import Difference, differences, figure_found

NOT_YET = "not_yet"  # why a plan of a kind that is not installed was not run


class Outcome(StrEnum):
    """What became of a question. Only WRONG told the asker something untrue."""

    RIGHT = "right"
    ASKED_BACK = "asked_back"
    REFUSED = "refused"
    WRONG = "wrong"


@dataclass(frozen=True)
class Judged:
    """One case with its outcome.

    `route` and `refused` (the reason) are what came; `differs` is where it differs from the closest expectation,
    `expected`. `right_plan` and `right_answer` are None where the case names no route or plan, or no figures.
    """

    case: Case
    outcome: Outcome
    expected: Expected
    route: str
    refused: str | None
    plan: Mapping[str, Any]
    differs: tuple[Difference, ...]
    right_plan: bool | None
    right_answer: bool | None

    @property
    def right_question_back(self) -> bool:
        """A question back where one was expected."""
        return self.outcome is Outcome.RIGHT and self.route == "clarify"


@dataclass(frozen=True)
class _Read:
    """What of an answer is judged: the route of the understood plan, that plan, and why it was not run."""

    route: str
    plan: Mapping[str, Any]
    refusal: Mapping[str, Any] | None
    figures: Sequence[Mapping[str, Any]]
    cards: frozenset[str]

    @property
    def refused(self) -> str | None:
        """The reason of a refusal."""
        return self.refusal.get("reason") if self.refusal is not None else None

    def as_refusal(self) -> _Read:
        """The refusal by itself, whatever was understood."""
        return replace(self, route="refuse", plan=self.refusal or {})


def judge(case: Case, answer: Mapping[str, Any]) -> Judged:
    """`answer` is the machine-readable one; of several expectations the closest is judged by."""
    read = _read(answer)
    return min((_against(case, expected, read) for expected in case.expected), key=_distance)


def _distance(judged: Judged) -> tuple[bool, bool, int]:
    return judged.outcome is not Outcome.RIGHT, judged.expected.route not in (None, judged.route), len(judged.differs)


def _read(answer: Mapping[str, Any]) -> _Read:
    """A refusal that keeps the plan it understood is judged by that plan: it says why it was not run."""
    route, plan = answer["route"], dict(answer["plan"])
    if route == "refuse":
        understood = plan if plan.get("kind") != "refuse" else plan.get("understood")
        if understood and understood.get("kind"):
            route, plan = understood["kind"], {name: value for name, value in understood.items() if name != "refused"}
    return _Read(route, plan, _refusal(answer), _figures(answer), frozenset(_cards(answer)))


def _refusal(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Why an answer or a part of it was not given; of several, one that is more than a kind not installed."""
    if answer["route"] == "refuse":
        own: Mapping[str, Any] = answer["plan"].get("refused") or answer["plan"]
        return own
    of_parts = [refusal for part in answer.get("parts") or () if (refusal := _refusal(part)) is not None]
    return min(of_parts, key=lambda refusal: refusal.get("reason") == NOT_YET, default=None)


def _figures(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts = answer.get("parts") or ()
    return [*(answer.get("figures") or ()), *(figure for part in parts for figure in _figures(part))]


def _cards(answer: Mapping[str, Any]) -> set[str]:
    cited = [*(answer.get("citations") or ()), *(answer.get("items") or ())]
    own = {str(one["card"]) for one in cited if isinstance(one, Mapping) and one.get("card")}
    return own.union(*map(_cards, answer.get("parts") or ()))


def _against(case: Case, expected: Expected, read: _Read) -> Judged:
    if expected.route == "refuse" and read.refusal is not None:
        read = read.as_refusal()
    in_plan = _plan_differences(expected, read)
    beside = _beside(expected, read)
    judges_plan = expected.route is not None or expected.plan is not None
    return Judged(
        case=case,
        outcome=_outcome(expected, read, in_plan, beside),
        expected=expected,
        route=read.route,
        refused=read.refused,
        plan=read.plan,
        differs=(*in_plan, *beside),
        right_plan=not in_plan if judges_plan else None,
        right_answer=all(figure_found(figure, read.figures) for figure in expected.figures)
        if expected.figures
        else None,
    )


def _plan_differences(expected: Expected, read: _Read) -> list[Difference]:
    if expected.route not in (None, read.route):
        return [Difference("route", expected.route, read.route)]
    return differences(expected.plan, read.plan) if expected.plan is not None else []


def _beside(expected: Expected, read: _Read) -> list[Difference]:
    """What is missing beside the plan: figures, and cards that are not cited."""
    figures = [figure for figure in expected.figures if not figure_found(figure, read.figures)]
    cards = [card for card in expected.cards if card not in read.cards]
    near = [_near(figure, read.figures) for figure in figures]
    return [
        *(Difference("figure", figure, found) for figure, found in zip(figures, near, strict=True)),
        *(Difference("card", card, sorted(read.cards) or None) for card in cards),
    ]


def _near(figure: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What stands in the answer in the place of a figure: of its KPI and its group, the expected keys."""
    placed = {key: figure[key] for key in ("kpi", "where", "period") if key in figure}
    found = next((one for one in figures if figure_found(placed, [one])), None)
    return None if found is None else {key: found.get(key) for key in figure}


def _outcome(expected: Expected, read: _Read, in_plan: list[Difference], beside: list[Difference]) -> Outcome:
    if not in_plan:
        if read.refused is None or expected.route == "refuse" or (read.refused == NOT_YET and not beside):
            return Outcome.WRONG if beside else Outcome.RIGHT
        return Outcome.REFUSED
    if read.route == "refuse" or read.refused not in (None, NOT_YET):
        return Outcome.REFUSED
    return Outcome.ASKED_BACK if read.route == "clarify" else Outcome.WRONG
