"""Figures of KPIs: one, several, broken down, over time; each with its comparison and its target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.semantic import Comparison, Filter, Model, Order, Outcome, QueryError, SemanticQuery, Semantics
from analytics.vocabulary import Figure, Period, Unit
from assistant.kinds import refuse
from assistant.kinds.described_parts import whose_words
from assistant.kinds.kpi_books import book_notes
from assistant.kinds.kpi_bounds import bounds_of, held_of, within
from assistant.kinds.kpi_charts import charts_of
from assistant.kinds.kpi_shown import Shown, named, view
from assistant.kinds.kpi_tables import tables_of
from assistant.kinds.wording import table_words, titled
from assistant.plans import KpiQuery, Refuse
from assistant.question import Role
from assistant.result import Result, Room, Worded, quoted
from assistant.sight import Sight

_IN_HEADLINE = 4
"""KPIs whose figures the first line holds."""


@dataclass(frozen=True)
class Computed:
    """What was computed for a plan: the figures in its order, the total of a breakdown, and where they came from.

    `held` tells how many groups are within the bounds asked for, of how many; None where there are no bounds. `books`
    are notes on restated figures and on baselines.
    """

    figures: tuple[Figure, ...]
    held: tuple[int, int] | None
    total: Figure | None
    missing: dict[str, tuple[str, ...]]
    statements: tuple[str, ...]
    cut: int
    books: tuple[Worded, ...] = ()


def run(plan: KpiQuery, room: Room) -> Result:
    """Compute and show; what cannot be had is a refusal that says why and what can."""
    try:
        computed = _compute(plan, room)
    except QueryError as error:
        return refuse.run(Refuse(reason=error.code, kpis=_kpis_of(error, plan), offers=error.offers), room, plan)
    if len(computed.missing) == len(plan.kpis):
        lacking = tuple(dict.fromkeys(table for tables in computed.missing.values() for table in tables))
        return refuse.run(Refuse(reason="needs_tables", kpis=plan.kpis, offers=lacking), room, plan)
    return _shown(plan, room, computed)


def _kpis_of(error: QueryError, plan: KpiQuery) -> tuple[str, ...]:
    return tuple(name for name in error.about if name in plan.kpis) or plan.kpis[:1]


# --- computing


def _compute(plan: KpiQuery, room: Room) -> Computed:
    """One query for each set of rows: KPIs of the company beside KPIs of one's own team."""
    together: dict[Sight, list[str]] = defaultdict(list)
    for kpi in plan.kpis:
        together[room.permitted.sights[kpi]].append(kpi)
    outcomes: list[Outcome] = []
    statements: list[str] = []
    total: Figure | None = None
    books: list[Worded] = []
    for sight, kpis in together.items():
        semantics = Semantics(room.model, room.data, room.clock, sight.scope, room.company)
        query = _query(plan, tuple(kpis))
        outcomes.append(semantics.run(query))
        statements += semantics.readable_statements() if not room.in_slack else ()
        if plan.kpis[0] in kpis and plan.dimensions and plan.kpis[0] not in outcomes[-1].missing:
            whole = replace(query, kpis=plan.kpis[:1], dimensions=(), order=None, limit=None, share=False, grain=None)
            total = semantics.run(replace(whole, running=False)).figures[0]
        books += book_notes(semantics, query, [total] if plan.dimensions and total else outcomes[-1].figures, room)
    found = [figure for outcome in outcomes for figure in outcome.figures]
    in_order = tuple(figure for kpi in plan.kpis for figure in found if figure.name == kpi)
    figures, held, cut = within(plan, in_order)
    decimals = {kpi: room.model.kpis[kpi].decimals_read for kpi in plan.kpis}
    return Computed(
        figures=tuple(replace(figure, decimals=decimals[figure.name]) for figure in figures),
        held=held,
        total=replace(total, decimals=decimals[total.name]) if total else None,
        missing={kpi: lacking for outcome in outcomes for kpi, lacking in outcome.missing.items()},
        statements=tuple(dict.fromkeys(statements)),
        cut=max((cut, *(outcome.cut for outcome in outcomes))),
        books=tuple(books),
    )


def _query(plan: KpiQuery, kpis: tuple[str, ...]) -> SemanticQuery:
    order = plan.order if plan.order and plan.order.by in (*kpis, *plan.dimensions) else None
    return SemanticQuery(
        kpis=kpis,
        period=plan.period.period,
        dimensions=plan.dimensions,
        filters=tuple(Filter(given.name, given.op, given.values) for given in plan.filters),
        grain=plan.grain,
        comparison=_comparison(plan),
        order=Order(order.by, order.descending) if order else None,
        limit=None if plan.having else plan.limit,
        share=plan.share,
        running=plan.running,
    )


def _comparison(plan: KpiQuery) -> Comparison | None:
    """With what is compared; groups over time stand beside each other and need no other period."""
    asked = plan.comparison
    if asked is None or (plan.dimensions and plan.grain is not None):
        return None
    return Comparison(asked.kind, asked.period.period if asked.period else None)


# --- showing


