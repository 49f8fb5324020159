"""What the last run of every quality check found, as one share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from analytics.warehouse import Reader
from analytics.warehouse.tables import quality_results

LEAST_ACCURACY = 0.95
"""The plan's floor for data accuracy (§6.1); below it every figure carries a warning."""


@dataclass(frozen=True)
class Quality:
    """The share of rows that passed, 0 to 1, over the last run of each check; `ran_at` is the latest of these runs."""

    share: float
    ran_at: datetime

    @property
    def too_low(self) -> bool:
        """Whether figures from these data need a warning."""
        return self.share < LEAST_ACCURACY


def latest_quality(reader: Reader, now: datetime) -> Quality | None:
    """The quality of the data as it was known `now`; None where no check has looked at any row."""
    runs = quality_results.c
    last = (
        select(runs.check_id, runs.table_name, func.max(runs.ran_at).label("ran_at"))
        .where(runs.ran_at <= now)
        .group_by(runs.check_id, runs.table_name)
        .subquery()
    )
    same = and_(runs.check_id == last.c.check_id, runs.table_name == last.c.table_name, runs.ran_at == last.c.ran_at)
    row = reader.rows(
        select(
            func.sum(runs.rows_checked).label("checked"),
            func.sum(runs.rows_failed).label("failed"),
            func.max(runs.ran_at).label("ran_at"),
        ).select_from(quality_results.join(last, same))
    )[0]
    if not row.checked:
        return None
    return Quality(1 - float(row.failed or 0) / float(row.checked), row.ran_at)
