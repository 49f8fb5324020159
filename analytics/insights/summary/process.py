"""The parts of the sales process that a diagnosis looks at, and the KPIs that tell of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["funnel", "cycle", "time", "cost"]


@dataclass(frozen=True)
class ProcessPart:
    """`kpis` tell of it; `split` is the KPI that is broken down, by the dimension `by`; "" where none is."""

    part: Part
    kpis: tuple[str, ...]
    split: str = ""
    by: str = ""


PROCESS = (
    ProcessPart("funnel", ("funnel_dropoff", "lead_conversion_rate", "win_rate"), "funnel_dropoff", "stage"),
    ProcessPart("cycle", ("sales_cycle_days", "resolution_hours")),
    ProcessPart("time", ("revenue_per_selling_hour", "low_yield_time_share"), "selling_minutes", "activity_kind"),
    ProcessPart(
        "cost",
        ("cost_to_revenue", "marketing_cost_share", "ineffective_cost_share", "duplicate_campaign_share"),
        "sales_cost_total",
        "cost_pool",
    ),
)
