"""What travels along the straight line: Question, Asker, Plan, Answer. All frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from analytics.semantic.query import ComparisonKind
from analytics.vocabulary import Clock, Grain, Period
from assistant.days import EARLIEST, LATEST

if TYPE_CHECKING:
    from analytics.insights.charts import Chart


class Role(StrEnum):
    """What somebody is in the company; decides what may be seen."""

    REP = "rep"
    MANAGER = "manager"
    EXEC = "exec"
    ADMIN = "admin"
    TRAINEE = "trainee"


class Language(StrEnum):
    """The languages a question is read and answered in."""

    EN = "en"
    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"

    @property
    def template_folder(self) -> str:
        """Where its templates lie: Traditional is converted from the Simplified ones."""
        return "en" if self is Language.EN else "zh"


@dataclass(frozen=True)
class Asker:
    """Who asks: a row of `people`. `rep_id` is empty for somebody who sells nothing."""

    person_id: str
    name: str
    role: Role
    rep_id: str | None = None
    email: str | None = None
    timezone: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class Question:
    """One message as it came: its words, who asks, when, and in which thread.

    `asker` is None for somebody who is in no row of `people`; `asked_as` is then what they called themselves.
    `language` is None when it has to be read from the words. `plan` is set when a button carried a whole plan.
    """

    text: str
    asker: Asker | None
    clock: Clock
    language: Language | None = None
    thread: str | None = None
    asked_as: str = ""
    in_slack: bool = False
    plan: dict[str, Any] | None = None


def _writable(text: str) -> str:
    text.encode("utf-8")  # half a character is a UnicodeEncodeError, which is a ValueError
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_writable)]


class _Plan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Day(_Plan):
    """A resolved period, half-open, as the JSON answer prints it."""

    start: str
    end: str
    label: str

    @model_validator(mode="after")
    def _runs_forward(self) -> Day:
        """Days of the calendar, the end after the start, in years that there are data of."""
        start, end = date.fromisoformat(self.start), date.fromisoformat(self.end)
        if not EARLIEST <= start < end <= LATEST:
            raise ValueError("a period starts before it ends, within the years that can be asked about")
        return self


class LeadList(_Plan):
    """Whom to call: the open, callable leads of `owner`, best value per hour of work first.

    `owner` is "me", "my_team", "everyone" or "rep:<rep_id>"; `limit` None means what a day's calling holds.
    """

    kind: Literal["leads"] = "leads"
    owner: str = "me"
    day: Day
    limit: int | None = Field(default=None, ge=1, le=100)


class Days(Day):
    """A period of a KPI question; `grain`, `count` and `to_date` as in `analytics.vocabulary.Period`."""

    grain: Grain | None = None
    count: int = Field(default=1, ge=1, le=1_000)
    to_date: bool = False

    @classmethod
    def of(cls, period: Period) -> Days:
        """The plan's form of a period."""
        return cls(
            start=period.start.isoformat(),
            end=period.end.isoformat(),
            label=period.label,
            grain=period.grain,
            count=period.count,
            to_date=period.to_date,
        )

    @property
    def period(self) -> Period:
        """The period it stands for."""
        start, end = date.fromisoformat(self.start), date.fromisoformat(self.end)
        return Period(start, end, self.label, self.grain, self.count, self.to_date)


class Narrowed(_Plan):
    """Only rows of this dimension's values; ids for reps and teams, else names."""

    name: str
    op: Literal["in", "not_in", "contains"] = "in"
    values: tuple[Name, ...] = Field(min_length=1, max_length=100)


class ComparedWith(_Plan):
    """What figures are held against; `period` for kind custom only."""

    kind: ComparisonKind
    period: Days | None = None

    @model_validator(mode="after")
    def _names_its_period(self) -> ComparedWith:
        if (self.kind == "custom") != (self.period is not None):
            raise ValueError("custom, and nothing else, names a period")
        return self


class OrderedBy(_Plan):
    """By a KPI or a dimension."""

    by: str
    descending: bool = True


class KpiQuery(_Plan):
    """One or several KPIs over a period, with breakdown, trend, ranking and comparison.

    `whose` is whose rows: me, my_team, company, rep:<id> or team:<id>; None means the usual for the asker and the KPI.
    `assumed` names what the question left open and the KPI's file filled in (period, comparison, whose).
    """

    kind: Literal["kpi"] = "kpi"
    kpis: tuple[str, ...] = Field(min_length=1, max_length=20)
    period: Days
    dimensions: tuple[str, ...] = Field(default=(), max_length=3)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    grain: Grain | None = None
    comparison: ComparedWith | None = None
    order: OrderedBy | None = None
    limit: int | None = Field(default=None, ge=1, le=100)
    share: bool = False
    running: bool = False
    whose: str | None = None
    assumed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> KpiQuery:
        for names in (self.kpis, self.dimensions):
            if len(set(names)) < len(names):
                raise ValueError("each KPI and dimension is named once")
        if self.order is not None and self.order.by not in (*self.kpis, *self.dimensions):
            raise ValueError("ordered by something that is not asked for")
        if self.limit is not None and not self.dimensions:
            raise ValueError("a limit is on groups")
        return self


class Define(_Plan):
    """What a KPI means: definition, formula, sources, who answers for it. None lists all there are."""

    kind: Literal["define"] = "define"
    kpi: str | None = None


class Help(_Plan):
    """What can be asked here, by this asker."""

    kind: Literal["help"] = "help"


Choice = LeadList | KpiQuery | Define | Help


class Clarify(_Plan):
    """A question back: what is unclear (`words` as the asker wrote them), and complete plans to choose from."""

    kind: Literal["clarify"] = "clarify"
    reason: str
    words: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


class Refuse(_Plan):
    """What is not possible and why; `understood` keeps the plan that was read, when there was one.

    `kpis` are those it is about, `offers` the names (dimensions, tables) that the sentence needs.
    """

    kind: Literal["refuse"] = "refuse"
    reason: str
    words: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    understood: dict[str, Any] | None = None


Plan = Annotated[LeadList | KpiQuery | Define | Help | Clarify | Refuse, Field(discriminator="kind")]


@dataclass(frozen=True)
class Picture:
    """A picture of an answer, rendered when it is needed; `alt` is what it shows in words."""

    name: str
    alt: str
    chart: Chart


@dataclass(frozen=True)
class Answer:
    """What leaves the desk; `as_json()` is the machine-readable answer, every key present.

    `private` answers hold rows that only the asker may see: in a channel they go by direct message.
    `blocks` are Slack Block Kit, `text` is Markdown for a terminal, `plain` the one-line fallback.
    """

    question: str
    language: str
    asker: dict[str, Any]
    route: str
    plan: dict[str, Any]
    reading: str
    text: str
    blocks: list[dict[str, Any]]
    headline: str = ""
    figures: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    citations: list[dict[str, Any]] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)
    choices: list[dict[str, Any]] = field(default_factory=list)
    private: bool = False
    pictures: tuple[Picture, ...] = ()
    took_ms: float = 0.0
