"""Each lead at one moment: an open lead now, a decided one at a random moment while it was still open.

A model that calls open leads must learn from leads that looked open. So a decided lead is seen at its *landmark*, drawn
evenly between its start and its decision (seeded by its id), and nothing after the landmark is known of it. It counts
in proportion to the days it was open: on any day, a lead that stays open for a hundred days stands on the list a
hundred times as often as one decided within a day. Without that weight quickly decided leads would teach the model a
chance by age that no list of open leads ever shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHORTEST_OPEN_DAYS = 1 / 24
LONGEST_COUNTED = 0.8
"""Days open beyond this quantile count no further, so that the slowest leads do not outweigh the rest."""


@dataclass(frozen=True)
class Moments:
    """One entry per lead. Moments are days since 1970 (UTC), NaN where the source has none.

    `landmark` is the moment a lead is seen at, `decided` says whether its outcome is known by the clock, `order` ranks
    decided leads in time, `weight` is how much a decided lead counts.
    """

    started: Floats
    decided_at: Floats
    landmark: Floats
    decided: NDArray[np.bool_]
    order: Floats
    weight: Floats


def moments_of(leads: pd.DataFrame, as_of: datetime, seed: int = 0) -> Moments:
    """The moments of `leads` (columns of `LeadRows.leads`) for a question asked at `as_of`."""
    clock = as_of.timestamp() / 86_400
    started, decided_at = days_of(leads["started_at"]), days_of(leads["decided_at"])
    ended = leads["status"].isin(["converted", "lost"]).to_numpy()
    decided = ended & ~(decided_at > clock)
    open_days = np.maximum(decided_at - started, 0.0)
    landmark = np.where(decided, started + _even_draws(leads["lead_id"], seed) * open_days, clock)
    order = decided_at if np.isfinite(decided_at[decided]).any() else numbers_of(leads["source_order"])
    return Moments(started, decided_at, landmark, decided, order, _weights(open_days, decided))


def days_of(moments: pd.Series[Any]) -> Floats:
    """Days since 1970 (UTC) as floats, NaN for missing."""
    import pandas as pd

    exact = pd.to_datetime(moments, utc=True).dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    since = (exact - np.datetime64(0, "us")) / np.timedelta64(1, "D")
    return np.asarray(since, dtype=np.float64)


def numbers_of(numbers: pd.Series[Any]) -> Floats:
    """Any numbers (decimals too) as floats, NaN for missing."""
    return numbers.astype(object).where(numbers.notna(), np.nan).to_numpy(dtype=np.float64)


def _even_draws(lead_ids: pd.Series[Any], seed: int) -> Floats:
    """A number in [0, 1) for each lead that depends on its id and the seed only."""
    import pandas as pd

    hashed = pd.util.hash_array((lead_ids.astype(str) + f"|{seed}").to_numpy(dtype=object), categorize=False)
    return np.asarray(hashed, dtype=np.float64) / 2.0**64


def _weights(open_days: Floats, decided: NDArray[np.bool_]) -> Floats:
    known = open_days[decided & np.isfinite(open_days)]
    if not len(known):
        return np.ones(len(open_days))
    longest = max(float(np.quantile(known, LONGEST_COUNTED)), SHORTEST_OPEN_DAYS)
    counted = np.clip(open_days, SHORTEST_OPEN_DAYS, longest)
    return np.where(np.isfinite(counted), counted, float(np.clip(known, SHORTEST_OPEN_DAYS, longest).mean()))
