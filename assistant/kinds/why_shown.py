"""An explained change as a table of its drivers, a waterfall, and the items a machine reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from analytics.vocabulary import Figure
from assistant.kinds.kpi_shown import amount, beside
from assistant.kinds.why_words import DASH, EFFECTS, change_of, effect_names, label_of, own, signed
from assistant.kinds.wording import titled
from assistant.result import Cell, Column, Label, Room, Table, Waterfall, Worded, quoted

if TYPE_CHECKING:
    from analytics.insights.drivers import Driver, Explained
    from analytics.insights.drivers.driver import Effect

_MOST_ROWS = 10
_MOST_STEPS = 6


def table_of(explained: Explained, room: Room, *, every: bool) -> Table:
    """Each member with what it was, what it is and what it adds; the rest (in one, or `every` one), and the whole."""
    shown, rest = _cut(explained, _MOST_ROWS, every=every)
    effects = [effect for effect in EFFECTS if _has(explained, effect)]
    names = effect_names(explained, room) if effects else {}
    columns = [
        Column(Worded("why_column", {"what": "driver"})),
        *(Column(Worded("why_column", {"what": what}), right=True) for what in ("before", "after", "adds")),
        *(Column(names[effect], right=True) for effect in effects),
    ]
    rows = [_row(explained, driver, effects, room) for driver in shown]
    if rest is not None:
        rows.append(_row(explained, rest, effects, room))
    figure = explained.figure
    before = beside(figure, figure.compared.value) if figure.compared else figure
    whole = (amount(before, room.model), amount(figure, room.model), signed(explained, explained.change, room))
    rows.append((Worded("why_whole", {}), *whole, *(DASH for _ in effects)))
    return Table(Worded("why_caption", _titles(explained, room)), tuple(columns), tuple(rows))


def _cut(explained: Explained, most: int, *, every: bool) -> tuple[list[Driver], Driver | None]:
    """The leading members, and all others in one; with `every` member, within noise or not, as far as there is room."""
    members = [driver for driver in explained.members if driver.effect != "unexplained"]
    whole = sum(driver.contribution for driver in explained.members)
    others = [driver for driver in explained.members if driver.effect == "unexplained"]
    if every:
        members, others = [*members, *explained.rest], []
    shown, others = members[:most], [*members[most:], *others]
    if not others:
        return shown, None
    left = whole - sum(driver.contribution for driver in shown)
    rest = replace(others[-1], effect="unexplained", keys={}, where={}, before=None, after=None, contribution=left)
    return shown, rest


def _has(explained: Explained, effect: Effect) -> bool:
    return any(driver.effect == effect for driver in explained.drivers)


def _row(explained: Explained, driver: Driver, effects: list[Effect], room: Room) -> tuple[Cell, ...]:
    known = own(driver, explained, room)
    each = [explained.effect_of(driver, effect) for effect in effects]
    return (
        label_of(driver, room),
        known["before"] or DASH,
        known["after"] or DASH,
        signed(explained, driver.contribution, room),
        *(DASH if value is None else signed(explained, value, room) for value in each),
    )


def _titles(explained: Explained, room: Room) -> dict[str, Any]:
    figure, dimensions = explained.figure, room.model.dimensions
    return {
        "kpi": titled(room.model.kpis[figure.name].names),
        "dimension": dimensions[explained.dimension].names if explained.dimension else None,
        "period": figure.period,
        "before_period": figure.compared.period if figure.compared else None,
    }


def chart_of(explained: Explained, room: Room, *, every: bool) -> Waterfall | None:
    """From what it was to what it is, step by step."""
    shown, rest = _cut(explained, _MOST_STEPS, every=every)
    figure = explained.figure
    if figure.compared is None or not shown:
        return None
    noise = {tuple(driver.keys.items()) for driver in explained.rest}
    steps = [
        _step(explained, driver, "unexplained" if tuple(driver.keys.items()) in noise else "member", room)
        for driver in shown
    ]
    if rest is not None:
        steps.append(_step(explained, rest, "unexplained", room))
    return Waterfall(
        title=Worded("why_caption", _titles(explained, room)),
        name=Worded("name", {"name": room.model.kpis[figure.name].names}),
        alt=Worded("why_alt", {**_titles(explained, room), "leader": label_of(shown[0], room)}),
        before=(_when(figure.compared.period), beside(figure, figure.compared.value)),
        steps=tuple(steps),
        after=(_when(figure.period), figure),
    )


def _when(period: Any) -> Worded:
    return Worded("period", {"period": period, "unfinished": False, "up_to": False})


def _step(
    explained: Explained, driver: Driver, kind: Literal["member", "unexplained"], room: Room
) -> tuple[Label, Figure, Literal["member", "unexplained"]]:
    label: Label = label_of(driver, room)
    if len(driver.keys) == 1:  # the title names the dimension
        (name,) = driver.keys
        words = room.model.dimensions[name].values.get(driver.keys[name] or "")
        label = words or quoted(driver.where[name]) or label
    return label, change_of(explained, driver.contribution, room), kind


def items_of(explained: Explained, room: Room) -> tuple[Mapping[str, Any], ...]:
    """One item for each driver and effect, the unexplained last; the contributions add up to the change."""
    unit = str(change_of(explained, explained.change, room).unit)
    return tuple(
        {
            "driver": driver.name,
            "where": {name: quoted(shown) for name, shown in driver.where.items()},
            "keys": dict(driver.keys),
            "effect": driver.effect,
            "contribution": driver.contribution,
            "unit": unit,
            "before": driver.before,
            "after": driver.after,
            "rows": driver.rows,
            "text": label_of(driver, room),
        }
        for driver in explained.drivers
    )
