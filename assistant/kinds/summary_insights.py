"""What a summary says beside its KPIs: drivers of the main change, the pace, what was agreed, what was restated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analytics.insights.books import AgreedTask, Benchmark, Holder, Restatement
from analytics.insights.summary import Standing, surprising_members, why
from analytics.semantic import QueryError
from analytics.semantic.calendar import shape, unit
from analytics.vocabulary import Grain, Period
from assistant.kinds.summary_told import Told
from assistant.question import Role

if TYPE_CHECKING:
    from analytics.insights.drivers import Explained
    from analytics.insights.forecast import Outlook
    from analytics.insights.unusual import Unusual

_HEADS_FOR = {"day": Grain.MONTH, "week": Grain.MONTH, "month": Grain.MONTH, "quarter": Grain.QUARTER}
_RECENT = {"day": 7, "week": 14, "month": 62, "quarter": 184, "year": 366}
"""Days after its end within which a summary still tells where things are heading."""


def explained(told: Told, standing: Standing) -> Explained | None:
    """Why a KPI changed from the period before; None where there is no change, or nothing it could be split by.

    Nobody's own rows tell it in a bulletin, nor where only a total may be seen.
    """
    from analytics.insights.drivers import CannotExplain

    if standing.figure.period is None or not standing.kpi.drivers.dimensions:
        return None
    allowed = _allowed(told, standing)
    try:
        return why(told.semantics(standing.kpi.id), standing, told.filters_of(standing.kpi.id), allowed)
    except (CannotExplain, QueryError):
        return None


def _allowed(told: Told, standing: Standing) -> tuple[str, ...]:
    """The dimensions that may tell it: none by person or team in a bulletin, of a company total, of one's own rows."""
    kpi, dimensions = standing.kpi, told.room.model.dimensions
    sight = told.room.permitted.sights[kpi.id]
    hidden = sight.total_only or told.plan.form == "bulletin" or kpi.id in told.of_company
    own = ("rep", "team") if sight.whose == "me" else ()
    return tuple(
        name for name in kpi.drivers.dimensions if not (hidden and dimensions[name].rep_level) and name not in own
    )


def members_of(told: Told) -> tuple[Unusual, ...]:
    """Whose main figure is unusual: of several teams which, of one team whose; nothing beyond one's own rows."""
    lead = told.lead
    if lead is None or lead.own or told.plan.form not in ("summary", "review"):
        return ()
    sight = told.room.permitted.sights[lead.kpi.id]
    by = "rep" if len(sight.scope.teams) == 1 else "team"
    if sight.total_only or sight.whose == "me" or sight.whose.startswith("rep:") or by not in lead.kpi.dimensions:
        return ()
    try:
        return surprising_members(
            told.semantics(lead.kpi.id), lead.kpi.id, told.period, by, told.filters_of(lead.kpi.id)
        )
    except QueryError:
        return ()


def outlook_of(told: Told) -> Outlook | None:
    """Where the main KPI heads by the end of the period under way; None for days long past, or without a forecast."""
    from analytics.insights.forecast import CannotForecast, outlook

    today = told.room.clock.today
    grain = _HEADS_FOR.get(told.plan.rhythm, Grain.YEAR)
    recent = told.period.end + timedelta(days=_RECENT[told.plan.rhythm]) > today
    if told.lead is None or not recent or not told.lead.kpi.additive.over_time:
        return None
    lead = told.lead.kpi.id
    under_way = unit(today, grain, told.room.company.fiscal_year_start)
    try:
        return outlook(told.semantics(lead), lead, under_way, grain=Grain.WEEK, filters=told.filters_of(lead))
    except (CannotForecast, QueryError):
        return None


def holders_of(told: Told) -> tuple[Holder, ...]:
    """Whose summary it is, as tasks and closed months have it."""
    regions = [given for given in told.plan.filters if given.name == "region" and given.op == "in"]
    if regions:
        return tuple(Holder("region", str(value)) for value in regions[0].values)
    if told.plan.filters or told.lead is None:
        return ()
    sight = told.room.permitted.sights[told.lead.kpi.id]
    kind, _, identity = sight.whose.partition(":")
    if kind == "company":
        return (Holder("company"),)
    if kind in ("team", "rep"):
        return (Holder(kind, identity),)
    if kind == "me" and told.room.asker and told.room.asker.rep_id:
        return (Holder("rep", told.room.asker.rep_id),)
    return tuple(Holder("team", team) for team in sorted(sight.scope.teams))


def tasks_of(told: Told) -> tuple[AgreedTask, ...]:
    """What was agreed and is open, overdue or lately done; none in a bulletin, for a rep only the own ones."""
    from analytics.insights.books import agreed_tasks
    from analytics.insights.books.tasks import in_order

    asker, today = told.room.asker, told.room.clock.today
    if told.plan.form == "bulletin" or asker is None:
        return ()
    holders = holders_of(told)
    if asker.role is Role.REP:
        holders = tuple(holder for holder in holders if holder.kind == "rep")
    found = {
        task.task_id: task
        for holder in holders
        for task in agreed_tasks(told.room.data, holder.kind, holder.key, today)
    }
    return in_order(found.values(), today)


def restated_in(told: Told) -> tuple[Restatement, ...]:
    """The figures shown, of months closed before, that are not what they were at the closing."""
    from analytics.insights.books import restatements

    holders = holders_of(told)
    of_months: dict[tuple[Period, Holder], list[Standing]] = {}
    for one in told.shown:
        period = one.figure.period
        holder = Holder("company") if one.kpi.id in told.of_company else holders[0] if len(holders) == 1 else None
        if period is not None and holder is not None and period.grain is Grain.MONTH:
            of_months.setdefault((period, holder), []).append(one)
    found: list[Restatement] = []
    for (month, holder), ones in of_months.items():
        ids = [one.kpi.id for one in ones]
        figures = [one.figure for one in ones]
        found += restatements(told.semantics(ids[0]), ids, month, holder=holder, figures=figures)
    return tuple(found)


def benchmarks_for(told: Told) -> dict[str, Benchmark]:
    """What the industry reaches, of the KPIs shown; that of the one industry a summary is narrowed to.

    A benchmark is of the KPI's own rhythm: where a longer period alone gives another level, others have none.
    """
    from analytics.insights.books import benchmarks_of

    named = [given.values[0] for given in told.plan.filters if given.name == "industry" and len(given.values) == 1]
    kpis = tuple(one.kpi.id for one in told.shown if _has_the_level_of_its_rhythm(one))
    return benchmarks_of(told.room.data, kpis, str(named[0]) if named else None, told.room.clock.today)


def _has_the_level_of_its_rhythm(standing: Standing) -> bool:
    kpi, period = standing.kpi, standing.figure.period
    return not (kpi.additive.over_time or kpi.depends_on_length) or (
        period is not None and shape(period).grain == kpi.rhythm and shape(period).count == 1
    )
