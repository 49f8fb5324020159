"""Drivers of a change in words: who moved, by how much, and which of its effects."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from analytics.vocabulary import Figure, Unit
from assistant.kinds.kpi_shown import amount
from assistant.result import Room, Worded, quoted

if TYPE_CHECKING:
    from analytics.insights.drivers import Driver, Explained
    from analytics.insights.drivers.driver import Effect
    from analytics.semantic.definition import Words

DASH = Worded("dash", {})
EFFECTS: tuple[Effect, ...] = ("rate", "volume", "mix")


def label_of(driver: Driver, room: Room) -> Worded:
    """ "team East 2", "campaign Search 2026 (channel Search)"; of a part the KPI's name; else "all others"."""
    if driver.effect == "unexplained":
        return Worded("why_rest", {})
    if driver.effect == "part":
        return Worded("name", {"name": room.model.kpis[driver.name].names})
    members = [_member(name, driver, room) for name in driver.keys]
    return Worded("why_member", {"members": members[::-1]})


def _member(name: str, driver: Driver, room: Room) -> dict[str, Any]:
    """The dimension, and the member as people call it; None where the rows have no such member."""
    dimension, key = room.model.dimensions[name], driver.keys[name]
    named: Words | Any = dimension.values.get(key or "") or quoted(driver.where.get(name))
    return {"dimension": dimension.names, "name": named}


def value_of(explained: Explained, value: float | None, room: Room) -> Figure:
    """A member's own value in the KPI's unit."""
    figure = explained.figure
    kept: Any = value
    if value is not None:
        kept = Decimal(str(value)) if figure.unit is Unit.MONEY else round(value) if _counts(explained) else value
    return Figure(figure.name, kept, figure.unit, decimals=room.model.kpis[figure.name].decimals_read)


def change_of(explained: Explained, change: float, room: Room) -> Figure:
    """A signed piece of the change: of a share in points, else in the KPI's unit."""
    if explained.figure.unit is Unit.SHARE:
        return Figure("change", change, Unit.POINTS, decimals=1)
    found = value_of(explained, change, room)
    return Figure(found.name, change, found.unit, decimals=found.decimals) if found.unit is not Unit.MONEY else found


def signed(explained: Explained, change: float, room: Room) -> Worded:
    """ "+6.9 points"; a change too small to be shown is about none."""
    figure = change_of(explained, abs(change), room)
    sign = "same" if abs(change) < _least_shown(figure) else "up" if change > 0 else "down"
    return Worded("why_share", {"sign": sign, "amount": amount(figure, room.model), "value": figure})


def _least_shown(figure: Figure) -> float:
    """What is rounded to zero."""
    if figure.unit is Unit.POINTS:
        return 0.0005
    return 0.005 if figure.unit is Unit.MONEY else 0.5 / 10 ** (figure.decimals or 0)


def own(driver: Driver, explained: Explained, room: Room) -> dict[str, Worded | None]:
    """What the member's own value was and is; None where it has none."""
    known = {"before": driver.before, "after": driver.after}
    if driver.effect == "part":
        kpi = room.model.kpis[driver.name]
        figures = {
            name: Figure(driver.name, value, Unit(kpi.unit), decimals=kpi.decimals_read)
            for name, value in known.items()
        }
    else:
        figures = {name: value_of(explained, value, room) for name, value in known.items()}
    return {name: amount(figure, room.model) if known[name] is not None else None for name, figure in figures.items()}


def effect_names(explained: Explained, room: Room) -> dict[str, Worded]:
    """What each effect is called here: of revenue, orders and average order value; of deals, their number and size."""
    kpi = room.model.kpis[explained.figure.name]
    if explained.method == "ratio":
        return {effect: Worded("why_effect", {"effect": effect, "kpi": None, "rows": None}) for effect in EFFECTS}
    if explained.volume is not None:
        rate = next(part for part in kpi.drivers.parts if part != explained.volume)
        return {
            "rate": Worded("why_effect", {"effect": "", "kpi": room.model.kpis[rate].names, "rows": None}),
            "volume": Worded(
                "why_effect", {"effect": "", "kpi": room.model.kpis[explained.volume].names, "rows": None}
            ),
        }
    table = room.model.tables.get(room.model.tables_of(kpi.id)[0])
    rows = table.rows if table else None
    return {
        effect: Worded("why_effect", {"effect": f"{effect}_of_rows", "kpi": None, "rows": rows})
        for effect in ("rate", "volume")
    }


def _counts(explained: Explained) -> bool:
    return explained.figure.unit is Unit.COUNT and explained.method == "members"
