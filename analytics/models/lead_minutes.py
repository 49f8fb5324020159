"""`lead_minutes`: the minutes of work a lead takes until it is decided.

The mean minutes of activities on decided leads up to their decision (a lead nobody worked on counts as zero), by kind
of channel and size band, shrunk towards the mean of all (`leads.segments` states the formula). Forward check: decided
leads by decision (`leads.means`). A source that records no activities gets no predictions.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from analytics.models.leads.means import MeansModel
from analytics.models.leads.read import MOST_DECIDED, Reader, decided_at, decided_by
from analytics.warehouse import tables

if TYPE_CHECKING:
    import pandas as pd

MODEL_ID = "lead_minutes"


def worked_leads(reader: Reader, source: str, as_of: datetime) -> pd.DataFrame:
    """The most recently decided leads of `source`, oldest first, each with its minutes (`value`) and its segments.

    `value` is missing throughout where the source records no minutes at all.
    """
    leads, work, channels = tables.leads.c, tables.activities.c, tables.channels.c
    until_decided = and_(work.lead_id == leads.lead_id, work.source == leads.source, work.happened_at <= decided_at())
    joined = tables.leads.outerjoin(tables.activities, until_decided).outerjoin(
        tables.channels, and_(channels.channel_id == leads.channel_id, channels.source == leads.source)
    )
    by = leads.lead_id, channels.kind.label("channel_kind"), leads.size_band
    newest = reader.frame(
        select(*by, func.sum(work.minutes).label("value"))
        .select_from(joined)
        .where(leads.source == source, decided_by(as_of), decided_at().is_not(None))
        .group_by(leads.lead_id, channels.kind, leads.size_band, decided_at())
        .order_by(decided_at().desc(), leads.lead_id)
        .limit(MOST_DECIDED)
    )
    recorded = newest["value"].notna().any()
    return newest.iloc[::-1].fillna({"value": 0.0}) if recorded else newest


refresh = MeansModel(
    MODEL_ID, worked_leads, cuts=(("channel_kind", "size_band"), ("channel_kind",), ("size_band",)), least=1.0
).refresh
