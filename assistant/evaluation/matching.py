"""Whether what was expected stands in what came out, and where it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isclose
from typing import Any

_UNORDERED = frozenset({"in", "not_in", "contains"})  # filters by several values: any order


@dataclass(frozen=True)
class Difference:
    """A field of which something else was expected; None where there is none."""

    field: str
    expected: Any
    got: Any


def differences(expected: Any, got: Any, field: str = "") -> list[Difference]:
    """Where `got` does not hold `expected`; nothing when it does.

    Of objects only the expected keys are compared, of periods only start and end. Lists have the same length and
    order, except lists of named objects (filters), whose order says nothing.
    """
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        keys = ("start", "end") if _is_period(expected) else tuple(expected)
        values_in_order = expected.get("op", "in") not in _UNORDERED or "name" not in expected
        return [
            found
            for key in keys
            for found in _field_differences(expected[key], got, key, field, in_order=key != "values" or values_in_order)
        ]
    if isinstance(expected, Sequence) and isinstance(got, Sequence) and not isinstance(expected, str):
        return _list_differences(expected, got, field)
    return [] if equal(expected, got) else [Difference(field, expected, got)]


def equal(expected: Any, got: Any) -> bool:
    """Equal values; a number and a truth value never are."""
    if _is_number(expected) and _is_number(got):
        return isclose(float(expected), float(got), rel_tol=1e-9)
    return type(expected) is type(got) and bool(expected == got)


def figure_found(expected: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> bool:
    """Whether one of the figures is the expected one, its numbers equal as far as the expectation is written out."""
    return any(_holds(expected, figure) for figure in figures)


def _field_differences(
    expected: Any, got: Mapping[str, Any], key: str, field: str, *, in_order: bool
) -> list[Difference]:
    place, found = f"{field}.{key}" if field else key, got.get(key)
    if not in_order and isinstance(expected, list) and isinstance(found, list):
        same = sorted(map(str, expected)) == sorted(map(str, found))
        return [] if same else [Difference(place, expected, found)]
    if expected in ([], None) and found in ([], None):
        return []
    return differences(expected, found, place)


def _list_differences(expected: Sequence[Any], got: Sequence[Any], field: str) -> list[Difference]:
    if len(expected) != len(got):
        return [Difference(field, expected, got)]
    if expected and all(isinstance(part, Mapping) and "name" in part for part in expected):
        return [] if _paired(expected, list(got)) else [Difference(field, expected, got)]
    return [
        found
        for number, (one, other) in enumerate(zip(expected, got, strict=True), start=1)
        for found in differences(one, other, f"{field}[{number}]")
    ]


def _paired(expected: Sequence[Any], got: list[Any]) -> bool:
    """Whether each expected object finds a partner of its own."""
    if not expected:
        return True
    return any(
        not differences(expected[0], one) and _paired(expected[1:], got[:place] + got[place + 1 :])
        for place, one in enumerate(got)
    )


def _is_period(part: Mapping[str, Any]) -> bool:
    return "start" in part and "end" in part


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _holds(expected: Any, got: Any) -> bool:
    if isinstance(expected, Mapping):
        keys = ("start", "end") if _is_period(expected) else tuple(expected)
        return isinstance(got, Mapping) and all(_holds(expected[key], got.get(key)) for key in keys)
    if _is_number(expected) and _is_number(got):
        return abs(float(expected) - float(got)) <= _half_unit(expected) + 1e-9 * abs(float(expected))
    return equal(expected, got)


def _half_unit(written: Any) -> float:
    """Half of the last digit that is written: 0.005 for 0.31, 0.5 for 412."""
    exponent = Decimal(str(written)).as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0
