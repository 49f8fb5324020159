"""A forecast as the facts that its sentences, table, chart and machine-readable items are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analytics.semantic.holidays import read_calendar
from analytics.vocabulary import Figure, Period, Unit
from assistant.kinds.described_parts import rows_of, whose_words
from assistant.kinds.forecast_deals import Supposed
from assistant.kinds.kpi_shown import amount, named
from assistant.kinds.wording import titled
from assistant.plans import Forecast
from assistant.question import Role
from assistant.result import Cell, Column, Ranking, Room, Table, Trend, TrendPoint, Worded, quoted

if TYPE_CHECKING:
    from analytics.insights.forecast import Backtest, Expected, Member, Members, Outlook, Pace

_LEADING = 3


@dataclass(frozen=True)
class Shown:
    """What is to be shown: the whole, its groups where asked for, and what is supposed to be won."""

    plan: Forecast
    room: Room
    whole: Outlook
    members: Members | None
    supposed: Supposed | None

    @cached_property
    def kpi(self) -> Any:
        """The KPI's file."""
        return self.room.model.kpis[self.plan.kpi]

    def of(self, value: float | None, reach: float | None = None, *, name: str = "") -> Figure:
        """A value in the KPI's unit, to no more places than an error of `reach` (the total's) lets one read."""
        total = self.whole.total
        reach = total.high - total.value if reach is None else reach
        rounded = None if value is None else _readable(value, reach, self.kpi.unit)
        return Figure(name or self.plan.kpi, rounded, self.kpi.unit, self.plan.period.period, decimals=self._decimals)

    @property
    def _decimals(self) -> int | None:
        decimals: int | None = self.kpi.decimals_read
        return decimals

    def amount(self, value: float | None, reach: float | None = None) -> Worded:
        """A value with its unit in words."""
        return amount(self.of(value, reach), self.room.model)

    def interval(self, expected: Expected) -> dict[str, Worded]:
        """What is expected and its interval, in words."""
        reach = expected.high - expected.value
        parts = {"value": expected.value, "low": expected.low, "high": expected.high}
        return {name: self.amount(value, reach) for name, value in parts.items()}


def _readable(value: float, reach: float, unit: Unit) -> Decimal | float:
    """Two digits of the error are told, and of the value none below them."""
    places = 1 - math.floor(math.log10(reach)) if reach > 0 else 2
    if unit is Unit.COUNT:
        places = min(places, 0)
    if unit is Unit.MONEY:
        return round(Decimal(str(value)), min(places, 2)) + Decimal(0)
    return round(value, max(places, 4)) if unit is not Unit.COUNT else float(round(value, places))


# --- sentences


def facts_of(shown: Shown) -> dict[str, Any]:
    """The facts of the template."""
    plan, room, whole = shown.plan, shown.room, shown.whole
    until = room.data.as_of
    days = (room.clock.today - room.local_day(until)).days if until else 0
    apart = (whole.total.period.start, whole.total.period.end) != (whole.period.start, whole.period.end)
    return {
        "name": titled(shown.kpi.names),
        "kpi": shown.kpi.names,
        "asked": _asked(shown),
        **rows_of(plan, room),
        "whose": whose_words(room.permitted.sights[plan.kpi].whose, room) if plan.whose is None else None,
        "period": whole.period,
        "apart": whole.total.period if apart else None,
        "total": shown.interval(whole.total),
        "nominal": Figure("nominal", whole.backtest.nominal, Unit.SHARE) if whole.backtest else None,
        "so_far": amount(whole.so_far, room.model) if whole.so_far else None,
        "rest": _rest(shown),
        "adds_up": shown.kpi.additive.over_time,
        "pace": pace_facts(shown, whole.pace) if whole.pace else None,
        "no_target": plan.against_target and whole.pace is None,
        "supposed": _supposed(shown, shown.supposed) if shown.supposed else None,
        "members": _members(shown, shown.members) if shown.members else None,
        "method": whole.method,
        "backtest": backtest_facts(whole.backtest) if whole.backtest else None,
        "holidays_assumed": _holidays_assumed(shown),
        "assumed": list(plan.assumed),
        "against_target": plan.against_target,
        "goal": _of_target(shown, plan.goal) if plan.goal is not None else None,
        "data_until": min(until, room.clock.now) if until else None,
        "stale": Figure("data_age", days, Unit.DAYS) if days > 1 else None,
        "follow": _follow(shown),
    }


