"""Whether whom a plan names is the asker's to see: people, teams, customers, by name or by id."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.accounts import works_with
from analytics.organisation import all_reps
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.plans import Plan

_NAMES = ("in", "not_in")


def names_own(plan: Plan, scope: Scope, reader: Reader) -> bool:
    """True where nobody is named who is not the asker's: "no data" would be untrue, and a name would be told."""
    if scope.reps is None:
        return True
    whose, _, identity = (getattr(plan, "whose", None) or "").partition(":")
    if identity and not _held(whose, (identity,), scope, reader):
        return False
    named = (given for given in getattr(plan, "filters", ()) if given.op in _NAMES)
    return all(_held(given.name, map(str, given.values), scope, reader) for given in named)


def _held(kind: str, names: Iterable[str], scope: Scope, reader: Reader) -> bool:
    """Whether all these are within the scope; of reps a name does as well as an id."""
    if scope.reps is None:
        return True
    if kind == "rep":
        called = {rep.name for rep in all_reps(reader) if scope.allows(rep.rep_id)}
        return set(names) <= scope.reps | called
    if kind == "team":
        return set(names) <= scope.teams
    if kind != "customer":
        return True
    reps = scope.reps
    return all(works_with(reader, name, reps) for name in names)
