"""Plans about what people wrote, and about the assistant: playbook, training, definitions, help, subscriptions."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from assistant.days import EARLIEST, LATEST
from assistant.plans.figures import Forecast, Funnel, KpiQuery, Summary, Why
from assistant.plans.lists import CustomerList, DealList, LeadList
from assistant.plans.parts import Name, PlanPart

CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class Playbook(PlanPart):
    """A question to the playbook in the asker's own `words`; `about` the part asked for, `kpi` what it should help."""

    kind: Literal["playbook"] = "playbook"
    words: str = Field(min_length=1, max_length=2_000)
    about: Literal["definition", "steps", "roles", "checklist", "example", "template"] | None = None
    kpi: Name | None = None


class Training(PlanPart):
    """Learning: start or go on with a path, a quiz, one's progress, the team's progress; `topic` where one is named."""

    kind: Literal["training"] = "training"
    action: Literal["start", "next", "quiz", "progress", "team"] = "start"
    topic: Name | None = None


class Define(PlanPart):
    """What a KPI means: definition, formula, sources, who answers for it. None lists all there are."""

    kind: Literal["define"] = "define"
    kpi: Name | None = None


class Help(PlanPart):
    """What can be asked here, by this asker."""

    kind: Literal["help"] = "help"


class Schedule(PlanPart):
    """When something is sent, in the asker's own time zone: `every` day, workday, week (`weekday` 1 is Monday),
    fortnight, month or quarter (`day` of it, 1 first; `working`: or else the next day that people work), at a time of
    day such as 09:00."""

    every: Literal["day", "workday", "week", "fortnight", "month", "quarter"]
    weekday: int | None = Field(default=None, ge=1, le=7)
    day: int | None = Field(default=None, ge=1, le=31)
    working: bool | None = None
    at: str = Field(default="09:00", pattern=CLOCK_TIME)


Sent = Summary | KpiQuery | Forecast | Why | Funnel | LeadList | DealList | CustomerList
"""What can be sent on a schedule."""


class Subscribe(PlanPart):
    """Something sent on a schedule.

    `what` None means what the thread showed last, for create, else all there are, or `one` of them; `which` is the
    number of the subscription where it is known. `to` is "me", "here" or "channel:<name>";
    `only_when_off`: only when something is unusual or misses its target.

    A change is one of the time (a whole `schedule`, or the time of day `at` alone), and of the place or the condition
    where `changes` says so. A pause may end on the day `until`.
    """

    kind: Literal["subscribe"] = "subscribe"
    action: Literal["create", "list", "change", "pause", "resume", "stop"] = "create"
    what: Sent | None = Field(default=None, discriminator="kind")
    schedule: Schedule | None = None
    to: Name = "me"
    only_when_off: bool = False
    which: int | None = Field(default=None, ge=1, le=2_000_000_000)
    one: bool = False
    changes: tuple[Literal["place", "condition"], ...] = Field(default=(), max_length=2)
    at: str | None = Field(default=None, pattern=CLOCK_TIME)
    until: str | None = None
    assumed: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _says_when(self) -> Subscribe:
        if self.action == "create" and self.schedule is None:
            raise ValueError("a subscription says when")
        if self.until is not None and not EARLIEST <= date.fromisoformat(self.until) <= LATEST:
            raise ValueError("a pause ends on a day of the calendar")
        return self