def _shown(plan: KpiQuery, room: Room, computed: Computed) -> Result:
    model = room.model
    shown = Shown(plan, model, computed.figures, computed.total, room)
    period = _period(plan, computed.figures)
    views = [view(figure, model) for figure in computed.figures]
    charts = charts_of(shown)
    facts: dict[str, Any] = {
        "shape": shown.shape,
        "kpis": [titled(model.kpis[kpi].names) for kpi in plan.kpis],
        "several": len(plan.kpis) > 1,
        "first": views[0] if shown.shape == "one" else None,
        "total": view(shown.whole, model) if shown.whole else None,
        "groups": shown.leading_groups(),
        "trend": shown.trend_facts(),
        "count": Figure("kpis", len(plan.kpis), Unit.COUNT),
        "period": period,
        "asked": _asked_of(plan, room, period),
        "leading": views[:_IN_HEADLINE] if shown.shape == "several" else [],
        "more": Figure("more", len(views) - _IN_HEADLINE, Unit.COUNT) if len(views) > _IN_HEADLINE else None,
        "rank": shown.rank,
        "ordered": plan.order is not None,
        "leads": "highest" if shown.rank != "lowest" and plan.order is None else shown.rank,
        "why_none": shown.why_none(),
        "grain": Worded("grain", {"grain": str(plan.grain)}) if plan.grain else None,
        "dimensions": [model.dimensions[name].names for name in plan.dimensions],
        "filters": [_filter(given, room) for given in plan.filters],
        "whose": _whose(plan, room),
        "comparison": compared.kind if (compared := _comparison(plan)) else "",
        "compares": compared is not None and "comparison" not in plan.assumed,
        "ongoing": plan.period.to_date or plan.period.period.end > room.clock.today,
        "sums_up": _sums_up(plan, model) and not plan.having,
        "empty": plan.grain is None and bool(plan.dimensions) and not computed.figures and not computed.held,
        "having": bounds_of(plan, model),
        "held": held_of(computed.held),
        "no_chart": plan.as_chart and not charts,
        "zero": any(figure.value == 0 for figure in computed.figures),
        "compared_period": _compared_period(plan, computed.figures),
        "assumed": list(plan.assumed),
        "share": plan.share,
        "running": plan.running,
        "limit": Figure("limit", plan.limit, Unit.COUNT) if plan.limit else None,
        "cut": Figure("cut", computed.cut, Unit.COUNT) if computed.cut else None,
        "rows": _rows(plan, computed.figures),
        "notes": [*_notes(plan, computed.figures, model), *computed.books],
        "missing": [_lacking(kpi, tables, model) for kpi, tables in computed.missing.items()],
        "follow": _follow(plan, room),
        **_freshness(room),
    }
    return Result(
        route="kpi",
        facts=facts,
        figures=computed.figures,
        tables=tables_of(shown),
        charts=charts,
        evidence=_evidence(plan, room, computed),
        private=_private(plan, room),
        off=_off(computed.figures, model),
    )


def _off(figures: Sequence[Figure], model: Model) -> bool | None:
    """Whether a target is missed; None where there is none to miss."""
    good = {figure.name: model.kpis[figure.name].good for figure in figures}
    aimed = [one for one in figures if None not in (one.value, one.target) and good[one.name] != "neither"]
    return any(not view(figure, model)["reached"] for figure in aimed) if aimed else None


def _private(plan: KpiQuery, room: Room) -> bool:
    """Only a company total of KPIs open to all may be read by everybody in a channel, and no part of it by person."""
    named = (*plan.dimensions, *(given.name for given in plan.filters))
    of_people = any(room.model.dimensions[name].rep_level for name in named)
    everybody = all(sight.whose == "company" for sight in room.permitted.sights.values())
    return of_people or not everybody or not all(room.model.kpis[kpi].access.open for kpi in plan.kpis)


def _period(plan: KpiQuery, figures: Sequence[Figure]) -> Period:
    """The period computed where all KPIs share another than the one asked for (closed months of the ledger)."""
    if plan.grain is not None:
        return plan.period.period
    periods = {figure.period for figure in figures if figure.period is not None and figure.note != "needs_tables"}
    return periods.pop() if len(periods) == 1 else plan.period.period


def _compared_period(plan: KpiQuery, figures: Sequence[Figure]) -> Period | None:
    if plan.grain is not None or (plan.comparison and plan.comparison.kind in ("target", "baseline")):
        return None
    return next((figure.compared.period for figure in figures if figure.compared and figure.compared.period), None)


def _filter(given: Any, room: Room) -> dict[str, Any]:
    dimension = room.model.dimensions.get(given.name)
    values = [_value(given.name, value, room) for value in given.values]
    name = dimension.names if dimension else quoted(given.name)
    return {"name": name, "op": given.op, "values": values}


def _value(name: str, value: Any, room: Room) -> Any:
    words = room.model.dimensions[name].values if name in room.model.dimensions else {}
    if value in words:
        return words[value]
    return quoted(named(name, str(value), room))


