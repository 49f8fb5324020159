"""Who is who: the company, the people who may ask, the reps and the teams a manager holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from analytics.warehouse import Reader, Warehouse
from analytics.warehouse.load import replace_rows
from analytics.warehouse.tables import company, people, reps, slack_identities, teams


@dataclass(frozen=True)
class Company:
    """The settings of the one company a warehouse is about.

    `performance_reading`: what its people mean by performance (业绩): revenue, won, cash or a KPI's id.
    """

    name: str = ""
    currency: str = "USD"
    timezone: str = "UTC"
    fiscal_year_start: int = 1
    calendar: str | None = None
    performance_reading: str | None = None


@dataclass(frozen=True)
class Person:
    """A row of `people`: somebody who may ask."""

    person_id: str
    name: str
    role: str
    rep_id: str | None
    email: str | None
    timezone: str | None
    locale: str | None
    slack_user_id: str | None = None


@dataclass(frozen=True)
class Rep:
    """Somebody who sells, by name."""

    rep_id: str
    name: str
    team_id: str | None
    active: bool
    slack_user_id: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What people call somebody: the full name, of those still here a Latin first name, and a mention in Slack."""
        first, _, rest = (self.name or "").partition(" ")
        short = (first,) if self.active and rest and first.isascii() and len(first) > 1 else ()
        return tuple(filter(None, (self.name, *short, self.slack_user_id)))


def read_company(reader: Reader) -> Company:
    """The company's settings; neutral ones where no source gave any."""
    settings = (
        company.c.name,
        company.c.currency,
        company.c.timezone,
        company.c.fiscal_year_start,
        company.c.calendar,
        company.c.performance_reading,
    )
    found = reader.rows(select(*settings).limit(1))
    if not found:
        return Company()
    row = found[0]
    starts = row.fiscal_year_start if row.fiscal_year_start in range(1, 13) else 1
    zone, reading = row.timezone or "UTC", row.performance_reading
    return Company(row.name or "", row.currency or "USD", zone, starts, row.calendar, reading)


def find_people(reader: Reader, words: str) -> list[Person]:
    """Everybody active whom `words` can mean: `ROLE:ID`, an id, an e-mail or an exact name, in that order."""
    role, colon, identity = words.partition(":")
    by_id = or_(people.c.person_id == identity, people.c.rep_id == identity)
    readings: list[ColumnElement[bool]] = [(people.c.role == role) & by_id] if colon else []
    readings += [
        or_(people.c.person_id == words, people.c.rep_id == words),
        func.lower(people.c.email) == words.lower(),
        people.c.name == words,
    ]
    for reading in readings:
        if found := _people(reader, reading):
            return found
    return []


def find_by_slack(reader: Reader, slack_user_id: str, email: str | None) -> Person | None:
    """The person behind a Slack user: linked by hand, else by the id in `people`, else by e-mail."""
    linked = select(slack_identities.c.person_id).where(slack_identities.c.slack_user_id == slack_user_id)
    readings: list[ColumnElement[bool]] = [people.c.person_id.in_(linked), people.c.slack_user_id == slack_user_id]
    if email:
        readings.append(func.lower(people.c.email) == email.lower())
    for reading in readings:
        found = _people(reader, reading)
        if len(found) == 1:
            return found[0]
    return None


def find_person(reader: Reader, person_id: str) -> Person | None:
    """Somebody active by their person_id; None when they have left or never were."""
    found = _people(reader, people.c.person_id == person_id)
    return found[0] if len(found) == 1 else None


def slack_user_of(reader: Reader, person_id: str) -> str | None:
    """The Slack user a person was last linked to by hand, else the one in `people`; None where neither says."""
    linked = select(slack_identities.c.slack_user_id).where(slack_identities.c.person_id == person_id)
    by_hand = reader.rows(linked.order_by(slack_identities.c.linked_at.desc()).limit(1))
    if by_hand:
        return str(by_hand[0].slack_user_id)
    person = find_person(reader, person_id)
    return person.slack_user_id if person else None


def _people(reader: Reader, condition: ColumnElement[bool]) -> list[Person]:
    statement = (
        select(
            people.c.person_id,
            people.c.name,
            people.c.role,
            people.c.rep_id,
            people.c.email,
            people.c.timezone,
            people.c.locale,
            people.c.slack_user_id,
        )
        .where(condition, people.c.active)
        .order_by(people.c.person_id)
    )
    return [Person(*tuple(row)) for row in reader.rows(statement)]


def all_people(reader: Reader) -> list[Person]:
    """Everybody active who may ask."""
    return _people(reader, people.c.person_id.is_not(None))


def sample_people(reader: Reader, role: str, limit: int = 3) -> list[Person]:
    """A few active people of a role, to show how to ask as somebody."""
    return _people(reader, people.c.role == role)[:limit]


def all_reps(reader: Reader) -> list[Rep]:
    """Every rep, past ones too."""
    statement = select(reps.c.rep_id, reps.c.name, reps.c.team_id, reps.c.active, reps.c.slack_user_id)
    return [
        Rep(row.rep_id, row.name, row.team_id, bool(row.active), row.slack_user_id)
        for row in reader.rows(statement.order_by(reps.c.rep_id))
    ]


def teams_held(reader: Reader, manager_rep_id: str) -> frozenset[str]:
    """The teams somebody manages and all teams below them."""
    found = reader.rows(select(teams.c.team_id).where(teams.c.manager_rep_id == manager_rep_id))
    return with_teams_below(reader, frozenset(row.team_id for row in found))


def with_teams_below(reader: Reader, team_ids: frozenset[str]) -> frozenset[str]:
    """These teams, as far as there are such, and all teams below them."""
    below: dict[str | None, list[Any]] = {}
    known: set[str] = set()
    for row in reader.rows(select(teams.c.team_id, teams.c.parent_team_id)):
        below.setdefault(row.parent_team_id, []).append(row.team_id)
        known.add(row.team_id)
    waiting, seen = sorted(team_ids & known), set[str]()
    while waiting:
        team = waiting.pop()
        if team not in seen:
            seen.add(team)
            waiting.extend(below.get(team, []))
    return frozenset(seen)


def topmost(reader: Reader, team_ids: frozenset[str]) -> list[str]:
    """Those of these teams that stand below none of the others, in the order of their ids."""
    statement = select(teams.c.team_id, teams.c.parent_team_id).where(teams.c.team_id.in_(sorted(team_ids)))
    return sorted(row.team_id for row in reader.rows(statement) if row.parent_team_id not in team_ids)


def reps_held(reader: Reader, manager_rep_id: str) -> frozenset[str]:
    """The reps of the teams somebody manages and of all teams below them, without the manager's own id."""
    return reps_of_teams(reader, teams_held(reader, manager_rep_id)) - {manager_rep_id}


def reps_of_teams(reader: Reader, team_ids: frozenset[str]) -> frozenset[str]:
    """The reps whose team is one of these, past ones too."""
    statement = select(reps.c.rep_id).where(reps.c.team_id.in_(sorted(team_ids)))
    return frozenset(row.rep_id for row in reader.rows(statement))


def link_slack_user(warehouse: Warehouse, slack_user_id: str, person: Person, now: datetime) -> None:
    """Keep that a Slack user is this person; replaces what was kept before and outlives every load."""
    row = {"slack_user_id": slack_user_id, "person_id": person.person_id, "linked_at": now, "source": "link"}
    with warehouse.kept() as connection:
        replace_rows(connection, slack_identities, [row])
