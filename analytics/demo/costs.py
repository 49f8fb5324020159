"""The monthly cost ledger, and the planted kind of activity that returns less than it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.activities import EVENT, VISIT, Work, with_minutes_times
from analytics.demo.catalogue import CHANNELS, TRADE_SHOW
from analytics.demo.days import Flags, Floats, Ints, Setting, local_dates, moment_of, month_start
from analytics.demo.deals import Deals
from analytics.demo.frames import as_texts, ids, loaded, money
from analytics.demo.leads import Leads
from analytics.demo.marketing import Market
from analytics.demo.orders import Orders
from analytics.demo.people import SELLING_TEAMS, Staff
from analytics.demo.plants import INEFFECTIVE_RETURN

POOLS = ("salaries", "commission", "travel", "marketing", "tools", "service", "training", "other")
SALES_POOLS = (0, 1, 2)  # what activities are paid from: salaries, commission, travel
SALARY_A_MONTH, COMMISSION, TRAVEL_A_MONTH = 24_000.0, 0.03, 6_200.0
AGENCY_FEES = 1.08  # the ledger's marketing is the spend plus agency fees
FIXED_A_MONTH = {"tools": 440_000.0, "service": 690_000.0, "training": 200_000.0, "other": 290_000.0}
# What the savings programme has reached: cost of a year against 2023, by pool.
YEARLY = {
    "salaries": (1.0, 0.99, 0.97, 0.95), "travel": (1.0, 0.93, 0.80, 0.70), "tools": (1.0, 1.05, 1.0, 0.92),
    "service": (1.0, 0.97, 0.92, 0.86), "training": (1.0, 1.1, 1.25, 1.15), "other": (1.0, 0.95, 0.85, 0.78),
}  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """Cost by pool, selling team and closed month (months since January 2023)."""

    amount: Floats

    @property
    def months(self) -> int:
        """How many months are closed."""
        return int(self.amount.shape[2])


def make_ledger(setting: Setting, market: Market, orders: Orders, staff: Staff) -> Ledger:
    """All costs of the closed months; they grow with the scale as everything does."""
    rng = setting.rng("cost_ledger")
    months, teams = setting.this_month, len(SELLING_TEAMS)
    heads = np.zeros((teams, months))
    for month in range(months):
        there = (staff.hired <= moment_of(month_start(month))) & (staff.left > moment_of(month_start(month)))
        heads[:, month] = np.bincount(staff.team_by_month[there, month], minlength=teams)
    share = heads / heads.sum(axis=0)
    order_month = setting.month_at(orders.moment)
    revenue = np.zeros((teams, setting.this_month + 1))
    np.add.at(revenue, (staff.team_by_month[orders.rep, order_month], order_month), orders.amount)
    spend_month = setting.month_of_day[: setting.days]
    spend = np.bincount(spend_month, weights=market.spend.sum(axis=0), minlength=months + 1)[:months]
    amount = np.zeros((len(POOLS), teams, months))
    amount[0] = heads * SALARY_A_MONTH * _level("salaries", months) * setting.scale
    amount[1] = revenue[:, :months] * COMMISSION
    amount[2] = heads * TRAVEL_A_MONTH * _level("travel", months) * setting.scale
    amount[3] = share * spend * AGENCY_FEES
    for code, pool in enumerate(POOLS[4:], start=4):
        amount[code] = share * FIXED_A_MONTH[pool] * _level(pool, months) * setting.scale
    noise = np.exp(rng.normal(0, 0.02, amount.shape))
    noise[[1, 3]] = 1.0  # commission and marketing follow from orders and spend
    return Ledger(amount=money(amount * noise))


def _level(pool: str, months: int) -> Floats:
    by_year = YEARLY[pool]
    return np.array([by_year[min(month // 12, len(by_year) - 1)] for month in range(months)])


def cost_ledger_table(ledger: Ledger) -> pd.DataFrame:
    """A row per month, pool and team."""
    pools, teams, months = ledger.amount.shape
    month, pool, team = (axis.ravel() for axis in np.indices((months, pools, teams)))
    starts = np.array([moment_of(month_start(index)) for index in range(months)])
    return loaded(
        "cost_ledger", entry_id=ids("E", len(month), 5), month=local_dates(starts[month]),
        cost_pool=as_texts(POOLS)[pool], team_id=as_texts(SELLING_TEAMS)[team], amount=ledger.amount[pool, team, month],
    )  # fmt: skip


@dataclass(frozen=True)
class Returns:
    """Cost and return of work by activity kind and channel, over the closed months.

    Cost: minutes times (salaries + commission + travel) / all minutes of activities. Return: the gross margin of
    each won deal's order, split over the activities on the deal and on the lead it came from, by their minutes.
    """

    cost: Floats
    returned: Floats
    cost_per_minute: float


def work_returns(setting: Setting, work: Work, deals: Deals, leads: Leads, orders: Orders, ledger: Ledger) -> Returns:
    """Measure them."""
    done = work.take(work.moment < moment_of(month_start(ledger.months)))
    rate = float(ledger.amount[list(SALES_POOLS)].sum() / done.minutes.sum())
    lead = lead_of(done, deals)
    touched = lead >= 0
    lead, minutes, kind = lead[touched], done.minutes[touched], done.kind[touched]
    per_lead = np.bincount(lead, weights=minutes, minlength=len(leads))
    cell = kind * len(CHANNELS) + leads.channel[lead]
    cells = (EVENT + 1) * len(CHANNELS)
    credit = margin_of_leads(deals, leads, orders)[lead] * minutes / per_lead[lead]
    cost: Floats = np.bincount(cell, weights=minutes * rate, minlength=cells).astype(np.float64)
    returned: Floats = np.bincount(cell, weights=credit, minlength=cells).astype(np.float64)
    return Returns(cost=cost.reshape(EVENT + 1, -1), returned=returned.reshape(EVENT + 1, -1), cost_per_minute=rate)


def lead_of(work: Work, deals: Deals) -> Ints:
    """The lead each activity was for, directly or through its deal; -1 if neither."""
    return np.where(work.lead >= 0, work.lead, np.where(work.deal >= 0, deals.lead[work.deal], -1))


def margin_of_leads(deals: Deals, leads: Leads, orders: Orders) -> Floats:
    """What each lead's deal has earned, if it was won."""
    of_deal = orders.deal >= 0
    lead, margin = deals.lead[orders.deal[of_deal]], orders.margin[of_deal]
    return np.bincount(lead, weights=margin, minlength=len(leads)).astype(np.float64)


