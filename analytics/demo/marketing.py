"""What the company spends on marketing, and how many leads that brings: carry-over and saturation by channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.demo.catalogue import CHANNEL_IDS, CHANNELS, INDUSTRIES, SEARCH, SPENDING, TRADE_SHOW
from analytics.demo.days import START, Floats, Ints, Setting, demand, local_dates, moment_of, month_start
from analytics.demo.frames import as_texts, ids, loaded, money, pick_by_row
from analytics.demo.plants import Plants

MAIN_SHARE = {"Search": 0.88, "Social": 0.60}  # the rest goes to a second campaign
YEARLY_LEVEL = {2023: 1.0, 2024: 1.01, 2025: 0.97, 2026: 0.93}  # spend of later years stays at the last level
COST_PER_THOUSAND, COST_PER_CLICK = 45.0, 9.0
TOTAL_LEADS = 60_000


@dataclass(frozen=True)
class Campaign:
    """One campaign: its channel's code, its days [first, last] and its share of the channel's spend."""

    name: str
    channel: int
    first: int
    last: int
    share: float
    twin: bool


@dataclass(frozen=True)
class Market:
    """Spend by channel and day as paid (CNY), and the leads expected from it.

    `expected` is leads by channel and day; `without_pause` what would have come had no campaign stopped;
    `full_response` the leads a day a channel would bring at full saturation on a day of demand 1.
    """

    campaigns: tuple[Campaign, ...]
    spend: Floats
    expected: Floats
    without_pause: Floats
    full_response: Floats
    half_spend: Floats
    demand: Floats

    def campaign_of(self, rng: np.random.Generator, channel: Ints, day: Ints, paused: Floats) -> Ints:
        """The campaign each lead came through: its channel's on that day, by their share of spend; else -1."""
        chosen = np.full(len(channel), -1, dtype=np.int64)
        uniform = rng.random(len(channel))
        for code in SPENDING:
            running = [n for n, campaign in enumerate(self.campaigns) if campaign.channel == code]
            shares = np.zeros((len(paused), len(running)))
            for column, n in enumerate(running):
                campaign = self.campaigns[n]
                live = slice(campaign.first, campaign.last + 1)
                shares[live, column] = campaign.share
                if code == SEARCH and not campaign.twin:
                    shares[live, column] *= paused[live]
            rows = np.flatnonzero(channel == code)
            picked = pick_by_row(uniform[rows], shares, day[rows])
            chosen[rows] = np.array(running, dtype=np.int64)[picked]
        return chosen


def make_market(setting: Setting, plants: Plants) -> Market:
    """Spend, campaigns and expected leads."""
    wanted = np.zeros((len(CHANNELS), setting.days))
    rng = setting.rng("marketing_spend")
    for code in SPENDING:
        wanted[code] = _planned_spend(rng, setting, code)
    paused = wanted.copy()
    paused[plants.stop_channel] *= np.where(
        running(setting, plants) > 0, 1.0, 1 - MAIN_SHARE[CHANNELS[plants.stop_channel].name]
    )
    wish = demand(setting)
    response, response_unpaused = _responses(paused, setting), _responses(wanted, setting)
    share = np.array([channel.lead_share for channel in CHANNELS])
    full = share * TOTAL_LEADS * setting.scale / (response_unpaused * wish).sum(axis=1)
    return Market(
        campaigns=_campaigns(setting), spend=paused, expected=full[:, None] * response * wish,
        without_pause=full[:, None] * response_unpaused * wish, full_response=full,
        half_spend=np.array([half_spend(code) * setting.scale for code in range(len(CHANNELS))]), demand=wish,
    )  # fmt: skip


def running(setting: Setting, plants: Plants) -> Floats:
    """By day: 0 while the main search campaign is stopped, else 1."""
    return np.where(setting.month_of_day[: setting.days] == plants.stop_month, 0.0, 1.0)


def half_spend(channel: int) -> float:
    """The carried-over spend a day, at scale 1, at which a channel brings half of what it can."""
    return CHANNELS[channel].spend_per_day * CHANNELS[channel].half_at


