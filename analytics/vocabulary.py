"""The words every room of `analytics` shares: Period, Unit, Figure, Scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """What a figure counts. `SHARE` is 0-1, `MONEY` the company's currency, `RATIO` a pure quotient."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    RATIO = "ratio"
    DAYS = "days"
    MINUTES = "minutes"
    HOURS = "hours"
    SCORE = "score"


@dataclass(frozen=True)
class Period:
    """Half-open local days [start, end); `label` is how the reading names it."""

    start: date
    end: date
    label: str = ""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period ends after it starts, not {self.start} to {self.end}")

    @classmethod
    def of_day(cls, day: date, label: str = "") -> Period:
        """The one local day `day`."""
        return cls(day, day + timedelta(days=1), label)

    def bounds(self, timezone: str) -> tuple[datetime, datetime]:
        """The UTC instants [from, to) of these local days in `timezone`."""
        zone = ZoneInfo(timezone)
        starts = datetime.combine(self.start, time.min, zone)
        ends = datetime.combine(self.end, time.min, zone)
        return starts.astimezone(UTC), ends.astimezone(UTC)


@dataclass(frozen=True)
class Clock:
    """The moment a question is asked, as UTC, and the local zone its days are counted in."""

    now: datetime
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("a clock needs a time zone; naive times are not accepted")

    @classmethod
    def end_of(cls, day: date, timezone: str) -> Clock:
        """The last microsecond of the local `day`: everything that happened that day is visible."""
        ends = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(timezone))
        return cls(ends.astimezone(UTC) - timedelta(microseconds=1), timezone)

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(ZoneInfo(self.timezone)).date()


@dataclass(frozen=True)
class Figure:
    """A number that never travels alone.

    `value` is None for "no data", which is not zero. `rows` is how many warehouse rows it was computed
    from, `where` the segment it holds for.
    """

    name: str
    value: Decimal | float | int | None
    unit: Unit
    period: Period | None = None
    where: dict[str, str] = field(default_factory=dict)
    rows: int | None = None


@dataclass(frozen=True)
class Scope:
    """Whose rows may be read: every rep's (`reps is None`), or those of the named reps only.

    An empty set sees nothing. A scope says nothing of which tables: `analytics` denies a table without a
    row rule of its own.
    """

    reps: frozenset[str] | None = frozenset()

    @classmethod
    def everything(cls) -> Scope:
        """All reps' rows."""
        return cls(None)

    @classmethod
    def of(cls, *rep_ids: str) -> Scope:
        """Only these reps' rows."""
        return cls(frozenset(rep_ids))

    def allows(self, rep_id: str | None) -> bool:
        """Whether a row owned by `rep_id` may be read; ownerless rows only by those who see everything."""
        return self.reps is None or (rep_id is not None and rep_id in self.reps)
