"""Roles -> what may be seen -> a row scope on the plan, or a refusal.

The scope comes from the asker alone, never from the words; a plan only narrows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.organisation import Person, find_by_slack, find_people, reps_held
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.question import Asker, Clarify, Help, LeadList, Plan, Refuse, Role


@dataclass(frozen=True)
class Permitted:
    """A plan that may run, the rows it may read, and whose rows it names (None: everybody's within the scope)."""

    plan: Plan
    scope: Scope
    owners: frozenset[str] | None = None


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


def permit(plan: Plan, asker: Asker | None, reader: Reader) -> Permitted:
    """What of `plan` this asker may have. A refusal names what is missing and keeps the plan."""
    if asker is None:
        return _refused("unknown_asker", plan)
    if isinstance(plan, Clarify):
        return _permit_choices(plan, asker, reader)
    if not isinstance(plan, LeadList):
        return Permitted(plan, scope_of(asker, reader))
    if asker.role is Role.TRAINEE:
        return _refused("no_live_figures", plan)
    return _permit_leads(plan, asker, scope_of(asker, reader))


def _permit_choices(plan: Clarify, asker: Asker, reader: Reader) -> Permitted:
    """A question back offers only what the asker may choose; which of several people is settled where one is left."""

    def may(choice: LeadList | Help) -> bool:
        return not isinstance(permit(choice, asker, reader).plan, Refuse)

    fitting = tuple(dict.fromkeys(_fitting(choice, asker) for choice in plan.choices))
    open_to = tuple(choice for choice in fitting if may(choice))
    if plan.reason == "several_owners":
        if not open_to:
            return _refused("not_your_rows", plan)
        if len(open_to) == 1 and len(plan.words) == 1:  # one name of several people, of whom the asker sees one
            return permit(open_to[0], asker, reader)
    if len(open_to) < 2:  # what was read is not the asker's to see: offer what is, as far as it was read
        own = (choice.model_copy(update={"owner": "me"}) for choice in fitting if isinstance(choice, LeadList))
        also = (choice for choice in (*(_fitting(choice, asker) for choice in own), Help()) if may(choice))
        open_to = tuple(dict.fromkeys((*also, *open_to)))
    return Permitted(plan.model_copy(update={"choices": open_to}), scope_of(asker, reader))


def _fitting(choice: LeadList | Help, asker: Asker) -> LeadList | Help:
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
        return Scope(own | reps_held(reader, asker.rep_id))
    return Scope(own if asker.role is Role.REP else frozenset())


def _permit_leads(plan: LeadList, asker: Asker, scope: Scope) -> Permitted:
    kind, _, rep_id = plan.owner.partition(":")
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


def _refused(reason: str, plan: Plan) -> Permitted:
    understood = None if isinstance(plan, Refuse) else plan.model_dump(mode="json")
    return Permitted(Refuse(reason=reason, understood=understood), Scope())
