"""What every answer from live data says of their quality."""

from __future__ import annotations

from dataclasses import replace
from math import floor

from analytics.vocabulary import Figure, Unit
from assistant.result import Result, Room, Worded


def with_quality(result: Result, room: Room) -> Result:
    """The answer with the data's quality as evidence, and a warning where it is below what the plan asks for."""
    if room.reader is None or not result.evidence.get("as_of"):
        return result
    from analytics.quality import LEAST_ACCURACY, latest_quality

    quality = latest_quality(room.data, room.clock.now)
    if quality is None:
        return result
    known = replace(result, evidence={**result.evidence, "quality": round(quality.share, 4)})
    if not quality.too_low:
        return known
    cut = floor(quality.share * 1000) / 1000  # 94.97% is not 95%
    facts = {
        "share": Figure("data_accuracy", cut, Unit.SHARE, decimals=1),
        "least": Figure("data_accuracy", LEAST_ACCURACY, Unit.SHARE),
        "ran_at": quality.ran_at,
    }
    return replace(known, notes=(*known.notes, Worded("quality_low", facts)))
