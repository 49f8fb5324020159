"""A KPI's formula as one quotient of sums over its parts: what lets its change be split by members.

A quotient is numerator / denominator, each a sum of parts with constant factors: `1 - moved_on / entered` is
(entered - moved_on) / entered. A mean is its sum over the rows behind it. Without a denominator the KPI is a sum.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.semantic import Model
from analytics.semantic.definition import Kpi, Measure
from analytics.semantic.values import Aggregated

CONSTANT = ""
_ROWS = "#rows"  # after a part's name: the rows behind it instead of its value

Sum = dict[str, float]  # factors by the part's full name; CONSTANT is what is added to all
Cells = Mapping[str, Aggregated]


@dataclass(frozen=True)
class Quotient:
    """`denominator` is None for a sum. `counts`: the denominator counts cases, the numerator those among them that
    count, so that each case is a yes or a no."""

    numerator: Mapping[str, float]
    denominator: Mapping[str, float] | None
    counts: bool = False


def quotient_of(model: Model, kpi: Kpi) -> Quotient | None:
    """The KPI as a quotient; None where its formula is none (a maximum, a product, a constant added to a sum)."""
    found = _read(kpi.formula.tree, model, kpi)
    if found is None:
        return None
    numerator, denominator = found
    if set(denominator) == {CONSTANT}:
        numerator, divided = _scaled(numerator, 1 / denominator[CONSTANT]), None
    else:
        divided = denominator
    if CONSTANT in numerator or (divided is not None and CONSTANT in divided):
        return None
    measures = [part.measure for part in model.parts(kpi.id)]
    return Quotient(numerator, divided, counts=divided is not None and all(map(_counts, measures)))


def amount(form: Mapping[str, float], cells: Cells) -> float:
    """What a sum of parts comes to for one group; a part without rows there adds nothing."""
    total = 0.0
    for name, factor in form.items():
        part, rows, _ = name.partition(_ROWS)
        found = cells.get(part)
        if found is not None and found.rows:
            total += factor * (found.rows if rows else float(found.value or 0))
    return total


def rows_of(form: Mapping[str, float]) -> Mapping[str, float] | None:
    """The rows of a sum of a single part."""
    return {f"{next(iter(form))}{_ROWS}": 1.0} if len(form) == 1 else None


def rows_behind(form: Mapping[str, float], cells: Cells) -> int:
    """The rows of the part of the sum that has most."""
    return max((found.rows for name in form if (found := cells.get(name.partition(_ROWS)[0]))), default=0)


def uneven(form: Mapping[str, float], cells: Cells) -> float | None:
    """How unevenly a sum of a single part lies on its rows: squares over the square of the sum."""
    found = cells.get(f"{next(iter(form))}#uneven") if len(form) == 1 else None
    return None if found is None or not found.rows or found.value is None else float(found.value)


def same_sum(model: Model, one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two sums measure the same, whichever KPI's parts they name."""
    return _measured(model, one) == _measured(model, other)


def _measured(model: Model, form: Mapping[str, float]) -> dict[str, float]:
    measured: dict[str, float] = {}
    for name, factor in form.items():
        part, rows, _ = name.partition(_ROWS)
        kpi, _, measure = part.partition(".")
        measured[f"{model.kpi(kpi).measures[measure]!r}{rows}"] = factor
    return measured


def _counts(measure: Measure) -> bool:
    return measure.count is not None or measure.distinct is not None


# --- reading a formula

Fraction = tuple[Sum, Sum]
_ONE: Sum = {CONSTANT: 1.0}


def _read(node: ast.expr, model: Model, kpi: Kpi) -> Fraction | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return {CONSTANT: float(number)}, _ONE
        case ast.Name(id=name):
            return _named(name, model, kpi)
        case ast.UnaryOp(operand=operand):
            inner = _read(operand, model, kpi)
            return None if inner is None else (_scaled(inner[0], -1), inner[1])
        case ast.BinOp(left=left, op=operation, right=right):
            one, other = _read(left, model, kpi), _read(right, model, kpi)
            return None if one is None or other is None else _combined(operation, one, other)
    return None


def _named(name: str, model: Model, kpi: Kpi) -> Fraction | None:
    if name in kpi.constants:
        return {CONSTANT: kpi.constants[name]}, _ONE
    if name not in kpi.measures:
        other = model.kpi(name)
        return _read(other.formula.tree, model, other)
    full, measure = f"{kpi.id}.{name}", kpi.measures[name]
    if measure.forecast is not None:
        return None
    return ({full: 1.0}, {f"{full}{_ROWS}": 1.0}) if measure.mean is not None else ({full: 1.0}, _ONE)


def _combined(operation: ast.operator, one: Fraction, other: Fraction) -> Fraction | None:
    if isinstance(operation, ast.Div):
        other = (other[1], other[0])
    if isinstance(operation, ast.Mult | ast.Div):
        numerator, denominator = _times(one[0], other[0]), _times(one[1], other[1])
        if numerator is None or denominator is None:
            return None
        return (_ONE, _ONE) if numerator == denominator else (numerator, denominator)
    left, right = _times(one[0], other[1]), _times(other[0], one[1])
    if one[1] == other[1]:
        left, right, denominator = one[0], other[0], one[1]
    else:
        denominator = _times(one[1], other[1])
    if left is None or right is None or denominator is None:
        return None
    sign = -1 if isinstance(operation, ast.Sub) else 1
    return _plus(left, _scaled(right, sign)), denominator


def _scaled(form: Mapping[str, float], factor: float) -> Sum:
    return {name: value * factor for name, value in form.items()}


def _plus(one: Sum, other: Sum) -> Sum:
    total = {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
    return {name: value for name, value in total.items() if value} or {CONSTANT: 0.0}


def _times(one: Sum, other: Sum) -> Sum | None:
    """A product, where one of the two is a constant."""
    if set(one) == {CONSTANT}:
        return _scaled(other, one[CONSTANT])
    if set(other) == {CONSTANT}:
        return _scaled(one, other[CONSTANT])
    return None
