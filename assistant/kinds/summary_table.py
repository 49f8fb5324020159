"""The KPIs of a summary in one table, and the main one over time in one chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from analytics.insights.summary import Standing
from analytics.semantic.calendar import shape
from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import amount, beside
from assistant.kinds.summary_told import Told
from assistant.kinds.summary_words import change_words, seen, unit_of
from assistant.kinds.wording import titled
from assistant.result import Cell, Column, Table, Trend, TrendPoint, Worded

if TYPE_CHECKING:
    from analytics.insights.forecast import Outlook

_DASH = Worded("dash", {})
_FEWEST_POINTS = 4


def table_of(told: Told, standings: tuple[Standing, ...], title: Worded) -> tuple[Table, ...]:
    """KPI, value, target, the changes, and what smooths a noisy one; the columns that hold something."""
    if not standings:
        return ()
    rows = [_cells(one, told) for one in standings]
    kept = [name for name in rows[0] if name in ("kpi", "value") or any(row[name] is not None for row in rows)]
    units = {unit_of(one.figure) for one in standings if not one.own}
    unit = units.pop() if len(units) == 1 else ""
    columns = tuple(
        Column(Worded("summary_column", {"what": name, "unit": unit}), right=name != "kpi") for name in kept
    )
    body = tuple(tuple(row[name] if row[name] is not None else _empty(name) for name in kept) for row in rows)
    return (Table(Worded("summary_caption", {"title": title}), columns, body),)


def _cells(standing: Standing, told: Told) -> dict[str, Cell]:
    held = seen(standing, told)
    changed = held["year"]
    return {
        "kpi": _name(standing, told),
        "value": held["amount"] if standing.known else None,
        "target": held["target"],
        "previous": change_words(held),
        "last_year": change_words(changed) if changed else None,
        "smoothed": held["smoothed"],
    }


def _empty(name: str) -> Cell:
    """No data for a value; a dash where nothing belongs."""
    return None if name == "value" else _DASH


def _name(standing: Standing, told: Told) -> Worded:
    facts = {
        "name": titled(standing.kpi.names),
        "period": standing.figure.period if standing.own else None,
        "company": standing.kpi.id in told.of_company,
    }
    return Worded("summary_kpi", facts)


def chart_of(told: Told, outlook: Outlook | None, title: Worded) -> tuple[Trend, ...]:
    """The main KPI over the units before and the one told, with the target and what is expected to come."""
    lead = told.lead
    known = [one for one in lead.history if one.value is not None] if lead else []
    if lead is None or len(known) < _FEWEST_POINTS:
        return ()
    points = [_point(one) for one in lead.history if one.period is not None]
    points += _expected(outlook, lead.figure)
    target = lead.figure.target
    shown = {"kpi": titled(lead.kpi.names), "unit": unit_of(lead.figure), "title": title}
    ends = {
        "first": amount(known[0], told.room.model),
        "last": amount(known[-1], told.room.model),
        "target": amount(beside(lead.figure, target), told.room.model) if target is not None else None,
        "number": Figure("points", len(known), Unit.COUNT),
    }
    facts: dict[str, Any] = {"prorated": lead.prorated, "unit": unit_of(lead.figure)}
    return (
        Trend(
            title=Worded("summary_chart", shown),
            name=Worded("name", {"name": titled(lead.kpi.names)}),
            alt=Worded("summary_chart_alt", {**shown, **ends}),
            points=tuple(points),
            target=beside(lead.figure, target) if target is not None else None,
            target_label=Worded("summary_target_label", facts) if target is not None else None,
            expected_name=Worded("chart_expected", {}) if any(point.expected for point in points) else None,
        ),
    )


def _point(figure: Figure) -> TrendPoint:
    assert figure.period is not None
    label = Worded("period", {"period": figure.period, "unfinished": False, "up_to": False})
    return TrendPoint(label, figure.period.start, replace(figure, compared=None, target=None))


def _expected(outlook: Outlook | None, like: Figure) -> list[TrendPoint]:
    """Whole units of the same length that are to come, as many as the period under way has."""
    if outlook is None or like.period is None:
        return []
    grain = shape(like.period).grain
    points = []
    last = like.period.end
    for one in outlook.points:
        if shape(one.period).grain is not grain or one.period.start < last:
            continue
        label = Worded("period", {"period": one.period, "unfinished": False, "up_to": False})
        value, low, high = (_like(like, number) for number in (one.value, one.low, one.high))
        points.append(TrendPoint(label, one.period.start, value, expected=True, low=low, high=high))
        last = one.period.start + timedelta(days=1)
    return points


def _like(figure: Figure, number: float) -> Figure:
    exact = Decimal(str(round(number, 2))) if figure.unit is Unit.MONEY else number
    return beside(figure, exact)
