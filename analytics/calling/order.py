"""In which order to call: expected value per hour of work, and what to do where a part of it is unknown.

value per hour = chance x worth / (minutes / 60)      [money per hour of work]

Where worth or minutes is unknown for a candidate the whole list goes by chance; where no score is in use, by the
declared rule: worth first, then who has waited longest. Which of these it was is part of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum

from analytics.calling.candidates import Candidate

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Ranking(StrEnum):
    """By what a list is ordered."""

    VALUE_PER_HOUR = "value_per_hour"
    CHANCE = "chance"
    WORTH = "worth"
    WAITING = "waiting"


def ranking_for(candidates: Iterable[Candidate]) -> Ranking:
    """The best order that what is known of all these leads allows; leads not scored yet do not count."""
    listed = list(candidates)
    scored = [lead for lead in listed if lead.chance is not None]
    if scored:
        complete = all(lead.worth is not None and lead.minutes for lead in scored)
        return Ranking.VALUE_PER_HOUR if complete else Ranking.CHANCE
    return Ranking.WORTH if any(lead.worth is not None for lead in listed) else Ranking.WAITING


def value_per_hour(lead: Candidate) -> float | None:
    """Money per hour of work, or None where a part is unknown."""
    if lead.chance is None or lead.worth is None or not lead.minutes:
        return None
    return lead.chance * lead.worth / (lead.minutes / 60)


def in_calling_order(candidates: Iterable[Candidate], ranking: Ranking) -> list[Candidate]:
    """Best first. Unscored leads come last; ties go to the longest known wait, then the lead id."""
    best: dict[Ranking, Callable[[Candidate], float | None]] = {
        Ranking.VALUE_PER_HOUR: value_per_hour,
        Ranking.CHANCE: lambda lead: lead.chance,
        Ranking.WORTH: lambda lead: lead.worth,
        Ranking.WAITING: lambda lead: None,
    }
    measure = best[ranking]

    def place(lead: Candidate) -> tuple[bool, float, datetime, str]:
        measured = measure(lead)
        return measured is None, -(measured or 0.0), waiting_since(lead) or _NEVER, lead.lead_id

    return sorted(candidates, key=place)


def waiting_since(lead: Candidate) -> datetime | None:
    """The last contact, or when the lead was first seen."""
    return lead.last_contact_at or lead.first_seen_at
