"""Which questions `help` offers: those that this installation, the company's data and the asker's rights answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.semantic.dimension_values import values_of
from analytics.semantic.present import Present
from assistant.kinds.wording import titled
from assistant.question import Role
from assistant.result import Room, Worded, quoted

_FOR_TRAINEES = ("playbook", "training", "define")
_SPEAK_OF_THEMSELVES = ("help", "clarify", "refuse")


@dataclass(frozen=True)
class Offer:
    """A question by the name that `help_example` words it under. `kind` is its plan's.

    `kpis` and `paths` ("orders", "orders.channel_id") are what the company must have for it; `named` is what its words
    name: a rep whose rows the asker sees, or a dimension of which a value is named.
    """

    name: str
    kind: str
    kpis: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    named: str = ""


_CLOSING = ("opportunities.expected_close_on", "opportunities.amount")
_SILENT = ("customers", "orders.customer_id")
_OFFERS: dict[Role, tuple[Offer, ...]] = {
    Role.REP: (
        Offer("calls_mine", "leads", paths=("leads.owner_rep_id",)),
        Offer("deals_mine", "deals", paths=_CLOSING),
        Offer("silent_mine", "customers", paths=_SILENT),
        Offer("leads_mine", "leads", paths=("leads.channel_id", "activities.lead_id"), named="channel"),
        Offer("kpi_mine", "kpi", kpis=("win_rate",)),
        Offer("trend_mine", "kpi", kpis=("revenue",)),
        Offer("why_mine", "why", kpis=("revenue",)),
        Offer("forecast_mine", "forecast", kpis=("revenue",)),
        Offer("playbook", "playbook"),
        Offer("define", "define", kpis=("lead_conversion_rate",)),
    ),
    Role.MANAGER: (
        Offer("calls_of_rep", "leads", paths=("leads.owner_rep_id",), named="rep"),
        Offer("calls_team", "leads", paths=("leads.owner_rep_id",)),
        Offer("summary_team", "summary", kpis=("revenue",)),
        Offer("ranking_team", "kpi", kpis=("win_rate",)),
        Offer("why_team", "why", kpis=("revenue",)),
        Offer("deals_team", "deals", paths=_CLOSING),
        Offer("forecast_team", "forecast", kpis=("revenue",)),
        Offer("silent_team", "customers", paths=_SILENT),
        Offer("kpi_of_rep", "kpi", kpis=("revenue",), named="rep"),
        Offer("trend_team", "kpi", kpis=("revenue",)),
        Offer("define", "define", kpis=("lead_conversion_rate",)),
    ),
    Role.EXEC: (
        Offer("by_region", "kpi", kpis=("revenue",), paths=("customers.region",)),
        Offer("of_channel", "kpi", kpis=("marketing_roi",), named="channel"),
        Offer("summary_company", "summary", kpis=("revenue",)),
        Offer("why_company", "why", kpis=("revenue",)),
        Offer("forecast_company", "forecast", kpis=("revenue",)),
        Offer("trend_of_region", "kpi", kpis=("revenue",), named="region"),
        Offer("deals_company", "deals", paths=_CLOSING),
        Offer("silent_region", "customers", paths=_SILENT, named="region"),
        Offer("ranking_company", "kpi", kpis=("win_rate",)),
        Offer("calls_company", "leads", paths=("leads.owner_rep_id",)),
        Offer("define", "define", kpis=("cac",)),
    ),
    Role.TRAINEE: (
        Offer("playbook", "playbook"),
        Offer("training", "training"),
        Offer("define", "define", kpis=("win_rate",)),
        Offer("define_other", "define", kpis=("cac",)),
        Offer("computed", "define", kpis=("marketing_roi",)),
        Offer("define", "define", kpis=("lead_conversion_rate",)),
        Offer("define_other", "define", kpis=("churn_rate",)),
        Offer("computed", "define", kpis=("pipeline_value",)),
    ),
}
MOST = 8
"""Examples on one screen."""
_FEW = 6


def kinds_open_to(role: Role) -> tuple[str, ...]:
    """The kinds of questions that are installed and open to a role, in the order in which they are told."""
    from assistant.kinds import KINDS  # the kinds hold `help`, which reads this

    told = (kind for kind, _ in KINDS if kind not in _SPEAK_OF_THEMSELVES)
    return tuple(kind for kind in told if role is not Role.TRAINEE or kind in _FOR_TRAINEES)


def examples_for(role: Role, room: Room) -> list[Worded]:
    """Questions that work for the asker of the room, the most useful first; where few do, those of the KPI files."""
    if role is Role.MANAGER and not room.permitted.scope.teams:
        role = Role.TRAINEE  # who leads no team sees no rows
    kinds, present = kinds_open_to(role), Present(room.model, room.data)
    offers = (offer for offer in _OFFERS[Role.EXEC if role is Role.ADMIN else role] if offer.kind in kinds)
    found = [_worded(offer, room) for offer in offers if _there(offer, room, present)]
    examples = [worded for worded in found if worded is not None]
    if len(examples) < _FEW and "kpi" in kinds:
        examples += list(_of_kpi_files(role, room, present))[: _FEW - len(examples)]
    return examples[:MOST]


def _there(offer: Offer, room: Room, present: Present) -> bool:
    """Whether the KPI files and the data have what the question is about."""
    if not all(kpi in room.model.kpis for kpi in offer.kpis):
        return False
    if offer.kind == "define":
        return True
    return not any(present.missing(kpi) for kpi in offer.kpis) and all(
        _filled(path, room, present) for path in offer.paths
    )


def _filled(path: str, room: Room, present: Present) -> bool:
    table, _, column = path.partition(".")
    return table in room.model.tables and not present.of_paths(table, [column] if column else [])


def _worded(offer: Offer, room: Room) -> Worded | None:
    """The question; None where the company has nothing to name in it."""
    named = _name(offer.named, room) if offer.named else None
    if offer.named and named is None:
        return None
    kpi = room.model.kpis[offer.kpis[0]].names if offer.kpis else None
    facts = {"name": offer.name, "kpi": kpi, "titled": titled(kpi) if kpi else None, "named": quoted(named)}
    return Worded("help_example", facts)


def _name(what: str, room: Room) -> str | None:
    if what == "rep":
        return _rep(room)
    if what not in room.model.dimensions:
        return None
    return next((name for _, name in sorted(values_of(room.model, room.data, what))), None)


def _rep(room: Room) -> str | None:
    """Somebody whose rows the asker sees, of a name that nobody else has."""
    own, held = room.asker.rep_id if room.asker else None, room.permitted.scope
    reps = room.reps.values()
    called = Counter(rep.name for rep in reps)
    return next(
        (
            rep.name
            for rep in reps
            if rep.active and rep.rep_id != own and held.allows(rep.rep_id) and called[rep.name] == 1
        ),
        None,
    )


def _of_kpi_files(role: Role, room: Room, present: Present) -> Iterator[Worded]:
    """The first verified question of each KPI that is there and whose rows the role sees."""
    for kpi in room.model.kpis.values():
        seen = {Role.REP: kpi.access.rep == "own", Role.MANAGER: kpi.access.manager == "teams"}.get(role, True)
        if seen and not present.missing(kpi.id):
            asked = kpi.questions[0]
            yield Worded("help_question", {"en": quoted(asked.en), "zh": quoted(asked.zh)})
