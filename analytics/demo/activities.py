"""The reps' work: on leads, on deals and for customers; and how a lead's work decides what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.demo.catalogue import INDUSTRIES, KIND_OF_CHANNEL, KINDS, SIZES, TRADE_SHOW
from analytics.demo.customers import Accounts, customer_ids_of
from analytics.demo.days import Flags, Floats, Ints, Setting, Texts, utc
from analytics.demo.deals import Deals
from analytics.demo.frames import as_texts, ids, loaded, pick_by_row, some, spread_uniform, words
from analytics.demo.leads import JOBS, Decisions, Leads, lead_ids_of
from analytics.demo.people import REP_IDS, SELLING_TEAMS, Staff, owner_at
from analytics.demo.plants import (
    ASKED_FOR_QUOTE_EFFECT,
    FAST_CONTACT_EFFECT,
    INDUSTRY_EFFECT,
    INTERCEPT,
    JOB_EFFECT,
    KIND_EFFECT,
    PAGES_VIEWED_EFFECT,
    PILOT_EFFECT,
    PILOT_TEAMS,
    REACHED_CONTACT_CAP,
    REACHED_CONTACT_EFFECT,
    SIZE_EFFECT,
    Plants,
)
from analytics.demo.words import NOTES

ACTIVITY_KINDS = ("call", "email", "meeting", "demo", "visit", "event", "service")
CALL, EMAIL, MEETING, DEMO, VISIT, EVENT, SERVICE = range(7)
OUTCOMES = ("reached", "no_answer", "replied", "booked", "declined", "done")
REACHED, NO_ANSWER, REPLIED, BOOKED, DECLINED, DONE = range(6)
# By kind: how often each outcome, and the usual minutes.
OUTCOME_SHARE = np.array([
    [0.40, 0.48, 0.00, 0.07, 0.05, 0.00], [0.00, 0.66, 0.26, 0.03, 0.05, 0.00], [0.00, 0.00, 0.00, 0.12, 0.06, 0.82],
    [0.00, 0.00, 0.00, 0.14, 0.06, 0.80], [0.00, 0.00, 0.00, 0.08, 0.08, 0.84], [0.00, 0.00, 0.00, 0.10, 0.00, 0.90],
    [0.00, 0.00, 0.00, 0.00, 0.00, 1.00],
])  # fmt: skip
USUAL_MINUTES = np.array([11.0, 7.0, 55.0, 50.0, 85.0, 110.0, 35.0])
LEAD_KIND_SHARE = (0.50, 0.35, 0.07, 0.04, 0.04, 0.00, 0.0)
TRADE_SHOW_KIND_SHARE = (0.48, 0.35, 0.07, 0.04, 0.03, 0.03, 0.0)
VISITED_KIND_SHARE = (0.31, 0.21, 0.05, 0.03, 0.40, 0.00, 0.0)
DEAL_KIND_SHARE = (0.36, 0.26, 0.18, 0.10, 0.10, 0.00, 0.0)
TRADE_SHOW_DEAL_KIND_SHARE = (0.33, 0.24, 0.26, 0.10, 0.01, 0.06, 0.0)  # visited already, they now come to meetings
NO_CONTACT_SHARE = 0.04
CALLED_TODAY_SHARE = 0.02


@dataclass(frozen=True)
class Work:
    """Activities in columns; -1 where one belongs to no lead, deal or customer."""

    lead: Ints
    deal: Ints
    customer: Ints
    rep: Ints
    kind: Ints
    outcome: Ints
    minutes: Floats
    moment: Floats

    def __len__(self) -> int:
        return len(self.moment)

    def take(self, rows: Ints | Flags) -> Work:
        """Some of them."""
        return Work(*(getattr(self, name)[rows] for name in _COLUMNS))


_COLUMNS = tuple(Work.__dataclass_fields__)


def all_work(*parts: Work) -> Work:
    """All of them in order of time."""
    whole = Work(*(np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS))
    return whole.take(np.argsort(whole.moment, kind="stable"))


def lead_work(setting: Setting, leads: Leads, staff: Staff) -> Work:
    """Contacts with each lead between creation and decision, as far as they have happened."""
    rng = setting.rng("lead_work")
    created, end = setting.work.worked_at(leads.created), np.minimum(leads.planned, leads.created + 100)
    span = setting.work.worked_at(end) - created
    first = _first_contact(rng, leads, staff, span)
    more = rng.poisson(0.25 + 0.74 * np.sqrt(span))
    counts = np.where(some(rng, NO_CONTACT_SHARE, len(leads)), 0, 1 + more)
    lead = np.repeat(np.arange(len(leads)), counts)
    is_first = np.r_[True, lead[1:] != lead[:-1]]
    share = np.where(is_first, 0.0, rng.random(len(lead)))
    worked = created[lead] + first[lead] + share * (span - first)[lead]
    moment = setting.work.moment_at(worked)
    moment = np.maximum(moment, leads.created[lead] + 2 / 1440)
    there = moment < np.minimum(np.minimum(leads.planned, leads.pooled_at)[lead], setting.last)
    lead, moment, is_first = lead[there], moment[there], is_first[there]
    habit = (leads.channel == TRADE_SHOW) + visited_for_nothing(leads).astype(np.int64)
    shares = np.array([LEAD_KIND_SHARE, TRADE_SHOW_KIND_SHARE, VISITED_KIND_SHARE])
    kind = pick_by_row(rng.random(len(lead)), shares, habit[lead])
    kind = np.where(is_first & (kind > EMAIL), CALL, kind)
    rep = owner_at(leads.owner[lead], leads.successor[lead], moment, staff)
    nothing = np.full(len(lead), -1, dtype=np.int64)
    return _finished(rng, lead, nothing, leads.customer[lead], rep, kind, moment)


def visited_for_nothing(leads: Leads) -> Flags:
    """Trade-show contacts at small firms without a say there: reps visit them all the same."""
    small, no_say = leads.size == SIZES.index("S"), leads.job >= JOBS.index("manager")
    met_at_trade_show: Flags = leads.channel == TRADE_SHOW
    chosen: Flags = met_at_trade_show & small & no_say
    return chosen


def _first_contact(rng: np.random.Generator, leads: Leads, staff: Staff, span: Floats) -> Floats:
    """How much worked time passes until the first contact; diligent reps are fast more often."""
    count = len(leads)
    fast = some(rng, staff.diligence[leads.owner], count)
    wait = np.where(fast, rng.exponential(0.12, count), 0.9 + rng.exponential(2.5, count))
    return np.minimum(wait, span * 0.8)


def _finished(
    rng: np.random.Generator, lead: Ints, deal: Ints, customer: Ints, rep: Ints, kind: Ints, moment: Floats
) -> Work:
    outcome = pick_by_row(rng.random(len(kind)), OUTCOME_SHARE, kind)
    minutes = np.maximum(1.0, np.rint(USUAL_MINUTES[kind] * np.exp(rng.normal(-0.06, 0.35, len(kind)))))
    minutes = np.where((kind == CALL) & (outcome == NO_ANSWER), np.minimum(minutes, 3.0), minutes)
    return Work(lead, deal, customer, rep, kind, outcome, minutes, moment)


def is_reached(work: Work) -> Flags:
    """A contact in which somebody was reached: not unanswered, not declined."""
    reached: Flags = (work.kind < EVENT) & (work.outcome != NO_ANSWER) & (work.outcome != DECLINED)
    return reached


def first_contact_at(work: Work, leads: Leads, *, only_reached: bool = False) -> Floats:
    """The moment of each lead's first contact (NaN: none)."""
    first = np.full(len(leads), np.inf)
    rows = (is_reached(work) if only_reached else work.kind < EVENT) & (work.lead >= 0)
    np.minimum.at(first, work.lead[rows], work.moment[rows])
    return np.where(np.isfinite(first), first, np.nan)


