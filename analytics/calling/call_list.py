"""Today's call list: who is on it, in which order, why, and who was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from analytics.calling.candidates import (
    Candidate,
    Search,
    contacts_with,
    latest_predictions,
    open_candidates,
    values_for,
)
from analytics.calling.order import Ranking, in_calling_order, ranking_for, value_per_hour
from analytics.models.lifecycle.registry import ModelVersion, model_versions, newest_versions
from analytics.vocabulary import Clock, Scope
from analytics.warehouse import Reader
from analytics.warehouse.tables import lead_features
from analytics.warehouse.types import UtcDateTime


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
    search: Search
    currency: str | None
    data_until: datetime | None


def call_list(reader: Reader, scope: Scope, owners: frozenset[str] | None, clock: Clock, holds: int) -> CallList:
    """The open, callable leads of `owners` within `scope`, best first, at most `holds` of them."""
    versions = newest_versions(model_versions(reader, until=clock.now))
    search = Search(scope, owners, clock, reader.as_of, versions)
    candidates = open_candidates(reader, search)
    currencies = {reader.sources[lead.source].currency for lead in candidates if lead.source in reader.sources}
    if len(currencies) > 1:  # amounts in two currencies have no common order
        candidates = [replace(lead, worth=None) for lead in candidates]
    callable_leads = [lead for lead in candidates if not lead.do_not_contact and not lead.called_today]
    verdicts = _verdicts(versions, {lead.source for lead in callable_leads})
    in_use = {verdict.source for verdict in verdicts if verdict.used}
    ranking = ranking_for(callable_leads)
    calls = _calls(reader, in_calling_order(callable_leads, ranking)[:holds], ranking, clock, versions)
    return CallList(
        calls=tuple(calls),
        ranking=ranking,
        open_leads=len(candidates),
        callable_leads=len(callable_leads),
        do_not_contact=sum(lead.do_not_contact for lead in candidates),
        called_today=sum(lead.called_today and not lead.do_not_contact for lead in candidates),
        unscored=sum(lead.chance is None and lead.source in in_use for lead in callable_leads),
        verdicts=verdicts,
        phones_known=any(lead.phone for lead in candidates),
        contacts_known=any(lead.contact for lead in candidates),
        search=search,
        currency=currencies.pop() if len(currencies) == 1 else None,
        data_until=data_age(reader, clock, {lead.source for lead in candidates}),
    )


def _verdicts(versions: Sequence[ModelVersion], sources: set[str]) -> tuple[ModelVersion, ...]:
    scores = (version for version in versions if version.model_id == "lead_score" and version.source in sources)
    return tuple(sorted(scores, key=lambda version: version.source))


def _calls(
    reader: Reader, chosen: list[Candidate], ranking: Ranking, clock: Clock, versions: Sequence[ModelVersion]
) -> list[Call]:
    if not chosen:
        return []
    model_id = "lead_score" if ranking in (Ranking.VALUE_PER_HOUR, Ranking.CHANCE) else "lead_worth"
    speaking = [version for version in versions if version.model_id == model_id]
    values = values_for([lead.lead_id for lead in chosen], clock, speaking)
    reasons = {row.subject_id: _reasons(row.reasons) for row in reader.rows(_said(), values)}
    outcomes = {row.lead_id: row.outcome for row in reader.rows(_outcomes_in_order(), values)}
    asked = {row.lead_id for row in reader.rows(_asked_for_quote(), values)}
    return [
        Call(lead, reasons.get(lead.lead_id, ()), outcomes.get(lead.lead_id), lead.lead_id in asked) for lead in chosen
    ]


def _reasons(parts: list[dict[str, Any]] | None) -> tuple[Reason, ...]:
    return tuple(Reason(part["feature"], part.get("value"), part["contribution"]) for part in parts or ())


def _ids() -> Any:
    return bindparam("ids", expanding=True)


@cache
def _said() -> Select[Any]:
    said = latest_predictions(_ids()).subquery("said")
    return select(said.c.subject_id, said.c.reasons).where(said.c.newest == 1)


@cache
def _outcomes_in_order() -> Select[Any]:
    contacts = contacts_with(_ids()).subquery("contacts")
    return select(contacts.c.lead_id, contacts.c.outcome).order_by(contacts.c.happened_at)


@cache
def _asked_for_quote() -> Select[Any]:
    known_at = lead_features.c.known_at
    return select(lead_features.c.lead_id).where(
        lead_features.c.lead_id.in_(_ids()),
        lead_features.c.name == "asked_for_quote",
        lead_features.c.number > 0,
        or_(known_at.is_(None), known_at <= bindparam("now", type_=UtcDateTime)),
    )


def data_age(reader: Reader, clock: Clock, sources: set[str]) -> datetime | None:
    """The latest moment the data of these sources knows of (of any, where none of them has dates), up to the clock."""
    ends = [end for source, end in reader.data_ends.items() if source in sources]
    newest = max(ends, default=reader.as_of)
    return min(newest, clock.now) if newest is not None else None
