"""What if the largest open deals are won: what they add to what is expected anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from analytics.semantic import Order, QueryError, SemanticQuery, Semantics
from analytics.semantic.list_file import read_lists
from analytics.semantic.lists import Listed, ListQuery, Lists
from analytics.vocabulary import Period, Scope
from assistant.kinds.listed_words import told_filters
from assistant.plans import Forecast
from assistant.plans.parts import RowFilter
from assistant.result import Room

if TYPE_CHECKING:
    from analytics.insights.forecast import Outlook

COLUMNS = ("name", "customer", "rep", "stage", "amount", "expected_close_on")
_OF_DEALS, _WIN_RATE = "won_amount", "win_rate"
_FROM_DEALS = ("opportunities", "orders")
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Supposed:
    """The deals, their amount in all, and the period with them.

    `counted` is how much of their amount the forecast expects anyway; `at_least` is what has come and these deals,
    nothing else. `ordered`: the KPI counts orders, so the deals are taken to be ordered in the period as well.
    """

    listed: Listed
    amount: float
    counted: float
    at_least: float
    value: float
    low: float
    high: float
    ordered: bool

    @property
    def deals(self) -> tuple[Mapping[str, Any], ...]:
        """The deals, the largest first."""
        return self.listed.rows


def suppose(plan: Forecast, room: Room, scope: Scope, semantics: Semantics, whole: Outlook) -> Supposed:
    """The asker's largest open deals won in the period.

    The forecast expects some of the open deals to be won. How much of these it expects is taken from what is to come,
    spread over all open deals by amount, and never more than the share of decided deals that was won in the last year.
    Raises CannotForecast suppose, for a KPI that deals do not bring, and no_deals.
    """
    from analytics.insights.forecast import CannotForecast

    tables = set(room.model.tables_of(plan.kpi))
    if not room.model.kpis[plan.kpi].additive.over_time or not tables <= set(_FROM_DEALS):
        raise CannotForecast("suppose")
    listed = _largest_open(plan, room, scope)
    amount = sum(float(row["amount"] or 0) for row in listed.rows)
    if not amount:
        raise CannotForecast("no_deals")
    come = float(whole.so_far.value) if whole.so_far is not None and whole.so_far.value is not None else 0.0
    rest, pipeline = max(0.0, whole.total.value - come), float(listed.summed or amount)
    counted = amount * min(rest / pipeline, _share_won(semantics))
    more = amount - counted
    return Supposed(
        listed=listed,
        amount=amount,
        counted=counted,
        at_least=come + amount,
        value=whole.total.value + more,
        low=max(come + amount, whole.total.low + more),
        high=whole.total.high + more,
        ordered=plan.kpi != _OF_DEALS,
    )


def _largest_open(plan: Forecast, room: Room, scope: Scope) -> Listed:
    declared = read_lists()["deals"]
    given = tuple(RowFilter(name=one.name, op=one.op, values=one.values) for one in plan.filters)
    query = ListQuery(
        list="deals",
        filters=told_filters(declared, given, room.model),
        order=Order("amount"),
        limit=plan.suppose_won or 1,
        state="open",
        columns=COLUMNS,
    )
    return Lists(room.model, room.data, room.clock, scope).run(query)


def _share_won(semantics: Semantics) -> float:
    """The share of decided deals that was won in the last year; all where that is not known."""
    today = semantics.clock.today
    try:
        found = semantics.run(SemanticQuery((_WIN_RATE,), Period(today - _YEAR, today))).figures[0]
    except QueryError:
        return 1.0
    return float(found.value) if found.value is not None else 1.0
