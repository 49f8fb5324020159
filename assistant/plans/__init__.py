"""Plans: what a question is understood as. One class per plan kind; `kind` is the route of its answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from assistant.plans.agreed import Agreed, CloseMonth
from assistant.plans.decisions import Cost, DataQuestion, ExperimentQuestion, ModelQuestion, Spend
from assistant.plans.figures import Forecast, Funnel, KpiQuery, Summary, Why
from assistant.plans.lists import CustomerCard, CustomerList, DealAdvice, DealList, LeadList
from assistant.plans.parts import (
    ComparedWith,
    Day,
    Days,
    Having,
    Name,
    Narrowed,
    OrderedBy,
    PlanPart,
    RowFilter,
    compact,
)
from assistant.plans.written import Define, Help, Playbook, Schedule, Subscribe, Training

# Plans that run something or, as long as their tool is missing, say so.
Choice = (
    LeadList
    | DealList
    | CustomerList
    | CustomerCard
    | DealAdvice
    | KpiQuery
    | Why
    | Forecast
    | Summary
    | Funnel
    | Spend
    | Cost
    | ExperimentQuestion
    | ModelQuestion
    | DataQuestion
    | Playbook
    | Training
    | Subscribe
    | Agreed
    | CloseMonth
    | Define
    | Help
)


class Clarify(PlanPart):
    """A question back: what is unclear (`words` as the asker wrote them), and complete plans to choose from."""

    kind: Literal["clarify"] = "clarify"
    reason: str
    words: tuple[str, ...] = ()
    choices: tuple[Annotated[Choice, Field(discriminator="kind")], ...] = ()


class Refuse(PlanPart):
    """What is not possible and why; `understood` keeps the plan that was read, when there was one.

    `kpis` are those it is about, `offers` the names (dimensions, tables, people) that the sentence needs.
    """

    kind: Literal["refuse"] = "refuse"
    reason: str
    words: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    understood: dict[str, Any] | None = None


class Compound(PlanPart):
    """Several clear questions of one message, each answered in its turn."""

    kind: Literal["compound"] = "compound"
    parts: tuple[Annotated[Choice, Field(discriminator="kind")], ...] = Field(min_length=2, max_length=4)


Plan = Annotated[Choice | Compound | Clarify | Refuse, Field(discriminator="kind")]

__all__ = [
    "Agreed", "Choice", "Clarify", "CloseMonth", "ComparedWith", "Compound", "Cost", "CustomerCard", "CustomerList",
    "DataQuestion", "Day", "Days", "DealAdvice", "DealList", "Define", "ExperimentQuestion", "Forecast",
    "Funnel", "Having", "Help", "KpiQuery", "LeadList", "ModelQuestion", "Name", "Narrowed", "OrderedBy", "Plan",
    "Playbook", "Refuse", "RowFilter", "Schedule", "Spend", "Subscribe", "Summary", "Training", "Why", "compact",
]  # fmt: skip
