"""What is known of a lead at its landmark, as columns of a frame.

Column names are the stable ids of features that reasons carry. Never columns: what the decision itself says (status,
converted_at, lost_at, lost_reason), what is marked leaky, who owns the lead, the customer a converted lead became, and
anything that happened at or after the landmark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analytics.models.leads.landmark import Floats, Moments, days_of, moments_of, numbers_of
from analytics.models.leads.read import LeadRows
from analytics.warehouse.tables import CONTACT_KINDS

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

_TEXTS = ("channel", "channel_kind", "campaign", "industry", "size_band", "region")
_PRESENT = {"has_title": "title", "has_phone": "phone", "has_email": "email"}
_KINDS = {
    "call": "calls",
    "email": "emails",
    "meeting": "meetings",
    "demo": "demos",
    "visit": "visits",
    "event": "events",
    "service": "services",
}
_OUTCOMES = ("reached", "no_answer", "replied", "booked", "declined", "done")


@dataclass(frozen=True)
class LeadFrame:
    """Leads and what is known of them: `features` has one row per lead (index lead_id), `moments` one entry."""

    features: pd.DataFrame
    moments: Moments
    converted: Floats


def lead_frame(rows: LeadRows, as_of: datetime, seed: int = 0) -> LeadFrame:
    """The features of the leads in `rows`, each as of its landmark for a question asked at `as_of`."""
    import pandas as pd

    index = pd.Index(rows.leads["lead_id"], name="lead_id")
    moments = moments_of(rows.leads, as_of, seed)
    columns = {
        **_own_columns(rows.leads),
        **_deal_columns(rows.deals, index, moments),
        **_age(moments),
        **_work_columns(rows.work, index, moments),
        **_stage_column(rows.stages, index, moments),
    }
    for name, column in _detail_columns(rows.details, index, moments).items():
        columns[f"source_{name}" if name in columns else name] = column
    converted = np.asarray(rows.leads["status"] == "converted", dtype=np.float64)
    return LeadFrame(pd.DataFrame(columns, index=index), moments, converted)


def _own_columns(leads: pd.DataFrame) -> dict[str, Any]:
    texts = {name: leads[name].astype(object).to_numpy() for name in _TEXTS}
    present = {name: leads[column].notna().to_numpy(dtype=np.float64) for name, column in _PRESENT.items()}
    return texts | present


def _deal_columns(deals: pd.DataFrame, index: pd.Index[Any], moments: Moments) -> dict[str, Any]:
    """The product of the deal a lead is about, where the deal was there before the landmark."""
    place, created = _places(index, deals), days_of(deals["created_at"])
    known = (place >= 0) & ((created < moments.landmark[place]) | (np.isnan(created) & ~moments.decided[place]))
    columns: dict[str, Any] = {}
    for name in ("product", "product_category"):
        columns[name] = np.full(len(index), None, dtype=object)
        columns[name][place[known]] = deals[name].astype(object).to_numpy()[known]
    prices = np.full(len(index), np.nan)
    prices[place[known]] = numbers_of(deals["list_price"])[known]
    return {**columns, "list_price": prices}


def _age(moments: Moments) -> dict[str, Any]:
    return {"age_days": moments.landmark - moments.started}


def _work_columns(work: pd.DataFrame, index: pd.Index[Any], moments: Moments) -> dict[str, Any]:
    """Counts of activities by kind and by outcome, and the first and last contact; none where nothing is recorded."""
    if work.empty:
        return {}
    place, happened = _places(index, work), days_of(work["happened_at"])
    before = (place >= 0) & (happened < moments.landmark[place])
    place, happened, work = place[before], happened[before], work[before]
    kinds, outcomes = work["kind"].to_numpy(dtype=object), work["outcome"].to_numpy(dtype=object)
    counts = {name: _count(place[kinds == kind], len(index)) for kind, name in _KINDS.items()}
    counts |= {name: _count(place[outcomes == name], len(index)) for name in _OUTCOMES}
    contact = np.isin(kinds, CONTACT_KINDS)
    first, last = np.full(len(index), np.inf), np.full(len(index), -np.inf)
    np.minimum.at(first, place[contact], happened[contact])
    np.maximum.at(last, place[contact], happened[contact])
    hours = np.where(np.isfinite(first), (first - moments.started) * 24, np.nan)
    since = np.where(np.isfinite(last), moments.landmark - last, np.nan)
    return {**counts, "hours_to_first_contact": hours, "days_since_contact": since}


def _places(index: pd.Index[Any], rows: pd.DataFrame) -> NDArray[np.int64]:
    """Which lead each row is about: its place in `index`, -1 for none of them."""
    import pandas as pd

    return np.asarray(index.get_indexer(pd.Index(rows["lead_id"])), dtype=np.int64)


def _count(places: NDArray[Any], size: int) -> Floats:
    return np.bincount(places, minlength=size).astype(np.float64)


def _stage_column(stages: pd.DataFrame, index: pd.Index[Any], moments: Moments) -> dict[str, Any]:
    """The last stage entered before the landmark."""
    if stages.empty:
        return {}
    place, entered = _places(index, stages), days_of(stages["entered_at"])
    before = np.flatnonzero((place >= 0) & (entered < moments.landmark[place]))
    in_time = before[np.argsort(entered[before], kind="stable")]
    column = np.full(len(index), None, dtype=object)
    column[place[in_time]] = stages["stage"].to_numpy(dtype=object)[in_time]
    return {"stage": column}


def _detail_columns(details: pd.DataFrame, index: pd.Index[Any], moments: Moments) -> dict[str, Any]:
    """One column per name in `lead_features`: a number where any row has one, else a text."""
    place, known_at = _places(index, details), days_of(details["known_at"])
    at_start = np.isnan(known_at) | (known_at <= moments.started[place])
    known = (place >= 0) & (at_start | (known_at < moments.landmark[place]))
    columns: dict[str, Any] = {}
    for name, rows in details[known].assign(place=place[known]).groupby("name", sort=True):
        numbers = numbers_of(rows["number"])
        numeric = bool(np.isfinite(numbers).any())
        column = np.full(len(index), np.nan if numeric else None, dtype=np.float64 if numeric else object)
        column[rows["place"].to_numpy()] = numbers if numeric else rows["text"].to_numpy(dtype=object)
        columns[str(name)] = column
    return columns
