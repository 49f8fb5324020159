"""What can be asked of the semantic layer: SemanticQuery and its parts. All frozen, periods resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from analytics.vocabulary import Grain, Period

Value = str | int | float | Decimal | bool | date
Op = Literal[
    "in", "not_in", "between", "at_least", "at_most", "more_than", "less_than", "contains", "known", "unknown", "during"
]
ComparisonKind = Literal["previous", "last_year", "last_year_aligned", "baseline", "target", "custom"]


@dataclass(frozen=True)
class Filter:
    """Only rows whose dimension (or, in a list, column) is so. `between` takes both ends in; `contains` knows no case.

    Values of a labelled dimension are names or ids. `during`, for lists only: from the first of two days up to before
    the second.
    """

    name: str
    op: Op
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """With what figures are compared. `last_year_aligned` counts days from Chinese New Year (or another declared
    festival); `custom` gives the period."""

    kind: ComparisonKind
    period: Period | None = None


@dataclass(frozen=True)
class Order:
    """By a KPI (no data last) or a dimension."""

    by: str
    descending: bool = True


@dataclass(frozen=True)
class SemanticQuery:
    """One or several KPIs over a period, with breakdown, filters, trend (`grain`) and comparison.

    `limit` keeps the first groups in order. `share`: each group's part of the total, for additive KPIs.
    `running`: with a grain, each bucket holds the KPI from the period's start up to the bucket's end.
    """

    kpis: tuple[str, ...]
    period: Period
    dimensions: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    grain: Grain | None = None
    comparison: Comparison | None = None
    order: Order | None = None
    limit: int | None = None
    share: bool = False
    running: bool = False
