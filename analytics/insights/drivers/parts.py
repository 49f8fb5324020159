"""A KPI's change split into the KPIs it is made of: revenue into orders and average order value.

Each part's share is its mean effect over all orders in which the parts can change from what they were to what they
are: the Shapley value (Shorrocks 2013, "Decomposition procedures for distributional analysis", J. Econ. Inequality
11; for products that of Das Gupta 1993). The shares add up exactly, and zero or negative parts do no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from math import factorial, isclose

from analytics.semantic import Model
from analytics.semantic.definition import Kpi
from analytics.semantic.values import Aggregated, value_of

Cells = Mapping[str, Aggregated]
Values = Mapping[str, float]
_MOST_PARTS = 5


def parts_worth_telling(model: Model, kpi: Kpi) -> tuple[str, ...]:
    """The KPIs a change of this one is split into: two to five, those of its file."""
    parts = kpi.drivers.parts
    return parts if 2 <= len(parts) <= _MOST_PARTS and all(part in model.kpis for part in parts) else ()


def values_of(model: Model, parts: tuple[str, ...], cells: Cells) -> Values | None:
    """Each part's value; None where one has none."""
    found = {part: value_of(model, model.kpi(part), cells, lambda _: True)[0] for part in parts}
    return None if any(value is None for value in found.values()) else {n: float(v or 0) for n, v in found.items()}


def made_of(kpi: Kpi, parts: tuple[str, ...]) -> Callable[[Values], float | None]:
    """How the parts make the KPI: by its own formula where that names them, else by their product."""
    if set(parts) == set(kpi.formula.names) - kpi.constants.keys():

        def by_formula(values: Values) -> float | None:
            found = kpi.formula.value({**kpi.constants, **values})
            return None if found is None else float(found)

        return by_formula
    return _product


def _product(values: Values) -> float:
    product = 1.0
    for value in values.values():
        product *= value
    return product


def shares_of(
    made: Callable[[Values], float | None], before: Values, after: Values, change: float
) -> dict[str, float] | None:
    """What each part adds to the change; None where the parts do not make the KPI, or a mixture has no value."""
    shares = dict.fromkeys(before, 0.0)
    for order in permutations(before):
        values = dict(before)
        last = made(values)
        for part in order:
            values[part] = after[part]
            now = made(values)
            if now is None or last is None:
                return None
            shares[part] += (now - last) / factorial(len(order))
            last = now
    exact = isclose(sum(shares.values()), change, rel_tol=1e-9, abs_tol=1e-12)
    return shares if exact else None
