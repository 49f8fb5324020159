"""Locks on files that a dying process gives back by dying."""

from __future__ import annotations

import fcntl
from pathlib import Path
from types import TracebackType
from typing import IO


class FileLock:
    """Holds `path` locked, shared or alone, until closed; never blocks.

    Raises BlockingIOError when somebody holds it in a way that excludes this one.
    """

    def __init__(self, path: Path, *, shared: bool) -> None:
        self._file: IO[str] = path.open("a")
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise

    def close(self) -> None:
        """Give the lock back."""
        self._file.close()

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
