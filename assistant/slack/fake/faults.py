"""What can go wrong with Slack, on demand."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["limited", "slow", "down", "reset", "lost", "error", "shapeless"]


@dataclass
class Fault:
    """A fault of a Web API method ("*" for all), for the next `times` calls (None: until cleared).

    `method` may also be response_url or upload, for these addresses.
    limited: 429 with Retry-After `value` s. slow: answers after `value` s. down: 503. reset: the connection breaks off.
    lost: the call is carried out, but its answer is lost. error: refuses with the code `value`.
    shapeless: 200 with something that is no JSON.
    """

    kind: Kind
    method: str = "*"
    value: str = "1"
    times: int | None = None


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Everything works again."""
        with self._lock:
            self._faults.clear()

    def next_for(self, method: str) -> Fault | None:
        """The fault that this call meets, counted off."""
        with self._lock:
            for fault in self._faults:
                if fault.method in ("*", method) and fault.times != 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None
