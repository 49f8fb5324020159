"""Who may keep, see and finish what was agreed, and who closes months."""

from __future__ import annotations

from analytics.insights.books.tasks import AgreedTask
from analytics.organisation import all_reps
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.plans import Agreed, CloseMonth
from assistant.question import Asker, Role

_CLOSING = (Role.ADMIN, Role.EXEC)


def barred(plan: Agreed | CloseMonth, asker: Asker, scope: Scope, reader: Reader) -> str | None:
    """The reason of a refusal: closing_not_yours, or not_your_rows for somebody who is not the asker's."""
    if isinstance(plan, CloseMonth):
        return "closing_not_yours" if plan.action != "list" and asker.role not in _CLOSING else None
    kind, _, rep_id = (plan.who or "me").partition(":")
    if kind == "me":
        return None
    if kind != "rep" or not (scope.allows(rep_id) or rep_id == asker.rep_id):
        return "not_your_rows"
    return None if any(rep.rep_id == rep_id for rep in all_reps(reader)) else "not_your_rows"


def may_see(task: AgreedTask, asker: Asker, scope: Scope) -> bool:
    """One's own tasks and what one kept oneself; managers also those of their reps and teams."""
    if scope.reps is None:
        return True
    own = {asker.person_id, asker.rep_id}
    of_teams = task.holder_kind == "team" and task.holder_id in scope.teams
    return task.who in own or task.agreed_by in own or task.who in scope.reps or of_teams


def may_drop(task: AgreedTask, asker: Asker) -> bool:
    """What others gave a rep is theirs to drop."""
    return asker.role is not Role.REP or task.agreed_by in (asker.person_id, asker.rep_id)
