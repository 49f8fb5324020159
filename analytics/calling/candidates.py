"""The open leads of some reps as of a clock, with what decides whether and when to call each.

The statements are built once a shape and given values, since building one costs as much as running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    union_all,
)

from analytics.models.lifecycle.registry import ModelVersion
from analytics.vocabulary import Clock, Period, Scope
from analytics.warehouse import Reader
from analytics.warehouse.tables import (
    CONTACT_KINDS,
    activities,
    customers,
    leads,
    ownership_changes,
    predictions,
    reported_activities,
)
from analytics.warehouse.types import UtcDateTime

MODELS = ("lead_score", "lead_worth", "lead_minutes")


@dataclass(frozen=True)
class Candidate:
    """An open lead. `chance` 0-1, `worth` in the company's currency, `minutes` of work to a decision; None: unknown."""

    lead_id: str
    owner_rep_id: str | None
    source: str
    company: str | None
    contact: str | None
    title: str | None
    phone: str | None
    crm_url: str | None
    do_not_contact: bool
    called_today: bool
    last_contact_at: datetime | None
    first_seen_at: datetime | None
    chance: float | None
    worth: float | None
    minutes: float | None


@dataclass(frozen=True)
class Search:
    """Whose leads, when: what the statements of one list need. `current` are the model versions that speak now."""

    scope: Scope
    owners: frozenset[str] | None
    clock: Clock
    data_until: datetime | None
    current: tuple[ModelVersion, ...]

    @property
    def past(self) -> bool:
        """Whether the clock stands before the data's own end."""
        return self.data_until is not None and self.clock.now < self.data_until

    @property
    def statement(self) -> Select[Any]:
        """The one statement that reads the candidates; runs with `values`."""
        return _candidates(self.scope.reps is not None, self.owners is not None, self.past)

    @property
    def values(self) -> dict[str, Any]:
        """The values of its parameters."""
        midnight, _ = Period.of_day(self.clock.today).bounds(self.clock.timezone)
        return {
            "now": self.clock.now,
            "midnight": midnight,
            "current": current_pairs(self.current),
            **({"allowed": sorted(self.scope.reps)} if self.scope.reps is not None else {}),
            **({"owners": sorted(self.owners)} if self.owners is not None else {}),
            **({"since": self.data_until} if self.past else {}),
        }


def current_pairs(current: Sequence[ModelVersion]) -> list[tuple[str, str]]:
    """(model, version) of the versions that are used; a pair that stands for none where there is no such version."""
    return [(version.model_id, version.version) for version in current if version.used] or [("", "")]


def open_candidates(reader: Reader, search: Search) -> list[Candidate]:
    """Every open lead that the search's scope may see, callable or not."""
    return [Candidate(*tuple(row)) for row in reader.rows(search.statement, search.values)]


def _moment(name: str) -> Any:
    return bindparam(name, type_=UtcDateTime)


@cache
def _candidates(scoped: bool, owned: bool, past: bool) -> Select[Any]:
    """Rows later than the clock are invisible.

    With a clock in the past the leads stand as they stood then: those decided since are still open, and each belongs
    to whom it belonged to.
    """
    mine = _open_leads(scoped, owned, past)
    contact = _contacts(mine)
    known = _predicted(mine)
    return (
        select(
            mine.c.lead_id, mine.c.owner_rep_id, mine.c.source, mine.c.company, mine.c.contact_name, mine.c.title,
            mine.c.phone, mine.c.crm_url, mine.c.do_not_contact, func.coalesce(contact.c.calls_today, 0) > 0,
            contact.c.last_contact_at, mine.c.seen_at, known.c.lead_score, known.c.lead_worth, known.c.lead_minutes,
        )
        .select_from(mine)
        .outerjoin(contact, contact.c.lead_id == mine.c.lead_id)
        .outerjoin(known, known.c.lead_id == mine.c.lead_id)
        .order_by(mine.c.lead_id)
    )  # fmt: skip


