"""What a lead model must beat: the share that converted so far, by channel and industry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.models.leads.landmark import Floats

if TYPE_CHECKING:
    import pandas as pd

SEGMENTS = ("channel", "lead_source", "industry")
"""Cut by those of these that a source has, one within the other; `lead_source` is a channel by another name."""

PRIOR_LEADS = 50.0


@dataclass(frozen=True)
class SegmentRates:
    """Conversion rates of ever finer segments, each shrunk towards the coarser one it lies in.

    rate = (converted + k x coarser rate) / (decided + k) with k = `PRIOR_LEADS`; a segment never seen has the rate
    of the coarser one, and all leads together their plain rate.
    """

    overall: float
    by: tuple[str, ...]
    levels: tuple[dict[tuple[str, ...], float], ...]

    @classmethod
    def of(cls, features: pd.DataFrame, converted: Floats, weights: Floats) -> SegmentRates:
        """The rates of these decided leads."""
        by = tuple(name for name in SEGMENTS if name in features and features[name].notna().any())
        overall = float(np.average(converted, weights=weights))
        rates = cls(overall, by, ())
        counts = weights / weights.mean()
        for depth in range(1, len(by) + 1):
            coarser = rates.chances(features)
            sums: dict[tuple[str, ...], list[float]] = {}
            segments = _segments(features, by[:depth])
            for segment, won, count, prior in zip(segments, converted, counts, coarser, strict=True):
                entry = sums.setdefault(segment, [0.0, 0.0, prior])
                entry[0] += won * count
                entry[1] += count
            level = {
                segment: (won + PRIOR_LEADS * prior) / (count + PRIOR_LEADS)
                for segment, (won, count, prior) in sums.items()
            }
            rates = cls(overall, by, (*rates.levels, level))
        return rates

    def chances(self, features: pd.DataFrame) -> Floats:
        """The rate of each lead's finest known segment."""
        rates = np.full(len(features), self.overall)
        for depth, level in enumerate(self.levels, start=1):
            found = [level.get(segment, np.nan) for segment in _segments(features, self.by[:depth])]
            rates = np.where(np.isnan(found), rates, found)
        return rates


def _segments(features: pd.DataFrame, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    columns = [features[name].astype(object).where(features[name].notna(), None) for name in names]
    return list(zip(*columns, strict=True))
