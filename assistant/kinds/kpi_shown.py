"""Figures of KPIs as the facts that sentences, tables and charts are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from analytics.semantic import Model
from analytics.semantic.calendar import unit
from analytics.semantic.labels import Labels
from analytics.vocabulary import Figure, Unit
from assistant.kinds.wording import titled
from assistant.plans import KpiQuery
from assistant.result import Cell, Room, Worded, quoted

_LEADING = 3
_LEAST_SHOWN = 0.0005  # a change below it reads 0.0%


@dataclass(frozen=True)
class Shown:
    """What is to be shown. `shape`: one figure, several KPIs, groups, a trend, or groups over time."""

    plan: KpiQuery
    model: Model
    figures: tuple[Figure, ...]
    total: Figure | None
    room: Room

    @property
    def shape(self) -> str:
        """Decides headline, table and chart."""
        if self.plan.dimensions:
            return "trend_groups" if self.plan.grain else "groups"
        if self.plan.grain:
            return "trend"
        return "several" if len(self.plan.kpis) > 1 else "one"

    @property
    def of_first(self) -> list[Figure]:
        """The figures of the KPI asked for first."""
        return [figure for figure in self.figures if figure.name == self.plan.kpis[0]]

    @property
    def rank(self) -> str:
        """How the groups stand: highest or lowest first; "" where something else orders them."""
        order = self.plan.order
        if order is not None and order.by in self.plan.dimensions:
            return ""
        if order is None and self.plan.dimensions and self.model.dimensions[self.plan.dimensions[0]].in_order:
            return ""
        return "lowest" if order is not None and not order.descending else "highest"

    def why_none(self) -> Worded | None:
        """Why nothing is known of the KPI asked for first: its cohort is too young, say. None where something is."""
        if self.shape == "one" or any(figure.value is not None for figure in self.of_first):
            return None
        found = (_why_none(figure, self.model) for figure in (*self.of_first, *([self.total] if self.total else [])))
        return next((why for why in found if why is not None), None)

    @property
    def whole(self) -> Figure | None:
        """The total of a breakdown; none where the groups and the total are not of the same rows (the key stage)."""
        narrowed = self.model.kpis[self.plan.kpis[0]].without
        return None if set(narrowed) & set(self.plan.dimensions) else self.total

    def leading_groups(self) -> list[dict[str, Any]]:
        """The first groups in the order asked for, else the highest, for the headline."""
        if self.shape != "groups":
            return []
        known = [figure for figure in self.of_first if figure.value is not None]
        if self.plan.order is None:
            known.sort(key=lambda figure: -float(figure.value or 0))
        return [
            {"label": group_of(figure, self), "figure": amount(figure, self.model), "share": share_of(figure)}
            for figure in known[:_LEADING]
        ]

    def trend_facts(self) -> dict[str, Any] | None:
        """The last finished period, the highest and the lowest."""
        known = [figure for figure in self.of_first if figure.value is not None]
        if self.shape != "trend" or not known:
            return None
        done = [figure for figure in known if self._is_whole(figure)] or known
        if self.plan.running:  # what has come together so far is what is asked
            return {"last": view(known[-1], self.model), "highest": None, "lowest": None, "one": True}
        highest = max(done, key=lambda figure: float(figure.value or 0))
        lowest = min(done, key=lambda figure: float(figure.value or 0))
        return {
            "last": view(done[-1], self.model),
            "highest": view(highest, self.model),
            "lowest": view(lowest, self.model),
            "one": len(done) == 1,
        }

    def _is_whole(self, figure: Figure) -> bool:
        """Whether the figure is of a whole unit of time that is over; the period asked for may begin within one."""
        period, grain = figure.period, self.plan.grain
        if period is None or grain is None or still_runs(figure, self.room):
            return False
        whole = unit(period.start, grain, self.room.company.fiscal_year_start)
        return (period.start, period.end) == (whole.start, whole.end)


def amount(figure: Figure, model: Model) -> Worded:
    """A figure with its unit in words; "no data" where there is none."""
    return Worded("amount", {"value": figure if figure.value is not None else None, "unit": str(figure.unit)})


def share_of(figure: Figure) -> Figure | None:
    """The part of the total."""
    return None if figure.share is None else Figure("share", figure.share, Unit.SHARE, decimals=1)


def view(figure: Figure, model: Model) -> dict[str, Any]:
    """Everything a template says of one figure."""
    kpi = model.kpis[figure.name]
    compared = figure.compared
    return {
        "name": titled(kpi.names),
        "amount": amount(figure, model),
        "known": figure.value is not None,
        "young": figure.value is None and figure.note == "not_mature",
        "note": figure.note or "",
        "kpi_note": _why_none(figure, model),
        "period": figure.period,
        "compared": compared.kind if compared else "",
        "before": amount(beside(figure, compared.value), model) if compared and compared.value is not None else None,
        "before_period": compared.period if compared else None,
        **_moved(figure, compared.value if compared else None, kpi.good),
        **_against_target(figure, kpi.good, model),
        "good": kpi.good,
        "adds_up": kpi.additive.over_time,
        "zero": figure.value == 0,
    }


def _why_none(figure: Figure, model: Model) -> Worded | None:
    if figure.value is not None or not figure.note:
        return None
    kpi = model.kpis[figure.name]
    days = kpi.needs_maturity.days if kpi.needs_maturity else kpi.shortest.days if kpi.shortest else 0
    return Worded(
        "kpi_note",
        {"note": figure.note, "kpi": titled(kpi.names), "days": Figure("days", days, Unit.DAYS), "period": None},
    )


def beside(figure: Figure, value: Any) -> Figure:
    """Another value of the same KPI: what it was before, its target."""
    return Figure(figure.name, value, figure.unit, decimals=figure.decimals)


def _moved(figure: Figure, before: Any, good: str) -> dict[str, Any]:
    """How far it moved: in percent of what it was, shares in points; and whether that is good."""
    if figure.value is None or before is None:
        return {"direction": "", "change": None, "judged": ""}
    change = _difference(figure, before)
    delta = float(figure.value) - float(before)
    direction = _rounded_away(delta, change) or ("up" if delta > 0 else "down")
    judged = "" if good == "neither" or direction not in ("up", "down") else "better" if direction == good else "worse"
    return {"direction": direction, "change": change, "judged": judged}


def _rounded_away(delta: float, change: Figure | None) -> str:
    """ "same" where nothing moved that is shown, "hardly" where the values differ and their change reads 0.0%."""
    if abs(delta) < 1e-12:
        return "same"
    if change is None or change.unit not in (Unit.POINTS, Unit.SHARE) or float(change.value or 0) >= _LEAST_SHOWN:
        return ""
    return "same" if change.unit is Unit.POINTS else "hardly"


def _difference(figure: Figure, other: Any) -> Figure | None:
    delta = abs(float(figure.value or 0) - float(other))
    if figure.unit is Unit.SHARE:
        return Figure("change", delta, Unit.POINTS, decimals=1)
    if not float(other):
        return beside(figure, Decimal(str(delta)) if figure.unit is Unit.MONEY else delta)
    return Figure("change", delta / abs(float(other)), Unit.SHARE, decimals=1)


def _against_target(figure: Figure, good: str, model: Model) -> dict[str, Any]:
    if figure.target is None:
        return {"target": None, "gap": None, "achieved": None, "reached": False, "exact": False}
    target = amount(beside(figure, figure.target), model)
    if figure.value is None:
        return {"target": target, "gap": None, "achieved": None, "reached": False, "exact": False}
    above = float(figure.value) >= float(figure.target)
    reached = above if good != "down" else float(figure.value) <= float(figure.target)
    achieved = float(figure.value) / float(figure.target) if float(figure.target) > 0 else None
    return {
        "target": target,
        "gap": _gap(figure, model),
        "achieved": None if achieved is None else Figure("achieved", achieved, Unit.SHARE, decimals=1),
        "reached": reached,
        "exact": float(figure.value) == float(figure.target),
    }


def _gap(figure: Figure, model: Model) -> Worded:
    """How far from the target, in the KPI's own unit; shares in points."""
    delta = abs(float(figure.value or 0) - float(figure.target or 0))
    if figure.unit is Unit.SHARE:
        return amount(Figure("gap", delta, Unit.POINTS, decimals=1), model)
    return amount(beside(figure, Decimal(str(delta)) if figure.unit is Unit.MONEY else delta), model)


