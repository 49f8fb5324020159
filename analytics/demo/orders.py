"""Orders: those that deals end in, and what customers buy again on their own rhythm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.catalogue import (
    CHANNEL_IDS,
    CHANNELS,
    LIST_PRICE,
    PRODUCT_IDS,
    REORDER_WEIGHT,
    UNIT_COST,
)
from analytics.demo.customers import Accounts, customer_ids_of
from analytics.demo.days import Flags, Floats, Ints, Setting, Texts, utc
from analytics.demo.deals import Deals, deal_ids_of
from analytics.demo.frames import ids, loaded, money, pick, running_index, some, words
from analytics.demo.leads import Leads
from analytics.demo.people import REP_IDS, Staff, owner_at
from analytics.demo.plants import CHURN_STRETCH, CHURNERS, MEAN_RELATION_DAYS, Plants

MEDIAN_GAP_DAYS, SPREAD_OF_GAPS, SHAPE_OF_GAPS = 130.0, 0.55, 4.0
PIECES_BY_SIZE = (1.2, 2.5, 5.5, 9.5)
ORIGIN_SHARE = 0.03  # repeat orders recorded under the channel the account once came through


@dataclass(frozen=True)
class Rhythm:
    """How each customer buys: the first purchase it counts from, the mean gap in days, the end of the relation."""

    since: Floats
    mean_gap: Floats
    ends: Floats
    churning: Flags


@dataclass(frozen=True)
class Orders:
    """Order lines in order of time; `order` numbers the orders from 0."""

    order: Ints
    line: Ints
    customer: Ints
    rep: Ints
    deal: Ints
    product: Ints
    channel: Ints
    campaign: Ints
    moment: Floats
    pieces: Ints
    list_amount: Floats
    amount: Floats
    cost: Floats

    @property
    def margin(self) -> Floats:
        """What each line earns."""
        return self.amount - self.cost


def make_rhythm(setting: Setting, plants: Plants, accounts: Accounts, deals: Deals, old_count: int) -> Rhythm:
    """Who buys how often; some regular customers are about to leave."""
    rng = setting.rng("rhythm")
    count = len(accounts)
    since = np.full(count, np.inf)
    np.minimum.at(since, deals.customer[deals.won], deals.closed[deals.won])
    mean_gap = np.clip(MEDIAN_GAP_DAYS * np.exp(rng.normal(0, SPREAD_OF_GAPS, count)), 24, 600)
    since[:old_count] = -mean_gap[:old_count] * rng.random(old_count)
    ends = np.maximum(since, 0) + rng.exponential(MEAN_RELATION_DAYS, count)
    churning = np.zeros(count, dtype=np.bool_)
    churning[rng.choice(old_count, min(setting.count(CHURNERS, least=6), old_count // 3), replace=False)] = True
    mean_gap[churning] = rng.uniform(18, 32, int(churning.sum()))
    ends[churning] = np.inf
    return Rhythm(since=since, mean_gap=mean_gap, ends=np.minimum(ends, setting.last), churning=churning)


def make_orders(
    setting: Setting, plants: Plants, accounts: Accounts, leads: Leads, deals: Deals, rhythm: Rhythm, staff: Staff
) -> Orders:
    """All order lines up to the last moment."""
    repeats = _repeat_lines(setting, plants, accounts, rhythm, staff, first_number=len(deals))
    parts = [_deal_lines(setting, leads, deals, staff), repeats]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((whole["line"], whole["order"], whole["moment"]))
    lines = {name: values[order] for name, values in whole.items()}
    starts = lines["line"] == 0
    lines["order"] = np.cumsum(starts) - 1
    return Orders(**lines)


def _deal_lines(setting: Setting, leads: Leads, deals: Deals, staff: Staff) -> dict[str, Ints | Floats]:
    """A won deal is one order: its product, and for some a smaller second line."""
    rng = setting.rng("deal_orders")
    deal = np.flatnonzero(deals.won)
    second = some(rng, 0.35, len(deal))
    row = np.repeat(np.arange(len(deal)), 1 + second)
    line = running_index(row)
    extras = pick(rng, REORDER_WEIGHT, len(row))
    product = np.where(line == 0, deals.product[deal][row], extras)
    # The second line takes a twentieth of the deal, so that the order is worth what the deal was.
    share = np.where(line == 1, 0.05, np.where(second[row], 0.95, 1.0))
    list_amount, amount = money(deals.list_amount[deal][row] * share), money(deals.amount[deal][row] * share)
    moment = np.minimum(deals.closed[deal] + rng.uniform(0.002, 0.04, len(deal)), setting.last)
    rep = owner_at(deals.owner[deal], deals.successor[deal], deals.closed[deal], staff)
    pieces = np.where(line == 0, deals.pieces[deal][row], np.maximum(1, list_amount // LIST_PRICE[product]))
    return {
        "order": row, "line": line, "customer": deals.customer[deal][row], "rep": rep[row], "deal": deal[row],
        "product": product, "channel": leads.channel[deals.lead[deal]][row],
        "campaign": leads.campaign[deals.lead[deal]][row], "moment": moment[row], "pieces": pieces.astype(np.int64),
        "list_amount": list_amount, "amount": amount,
        "cost": money(list_amount * (UNIT_COST / LIST_PRICE)[product]),
    }  # fmt: skip


def _repeat_lines(
    setting: Setting, plants: Plants, accounts: Accounts, rhythm: Rhythm, staff: Staff, *, first_number: int
) -> dict[str, Ints | Floats]:
    rng = setting.rng("repeat_orders")
    customer, moment = repeat_moments(rng, setting, plants, rhythm)
    lines = 1 + pick(rng, (0.55, 0.30, 0.15), len(customer))
    row = np.repeat(np.arange(len(customer)), lines)
    product = pick(rng, REORDER_WEIGHT, len(row))
    pieces = 1 + rng.poisson(np.array(PIECES_BY_SIZE)[accounts.size[customer[row]]])
    list_amount = money(LIST_PRICE[product] * pieces)
    discount = np.clip(rng.normal(0.05, 0.03, len(row)), 0, 0.2)
    reorder_share = [channel.reorder_share for channel in CHANNELS]
    channel = np.where(
        some(rng, ORIGIN_SHARE, len(customer)), accounts.origin[customer], pick(rng, reorder_share, len(customer))
    )
    rep = owner_at(accounts.owner[customer], accounts.successor[customer], moment, staff)
    nothing = np.full(len(row), -1, dtype=np.int64)
    return {
        "order": row + first_number, "line": running_index(row), "customer": customer[row], "rep": rep[row],
        "deal": nothing, "product": product, "channel": channel[row], "campaign": nothing, "moment": moment[row],
        "pieces": pieces, "list_amount": list_amount, "amount": money(list_amount * (1 - discount)),
        "cost": money(UNIT_COST[product] * pieces),
    }  # fmt: skip


def repeat_moments(rng: np.random.Generator, setting: Setting, plants: Plants, rhythm: Rhythm) -> tuple[Ints, Floats]:
    """Customer and moment of each repeat order, by customer.

    Gaps are drawn one after another, in buying days, until the customer's end; a leaving customer's have grown long.
    """
    worked = setting.buying.worked_at
    customer = np.flatnonzero(rhythm.since < setting.last)
    since = rhythm.since[customer]
    at = np.where(since < 0, since, worked(np.maximum(since, 0)))
    ends, turn = worked(rhythm.ends), float(worked(np.array([plants.churn_from]))[0])
    found_customer, found_at = [], []
    while len(customer):
        gap = rng.gamma(SHAPE_OF_GAPS, rhythm.mean_gap[customer] / SHAPE_OF_GAPS)
        leaving = rhythm.churning[customer] & (at + gap > turn)
        before = np.clip(turn - at, 0, gap)
        at = at + np.where(leaving, before + (gap - before) * CHURN_STRETCH, gap)
        going_on = at < ends[customer]
        customer, at = customer[going_on], at[going_on]
        found_customer.append(customer[at > 0])
        found_at.append(at[at > 0])
    owner, when = np.concatenate(found_customer), np.concatenate(found_at)
    order = np.lexsort((when, owner))
    return owner[order], np.minimum(setting.buying.moment_at(when[order]), setting.last)


def order_ids_of(orders: Orders) -> Texts:
    """The order's id by order number."""
    return ids("SO", int(orders.order[-1]) + 1, 6)