def with_ineffective_visits(
    setting: Setting, work: Work, deals: Deals, leads: Leads, orders: Orders, ledger: Ledger
) -> Work:
    """The same work with trade-show visits so much longer that they return 0.3 per unit of cost.

    Times f, visits of v minutes on a lead that earned g, beside o minutes of other work, are credited
    g * f * v / (o + f * v), and all V of them cost P * f * V / (M + f * V), where P is the pools' amount and M all
    other minutes; f is found by halving.
    """
    rows = trade_show_visits(work, deals, leads)
    closed = work.moment < moment_of(month_start(ledger.months))
    lead = lead_of(work, deals)
    visits = np.bincount(lead[rows & closed], weights=work.minutes[rows & closed], minlength=len(leads))
    others = closed & ~rows & (lead >= 0)
    beside = np.bincount(lead[others], weights=work.minutes[others], minlength=len(leads))
    earned = margin_of_leads(deals, leads, orders)
    some_visits = visits > 0
    v, o, g = visits[some_visits], beside[some_visits], earned[some_visits]
    rest, pools = work.minutes[closed & ~rows].sum(), ledger.amount[list(SALES_POOLS)].sum()
    low, high = 0.5, 6.0
    for _ in range(40):
        middle = (low + high) / 2
        cost = pools * middle * v.sum() / (rest + middle * v.sum())
        too_good = (g * middle * v / (o + middle * v)).sum() > INEFFECTIVE_RETURN * cost
        low, high = (middle, high) if too_good else (low, middle)
    return with_minutes_times(work, rows, high)


def trade_show_visits(work: Work, deals: Deals, leads: Leads) -> Flags:
    """Visits to contacts first met at a trade show."""
    lead = lead_of(work, deals)
    chosen: Flags = (work.kind == VISIT) & (lead >= 0) & (leads.channel[lead] == TRADE_SHOW)
    return chosen
