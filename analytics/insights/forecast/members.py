"""Where the groups of a KPI are heading: each by its own months, drawn to the total where groups add up to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.insights.forecast.expected import CannotForecast, Expected, Outlook
from analytics.insights.forecast.history import known_until
from analytics.insights.forecast.outlook import held_calendar, outlook
from analytics.insights.forecast.pace import workdays
from analytics.insights.forecast.rivals import Series
from analytics.semantic import Filter, Order, SemanticQuery, Semantics
from analytics.semantic.calendar import next_start, start_of, units
from analytics.semantic.holidays import HolidayCalendar
from analytics.vocabulary import Figure, Grain, Period

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_MEMBERS = 12
_MOST_LEVELS = 8  # groups whose level is forecast on its own
_RECENT = timedelta(days=365)
_MONTHS, _YEAR = 36, 12


@dataclass(frozen=True)
class Member:
    """A group, named as figures name theirs; `where` empty: all other groups together."""

    where: dict[str, str | None]
    keys: dict[str, str | None]
    so_far: Figure | None
    total: Expected
    target: float | None = None


@dataclass(frozen=True)
class Members:
    """The groups, largest first. `add_up`: together they are the total; `unknown` groups have too short a history."""

    members: tuple[Member, ...]
    add_up: bool
    unknown: int = 0


def members_of(
    semantics: Semantics, whole: Outlook, dimensions: tuple[str, ...], filters: tuple[Filter, ...] = ()
) -> Members:
    """The largest groups of the last year over the outlook's period. QueryError where the KPI has no such groups."""
    kpi = semantics.model.kpi(whole.kpi)
    known = known_until(semantics)
    recent = Period(known - _RECENT, known)
    adds_up = kpi.additive.over_time and (kpi.additive.over == "all" or set(dimensions) <= set(kpi.additive.over))
    most = MOST_MEMBERS if adds_up else _MOST_LEVELS
    query = SemanticQuery((kpi.id,), recent, dimensions, filters, order=Order(kpi.id), limit=most)
    groups = [figure for figure in semantics.run(query).figures if None not in figure.keys.values()]
    if not adds_up:
        return _levels(semantics, whole, groups, filters)
    return Members(_parts(semantics, whole, groups, dimensions, filters, known), add_up=True)


def _levels(semantics: Semantics, whole: Outlook, groups: Sequence[Figure], filters: tuple[Filter, ...]) -> Members:
    found, unknown = [], 0
    for group in groups:
        try:
            own = outlook(semantics, whole.kpi, whole.period, filters=(*filters, *_only(group)))
        except CannotForecast:
            unknown += 1
            continue
        target = own.pace.target if own.pace else None
        found.append(Member(group.where, group.keys, own.so_far, own.total, target))
    return Members(tuple(sorted(found, key=lambda one: -one.total.value)), add_up=False, unknown=unknown)


def _only(group: Figure) -> tuple[Filter, ...]:
    return tuple(Filter(name, "in", (key,)) for name, key in group.keys.items() if key is not None)


# --- parts of what adds up


@dataclass(frozen=True)
class _Months:
    """The months to come up to the period's end, how much of each lies ahead of now and inside the period (0-1)."""

    shares: tuple[float, ...]


def _parts(
    semantics: Semantics,
    whole: Outlook,
    groups: Sequence[Figure],
    dimensions: tuple[str, ...],
    filters: tuple[Filter, ...],
    known: date,
) -> tuple[Member, ...]:
    """Each group's months go on in the plain way that did best on them; all are scaled to the total to come."""
    this_month = start_of(known, Grain.MONTH)
    past = Period(next_start(this_month, Grain.MONTH, -_MONTHS), this_month)
    by_month = semantics.run(SemanticQuery((whole.kpi,), past, dimensions, filters, grain=Grain.MONTH)).figures
    so_far = semantics.run(SemanticQuery((whole.kpi,), whole.period, dimensions, filters)).figures
    months = _months(whole.period, known, held_calendar(semantics))
    now = {_key(figure): figure for figure in so_far}
    series = _by_group(by_month, groups)
    told = {key: _to_come(values, months) for key, values in series.items()}
    come = float(whole.so_far.value) if whole.so_far is not None and whole.so_far.value is not None else 0.0
    raw, rest = sum(value for value, _ in told.values()), max(0.0, whole.total.value - come)
    scale = rest / raw if raw > 0 else 0.0
    known_groups = {_key(group): group for group in groups}
    others_so_far = come - sum(_value(now.get(key)) for key in known_groups)
    found = []
    for key, (value, reach) in told.items():
        group, figure = known_groups.get(key), now.get(key)
        has = _value(figure) if group else max(0.0, others_so_far)
        expected = Expected(
            whole.period, has + scale * value, max(has, has + scale * (value - reach)), has + scale * (value + reach)
        )
        target = float(figure.target) if group and figure is not None and figure.target is not None else None
        where, keys = (group.where, group.keys) if group else ({}, {})
        found.append(Member(where, keys, figure if group else None, expected, target))
    return tuple(sorted(found, key=lambda one: (not one.where, -one.total.value)))


def _months(period: Period, known: date, held: HolidayCalendar | None) -> _Months:
    shares, start = [], start_of(known, Grain.MONTH)
    while start < period.end:
        month = units(start, Grain.MONTH)
        first, last = max(known, period.start, month.start), min(period.end, month.end)
        inside = workdays(Period(first, last), held) if first < last else 0
        shares.append(inside / max(1, workdays(month, held)))
        start = month.end
    return _Months(tuple(shares))


def _by_group(by_month: Sequence[Figure], groups: Sequence[Figure]) -> dict[tuple[str | None, ...], list[float]]:
    """The months of each group, and under the empty key those of all others; from the first month with anything on."""
    wanted = [_key(group) for group in groups]
    found: dict[tuple[str | None, ...], dict[date, float]] = {key: {} for key in (*wanted, ())}
    for figure in by_month:
        key = _key(figure) if _key(figure) in found else ()
        if figure.period is not None:
            month = found[key]
            month[figure.period.start] = month.get(figure.period.start, 0.0) + _value(figure)
    series = {key: [value for _, value in sorted(months.items())] for key, months in found.items()}
    return {key: values for key, values in series.items() if key or any(values[-_YEAR:])}


def _to_come(values: list[float], months: _Months) -> tuple[float, float]:
    """What is to come and how far it may be off, before scaling; by the last year's mean where history is short."""
    import numpy as np

    from analytics.insights.forecast.project import project

    first = next((place for place, value in enumerate(values) if value), len(values))
    ahead = len(months.shares)
    shares = np.array(months.shares)
    try:
        projection = project(Series(np.array(values[first:]), Grain.MONTH, ahead, flow=True, told_in=ahead))
    except CannotForecast:
        mean = float(np.mean(values[-_YEAR:])) if values else 0.0
        return mean * float(shares.sum()), mean * float(shares.sum())
    full, _, high = projection.stretch(0, ahead)
    rest = float(projection.path @ shares)
    return rest, (high - full) * math.sqrt(rest / full) if full > 0 else 0.0


def _key(figure: Figure) -> tuple[str | None, ...]:
    return tuple(figure.keys.values())


def _value(figure: Figure | None) -> float:
    return 0.0 if figure is None or figure.value is None else float(figure.value)
