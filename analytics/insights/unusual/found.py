"""What is said of one value: expected, how far off, unusual or not, or why that cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from analytics.vocabulary import Period

# Why a value is not judged: it has no value; its past holds too few; it is young for its KPI; its period is not over;
# the KPI exists for longer periods only; the company lacks its tables; the KPI has no such dimension.
Reason = Literal["no_data", "too_short", "not_mature", "still_running", "too_fine", "needs_tables", "no_such_dimension"]


@dataclass(frozen=True)
class Unusual:
    """A KPI's value in a period beside what its past lets expect, in the KPI's unit.

    `low` to `high` holds what would not be unusual. `score` counts robust standard deviations from the expected value,
    signed. `good`: whether the deviation is to the side the KPI should go; None where neither side is. `where` and
    `keys` name the segment as figures do. With a `reason` nothing was judged: numbers are None, `is_unusual` False.
    """

    kpi: str
    period: Period
    value: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    score: float | None = None
    is_unusual: bool = False
    good: bool | None = None
    where: dict[str, str | None] = field(default_factory=dict)
    keys: dict[str, str | None] = field(default_factory=dict)
    reason: Reason | None = None