def orders_table(orders: Orders, accounts: Accounts, deals: Deals, campaigns: list[str]) -> pd.DataFrame:
    """The order lines."""
    return loaded(
        "orders", order_id=order_ids_of(orders)[orders.order], line_no=orders.line + 1,
        customer_id=customer_ids_of(accounts)[orders.customer], rep_id=REP_IDS[orders.rep],
        opportunity_id=words(deal_ids_of(deals), orders.deal), product_id=PRODUCT_IDS[orders.product],
        channel_id=CHANNEL_IDS[orders.channel], campaign_id=words(campaigns, orders.campaign),
        ordered_at=utc(orders.moment), quantity=orders.pieces, list_amount=orders.list_amount,
        amount=orders.amount, cost_of_goods=orders.cost,
    )  # fmt: skip


def first_orders(orders: Orders, accounts: Accounts, old_count: int) -> Floats:
    """Each customer's first order: for old accounts the one from before 2023 (NaN: never ordered)."""
    first = np.full(len(accounts), np.inf)
    np.minimum.at(first, orders.customer, orders.moment)
    first[:old_count] = accounts.since[:old_count]
    return np.where(np.isfinite(first), first, np.nan)


def payments_table(setting: Setting, orders: Orders, accounts: Accounts) -> pd.DataFrame:
    """Payments some weeks after each order, large ones in two parts; a few orders stay unpaid."""
    rng = setting.rng("payments")
    starts = np.flatnonzero(orders.line == 0)
    totals = np.add.reduceat(orders.amount, starts)
    count = len(starts)
    paid = ~some(rng, 0.015, count)
    in_two = totals > 60_000
    first_share = np.where(in_two, 0.3, 1.0)
    order = np.r_[np.flatnonzero(paid), np.flatnonzero(paid & in_two)]
    second = np.arange(len(order)) >= int(paid.sum())
    first_part = money(totals * first_share)
    amount = np.where(second, money(totals - first_part)[order], first_part[order])
    wait = np.where(second, rng.uniform(45, 100, len(order)), rng.gamma(4.0, 7.0, len(order)) + 0.2)
    moment = orders.moment[starts][order] + wait
    moment = np.maximum(np.floor(moment) + rng.uniform(9, 17, len(moment)) / 24, orders.moment[starts][order] + 0.01)
    there = moment <= setting.last
    order, amount, moment = order[there], amount[there], moment[there]
    by_time = np.argsort(moment, kind="stable")
    order, amount, moment = order[by_time], amount[by_time], moment[by_time]
    return loaded(
        "payments", payment_id=ids("PY", len(order), 6), order_id=order_ids_of(orders)[order],
        customer_id=customer_ids_of(accounts)[orders.customer[starts][order]], paid_at=utc(moment),
        amount=money(amount),
    )  # fmt: skip
