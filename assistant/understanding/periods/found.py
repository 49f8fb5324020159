"""What is asked on which day, and what is found: periods, and words for a time that name none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.vocabulary import Period


@dataclass(frozen=True)
class Present:
    """The local day of the question, and the month (1-12) the company's fiscal year starts in."""

    day: date
    fiscal_year_start: int = 1

    @property
    def tomorrow(self) -> date:
        """The end of whatever runs up to and with today."""
        return self.day + timedelta(days=1)


@dataclass(frozen=True)
class FoundPeriod:
    """The characters [start, end) of the normalised text, what they say and the period they mean."""

    start: int
    end: int
    period: Period
    words: str


@dataclass(frozen=True)
class UnclearTime:
    """Words about a time whose days cannot be told: 双周 without its first week, 月底, "before May", 31 February."""

    start: int
    end: int
    words: str