def named(dimension: str, key: str, room: Room) -> str:
    """The name of an id of a dimension."""
    if dimension not in room.model.dimensions:
        return key
    return Labels(room.model, room.data).of(dimension, (key,))[key] or key


def group_of(figure: Figure, shown: Shown) -> Cell:
    """A group as people call it: its name, the words of a code, or that it has none."""
    cells = [label_of(name, figure, shown) for name in shown.plan.dimensions]
    return cells[0] if len(cells) == 1 else Worded("group", {"parts": cells})


def label_of(name: str, figure: Figure, shown: Shown) -> Cell:
    """A group of one dimension as people call it."""
    key, label = figure.keys.get(name), figure.where.get(name)
    words = shown.model.dimensions[name].values
    if key in words:
        return words[key]
    return quoted(label) or Worded("no_group", {"name": shown.model.dimensions[name].names})


def still_runs(figure: Figure, room: Room) -> bool:
    """Whether a figure's period is not over yet."""
    return figure.period is not None and figure.period.end > room.clock.today


def when(figure: Figure, shown: Shown) -> Worded:
    """A figure's period; of a running total, up to when it runs."""
    period, running = figure.period, still_runs(figure, shown.room)
    if shown.plan.running and shown.plan.grain is not None and period is not None:
        starts = shown.room.company.fiscal_year_start
        last = unit(period.end - timedelta(days=1), shown.plan.grain, starts)
        return Worded("period", {"period": last, "unfinished": running, "up_to": True})
    return Worded("period", {"period": period, "unfinished": running, "up_to": False})


def asked_in_words(shown: Shown) -> dict[str, Any]:
    """What a title says: the KPIs, what they are split by, the period."""
    return {
        "kpis": [titled(shown.model.kpis[kpi].names) for kpi in shown.plan.kpis],
        "dimensions": [shown.model.dimensions[name].names for name in shown.plan.dimensions],
        "grain": Worded("grain", {"grain": str(shown.plan.grain)}) if shown.plan.grain else None,
        "period": shown.plan.period.period,
    }
