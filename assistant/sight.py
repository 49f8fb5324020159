"""Whose rows a KPI is computed from for an asker: a KPI file's access rule applied to a role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.organisation import all_reps, reps_of_teams, with_teams_below
from analytics.vocabulary import Scope
from analytics.warehouse import Reader
from assistant.question import Asker, Role

if TYPE_CHECKING:
    from analytics.semantic.definition import Access


@dataclass(frozen=True)
class Sight:
    """The rows a KPI is computed from; `whose` names them: me, my_team, company, rep:<id>, team:<id>.

    `total_only`: a total beyond one's own rows, which is never broken down by rep, team, region or customer.
    """

    whose: str
    scope: Scope
    total_only: bool = False


def sight_of(whose: str | None, access: Access, asker: Asker, own: Scope, reader: Reader) -> Sight | str:
    """The rows, or the reason of a refusal (kpi_not_yours, not_your_rows). `own` is the asker's own scope.

    Nobody named: reps get their own rows, managers their teams', others the company's; where a KPI belongs to no rep
    or team, its company total if the file lets the role see it.
    """
    if asker.role in (Role.EXEC, Role.ADMIN):
        return _of_everything(whose, asker, reader)
    rule = access.rep if asker.role is Role.REP else access.manager
    if rule == "none":
        return "kpi_not_yours"
    if rule == "company":
        return Sight("company", Scope.everything(), total_only=True) if whose in (None, "company") else "not_your_rows"
    if whose == "company":
        seen = access.open or asker.role is Role.MANAGER
        return Sight("company", Scope.everything(), total_only=True) if seen else "not_your_rows"
    if asker.role is Role.REP:
        return _of_rep(whose, access, asker, own, reader)
    return _of_manager(whose, asker, own, reader)


def _of_everything(whose: str | None, asker: Asker, reader: Reader) -> Sight | str:
    kind, _, identity = (whose or "company").partition(":")
    if kind == "rep":
        known = any(rep.rep_id == identity for rep in all_reps(reader))
        return Sight(f"rep:{identity}", Scope.of(identity)) if known else "not_your_rows"
    if kind == "team":
        team = _of_team(identity, reader)
        return Sight(f"team:{identity}", team) if team.teams else "not_your_rows"
    if kind == "me" and asker.rep_id:
        return Sight("me", Scope.of(asker.rep_id))
    return Sight("company", Scope.everything()) if kind in ("company", "my_team", "me") else "not_your_rows"


def _of_team(team_id: str, reader: Reader) -> Scope:
    """The rows of a team and those below it, as its members were at the time."""
    held = with_teams_below(reader, frozenset({team_id}))
    return Scope(reps_of_teams(reader, held), held, by_team=True)


def _of_rep(whose: str | None, access: Access, asker: Asker, own: Scope, reader: Reader) -> Sight | str:
    kind, _, identity = (whose or "me").partition(":")
    if kind == "me" or (kind == "rep" and own.allows(identity)):
        return Sight("me", own)
    team = next((rep.team_id for rep in all_reps(reader) if rep.rep_id == asker.rep_id), None)
    asks_own_team = kind == "my_team" or (kind == "team" and identity == team)
    if not (asks_own_team and access.open and team):
        return "not_your_rows"
    return Sight("my_team", _of_team(team, reader), total_only=True)


def _of_manager(whose: str | None, asker: Asker, own: Scope, reader: Reader) -> Sight | str:
    kind, _, identity = (whose or "my_team").partition(":")
    if kind == "my_team":
        return Sight("my_team", Scope(own.reps, own.teams, by_team=True))
    if kind == "me":
        return Sight("me", Scope.of(asker.rep_id)) if asker.rep_id else "not_your_rows"
    if kind == "rep":
        return Sight(f"rep:{identity}", Scope.of(identity)) if own.allows(identity) else "not_your_rows"
    return Sight(f"team:{identity}", _of_team(identity, reader)) if identity in own.teams else "not_your_rows"
