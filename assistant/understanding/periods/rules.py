"""What a rule is: a pattern of words, and what they mean on the day of the question."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from analytics.vocabulary import Period
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.named import Named


class NoPeriod(Enum):
    """Words for a time that are no period."""

    UNCLEAR = "unclear"
    COMPARISON = "comparison"


Meaning = Named | Period | NoPeriod
Reader = Callable[[re.Match[str], Present], Meaning | None]


class Rules:
    """The rules of one topic, in the order written."""

    def __init__(self) -> None:
        self.written: list[tuple[str, Reader]] = []

    def when(self, *patterns: str) -> Callable[[Reader], Reader]:
        """The words that the function below reads; it answers None where they are no time after all."""

        def write(reader: Reader) -> Reader:
            self.written += [(pattern, reader) for pattern in patterns]
            return reader

        return write
