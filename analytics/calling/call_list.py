"""Today's call list: who is on it, in which order, why, and who was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from analytics.calling.candidates import (
    Candidate,
    candidates_statement,
    contacts_with,
    latest_predictions,
    open_candidates,
)
from analytics.calling.order import Ranking, in_calling_order, ranking_for, value_per_hour
from analytics.models.lifecycle.registry import ModelVersion, model_versions, newest_by_source
from analytics.vocabulary import Clock, Scope
from analytics.warehouse import Reader
from analytics.warehouse.tables import lead_features


@dataclass(frozen=True)
class Reason:
    """A feature of the lead, its value, and how far it moved the score.

    `contribution` is in log-odds of the chance for a scored lead, in money for one ranked by worth.
    """

    feature: str
    value: str | float | None
    contribution: float


@dataclass(frozen=True)
class Call:
    """One lead to call, why it stands where it does, and how the last contact ended."""

    lead: Candidate
    reasons: tuple[Reason, ...]
    last_outcome: str | None
    asked_for_quote: bool

    @property
    def value_per_hour(self) -> float | None:
        """Money per hour of work, or None."""
        return value_per_hour(self.lead)


@dataclass(frozen=True)
class CallList:
    """`calls` in order; `callable_leads` and `open_leads` count what they were chosen from."""

    calls: tuple[Call, ...]
    ranking: Ranking
    open_leads: int
    callable_leads: int
    do_not_contact: int
    called_today: int
    unscored: int
    verdicts: tuple[ModelVersion, ...]
    phones_known: bool
    contacts_known: bool
    statements: tuple[Select[Any], ...]
    currency: str | None
    data_until: datetime | None


def call_list(reader: Reader, scope: Scope, owners: frozenset[str] | None, clock: Clock, holds: int) -> CallList:
    """The open, callable leads of `owners` within `scope`, best first, at most `holds` of them."""
    candidates = open_candidates(reader, scope, owners, clock)
    currencies = {reader.sources[lead.source].currency for lead in candidates if lead.source in reader.sources}
    if len(currencies) > 1:  # amounts in two currencies have no common order
        candidates = [replace(lead, worth=None) for lead in candidates]
    callable_leads = [lead for lead in candidates if not lead.do_not_contact and not lead.called_today]
    verdicts = _verdicts(reader, {lead.source for lead in callable_leads}, clock)
    in_use = {verdict.source for verdict in verdicts if verdict.used}
    ranking = ranking_for(callable_leads)
    chosen = in_calling_order(callable_leads, ranking)[:holds]
    calls = _calls(reader, chosen, ranking, clock)
    left_out = Counter(
        "do_not_contact" if lead.do_not_contact else "called_today"
        for lead in candidates
        if lead.do_not_contact or lead.called_today
    )
    return CallList(
        calls=tuple(calls),
        ranking=ranking,
        open_leads=len(candidates),
        callable_leads=len(callable_leads),
        do_not_contact=left_out["do_not_contact"],
        called_today=left_out["called_today"],
        unscored=sum(lead.chance is None and lead.source in in_use for lead in callable_leads),
        verdicts=verdicts,
        currency=currencies.pop() if len(currencies) == 1 else None,
        data_until=data_age(reader, clock, {lead.source for lead in candidates}),
        phones_known=any(lead.phone for lead in candidates),
        contacts_known=any(lead.contact for lead in candidates),
        statements=(candidates_statement(scope, owners, clock, reader.as_of),),
    )


def _calls(reader: Reader, chosen: list[Candidate], ranking: Ranking, clock: Clock) -> list[Call]:
    if not chosen:
        return []
    ids = [lead.lead_id for lead in chosen]
    reasons = _reasons(
        reader, ids, "lead_score" if ranking in (Ranking.VALUE_PER_HOUR, Ranking.CHANCE) else "lead_worth", clock
    )
    outcomes, asked = _last_outcomes(reader, ids, clock), _asked_for_quote(reader, ids, clock)
    return [
        Call(lead, reasons.get(lead.lead_id, ()), outcomes.get(lead.lead_id), lead.lead_id in asked) for lead in chosen
    ]


def _reasons(reader: Reader, ids: list[str], model_id: str, clock: Clock) -> dict[str, tuple[Reason, ...]]:
    said = latest_predictions(ids, clock, [model_id]).subquery("said")
    statement = select(said.c.subject_id, said.c.reasons).where(said.c.newest == 1)
    return {
        row.subject_id: tuple(
            Reason(part["feature"], part.get("value"), part["contribution"]) for part in row.reasons or ()
        )
        for row in reader.rows(statement)
    }


def _last_outcomes(reader: Reader, ids: list[str], clock: Clock) -> dict[str, str | None]:
    contacts = contacts_with(ids, clock).subquery("contacts")
    in_order = select(contacts.c.lead_id, contacts.c.outcome).order_by(contacts.c.happened_at)
    return {row.lead_id: row.outcome for row in reader.rows(in_order)}


def _asked_for_quote(reader: Reader, ids: list[str], clock: Clock) -> set[str]:
    known = or_(lead_features.c.known_at.is_(None), lead_features.c.known_at <= clock.now)
    statement = select(lead_features.c.lead_id).where(
        lead_features.c.lead_id.in_(ids), lead_features.c.name == "asked_for_quote", lead_features.c.number > 0, known
    )
    return {row.lead_id for row in reader.rows(statement)}


def _verdicts(reader: Reader, sources: set[str], clock: Clock) -> tuple[ModelVersion, ...]:
    newest = newest_by_source(model_versions(reader, "lead_score", until=clock.now))
    return tuple(newest[source] for source in sorted(sources) if source in newest)


def data_age(reader: Reader, clock: Clock, sources: set[str]) -> datetime | None:
    """The latest moment the data of these sources knows of (of any, where none of them has dates), up to the clock."""
    ends = [end for source, end in reader.data_ends.items() if source in sources]
    newest = max(ends, default=reader.as_of)
    return min(newest, clock.now) if newest is not None else None
