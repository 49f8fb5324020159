"""Builds the demo company, topic after topic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.demo import (
    activities,
    costs,
    customers,
    deals,
    features,
    leads,
    marketing,
    orders,
    people,
    plans,
    service,
)
from analytics.demo.catalogue import channels_table, products_table
from analytics.demo.customers import Accounts
from analytics.demo.days import Floats, Ints, Setting, Texts, make_setting, utc
from analytics.demo.frames import blanked, loaded
from analytics.demo.leads import Decisions, Leads
from analytics.demo.people import Staff
from analytics.demo.plants import REP_SKILL_SPREAD, Plants, make_plants, no_plants
from analytics.demo.truth import Story, tell_truth

SERVICE_CALLS = 24_000
NEVER_CONTACT_SHARE = 0.015


@dataclass(frozen=True)
class DemoCompany:
    """A whole company: `tables` to load, rows to keep, the `truth` planted in them.

    `as_of` is the latest moment of anything that has happened in it, UTC.
    """

    tables: dict[str, pd.DataFrame]
    kept: dict[str, pd.DataFrame]
    truth: dict[str, Any]
    as_of: datetime


def build(
    until: date,
    *,
    seed: int = 2026,
    scale: float = 1.0,
    plants: bool = True,
    progress: Callable[[str], None] | None = None,
) -> DemoCompany:
    """The demo company from 2023-01-01 up to the late morning of `until`; the same bytes for the same arguments.

    `scale` multiplies customers, leads, work, orders and money, not the organisation. Without `plants` nothing that
    begins or ends in time is planted: no KPI changes for a reason. `progress` is told each topic as it begins.
    ValueError if the day or the scale is out of range.
    """
    say = progress or (lambda topic: None)
    setting = make_setting(until, seed, scale)
    story = _tell(setting, make_plants(setting) if plants else no_plants(setting), say)
    say("tables")
    tables = _tables(story)
    say("truth")
    return DemoCompany(tables=tables, kept=_kept(story, tables), truth=tell_truth(story), as_of=_latest(tables))


def _tell(setting: Setting, plants: Plants, say: Callable[[str], None]) -> Story:
    staff = people.make_staff(setting, REP_SKILL_SPREAD)
    say("marketing and leads")
    market = marketing.make_market(setting, plants)
    old = customers.old_accounts(setting, staff)
    enquiries = leads.draw_leads(setting, plants, market, old, staff)
    say("work on leads")
    on_leads = activities.lead_work(setting, enquiries, staff)
    decisions = activities.decide(setting, plants, enquiries, on_leads, staff)
    today = activities.called_today(setting, enquiries, staff)
    say("deals")
    enquiries, accounts = _open_accounts(setting, enquiries, decisions, old)
    sales = deals.make_deals(setting, plants, enquiries, decisions, enquiries.customer, staff)
    on_deals = activities.deal_work(setting, sales, enquiries, staff)
    say("orders")
    rhythm = orders.make_rhythm(setting, plants, accounts, sales, len(old))
    sold = orders.make_orders(setting, plants, accounts, enquiries, sales, rhythm, staff)
    ledger = costs.make_ledger(setting, market, sold, staff)
    calls = activities.service_work(setting, accounts, rhythm.since, staff, setting.count(SERVICE_CALLS, least=60))
    work = activities.all_work(on_leads, today, on_deals, calls)
    work = costs.with_ineffective_visits(setting, work, sales, enquiries, sold, ledger)
    return Story(
        setting=setting, plants=plants, staff=staff, market=market, accounts=accounts, leads=enquiries,
        decisions=decisions, deals=sales, orders=sold, work=work, ledger=ledger, rhythm=rhythm,
        feedback=service.make_feedback(setting, plants, accounts, rhythm),
    )  # fmt: skip


def _open_accounts(setting: Setting, enquiries: Leads, decisions: Decisions, old: Accounts) -> tuple[Leads, Accounts]:
    """A converted lead of nobody's account becomes a new one, which the lead then names."""
    founding = np.flatnonzero(decisions.converted & (enquiries.customer < 0))
    founding = founding[np.argsort(decisions.decided[founding], kind="stable")]
    names, nobody = enquiries.names.take(founding), np.full(len(founding), -1, dtype=np.int64)
    new = Accounts(
        names=names, full_name=names.full, industry=enquiries.industry[founding], size=enquiries.size[founding],
        region=enquiries.region[founding], city=names.city, owner=enquiries.owner[founding],
        successor=enquiries.successor[founding], parent=nobody, since=decisions.decided[founding],
        origin=enquiries.channel[founding],
        do_not_contact=setting.rng("new_accounts").random(len(founding)) < NEVER_CONTACT_SHARE,
    )  # fmt: skip
    customer = enquiries.customer.copy()
    customer[founding] = len(old) + np.arange(len(founding))
    return replace(enquiries, customer=customer), customers.joined(old, new)


