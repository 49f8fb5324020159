"""Plans about decisions and what they rest on: spend, cost, experiments, models, data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assistant.plans.parts import Days, Name, Narrowed, PlanPart


class Spend(PlanPart):
    """Budget and channel mix. `about` mix: how the spend is divided and what it returns; plan: how to divide it.

    `budget` is the amount to divide, where one is named; `filters` the channels or campaigns asked about.
    """

    kind: Literal["spend"] = "spend"
    about: Literal["mix", "plan"] = "mix"
    period: Days
    budget: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    assumed: tuple[Name, ...] = ()


class Cost(PlanPart):
    """Activity-based cost; `view` of activities, as a heat map, as a value map, or of one cost pool (`filters`)."""

    kind: Literal["cost"] = "cost"
    view: Literal["activities", "heat_map", "value_map", "pools", "budget"] = "activities"
    period: Days
    dimensions: tuple[Name, ...] = Field(default=(), max_length=3)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    whose: Name | None = None
    assumed: tuple[Name, ...] = ()


class ExperimentQuestion(PlanPart):
    """A pilot against its control: its result, which there are, or how large one has to be.

    `experiment` and `kpi` where they were named.
    """

    kind: Literal["experiment"] = "experiment"
    about: Literal["result", "list", "size"] = "result"
    experiment: Name | None = None
    kpi: Name | None = None


class ModelQuestion(PlanPart):
    """How good a model is, which version runs, what it looks at, whether it is fair. `model` None: all of them."""

    kind: Literal["model"] = "model"
    about: Literal["quality", "version", "reasons", "fairness"] = "quality"
    model: Literal["lead_score", "customer_value", "clv", "churn", "forecast", "sentiment", "price"] | None = None


class DataQuestion(PlanPart):
    """Quality, freshness, lineage, or duplicates of the data; of a `table` or behind a `kpi` where one is named."""

    kind: Literal["data"] = "data"
    about: Literal["quality", "freshness", "lineage", "duplicates"] = "quality"
    table: Name | None = None
    kpi: Name | None = None
