"""How the web process tells an idle worker, within a millisecond, that a question waits.

One stream socket pair: the web process writes a byte per question, every worker reads from the other end (its standard
input), so that a byte wakes one worker. Losing one costs a poll; the end of the stream tells that the web process died.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import stat
from enum import Enum


class Woken(Enum):
    """Why a worker stopped waiting."""

    CALLED = "called"
    POLL = "poll"
    ALONE = "alone"


class Bell:
    """The web process's end; `handle` is what workers are given as standard input."""

    def __init__(self) -> None:
        self._ours, self.handle = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._ours.setblocking(False)

    def ring(self) -> None:
        """Wake one idle worker. When nobody listens, or thousands of calls wait already, there is nothing to do."""
        with contextlib.suppress(OSError):
            self._ours.send(b"!")

    def close(self) -> None:
        """Tell every worker that nobody will call again."""
        self._ours.close()
        self.handle.close()


class Ear:
    """A worker's end: its standard input where that is a socket, else only the passing of time."""

    def __init__(self, handle: int = 0) -> None:
        self._bell: socket.socket | None = None
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(handle).st_mode):
                self._bell = socket.socket(fileno=os.dup(handle))
                self._bell.setblocking(False)

    def wait(self, seconds: float, breaker: int) -> Woken:
        """Wait for a call, for `seconds` at most, or until `breaker` (a file descriptor) can be read."""
        sources = [breaker] if self._bell is None else [breaker, self._bell.fileno()]
        ready, _, _ = select.select(sources, [], [], seconds)
        if self._bell is None or self._bell.fileno() not in ready:
            return Woken.POLL
        try:
            return Woken.CALLED if self._bell.recv(1) else Woken.ALONE
        except BlockingIOError:  # another worker was quicker
            return Woken.POLL
        except ConnectionError:
            return Woken.ALONE
