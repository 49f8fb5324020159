"""What was asked before in the same thread: the plan that a follow-up goes on from, and keeping each turn.

Nobody goes on from somebody else's question: turns are found by thread and person. What is kept holds the question,
how it was read and its plan; never figures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from assistant.plans import Define, Help, Plan, Refuse
from assistant.question import Language

if TYPE_CHECKING:
    from assistant.question import Answer, Question
    from assistant.store.store import Store

REMEMBERED = timedelta(days=7)
"""How long a question can be gone on from."""
_LOOKED_AT = 5  # turns, newest first, among which one that can be gone on from is looked for
_LONGEST_THREAD = 255  # characters of a thread's name that the store keeps
_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


class Conversations:
    """The turns of every thread. `opened` gives the operational store; it is asked for at the first thread."""

    def __init__(self, opened: Callable[[], Store]) -> None:
        self._opened = opened

    def before(self, question: Question) -> Plan | None:
        """The asker's newest plan in this thread that words can go on from; None outside threads and for strangers."""
        where = _where(question)
        if where is None or question.plan is not None:
            return None
        from assistant.store.conversations import recall

        since = self._store.now() - REMEMBERED
        turns = recall(self._store, *where, limit=_LOOKED_AT)
        plans = (_plan(turn.plan) for turn in turns if turn.at >= since)
        return next((plan for plan in plans if plan is not None), None)

    def language_before(self, question: Question) -> Language | None:
        """The language the asker was last answered in here; None outside threads and for strangers."""
        where = _where(question)
        if where is None:
            return None
        from assistant.store.conversations import recall

        turns = recall(self._store, *where, limit=1)
        known = [turn.language for turn in turns if turn.language in set(Language)]
        return Language(known[0]) if known else None

    def remember(self, question: Question, answer: Answer, now: datetime) -> None:
        """Keep a turn; nothing outside threads and for strangers. Slack's worker keeps its own, with its inbox row."""
        where = _where(question)
        if where is None:
            return
        from assistant.store.conversations import Turn, remember

        turn = Turn(*where, question.text, answer.language, answer.plan, answer.route, answer.reading, now)
        with self._store.writing() as session:
            remember(session, turn)

    @cached_property
    def _store(self) -> Store:
        return self._opened()


def _where(question: Question) -> tuple[str, str] | None:
    if not question.thread or question.asker is None:
        return None
    return question.thread[:_LONGEST_THREAD], question.asker.person_id


def _plan(kept: dict[str, Any]) -> Plan | None:
    """A kept plan that can be gone on from: no help, no list of all KPIs, no refusal that understood nothing.

    What was understood but could not be run (`refused` says why) can be.
    """
    try:
        plan = _PLAN.validate_python({name: value for name, value in kept.items() if name != "refused"})
    except ValidationError:  # kept by a version that knew other plans
        return None
    if isinstance(plan, Help) or (isinstance(plan, Define) and plan.kpi is None):
        return None
    return None if isinstance(plan, Refuse) and not plan.understood else plan
