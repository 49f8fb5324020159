"""What converted leads became: deals with stages, quotes and an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.catalogue import DEAL_WEIGHT, LIST_PRICE, PRODUCT_IDS, PRODUCTS, REGIONS
from analytics.demo.customers import Accounts, customer_ids_of
from analytics.demo.days import Flags, Floats, Ints, Setting, Texts, local_dates, utc
from analytics.demo.frames import as_texts, ids, loaded, money, some, spread_uniform, words
from analytics.demo.leads import Decisions, Leads, lead_ids_of
from analytics.demo.people import REGION_OF_TEAM, REP_IDS, SELLING_TEAMS, Staff, owner_at
from analytics.demo.plants import (
    EXTRA_DISCOUNT,
    LEAVE_AT_PROPOSAL,
    LEAVE_AT_PROPOSAL_LEAKING,
    LEAVE_AT_QUALIFIED,
    USUAL_DISCOUNT,
    WIN_CASE_FACTOR,
    WIN_INTERCEPT,
    WIN_PER_DISCOUNT,
    WITHDRAWN_SHARE,
    Plants,
)

STAGES = ("qualified", "proposal", "negotiation", "won", "lost")
QUALIFIED, PROPOSAL, NEGOTIATION, WON, LOST = range(5)
MEDIAN_STAGE_DAYS = (8.0, 10.0, 14.0)
OUTCOMES = ("open", "won", "lost", "withdrawn")
LOST_REASONS = ("price", "competitor", "no decision", "no budget", "timing")
PIECES_BY_SIZE = (0.10, 0.30, 0.60, 1.0)


@dataclass(frozen=True)
class Deals:
    """Deals by code, in order of opening.

    `entered[deal, stage]` is when each of qualified, proposal, negotiation was or would be entered (NaN: never),
    `ends` the planned end and `result` the planned one (WON or LOST); `closed` is NaN while the deal is open.
    """

    lead: Ints
    customer: Ints
    owner: Ints
    successor: Ints
    product: Ints
    pieces: Ints
    discount: Floats
    list_amount: Floats
    amount: Floats
    entered: Floats
    ends: Floats
    closed: Floats
    won: Flags
    withdrawn: Flags

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def opened(self) -> Floats:
        """When the lead became a deal."""
        opened: Floats = self.entered[:, QUALIFIED]
        return opened


def make_deals(
    setting: Setting, plants: Plants, leads: Leads, decisions: Decisions, customer: Ints, staff: Staff
) -> Deals:
    """A deal for each converted lead; `customer` is the account of each lead, old or new."""
    rng = setting.rng("opportunities")
    lead = np.flatnonzero(decisions.converted)
    lead = lead[np.argsort(decisions.decided[lead], kind="stable")]
    count = len(lead)
    planned = _planned_stages(rng, setting, decisions.decided[lead])
    close_month = setting.month_at(planned[:, 3])
    product = _products(spread_uniform(rng, close_month))
    pieces = 1 + rng.poisson(np.array(PIECES_BY_SIZE)[leads.size[lead]])
    discount = np.clip(rng.normal(USUAL_DISCOUNT, 0.045, count), 0, 0.25).round(3)
    owner = leads.owner[lead]
    leaves = _leaves(rng, setting, plants, owner, product, planned, discount, staff)
    entered = np.where(leaves[:, None] < np.arange(3), np.nan, planned[:, :3])
    ends = planned[np.arange(count), np.minimum(leaves, NEGOTIATION) + 1]
    closed = np.where(ends <= setting.last, ends, np.nan)
    won = (leaves == WON) & ~np.isnan(closed)
    extra = (product == plants.discount_product) & (setting.month_at(closed) == plants.discount_month)
    discount = np.where(extra, np.round(discount + EXTRA_DISCOUNT, 3), discount)
    list_amount = money(LIST_PRICE[product] * pieces * np.exp(rng.normal(0, 0.12, count)))
    return Deals(
        lead=lead, customer=customer[lead], owner=owner, successor=leads.successor[lead], product=product,
        pieces=pieces, discount=discount, list_amount=list_amount, amount=money(list_amount * (1 - discount)),
        entered=entered, ends=ends, closed=closed, won=won,
        withdrawn=(leaves < WON) & ~np.isnan(closed) & some(rng, WITHDRAWN_SHARE, count),
    )  # fmt: skip


def _planned_stages(rng: np.random.Generator, setting: Setting, opened: Floats) -> Floats:
    """When qualified, proposal, negotiation and the end would come if the deal went all the way."""
    spans = np.array(MEDIAN_STAGE_DAYS) * np.exp(rng.normal(0, 0.55, (len(opened), 3)))
    worked = setting.work.worked_at(opened)[:, None] + np.cumsum(np.maximum(spans, 0.4), axis=1)
    return np.column_stack([opened, setting.work.moment_at(worked.ravel()).reshape(worked.shape)])


def _products(uniform: Floats) -> Ints:
    cumulative = np.cumsum(DEAL_WEIGHT) / DEAL_WEIGHT.sum()
    return np.searchsorted(cumulative, uniform, side="right").astype(np.int64)


def _leaves(
    rng: np.random.Generator, setting: Setting, plants: Plants, owner: Ints, product: Ints, planned: Floats,
    discount: Floats, staff: Staff,
) -> Ints:  # fmt: skip
    """The stage at which each deal ends: lost at qualified, proposal or negotiation, or won."""
    close_month = setting.month_at(planned[:, 3])
    team = staff.team_by_month[owner, close_month]
    leaking = (REGION_OF_TEAM[team] == REGIONS.index(plants.leak_region)) & (planned[:, 1] >= plants.leak_from)
    log_odds = WIN_INTERCEPT + WIN_PER_DISCOUNT * (discount - USUAL_DISCOUNT) + staff.skill[owner]
    wins = 1 / (1 + np.exp(-log_odds))
    struck = (SELLING_TEAMS.index(plants.win_team) == team) & (close_month == plants.win_month)
    wins = np.where(struck, wins * WIN_CASE_FACTOR, wins)
    at_proposal = np.where(leaking, LEAVE_AT_PROPOSAL_LEAKING, LEAVE_AT_PROPOSAL)
    first = np.full(len(owner), LEAVE_AT_QUALIFIED)
    second = first + (1 - first) * at_proposal
    third = second + (1 - second) * (1 - wins)
    uniform = spread_uniform(rng, close_month * 10 + team, within=product)
    stages: Ints = (uniform >= np.stack([first, second, third])).sum(axis=0)
    return stages


def deal_ids_of(deals: Deals) -> Texts:
    """O00001 and on."""
    return ids("O", len(deals), 5)


def stage_of(setting: Setting, deals: Deals) -> Ints:
    """Where each deal stands: the last stage entered, won or lost."""
    reached = (deals.entered <= setting.last).sum(axis=1) - 1
    return np.where(deals.won, WON, np.where(np.isnan(deals.closed), reached, LOST))


def opportunities_table(setting: Setting, deals: Deals, leads: Leads, accounts: Accounts, staff: Staff) -> pd.DataFrame:
    """The opportunities; open ones carry the amount expected."""
    rng = setting.rng("opportunity_details")
    count, is_open = len(deals), np.isnan(deals.closed)
    end = np.where(is_open, setting.last, deals.closed)
    owner = owner_at(deals.owner, deals.successor, end, staff)
    outcome = np.where(is_open, 0, np.where(deals.won, 1, np.where(deals.withdrawn, 3, 2)))
    reason = np.where(outcome >= 2, rng.integers(0, len(LOST_REASONS), count), -1)
    short_names = as_texts([product.name.split(" ")[0] for product in PRODUCTS])
    expected = np.where(deals.ends + rng.normal(2, 9, count) > deals.opened + 3, deals.ends + 2, deals.opened + 30)
    expected = np.where(is_open & some(rng, 0.85, count), np.maximum(expected, setting.last + 1), expected)
    return loaded(
        "opportunities", opportunity_id=deal_ids_of(deals),
        name=accounts.names.short[deals.customer] + " - " + short_names[deals.product],
        lead_id=lead_ids_of(leads)[deals.lead], customer_id=customer_ids_of(accounts)[deals.customer],
        owner_rep_id=REP_IDS[owner], product_id=PRODUCT_IDS[deals.product],
        stage=as_texts(STAGES)[stage_of(setting, deals)], amount=deals.amount, list_amount=deals.list_amount,
        created_at=utc(deals.opened), expected_close_on=local_dates(expected), closed_at=utc(deals.closed),
        outcome=as_texts(OUTCOMES)[outcome], lost_reason=words(LOST_REASONS, reason),
    )  # fmt: skip


def stage_changes_table(
    setting: Setting, leads: Leads, decisions: Decisions, deals: Deals, first_reached: Floats
) -> pd.DataFrame:
    """Every stage entered: new and contacted of leads, then the deal's; lost where either ended."""
    everyone = np.arange(len(leads))
    none = np.full(len(leads), -1, dtype=np.int64)
    end = np.where(decisions.still_open, np.inf, decisions.decided)
    contacted = np.where(first_reached < end, first_reached, np.nan)
    lost = np.where(decisions.converted, np.nan, decisions.decided)
    all_deals = np.arange(len(deals))
    parts = [(everyone, none, "new", leads.created), (everyone, none, "contacted", contacted),
             (everyone, none, "lost", lost)]  # fmt: skip
    for code, stage in enumerate(STAGES[:3]):
        moment = deals.entered[:, code]
        parts.append((deals.lead, all_deals, stage, np.where(moment <= setting.last, moment, np.nan)))
    parts.append((deals.lead, all_deals, "won", np.where(deals.won, deals.closed, np.nan)))
    parts.append((deals.lead, all_deals, "lost", np.where(deals.won, np.nan, deals.closed)))
    moment = np.concatenate([part[3] for part in parts])
    there = ~np.isnan(moment)
    lead, deal = (np.concatenate([part[n] for part in parts])[there] for n in (0, 1))
    entered = np.repeat(as_texts([part[2] for part in parts]), [len(part[3]) for part in parts])[there]
    moment = moment[there]
    order = np.lexsort((moment, lead))
    return loaded(
        "stage_changes", lead_id=lead_ids_of(leads)[lead[order]], opportunity_id=words(deal_ids_of(deals), deal[order]),
        stage=entered[order], entered_at=utc(moment[order]),
    )  # fmt: skip


