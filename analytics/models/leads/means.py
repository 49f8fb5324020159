"""The life of a model that is a table of segment means: judge, store, say what stands for each open lead."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.models.leads.landmark import Floats, numbers_of
from analytics.models.leads.read import Reader, lead_sources, read_open_leads
from analytics.models.leads.segments import SegmentMeans
from analytics.models.lifecycle import Refresh, Trained, store
from analytics.models.lifecycle.verdict import TRAINED_SHARE, too_few

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ROWS = 10

Cuts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class MeansModel:
    """A mean by segment of past rows that stands for open leads.

    `past` reads those rows of a source up to a moment, oldest first: a column `value` (missing where nothing is known)
    and the columns that `cuts` name, finest cut first. No lead's value is below `least`.
    """

    model_id: str
    past: Callable[[Reader, str, datetime], pd.DataFrame]
    cuts: Cuts
    least: float = 0.0

    def refresh(
        self, reader: Reader, *, as_of: datetime, models_dir: Path, sources: Collection[str] | None = None
    ) -> Refresh:
        """For each source of leads (or those named) a registry row and, if there are means, its open leads' values."""
        parts = []
        for source in lead_sources(reader):
            if sources is None or source in sources:
                trained, means = self.train(self.past(reader, source, as_of), source, as_of, models_dir)
                leads = None if means is None else read_open_leads(reader, source, as_of)
                rows = [] if means is None or leads is None else self.score(means, trained, leads)
                parts.append(Refresh.of([trained.row()], rows))
        return Refresh.together(parts)

    def train(
        self, past: pd.DataFrame, source: str, as_of: datetime, models_dir: Path
    ) -> tuple[Trained, SegmentMeans | None]:
        """The verdict on the means of `past` and, where there are enough rows, the stored means."""
        known = past[past["value"].notna()]
        if len(known) < FEWEST_ROWS:
            return Trained(self.model_id, source, as_of, too_few(len(known), FEWEST_ROWS)), None
        values = numbers_of(known["value"])
        verdict = check_means(values, known, self.cuts)
        kept = tuple(tuple(cut["by"]) for cut in verdict["cuts"] if cut["kept"])
        means = SegmentMeans.of(values, known, kept)
        file, digest = store.save(means.plain(), models_dir, self.model_id, f"{source}-{as_of:%Y%m%d}")
        return Trained(self.model_id, source, as_of, verdict, file, digest), means

    def score(self, means: SegmentMeans, trained: Trained, leads: pd.DataFrame) -> list[dict[str, Any]]:
        """Rows of `predictions`; the reasons are the mean of all and what the segment adds, and sum to the value."""
        rows = []
        for lead_id, (by, segment, shift) in zip(leads["lead_id"], means.shifts_of(leads), strict=True):
            added = max(shift, self.least - means.mean)
            reasons: list[dict[str, Any]] = [{"feature": "company_mean", "value": None, "contribution": means.mean}]
            if segment:
                told = {"feature": "segment", "value": ", ".join(segment), "contribution": added, "by": list(by)}
                reasons.append(told)
            rows.append(trained.prediction(str(lead_id), means.mean + added, reasons))
        return rows


def check_means(values: Floats, past: pd.DataFrame, cuts: Cuts) -> dict[str, Any]:
    """The forward check of each cut by itself: segment means of the older 70% and their plain mean on the newest 30%.

    `past` stands in order of time. Errors are root mean squared errors in the unit of `values`, over the newer rows
    that the cut covers. Cuts that do not lower the error are not `kept`; without any, the plain mean stands for all.
    """
    split = round(TRAINED_SHARE * len(past))
    judged = [_judged(values, past, split, by) for by in cuts]
    helps = any(cut["kept"] for cut in judged)
    return {
        "used": True,
        "why": {"code": "segments_beat_mean" if helps else "mean_only"},
        "cuts": judged,
        "decided": len(past),
        "tested": len(past) - split,
        "mean": round(float(values.mean()), 2),
    }


def _judged(values: Floats, past: pd.DataFrame, split: int, by: tuple[str, ...]) -> dict[str, Any]:
    means = SegmentMeans.of(values[:split], past.iloc[:split], (by,))
    newer, actual = past.iloc[split:], values[split:]
    covered = newer[list(by)].notna().all(axis=1).to_numpy()
    if not covered.any():
        return {"by": list(by), "kept": False, "error": None, "baseline_error": None}
    gaps = actual - means.values_of(newer), actual - means.mean
    error, baseline = (float(np.sqrt(np.mean(gap[covered] ** 2))) for gap in gaps)
    return {"by": list(by), "kept": error < baseline, "error": round(error, 2), "baseline_error": round(baseline, 2)}
