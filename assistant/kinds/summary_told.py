"""What a summary tells, computed: the KPIs that matter, why the main one changed, what is unusual, where it heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.insights.summary import PROCESS, Standing, choose, measure, surprises, worst_first
from analytics.semantic import Filter, QueryError, Semantics
from analytics.vocabulary import Period
from assistant.plans import Summary
from assistant.result import Room
from assistant.sight import Sight

if TYPE_CHECKING:
    from analytics.insights.unusual import Unusual
    from analytics.semantic.definition import Kpi

_MEANT = {"won": "won_amount", "cash": "payments_received"}
_MAIN = ("revenue", "won_amount", "payments_received")
_Rows = tuple[Sight, tuple[Filter, ...]]


@dataclass(frozen=True)
class Told:
    """The KPIs of a summary.

    `shown` stand worst first, `lead` is the one of the headline. `of_company` are company totals in a summary of a part
    of it. `missing` lack tables, `without_data` have no value for these days, `measured` counts those that have.
    """

    plan: Summary
    room: Room
    lead: Standing | None
    shown: tuple[Standing, ...]
    unusual: Mapping[str, Unusual]
    of_company: frozenset[str]
    missing: Mapping[str, tuple[str, ...]]
    without_data: tuple[Standing, ...]
    measured: int
    readable: tuple[str, ...]
    engines: Mapping[Sight, Semantics]

    @property
    def period(self) -> Period:
        """The days asked for."""
        return self.plan.period.period

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What the plan narrows the rows to."""
        return tuple(Filter(given.name, given.op, given.values) for given in self.plan.filters)

    def semantics(self, kpi: str) -> Semantics:
        """What computes a KPI for this asker."""
        return self.engines[self.room.permitted.sights[kpi]]

    def filters_of(self, kpi: str) -> tuple[Filter, ...]:
        """What narrows a KPI's rows: nothing for a company total."""
        return () if kpi in self.of_company else self.filters

    def is_unusual(self, standing: Standing) -> bool:
        """Whether a value is not what its past lets expect."""
        found = self.unusual.get(standing.kpi.id)
        return found is not None and found.is_unusual

    def is_bad(self, standing: Standing) -> bool:
        """Whether a value is unusual to the wrong side."""
        return self.is_unusual(standing) and self.unusual[standing.kpi.id].good is False

    @property
    def missed(self) -> tuple[Standing, ...]:
        """What misses its target, the worst first."""
        return tuple(one for one in self.shown if one.missed)

    @property
    def off(self) -> bool:
        """Whether anything misses its target or is unusually bad."""
        bad = (found for found in self.unusual.values() if found.is_unusual and found.good is not True)
        return bool(self.missed) or any(bad)


def told(plan: Summary, room: Room) -> Told:
    """Every KPI of the asker's measured, those that matter chosen, held against their past and put in order."""
    rows = _rows_of(plan, room)
    engines = {
        sight: Semantics(room.model, room.data, room.clock, sight.scope, room.company)
        for sight in room.permitted.sights.values()
    }
    standings: list[Standing] = []
    missing: dict[str, tuple[str, ...]] = {}
    readable: list[str] = []
    for (sight, filters), kpis in rows.items():
        found = measure(engines[sight], kpis, plan.period.period, filters, spelt_out=not room.in_slack)
        standings += found.standings
        missing |= found.missing
        readable += found.readable
    lead = _lead(standings, room)
    first = "customer" if plan.rhythm == "quarter" and plan.form != "diagnosis" else None
    chosen = choose(standings, lead.kpi.id if lead else None, first=first)
    unusual = _unusual(plan, engines, rows, chosen)
    scores = {kpi: found.score for kpi, found in unusual.items() if found.score is not None}
    parts = {sight.whose for sight, _ in rows} != {"company"} or bool(plan.filters)
    of_company = (kpi for (sight, filters), kpis in rows.items() for kpi in kpis if _of_all(sight, filters))
    return Told(
        plan, room, lead, worst_first(chosen, scores), unusual,
        of_company=frozenset(of_company) if parts else frozenset(),
        missing=missing,
        without_data=tuple(one for one in standings if not one.known),
        measured=sum(one.known for one in standings),
        readable=tuple(dict.fromkeys(readable)),
        engines=engines,
    )  # fmt: skip


def _rows_of(plan: Summary, room: Room) -> dict[_Rows, list[str]]:
    """The KPIs that a summary can have, by the rows they are computed from.

    A KPI that does not know what the summary is narrowed to is told as the company's, where that may be seen.
    """
    filters = tuple(Filter(given.name, given.op, given.values) for given in plan.filters)
    named = {given.name for given in filters}
    rows: dict[_Rows, list[str]] = defaultdict(list)
    for kpi_id, sight in room.permitted.sights.items():
        kpi = room.model.kpis[kpi_id]
        if not _belongs(kpi, plan.form):
            continue
        fits = named <= set(kpi.dimensions) and not (
            sight.total_only and any(room.model.dimensions[name].rep_level for name in named)
        )
        if fits:
            rows[sight, filters].append(kpi_id)
        elif sight.whose == "company":
            rows[sight, ()].append(kpi_id)
    return rows


def _belongs(kpi: Kpi, form: str) -> bool:
    """A bulletin has what everybody may see, a diagnosis what tells of the process, any other those of an area."""
    if form == "diagnosis":
        return any(kpi.id in part.kpis for part in PROCESS)
    return kpi.area is not None and (form != "bulletin" or kpi.access.open)


def _of_all(sight: Sight, filters: tuple[Filter, ...]) -> bool:
    return sight.whose == "company" and not filters


def _lead(standings: Sequence[Standing], room: Room) -> Standing | None:
    """The main KPI about money: what the company means by performance, else revenue and the like."""
    known = {one.kpi.id: one for one in standings if one.known}
    meant = room.company.performance_reading or ""
    wanted = (_MEANT.get(meant, meant), *_MAIN)
    return next((known[kpi] for kpi in wanted if kpi in known), None)


def _unusual(
    plan: Summary,
    engines: Mapping[Sight, Semantics],
    rows: Mapping[_Rows, Sequence[str]],
    chosen: Sequence[Standing],
) -> dict[str, Unusual]:
    """Which of the chosen are unusual; those shown for days of their own are not judged."""
    here = {one.kpi.id for one in chosen if not one.own}
    found: dict[str, Unusual] = {}
    for (sight, filters), kpis in rows.items():
        if judged := [kpi for kpi in kpis if kpi in here]:
            try:
                found |= surprises(engines[sight], judged, plan.period.period, filters)
            except QueryError:
                continue
    return found
