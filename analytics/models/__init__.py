"""The models: one file each, found by folder scan; what they share lies in the packages beside them.

Every file here is a model and has `MODEL_ID` (its own name) and `refresh(reader, *, as_of, models_dir, sources)`, which
trains, judges, stores and scores it and returns its rows as a `Refresh`. Model libraries load only when one is run.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from analytics.models.lifecycle.contract import Refresh


def model_ids() -> list[str]:
    """The ids of all models, in the order they are refreshed."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg)


def refresh(reader: Any, *, as_of: datetime, models_dir: Path, sources: Collection[str] | None = None) -> Refresh:
    """Refresh every model from the warehouse version that `reader` sees.

    `as_of` is the clock (aware UTC): later rows are invisible. `sources` limits it to the leads of these sources (a
    load changes those of its own source only); None means all. Returns the rows for the kept tables `models` and
    `predictions`; model files are written under `models_dir`.
    """
    if as_of.tzinfo is None:
        raise ValueError("models are refreshed at a moment with a time zone")
    parts = [
        import_module(f"{__name__}.{model_id}").refresh(reader, as_of=as_of, models_dir=models_dir, sources=sources)
        for model_id in model_ids()
    ]
    return Refresh.together(parts)


__all__ = ["Refresh", "model_ids", "refresh"]
