"""Plans about figures: KPIs, why they changed, where they are heading, summaries, the funnel."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from analytics.vocabulary import Grain
from assistant.plans.parts import ComparedWith, Days, Having, Name, Narrowed, OrderedBy, PlanPart


class KpiQuery(PlanPart):
    """One or several KPIs over a period, with breakdown, trend, ranking and comparison.

    `whose` is whose rows: me, my_team, company, rep:<id> or team:<id>; None means the usual for the asker and the KPI.
    `having`: only groups that are within all these bounds. `as_chart`: a chart was asked for. `assumed` names what the
    question left open and the KPI's file filled in (period, comparison, whose), or the company's settings (performance:
    which KPI its people mean by the word).
    """

    kind: Literal["kpi"] = "kpi"
    kpis: tuple[Name, ...] = Field(min_length=1, max_length=20)
    period: Days
    dimensions: tuple[Name, ...] = Field(default=(), max_length=3)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    grain: Grain | None = None
    comparison: ComparedWith | None = None
    order: OrderedBy | None = None
    limit: int | None = Field(default=None, ge=1, le=100)
    having: tuple[Having, ...] = Field(default=(), max_length=5)
    share: bool = False
    running: bool = False
    as_chart: bool = False
    whose: Name | None = None
    assumed: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> KpiQuery:
        for names in (self.kpis, self.dimensions):
            if len(set(names)) < len(names):
                raise ValueError("each KPI and dimension is named once")
        if self.order is not None and self.order.by not in (*self.kpis, *self.dimensions):
            raise ValueError("ordered by something that is not asked for")
        if self.limit is not None and not self.dimensions:
            raise ValueError("a limit is on groups")
        if self.having and bool(self.dimensions) == (self.grain is not None):
            raise ValueError("a bound is on groups, or on the points of a trend")
        if any(bound.kpi not in self.kpis for bound in self.having):
            raise ValueError("a bound on something that is not asked for")
        return self


class Why(PlanPart):
    """The drivers of a KPI's change between `period` and what it is compared with.

    `dimensions` are those to search, if any were named.
    """

    kind: Literal["why"] = "why"
    kpi: Name
    period: Days
    comparison: ComparedWith
    dimensions: tuple[Name, ...] = Field(default=(), max_length=3)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    whose: Name | None = None
    assumed: tuple[Name, ...] = ()


class Forecast(PlanPart):
    """Where a KPI is heading over `period`, which ends in the future; by `grain` where units of time are asked for.

    `against_target`: whether the target will be reached. `goal`: whether this value will be, in the KPI's own unit.
    `suppose_won`: what if this many of the largest open deals are won. `assumed` names what the question left open:
    period, kpi (none was named, so it is what the company's settings mean by performance) or performance (the word was
    said).
    """

    kind: Literal["forecast"] = "forecast"
    kpi: Name
    period: Days
    grain: Grain | None = None
    dimensions: tuple[Name, ...] = Field(default=(), max_length=3)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    against_target: bool = False
    goal: float | None = Field(default=None, gt=0, le=1e15, allow_inf_nan=False)
    suppose_won: int | None = Field(default=None, ge=1, le=100)
    whose: Name | None = None
    assumed: tuple[Name, ...] = ()


class Summary(PlanPart):
    """The KPI summary of a `rhythm` over `period`.

    `form`: the summary itself; a bulletin fit for a channel; a review of improvements; a quarterly diagnosis of the
    process. `as_file`: it was asked for as a file.
    """

    kind: Literal["summary"] = "summary"
    rhythm: Literal["day", "week", "month", "quarter", "year"] = "week"
    period: Days
    form: Literal["summary", "bulletin", "review", "diagnosis"] = "summary"
    as_file: Literal["csv", "pdf", "png"] | None = None
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    whose: Name | None = None
    assumed: tuple[Name, ...] = ()


class Funnel(PlanPart):
    """The stages of the pipeline: how many enter, go on and drop out; `stage` where one is asked about."""

    kind: Literal["funnel"] = "funnel"
    period: Days
    stage: Name | None = None
    dimensions: tuple[Name, ...] = Field(default=(), max_length=3)
    filters: tuple[Narrowed, ...] = Field(default=(), max_length=10)
    comparison: ComparedWith | None = None
    whose: Name | None = None
    assumed: tuple[Name, ...] = ()
