"""The registry of model versions, read back: which is used for whose leads, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from analytics.warehouse import Reader
from analytics.warehouse.tables import models


@dataclass(frozen=True)
class ModelVersion:
    """One trained version: `used` where it beat its baseline, `verdict` with the holdout's figures and the reason."""

    model_id: str
    version: str
    source: str
    trained_at: datetime
    used: bool
    verdict: dict[str, Any]


def model_versions(reader: Reader, model_id: str | None = None, until: datetime | None = None) -> list[ModelVersion]:
    """All versions, oldest first; of one model, and trained no later than `until`, where these are given."""
    statement = select(
        models.c.model_id, models.c.version, models.c.source, models.c.trained_at, models.c.used, models.c.verdict
    ).order_by(models.c.trained_at, models.c.source, models.c.model_id)
    if model_id is not None:
        statement = statement.where(models.c.model_id == model_id)
    if until is not None:
        statement = statement.where(models.c.trained_at <= until)
    return [
        ModelVersion(row.model_id, row.version, row.source, row.trained_at, bool(row.used), row.verdict or {})
        for row in reader.rows(statement)
    ]


def newest_versions(versions: list[ModelVersion]) -> tuple[ModelVersion, ...]:
    """Of versions sorted by age, the newest of each model for the leads of each source."""
    return tuple({(version.model_id, version.source): version for version in versions}.values())