def _open_leads(scoped: bool, owned: bool, past: bool) -> Any:
    decided = func.coalesce(leads.c.converted_at, leads.c.lost_at)
    seen = func.coalesce(leads.c.created_at, leads.c.first_seen_at)
    open_now: ColumnElement[bool] = and_(leads.c.status == "open", decided.is_(None))
    owner: ColumnElement[Any] = leads.c.owner_rep_id
    if past:
        open_now = or_(open_now, and_(decided > _moment("now"), decided <= _moment("since")))
        owner = func.coalesce(_owner_then(), leads.c.owner_rep_id)
    blocked = or_(func.coalesce(leads.c.do_not_contact, False), func.coalesce(customers.c.do_not_contact, False))
    statement = (
        select(
            leads.c.lead_id, owner.label("owner_rep_id"), leads.c.source, leads.c.company, leads.c.contact_name,
            leads.c.title, leads.c.phone, leads.c.crm_url, blocked.label("do_not_contact"), seen.label("seen_at"),
        )
        .outerjoin(customers, customers.c.customer_id == leads.c.customer_id)
        .where(open_now, or_(seen.is_(None), seen <= _moment("now")))
    )  # fmt: skip
    for limited, name in ((scoped, "allowed"), (owned, "owners")):
        if limited:
            statement = statement.where(owner.in_(bindparam(name, expanding=True)))
    return statement.cte("mine")


def _owner_then() -> ColumnElement[Any]:
    """Who owned the lead at the clock, where a change of owner is recorded."""
    changes = ownership_changes
    return (
        select(func.max(changes.c.rep_id))
        .where(
            changes.c.lead_id == leads.c.lead_id,
            changes.c.from_at <= _moment("now"),
            or_(changes.c.to_at.is_(None), changes.c.to_at > _moment("now")),
        )
        .scalar_subquery()
    )


def _contacts(mine: Any) -> Any:
    both = contacts_with(select(mine.c.lead_id)).subquery("contacts")
    call_today: ColumnElement[bool] = and_(both.c.kind == "call", both.c.happened_at >= _moment("midnight"))
    return (
        select(
            both.c.lead_id,
            func.max(both.c.happened_at).label("last_contact_at"),
            func.sum(case((call_today, 1), else_=0)).label("calls_today"),
        )
        .group_by(both.c.lead_id)
        .subquery("contact")
    )


def contacts_with(lead_ids: Any) -> CompoundSelect[Any]:
    """Calls, e-mails, meetings, demos and visits with these leads up to `now`, loaded or told to the assistant."""
    return union_all(
        *(
            select(table.c.lead_id, table.c.kind, table.c.happened_at, table.c.outcome).where(
                table.c.lead_id.in_(lead_ids),
                table.c.kind.in_(CONTACT_KINDS),
                table.c.happened_at <= _moment("now"),
            )
            for table in (activities, reported_activities)
        )
    )


def _predicted(mine: Any) -> Any:
    latest = latest_predictions(select(mine.c.lead_id)).subquery("latest")
    return (
        select(
            latest.c.subject_id.label("lead_id"),
            *(func.max(case((latest.c.model_id == model, latest.c.value))).label(model) for model in MODELS),
        )
        .where(latest.c.newest == 1)
        .group_by(latest.c.subject_id)
        .subquery("known")
    )


def latest_predictions(lead_ids: Any) -> Select[Any]:
    """What the `current` model versions said of these leads up to `now`; `newest` is 1 on the row that counts.

    A version that is not used says nothing, and what its predecessors said no longer counts.
    """
    newest = func.row_number().over(
        partition_by=(predictions.c.model_id, predictions.c.subject_id), order_by=predictions.c.as_of.desc()
    )
    return select(
        predictions.c.model_id,
        predictions.c.subject_id,
        predictions.c.value,
        predictions.c.reasons,
        newest.label("newest"),
    ).where(
        predictions.c.subject_kind == "lead",
        tuple_(predictions.c.model_id, predictions.c.version).in_(bindparam("current", expanding=True)),
        predictions.c.subject_id.in_(lead_ids),
        predictions.c.as_of <= _moment("now"),
    )


def values_for(lead_ids: Sequence[str], clock: Clock, current: Sequence[ModelVersion] = ()) -> Mapping[str, Any]:
    """The values of a statement about some leads by id."""
    return {"ids": list(lead_ids), "now": clock.now, "current": current_pairs(current)}
