"""Scores made while a load is still unpublished, so that no reader meets new leads without them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from analytics import models
from analytics.warehouse import Load


def keep_scores(load: Load, source: str, as_of: datetime, models_dir: Path) -> None:
    """Train, judge and score on the version `load` is building; the rows are written when it is published.

    Only the leads of `source` are scored, as of the end of that source's own data; what an earlier load of the same
    data said is replaced.
    """
    with load.preview() as reader:
        scored = models.refresh(reader, as_of=as_of, models_dir=models_dir, sources=[source])
    load.keep("models", scored.models, replacing={"trained_at": as_of})
    load.keep("predictions", scored.predictions, replacing={"as_of": as_of})
