"""One claimed sending, from the look at its rights to the closed row.

The order is what makes it safe to die at any moment: the decision stands in the audit chain and the row says that Slack
is about to be asked before anything is posted; who takes such a row over first looks whether the message is there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from assistant.question import Answer
from assistant.slack.answering import DeskStuck
from assistant.slack.asked import Asked
from assistant.slack.client import RateLimited, SlackSilent, error_of, tried_once
from assistant.slack.deliver import CANNOT_REACH, Mail, PictureRefused, Post, passes, posts_of
from assistant.slack.directory import Directory
from assistant.slack.parts import WorkerParts
from assistant.slack.scheduling.composing import Composed, Composer
from assistant.slack.scheduling.posting import find_posted, mark_of
from assistant.slack.scheduling.wording import digest_post, note_post
from assistant.store import audit, sendings
from assistant.store.conversations import Turn, remember
from assistant.store.sendings import Sending
from assistant.store.subscriptions import TO_ME

log = logging.getLogger(__name__)

_NOBODY_THERE = CANNOT_REACH | {"user_not_found", "user_disabled", "cannot_dm_bot", "messages_tab_disabled"}
_PICTURE_PAUSE = 3.0


@dataclass(frozen=True)
class Persistence:
    """How long a sending is held and tried. `tries` leaves out waits that Slack asked for; the pause between them
    doubles. What is sent `late_after` its time or later says so."""

    lease: timedelta = timedelta(seconds=60)
    desk_limit: timedelta = timedelta(seconds=120)
    tries: int = 16
    note_tries: int = 40
    first_pause: timedelta = timedelta(seconds=5)
    longest_pause: timedelta = timedelta(minutes=10)
    late_after: timedelta = timedelta(minutes=15)

    def pause(self, tries: int) -> timedelta:
        """The pause before the try after `tries` tries."""
        return min(self.first_pause * float(2 ** min(tries - 1, 20)), self.longest_pause)


class GivenUp(Exception):
    """No further try will help; `reason` is a code, `error` what Slack said."""

    def __init__(self, reason: str, error: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


class Sender:
    """Sends claimed digests with the parts of one worker process."""

    def __init__(self, parts: WorkerParts, directory: Directory, persistence: Persistence) -> None:
        self._store = parts.store
        self._desk = parts.desk
        self._client = parts.client
        self._directory = directory
        self._mail = Mail(tried_once(parts.client), directory)
        self._composer = Composer(parts.desk, parts.client, directory)
        self._keeps = persistence
        self._desk_thread = ThreadPoolExecutor(1, thread_name_prefix="digests")

    def send(self, held: Sending) -> float:
        """Send it, leave it for a later try, or give it up; the seconds that Slack asks to wait, 0 where it does not.

        Raises LeaseLost, DeskStuck, and store errors.
        """
        try:
            if held.state == "due":
                self._send(held)
            else:
                self._tell(held)
        except RateLimited as limit:
            wait = sendings.wait_for_slack(self._store, held, limit.seconds)
            log.info("digest %s: Slack %s, again in %s", held.digest_id, limit, wait)
            return limit.seconds
        except GivenUp as given_up:
            self._fail(held, given_up.reason, given_up.error)
        except (SlackApiError, SlackSilent) as error:
            self._try_again(held, "silent", _told(error))
        return 0.0

    def fault(self, held: Sending, error: Exception) -> None:
        """Leave a sending that our own fault kept from being sent for another try, or give it up."""
        self._try_again(held, "fault", type(error).__name__)

    # --- sending

    def _send(self, held: Sending) -> None:
        if held.subscription.state != "active":
            state = held.subscription.state
            self._close(held, "digest_skipped", lambda session: sendings.skipped(session, held, state), state)
            return
        mark = mark_of(held.subscription.subscription_id, held.due_at, "digest")
        if held.posting_at is not None and (place := self._posted_before(held, mark)):
            self._sent(held, place, None)
            return
        composed = self._composed(held)
        reason = composed.reason
        match composed.verdict:
            case "not_now":
                self._try_again(held, reason, None)
            case "gone":
                self._close(held, "digest_stopped", lambda session: sendings.stopped(session, held, reason), reason)
            case "refused":
                self._close(held, "digest_refused", lambda session: sendings.refused(session, held, reason), reason)
            case "quiet":
                self._close(held, "digest_quiet", lambda session: sendings.quiet(session, held))
            case "send":
                assert composed.answer is not None
                self._post(held, composed, composed.answer, mark)

    def _post(self, held: Sending, composed: Composed, answer: Answer, mark: dict[str, Any]) -> None:
        asked = _as_asked(held, composed.user or "")
        first, *extras = posts_of(asked, answer)
        post = digest_post(held, answer, first, self._desk.company(), late=self._is_late(held))
        what = {**_what(held), "route": answer.route, "plan": answer.plan, "private": answer.private}
        place = self._post_once(held, asked.channel, post, mark, "digest", what)
        self._sent(held, place, answer)
        for extra in extras:
            self._send_pictures(held, replace(asked, channel=place[0]), extra, place)

    def _post_once(
        self, held: Sending, channel: str, post: Post, mark: dict[str, Any], kind: str, what: dict[str, Any]
    ) -> tuple[str, str]:
        """Post, the decision and the attempt on record before; GivenUp where nothing can ever be posted there."""
        with self._store.writing() as session:
            at = sendings.about_to_post(session, held, self._keeps.lease)
            audit.append(session, at=at, kind=kind, who=held.subscription.person_id, what=what)
        try:
            return self._mail.send_to(channel, post, mark)
        except RateLimited:
            sendings.not_posted(self._store, held)
            raise
        except SlackApiError as error:
            if passes(error_of(error)):  # it may have taken the message all the same
                raise
            sendings.not_posted(self._store, held)
            if error_of(error) in _NOBODY_THERE:
                raise GivenUp("cannot_reach", error_of(error)) from error
            raise

    def _posted_before(self, held: Sending, mark: dict[str, Any]) -> tuple[str, str] | None:
        """Where the message stands that an earlier holder may have posted; None where it surely has not."""
        assert held.posting_at is not None
        subscription = held.subscription
        channel = subscription.to
        try:
            if channel == TO_ME or held.state != "due":
                user = self._composer.slack_user(held, None)
                if user is None:
                    return None
                channel = self._directory.direct_conversation(user)
            ts = find_posted(self._client, channel, mark, held.posting_at)
        except SlackApiError as error:
            if passes(error_of(error)):
                raise
            raise GivenUp("unsure", error_of(error)) from error
        return (channel, ts) if ts else None

    def _sent(self, held: Sending, place: tuple[str, str], answer: Answer | None) -> None:
        subscription = held.subscription
        with self._store.writing() as session:
            at = sendings.sent(session, held, *place, late=self._is_late(held))
            audit.append(session, at=at, kind="digest_sent", who=subscription.person_id, what=_what(held))
            if answer is not None:  # a reply under the digest goes on from it
                remember(session, self._turn(held, place, answer, at))

    def _turn(self, held: Sending, place: tuple[str, str], answer: Answer, at: datetime) -> Turn:
        thread = f"{self._directory.team()}:{place[0]}:{place[1]}"
        who = held.subscription.person_id
        return Turn(thread, who, "", answer.language, answer.plan, answer.route, answer.reading, at)

    def _send_pictures(self, held: Sending, asked: Asked, extra: Post, place: tuple[str, str]) -> None:
        """Pictures follow the message once; without them it stands all the same."""
        for last_try in (False, True):
            try:
                self._mail.send_pictures(asked, extra, place)
                return
            except (RateLimited, SlackSilent, PictureRefused) as error:
                log.warning("digest %s: no picture (%s)", held.digest_id, _told(error))
                if last_try or isinstance(error, PictureRefused):
                    return
                time.sleep(min(getattr(error, "seconds", 0.0), _PICTURE_PAUSE))

    # --- telling the subscriber what was not sent

    def _tell(self, held: Sending) -> None:
        if held.tries > self._keeps.note_tries:
            log.error("digest %s: the subscriber could not be told (%s)", held.digest_id, held.reason)
            self._close(held, "digest_untold", lambda session: sendings.told(session, held), held.reason)
            return
        mark = mark_of(held.subscription.subscription_id, held.due_at, "note")
        user = self._composer.slack_user(held, self._desk.asker_of_person(held.subscription.person_id))
        if user is not None and (held.posting_at is None or self._posted_before(held, mark) is None):
            composed = self._composed(held) if held.state == "tell_refused" else None
            refusal = composed.answer.text if composed and composed.verdict == "refused" and composed.answer else None
            post = note_post(held, refusal, self._desk.company())
            self._post_once(held, user, post, mark, "digest_note", {**_what(held), "reason": held.reason})
        self._close(held, "digest_told", lambda session: sendings.told(session, held), held.reason)

    # --- what goes wrong

    def _try_again(self, held: Sending, reason: str, error: str | None) -> None:
        most = self._keeps.tries if held.state == "due" else self._keeps.note_tries
        if held.tries >= most and held.state == "due":
            self._fail(held, reason, error)
            return
        wait = self._keeps.pause(held.tries)
        log.warning("digest %s: %s (%s), again in %s", held.digest_id, reason, error, wait)
        sendings.put_back(self._store, held, wait, error or reason)

    def _fail(self, held: Sending, reason: str, error: str | None) -> None:
        log.error("digest %s could not be sent: %s (%s)", held.digest_id, reason, error)
        if held.state != "due":
            self._close(held, "digest_untold", lambda session: sendings.told(session, held), reason)
            return
        with self._store.writing() as session:
            paused = sendings.failed(session, held, reason, error)
            what = {**_what(held), "reason": reason, "error": error, "paused": paused}
            who = held.subscription.person_id
            audit.append(session, at=held.claimed_at, kind="digest_failed", who=who, what=what)

    def _close(self, held: Sending, kind: str, closing: Callable[[Session], object], reason: str | None = None) -> None:
        with self._store.writing() as session:
            closing(session)
            what = {**_what(held), "reason": reason}
            audit.append(session, at=held.claimed_at, kind=kind, who=held.subscription.person_id, what=what)

    def _is_late(self, held: Sending) -> bool:
        return held.claimed_at - held.due_at > self._keeps.late_after

    def _composed(self, held: Sending) -> Composed:
        """Composed in a thread of its own, the lease renewed meanwhile; DeskStuck where it does not come back."""
        composing = self._desk_thread.submit(self._composer.compose, held)
        began = time.monotonic()
        while not _done_within(composing, self._keeps.lease / 3):
            if time.monotonic() - began > self._keeps.desk_limit.total_seconds():
                self._try_again(held, "fault", "the desk did not come back")
                raise DeskStuck
            with self._store.writing() as session:
                sendings.renew(session, held, self._keeps.lease)
        return composing.result()


def _as_asked(held: Sending, user: str) -> Asked:
    """The sending as a question asked where its answer goes: a person's messages, or a channel that may see all."""
    to_me = held.subscription.to == TO_ME
    return Asked("digest", "", user if to_me else held.subscription.to, user, "", direct=True)


def _what(held: Sending) -> dict[str, Any]:
    subscription = held.subscription
    return {
        "digest": held.digest_id,
        "subscription": subscription.subscription_id,
        "due_at": held.due_at.isoformat(),
        "to": subscription.to,
    }


def _done_within(composing: Future[Any], pause: timedelta) -> bool:
    try:
        composing.exception(timeout=pause.total_seconds())
    except NotYet:
        return False
    return True


def _told(error: Exception) -> str:
    return error_of(error) if isinstance(error, SlackApiError) else f"{type(error).__name__}: {error}"
