"""A time limit for one statement, on databases that have none of their own."""

from __future__ import annotations

import atexit
import heapq
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from analytics.warehouse.faults import DATABASE_FAULTS, TooSlow


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Stop what runs on the connection after `seconds`, by raising TooSlow."""
    driver: Any = connection.connection.driver_connection
    watched = _WATCHDOG.watch(seconds, getattr(driver, "cancel_safe", None) or driver.interrupt)
    try:
        yield
    except DATABASE_FAULTS as error:
        if watched.stopped:
            raise TooSlow(seconds) from error
        raise
    finally:
        watched.end()


@dataclass(order=True)
class _Watched:
    """A statement that may run until `deadline` (seconds of the monotonic clock)."""

    deadline: float
    number: int
    stop: Callable[[], object] = field(compare=False)
    stopped: bool = field(default=False, compare=False)
    ended: bool = field(default=False, compare=False)
    turn: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    def end(self) -> None:
        """It came back; a stop that is under way is waited for, so that it cannot hit the connection's next user."""
        with self.turn:
            self.ended = True
            self.stop = _nothing  # it waits for its deadline still, and would hold the connection open so long

    def stop_now(self) -> None:
        """Stop it unless it came back."""
        with self.turn:
            if not self.ended:
                self.stopped = True
                self.stop()


def _nothing() -> None:
    return


class _Watchdog:
    """One thread for all statements: starting one for each costs more than most statements do."""

    def __init__(self) -> None:
        self._waiting: list[_Watched] = []
        self._changed = threading.Condition()
        self._number = 0
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, seconds: float, stop: Callable[[], object]) -> _Watched:
        """Call `stop` after `seconds`, unless it ended by then."""
        with self._changed:
            self._number += 1
            watched = _Watched(time.monotonic() + seconds, self._number, stop)
            heapq.heappush(self._waiting, watched)
            if self._thread is None or not self._thread.is_alive():  # after a fork there is none
                atexit.register(self.close)
                self._thread = threading.Thread(target=self._run, name="statement-watchdog", daemon=True)
                self._thread.start()
            elif self._waiting[0] is watched:
                self._changed.notify()
            return watched

    def close(self) -> None:
        """End the thread: one that lives on at the end of the process keeps the database's library from unloading."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=1)

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                while self._waiting and self._waiting[0].ended:
                    heapq.heappop(self._waiting)
                if self._closed:
                    return
                if not self._waiting:
                    self._changed.wait()
                    continue
                pause = self._waiting[0].deadline - time.monotonic()
                if pause > 0:
                    self._changed.wait(pause)
                    continue
                late = heapq.heappop(self._waiting)
            late.stop_now()


_WATCHDOG = _Watchdog()
