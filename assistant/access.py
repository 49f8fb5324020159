"""Roles -> what may be seen -> a row scope on the plan, or a refusal.

The scope comes from the asker alone, never from the words; a plan only narrows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analytics.organisation import Person, find_by_slack, find_people, reps_held, teams_held
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.plans import Choice, Clarify, Help, KpiQuery, LeadList, Plan, Refuse
from assistant.question import Asker, Role
from assistant.sight import Sight, sight_of

if TYPE_CHECKING:
    from analytics.semantic import Model


@dataclass(frozen=True)
class Permitted:
    """A plan that may run, the rows it may read, and whose rows it names (None: everybody's within the scope).

    `sights` are the rows each KPI of the plan is computed from.
    """

    plan: Plan
    scope: Scope
    owners: frozenset[str] | None = None
    sights: Mapping[str, Sight] = field(default_factory=dict)


def askers_named(reader: Reader, words: str) -> list[Asker]:
    """The active people whom `--as` can mean; one, none, or several of one name."""
    return [asker for person in find_people(reader, words.strip()) if (asker := _asker(person))]


def asker_in_slack(reader: Reader, slack_user_id: str, email: str | None) -> Asker | None:
    """The person behind a Slack user, or None."""
    found = find_by_slack(reader, slack_user_id, email)
    return _asker(found) if found else None


def _asker(person: Person) -> Asker | None:
    if person.role not in set(Role):
        return None
    return Asker(
        person.person_id, person.name, Role(person.role), person.rep_id, person.email, person.timezone, person.locale
    )


def permit(plan: Plan, asker: Asker | None, reader: Reader, model: Model) -> Permitted:
    """What of `plan` this asker may have. A refusal names what is missing and keeps the plan."""
    if asker is None:
        return _refused("unknown_asker", plan)
    if isinstance(plan, Clarify):
        return _permit_choices(plan, asker, reader, model)
    if isinstance(plan, KpiQuery):
        return _permit_kpis(plan, asker, reader, model)
    if not isinstance(plan, LeadList):
        return Permitted(plan, scope_of(asker, reader))
    if asker.role is Role.TRAINEE:
        return _refused("no_live_figures", plan)
    return _permit_leads(plan, asker, scope_of(asker, reader))


def _permit_choices(plan: Clarify, asker: Asker, reader: Reader, model: Model) -> Permitted:
    """A question back offers only what the asker may choose; which of several people is settled where one is left."""

    def may(choice: Choice) -> bool:
        return not isinstance(permit(choice, asker, reader, model).plan, Refuse)

    fitting = tuple(dict.fromkeys(_fitting(choice, asker) for choice in plan.choices))
    open_to = tuple(choice for choice in fitting if may(choice))
    if plan.reason == "several_owners":
        if not open_to:
            return _refused("not_your_rows", plan)
        if len(open_to) == 1 and len(plan.words) == 1:  # one name of several people, of whom the asker sees one
            return permit(open_to[0], asker, reader, model)
    if len(open_to) < 2:  # what was read is not the asker's to see: offer what is, as far as it was read
        own = (choice.model_copy(update={"owner": "me"}) for choice in fitting if isinstance(choice, LeadList))
        also = (choice for choice in (*(_fitting(choice, asker) for choice in own), Help()) if may(choice))
        open_to = tuple(dict.fromkeys((*also, *open_to)))
    return Permitted(plan.model_copy(update={"choices": open_to}), scope_of(asker, reader))


def _fitting(choice: Choice, asker: Asker) -> Choice:
    """A choice that leads somewhere: those who lead or own no leads are offered their team's or everybody's."""
    if not isinstance(choice, LeadList) or choice.owner != "me" or asker.role is Role.REP:
        return choice
    return choice.model_copy(update={"owner": "my_team" if asker.role is Role.MANAGER else "everyone"})


def scope_of(asker: Asker, reader: Reader) -> Scope:
    """Whose rows somebody may read; looked up at every question."""
    if asker.role in (Role.EXEC, Role.ADMIN):
        return Scope.everything()
    own = frozenset({asker.rep_id} if asker.rep_id else ())
    if asker.role is Role.MANAGER and asker.rep_id:
        return Scope(own | reps_held(reader, asker.rep_id), teams_held(reader, asker.rep_id))
    return Scope(own if asker.role is Role.REP else frozenset())


def _permit_kpis(plan: KpiQuery, asker: Asker, reader: Reader, model: Model) -> Permitted:
    """Which rows each KPI may be computed from, by its file's access rule; one KPI out of bounds refuses the plan."""
    if asker.role is Role.TRAINEE:
        return _refused("no_live_figures", plan)
    scope = scope_of(asker, reader)
    sights: dict[str, Sight] = {}
    for kpi_id in plan.kpis:
        if kpi_id not in model.kpis:
            return _refused("unknown_kpi", plan, kpi_id)
        sight = sight_of(plan.whose, model.kpis[kpi_id].access, asker, scope, reader)
        if isinstance(sight, str):
            return _refused(sight, plan, kpi_id)
        named = (*plan.dimensions, *(given.name for given in plan.filters))
        if not set(named) <= set(model.dimensions):  # a column could tell one person's rows from the others'
            return _refused("unknown_dimension", plan, kpi_id)
        if sight.total_only and any(model.dimensions[name].rep_level for name in named):
            return _refused("total_only", plan, kpi_id)
        if not _names_own(plan, sight.scope):
            return _refused("not_your_rows", plan, kpi_id)
        sights[kpi_id] = sight
    return Permitted(plan, scope, sights=sights)


def _names_own(plan: KpiQuery, scope: Scope) -> bool:
    """Whether the reps and teams a plan is narrowed to are the asker's to see: "no data" would be untrue."""
    if scope.reps is None:
        return True
    held = {"rep": scope.reps, "team": scope.teams}
    return all(
        set(map(str, given.values)) <= held[given.name]
        for given in plan.filters
        if given.name in held and given.op == "in"
    )


def _permit_leads(plan: LeadList, asker: Asker, scope: Scope) -> Permitted:
    kind, _, rep_id = (plan.owner or "me").partition(":")
    if kind == "rep":
        return Permitted(plan, scope, frozenset({rep_id})) if scope.allows(rep_id) else _refused("not_your_rows", plan)
    if kind == "everyone":
        return Permitted(plan, scope) if scope.reps is None else _refused("not_your_rows", plan)
    if kind == "my_team":
        if asker.role is Role.REP:
            return _refused("not_your_rows", plan)
        if asker.role is not Role.MANAGER:
            wide = plan.model_copy(update={"owner": "everyone"})
            return Permitted(Clarify(reason="no_team_of_own", choices=(wide, Help())), scope)
        return Permitted(plan, scope)
    return Permitted(plan, scope, frozenset({asker.rep_id} if asker.rep_id else ()))


def _refused(reason: str, plan: Plan, kpi: str | None = None) -> Permitted:
    understood = None if isinstance(plan, Refuse) else plan.model_dump(mode="json")
    return Permitted(Refuse(reason=reason, understood=understood, kpis=(kpi,) if kpi else ()), Scope())
