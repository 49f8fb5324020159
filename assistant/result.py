"""What a plan kind hands to `explain`: typed facts, never finished words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from analytics.organisation import Company, Rep
from analytics.vocabulary import Clock, Figure, Period
from analytics.warehouse import NothingLoaded, Reader
from assistant.access import Permitted
from assistant.plans import Choice, Plan
from assistant.question import Asker
from prompts.marks import Quoted

if TYPE_CHECKING:
    from analytics.semantic import Model
    from analytics.semantic.definition import Words


@dataclass(frozen=True)
class Worded:
    """A phrase of its own: the template that words it and the facts it is given."""

    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """What a kind may use to run: one pinned version, the asker's rights, the clock, the company's settings.

    `reader` is None where nothing has been loaded: only refusals run then. `contact` is whom people without access
    should ask; `examples` are names that `--as` would take. In Slack an answer
    names no id or e-mail of a stranger, and its evidence does not spell out statements.
    """

    reader: Reader | None
    permitted: Permitted
    asker: Asker | None
    clock: Clock
    company: Company
    reps: Mapping[str, Rep]
    calls_per_day: int
    contact: str
    asked_as: str = ""
    examples: tuple[str, ...] = ()
    in_slack: bool = False
    kpis: Model | None = None

    @property
    def model(self) -> Model:
        """The KPI files; they are there wherever a plan about KPIs runs."""
        if self.kpis is None:
            raise NothingLoaded
        return self.kpis

    @property
    def data(self) -> Reader:
        """The pinned version; NothingLoaded where nothing has been loaded."""
        if self.reader is None:
            raise NothingLoaded
        return self.reader

    def rep_name(self, rep_id: str) -> str | None:
        """A rep's name, or None for an id nobody has."""
        return self.reps[rep_id].name if rep_id in self.reps else None

    def local_day(self, moment: datetime) -> date:
        """The day of a moment in the zone the clock counts days in."""
        return moment.astimezone(ZoneInfo(self.clock.timezone)).date()


Cell: TypeAlias = "Figure | Worded | Quoted | Words | Period | date | None"


@dataclass(frozen=True)
class Column:
    """A column of a table; numbers stand right."""

    title: Worded | Quoted
    right: bool = False


@dataclass(frozen=True)
class Table:
    """A table of figures. A cell without a value says so; `caption` tells what the table shows."""

    caption: Worded
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class TrendPoint:
    """A figure of one period; `unfinished` where the period still runs."""

    label: Worded
    day: date
    figure: Figure
    unfinished: bool = False
    before: Figure | None = None


@dataclass(frozen=True)
class Trend:
    """A line over time: of the figures, of those they are compared with, and of the target."""

    title: Worded
    name: Worded
    alt: Worded
    points: tuple[TrendPoint, ...]
    before_name: Worded | None = None
    target: Figure | None = None
    target_label: Worded | None = None


@dataclass(frozen=True)
class Ranking:
    """Bars, one a group, as long as its figure."""

    title: Worded
    name: Worded
    alt: Worded
    bars: tuple[tuple[Quoted | Worded, Figure], ...]


@dataclass(frozen=True)
class Result:
    """What came out. `route` names the answer kind and, unless `template` does, its template.

    `notes` follow the reading. `currency` is that of its money where it is not the company's. `plan` replaces the
    permitted one where running showed that a question back is needed.
    Values in `facts` and `items` are Figures, dates, `Quoted` text from data, `Worded` phrases, booleans, codes
    (plain strings that templates compare and never print), and lists or mappings of these. A bare number is an error.
    """

    route: str
    facts: Mapping[str, Any]
    figures: tuple[Figure, ...] = ()
    items: tuple[Mapping[str, Any], ...] = ()
    choices: tuple[Choice, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Trend | Ranking, ...] = ()
    plan: Plan | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    private: bool = False
    currency: str | None = None
    template: str | None = None
    notes: tuple[Worded, ...] = ()


LONGEST_QUOTE = 120  # characters of a name or a word that an answer shows


def quoted(text: object) -> Quoted | None:
    """Text from data, or None where there is none."""
    if text in (None, ""):
        return None
    whole = str(text)
    return Quoted(whole if len(whole) <= LONGEST_QUOTE else f"{whole[:LONGEST_QUOTE]}…")