def _planned_spend(rng: np.random.Generator, setting: Setting, code: int) -> Floats:
    fortnights = setting.days // 14 + 1
    flight = np.exp(rng.normal(-0.08, 0.40, fortnights))
    if code == TRADE_SHOW:  # fairs come in bursts
        flight = np.where(np.arange(fortnights) % 3 == 1, 2.4, 0.3) * flight
    day = np.arange(setting.days)
    years = np.array([(START + timedelta(days=int(n))).year for n in day])
    level = np.array([YEARLY_LEVEL[min(year, max(YEARLY_LEVEL))] for year in years])
    weekend = np.where(setting.weekday_of_day[day] >= 5, 0.6, 1.0)
    noise = np.exp(rng.normal(0, 0.12, setting.days))
    spend = CHANNELS[code].spend_per_day * flight[day // 14] * level * weekend * noise
    return money(spend * setting.scale)


def _responses(spend: Floats, setting: Setting) -> Floats:
    """By channel and day the share of full response; 1 for channels that need no spend."""
    response = np.ones_like(spend)
    for code in SPENDING:
        channel = CHANNELS[code]
        carried = carry_over(spend[code] / setting.scale, channel.carry_over)
        response[code] = saturation(carried, half_spend(code), channel.shape)
    return response


def carry_over(spend: Floats, share: float) -> Floats:
    """Geometric carry-over that keeps the mean: c[t] = share * c[t-1] + (1 - share) * spend[t]; c[-1] = spend[0]."""
    carried = np.empty_like(spend)
    before = spend[0]
    for day, amount in enumerate(spend):
        before = share * before + (1 - share) * amount
        carried[day] = before
    return carried


def saturation(carried: Floats, half: float, shape: float) -> Floats:
    """The Hill curve: the share of full response at a carried-over spend."""
    risen = np.power(carried, shape)
    share: Floats = risen / (half**shape + risen)
    return share


def _campaigns(setting: Setting) -> tuple[Campaign, ...]:
    found: list[Campaign] = []
    for code in SPENDING:
        name = CHANNELS[code].name
        main = MAIN_SHARE.get(name, 1.0)
        yearly = code == SEARCH
        title = "Always-on" if yearly else "Campaign"
        found += _run_of(setting, code, f"{name} {title}", 12 if yearly else 3, main, twin=False)
        if main < 1:
            found += _run_of(setting, code, f"{name} {'Brand' if yearly else 'Stories'}", 3, 1 - main, twin=True)
    return tuple(sorted(found, key=lambda campaign: (campaign.first, campaign.channel, campaign.twin)))


def _run_of(setting: Setting, code: int, name: str, months: int, share: float, *, twin: bool) -> list[Campaign]:
    found = []
    for index in range(0, setting.this_month + 1, months):
        first = month_start(index)
        last = moment_of(month_start(index + months)) - 1
        label = f"{first.year}" if months == 12 else f"{first.year} Q{(first.month - 1) // 3 + 1}"
        found.append(Campaign(f"{name} {label}", code, int(moment_of(first)), int(last), share, twin))
    return found


def campaign_ids(market: Market) -> list[str]:
    """The ids, by campaign code."""
    return list(ids("CP", len(market.campaigns), 3))


def marketing_tables(setting: Setting, market: Market, plants: Plants) -> dict[str, pd.DataFrame]:
    """campaigns and marketing_spend (a row per day, channel and campaign that spent)."""
    codes = campaign_ids(market)
    campaigns = loaded(
        "campaigns", campaign_id=as_texts(codes), name=as_texts([campaign.name for campaign in market.campaigns]),
        channel_id=as_texts([CHANNEL_IDS[campaign.channel] for campaign in market.campaigns]),
        starts_on=local_dates(np.array([float(campaign.first) for campaign in market.campaigns])),
        ends_on=local_dates(np.array([float(campaign.last) for campaign in market.campaigns])),
        audience=as_texts([INDUSTRIES[n % len(INDUSTRIES)] for n in range(len(market.campaigns))]),
    )  # fmt: skip
    live = running(setting, plants) > 0
    days, amounts, owners = [], [], []
    for n, campaign in enumerate(market.campaigns):
        day = np.arange(campaign.first, min(campaign.last + 1, setting.days))
        amount = market.spend[campaign.channel, day] * campaign.share
        if campaign.channel == plants.stop_channel:
            amount = market.spend[campaign.channel, day] * np.where(live[day], campaign.share, float(campaign.twin))
        days.append(day[amount > 0])
        amounts.append(amount[amount > 0])
        owners.append(np.full(len(days[-1]), n))
    day, amount, owner = np.concatenate(days), np.concatenate(amounts), np.concatenate(owners)
    order = np.lexsort((owner, day))
    day, amount, owner = day[order], amount[order], owner[order]
    rng = setting.rng("impressions")
    channel = np.array([campaign.channel for campaign in market.campaigns])[owner]
    spend = loaded(
        "marketing_spend", day=local_dates(day.astype(np.float64)), channel_id=CHANNEL_IDS[channel],
        campaign_id=as_texts(codes)[owner], amount=money(amount),
        impressions=np.rint(amount / COST_PER_THOUSAND * 1000 * rng.uniform(0.8, 1.2, len(amount))).astype(np.int64),
        clicks=np.rint(amount / COST_PER_CLICK * rng.uniform(0.8, 1.2, len(amount))).astype(np.int64),
    )  # fmt: skip
    return {"campaigns": campaigns, "marketing_spend": spend}


def pause(setting: Setting, plants: Plants) -> tuple[date, date]:
    """The first day of the stop and the first day after it."""
    return month_start(plants.stop_month), month_start(plants.stop_month + 1)
