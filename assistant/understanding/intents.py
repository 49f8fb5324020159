"""What has been read -> the plan: rules tried in order, the first that applies decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from assistant.question import Clarify, Day, Help, LeadList, Refuse
from assistant.understanding.reading import Reading

Decision = LeadList | Help | Clarify | Refuse

MOST_LEADS = 100


def decide(reading: Reading) -> Decision:
    """The plan, a question back, or a refusal. Never a guess."""
    for rule in _RULES:
        decision = rule(reading)
        if decision is not None:
            return decision
    return Refuse(reason="not_understood", words=reading.unread)


def _no_words(reading: Reading) -> Decision | None:
    if not reading.normal:
        return Refuse(reason="empty")
    if not any(character.isalpha() for character in reading.normal):
        return Refuse(reason="no_words")
    return None


def _writes(reading: Reading) -> Decision | None:
    words = reading.phrases_of("write")
    return Refuse(reason="read_only", words=words) if words else None


def _leads(reading: Reading) -> Decision | None:
    if not _asks_for_leads(reading):
        return None
    unplaced = (*reading.phrases_of("negation", "other_day", "not_yet", "count_of"), *reading.unread)
    plain = LeadList(day=_today(reading))
    if unplaced:
        return Clarify(reason="unread_words", words=unplaced, choices=(plain, Help()))
    owners = _owners(reading)
    if len(owners) > 1:
        choices = tuple(LeadList(owner=owner, day=plain.day) for owner in owners[:4])
        return Clarify(reason="several_owners", words=reading.phrases_of(*owners), choices=choices)
    owner = owners[0] if owners else "me"
    counts = tuple(dict.fromkeys(reading.counts))
    if len(counts) > 1 or any(not 1 <= count <= MOST_LEADS for count in counts):
        return Clarify(
            reason="how_many",
            choices=(LeadList(owner=owner, day=plain.day), LeadList(owner=owner, day=plain.day, limit=MOST_LEADS)),
        )
    return LeadList(owner=owner, day=plain.day, limit=counts[0] if counts else None)


def _asks_for_leads(reading: Reading) -> bool:
    concepts = reading.concepts
    if "lead" in concepts:
        return (
            bool(concepts & {"call", "best", "today", "mine", "team", "everyone"} or reading.counts)
            or not reading.unread
        )
    return "call" in concepts and bool(concepts & {"who", "best", "today"})


def _owners(reading: Reading) -> list[str]:
    """Whose leads: named reps first, then the team or everyone; nobody named means the asker."""
    named = [
        concept for concept in dict.fromkeys(match.concept for match in reading.matches) if concept.startswith("rep:")
    ]
    if named:
        return named
    if "everyone" in reading.concepts:
        return ["everyone"]
    return ["my_team"] if "team" in reading.concepts else []


def _help(reading: Reading) -> Decision | None:
    meaning = reading.concepts - {"ignore", "mine", "today"}
    if reading.unread or not meaning <= {"help", "greeting"}:
        return None
    return Help() if meaning else None


def _not_yet(reading: Reading) -> Decision | None:
    words = reading.phrases_of("not_yet")
    return Refuse(reason="not_yet", words=words) if words else None


def _half_understood(reading: Reading) -> Decision | None:
    if not reading.concepts & {"lead", "call", "help", "best"}:
        return None
    return Clarify(reason="half_understood", words=reading.unread, choices=(LeadList(day=_today(reading)), Help()))


def _today(reading: Reading) -> Day:
    return Day(start=reading.today.isoformat(), end=(reading.today + timedelta(days=1)).isoformat(), label="today")


_RULES: tuple[Callable[[Reading], Decision | None], ...] = (
    _no_words,
    _writes,
    _leads,
    _help,
    _not_yet,
    _half_understood,
)
