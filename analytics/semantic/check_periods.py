"""For which periods a KPI exists: grains, rhythm, shortest, maturity and whole months that go together."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.semantic.definition import Kpi, Measure
from analytics.semantic.found import Trouble
from analytics.semantic.model import Model
from analytics.vocabulary import Grain

_DAYS = {
    Grain.DAY: 1,
    Grain.WEEK: 7,
    Grain.MONTH: 28,
    Grain.QUARTER: 90,
    Grain.HALF: 181,
    Grain.YEAR: 365,
    Grain.FISCAL_QUARTER: 90,
    Grain.FISCAL_HALF: 181,
    Grain.FISCAL_YEAR: 365,
}  # the fewest a unit can have


def check_periods(model: Model, kpi: Kpi) -> Iterator[Trouble]:
    """What no period could satisfy, and what would be left unread."""
    rhythm = _DAYS[Grain(kpi.rhythm)]
    if rhythm < _DAYS[kpi.grains]:
        yield ("rhythm",), f"the rhythm {kpi.rhythm} is finer than the KPI exists for (grains: {kpi.grains})"
    if kpi.prorate is not None:
        yield from _whole_months(kpi)
    if kpi.shortest is not None and rhythm < kpi.shortest.days:
        yield ("shortest",), f"a {kpi.rhythm}, its rhythm, can be shorter than {kpi.shortest.days} days"
    measures = [part.measure for part in model.parts(kpi.id)]
    instants = any(measure.state or measure.window for measure in measures)
    if kpi.additive.over_time and instants:
        yield (
            ("additive", "over_time"),
            "figures of a state or a window do not add up over time: write over_time: false",
        )
    if kpi.additive.over_time and kpi.type in ("ratio", "conversion"):
        yield ("additive", "over_time"), f"a {kpi.type} does not add up over time: write over_time: false"
    if kpi.additive.over and kpi.type in ("ratio", "conversion"):
        yield ("additive", "over"), f"the groups of a {kpi.type} do not add up to the total: write over: []"
    if kpi.needs_maturity is not None:
        yield from _maturity(model, kpi, measures)


def _whole_months(kpi: Kpi) -> Iterator[Trouble]:
    if _DAYS[kpi.grains] < _DAYS[Grain.MONTH]:
        yield ("prorate",), "prorate: never means whole months only; write grains: month too"
    for name in ("needs_maturity", "shortest"):
        if getattr(kpi, name) is not None:
            yield (name,), f"{name} says nothing beside prorate: never, which takes closed months; leave one out"


def _maturity(model: Model, kpi: Kpi, measures: list[Measure]) -> Iterator[Trouble]:
    assert kpi.needs_maturity is not None
    if any(measure.state for measure in measures):
        yield ("needs_maturity",), "a state is known at once; needs_maturity is for what rows become later"
    waits = max((days for measure in measures for days in _waited_for(model, measure)), default=0)
    if kpi.needs_maturity.days < waits:
        yield ("needs_maturity",), f"the measures wait up to {waits} days; write {{days: {waits}}} or more"


def _waited_for(model: Model, measure: Measure) -> Iterator[int]:
    """For how many days after its own time a row may still come to count."""
    if measure.reached_within is not None:
        yield measure.reached_within.days
    if measure.exists is not None and measure.exists.after is not None:
        yield measure.exists.after.days
    for condition in measure.where.values():
        if condition.within_days is not None and condition.of == model.time_of(measure):
            yield condition.within_days
