"""Enquiries: when and through what they come, who they are, who looks after them, how long they take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.catalogue import (
    CHANNEL_IDS,
    INDUSTRIES,
    INDUSTRY_SHARE,
    REGION_SHARE,
    REGIONS,
    SIZE_SHARE,
    SIZES,
)
from analytics.demo.customers import Accounts, customer_ids_of
from analytics.demo.days import START, Flags, Floats, Ints, Setting, Texts, moment_of, month_start, utc
from analytics.demo.frames import GOLDEN_RATIO, as_texts, blanked, ids, loaded, pick, some, words
from analytics.demo.marketing import Market, campaign_ids, running
from analytics.demo.names import Companies, draw_companies, draw_people
from analytics.demo.people import REP_IDS, Staff, choose_successors, owner_at
from analytics.demo.plants import LEAD_DAYS_BY_YEAR, Plants

JOBS = ("owner", "director", "manager", "staff")
JOB_SHARE = (0.12, 0.22, 0.36, 0.30)
TITLES = {
    "owner": ("总经理", "Managing Director", "创始人", "Owner"),
    "director": ("采购总监", "Purchasing Director", "生产总监", "Plant Director"),
    "manager": ("设备经理", "Maintenance Manager", "采购经理", "Project Manager"),
    "staff": ("工程师", "Engineer", "采购专员", "Buyer"),
}  # fmt: skip
LINKED_SHARE = 0.45  # leads of accounts the company already has
MEDIAN_DAYS, SPREAD_OF_DAYS, MOST_DAYS = 48.0, 0.85, 260.0
LINGERING_SHARE, LINGERING_SINCE_DAYS = 0.03, 480  # recent leads nobody ever closes
LOST_REASONS = ("no need", "no budget", "unreachable", "competitor", "bad timing", "duplicate")


@dataclass(frozen=True)
class Leads:
    """Leads by code, in order of creation; `planned` is when each is or would be decided (inf: never).

    `pooled_at` is when an open lead went back to the pool, where nobody owns it (inf: it did not).
    """

    created: Floats
    planned: Floats
    channel: Ints
    campaign: Ints
    customer: Ints
    names: Companies
    industry: Ints
    size: Ints
    region: Ints
    job: Ints
    asked_for_quote: Flags
    pages_viewed: Ints
    website_visits: Ints
    owner: Ints
    successor: Ints
    pooled_at: Floats

    def __len__(self) -> int:
        return len(self.created)


def draw_leads(setting: Setting, plants: Plants, market: Market, old: Accounts, staff: Staff) -> Leads:
    """The leads up to the last moment, before anybody has worked on them."""
    rng = setting.rng("leads")
    channel, created = _arrivals(rng, setting, market)
    count = len(created)
    linked = some(rng, LINKED_SHARE, count)
    customer = np.where(linked, rng.integers(0, len(old), count), -1)
    industry = np.where(linked, old.industry[customer], pick(rng, INDUSTRY_SHARE, count))
    size = np.where(linked, old.size[customer], pick(rng, SIZE_SHARE, count))
    region = np.where(linked, old.region[customer], pick(rng, REGION_SHARE, count))
    owner = _assign(rng, setting, region, created, staff)
    pages = rng.poisson(rng.gamma(1.2, 4.5, count))
    paused = running(setting, plants)
    planned = _planned(rng, setting, created)
    return Leads(
        created=created, planned=planned, channel=channel,
        pooled_at=_pooled(rng, setting, created, planned, owner, staff),
        campaign=market.campaign_of(rng, channel, created.astype(np.int64), paused),
        customer=customer, names=draw_companies(rng, industry, region), industry=industry, size=size, region=region,
        job=pick(rng, JOB_SHARE, count), asked_for_quote=some(rng, 0.24, count), pages_viewed=pages,
        website_visits=1 + rng.binomial(pages, 0.25), owner=owner,
        successor=choose_successors(rng, owner, staff),
    )  # fmt: skip


def _arrivals(rng: np.random.Generator, setting: Setting, market: Market) -> tuple[Ints, Floats]:
    """Channel and moment of each lead, in order of time."""
    expected = market.expected.copy()
    expected[:, -1] *= 0.3  # the last day has only had its morning
    total = max(300, int(rng.poisson(expected.sum())))
    by_cell = rng.multinomial(total, (expected / expected.sum()).ravel())
    channel, day = np.divmod(np.repeat(np.arange(expected.size), by_cell), setting.days)
    hour = np.clip(rng.normal(13.5, 3.4, total), 7.0, 22.9)
    hour = np.where(day == setting.days - 1, rng.uniform(7.0, 10.8, total), hour)
    created = day + hour / 24
    order = np.argsort(created, kind="stable")
    return channel[order], created[order]


def _planned(rng: np.random.Generator, setting: Setting, created: Floats) -> Floats:
    """Decision moments: a log-normal span of worked time, whatever becomes of the lead."""
    count = len(created)
    years = START.year + setting.month_at(created) // 12
    pace = np.array([LEAD_DAYS_BY_YEAR[min(year, max(LEAD_DAYS_BY_YEAR))] for year in range(START.year, 2036)])
    median = MEDIAN_DAYS * pace[years - START.year]
    span = np.clip(median * np.exp(rng.normal(0, SPREAD_OF_DAYS, count)), 1.5, MOST_DAYS)
    planned = setting.work.moment_at(setting.work.worked_at(created) + span)
    lingering = some(rng, LINGERING_SHARE, count) & (created > setting.last - LINGERING_SINCE_DAYS)
    return np.where(lingering, np.inf, planned)


def _pooled(
    rng: np.random.Generator, setting: Setting, created: Floats, planned: Floats, owner: Ints, staff: Staff
) -> Floats:
    old_and_open = (planned > setting.last) & (created < setting.last - 45) & np.isinf(staff.left[owner])
    chosen = old_and_open & some(rng, 0.02, len(created))
    return np.where(chosen, (created + setting.last) / 2, np.inf)


def _assign(rng: np.random.Generator, setting: Setting, region: Ints, created: Floats, staff: Staff) -> Ints:
    """Each lead goes to a rep of its region who is there all that month; they take turns."""
    owner = np.full(len(region), -1, dtype=np.int64)
    month = setting.month_at(created)
    turn = np.empty(len(region))
    for code in range(len(REGIONS)):
        in_region = np.flatnonzero(region == code)
        turn[in_region] = (rng.random() + np.arange(len(in_region)) * GOLDEN_RATIO) % 1.0
        for index in range(setting.this_month + 1):
            bounds = np.array([moment_of(month_start(index)), moment_of(month_start(index + 1))])
            there = staff.in_office(code, bounds)
            rows = in_region[month[in_region] == index]
            owner[rows] = there[(turn[rows] * len(there)).astype(np.int64)]
    return owner


@dataclass(frozen=True)
class Decisions:
    """What became of each lead: the moment it was decided (NaN: still open) and how.

    `chance` is the true probability to convert at the end of the lead's work, `log_odds` the sum of the drivers.
    """

    decided: Floats
    converted: Flags
    chance: Floats
    log_odds: Floats

    @property
    def still_open(self) -> Flags:
        """Not decided yet."""
        return np.isnan(self.decided)


def lead_ids_of(leads: Leads) -> Texts:
    """L000001 and on."""
    return ids("L", len(leads), 6)


def leads_table(
    setting: Setting, leads: Leads, decisions: Decisions, market: Market, accounts: Accounts, staff: Staff
) -> pd.DataFrame:
    """The leads; `customer` in `leads` names the account also of those that became one."""
    rng = setting.rng("lead_details")
    count = len(leads)
    lead_ids, known = lead_ids_of(leads), leads.customer >= 0
    company = np.where(known, accounts.full_name[leads.customer], leads.names.full)
    contact, latin = draw_people(rng, count)
    domain = np.where(known, accounts.names.domain[leads.customer], leads.names.domain)
    end = np.where(decisions.still_open, setting.last, decisions.decided)
    owner = owner_at(leads.owner, leads.successor, end, staff)
    lost = ~decisions.still_open & ~decisions.converted
    title = words([title for job in JOBS for title in TITLES[job]], leads.job * 4 + rng.integers(0, 4, count))
    reason = words(LOST_REASONS, np.where(lost, pick(rng, (0.3, 0.2, 0.2, 0.15, 0.1, 0.05), count), -1))
    return loaded(
        "leads", lead_id=lead_ids, created_at=utc(leads.created), company=company, contact_name=contact,
        title=blanked(title, some(rng, 0.12, count)), phone=_phones(rng, count),
        email=blanked(latin + "@" + domain, some(rng, 0.1, count)),
        crm_url="https://crm.demo.example/leads/" + lead_ids, channel_id=CHANNEL_IDS[leads.channel],
        campaign_id=words(campaign_ids(market), leads.campaign),
        owner_rep_id=words(REP_IDS, np.where(np.isfinite(leads.pooled_at), -1, owner)),
        customer_id=words(customer_ids_of(accounts), leads.customer),
        industry=as_texts(INDUSTRIES)[leads.industry], size_band=as_texts(SIZES)[leads.size],
        region=as_texts(REGIONS)[leads.region],
        status=as_texts(["open", "lost", "converted"])[lost + 2 * decisions.converted],
        converted_at=utc(np.where(decisions.converted, decisions.decided, np.nan)),
        lost_at=utc(np.where(lost, decisions.decided, np.nan)), lost_reason=reason,
        do_not_contact=some(rng, 0.02, count), first_seen_at=utc(np.full(count, np.nan)),
        source_order=np.full(count, np.nan),
    )  # fmt: skip


def _phones(rng: np.random.Generator, count: int) -> Texts:
    """Numbers under the prefix 100, which belongs to nobody; some leads have none."""
    digits = rng.integers(10_000_000, 100_000_000, count)
    numbers = as_texts([f"+86 100 {n // 10_000:04d} {n % 10_000:04d}" for n in digits.tolist()])
    return blanked(numbers, some(rng, 0.06, count))


def ownership_rows(
    setting: Setting, leads: Leads, decisions: Decisions, staff: Staff
) -> tuple[Texts, Texts, Floats, Floats]:
    """Lead, rep, from and to, where a lead passed on: its rep left, or it went back to the pool."""
    end = np.where(decisions.still_open, setting.last, decisions.decided)
    left = staff.left[leads.owner]
    passed = np.flatnonzero(left <= end)
    pooled = np.flatnonzero(np.isfinite(leads.pooled_at))
    lead_ids, nothing = lead_ids_of(leads), np.full(len(passed), np.nan)
    return (
        np.concatenate([lead_ids[passed], lead_ids[passed], lead_ids[pooled]]),
        REP_IDS[np.concatenate([leads.owner[passed], leads.successor[passed], leads.owner[pooled]])],
        np.concatenate([leads.created[passed], left[passed], leads.created[pooled]]),
        np.concatenate([left[passed], nothing, leads.pooled_at[pooled]]),
    )
