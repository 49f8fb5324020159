"""What a worker does for subscriptions between questions: look for what is due, send one thing, do recurring work.

Questions come first: while they wait, a digest is sent once in a while only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from assistant.due_times import workdays_of
from assistant.slack.answering import DeskStuck
from assistant.slack.directory import Directory
from assistant.slack.parts import WorkerParts
from assistant.slack.scheduling.sender import Persistence, Sender
from assistant.store import sendings
from assistant.store.chores import take_turn
from assistant.store.digests import LOOKING, MOST_AT_ONCE, look_for_due
from assistant.store.inbox import LeaseLost

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often a worker looks for what is due, and for recurring work; how often it sends while questions wait."""

    look: timedelta = timedelta(seconds=2)
    looked: timedelta = timedelta(seconds=10)
    chores: timedelta = timedelta(minutes=1)
    while_busy: timedelta = timedelta(seconds=2)


class Rounds:
    """The rounds of one worker process. `now` is this machine's clock; nothing is due by it."""

    def __init__(
        self,
        parts: WorkerParts,
        worker: str,
        now: Callable[[], datetime],
        persistence: Persistence | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._parts = parts
        self._worker = worker
        self._persistence = persistence or Persistence()
        self._pace = pace or Pace()
        self._sender = Sender(parts, Directory(parts.client, now), self._persistence)
        self._next_look = self._next_sending = self._next_while_busy = 0.0
        self._limited_before = False
        self._next_chores = time.monotonic() + self._pace.chores.total_seconds() / 2

    def step(self, *, busy: bool) -> bool:
        """Send one thing that is due; False when there is none, or when questions wait. Raises DeskStuck."""
        try:
            self._look()
            if not busy:
                self._do_chores()
            if time.monotonic() < max(self._next_sending, self._next_while_busy if busy else 0.0):
                return False
            held = sendings.claim(self._parts.store, self._worker, self._persistence.lease)
        except SQLAlchemyError:
            log.exception("the store cannot be used; trying again")
            return False
        if held is None:
            return False
        self._send(held)
        self._next_while_busy = time.monotonic() + self._pace.while_busy.total_seconds()
        return True

    def _send(self, held: sendings.Sending) -> None:
        try:
            self._heed(self._sender.send(held))
        except LeaseLost as lost:
            log.warning("%s", lost)
        except DeskStuck:
            raise
        except Exception as error:  # the edge of the process: logged, tried again, given up in the end
            log.exception("digest %s could not be handled", held.digest_id)
            try:
                self._sender.fault(held, error)
            except (SQLAlchemyError, LeaseLost):
                log.warning("digest %s: its lease's end will make it due again", held.digest_id)

    def _heed(self, seconds: float) -> None:
        """Two limits one after the other are those of the whole workspace: then nothing is sent for as long."""
        if seconds and self._limited_before:
            self._next_sending = time.monotonic() + seconds
        self._limited_before = seconds > 0

    def _look(self) -> None:
        if time.monotonic() < self._next_look:
            return
        store = self._parts.store
        take_turn(store, LOOKING, self._pace.looked)
        workdays = workdays_of(self._parts.desk.company().calendar)
        while look_for_due(store, workdays) == MOST_AT_ONCE:
            pass
        self._next_look = time.monotonic() + self._pace.look.total_seconds()

    def _do_chores(self) -> None:
        if time.monotonic() < self._next_chores:
            return
        self._next_chores = time.monotonic() + self._pace.chores.total_seconds()
        for chore in self._parts.chores:
            if take_turn(self._parts.store, chore.name, chore.every):
                try:
                    chore.act()
                except Exception:  # the edge of a chore: it comes round again
                    log.exception("%s could not be done", chore.name)
