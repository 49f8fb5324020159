"""The target of days that have none of their own: the months' targets, a part of a month by its working days.

Only of KPIs that add up over time. Of somebody who holds several teams it is the sum of theirs. Days off are those of
the company's calendar; without one, weekends.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.organisation import Company, with_teams_below
from analytics.semantic import Filter, SemanticQuery, Semantics
from analytics.semantic.calendar import buckets, unit
from analytics.semantic.holidays import read_calendar
from analytics.semantic.yardsticks import Holder
from analytics.vocabulary import Figure, Grain, Period

_SATURDAY = 5


@dataclass(frozen=True)
class Wanted:
    """A target in the KPI's unit; `prorated` where it is a part of a month's."""

    value: float
    prorated: bool


def target_over(semantics: Semantics, figure: Figure, filters: tuple[Filter, ...] = ()) -> Wanted | None:
    """The target of a figure's period, its own where there is one; None where a month of it has none,
    and where nobody works on these days."""
    if figure.period is None:
        return None
    holders = holders_of(semantics, figure, filters)
    own = semantics.target(figure.name, figure.period, holders[0]) if len(holders) == 1 else None
    if own is not None:
        return Wanted(float(own), prorated=False)
    if not holders or not semantics.model.kpi(figure.name).additive.over_time:
        return None
    total, prorated = 0.0, False
    for part in buckets(figure.period, Grain.MONTH):
        month = unit(part.start, Grain.MONTH)
        targets = [semantics.target(figure.name, month, holder) for holder in holders]
        if None in targets:
            return None
        days, of_days = workdays(semantics.company, part), workdays(semantics.company, month)
        whole = (part.start, part.end) == (month.start, month.end)
        share = 1.0 if whole else days / of_days if of_days else 0.0
        total += share * sum(float(target) for target in targets if target is not None)
        prorated = prorated or not whole
    return Wanted(total, prorated) if total else None


def holders_of(semantics: Semantics, figure: Figure, filters: tuple[Filter, ...] = ()) -> tuple[Holder, ...]:
    """Whose targets a figure is measured against: the one holder's, or those of each team that is held."""
    assert figure.period is not None
    one = semantics.holder(SemanticQuery((figure.name,), figure.period, filters=filters), figure)
    if one is not None:
        return (one,)
    if filters or len(semantics.scope.teams) < 2:
        return ()
    parents = {
        team for team in semantics.scope.teams if with_teams_below(semantics.reader, frozenset({team})) != {team}
    }
    return tuple(Holder("team", team) for team in sorted(semantics.scope.teams - parents))


def workdays(company: Company, period: Period) -> int:
    """Working days of a period by the company's calendar; weekdays where it names none."""
    if company.calendar:
        return read_calendar(company.calendar.lower()).workdays(period)
    return sum(day.start.weekday() < _SATURDAY for day in buckets(period, Grain.DAY))
