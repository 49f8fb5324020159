"""Where a KPI is heading: its expected total with an interval, the pace to its target, and what if deals are won."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analytics.semantic import Filter, QueryError, Semantics
from analytics.vocabulary import Figure, Scope
from assistant.kinds import refuse
from assistant.kinds.forecast_deals import Supposed, suppose
from assistant.kinds.forecast_refused import refused
from assistant.kinds.forecast_shown import Shown, charts_of, facts_of, items_of, tables_of
from assistant.plans import Forecast, Refuse
from assistant.question import Role
from assistant.result import Result, Room
from assistant.sight import Sight

if TYPE_CHECKING:
    from analytics.insights.forecast import Members, Outlook


def run(plan: Forecast, room: Room) -> Result:
    """Forecast and show; what cannot be told honestly is a refusal that says what it would take."""
    from analytics.insights.forecast import CannotForecast

    try:
        return _forecast(plan, room)
    except CannotForecast as error:
        team = _of_team(plan, room) if error.reason in ("no_data", "no_deals") else None
        return run(*team) if team else refused(plan, room, error)
    except QueryError as error:
        return refuse.run(Refuse(reason=error.code, kpis=(plan.kpi,), offers=error.offers), room, plan)


def _of_team(plan: Forecast, room: Room) -> tuple[Forecast, Room] | None:
    """A manager who sells nothing means the team by "my deals"."""
    leads = room.asker is not None and room.asker.role is Role.MANAGER
    if not leads or room.permitted.sights[plan.kpi].whose != "me":
        return None
    own = room.permitted.scope
    sight = Sight("my_team", Scope(own.reps, own.teams, by_team=True))
    meant = plan.model_copy(update={"whose": "my_team"})
    return meant, replace(room, permitted=replace(room.permitted, plan=meant, sights={plan.kpi: sight}))


def _forecast(plan: Forecast, room: Room) -> Result:
    from analytics.insights.forecast import members_of, outlook

    sight = room.permitted.sights[plan.kpi]
    semantics = Semantics(room.model, room.data, room.clock, sight.scope, room.company)
    filters = tuple(Filter(given.name, given.op, given.values) for given in plan.filters)
    whole = outlook(semantics, plan.kpi, plan.period.period, grain=plan.grain, filters=filters, goal=plan.goal)
    members = members_of(semantics, whole, plan.dimensions, filters) if plan.dimensions else None
    supposed = suppose(plan, room, sight.scope, semantics, whole) if plan.suppose_won else None
    return _shown(plan, room, semantics, whole, members, supposed)


def _shown(
    plan: Forecast,
    room: Room,
    semantics: Semantics,
    whole: Outlook,
    members: Members | None,
    supposed: Supposed | None,
) -> Result:
    shown = Shown(plan, room, whole, members, supposed)
    return Result(
        route="forecast",
        facts=facts_of(shown),
        figures=_figures(shown),
        items=items_of(shown),
        tables=tables_of(shown),
        charts=charts_of(shown),
        evidence=_evidence(plan, room, semantics, whole),
        private=_private(plan, room),
        plan=plan,
        off=None if whole.pace is None else whole.pace.state in ("at_risk", "off_track"),
    )


def _figures(shown: Shown) -> tuple[Figure, ...]:
    """What is expected in all, its interval, and what has come so far."""
    total = shown.whole.total
    told = [("", total.value), ("_low", total.low), ("_high", total.high)]
    expected = [shown.of(value, name=f"expected_{shown.plan.kpi}{what}") for what, value in told]
    return (*expected, *([shown.whole.so_far] if shown.whole.so_far else []))


def _private(plan: Forecast, room: Room) -> bool:
    """Only a company total of a KPI open to all may be read by everybody in a channel, and no person's deals."""
    named = (*plan.dimensions, *(given.name for given in plan.filters))
    of_people = any(room.model.dimensions[name].rep_level for name in named)
    everybody = room.permitted.sights[plan.kpi].whose == "company" and room.model.kpis[plan.kpi].access.open
    return of_people or not everybody or plan.suppose_won is not None


def _evidence(plan: Forecast, room: Room, semantics: Semantics, whole: Outlook) -> dict[str, Any]:
    until, tested = room.data.as_of, whole.backtest
    return {
        "sql": list(semantics.readable_statements()) if not room.in_slack else [],
        "as_of": until.isoformat().replace("+00:00", "Z") if until else None,
        "kpis": {plan.kpi: {"version": room.model.kpis[plan.kpi].version, "whose": _whose(plan, room)}},
        "warehouse_version": room.data.version,
        "method": whole.method,
        "backtest": {
            "wape": tested.wape, "naive_wape": tested.naive_wape, "naive": tested.naive, "coverage": tested.coverage,
            "nominal": tested.nominal, "origins": tested.origins, "horizon": tested.horizon, "grain": str(tested.grain),
        } if tested else None,
        "rows": sum(figure.rows or 0 for figure in whole.history),
    }  # fmt: skip


def _whose(plan: Forecast, room: Room) -> str:
    return room.permitted.sights[plan.kpi].whose
