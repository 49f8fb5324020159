"""Days as people write them on a command line."""

from __future__ import annotations

from datetime import date

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)


class NoDay(ValueError):
    """What was written is no day; the message says how to write one."""


def read_day(text: str) -> date:
    """The day of YYYY-MM-DD between 1970 and 2199."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoDay(f"{text!r} is no day; write it as 2026-11-23.") from None
    if not EARLIEST <= day <= LATEST:
        raise NoDay(f"{text} is out of range; days run from {EARLIEST} to {LATEST}.")
    return day
