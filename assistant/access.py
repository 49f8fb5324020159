"""Roles -> what may be seen -> a row scope on the plan, or a refusal.

The scope comes from the asker alone, never from the words; a plan only narrows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from analytics.accounts import owner_of_customer, owner_of_deal
from analytics.organisation import Person, find_by_slack, find_people, find_person, reps_held, teams_held
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.agreed_access import barred
from assistant.figures_access import FigurePlan, sights_for
from assistant.named_access import names_own
from assistant.plans import (
    Agreed,
    Choice,
    Clarify,
    CloseMonth,
    CustomerCard,
    CustomerList,
    DealAdvice,
    DealList,
    Define,
    Help,
    LeadList,
    Plan,
    Playbook,
    Refuse,
    Subscribe,
    Training,
)
from assistant.question import Asker, Role
from assistant.rows_access import RowPlan, permit_rows
from assistant.sight import Sight

if TYPE_CHECKING:
    from analytics.semantic import Model


_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
_SAY_NOTHING = ("unknown_asker",)
_OPEN_TO_TRAINEES = (Playbook, Training, Define, Help, Refuse)


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


def asker_of_person(reader: Reader, person_id: str) -> Asker | None:
    """Somebody active by their person_id, or None."""
    found = find_person(reader, person_id)
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
    if isinstance(plan, Refuse):
        return Permitted(_telling_what_may_be_told(plan, asker, reader, model), scope_of(asker, reader))
    if isinstance(plan, Clarify):
        return _permit_choices(plan, asker, reader, model)
    if isinstance(plan, FigurePlan):
        return _permit_figures(plan, asker, reader, model)
    if asker.role is Role.TRAINEE and not isinstance(plan, _OPEN_TO_TRAINEES):
        return _refused("no_live_figures", plan)
    if isinstance(plan, DealList | CustomerList) or (isinstance(plan, LeadList) and plan.purpose == "list"):
        return _permit_rows(plan, asker, reader)
    if isinstance(plan, LeadList):
        return _permit_leads(plan, asker, scope_of(asker, reader))
    if isinstance(plan, CustomerCard | DealAdvice):
        return _permit_account(plan, asker, reader)
    if isinstance(plan, Subscribe) and plan.action == "create" and plan.what is not None:
        return _permit_subscription(plan, plan.what, asker, reader, model)
    scope = scope_of(asker, reader)
    if isinstance(plan, Agreed | CloseMonth):
        reason = barred(plan, asker, scope, reader)
        return _refused(reason, plan) if reason else Permitted(plan, scope)
    if not names_own(plan, scope, reader):
        return _refused("not_your_rows", plan)
    return Permitted(plan, scope)


def _telling_what_may_be_told(plan: Refuse, asker: Asker, reader: Reader, model: Model) -> Refuse:
    """A refusal without the plan it kept, where the asker could not have had that plan: it may name somebody."""
    try:
        understood = _PLAN.validate_python(plan.understood) if plan.understood else None
    except ValidationError:
        return plan.model_copy(update={"understood": None})
    if understood is None or isinstance(understood, Refuse):
        return plan.model_copy(update={"understood": None})
    kept = not isinstance(permit(understood, asker, reader, model).plan, Refuse)
    return plan if kept else plan.model_copy(update={"understood": None})


def _permit_rows(plan: RowPlan, asker: Asker, reader: Reader) -> Permitted:
    scope = scope_of(asker, reader)
    sight = permit_rows(plan, asker, scope, reader)
    return _refused(sight, plan) if isinstance(sight, str) else Permitted(plan, scope, sights={"rows": sight})


def _permit_account(plan: CustomerCard | DealAdvice, asker: Asker, reader: Reader) -> Permitted:
    """An account or a deal of one's own, or of the teams held; what is nobody's, or not there, is seen by few."""
    scope = scope_of(asker, reader)
    if scope.reps is None:
        return Permitted(plan, scope)
    deal = plan.deal if isinstance(plan, DealAdvice) else None
    owner = owner_of_deal(reader, deal) if deal else owner_of_customer(reader, plan.customer or "")
    return Permitted(plan, scope) if owner and scope.allows(owner) else _refused("not_your_rows", plan)


def _permit_subscription(plan: Subscribe, what: Choice, asker: Asker, reader: Reader, model: Model) -> Permitted:
    """Nobody subscribes to what may not be seen; it is asked again when it is sent."""
    sent = permit(what, asker, reader, model)
    return replace(sent, plan=plan) if not isinstance(sent.plan, Refuse) else sent


def _permit_choices(plan: Clarify, asker: Asker, reader: Reader, model: Model) -> Permitted:
    """A question back offers only what the asker may choose; which of several people is settled where one is left."""

    def may(choice: Choice) -> bool:
        return not isinstance(permit(choice, asker, reader, model).plan, Refuse)

    fitting = tuple(dict.fromkeys(_fitting(choice, asker) for choice in plan.choices))
    open_to = tuple(choice for choice in fitting if may(choice))
    barred = not any(not isinstance(choice, Help) for choice in open_to)
    if plan.reason in ("several_owners", "several_values", "did_you_mean") and barred:
        return _refused("not_your_rows", plan)
    if plan.reason == "several_owners" and len(open_to) == len(plan.words) == 1:  # of one name the asker sees one
        return permit(open_to[0], asker, reader, model)
    if len(open_to) < 2:  # what was read is not the asker's to see: offer what is, as far as it was read
        own = (choice.model_copy(update={"owner": "me"}) for choice in fitting if isinstance(choice, LeadList))
        also = (choice for choice in (*(_fitting(choice, asker) for choice in own), Help()) if may(choice))
        open_to = tuple(sorted(dict.fromkeys((*open_to, *also)), key=lambda choice: isinstance(choice, Help)))
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


def _permit_figures(plan: FigurePlan, asker: Asker, reader: Reader, model: Model) -> Permitted:
    if asker.role is Role.TRAINEE:
        return _refused("no_live_figures", plan)
    scope = scope_of(asker, reader)
    sights = sights_for(plan, asker, scope, reader, model)
    return _refused(sights[0], plan, sights[1]) if isinstance(sights, tuple) else Permitted(plan, scope, sights=sights)


def _permit_leads(plan: LeadList, asker: Asker, scope: Scope) -> Permitted:
    kind, _, rep_id = (plan.owner or "me").partition(":")
    if kind not in ("me", "my_team", "everyone", "rep"):
        return _refused("not_your_rows", plan)
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
    """What was understood is kept, unless the asker may not even know whom it names."""
    told = not isinstance(plan, Refuse) and reason not in _SAY_NOTHING and not isinstance(plan, Clarify)
    understood = plan.model_dump(mode="json") if told else None
    return Permitted(Refuse(reason=reason, understood=understood, kpis=(kpi,) if kpi else ()), Scope())