def quotes_table(setting: Setting, deals: Deals) -> pd.DataFrame:
    """One to three quotes for each deal that reached the proposal stage; the last one is what was agreed, if won."""
    rng = setting.rng("quotes")
    quoted = np.flatnonzero(deals.entered[:, PROPOSAL] <= setting.last)
    rounds = 1 + rng.binomial(2, 0.3, len(quoted))
    deal = np.repeat(quoted, rounds)
    place = np.arange(len(deal)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    is_last = place == np.repeat(rounds, rounds) - 1
    start = deals.entered[deal, PROPOSAL]
    end = np.minimum(np.where(np.isnan(deals.closed[deal]), setting.last, deals.closed[deal]), start + 40)
    first, last = setting.work.worked_at(start), setting.work.worked_at(end)
    moment = setting.work.moment_at(first + (last - first) * (0.05 + 0.8 * place / 3 + 0.1 * rng.random(len(deal))))
    smaller = np.repeat(rounds, rounds) - 1 - place
    discount = np.round(deals.discount[deal] * 0.6**smaller, 3)
    return loaded(
        "quotes", quote_id=ids("Q", len(deal), 5), opportunity_id=deal_ids_of(deals)[deal],
        product_id=PRODUCT_IDS[deals.product[deal]], quoted_at=utc(moment), list_amount=deals.list_amount[deal],
        discount_share=discount, accepted=is_last & deals.won[deal],
    )  # fmt: skip
