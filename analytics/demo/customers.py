"""Accounts: those the company had before 2023, those its leads became, and the groups they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.catalogue import INDUSTRIES, INDUSTRY_SHARE, REGION_SHARE, REGIONS, SIZE_SHARE, SIZES
from analytics.demo.days import START, Flags, Floats, Ints, Setting, Texts, local_dates, moment_of
from analytics.demo.frames import as_texts, ids, loaded, pick, some, words
from analytics.demo.names import CITIES_PER_REGION, CITY_EN, Companies, draw_companies
from analytics.demo.people import REGION_OF_TEAM, REP_IDS, Staff, choose_successors, owner_at

OLD_ACCOUNTS = 4_500


@dataclass(frozen=True)
class Accounts:
    """Customers by code. `since` is when the account was opened; `origin` the channel code it came through, or -1."""

    names: Companies
    full_name: Texts
    industry: Ints
    size: Ints
    region: Ints
    city: Ints
    owner: Ints
    successor: Ints
    parent: Ints
    since: Floats
    origin: Ints
    do_not_contact: Flags

    def __len__(self) -> int:
        return len(self.industry)


def old_accounts(setting: Setting, staff: Staff) -> Accounts:
    """The accounts from before 2023, some of them subsidiaries of others."""
    rng = setting.rng("customers")
    count = setting.count(OLD_ACCOUNTS, least=60)
    size, region = pick(rng, SIZE_SHARE, count), pick(rng, REGION_SHARE, count)
    parent = _parents(rng, size, count)
    child = parent >= 0
    industry = _as_head(pick(rng, INDUSTRY_SHARE, count), parent)
    names = draw_companies(rng, industry, region)
    city = names.city.copy()
    # A subsidiary carries its parent's name and its own city.
    city[child] = region[child] * CITIES_PER_REGION + rng.integers(0, CITIES_PER_REGION, int(child.sum()))
    names = names.take(_as_head(np.arange(count), parent))
    full_name = names.full
    full_name[child] = names.take(child).branch(city[child])
    owner = _owners(rng, region, staff)
    return Accounts(
        names=names, full_name=full_name, industry=industry, size=size, region=region, city=city, owner=owner,
        successor=choose_successors(rng, owner, staff), parent=parent,
        since=np.floor(moment_of(START) - rng.gamma(2.0, 420.0, count) - 5),
        origin=rng.integers(0, 12, count), do_not_contact=some(rng, 0.015, count),
    )  # fmt: skip


def _parents(rng: np.random.Generator, size: Ints, count: int) -> Ints:
    parent = np.full(count, -1, dtype=np.int64)
    heads = np.flatnonzero(size >= 2)[: max(3, count // 75)]
    others = np.setdiff1d(np.arange(count), heads)
    children = others[: min(len(others), len(heads) * 3)]
    parent[children] = heads[rng.integers(0, len(heads), len(children))]
    return parent


def _as_head(values: Ints, parent: Ints) -> Ints:
    """Of a subsidiary its parent's value, of others their own."""
    return values[np.where(parent >= 0, parent, np.arange(len(parent)))]


def _owners(rng: np.random.Generator, region: Ints, staff: Staff) -> Ints:
    owner = np.full(len(region), -1, dtype=np.int64)
    for code in range(len(REGIONS)):
        reps = np.flatnonzero((REGION_OF_TEAM[staff.team_now] == code) & (staff.hired < moment_of(START)))
        rows = np.flatnonzero(region == code)
        owner[rows] = reps[rng.integers(0, len(reps), len(rows))]
    return owner


def joined(old: Accounts, new: Accounts) -> Accounts:
    """Both lists, the old accounts first."""
    names = Companies(*(np.concatenate([getattr(old.names, part), getattr(new.names, part)]) for part in _PARTS))
    both = {
        field: np.concatenate([getattr(old, field), getattr(new, field)])
        for field in ("full_name", "industry", "size", "region", "city", "owner", "successor", "parent", "since",
                      "origin", "do_not_contact")
    }  # fmt: skip
    return Accounts(names=names, **both)


_PARTS = ("chinese", "city", "trade", "first", "second", "suffix")


def customers_table(setting: Setting, accounts: Accounts, first_order: Floats, staff: Staff) -> pd.DataFrame:
    """The customers; `first_order` is the first order known of each (NaN: never ordered)."""
    customer_ids = customer_ids_of(accounts)
    owner = owner_at(accounts.owner, accounts.successor, np.full(len(accounts), setting.last), staff)
    return loaded(
        "customers", customer_id=customer_ids, name=accounts.full_name,
        industry=as_texts(INDUSTRIES)[accounts.industry],
        size_band=as_texts(SIZES)[accounts.size],
        region=as_texts(REGIONS)[accounts.region], city=CITY_EN[accounts.city],
        first_order_on=local_dates(first_order), owner_rep_id=REP_IDS[owner],
        parent_customer_id=words(customer_ids, accounts.parent),
        aliases=[list(pair) for pair in zip(accounts.names.short, accounts.names.latin, strict=True)],
        do_not_contact=accounts.do_not_contact,
    )  # fmt: skip


def customer_ids_of(accounts: Accounts) -> Texts:
    """C00001 and on."""
    return ids("C", len(accounts), 5)
