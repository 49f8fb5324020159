"""What travels along the straight line beside the plan: Question, Asker, Answer. All frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from analytics.vocabulary import Clock

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
    `blocks` are Slack Block Kit, `text` is Markdown for a terminal. `parts` are the answers to several questions of one
    message.
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
    parts: tuple[Answer, ...] = ()
    took_ms: float = 0.0
