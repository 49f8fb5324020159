"""Which KPIs a summary has, and in which order: a rule, not a list.

Every KPI that may be seen gets two scores, each from 0 to 5: one point for every tenth of its target that it misses,
and one for every robust standard deviation beyond the first that it lies from its usual level. What matters is their
sum, whether the change is good or bad; what is worst is the miss plus a bad deviation, a good one taken off. The ones
that matter most are chosen, a few of each area at least; the worst stands first, and what misses its target stands
before everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analytics.insights.summary.standing import Standing

MOST = 14
"""KPIs of a summary."""
_OF_EACH_AREA = 3
_MOST_POINTS = 5.0
_POINTS_A_TENTH = 10.0
_USUAL = 1.0
Scores = Mapping[str, float]
"""How unusual a value is by KPI: signed robust standard deviations, seasons and holidays taken into account."""


def concern(standing: Standing, scores: Scores | None = None) -> float:
    """How bad a KPI stands: 0 is as usual and on target, below 0 better, at most 10."""
    deviation = _deviation(standing, scores)
    bad = {"up": -deviation, "down": deviation}.get(standing.kpi.good, 0.0)
    points = _unusual_points(deviation)
    return _missed_points(standing) + (points if bad > 0 else -points)


def choose(
    standings: Sequence[Standing], lead: str | None, most: int = MOST, first: str | None = None
) -> tuple[Standing, ...]:
    """The KPIs that matter, at most so many; `lead` is always among them, and those of the area `first` go before."""
    known = [standing for standing in standings if standing.known]
    ranked = sorted(known, key=lambda one: (one.kpi.id != lead, one.kpi.area != first, -_matters(one), one.kpi.id))
    ranked = _without_twins(ranked)
    of_areas: dict[str, list[Standing]] = {}
    for one in ranked:
        of_areas.setdefault(str(one.kpi.area), []).append(one)
    kept = {one.kpi.id for held in of_areas.values() for one in held[:_OF_EACH_AREA]}
    for one in ranked:
        if len(kept) >= most:
            break
        kept.add(one.kpi.id)
    return tuple(one for one in ranked if one.kpi.id in kept)[:most]


def worst_first(standings: Iterable[Standing], scores: Scores | None = None) -> tuple[Standing, ...]:
    """What misses its target before everything else, in each the worst first."""
    return tuple(sorted(standings, key=lambda one: (not one.missed, -concern(one, scores), one.kpi.id)))


def _matters(standing: Standing) -> float:
    return _missed_points(standing) + _unusual_points(_deviation(standing, None))


def _missed_points(standing: Standing) -> float:
    return min(max(standing.gap or 0.0, 0.0) * _POINTS_A_TENTH, _MOST_POINTS)


def _unusual_points(deviation: float) -> float:
    return min(max(abs(deviation) - _USUAL, 0.0), _MOST_POINTS)


def _deviation(standing: Standing, scores: Scores | None) -> float:
    if scores is not None and standing.kpi.id in scores:
        return scores[standing.kpi.id]
    return standing.deviation or 0.0


def _without_twins(ranked: Sequence[Standing]) -> list[Standing]:
    """Of a KPI and the one it is only another way to tell (retention and churn), the first."""
    kept: list[Standing] = []
    told: set[str] = set()
    for one in ranked:
        parts = one.kpi.drivers.parts
        twin = parts[0] if len(parts) == 1 else None
        if twin in told or one.kpi.id in told:
            continue
        kept.append(one)
        told |= {one.kpi.id, *([twin] if twin else [])}
    return kept
