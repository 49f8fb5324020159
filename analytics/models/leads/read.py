"""Read what is known of one source's leads: all open ones, and the most recently decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from analytics.warehouse import tables

if TYPE_CHECKING:
    import pandas as pd

MOST_DECIDED = 12_000
"""How many decided leads are learned from, the most recent ones: more changes little and takes longer."""


class Reader(Protocol):
    """The part of the warehouse's reader that models use."""

    def frame(self, statement: Select[Any]) -> pd.DataFrame: ...

    def rows(self, statement: Select[Any]) -> list[Any]: ...


@dataclass(frozen=True)
class LeadRows:
    """Rows of one source as they stand in the warehouse; nothing in them is later than the clock.

    leads: lead_id, started_at, decided_at, status, source_order, title, phone, email, industry, size_band, region,
    channel, channel_kind, campaign. details: lead_id, name, number, text, known_at. work: lead_id, kind, outcome,
    happened_at. stages: lead_id, stage, entered_at. deals: lead_id, created_at, product, product_category, list_price.
    """

    leads: pd.DataFrame
    details: pd.DataFrame
    work: pd.DataFrame
    stages: pd.DataFrame
    deals: pd.DataFrame


def lead_sources(reader: Reader) -> list[str]:
    """The sources that hold leads."""
    return sorted(row[0] for row in reader.rows(select(tables.leads.c.source).distinct()))


def read_leads(reader: Reader, source: str, as_of: datetime, most_decided: int = MOST_DECIDED) -> LeadRows:
    """What the warehouse knows of the leads of `source` at `as_of`: open ones and the `most_decided` newest others."""
    chosen = _chosen(reader, source, as_of, most_decided)
    return LeadRows(
        leads=reader.frame(_leads(chosen)),
        details=reader.frame(_details(source, chosen)),
        work=reader.frame(_work(source, chosen, as_of)),
        stages=reader.frame(_stages(source, chosen, as_of)),
        deals=reader.frame(_deals(source, chosen)),
    )


def read_open_leads(reader: Reader, source: str, as_of: datetime) -> pd.DataFrame:
    """The open leads of `source`: lead_id, channel_kind, industry, size_band and the product of the lead's deal."""
    leads, channels, deals, products = tables.leads.c, tables.channels.c, tables.opportunities.c, tables.products.c
    known_deal = or_(deals.created_at.is_(None), deals.created_at <= as_of)
    joined = (
        tables.leads.outerjoin(
            tables.channels, and_(channels.channel_id == leads.channel_id, channels.source == leads.source)
        )
        .outerjoin(tables.opportunities, and_(deals.lead_id == leads.lead_id, deals.source == leads.source, known_deal))
        .outerjoin(tables.products, and_(products.product_id == deals.product_id, products.source == deals.source))
    )
    by = leads.lead_id, channels.kind.label("channel_kind"), leads.industry, leads.size_band
    return reader.frame(
        select(*by, func.min(products.name).label("product"))
        .select_from(joined)
        .where(visible_at(source, as_of), not_(decided_by(as_of)))
        .group_by(leads.lead_id, channels.kind, leads.industry, leads.size_band)
        .order_by(leads.lead_id)
    )


def visible_at(source: str, as_of: datetime) -> ColumnElement[bool]:
    """Leads of `source` that exist at `as_of`."""
    return and_(tables.leads.c.source == source, or_(started_at().is_(None), started_at() <= as_of))


def decided_at() -> ColumnElement[datetime]:
    """When a lead was converted or lost; empty while open, and in sources without dates."""
    return func.coalesce(tables.leads.c.converted_at, tables.leads.c.lost_at)


def started_at() -> ColumnElement[datetime]:
    """When a lead was created or, where that is unknown, first seen."""
    return func.coalesce(tables.leads.c.created_at, tables.leads.c.first_seen_at)


def decided_by(as_of: datetime) -> ColumnElement[bool]:
    """Leads whose decision is known at `as_of`."""
    return and_(tables.leads.c.status.in_(("converted", "lost")), or_(decided_at().is_(None), decided_at() <= as_of))


def _chosen(reader: Reader, source: str, as_of: datetime, most_decided: int) -> ColumnElement[bool]:
    leads = tables.leads
    visible = visible_at(source, as_of)
    decided = and_(visible, decided_by(as_of))
    open_leads = not_(decided_by(as_of))
    for moment in (decided_at(), leads.c.source_order):
        newest = select(moment.label("moment")).where(decided, moment.is_not(None)).order_by(moment.desc())
        oldest_taken = reader.rows(newest.offset(most_decided - 1).limit(1))
        if oldest_taken:
            return and_(visible, or_(open_leads, moment >= oldest_taken[0][0]))
    return visible


def _leads(chosen: ColumnElement[bool]) -> Select[Any]:
    leads, channels, campaigns = tables.leads.c, tables.channels.c, tables.campaigns.c
    columns = (
        leads.lead_id,
        started_at().label("started_at"),
        decided_at().label("decided_at"),
        leads.status,
        leads.source_order,
        leads.title,
        leads.phone,
        leads.email,
        leads.industry,
        leads.size_band,
        leads.region,
        func.coalesce(channels.name, leads.channel_id).label("channel"),
        channels.kind.label("channel_kind"),
        func.coalesce(campaigns.name, leads.campaign_id).label("campaign"),
    )
    joined = tables.leads.outerjoin(
        tables.channels, and_(channels.channel_id == leads.channel_id, channels.source == leads.source)
    ).outerjoin(tables.campaigns, and_(campaigns.campaign_id == leads.campaign_id, campaigns.source == leads.source))
    return select(*columns).select_from(joined).where(chosen).order_by(leads.lead_id)


def _details(source: str, chosen: ColumnElement[bool]) -> Select[Any]:
    details = tables.lead_features.c
    columns = details.lead_id, details.name, details.number, details.text, details.known_at
    joined = tables.lead_features.join(tables.leads, tables.leads.c.lead_id == details.lead_id)
    known_in_time = or_(details.leaky.is_(None), details.leaky.is_(False))
    return select(*columns).select_from(joined).where(chosen, details.source == source, known_in_time)


def _work(source: str, chosen: ColumnElement[bool], as_of: datetime) -> Select[Any]:
    work = tables.activities.c
    joined = tables.activities.join(tables.leads, tables.leads.c.lead_id == work.lead_id)
    columns = work.lead_id, work.kind, work.outcome, work.happened_at
    return select(*columns).select_from(joined).where(chosen, work.source == source, work.happened_at <= as_of)


def _stages(source: str, chosen: ColumnElement[bool], as_of: datetime) -> Select[Any]:
    stages = tables.stage_changes.c
    joined = tables.stage_changes.join(tables.leads, tables.leads.c.lead_id == stages.lead_id)
    columns = stages.lead_id, stages.stage, stages.entered_at
    return select(*columns).select_from(joined).where(chosen, stages.source == source, stages.entered_at <= as_of)


def _deals(source: str, chosen: ColumnElement[bool]) -> Select[Any]:
    deals, products = tables.opportunities.c, tables.products.c
    joined = tables.opportunities.join(tables.leads, tables.leads.c.lead_id == deals.lead_id).join(
        tables.products, and_(products.product_id == deals.product_id, products.source == deals.source)
    )
    columns = (
        deals.lead_id,
        deals.created_at,
        products.name.label("product"),
        products.category.label("product_category"),
        products.list_price,
    )
    return select(*columns).select_from(joined).where(chosen, deals.source == source)
