"""Aggregated parts -> the value of a KPI: formulas over sums, no data told apart from zero, units kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from analytics.semantic.definition import Kpi
from analytics.semantic.formula import Number
from analytics.semantic.model import Model
from analytics.vocabulary import Unit


@dataclass(frozen=True)
class Aggregated:
    """What a statement gave for one part: a sum or a count, and the rows behind it (0 where none came back)."""

    value: Number | None = None
    rows: int = 0


Parts = Mapping[str, Aggregated]
Covered = Callable[[str], bool]


def value_of(model: Model, kpi: Kpi, parts: Parts, covered: Covered) -> tuple[Number | None, int]:
    """The KPI's value from its parts, and the rows it rests on.

    Computed from no row at all it is no data, or zero for a KPI whose file says so, as long as the data cover the
    period; a part without rows beside parts that have some is zero. `covered` tells by a part's full name whether
    its table covers the period.
    """
    rows = _rows(model, kpi, parts)
    if rows == 0:
        everywhere = all(covered(part.name) for part in model.parts(kpi.id))
        return (_typed(0, kpi.unit) if kpi.missing == "zero" and everywhere else None), 0
    return _typed(_value(model, kpi, parts, covered), kpi.unit), rows


def _rows(model: Model, kpi: Kpi, parts: Parts) -> int:
    """Rows behind the figure; measures over the same rows count them once."""
    counted: dict[tuple[str, ...], int] = {}
    for name, same in model.rows_told_apart(kpi.id):
        found = parts.get(name)
        counted[same] = max(counted.get(same, 0), found.rows if found else 0)
    return sum(counted.values())


def _value(model: Model, kpi: Kpi, parts: Parts, covered: Covered) -> Number | None:
    values: dict[str, Number | None] = {name: Decimal(str(value)) for name, value in kpi.constants.items()}
    for name in kpi.formula.names:
        if name in kpi.measures:
            values[name] = _part(f"{kpi.id}.{name}", kpi, name, parts, covered)
        elif name not in kpi.constants:
            values[name] = _value(model, model.kpi(name), parts, covered)
    return kpi.formula.value(values)


def _part(full: str, kpi: Kpi, name: str, parts: Parts, covered: Covered) -> Number | None:
    found = parts.get(full, Aggregated())
    if kpi.measures[name].mean is not None:
        return None if not found.rows or found.value is None else _divided(found.value, found.rows)
    if found.rows == 0:
        return 0 if covered(full) else None
    return found.value


def _divided(total: Number, count: int) -> Number:
    return total / count if isinstance(total, float) else Decimal(total) / count


def _typed(value: Number | None, unit: Unit) -> Number | None:
    if value is None:
        return None
    if unit is Unit.MONEY:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    if unit is Unit.COUNT:
        return int(value) if value == int(value) else float(value)
    return float(value)
