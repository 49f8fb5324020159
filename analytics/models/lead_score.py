"""`lead_score`: the chance that an open lead converts, with the reasons that make it up.

One model per source of leads, since sources know different things. It learns from decided leads as each looked at a
random moment while it was open (`leads.landmark`), and is used only where it beats history on newer leads: the
conversion rate by channel and industry, shrunk (`leads.baseline`), or the plain rate where that does better.
`lifecycle.verdict` states the rule.

Forward check: decided leads in order of their decision (of the source's running number, where it has no dates); the
older 70% train, the newest 30% test. Where there are dates, a test lead is dropped when its landmark lies before the
last training decision, so that nothing learned is newer than what is judged. After the verdict the model is fitted anew
on all decided leads.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.models.additive import AdditiveModel, fit_additive
from analytics.models.additive.model import chance_of
from analytics.models.leads.baseline import SegmentRates
from analytics.models.leads.features import LeadFrame, lead_frame
from analytics.models.leads.landmark import Floats, Ints
from analytics.models.leads.read import Reader, lead_sources, read_leads
from analytics.models.lifecycle import Refresh, Trained, store
from analytics.models.lifecycle.metrics import log_losses
from analytics.models.lifecycle.verdict import (
    FEWEST_OF_AN_OUTCOME,
    FEWEST_TESTED,
    TRAINED_SHARE,
    Holdout,
    judge,
    one_outcome,
    too_few,
    unfit_to_judge,
)

if TYPE_CHECKING:
    import pandas as pd

MODEL_ID = "lead_score"
MOST_REASONS = 6
SMALLEST_REASON = 0.005
"""A contribution below this, in log-odds (about an eighth of a percentage point), is summed into `other`."""

TOLD_AS = {"channel_kind": "channel", "product_category": "product", "list_price": "product"}
"""Features that say the same thing to a reader: the first is told as the second where the model has both."""


def refresh(reader: Reader, *, as_of: datetime, models_dir: Path, sources: Collection[str] | None = None) -> Refresh:
    """For each source of leads (or those named): train, judge, store, and score its open leads.

    A model that is not used still gets its registry row, which says why; it gets no file and no predictions.
    """
    parts = []
    for source in lead_sources(reader):
        if sources is None or source in sources:
            leads = lead_frame(read_leads(reader, source, as_of), as_of)
            trained, model = train(leads, source, as_of, models_dir)
            parts.append(Refresh.of([trained.row()], [] if model is None else score(model, trained, leads)))
    return Refresh.together(parts)


def train(leads: LeadFrame, source: str, as_of: datetime, models_dir: Path) -> tuple[Trained, AdditiveModel | None]:
    """The verdict on a model of these leads and, where it is used, the model fitted on all decided ones and stored."""
    moments = leads.moments
    decided = np.array([place for place in _oldest_first(moments.order) if moments.decided[place]], dtype=np.int64)
    features, converted, weights = leads.features.iloc[decided], leads.converted[decided], moments.weight[decided]
    dated = bool(np.isfinite(moments.decided_at[decided]).any())
    seen_at = moments.landmark[decided] if dated else None
    verdict = check(features, converted, order=moments.order[decided], weights=weights, seen_at=seen_at)
    verdict["order"] = "decided_at" if dated else "source_order"
    if not verdict["used"]:
        return Trained(MODEL_ID, source, as_of, verdict), None
    model = fit(features, converted, weights)
    verdict["drivers"] = drivers(model, features, weights)
    file, digest = store.save(model.plain(), models_dir, MODEL_ID, f"{source}-{as_of:%Y%m%d}")
    return Trained(MODEL_ID, source, as_of, verdict, file, digest), model


def fit(features: pd.DataFrame, converted: Floats, weights: Floats | None = None) -> AdditiveModel:
    """The calibrated model of these decided leads, oldest first (numbers as floats, texts as str or None)."""
    return fit_additive(features, converted, weights)


def load(models_dir: Path, file: str, digest: str) -> AdditiveModel:
    """A stored model; raises `store.ModelFileError` where the file is not the registered one."""
    return AdditiveModel.from_plain(store.load(models_dir, file, digest))


def check(
    features: pd.DataFrame,
    converted: Floats,
    *,
    order: Floats,
    weights: Floats | None = None,
    seen_at: Floats | None = None,
) -> dict[str, Any]:
    """The forward check: fit on the older 70% by `order`, judge on the newest 30% against the baseline.

    `seen_at` are the landmarks, in the same unit as `order`; None where the source has no dates.
    """
    unfit = unfit_to_judge(converted)
    if unfit:
        return unfit
    counts = np.ones(len(converted)) if weights is None else weights
    older, newer = np.split(_oldest_first(order), [round(TRAINED_SHARE * len(order))])
    if seen_at is not None:
        newer = newer[~(seen_at[newer] < order[older[-1]])]
    for part in (older, newer):
        rarer = int(min(converted[part].sum(), len(part) - converted[part].sum()))
        if len(part) < FEWEST_TESTED:
            return too_few(len(part), FEWEST_TESTED)
        if rarer < FEWEST_OF_AN_OUTCOME:
            return one_outcome(len(part), rarer)
    model = fit(features.iloc[older], converted[older], counts[older])
    by, expected = _baseline(features, converted, counts, older, newer)
    verdict = judge(Holdout(converted[newer], model.chances(features.iloc[newer]), expected, counts[newer]))
    return {**verdict, "decided": len(converted), "trained": len(older), "baseline": {"by": list(by)}}


def _oldest_first(order: Floats) -> Ints:
    """Places in order of time; leads whose moment is unknown count as the oldest."""
    return np.argsort(np.where(np.isnan(order), -np.inf, order), kind="stable")


def _baseline(
    features: pd.DataFrame, converted: Floats, weights: Floats, older: Ints, newer: Ints
) -> tuple[tuple[str, ...], Floats]:
    """What history alone says of the newer leads: rates by segment or the plain rate, whichever turns out better."""
    history = SegmentRates.of(features.iloc[older], converted[older], weights[older])
    by_segment, plain = history.chances(features.iloc[newer]), np.full(len(newer), history.overall)
    happened, counts = converted[newer], weights[newer]
    saved = np.average(log_losses(plain, happened) - log_losses(by_segment, happened), weights=counts)
    return (history.by, by_segment) if saved > 0 else ((), plain)


def drivers(model: AdditiveModel, features: pd.DataFrame, weights: Floats, most: int = 10) -> list[dict[str, Any]]:
    """The features that move chances most: mean size of their contribution, in log-odds, over these leads."""
    sizes = _told(model.contributions(features)).abs()
    means = {str(name): float(np.average(sizes[name], weights=weights)) for name in sizes}
    ranked = sorted(means.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    return [{"feature": name, "size": round(size, 4)} for name, size in ranked]


def score(model: AdditiveModel, trained: Trained, leads: LeadFrame) -> list[dict[str, Any]]:
    """Rows of `predictions` for the open leads: the chance, and reasons that add up to its log-odds.

    Reasons are the largest contributions first (log-odds against the average decided lead), each with the lead's own
    value; then `other`, the sum of all the rest, and `base`, the average lead's log-odds.
    """
    features = leads.features[~leads.moments.decided]
    told = _told(model.contributions(features))
    names, added = list(told.columns), told.to_numpy(dtype=np.float64)
    chances = chance_of(model.base + added.sum(axis=1))
    known = {name: [_plain(value) for value in features[name]] for name in names}
    largest = np.argsort(-np.abs(added), axis=1, kind="stable")[:, :MOST_REASONS]
    rows = []
    for place, lead_id in enumerate(features.index):
        reasons = [
            {"feature": names[at], "value": known[names[at]][place], "contribution": float(added[place, at])}
            for at in largest[place]
            if abs(added[place, at]) >= SMALLEST_REASON
        ]
        rest = float(added[place].sum()) - sum(reason["contribution"] for reason in reasons)
        reasons.append({"feature": "other", "value": None, "contribution": rest})
        reasons.append({"feature": "base", "value": None, "contribution": model.base})
        rows.append(trained.prediction(str(lead_id), float(chances[place]), reasons))
    return rows


def _told(contributions: pd.DataFrame) -> pd.DataFrame:
    """Contributions with features that say the same thing added together."""
    told = contributions.copy()
    for name, as_name in TOLD_AS.items():
        if name in told and as_name in told:
            told[as_name] = told[as_name] + told.pop(name)
    return told


def _plain(value: Any) -> str | float | int | None:
    """A feature's value as JSON holds it; whole numbers without a fraction, others to four decimals."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, str):
        return value
    number = float(value)
    return int(number) if number.is_integer() else round(number, 4)
