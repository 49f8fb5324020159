"""The words every room of `analytics` shares: Unit, Grain, Period, Clock, Figure, Scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """What a figure counts. `SHARE` is 0-1, `MONEY` the company's currency, `RATIO` a pure quotient.

    `POINTS` is the difference of two shares, 0.01 a percentage point.
    """

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    POINTS = "points"
    RATIO = "ratio"
    DAYS = "days"
    MINUTES = "minutes"
    HOURS = "hours"
    SCORE = "score"


class Grain(StrEnum):
    """The units of the calendar. Weeks are ISO weeks; the fiscal ones start with the company's fiscal year."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    FISCAL_QUARTER = "fiscal_quarter"
    FISCAL_HALF = "fiscal_half"
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True)
class Period:
    """Half-open local days [start, end); `label` is how the reading names it.

    `grain` is the unit of the calendar it is made of, `count` how many of them ("last 12 weeks": week, 12); None
    for days picked freely. `to_date`: it starts with its unit but runs only up to and with today.
    """

    start: date
    end: date
    label: str = ""
    grain: Grain | None = None
    count: int = 1
    to_date: bool = False

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
class Statement:
    """A statement as it ran, its parameters named `:so`."""

    sql: str
    parameters: Mapping[str, object]


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from: the statements, the data's version and how far it reaches."""

    statements: tuple[Statement, ...] = ()
    version: int = 0
    as_of: datetime | None = None


@dataclass(frozen=True)
class Compared:
    """What a figure is held against: `kind` says what (previous, last_year, target ...), `change` is figure - value.

    Either is None where there is no data.
    """

    kind: str
    value: Decimal | float | int | None
    change: Decimal | float | int | None
    period: Period | None = None


@dataclass(frozen=True)
class Figure:
    """A number that never travels alone.

    `value` is None for "no data", which is not zero; `note` then says why (no_rows, outside_data, not_mature,
    too_short, not_closed, needs_tables), or what to know of a value (partly_covered, still_running). `rows` is how
    many warehouse rows it was computed from, `where` the segment it holds for as people call it, `keys` the ids behind
    it. `target` is of the same unit, `share` the part of the total (0-1); `decimals` how many are worth reading.
    """

    name: str
    value: Decimal | float | int | None
    unit: Unit
    period: Period | None = None
    where: dict[str, str | None] = field(default_factory=dict)
    rows: int | None = None
    keys: dict[str, str | None] = field(default_factory=dict)
    compared: Compared | None = None
    target: Decimal | float | int | None = None
    share: float | None = None
    note: str | None = None
    decimals: int | None = None
    provenance: Provenance | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Scope:
    """Whose rows may be read: every rep's (`reps is None`), or those of the named reps only.

    An empty set sees nothing. `teams` are the teams whose own rows (their costs) may be read as well; `by_team` reads
    the rows of whoever was in these teams at the time, which keeps past team totals as they were, and those of the
    named reps only where no team is known. A scope says nothing of which tables: `analytics` denies a table without a
    row rule of its own.
    """

    reps: frozenset[str] | None = frozenset()
    teams: frozenset[str] = frozenset()
    by_team: bool = False

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
