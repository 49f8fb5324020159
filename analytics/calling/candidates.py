"""The open leads of some reps as of a clock, with what decides whether and when to call each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, or_, select, union_all

from analytics.vocabulary import Clock, Period, Scope
from analytics.warehouse import Reader
from analytics.warehouse.tables import (
    CONTACT_KINDS,
    activities,
    customers,
    leads,
    models,
    ownership_changes,
    predictions,
    reported_activities,
)

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


def open_candidates(reader: Reader, scope: Scope, owners: frozenset[str] | None, clock: Clock) -> list[Candidate]:
    """Every open lead of `owners` (None: of all) that `scope` may see, callable or not."""
    return [Candidate(*tuple(row)) for row in reader.rows(candidates_statement(scope, owners, clock, reader.as_of))]


def candidates_statement(
    scope: Scope, owners: frozenset[str] | None, clock: Clock, data_until: datetime | None = None
) -> Select[Any]:
    """The one statement that reads them. Rows later than the clock are invisible.

    With a clock before `data_until` the leads stand as they stood then: those decided since are still open, and each
    belongs to whom it belonged to.
    """
    mine = _open_leads(scope, owners, clock, data_until if data_until and clock.now < data_until else None)
    contact = _contacts(mine, clock)
    known = _predicted(mine, clock)
    return (
        select(
            mine.c.lead_id,
            mine.c.owner_rep_id,
            mine.c.source,
            mine.c.company,
            mine.c.contact_name,
            mine.c.title,
            mine.c.phone,
            mine.c.crm_url,
            mine.c.do_not_contact,
            func.coalesce(contact.c.calls_today, 0) > 0,
            contact.c.last_contact_at,
            mine.c.seen_at,
            known.c.lead_score,
            known.c.lead_worth,
            known.c.lead_minutes,
        )
        .select_from(mine)
        .outerjoin(contact, contact.c.lead_id == mine.c.lead_id)
        .outerjoin(known, known.c.lead_id == mine.c.lead_id)
        .order_by(mine.c.lead_id)
    )


def _open_leads(scope: Scope, owners: frozenset[str] | None, clock: Clock, since: datetime | None) -> Any:
    decided = func.coalesce(leads.c.converted_at, leads.c.lost_at)
    seen = func.coalesce(leads.c.created_at, leads.c.first_seen_at)
    open_now: ColumnElement[bool] = and_(leads.c.status == "open", decided.is_(None))
    owner: ColumnElement[Any] = leads.c.owner_rep_id
    if since is not None:
        open_now = or_(open_now, and_(decided > clock.now, decided <= since))
        owner = func.coalesce(_owner_then(clock), leads.c.owner_rep_id)
    blocked = or_(func.coalesce(leads.c.do_not_contact, False), func.coalesce(customers.c.do_not_contact, False))
    statement = (
        select(
            leads.c.lead_id, owner.label("owner_rep_id"), leads.c.source, leads.c.company, leads.c.contact_name,
            leads.c.title, leads.c.phone, leads.c.crm_url, blocked.label("do_not_contact"), seen.label("seen_at"),
        )
        .outerjoin(customers, customers.c.customer_id == leads.c.customer_id)
        .where(open_now, or_(seen.is_(None), seen <= clock.now))
    )  # fmt: skip
    for allowed in (scope.reps, owners):
        if allowed is not None:
            statement = statement.where(owner.in_(sorted(allowed)))
    return statement.cte("mine")


def _owner_then(clock: Clock) -> ColumnElement[Any]:
    """Who owned the lead at the clock, where a change of owner is recorded."""
    changes = ownership_changes
    return (
        select(func.max(changes.c.rep_id))
        .where(
            changes.c.lead_id == leads.c.lead_id,
            changes.c.from_at <= clock.now,
            or_(changes.c.to_at.is_(None), changes.c.to_at > clock.now),
        )
        .scalar_subquery()
    )


def _contacts(mine: Any, clock: Clock) -> Any:
    midnight, _ = Period.of_day(clock.today).bounds(clock.timezone)
    both = contacts_with(select(mine.c.lead_id), clock).subquery("contacts")
    call_today: ColumnElement[bool] = and_(both.c.kind == "call", both.c.happened_at >= midnight)
    return (
        select(
            both.c.lead_id,
            func.max(both.c.happened_at).label("last_contact_at"),
            func.sum(case((call_today, 1), else_=0)).label("calls_today"),
        )
        .group_by(both.c.lead_id)
        .subquery("contact")
    )


def contacts_with(lead_ids: Any, clock: Clock) -> CompoundSelect[Any]:
    """Calls, e-mails, meetings, demos and visits with these leads up to the clock, loaded or told to the assistant."""
    return union_all(
        *(
            select(table.c.lead_id, table.c.kind, table.c.happened_at, table.c.outcome).where(
                table.c.lead_id.in_(lead_ids), table.c.kind.in_(CONTACT_KINDS), table.c.happened_at <= clock.now
            )
            for table in (activities, reported_activities)
        )
    )


def _predicted(mine: Any, clock: Clock) -> Any:
    latest = latest_predictions(select(mine.c.lead_id), clock).subquery("latest")
    return (
        select(
            latest.c.subject_id.label("lead_id"),
            *(func.max(case((latest.c.model_id == model, latest.c.value))).label(model) for model in MODELS),
        )
        .where(latest.c.newest == 1)
        .group_by(latest.c.subject_id)
        .subquery("known")
    )


def latest_predictions(lead_ids: Any, clock: Clock, model_ids: Sequence[str] = MODELS) -> Select[Any]:
    """What the current version of each model said of these leads up to the clock; `newest` is 1 on the row that counts.

    Current is the newest version for the leads of a source, used or not: one that is not used says nothing, and what
    its predecessors said no longer counts.
    """
    age = func.row_number().over(partition_by=(models.c.model_id, models.c.source), order_by=models.c.trained_at.desc())
    known = select(models.c.model_id, models.c.source, models.c.version, age.label("age")).where(
        models.c.model_id.in_(model_ids), models.c.trained_at <= clock.now
    )
    current = known.subquery("current")
    newest = func.row_number().over(
        partition_by=(predictions.c.model_id, predictions.c.subject_id), order_by=predictions.c.as_of.desc()
    )
    return (
        select(
            predictions.c.model_id, predictions.c.subject_id, predictions.c.value, predictions.c.reasons,
            newest.label("newest"),
        )
        .join(
            current,
            and_(
                current.c.model_id == predictions.c.model_id,
                current.c.source == predictions.c.source,
                current.c.version == predictions.c.version,
                current.c.age == 1,
            ),
        )
        .where(
            predictions.c.subject_kind == "lead",
            predictions.c.model_id.in_(model_ids),
            predictions.c.subject_id.in_(lead_ids),
            predictions.c.as_of <= clock.now,
        )
    )  # fmt: skip