def _asked(shown: Shown) -> Worded:
    """The period and whose it is, beside the KPI's name."""
    sight = shown.room.permitted.sights[shown.plan.kpi]
    usual = "me" if shown.room.asker and shown.room.asker.role is Role.REP else "company"
    plan = shown.plan.model_copy(update={"whose": None if sight.whose == usual else sight.whose, "dimensions": ()})
    words: Worded = rows_of(plan, shown.room)["rows"]
    return words


def _rest(shown: Shown) -> dict[str, Worded] | None:
    """What is still to come, of what adds up."""
    total, come = shown.whole.total, shown.whole.so_far
    if not shown.kpi.additive.over_time or come is None or come.value is None:
        return None
    reach, done = total.high - total.value, float(come.value)
    parts = {"value": total.value - done, "low": max(0.0, total.low - done), "high": total.high - done}
    return {name: shown.amount(value, reach) for name, value in parts.items()}


def pace_facts(shown: Shown, pace: Pace) -> dict[str, Any]:
    """The way to the target in words."""
    per_day = pace.so_far / pace.workdays_gone if pace.so_far is not None and pace.workdays_gone else None
    behind = None if pace.so_far is None or pace.expected_by_now is None else pace.so_far - pace.expected_by_now
    needed = pace.needed_per_workday
    return {
        "target": _of_target(shown, pace.target),
        "state": pace.state,
        "good": shown.kpi.good,
        "lies": _lies(pace.target, shown.whole.total),
        "gap": _difference(shown, pace.gap),
        "above": pace.gap >= 0,
        "gone": Figure("workdays_gone", pace.workdays_gone, Unit.COUNT),
        "left": Figure("workdays_left", pace.workdays_left, Unit.COUNT),
        "days": Figure("workdays", pace.workdays_gone + pace.workdays_left, Unit.COUNT),
        "should": shown.amount(pace.expected_by_now) if pace.expected_by_now is not None and pace.so_far else None,
        "ahead": behind is not None and behind >= 0,
        "behind": _difference(shown, behind) if behind is not None else None,
        "needed": shown.amount(needed, needed / 10) if needed else None,
        "per_day": shown.amount(per_day, per_day / 10) if per_day and needed else None,
        "chance": Figure("chance", pace.chance, Unit.SHARE) if pace.chance is not None else None,
    }


def _lies(target: float, total: Expected) -> str:
    """Where a target lies by the interval: above, inside or below it."""
    return "above" if target > total.high else "below" if target < total.low else "inside"


def _of_target(shown: Shown, value: float) -> Worded:
    """A target to the last digit: nobody estimated it."""
    exact = Figure(shown.plan.kpi, _exact(value, shown.kpi.unit), shown.kpi.unit, decimals=shown.kpi.decimals_read)
    return amount(exact, shown.room.model)


def _exact(value: float, unit: Unit) -> Decimal | float:
    return round(Decimal(str(value)), 2) if unit is Unit.MONEY else value


def _difference(shown: Shown, value: float) -> Worded:
    if shown.kpi.unit is Unit.SHARE:
        return amount(Figure("gap", abs(value), Unit.POINTS, decimals=1), shown.room.model)
    return shown.amount(abs(value))


def backtest_facts(tested: Backtest) -> dict[str, Any]:
    """How such forecasts did."""
    return {
        "wape": Figure("wape", tested.wape, Unit.SHARE),
        "naive_wape": Figure("naive_wape", tested.naive_wape, Unit.SHARE),
        "naive": tested.naive,
        "coverage": Figure("coverage", tested.coverage, Unit.SHARE) if tested.coverage is not None else None,
        "origins": Figure("origins", tested.origins, Unit.COUNT),
        "horizon": Figure("horizon", tested.horizon, Unit.COUNT),
        "grain": str(tested.grain),
    }


def _supposed(shown: Shown, supposed: Supposed) -> dict[str, Any]:
    pace = shown.whole.pace
    reached = None if pace is None else supposed.value >= pace.target
    return {
        "deals": [_deal(shown, row) for row in supposed.deals[:_LEADING]],
        "count": Figure("deals", len(supposed.deals), Unit.COUNT),
        "open": Figure("open_deals", supposed.listed.total, Unit.COUNT),
        "fewer": len(supposed.deals) < (shown.plan.suppose_won or 0),
        "amount": amount(_money(supposed.amount), shown.room.model),
        "counted": shown.amount(supposed.counted),
        "at_least": amount(_money(supposed.at_least), shown.room.model),
        "value": shown.amount(supposed.value),
        "low": shown.amount(supposed.low),
        "high": shown.amount(supposed.high),
        "reached": reached,
        "gap": shown.amount(abs(supposed.value - pace.target)) if pace is not None else None,
        "ordered": supposed.ordered,
    }