def decide(setting: Setting, plants: Plants, leads: Leads, work: Work, staff: Staff) -> Decisions:
    """What becomes of each lead, drawn from the true chance that its features and its work give."""
    rng = setting.rng("decisions")
    fast = first_contact_at(work, leads) - leads.created <= 1.0
    reached = np.bincount(work.lead[is_reached(work)], minlength=len(leads))
    log_odds = (
        INTERCEPT
        + np.array([KIND_EFFECT[kind] for kind in KINDS])[KIND_OF_CHANNEL[leads.channel]]
        + np.array([INDUSTRY_EFFECT[name] for name in INDUSTRIES])[leads.industry]
        + np.array([SIZE_EFFECT[size] for size in SIZES])[leads.size]
        + np.array([JOB_EFFECT[job] for job in JOBS])[leads.job]
        + ASKED_FOR_QUOTE_EFFECT * leads.asked_for_quote
        + PAGES_VIEWED_EFFECT * (np.log1p(leads.pages_viewed) - np.log1p(5))
        + FAST_CONTACT_EFFECT * fast
        + REACHED_CONTACT_EFFECT * np.minimum(reached, REACHED_CONTACT_CAP)
        + staff.skill[leads.owner]
    )
    chance = 1 / (1 + np.exp(-log_odds))
    decided = np.where(leads.planned <= setting.last, leads.planned, np.nan)
    month = setting.month_at(decided)
    team = staff.team_by_month[leads.owner, month]
    since_pilot = np.isnan(decided) | (decided >= plants.pilot_from)
    in_pilot = np.isin(team, [SELLING_TEAMS.index(team_id) for team_id in PILOT_TEAMS]) & since_pilot
    chance = np.minimum(chance + PILOT_EFFECT * in_pilot, 0.98)
    converted = (spread_uniform(rng, month * 10 + team) < chance) & ~np.isnan(decided)
    return Decisions(decided=decided, converted=converted, chance=chance, log_odds=log_odds)


