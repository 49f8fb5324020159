"""The truths planted in the demo company: when, where and how strong. `truth.json` is written from these."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.demo.catalogue import FLAGSHIP, SEARCH
from analytics.demo.days import HORIZON_DAYS, Setting, moment_of, month_index, month_start

# Months without long holidays, also the month before: only there does a planted change stand out by itself.
QUIET_MONTHS = (4, 6, 7, 8, 9, 12)

# What drives lead conversion: log-odds, added up.
INTERCEPT = -2.85
KIND_EFFECT = {"paid": -0.35, "organic": 0.30, "partner": 1.00, "event": -0.10, "outbound": -0.45}
INDUSTRY_EFFECT = {
    "Automotive": 0.0, "Electronics": 0.50, "Chemicals": 0.05, "Food": -0.20, "Pharma": 0.75, "Textiles": -0.80,
    "Machinery": 0.25, "Logistics": -0.45, "Energy": 0.30, "Construction": -0.85,
}  # fmt: skip
SIZE_EFFECT = {"S": -0.55, "M": 0.0, "L": 0.50, "XL": 0.85}
JOB_EFFECT = {"owner": 0.75, "director": 0.45, "manager": 0.0, "staff": -0.70}
ASKED_FOR_QUOTE_EFFECT = 1.50
PAGES_VIEWED_EFFECT = 0.40  # per unit of log(1 + pages viewed), counted from log(1 + 5)
FAST_CONTACT_EFFECT = 0.60  # first contact within 24 hours of creation
REACHED_CONTACT_EFFECT = 0.28  # per contact in which somebody was reached, up to six
REACHED_CONTACT_CAP = 6
REP_SKILL_SPREAD = 0.15
NO_EFFECT = ("region", "device", "newsletter", "website_visits", "employees beyond size_band", "campaign")

# How long leads take to be decided, by year of creation, against the usual; it stays at the last level.
LEAD_DAYS_BY_YEAR = {2023: 1.20, 2024: 1.02, 2025: 0.95, 2026: 0.88}

# A deal's way: the chance to leave at each stage, and to win at the last.
LEAVE_AT_QUALIFIED = 0.24
LEAVE_AT_PROPOSAL = 0.07
LEAVE_AT_PROPOSAL_LEAKING = 0.32
WIN_INTERCEPT = 0.25  # log-odds to win at negotiation with a discount of 8%
WIN_PER_DISCOUNT = 5.0  # added per unit of discount share beyond that
USUAL_DISCOUNT = 0.08
WITHDRAWN_SHARE = 0.10  # of the deals not won
WIN_CASE_FACTOR = 0.08

# Customers: the usual end of a relation, and those about to leave now.
MEAN_RELATION_DAYS = 2_600.0
CHURNERS = 120
CHURN_STRETCH = 3.0
CHURN_SINCE_DAYS = 130
CHURN_EXTRA_COMPLAINTS = 0.9  # each, on average, since then
COMPLAINT_CASE_FACTOR = 5.0
EXTRA_DISCOUNT = 0.55

INEFFECTIVE_RETURN = 0.30
PILOT_EFFECT = 0.09
PILOT_TEAMS = ("T1", "T6")
CONTROL_TEAMS = ("T2", "T3", "T4", "T5")


@dataclass(frozen=True)
class Plants:
    """Where in time the planted changes lie; months are counted from January 2023, moments as in `days`.

    `planted`: whether they happen at all.
    """

    win_month: int
    discount_month: int
    stop_month: int
    complaint_month: int
    leak_from: float
    pilot_from: float
    pilot_to: float
    churn_from: float
    win_team: str = "T2"
    discount_product: int = FLAGSHIP
    stop_channel: int = SEARCH
    complaint_region: str = "North"
    leak_region: str = "South"
    planted: bool = True


def make_plants(setting: Setting) -> Plants:
    """The planted changes, at distances before the last day."""
    months: list[int] = []
    candidate = setting.this_month - 2
    while len(months) < 4:
        quiet = candidate % 12 + 1 in QUIET_MONTHS
        if quiet and (not months or months[-1] - candidate >= 2):
            months.append(candidate)
        candidate -= 1
    win, discount, stop, complaint = months

    def first_of(months_ago: int) -> float:
        return moment_of(month_start(month_index(setting.until) - months_ago))

    return Plants(
        win_month=win, discount_month=discount, stop_month=stop, complaint_month=complaint,
        leak_from=first_of(5), pilot_from=first_of(7), pilot_to=first_of(1),
        churn_from=setting.last - CHURN_SINCE_DAYS,
    )  # fmt: skip


def no_plants(setting: Setting) -> Plants:
    """The changes that never come: all of them lie behind the last thing that is drawn."""
    never = float(setting.days + HORIZON_DAYS)
    month = int(setting.month_of_day[-1]) + 1
    return Plants(
        win_month=month, discount_month=month, stop_month=month, complaint_month=month,
        leak_from=never, pilot_from=never, pilot_to=never, churn_from=never, planted=False,
    )  # fmt: skip
