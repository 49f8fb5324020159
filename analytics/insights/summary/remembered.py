"""What is the same in every summary of a day: figures and judgements of days that are over; only a load changes them.

They are remembered beside the version of the data they come from, for one day, whose rows and whose zone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from analytics.semantic import Semantics

_MOST = 4_000
Kept = TypeVar("Kept")


def lasts(semantics: Semantics, kpi: str) -> bool:
    """Whether only a load changes the rows of a KPI; what people and models keep may change at any time."""
    tables = (semantics.model.schema.table(name) for name in semantics.model.tables_of(kpi))
    return all(table is not None and table.schema == "loaded" for table in tables)


def remembered(semantics: Semantics, what: str, asked: Hashable, compute: Callable[[], Kept]) -> Kept:
    """What was computed for the same question of the same day before, else what `compute` gives."""
    known: dict[Hashable, Kept] = semantics.reader.remembered.setdefault(f"summary {what}", {})
    clock = semantics.clock
    place = (asked, semantics.scope, clock.timezone, clock.today)
    if place not in known:
        if len(known) >= _MOST:
            known.clear()
        known[place] = compute()
    return known[place]
