"""How many questions were right, asked back, refused and wrong, in all and by the kind that was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.cases import ROUTES
from assistant.evaluation.judged import Judged, Outcome


@dataclass(frozen=True)
class Counts:
    """Numbers of questions. `plans` and `answers` are (right, of those that name one)."""

    questions: int
    outcomes: dict[Outcome, int]
    right_questions_back: int
    plans: tuple[int, int]
    answers: tuple[int, int]

    def share(self, outcome: Outcome) -> float:
        """The share of an outcome among all questions."""
        return self.outcomes[outcome] / self.questions


def counts_of(judged: Sequence[Judged]) -> Counts:
    """The counts of at least one judged case."""
    plans = [one.right_plan for one in judged if one.right_plan is not None]
    answers = [one.right_answer for one in judged if one.right_answer is not None]
    return Counts(
        questions=len(judged),
        outcomes={outcome: sum(one.outcome is outcome for one in judged) for outcome in Outcome},
        right_questions_back=sum(one.right_question_back for one in judged),
        plans=(sum(plans), len(plans)),
        answers=(sum(answers), len(answers)),
    )


def by_kind(judged: Sequence[Judged]) -> dict[str, Counts]:
    """The counts by the kind of plan that was expected; cases that name none aside."""
    groups = {kind: [one for one in judged if one.case.expected[0].route == kind] for kind in ROUTES}
    return {kind: counts_of(group) for kind, group in groups.items() if group}
