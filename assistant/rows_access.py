"""Whose rows a list may show: leads, deals and customers are never open beyond one's own, not even as a few of them."""

from __future__ import annotations

from analytics.semantic.definition import Access
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.named_access import names_own
from assistant.plans import CustomerList, DealList, LeadList
from assistant.question import Asker, Role
from assistant.sight import Sight, sight_of

RowPlan = LeadList | DealList | CustomerList
_OWN_ROWS = Access(rep="own", manager="teams")


def permit_rows(plan: RowPlan, asker: Asker, own: Scope, reader: Reader) -> Sight | str:
    """The rows a list is made of, or the reason of a refusal (no_live_figures, not_your_rows, unowned_rows).

    `own` is the asker's own scope. Nobody named: reps get their own rows, managers their teams', others everybody's.
    Rows that nobody owns belong to no rep and no team: only those who see everything see them.
    """
    if asker.role is Role.TRAINEE:
        return "no_live_figures"
    if own.reps is not None and any(given.name == "rep" and given.op == "unknown" for given in plan.filters):
        return "unowned_rows"
    whose = plan.owner if isinstance(plan, LeadList) else plan.whose
    if whose in ("everyone", "company"):
        return Sight("company", Scope.everything()) if own.reps is None else "not_your_rows"
    sight = sight_of(whose, _OWN_ROWS, asker, own, reader)
    if isinstance(sight, str) or sight.total_only or not names_own(plan, own, reader):
        return "not_your_rows"
    return sight
