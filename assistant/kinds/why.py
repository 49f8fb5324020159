"""Why a KPI changed: the change split into drivers that add up to it, and what of it is not explained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analytics.semantic import Comparison, Filter, QueryError, Semantics
from analytics.vocabulary import Figure, Unit
from assistant.kinds import refuse
from assistant.kinds.described_parts import whose_words
from assistant.kinds.kpi_shown import named, view
from assistant.kinds.why_shown import chart_of, items_of, table_of
from assistant.kinds.why_words import label_of, own, signed
from assistant.kinds.wording import titled
from assistant.plans import Refuse, Why
from assistant.result import Result, Room, Worded, quoted

if TYPE_CHECKING:
    from analytics.insights.drivers import CannotExplain, Driver, Explained

_TOLD = 3
"""Members told in words beside the leading one."""
_NOTHING_TOLD: dict[str, Any] = {
    "change": None, "leader": None, "others": [], "more": None, "rest": None, "also": [], "parts": [], "method": "",
    "product": False, "dimension": None, "named": False, "searched": [],
}  # fmt: skip


def run(plan: Why, room: Room) -> Result:
    """Split and show; a change there is not, or that cannot be split, is said as such."""
    from analytics.insights.drivers import CannotExplain, explain_change

    sight = room.permitted.sights[plan.kpi]
    semantics = Semantics(room.model, room.data, room.clock, sight.scope, room.company)
    try:
        explained = explain_change(
            semantics,
            plan.kpi,
            plan.period.period,
            _comparison(plan),
            filters=tuple(Filter(given.name, given.op, given.values) for given in plan.filters),
            dimensions=plan.dimensions,
            allowed=_allowed(plan, room),
        )
    except QueryError as error:
        return _refused(plan, room, error.code, error.offers)
    except CannotExplain as cannot:
        return _not_explained(plan, room, cannot)
    return _shown(plan, room, _read_to_its_decimals(explained, room))


def _comparison(plan: Why) -> Comparison:
    """A target or a baseline is one number, which nothing can be split against: then the period before."""
    asked = plan.comparison
    if asked.kind in ("target", "baseline"):
        return Comparison("previous")
    return Comparison(asked.kind, asked.period.period if asked.period else None)


def _allowed(plan: Why, room: Room) -> tuple[str, ...]:
    """What may be searched: nothing that shows parts of the organisation where only its total may be seen."""
    dimensions, total_only = room.model.dimensions, room.permitted.sights[plan.kpi].total_only
    wanted = room.model.kpis[plan.kpi].drivers.dimensions
    return tuple(name for name in wanted if not (total_only and dimensions[name].rep_level))


def _read_to_its_decimals(explained: Explained, room: Room) -> Explained:
    figure = explained.figure
    return replace(explained, figure=replace(figure, decimals=room.model.kpis[figure.name].decimals_read))


# --- what cannot be explained


def _refused(plan: Why, room: Room, reason: str, offers: tuple[str, ...]) -> Result:
    return refuse.run(Refuse(reason=reason, kpis=(plan.kpi,), offers=offers), room, plan)


def _not_explained(plan: Why, room: Room, cannot: CannotExplain) -> Result:
    """What is known of the figure, and why there is nothing to split."""
    if cannot.reason == "needs_tables":
        return _refused(plan, room, "needs_tables", cannot.about)
    if cannot.reason == "dimension" or cannot.figure is None:
        searched = tuple(name for name in _allowed(plan, room) if name not in cannot.about)
        return _refused(plan, room, "dimension_not_allowed", searched)
    figure = replace(cannot.figure, decimals=room.model.kpis[plan.kpi].decimals_read)
    return Result(
        route="why",
        facts={
            **_about(plan, room, figure),
            **_NOTHING_TOLD,
            "shape": "total_only" if _is_a_total(plan, room, cannot) else cannot.reason,
            "follow": _follow(plan, room, None),
            "rows": Figure("rows", figure.rows, Unit.COUNT) if figure.rows else None,
        },
        figures=(figure,),
        evidence=_evidence(plan, room, figure, ()),
        private=_private(plan, room, ()),
    )


def _is_a_total(plan: Why, room: Room, cannot: CannotExplain) -> bool:
    """Whether there is nothing to split it by because only its total may be seen."""
    return cannot.reason == "not_split" and room.permitted.sights[plan.kpi].total_only


# --- what is explained


def _shown(plan: Why, room: Room, explained: Explained) -> Result:
    drivers = [driver for driver in explained.members if driver.effect != "unexplained"]
    rest = next((driver for driver in explained.members if driver.effect == "unexplained"), None)
    every = bool(plan.dimensions)
    chart = chart_of(explained, room, every=every)
    figure, dimensions = explained.figure, room.model.dimensions
    used = {name for driver in (*drivers, *explained.also) for name in driver.keys}
    rows = sum(driver.rows for driver in explained.members)
    return Result(
        route="why",
        facts={
            **_about(plan, room, figure),
            "shape": _shape(explained),
            "change": signed(explained, explained.change, room),
            "leader": _told(drivers[0], explained, room) if drivers else None,
            "others": [_told(driver, explained, room) for driver in drivers[1 : 1 + _TOLD]],
            "more": Figure("more", len(drivers) - 1 - _TOLD, Unit.COUNT) if len(drivers) > 1 + _TOLD else None,
            "rest": signed(explained, rest.contribution, room) if rest and drivers else None,
            "also": [_told(driver, explained, room) for driver in explained.also],
            "parts": [] if explained.method == "parts" else [_told(part, explained, room) for part in explained.parts],
            "method": explained.method,
            "product": explained.method == "members" and any(d.effect == "rate" for d in explained.drivers),
            "dimension": dimensions[explained.dimension].names if explained.dimension else None,
            "named": bool(plan.dimensions),
            "searched": [dimensions[name].names for name in explained.searched],
            "follow": _follow(plan, room, explained),
            "rows": Figure("rows", rows, Unit.COUNT) if rows else None,
        },
        figures=(figure,),
        items=items_of(explained, room),
        tables=(table_of(explained, room, every=every),) if drivers or every else (),
        charts=(chart,) if chart else (),
        evidence=_evidence(plan, room, figure, explained.statements),
        private=_private(plan, room, tuple(used)),
    )


def _shape(explained: Explained) -> str:
    """What the answer can say: who stands out, that all moved alike, the parts, or that it is no more than chance."""
    if not explained.significant:
        return "chance"
    if explained.method == "parts":
        return "parts"
    return "told" if explained.stands_out else "alike"


def _told(driver: Driver, explained: Explained, room: Room) -> dict[str, Any]:
    return {
        "label": label_of(driver, room),
        "share": signed(explained, driver.contribution, room),
        "against": driver.contribution * explained.change < 0,
        **own(driver, explained, room),
    }


def _about(plan: Why, room: Room, figure: Figure) -> dict[str, Any]:
    """What every answer says: the KPI, its periods, whose rows, and how old the data are."""
    until = room.data.as_of
    days = (room.clock.today - room.local_day(until)).days if until else 0
    filters = [_filter(given, room) for given in plan.filters]
    period = figure.period or plan.period.period
    asked = {"period": period, "filters": filters, "whose": whose_words(plan.whose, room), "dimensions": []}
    instead = plan.comparison.kind if plan.comparison.kind in ("target", "baseline") else ""
    return {
        "kpi": titled(room.model.kpis[plan.kpi].names),
        "first": view(figure, room.model),
        "asked": Worded("plan_rows", asked),
        "period": period,
        "compared_period": figure.compared.period if figure.compared else None,
        "comparison": _comparison(plan).kind,
        "instead": instead,
        "whose": _whose(plan, room),
        "filters": filters,
        "assumed": list(plan.assumed),
        "split_by": [room.model.dimensions[name].names for name in plan.dimensions],
        "data_until": min(until, room.clock.now) if until else None,
        "stale": Figure("data_age", days, Unit.DAYS) if days > 1 else None,
    }


def _filter(given: Any, room: Room) -> dict[str, Any]:
    dimension = room.model.dimensions[given.name]
    values = [dimension.values.get(value) or quoted(named(given.name, value, room)) for value in given.values]
    return {"name": dimension.names, "op": given.op, "values": values}


def _whose(plan: Why, room: Room) -> Worded:
    kind, _, identity = room.permitted.sights[plan.kpi].whose.partition(":")
    name = room.rep_name(identity) if kind == "rep" else named("team", identity, room) if kind == "team" else None
    return Worded("whose", {"whose": kind, "name": quoted(name or identity)})


def _follow(plan: Why, room: Room, explained: Explained | None) -> dict[str, Any]:
    """Questions that work next: the KPI by what the change was split by, and what it means."""
    kpi, dimensions = room.model.kpis[plan.kpi], room.model.dimensions
    likely = (*([explained.dimension] if explained and explained.dimension else []), *_allowed(plan, room))
    by = next((dimensions[name].names for name in likely if name not in plan.dimensions), None)
    return {"kpi": kpi.names, "by": by}


def _private(plan: Why, room: Room, used: tuple[str, ...]) -> bool:
    """Only a change of a company total that is open to all, split by nobody's rows, may be read by everybody."""
    shown = (*used, *plan.dimensions, *(given.name for given in plan.filters))
    of_people = any(room.model.dimensions[name].rep_level for name in shown)
    everybody = room.permitted.sights[plan.kpi].whose == "company"
    return of_people or not everybody or not room.model.kpis[plan.kpi].access.open


def _evidence(plan: Why, room: Room, figure: Figure, statements: tuple[str, ...]) -> dict[str, Any]:
    until, kpi = room.data.as_of, room.model.kpis[plan.kpi]
    return {
        "sql": [] if room.in_slack else list(statements),
        "as_of": until.isoformat().replace("+00:00", "Z") if until else None,
        "kpis": {kpi.id: {"version": kpi.version, "whose": room.permitted.sights[kpi.id].whose}},
        "warehouse_version": room.data.version,
        "rows": figure.rows or 0,
    }
