"""Whether what one person is told may stand in front of several: the members of a channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.access import scope_of
from assistant.figures_access import FigurePlan, sights_for
from assistant.plans import Plan, Summary
from assistant.question import Asker, Role
from assistant.sight import Sight, sight_of

if TYPE_CHECKING:
    from analytics.semantic import Model


def may_all_see(
    plan: Plan, shown: Collection[str], asker: Asker, others: Sequence[Asker], reader: Reader, model: Model
) -> bool:
    """Whether each of `others` might see what `plan` tells the asker; `shown` are the KPIs it told figures of.

    Rows of lists are their owner's; a trainee sees no live figures. A total of the company or of one's team may be seen
    by who may see no part of it, as long as nothing is broken down.
    """
    if not isinstance(plan, FigurePlan):
        return False
    sights = sights_for(plan, asker, scope_of(asker, reader), reader, model)
    if isinstance(sights, tuple):
        return False
    told = {kpi_id: sight for kpi_id, sight in sights.items() if not shown or kpi_id in shown}
    whole = not _broken_down(plan, model)
    return bool(told) and all(_may_see(told, other, whole, reader, model) for other in others)


def _broken_down(plan: FigurePlan, model: Model) -> bool:
    """Whether parts of the organisation may show; a bulletin is made to show none."""
    if isinstance(plan, Summary):
        return plan.form != "bulletin"
    named = (*getattr(plan, "dimensions", ()), *(given.name for given in plan.filters))
    return any(model.dimensions[name].rep_level for name in named)


def _may_see(told: dict[str, Sight], other: Asker, whole: bool, reader: Reader, model: Model) -> bool:
    if other.role is Role.TRAINEE:
        return False
    own = scope_of(other, reader)
    for kpi_id, sight in told.items():
        access = model.kpis[kpi_id].access
        theirs = [sight_of(whose, access, other, own, reader) for whose in (None, "my_team", "company")]
        if not any(isinstance(seen, Sight) and _covers(seen, sight, whole) for seen in theirs):
            return False
    return True


def _covers(theirs: Sight, told: Sight, whole: bool) -> bool:
    """Whether somebody might ask for these rows: for the very total where a total is all they get, else for as many."""
    if theirs.total_only:
        return whole and (theirs.scope == told.scope or _teams_of(theirs.scope) == _teams_of(told.scope) != frozenset())
    if theirs.scope.reps is None or told.scope.reps is None:
        return theirs.scope.reps is None
    if whole and frozenset() != _teams_of(told.scope) <= _teams_of(theirs.scope):
        return True
    return told.scope.reps <= theirs.scope.reps and told.scope.teams <= theirs.scope.teams


def _teams_of(scope: Scope) -> frozenset[str]:
    """The teams whose rows these are; none of a scope that goes by reps."""
    return scope.teams if scope.by_team else frozenset()
