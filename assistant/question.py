"""What travels along the straight line beside the plan: Question, Asker, Answer. All frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from analytics.vocabulary import Clock

if TYPE_CHECKING:
    from analytics.insights.charts import Chart
    from assistant.export import Report


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
class Place:
    """Where in Slack something is asked, and by which Slack user; `channel` is None in direct messages."""

    user: str
    channel: str | None = None


@dataclass(frozen=True)
class Question:
    """One message as it came: its words, who asks, when, and in which thread.

    `asker` is None for somebody who is in no row of `people`; `asked_as` is then what they called themselves.
    `language` is None when it has to be read from the words. `plan` is set when a button carried a whole plan.
    `place` is where in Slack it was asked. `scheduled`: it is due, not asked just now.
    """

    text: str
    asker: Asker | None
    clock: Clock
    language: Language | None = None
    thread: str | None = None
    asked_as: str = ""
    in_slack: bool = False
    plan: dict[str, Any] | None = None
    place: Place | None = None
    scheduled: bool = False


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
    `off`: whether something misses its target or is unusual; None where that cannot be told.
    `choices` answer a question back, `buttons` stand under an answer: each has a `label` and a complete `plan`.
    `blocks` are Slack Block Kit, `text` is Markdown for a terminal; `report` is what can be exported as a file.
    `parts` are the answers to several questions of one message.
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
    buttons: list[dict[str, Any]] = field(default_factory=list)
    private: bool = False
    off: bool | None = None
    pictures: tuple[Picture, ...] = ()
    report: Report | None = field(default=None, repr=False)
    parts: tuple[Answer, ...] = ()
    took_ms: float = 0.0