def _asked_of(plan: KpiQuery, room: Room, period: Period) -> Worded:
    """What the headline says beside the KPI: period, filters, breakdown, and whose it is where that is not the usual.

    The usual is one's own for a rep, and the whole company for those who see it all.
    """
    seen = {sight.whose for sight in room.permitted.sights.values()}
    usual = "me" if room.asker and room.asker.role is Role.REP else "company"
    whose = whose_words(seen.pop(), room) if len(seen) == 1 and usual not in seen else None
    filters = [_filter(given, room) for given in plan.filters]
    dimensions = [room.model.dimensions[name].names for name in plan.dimensions]
    facts = {"period": period, "filters": filters, "whose": whose, "dimensions": dimensions}
    return Worded("plan_rows", facts)


def _whose(plan: KpiQuery, room: Room) -> Worded | None:
    """Said wherever it is not everything: whose rows were counted."""
    words = {sight.whose for sight in room.permitted.sights.values()}
    if words == {"company"}:
        return Worded("whose", {"whose": "company", "name": None})
    if len(words) > 1:
        return Worded("whose", {"whose": "mixed", "name": None})
    kind, _, identity = words.pop().partition(":")
    name = room.rep_name(identity) if kind == "rep" else named("team", identity, room) if kind == "team" else None
    return Worded("whose", {"whose": kind, "name": quoted(name or identity)})


def _sums_up(plan: KpiQuery, model: Model) -> bool:
    """Whether the groups add up to the total."""
    over = model.kpis[plan.kpis[0]].additive.over
    return over == "all" or set(plan.dimensions) <= set(over)


def _rows(plan: KpiQuery, figures: Sequence[Figure]) -> Figure | None:
    """The rows behind the KPI asked for first; running totals hold each other, so the last has them all."""
    counted = [figure.rows or 0 for figure in figures if figure.name == plan.kpis[0]]
    rows = max(counted, default=0) if plan.running else sum(counted)
    return Figure("rows", rows, Unit.COUNT) if rows else None


def _notes(plan: KpiQuery, figures: Sequence[Figure], model: Model) -> list[Worded]:
    """What to know of the figures, each thing once."""
    seen: dict[tuple[str, str], Worded] = {}
    asked = plan.period.period
    for figure in figures:
        moved = figure.period is not None and (figure.period.start, figure.period.end) != (asked.start, asked.end)
        if moved and plan.grain is None and model.kpis[figure.name].prorate == "never":
            facts = {"note": "closed_months", "kpi": titled(model.kpis[figure.name].names), "period": figure.period}
            seen.setdefault((figure.name, "closed_months"), Worded("kpi_note", {"days": None, **facts}))
    for figure in figures:
        if figure.note and figure.note not in ("no_rows", "needs_tables"):
            kpi = model.kpis[figure.name]
            ripe = kpi.needs_maturity.days if kpi.needs_maturity else kpi.shortest.days if kpi.shortest else 0
            facts = {
                "note": figure.note,
                "kpi": titled(kpi.names),
                "days": Figure("days", ripe, Unit.DAYS),
                "period": None,
            }
            seen.setdefault((figure.name, figure.note), Worded("kpi_note", facts))
    compared_with = _comparison(plan)
    if compared_with is not None and plan.grain is None and not plan.dimensions:
        for figure in figures:
            lacking = figure.compared is None or figure.compared.value is None
            if lacking and figure.value is not None and "comparison" not in plan.assumed:
                facts = {
                    "note": f"no_{compared_with.kind}",
                    "kpi": titled(model.kpis[figure.name].names),
                    "days": None,
                    "period": None,
                }
                seen.setdefault((figure.name, "compared"), Worded("kpi_note", facts))
    return list(seen.values())


def _lacking(kpi: str, tables: tuple[str, ...], model: Model) -> dict[str, Any]:
    return {"kpi": titled(model.kpis[kpi].names), "tables": [table_words(table, model) for table in tables]}


def _follow(plan: KpiQuery, room: Room) -> dict[str, Any]:
    """A next question that works: another breakdown, or what the KPI means."""
    kpi, dimensions = room.model.kpis[plan.kpis[0]], room.model.dimensions
    others = [name for name in kpi.drivers.dimensions or kpi.dimensions if name not in plan.dimensions]
    plain = [name for name in others if not dimensions[name].rep_level]
    if not plain and not room.permitted.sights[kpi.id].total_only:
        plain = others
    return {"kpi": kpi.names, "by": dimensions[plain[0]].names if plain else None}


def _freshness(room: Room) -> dict[str, Any]:
    until = room.data.as_of
    seen = min(until, room.clock.now) if until else None
    days = (room.clock.today - room.local_day(until)).days if until else 0
    return {"data_until": seen, "stale": Figure("data_age", days, Unit.DAYS) if days > 1 else None}


def _evidence(plan: KpiQuery, room: Room, computed: Computed) -> dict[str, Any]:
    until = room.data.as_of
    return {
        "sql": list(computed.statements),
        "as_of": until.isoformat().replace("+00:00", "Z") if until else None,
        "kpis": {
            kpi: {"version": room.model.kpis[kpi].version, "whose": room.permitted.sights[kpi].whose}
            for kpi in plan.kpis
        },
        "warehouse_version": room.data.version,
        "rows": rows.value if (rows := _rows(plan, computed.figures)) else 0,
    }