def _tables(story: Story) -> dict[str, pd.DataFrame]:
    setting, staff, accounts, enquiries = story.setting, story.staff, story.accounts, story.leads
    first = activities.first_contact_at(story.work, enquiries)
    reached = activities.first_contact_at(story.work, enquiries, only_reached=True)
    bought = orders.first_orders(story.orders, accounts, int((accounts.since < 0).sum()))
    tickets = service.make_tickets(setting, story.plants, accounts, story.rhythm)
    return {
        **people.org_tables(setting),
        "products": products_table(), "channels": channels_table(),
        **marketing.marketing_tables(setting, story.market, story.plants),
        "customers": customers.customers_table(setting, accounts, bought, staff),
        "leads": leads.leads_table(setting, enquiries, story.decisions, story.market, accounts, staff),
        "lead_features": features.lead_features_table(setting, enquiries, story.decisions, first),
        "ownership_changes": _ownership_changes(story),
        "opportunities": deals.opportunities_table(setting, story.deals, enquiries, accounts, staff),
        "stage_changes": deals.stage_changes_table(setting, enquiries, story.decisions, story.deals, reached),
        "quotes": deals.quotes_table(setting, story.deals),
        "activities": activities.activities_table(
            setting, story.work, enquiries, deals.deal_ids_of(story.deals), accounts
        ),
        "tasks": service.tasks_table(setting, enquiries, story.decisions, story.deals, accounts, staff),
        "interventions": service.interventions_table(setting, accounts, story.rhythm, story.orders),
        "orders": orders.orders_table(story.orders, accounts, story.deals, marketing.campaign_ids(story.market)),
        "payments": orders.payments_table(setting, story.orders, accounts),
        "cost_ledger": costs.cost_ledger_table(story.ledger),
        "tickets": service.tickets_table(tickets, accounts),
        "feedback": service.feedback_table(setting, story.feedback, accounts),
        "survey_answers": people.survey_table(setting),
    }  # fmt: skip


def _ownership_changes(story: Story) -> pd.DataFrame:
    """Whatever passed from one rep to another (or to the pool): leads, deals and customers, before and after."""
    setting, staff, accounts, sales = story.setting, story.staff, story.accounts, story.deals
    end = np.where(np.isnan(sales.closed), setting.last, sales.closed)
    parts = [("lead_id", *leads.ownership_rows(setting, story.leads, story.decisions, staff))]
    for column, names, owner, successor, since, until in (
        ("opportunity_id", deals.deal_ids_of(sales), sales.owner, sales.successor, sales.opened, end),
        ("customer_id", customers.customer_ids_of(accounts), accounts.owner, accounts.successor, accounts.since,
         np.full(len(accounts), setting.last)),
    ):  # fmt: skip
        parts.append((column, *_passed_on(names, owner, successor, since, until, staff)))
    subject = np.repeat(np.array([part[0] for part in parts], dtype=object), [len(part[1]) for part in parts])
    names, rep = np.concatenate([part[1] for part in parts]), np.concatenate([part[2] for part in parts])
    start, stop = np.concatenate([part[3] for part in parts]), np.concatenate([part[4] for part in parts])
    columns_of = {kind: blanked(names, subject != kind) for kind in ("lead_id", "opportunity_id", "customer_id")}
    return loaded("ownership_changes", **columns_of, rep_id=rep, from_at=utc(start), to_at=utc(stop))


def _passed_on(
    names: Texts, owner: Ints, successor: Ints, since: Floats, until: Floats, staff: Staff
) -> tuple[Texts, Texts, Floats, Floats]:
    left = staff.left[owner]
    rows = np.flatnonzero((left <= until) & (left > since))
    nothing = np.full(len(rows), np.nan)
    reps = people.REP_IDS[np.concatenate([owner[rows], successor[rows]])]
    starts, stops = np.concatenate([since[rows], left[rows]]), np.concatenate([left[rows], nothing])
    return np.concatenate([names[rows], names[rows]]), reps, starts, stops


def _kept(story: Story, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    baselines = plans.baselines_table(tables)
    return {
        "targets": plans.targets_table(story.setting, story.orders, story.deals, story.staff),
        "budgets": plans.budgets_table(story.setting), "baselines": baselines,
        "benchmarks": plans.benchmarks_table(baselines), **plans.experiments_tables(story.setting, story.plants),
    }  # fmt: skip


def _latest(tables: dict[str, pd.DataFrame]) -> datetime:
    moments = [frame[name].max() for frame in tables.values() for name in frame.columns if name.endswith("_at")]
    latest = max(moment for moment in moments if not pd.isna(moment))
    return pd.Timestamp(latest).to_pydatetime()
