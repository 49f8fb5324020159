"""One claimed question, from the asker to the finished row.

The order is what makes it safe to die at any moment: the decision stands in the audit chain before anything is sent,
each message is noted once Slack has it, and the row, the conversation and the audit row are closed in one transaction.
Dying between Slack's receipt and the note is the one way to say something twice.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from assistant.question import Answer, Asker, Place, Question
from assistant.slack import words
from assistant.slack.asked import Asked
from assistant.slack.client import RateLimited, SlackSilent, error_of
from assistant.slack.deliver import Mail, PictureRefused, Post, home_of, posts_of
from assistant.slack.directory import Directory
from assistant.slack.parts import Patience, WorkerParts
from assistant.store import audit, inbox
from assistant.store.conversations import Turn, remember
from assistant.store.inbox import Claim

log = logging.getLogger(__name__)

Sent = dict[str, tuple[str, str | None]]
PICTURE_TRIES = 3
"""How often a question whose answer already stands is tried again for the picture to it."""


class DeskStuck(Exception):
    """The desk took longer than it may; the question was answered with our fault."""


@dataclass(frozen=True)
class Outcome:
    """What was decided on a question: the messages to send, and what is recorded about it."""

    kind: str
    who: str
    posts: tuple[Post, ...]
    what: dict[str, Any] = field(default_factory=dict)
    turn: Turn | None = None
    reference: str | None = None


class Answering:
    """Answers claimed questions with the parts of one worker process."""

    def __init__(self, parts: WorkerParts, patience: Patience, worker: str, now: Callable[[], datetime]) -> None:
        self.store = parts.store
        self.patience = patience
        self.worker = worker
        self._desk = parts.desk
        self._directory = Directory(parts.client, now)
        self._mail = Mail(parts.client, self._directory)
        self._desk_thread = ThreadPoolExecutor(1, thread_name_prefix="desk")

    def answer(self, held: Claim) -> None:
        """Answer it, leave it for a later try, or give it up. Raises LeaseLost, DeskStuck, and store errors."""
        if held.tries > self.patience.tries + 1:
            self._bury(held)
            return
        asked = Asked(**held.payload)
        sent = inbox.delivered(self.store, held) if held.attempts > 1 else {}
        if held.tries > self.patience.tries:
            self._give_up(held, asked, sent)
            return
        try:
            self._answer(held, asked, sent)
        except RateLimited as limit:
            wait = inbox.wait_for_slack(self.store, held, limit.seconds)
            log.info("inbox row %s: Slack %s, again in %s", held.inbox_id, limit, wait)
        except (SlackApiError, SlackSilent) as error:
            wait = self.patience.pause(held.tries)
            log.warning("inbox row %s: Slack did not take it (%s), again in %s", held.inbox_id, _told(error), wait)
            inbox.put_back(self.store, held, wait)

    def _answer(self, held: Claim, asked: Asked, sent: Sent) -> None:
        consulted = self._desk_thread.submit(self._consult, asked)
        stuck = not self._wait(held, asked, sent, consulted)
        outcome = self._fault(asked, None) if stuck else self._outcome(asked, consulted)
        self._deliver(held, asked, sent, outcome)
        if stuck:
            raise DeskStuck

    def _consult(self, asked: Asked) -> tuple[Asker | None, Answer]:
        asker, called = self._directory.asker(self._desk, asked.user)
        question = Question(
            text=asked.text or "help",
            asker=asker,
            clock=self._desk.clock(asker),
            thread=asked.thread,
            asked_as=called,
            in_slack=True,
            plan=asked.plan,
            place=Place(asked.user, None if asked.direct else asked.channel),
        )
        return asker, self._desk.answer(question)

    def _wait(self, held: Claim, asked: Asked, sent: Sent, consulted: Future[Any]) -> bool:
        """Wait for the desk, with a placeholder after a second and the lease renewed; False when it is stuck."""
        began = time.monotonic()
        pause = self.patience.placeholder_after
        while not _done_within(consulted, pause):
            if time.monotonic() - began > self.patience.desk_limit.total_seconds():
                return False
            with self.store.writing() as session:
                inbox.renew(session, held, self.store.now() + self.patience.lease)
            self._place_holder(held, asked, sent)
            pause = self.patience.lease / 3
        return True

    def _place_holder(self, held: Claim, asked: Asked, sent: Sent) -> None:
        if "placeholder" in sent or "answer" in sent:
            return
        try:
            post = Post("placeholder", home_of(asked), words.working(words.language_of(asked.text)))
            sent["placeholder"] = self._mail.send(asked, post)
        except (SlackApiError, SlackSilent, RateLimited) as error:
            log.info("inbox row %s: no placeholder (%s)", held.inbox_id, _told(error))
            return
        with self.store.writing() as session:
            inbox.record_delivery(session, held, "placeholder", *sent["placeholder"], self.store.now())

    def _outcome(self, asked: Asked, consulted: Future[tuple[Asker | None, Answer]]) -> Outcome:
        try:
            asker, answer = consulted.result()
        except (SlackApiError, SlackSilent, RateLimited):
            raise
        except Exception as error:  # the edge: whatever went wrong at the desk is logged here and never shown
            return self._fault(asked, error)
        who = asker.person_id if asker else asked.user
        turn = Turn(
            asked.thread, who, asked.text, answer.language, answer.plan, answer.route, answer.reading, self.store.now()
        )
        what = {
            "route": answer.route,
            "plan": answer.plan,
            "private": answer.private,
            "model": answer.evidence.get("model"),
        }
        return Outcome("decided", who, posts_of(asked, answer), what, turn)

    def _fault(self, asked: Asked, error: Exception | None) -> Outcome:
        reference = new_reference()
        log.error("fault %s: the desk could not answer", reference, exc_info=error)
        text = words.fault(words.language_of(asked.text), reference)
        post = Post("answer", home_of(asked), text)
        return Outcome("fault", asked.user, (post,), {"reference": reference}, reference=reference)

    def _deliver(self, held: Claim, asked: Asked, sent: Sent, outcome: Outcome, state: str = "done") -> None:
        what = {"inbox": held.inbox_id, **outcome.what}
        with self.store.writing() as session:
            at = self.store.now()
            inbox.renew(session, held, at + self.patience.lease)
            audit.append(session, at=at, kind=outcome.kind, who=outcome.who, what=what)
        unnoted: tuple[str, str, str | None] | None = None
        for post in outcome.posts:
            if post.part in sent:
                continue
            if unnoted:
                self._note(held, unnoted)
                unnoted = None
            if place := self._send(held, asked, post, sent):
                sent[post.part] = place
                unnoted = (post.part, *place)
        with self.store.writing() as session:
            at = self.store.now()
            if unnoted:
                inbox.record_delivery(session, held, *unnoted, at)
            if outcome.turn:
                remember(session, outcome.turn)
            audit.append(session, at=at, kind="delivered", who=outcome.who, what={"inbox": held.inbox_id})
            inbox.finish(session, held, at, state=state, reference=outcome.reference)

    def _send(self, held: Claim, asked: Asked, post: Post, sent: Sent) -> tuple[str, str | None] | None:
        """Where it stands now; None for pictures that the answer must do without."""
        if not post.pictures:
            return self._mail.send(asked, post, _placeholder(asked, post, sent))
        try:
            return self._mail.send_pictures(asked, post, sent[post.part.replace("picture", "answer")])
        except SlackSilent as silent:
            if held.tries < PICTURE_TRIES:
                raise
            log.warning("inbox row %s: no picture (%s)", held.inbox_id, silent)
        except PictureRefused as refused:
            log.error("inbox row %s: no picture (%s)", held.inbox_id, refused)
        return self._mail.send(asked, replace(post, pictures=())) if post.text else None

    def _note(self, held: Claim, unnoted: tuple[str, str, str | None]) -> None:
        with self.store.writing() as session:
            at = self.store.now()
            inbox.renew(session, held, at + self.patience.lease)
            inbox.record_delivery(session, held, *unnoted, at)

    def _give_up(self, held: Claim, asked: Asked, sent: Sent) -> None:
        reference = new_reference()
        log.error("fault %s: inbox row %s given up after %s tries", reference, held.inbox_id, self.patience.tries)
        post = Post("answer", home_of(asked), words.gave_up(words.language_of(asked.text), reference))
        outcome = Outcome("gave_up", asked.user, (post,), {"reference": reference}, reference=reference)
        try:
            self._deliver(held, asked, sent, outcome, state="dead")
        except (SlackApiError, SlackSilent, RateLimited) as error:
            log.warning("fault %s: the asker could not be told (%s)", reference, _told(error))
            self._bury(held, reference)

    def _bury(self, held: Claim, reference: str | None = None) -> None:
        with self.store.writing() as session:
            at = self.store.now()
            audit.append(
                session, at=at, kind="dead", who=held.asker, what={"inbox": held.inbox_id, "reference": reference}
            )
            inbox.finish(session, held, at, state="dead", reference=reference)


def new_reference() -> str:
    """Eight letters and digits under which a fault is logged and told."""
    return secrets.token_hex(4).upper()


def _done_within(consulted: Future[Any], pause: timedelta) -> bool:
    try:
        consulted.exception(timeout=pause.total_seconds())
    except NotYet:
        return False
    return True


def _placeholder(asked: Asked, post: Post, sent: Sent) -> tuple[str, str] | None:
    channel, ts = sent.get("placeholder", ("", None))
    first = post.part in ("answer", "note")
    return (channel, ts) if ts and first and post.to is home_of(asked) else None


def _told(error: Exception) -> str:
    return error_of(error) if isinstance(error, SlackApiError) else f"{type(error).__name__}: {error}"
