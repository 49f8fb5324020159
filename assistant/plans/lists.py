"""Plans about rows: leads to call, lists of leads, deals and customers, one customer, one deal."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from assistant.plans.parts import Day, Name, OrderedBy, PlanPart, RowFilter

MOST_FILTERS = 10
MOST_ROWS = 100


class LeadList(PlanPart):
    """Leads. `purpose` call: whom to call, the open, callable leads of `owner`, best value per hour of work first.

    `purpose` list: leads in `state` that `filters` let through, in `order`. `owner` is "me", "my_team", "everyone",
    "rep:<rep_id>" or, for a list only, None: the usual for the asker. `limit` None means what a day's calling holds,
    for a list what a first screen holds.
    """

    kind: Literal["leads"] = "leads"
    purpose: Literal["call", "list"] = "call"
    owner: Name | None = "me"
    day: Day
    state: Literal["open", "converted", "lost", "all"] = "open"
    filters: tuple[RowFilter, ...] = Field(default=(), max_length=MOST_FILTERS)
    order: OrderedBy | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST_ROWS)

    @model_validator(mode="after")
    def _calls_are_made_on_open_leads(self) -> LeadList:
        if self.purpose == "call" and (self.state != "open" or self.order is not None or self.owner is None):
            raise ValueError("a call list has an owner, its own order, and open leads only")
        return self


class DealList(PlanPart):
    """Deals in `state` that `filters` let through, in `order`. `whose` as in KpiQuery; None: the asker's usual."""

    kind: Literal["deals"] = "deals"
    state: Literal["open", "won", "lost", "withdrawn", "all"] = "open"
    filters: tuple[RowFilter, ...] = Field(default=(), max_length=MOST_FILTERS)
    order: OrderedBy | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST_ROWS)
    whose: Name | None = None


class CustomerList(PlanPart):
    """Accounts that `filters` let through, in `order`. `whose` as in KpiQuery; None: the usual for the asker."""

    kind: Literal["customers"] = "customers"
    filters: tuple[RowFilter, ...] = Field(default=(), max_length=MOST_FILTERS)
    order: OrderedBy | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST_ROWS)
    whose: Name | None = None


class CustomerCard(PlanPart):
    """One account (`customer` is its id): value, class, health, what to do; `about` names the part asked for."""

    kind: Literal["customer"] = "customer"
    customer: Name
    about: Literal["overview", "value", "health", "advice", "history"] = "overview"


class DealAdvice(PlanPart):
    """Price and negotiation advice on one deal, named by its id (`deal`) or by its `customer`'s id.

    `discount` is the share off the list price that was asked about (0.05 for 5% off).
    """

    kind: Literal["deal"] = "deal"
    deal: Name | None = None
    customer: Name | None = None
    about: Literal["overview", "price", "negotiation"] = "overview"
    discount: float | None = Field(default=None, gt=0, allow_inf_nan=False, lt=1)

    @model_validator(mode="after")
    def _names_a_deal(self) -> DealAdvice:
        if self.deal is None and self.customer is None:
            raise ValueError("advice is on a deal, or on the deal of a customer")
        return self
