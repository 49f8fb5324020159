"""What a due subscription comes to: an answer to send, nothing to say, or why it cannot be had any more.

Rights are looked up anew each time, the subscriber's and, for a channel, those of everybody in it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.plans import Choice, KpiQuery
from assistant.plans.as_of import plan_as_of
from assistant.question import Answer, Asker, Question, Role
from assistant.slack.client import as_limit, error_of
from assistant.slack.directory import Directory
from assistant.slack.parts import Desk
from assistant.slack.scheduling.channels import ChannelMembers
from assistant.slack.words import language_named
from assistant.store.sendings import Sending
from assistant.store.subscriptions import TO_ME

SHARED_SECONDS = 60.0
"""How long an answer is used again for the same question by somebody of the same rights."""
_SHARED_ANSWERS = 64
_NOT_NOW = ("nothing_loaded",)
_PLAN: TypeAdapter[Choice] = TypeAdapter(Choice)

Verdict = Literal["send", "quiet", "refused", "gone", "not_now"]


@dataclass(frozen=True)
class Composed:
    """The verdict on one sending. `reason` is a code; `answer` is what to send, or the refusal in words.

    gone: nobody is there to send it to. not_now: another try may succeed.
    """

    verdict: Verdict
    reason: str = ""
    answer: Answer | None = None
    user: str | None = None


class Composer:
    """Composes sendings. Raises RateLimited, SlackSilent, SlackApiError, and whatever goes wrong at the desk."""

    def __init__(self, desk: Desk, client: WebClient, directory: Directory) -> None:
        self._desk = desk
        self._client = client
        self._directory = directory
        self._members = ChannelMembers(desk, client, directory)
        self._answers: dict[str, tuple[float, Answer]] = {}

    def compose(self, held: Sending) -> Composed:
        """The verdict on a sending."""
        subscription = held.subscription
        asker = self._desk.asker_of_person(subscription.person_id)
        if asker is None:
            return Composed("gone", "left")
        user = self.slack_user(held, asker)
        if user is None:
            return Composed("not_now", "no_slack_user")
        known, _ = self._directory.asker(self._desk, user)
        if known is None:
            return Composed("not_now", "no_slack_user")
        if known.person_id != asker.person_id:
            return Composed("gone", "another_person")
        answer = self._answer(held, asker)
        if answer.route in ("refuse", "clarify"):
            reason = str(answer.plan.get("reason") or "refused")
            return Composed("not_now" if reason in _NOT_NOW else "refused", reason, answer, user)
        if subscription.to != TO_ME and (barred := self._barred(held, asker, user, answer)):
            return Composed("refused", barred, None, user)
        if subscription.only_when_off and answer.off is not True:
            return Composed("quiet", "nothing_off", answer, user)
        return Composed("send", "", answer, user)

    def slack_user(self, held: Sending, asker: Asker | None) -> str | None:
        """The subscriber's Slack user: who subscribed, else whom the data or Slack's e-mails name."""
        subscription = held.subscription
        if user := subscription.slack_user_id or self._desk.slack_user_of(subscription.person_id):
            return user
        if asker is None or not asker.email:
            return None
        try:
            return str(self._client.users_lookupByEmail(email=asker.email)["user"]["id"])
        except SlackApiError as error:
            if error_of(error) == "users_not_found":
                return None
            raise as_limit(error) or error from error

    def _answer(self, held: Sending, asker: Asker) -> Answer:
        subscription = held.subscription
        clock = self._desk.clock_at(held.due_at, subscription.timezone)
        starts = self._desk.company().fiscal_year_start
        plan = plan_as_of(_PLAN.validate_python(subscription.plan), subscription.made_on, clock.today, starts)
        told = plan.model_dump(mode="json")
        whole = isinstance(plan, KpiQuery) and asker.role in (Role.EXEC, Role.ADMIN) and asker.rep_id is None
        who = f"role:{asker.role}" if whole else asker.person_id
        key = json.dumps([who, told, subscription.language, clock.now.isoformat(), clock.timezone])
        kept = self._answers.get(key)
        if kept is not None and time.monotonic() - kept[0] < SHARED_SECONDS:
            return kept[1]
        language = language_named(subscription.language)
        answer = self._desk.answer(Question("", asker, clock, language, in_slack=True, plan=told, scheduled=True))
        while len(self._answers) >= _SHARED_ANSWERS:
            self._answers.pop(next(iter(self._answers)))
        self._answers[key] = (time.monotonic(), answer)
        return answer

    def _barred(self, held: Sending, asker: Asker, user: str, answer: Answer) -> str | None:
        """Why the answer may not stand in its channel; None where everybody there may see it."""
        if answer.private:
            return "private"
        there = self._members.of(held.subscription.to)
        if there is None:
            return "not_everybody"
        if user not in there.users:
            return "not_in_channel"
        plan: dict[str, Any] = {key: value for key, value in answer.plan.items() if key != "refused"}
        shown = {str(figure["kpi"]) for figure in answer.figures}
        seen = self._desk.may_all_see(_PLAN.validate_python(plan), shown, asker, there.askers)
        return None if seen else "not_everybody"