def _money(value: float) -> Figure:
    return Figure("won_amount", round(Decimal(str(value)), 2), Unit.MONEY)


def _deal(shown: Shown, row: Mapping[str, Any]) -> dict[str, Cell]:
    customer = named("customer", row["customer"], shown.room) if row.get("customer") else None
    return {
        "name": quoted(row.get("name") or row["opportunity_id"]),
        "customer": quoted(customer),
        "amount": amount(Figure("amount", row["amount"], Unit.MONEY), shown.room.model),
    }


def _members(shown: Shown, members: Members) -> dict[str, Any]:
    named_ones = [one for one in members.members if one.where]
    return {
        "leading": [
            {"label": member_label(shown, one), "value": shown.interval(one.total)["value"]}
            for one in named_ones[:_LEADING]
        ],
        "dimensions": [shown.room.model.dimensions[name].names for name in shown.plan.dimensions],
        "add_up": members.add_up,
        "unknown": Figure("unknown", members.unknown, Unit.COUNT) if members.unknown else None,
    }


def member_label(shown: Shown, member: Member) -> Cell:
    """A group as people call it."""
    if not member.where:
        return Worded("forecast_others", {})
    cells: list[Cell] = []
    for name in shown.plan.dimensions:
        words = shown.room.model.dimensions[name].values
        key = member.keys.get(name)
        cells.append(words[key] if key in words else quoted(member.where.get(name)))
    return cells[0] if len(cells) == 1 else Worded("group", {"parts": cells})


def _holidays_assumed(shown: Shown) -> bool:
    """Whether days to come lie in a year whose public holidays are not announced yet."""
    name = shown.room.company.calendar
    ahead = Period(min(shown.room.clock.today, shown.whole.period.start), shown.whole.period.end)
    return name is not None and not read_calendar(name.lower()).knows_holidays(ahead)


def _follow(shown: Shown) -> dict[str, Any]:
    """A next question that works: by a dimension this asker may split by, or what the KPI is now."""
    kpi, dimensions = shown.kpi, shown.room.model.dimensions
    usable = [name for name in kpi.drivers.dimensions or kpi.dimensions if name not in shown.plan.dimensions]
    plain = [name for name in usable if not dimensions[name].rep_level]
    if not plain and not shown.room.permitted.sights[kpi.id].total_only:
        plain = usable
    return {"kpi": kpi.names, "by": dimensions[plain[0]].names if plain and not shown.plan.dimensions else None}


# --- table, chart, items


def tables_of(shown: Shown) -> tuple[Table, ...]:
    """Groups below each other, else units of time, else the deals that are supposed to be won."""
    if shown.members is not None:
        return (_member_table(shown, shown.members),)
    tables = [_deal_table(shown, shown.supposed)] if shown.supposed else []
    if len(shown.whole.points) > 1:
        columns = [_column("period", right=False), _column("value"), _column("low"), _column("high")]
        rows: list[tuple[Cell, ...]] = [(one.period, *shown.interval(one).values()) for one in shown.whole.points]
        tables.insert(0, Table(_caption(shown), tuple(columns), tuple(rows)))
    return tuple(tables)


def _column(what: str, *, right: bool = True) -> Column:
    return Column(Worded("forecast_column", {"what": what}), right)


def _caption(shown: Shown) -> Worded:
    by = [shown.room.model.dimensions[name].names for name in shown.plan.dimensions]
    grain = Worded("grain", {"grain": str(shown.plan.grain)}) if shown.plan.grain else None
    facts = {"kpis": [titled(shown.kpi.names)], "dimensions": by, "grain": grain, "period": shown.whole.period}
    return Worded("forecast_caption", facts)


