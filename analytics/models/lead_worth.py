"""`lead_worth`: what an open lead is worth if it is won, in the company's currency.

The mean won amount of the lead's segment, shrunk towards the company's mean (`leads.segments` states the formula). The
segment is the product where the lead's deal names one, else industry and size band, else the one of these that is
known. Forward check: won deals by closing date (`leads.means`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from analytics.models.leads.means import MeansModel
from analytics.models.leads.read import Reader
from analytics.warehouse import tables

if TYPE_CHECKING:
    import pandas as pd

MODEL_ID = "lead_worth"


def won_deals(reader: Reader, source: str, as_of: datetime) -> pd.DataFrame:
    """The deals of `source` won by `as_of` with a known amount (`value`), by closing date, and their segments."""
    deals, leads, customers, products = (tables.opportunities.c, tables.leads.c, tables.customers.c, tables.products.c)
    joined = (
        tables.opportunities.outerjoin(tables.leads, and_(leads.lead_id == deals.lead_id, leads.source == deals.source))
        .outerjoin(tables.customers, and_(customers.customer_id == deals.customer_id, customers.source == deals.source))
        .outerjoin(tables.products, and_(products.product_id == deals.product_id, products.source == deals.source))
    )
    return reader.frame(
        select(
            deals.amount.label("value"),
            products.name.label("product"),
            func.coalesce(leads.industry, customers.industry).label("industry"),
            func.coalesce(leads.size_band, customers.size_band).label("size_band"),
        )
        .select_from(joined)
        .where(deals.source == source, deals.outcome == "won", deals.amount > 0, deals.closed_at <= as_of)
        .order_by(deals.closed_at, deals.opportunity_id)
    )


refresh = MeansModel(
    MODEL_ID, won_deals, cuts=(("product",), ("industry", "size_band"), ("size_band",), ("industry",))
).refresh
