"""The worker processes of a web process: started, woken, replaced when they die, stopped in good order."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

from assistant.slack.wake import Bell

log = logging.getLogger(__name__)

QUICK_DEATH_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 30.0


class Workers:
    """Keeps `count` processes of `argv` running. `on_death` is told the process id of each that died unasked.

    A worker that dies is replaced at once; one that dies within two seconds of its start, after a pause that doubles
    up to half a minute.
    """

    def __init__(
        self, argv: Sequence[str], count: int = 2, on_death: Callable[[int], object] = lambda _pid: None
    ) -> None:
        self._argv = list(argv)
        self._on_death = on_death
        self._bell = Bell()
        self._stopping = threading.Event()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._keepers = [threading.Thread(target=self._keep, args=(slot,), daemon=True) for slot in range(count)]

    def start(self) -> None:
        """Start them all; returns at once."""
        for keeper in self._keepers:
            keeper.start()

    def wake(self) -> None:
        """Tell one idle worker that a question waits."""
        self._bell.ring()

    def pids(self) -> list[int]:
        """The process ids of those running."""
        return [process.pid for process in list(self._processes.values()) if process.poll() is None]

    def stop(self, seconds: float = 15.0) -> None:
        """Let each finish the question it is at, for at most `seconds`; then end it."""
        self._stopping.set()
        for process in list(self._processes.values()):
            process.terminate()
        deadline = time.monotonic() + seconds
        for keeper in self._keepers:
            keeper.join(max(0.0, deadline - time.monotonic()))
        for process in list(self._processes.values()):
            if process.poll() is None:
                process.kill()
                process.wait()
        self._bell.close()

    def _keep(self, slot: int) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            began = time.monotonic()
            process = subprocess.Popen(self._argv, stdin=self._bell.handle.fileno())
            self._processes[slot] = process
            if self._stopping.is_set():  # asked to stop while it was starting
                process.terminate()
            code = process.wait()
            if self._stopping.is_set():
                return
            log.warning("worker %s ended (%s); starting another", process.pid, code)
            self._tell(process.pid)
            quick = time.monotonic() - began < QUICK_DEATH_SECONDS
            pause = min(max(0.25, pause * 2), LONGEST_PAUSE_SECONDS) if quick else 0.0

    def _tell(self, pid: int) -> None:
        try:
            self._on_death(pid)
        except Exception:  # the edge of the thread: what must go on is replacing the worker
            log.exception("the death of worker %s could not be recorded; its lease will end by itself", pid)