def _member_table(shown: Shown, members: Members) -> Table:
    targets = any(one.target is not None for one in members.members)
    come = any(one.so_far is not None for one in members.members)
    group = Column(Worded("name", {"name": titled(shown.room.model.dimensions[shown.plan.dimensions[0]].names)}))
    columns = [group, *([_column("so_far")] if come else []), _column("value"), _column("low"), _column("high")]
    rows: list[tuple[Cell, ...]] = []
    for one in members.members:
        so_far: Cell = amount(one.so_far, shown.room.model) if one.so_far else Worded("dash", {})
        target: Cell = _of_target(shown, one.target) if one.target is not None else Worded("dash", {})
        cells: list[Cell] = [member_label(shown, one), *([so_far] if come else []), *shown.interval(one.total).values()]
        rows.append((*cells, *([target] if targets else [])))
    return Table(_caption(shown), (*columns, *([_column("target")] if targets else [])), tuple(rows))


def _deal_table(shown: Shown, supposed: Supposed) -> Table:
    columns = (_column("deal", right=False), _column("customer", right=False), _column("amount"))
    rows: list[tuple[Cell, ...]] = [tuple(_deal(shown, row).values()) for row in supposed.deals]
    return Table(Worded("forecast_deals", {}), columns, tuple(rows))


def charts_of(shown: Shown) -> tuple[Trend | Ranking, ...]:
    """What was and what is expected on one line, with the interval as a band; groups as bars."""
    name = Worded("name", {"name": titled(shown.kpi.names)})
    if shown.members is not None:
        bars = [(member_label(shown, one), shown.of(one.total.value)) for one in shown.members.members if one.where]
        alt = Worded("forecast_alt", {"name": titled(shown.kpi.names), "period": shown.whole.period, "groups": True})
        return (Ranking(_caption(shown), name, alt, tuple(bars)),) if len(bars) > 1 else ()  # type: ignore[arg-type]
    points = _points(shown)
    if len(points) < 2:
        return ()
    facts = {"name": titled(shown.kpi.names), "period": shown.whole.period, "groups": False}
    alone = shown.whole.pace if len(shown.whole.points) == 1 else None
    return (
        Trend(
            title=_caption(shown),
            name=name,
            alt=Worded("forecast_alt", facts | shown.interval(shown.whole.total)),
            points=points,
            target=Figure(shown.plan.kpi, _exact(alone.target, shown.kpi.unit), shown.kpi.unit) if alone else None,
            target_label=Worded("target_label", {}) if alone else None,
            expected_name=Worded("chart_expected", {}),
        ),
    )


def _points(shown: Shown) -> tuple[TrendPoint, ...]:
    before = [
        TrendPoint(Worded("period", {"period": one.period, "unfinished": False, "up_to": False}), one.period.start, one)
        for one in shown.whole.history
        if one.period is not None and one.period.end <= shown.whole.points[0].period.start
    ]
    there = [one for one in shown.whole.points if one.period.grain is not None] or shown.whole.points  # not cut short
    return (*before, *(_expected_point(shown, one) for one in there))


def _expected_point(shown: Shown, one: Expected) -> TrendPoint:
    reach = one.high - one.value
    value, low, high = (shown.of(part, reach) for part in (one.value, one.low, one.high))
    label = Worded("period", {"period": one.period, "unfinished": False, "up_to": False})
    return TrendPoint(label, one.period.start, value, expected=True, low=low, high=high)


def items_of(shown: Shown) -> tuple[Mapping[str, Any], ...]:
    """The units of time, or the groups, with value, low and high; then the deals that are supposed to be won."""
    if shown.members is not None:
        return tuple(
            {
                "where": {name: quoted(value) for name, value in one.where.items()},
                "keys": {name: quoted(value) for name, value in one.keys.items()},
                **_item(shown, one.total),
            }
            for one in shown.members.members
        )
    deals = shown.supposed.deals if shown.supposed else ()
    return (*(_item(shown, one) for one in shown.whole.points), *(_deal_item(shown, row) for row in deals))


def _item(shown: Shown, one: Expected) -> dict[str, Any]:
    reach = one.high - one.value
    parts = {"value": one.value, "low": one.low, "high": one.high}
    return {"period": _days(one.period), **{name: shown.of(part, reach).value for name, part in parts.items()}}


def _days(period: Period) -> dict[str, Any]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": period.label}


def _deal_item(shown: Shown, row: Mapping[str, Any]) -> dict[str, Any]:
    customer = row.get("customer")
    return {
        "deal": quoted(row["opportunity_id"]),
        "name": quoted(row.get("name")),
        "customer": quoted(customer),
        "customer_name": quoted(named("customer", customer, shown.room)) if customer else None,
        "amount": float(row["amount"]) if row.get("amount") is not None else None,
    }
