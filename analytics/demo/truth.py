"""`truth.json`: what was planted in the demo company, so that what is found in it can be checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.demo import plants as planted
from analytics.demo.activities import ACTIVITY_KINDS, VISIT, Work
from analytics.demo.catalogue import CHANNEL_IDS as CHANNEL_ID
from analytics.demo.catalogue import CHANNELS, PRODUCT_IDS, PRODUCTS, SPENDING, TRADE_SHOW
from analytics.demo.costs import Ledger, work_returns
from analytics.demo.customers import Accounts, customer_ids_of
from analytics.demo.days import (
    AFTER_NEW_YEAR,
    BEFORE_NEW_YEAR,
    GROWTH_PER_YEAR,
    LABOUR_DAYS,
    MONTH,
    NATIONAL_DAYS,
    NEW_YEAR,
    NEW_YEAR_WEEK,
    START,
    WEEKDAY,
    Setting,
    month_start,
)
from analytics.demo.deals import Deals
from analytics.demo.features import LEAKY
from analytics.demo.leads import Decisions, Leads, lead_ids_of
from analytics.demo.marketing import Market, campaign_ids
from analytics.demo.orders import Orders, Rhythm
from analytics.demo.people import REP_IDS, SELLERS, TEAMS, Staff
from analytics.demo.plants import Plants
from analytics.demo.service import Feedback

if TYPE_CHECKING:
    from analytics.demo.company import DemoCompany


@dataclass(frozen=True)
class Story:
    """All that was drawn, before it became tables."""

    setting: Setting
    plants: Plants
    staff: Staff
    market: Market
    accounts: Accounts
    leads: Leads
    decisions: Decisions
    deals: Deals
    orders: Orders
    work: Work
    ledger: Ledger
    rhythm: Rhythm
    feedback: Feedback


def write_truth(company: DemoCompany, path: Path) -> None:
    """Writes what was planted as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(company.truth, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def tell_truth(story: Story) -> dict[str, Any]:
    """Every planted effect with its exact parameters, dates and ids; values are plain JSON."""
    return {
        "until": story.setting.until.isoformat(), "seed": story.setting.seed, "scale": story.setting.scale,
        "lead_conversion": _lead_conversion(story), "channel_saturation": _saturation(story),
        "leaking_stage": _leak(story), "ineffective_activity": _ineffective(story), "churning_customers": _churn(story),
        "kpi_changes": _kpi_changes(story), "pilot": _pilot(story),
        "null_experiment": {"experiment_id": "EX2", "effect": 0.0},
        "seasonality": _seasonality(), "lead_days_by_year_of_creation": {
            str(year): pace for year, pace in planted.LEAD_DAYS_BY_YEAR.items()
        }, "price": _price(), "sentiment": _sentiment(story),
        "survey": {"doubtful_team": "T4", "since": "2025-01-01", "mean_score": 2.2, "mean_score_elsewhere": 3.7},
    }  # fmt: skip


def _lead_conversion(story: Story) -> dict[str, Any]:
    still_open = np.flatnonzero(story.decisions.still_open)
    chance = dict(zip(lead_ids_of(story.leads)[still_open], story.decisions.chance[still_open].round(4), strict=True))
    return {
        "scale": "log-odds, added up; a lead's chance at the end of the work done on it",
        "intercept": planted.INTERCEPT, "channel_kind": planted.KIND_EFFECT, "industry": planted.INDUSTRY_EFFECT,
        "size_band": planted.SIZE_EFFECT, "job_level": planted.JOB_EFFECT,
        "asked_for_quote": planted.ASKED_FOR_QUOTE_EFFECT,
        "pages_viewed": {"per_log1p": planted.PAGES_VIEWED_EFFECT, "centre": "log1p(5)"},
        "first_contact_within_24h": planted.FAST_CONTACT_EFFECT,
        "reached_contact": {
            "each": planted.REACHED_CONTACT_EFFECT, "at_most": planted.REACHED_CONTACT_CAP,
            "reached": "a call, email, meeting, demo or visit whose outcome is not no_answer or declined",
        },
        "rep_skill": {str(REP_IDS[rep]): float(story.staff.skill[rep]) for rep in range(SELLERS)},
        "no_effect": list(planted.NO_EFFECT), "leaky_features": list(LEAKY),
        "chance_of_open_leads": {str(lead): float(value) for lead, value in chance.items()},
        "best_possible_auc": round(auc(story.decisions.chance, story.decisions), 4),
    }  # fmt: skip


def auc(score: np.ndarray[Any, np.dtype[np.float64]], decisions: Decisions) -> float:
    """The chance that a converted lead scores above a lost one, over all decided leads."""
    decided = ~decisions.still_open
    rank = np.argsort(np.argsort(score[decided])) + 1.0
    converted = decisions.converted[decided]
    wins, losses = int(converted.sum()), int((~converted).sum())
    return float((rank[converted].sum() - wins * (wins + 1) / 2) / max(1, wins * losses))


def _saturation(story: Story) -> dict[str, Any]:
    market = story.market
    channels = {}
    for code in SPENDING:
        channel = CHANNELS[code]
        channels[channel.name] = {
            "channel_id": str(CHANNEL_ID[code]), "carry_over": channel.carry_over,
            "half_spend": float(market.half_spend[code]),
            "shape": channel.shape, "full_response_leads_per_day": round(float(market.full_response[code]), 4),
            "mean_spend_per_day": round(float(market.spend[code].mean()), 2),
        }  # fmt: skip
    return {
        "formula": "expected leads of a day = full_response * c^shape / (half_spend^shape + c^shape) * demand; "
        "c[t] = carry_over * c[t-1] + (1 - carry_over) * spend[t], c[-1] = spend[0]; demand: see seasonality",
        "channels": channels,
    }


def _leak(story: Story) -> dict[str, Any]:
    plants = story.plants
    return {
        "from_stage": "proposal", "to_stage": "negotiation", "region": plants.leak_region,
        "teams": [team[0] for team in TEAMS if team[2] == plants.leak_region],
        "since": _day(story, plants.leak_from), "by": "the day the proposal stage is entered",
        "usual_dropoff": planted.LEAVE_AT_PROPOSAL, "leaking_dropoff": planted.LEAVE_AT_PROPOSAL_LEAKING,
    }  # fmt: skip


def _ineffective(story: Story) -> dict[str, Any]:
    measured = work_returns(story.setting, story.work, story.deals, story.leads, story.orders, story.ledger)
    cost, returned = measured.cost[VISIT, TRADE_SHOW], measured.returned[VISIT, TRADE_SHOW]
    ratios = {
        f"{ACTIVITY_KINDS[kind]} x {CHANNELS[channel].name}": round(
            float(measured.returned[kind, channel] / measured.cost[kind, channel]), 3
        )
        for kind in range(measured.cost.shape[0]) for channel in range(len(CHANNELS))
        if measured.cost[kind, channel] > 0
    }  # fmt: skip
    return {
        "activity_kind": "visit", "channel": CHANNELS[TRADE_SHOW].name, "channel_id": str(CHANNEL_ID[TRADE_SHOW]),
        "return_per_unit": round(float(returned / cost), 3) if cost else None, "planted": planted.INEFFECTIVE_RETURN,
        "cost": round(float(cost), 2), "returned": round(float(returned), 2),
        "cost_per_minute": round(measured.cost_per_minute, 4), "all_returns": ratios,
        "definition": "closed ledger months; cost = minutes x (salaries + commission + travel) / all activity minutes; "
        "return = gross margin of each won deal's order, split by minutes over the activities on the deal and its lead",
    }  # fmt: skip


def _churn(story: Story) -> dict[str, Any]:
    chosen = np.flatnonzero(story.rhythm.churning)
    names = customer_ids_of(story.accounts)
    return {
        "since": _day(story, story.plants.churn_from), "gap_stretch": planted.CHURN_STRETCH,
        "extra_complaints_each": planted.CHURN_EXTRA_COMPLAINTS, "customer_ids": [str(names[code]) for code in chosen],
        "mean_gap_days": {str(names[code]): round(float(story.rhythm.mean_gap[code]), 1) for code in chosen},
        "note": "gaps in buying days, of which there is one a calendar day on average; other relations end at random "
        f"after {planted.MEAN_RELATION_DAYS:.0f} days on average",
    }  # fmt: skip


def _kpi_changes(story: Story) -> list[dict[str, Any]]:
    plants, setting, market = story.plants, story.setting, story.market
    if not plants.planted:
        return []
    days = setting.month_of_day[: setting.days] == plants.stop_month
    stopped = next(
        campaign_ids(market)[n] for n, campaign in enumerate(market.campaigns)
        if campaign.channel == plants.stop_channel and not campaign.twin and campaign.last >= np.flatnonzero(days)[0]
    )  # fmt: skip
    hit = (story.orders.product == plants.discount_product) & (story.orders.deal >= 0)
    hit &= setting.month_at(story.orders.moment) == plants.discount_month
    given_away = float((story.orders.list_amount[hit] * planted.EXTRA_DISCOUNT).sum())
    of_month = setting.month_at(story.orders.moment) == plants.discount_month
    orders, revenue = int((of_month & (story.orders.line == 0)).sum()), float(story.orders.amount[of_month].sum())
    team = next(team for team in TEAMS if team[0] == plants.win_team)
    return [
        {"kpi": "win_rate", "month": _month(plants.win_month), "dimension": "team",
         "member": team[1], "member_id": team[0],
         "region": team[2], "direction": "down", "wins_at_negotiation_times": planted.WIN_CASE_FACTOR,
         "reason": "one team stopped winning its negotiations"},
        {"kpi": "aov", "also": ["discount_share", "gross_margin_share", "won_amount"],
         "month": _month(plants.discount_month),
         "dimension": "product", "member": PRODUCTS[plants.discount_product].name,
         "member_id": str(PRODUCT_IDS[plants.discount_product]), "direction": "down",
         "extra_discount_share": planted.EXTRA_DISCOUNT, "revenue_given_away": round(given_away, 2),
         "aov": round(revenue / orders, 2), "aov_without": round((revenue + given_away) / orders, 2),
         "reason": "the flagship was sold far below half its price in deals closed that month"},
        {"kpi": "new_leads", "month": _month(plants.stop_month), "dimension": "campaign", "member_id": stopped,
         "channel": CHANNELS[plants.stop_channel].name, "direction": "down",
         "expected_leads": round(float(market.expected[:, days].sum()), 1),
         "expected_without": round(float(market.without_pause[:, days].sum()), 1),
         "reason": "the main search campaign did not run that month"},
        {"kpi": "complaints", "also": ["complaint_rate"], "month": _month(plants.complaint_month),
         "dimension": "region",
         "member": plants.complaint_region, "direction": "up", "times": planted.COMPLAINT_CASE_FACTOR,
         "reason": "customers of one region complained five times as much"},
    ]  # fmt: skip


def _pilot(story: Story) -> dict[str, Any]:
    return {
        "experiment_id": "EX1", "kpi": "lead_conversion_rate", "effect": planted.PILOT_EFFECT, "unit": "share, added",
        "since": _day(story, story.plants.pilot_from), "experiment_ended_on": _day(story, story.plants.pilot_to - 1),
        "by": "the day the lead is decided; the effect stays after the experiment",
        "treated": list(planted.PILOT_TEAMS), "control": list(planted.CONTROL_TEAMS),
    }  # fmt: skip


def _seasonality() -> dict[str, Any]:
    return {
        "weekday_of_work": list(WEEKDAY), "weekday_of_leads": [round(0.35 + 0.65 * weight, 4) for weight in WEEKDAY],
        "month": list(MONTH), "lead_growth_per_year": GROWTH_PER_YEAR,
        "new_year": {str(year): day.isoformat() for year, day in NEW_YEAR.items()},
        "holiday_factors": {
            "new_year -1 to +6 days": NEW_YEAR_WEEK, "new_year -8 to -2 days": BEFORE_NEW_YEAR,
            "new_year +7 to +13 days": AFTER_NEW_YEAR, "1-7 October": NATIONAL_DAYS, "1-3 May": LABOUR_DAYS,
        },
        "demand": "weekday_of_leads * month * (0.1 + 0.9 * holiday factor) * (1 + growth)^years since 2023-01-01",
    }  # fmt: skip


def _price() -> dict[str, Any]:
    return {
        "win_at_negotiation_log_odds": planted.WIN_INTERCEPT, "at_discount": planted.USUAL_DISCOUNT,
        "log_odds_per_discount_share": planted.WIN_PER_DISCOUNT, "also": "the owner's rep_skill is added",
        "dropoff_at_qualified": planted.LEAVE_AT_QUALIFIED,
    }  # fmt: skip


def _sentiment(story: Story) -> dict[str, Any]:
    mood, chinese = story.feedback.mood, story.feedback.chinese
    sample = np.arange(0, len(mood), max(1, len(mood) // 400))
    width = max(5, len(str(len(mood))))
    return {
        "mean": {"en": round(float(mood[~chinese].mean()), 4), "zh-Hans": round(float(mood[chinese].mean()), 4)},
        "sample": {f"F{index + 1:0{width}d}": int(mood[index]) for index in sample},
    }


def _day(story: Story, moment: float) -> str:
    return str(np.datetime64(START) + np.timedelta64(int(moment), "D"))


def _month(index: int) -> str:
    return month_start(index).isoformat()[:7]