def called_today(setting: Setting, leads: Leads, staff: Staff) -> Work:
    """Calls on the last morning to some leads that are still open, so that somebody has been called today."""
    rng = setting.rng("called_today")
    candidates = np.flatnonzero(
        (leads.planned > setting.last) & np.isinf(leads.pooled_at) & (leads.created < setting.last - 0.5)
    )
    count = min(len(candidates), max(8, round(len(candidates) * CALLED_TODAY_SHARE)))
    lead = np.sort(rng.choice(candidates, count, replace=False))
    moment = np.floor(setting.last) + rng.uniform(8.6, 10.9, count) / 24
    rep = owner_at(leads.owner[lead], leads.successor[lead], moment, staff)
    nothing = np.full(count, -1, dtype=np.int64)
    return _finished(rng, lead, nothing, leads.customer[lead], rep, np.full(count, CALL), moment)


def deal_work(setting: Setting, deals: Deals, leads: Leads, staff: Staff) -> Work:
    """Work on deals between their opening and their end (or now)."""
    rng = setting.rng("deal_work")
    opened, end = deals.opened, np.where(np.isnan(deals.closed), setting.last, deals.closed)
    starts, ends = setting.work.worked_at(opened), setting.work.worked_at(end)
    counts = rng.poisson(0.6 + 0.55 * np.sqrt(np.maximum(ends - starts, 0)))
    row = np.repeat(np.arange(len(deals)), counts)
    moment = setting.work.moment_at(starts[row] + rng.random(len(row)) * (ends - starts)[row])
    moment = np.clip(moment, opened[row], end[row])
    from_trade_show = (leads.channel[deals.lead] == TRADE_SHOW).astype(np.int64)
    shares = np.array([DEAL_KIND_SHARE, TRADE_SHOW_DEAL_KIND_SHARE])
    kind = pick_by_row(rng.random(len(row)), shares, from_trade_show[row])
    rep = owner_at(deals.owner[row], deals.successor[row], moment, staff)
    return _finished(rng, np.full(len(row), -1, dtype=np.int64), row, deals.customer[row], rep, kind, moment)


def service_work(setting: Setting, accounts: Accounts, since: Floats, staff: Staff, total: int) -> Work:
    """Service calls at customers that have bought, by the rep who looks after them."""
    rng = setting.rng("service_work")
    buyers = np.flatnonzero(since < setting.last - 1)
    customer = buyers[rng.integers(0, len(buyers), total)]
    starts = setting.work.worked_at(np.maximum(since[customer], 0.4))
    ends = setting.work.worked_at(np.array([setting.last]))
    moment = setting.work.moment_at(starts + rng.random(total) * (ends - starts))
    nothing = np.full(total, -1, dtype=np.int64)
    rep = owner_at(accounts.owner[customer], accounts.successor[customer], moment, staff)
    return _finished(rng, nothing, nothing, customer, rep, np.full(total, SERVICE), moment)


def with_minutes_times(work: Work, rows: Flags, factor: float) -> Work:
    """The same work where some of it took longer."""
    return replace(work, minutes=np.where(rows, np.rint(work.minutes * factor), work.minutes))


def activities_table(setting: Setting, work: Work, leads: Leads, deal_ids: Texts, accounts: Accounts) -> pd.DataFrame:
    """The activities in order of time; some carry a note."""
    rng = setting.rng("notes")
    note = np.where(some(rng, 0.12, len(work)), rng.integers(0, len(NOTES), len(work)), -1)
    return loaded(
        "activities", activity_id=ids("A", len(work), 7), rep_id=words(REP_IDS, work.rep),
        lead_id=words(lead_ids_of(leads), work.lead), opportunity_id=words(deal_ids, work.deal),
        customer_id=words(customer_ids_of(accounts), work.customer), kind=as_texts(ACTIVITY_KINDS)[work.kind],
        happened_at=utc(work.moment), minutes=work.minutes, outcome=as_texts(OUTCOMES)[work.outcome],
        note=words(NOTES, note),
    )  # fmt: skip
