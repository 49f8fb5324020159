"""A worker process: claims questions one after the other and has them answered."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from assistant.slack.answering import Answering, DeskStuck, new_reference
from assistant.slack.parts import Patience, WorkerParts
from assistant.slack.scheduling.rounds import Pace, Rounds
from assistant.slack.scheduling.sender import Persistence
from assistant.slack.wake import Ear, Woken
from assistant.store.inbox import Claim, LeaseLost, claim, put_back

log = logging.getLogger(__name__)

STUCK_EXIT = 75
STORE_PAUSE_SECONDS = 1.0
USUAL = Patience()


def worker_name(pid: int) -> str:
    """The name under which the process `pid` of this host claims."""
    return f"{socket.gethostname()}:{pid}"


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def run_worker(
    build: Callable[[], WorkerParts],
    patience: Patience = USUAL,
    now: Callable[[], datetime] = utc_now,
    persistence: Persistence | None = None,
    pace: Pace | None = None,
) -> None:
    """Answer questions, and send what people subscribed to, until SIGTERM or until the web process that started this
    one is gone.

    `build` opens the desk, the store and the client in this process. A question that is being answered is finished
    first. Ctrl-C is left to the web process, which stops its workers in good order.
    """
    breaker, broken = os.pipe()
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)
        os.write(broken, b"!")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parts, name = build(), worker_name(os.getpid())
    answering = Answering(parts, patience, name, now)
    rounds = Rounds(parts, name, now, persistence, pace)
    ear = Ear()
    try:
        while not stopping:
            answered = answer_next(answering)
            sent = rounds.step(busy=answered)
            if not (answered or sent) and ear.wait(patience.poll.total_seconds(), breaker) is Woken.ALONE:
                break
    except DeskStuck:
        log.error("the desk did not come back within %s; this worker ends", patience.desk_limit)
        logging.shutdown()
        os._exit(STUCK_EXIT)  # its thread cannot be stopped in any other way
    finally:
        answering.store.close()


def answer_next(answering: Answering) -> bool:
    """Answer one waiting question; False when none is due, or when the store is out of reach for now."""
    try:
        held = claim(answering.store, answering.worker, answering.patience.lease)
    except SQLAlchemyError:
        log.exception("the store cannot be used; trying again")
        time.sleep(STORE_PAUSE_SECONDS)
        return False
    if held is None:
        return False
    try:
        answering.answer(held)
    except LeaseLost as lost:
        log.warning("%s", lost)
    except DeskStuck:
        raise
    except Exception:  # the edge of the process: logged, tried again, given up in the end
        log.exception("fault %s: inbox row %s could not be handled", new_reference(), held.inbox_id)
        _leave_for_later(answering, held)
    return True


def _leave_for_later(answering: Answering, held: Claim) -> None:
    # Where even this fails, the lease's end makes the row due again.
    with contextlib.suppress(SQLAlchemyError, LeaseLost):
        put_back(answering.store, held, answering.patience.pause(held.tries))
