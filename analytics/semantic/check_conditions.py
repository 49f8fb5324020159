"""The conditions of a `where`: columns that exist, compared with what they can be equal to or less than."""

from __future__ import annotations

from analytics.semantic.columns import NUMBERS, TIMES, Columns, comparable
from analytics.semantic.definition import Condition, Where
from analytics.semantic.found import Place
from analytics.semantic.written import Scalar, shown


def check_where(columns: Columns, where: Where, place: Place, *, timeless: str = "") -> None:
    """Notes what is wrong with each condition. `timeless` says why no join with `during` may be passed here."""
    for path, condition in where.items():
        here = (*place, path)
        kind = columns.kind(path, here, timeless=timeless)
        others = {other: columns.kind(other, here, timeless=timeless) for other in condition.paths}
        if kind is None or None in others.values():
            continue
        _check_values(columns, path, kind, condition, here)
        _check_bounds(columns, path, kind, condition, here)
        _check_days(columns, path, kind, condition, here)


def _check_values(columns: Columns, path: str, kind: str, condition: Condition, place: Place) -> None:
    for value in (*(condition.one_of or ()), *(condition.excludes or ())):
        if not _fits(kind, value):
            columns.note(place, f"{columns.called(path, kind)}; {_way_out(kind, value)}")


def _fits(kind: str, value: Scalar) -> bool:
    if kind in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool) if kind == "flag" else isinstance(value, str) and kind == "text"


def _way_out(kind: str, value: Scalar) -> str:
    if kind == "text":
        return f'put {shown(value)} in quotes: "{shown(value)}"'
    if kind in NUMBERS:
        return f"compare it with a number, not with {shown(value)}"
    if kind == "flag":
        return f"write true or false, not {shown(value)}"
    if kind in TIMES:
        return f"a KPI holds in every period, so it is not compared with {shown(value)}, only with other columns"
    return "all that can be asked of it is {known: true}"


def _check_bounds(columns: Columns, path: str, kind: str, condition: Condition, place: Place) -> None:
    for name, bound in condition.bounds.items():
        if kind not in (*NUMBERS, *TIMES):
            columns.note(place, f"{columns.called(path, kind)}; {name} compares numbers, dates and moments")
        elif not isinstance(bound, str):
            if kind in TIMES:
                columns.note(place, f"{columns.called(path, kind)}; {_way_out(kind, bound)}")
        elif not comparable(kind, other := columns.kind(bound, place) or kind):
            columns.note(place, f"{columns.called(path, kind)}, {columns.called(bound, other)}; compare like with like")


def _check_days(columns: Columns, path: str, kind: str, condition: Condition, place: Place) -> None:
    if condition.of is None:
        return
    other = columns.kind(condition.of, place)
    for one, its_kind in ((path, kind), (condition.of, other or kind)):
        if its_kind not in TIMES:
            columns.note(place, f"{columns.called(one, its_kind)}; within_days lies between two moments or two dates")
            return
    if other != kind:
        columns.note(place, f"{path} and {condition.of} are a moment and a date; within_days needs two of a kind")
