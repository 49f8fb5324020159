"""What a plan kind hands to `explain`: typed facts, never finished words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from analytics.organisation import Company, Rep
from analytics.vocabulary import Clock, Figure, Period
from analytics.warehouse import NothingLoaded, Reader, Warehouse
from assistant.access import Permitted
from assistant.plans import Choice, Plan
from assistant.question import Asker, Language, Place
from prompts.marks import Quoted

if TYPE_CHECKING:
    from analytics.semantic import Model
    from analytics.semantic.definition import Words
    from assistant.subscriptions import Subscriptions


@dataclass(frozen=True)
class Worded:
    """A phrase of its own: the template that words it and the facts it is given."""

    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Room:
    """What a kind may use to run: one pinned version, the asker's rights, the clock, the company's settings.

    `reader` is None where nothing has been loaded: only refusals run then. `contact` is whom people without access
    should ask; `examples` are names that `--as` would take. In Slack an answer names no id or e-mail of a stranger, and
    its evidence does not spell out statements. `language` is that of the answer, `place` where in Slack it was asked,
    `scheduled`: it is due, not asked just now; `subscriptions` is None where nothing can be sent on a schedule.
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
    language: Language = Language.EN
    place: Place | None = None
    scheduled: bool = False
    subscriptions: Subscriptions | None = None
    warehouse: Warehouse | None = None

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

    @property
    def kept(self) -> Warehouse:
        """Where what people say is kept; NothingLoaded where nothing has been loaded."""
        if self.warehouse is None:
            raise NothingLoaded
        return self.warehouse

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
    """A figure of one period; `unfinished` where the period still runs.

    `expected`: the figure is a forecast, `low` and `high` the interval it lies in. Such points stand at the end.
    """

    label: Worded
    day: date
    figure: Figure
    unfinished: bool = False
    before: Figure | None = None
    expected: bool = False
    low: Figure | None = None
    high: Figure | None = None


@dataclass(frozen=True)
class Trend:
    """A line over time: of the figures, of those they are compared with, and of the target.

    What is expected goes on dashed, within the band of its interval; `expected_name` names that line.
    """

    title: Worded
    name: Worded
    alt: Worded
    points: tuple[TrendPoint, ...]
    before_name: Worded | None = None
    target: Figure | None = None
    target_label: Worded | None = None
    expected_name: Worded | None = None


@dataclass(frozen=True)
class Ranking:
    """Bars, one a group, as long as its figure."""

    title: Worded
    name: Worded
    alt: Worded
    bars: tuple[tuple[Quoted | Worded, Figure], ...]


Label: TypeAlias = "Worded | Quoted | Words"


@dataclass(frozen=True)
class Waterfall:
    """From one value to another: `steps` add up to the difference, what no driver explains is "unexplained".

    Each step's figure is its contribution, signed, in the unit of a change (POINTS for shares).
    """

    title: Worded
    name: Worded
    alt: Worded
    before: tuple[Label, Figure]
    steps: tuple[tuple[Label, Figure, Literal["member", "unexplained"]], ...]
    after: tuple[Label, Figure]


@dataclass(frozen=True)
class Stages:
    """A funnel: how many entered each stage, and the share or number of these that went no further (None: unsaid)."""

    title: Worded
    name: Worded
    alt: Worded
    steps: tuple[tuple[Label, Figure, Figure | None], ...]


@dataclass(frozen=True)
class HeatMap:
    """Figures by row and column, one a column in each row; None is no data.

    `scale`: which of them one colour scale compares; with different KPIs, those of one column or row only.
    """

    title: Worded
    name: Worded
    alt: Worded
    columns: tuple[Label, ...]
    rows: tuple[tuple[Label, tuple[Figure | None, ...]], ...]
    scale: Literal["all", "column", "row"] = "all"


Shape: TypeAlias = "Trend | Ranking | Waterfall | Stages | HeatMap"
"""A chart before it is put in words."""


@dataclass(frozen=True)
class Button:
    """What can be pressed under an answer: its words, and the complete plan behind them."""

    label: Worded
    plan: Choice


@dataclass(frozen=True)
class Buttons:
    """A row of buttons; under its own `about` where each of several things has its own.

    In Slack, rows that say what they are about take the place of the answer's body.
    """

    buttons: tuple[Button, ...]
    about: Worded | None = None


@dataclass(frozen=True)
class Result:
    """What came out. `route` names the answer kind and, unless `template` does, its template.

    `choices` are those of a question back, `buttons` stand under an answer beside its words.
    `notes` follow the reading. `currency` is that of its money where it is
    not the company's. `plan` replaces the permitted one where running showed that a question back is needed. `off`:
    whether something misses its target or is unusual, None where the kind cannot tell.
    Values in `facts` and `items` are Figures, dates, `Quoted` text from data, `Worded` phrases, booleans, codes
    (plain strings that templates compare and never print), and lists or mappings of these. A bare number is an error.
    """

    route: str
    facts: Mapping[str, Any]
    figures: tuple[Figure, ...] = ()
    items: tuple[Mapping[str, Any], ...] = ()
    choices: tuple[Choice, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Shape, ...] = ()
    plan: Plan | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    private: bool = False
    currency: str | None = None
    template: str | None = None
    notes: tuple[Worded, ...] = ()
    off: bool | None = None
    buttons: tuple[Buttons, ...] = ()


LONGEST_QUOTE = 120  # characters of a name or a word that an answer shows


def quoted(text: object) -> Quoted | None:
    """Text from data, or None where there is none."""
    if text in (None, ""):
        return None
    whole = str(text)
    return Quoted(whole if len(whole) <= LONGEST_QUOTE else f"{whole[:LONGEST_QUOTE]}…")
