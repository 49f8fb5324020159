"""What travels along the straight line: Question, Asker, Plan, Answer. All frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analytics.vocabulary import Clock


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


class _Plan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Day(_Plan):
    """A resolved period, half-open, as the JSON answer prints it."""

    start: str
    end: str
    label: str


class LeadList(_Plan):
    """Whom to call: the open, callable leads of `owner`, best value per hour of work first.

    `owner` is "me", "my_team", "everyone" or "rep:<rep_id>"; `limit` None means what a day's calling holds.
    """

    kind: Literal["leads"] = "leads"
    owner: str = "me"
    day: Day
    limit: int | None = Field(default=None, ge=1, le=100)


class Help(_Plan):
    """What can be asked here, by this asker."""

    kind: Literal["help"] = "help"


class Clarify(_Plan):
    """A question back: what is unclear (`words` as the asker wrote them), and complete plans to choose from."""

    kind: Literal["clarify"] = "clarify"
    reason: str
    words: tuple[str, ...] = ()
    choices: tuple[LeadList | Help, ...] = ()


class Refuse(_Plan):
    """What is not possible and why; `understood` keeps the plan that was read, when there was one."""

    kind: Literal["refuse"] = "refuse"
    reason: str
    words: tuple[str, ...] = ()
    understood: dict[str, Any] | None = None


Plan = Annotated[LeadList | Help | Clarify | Refuse, Field(discriminator="kind")]


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
    took_ms: float = 0.0
