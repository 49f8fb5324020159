"""Customers and colleagues in a question: their names as pieces, and who is nearly named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.plans import Choice, Clarify, Compound, Plan, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import Piece, cut
from assistant.understanding.lexicon import Match
from assistant.understanding.reading import Reading

_MOST = 4  # choices of a question back


def named_pieces(normal: str, context: Context) -> list[Piece]:
    """Every name that stands in a normalised question, the group before its branches."""
    if context.names is None:
        return []
    hits = context.names.found(normal, allowed=context.allowed)
    return [Piece(hit.start, hit.end, hit.phrase, _group_first(hit.concepts, context)) for hit in hits if hit.exact]


def _group_first(concepts: tuple[str, ...], context: Context) -> tuple[str, ...]:
    group = context.names.prefer_group(concepts) if context.names is not None and len(concepts) > 1 else None
    return (group, *(one for one in concepts if one != group)) if group else concepts


def with_people(matches: Iterable[Match], found: Iterable[Piece]) -> tuple[Match, ...]:
    """The words of a question about leads, with colleagues by every form of their names: 老刘, Ms Schmidt."""
    people = [
        Match(piece.start, piece.end, concept, piece.phrase)
        for piece in found
        for concept in piece.concepts
        if concept.startswith("rep:")
    ]
    widest: dict[int, int] = defaultdict(int)
    for person in people:
        widest[person.start] = max(widest[person.start], person.end)
    spans = set(widest.items())
    named = {person for person in people if (person.start, person.end) in spans}
    rest = [match for match in matches if not any(start < match.end and match.start < end for start, end in spans)]
    return tuple(sorted({*rest, *named}, key=lambda match: (match.start, match.end, match.concept)))


def nearly_named(reading: Reading, context: Context, settle: Callable[[Reading], Plan | None]) -> Plan | None:
    """Where a question would read whole with somebody of nearly that name: whether they are meant."""
    if context.names is None:
        return None
    free = [(piece.start, piece.end) for piece in cut(reading.normal, reading.found) if piece.concepts == ("unread",)]
    near = [hit for hit in context.names.found(reading.normal, free, context.allowed) if not hit.exact] if free else []
    for hit in near:
        plans: list[Choice] = []
        for concept in hit.concepts[:_MOST]:
            piece = Piece(hit.start, hit.end, hit.phrase, (concept,))
            plan = settle(replace(reading, found=(*reading.found, piece)))
            if plan is not None and not isinstance(plan, Clarify | Refuse | Compound):
                plans.append(plan)
        if plans:
            words = (reading.original[hit.start : hit.end],)
            return Clarify(reason="did_you_mean", words=words, choices=tuple(dict.fromkeys(plans)))
    return None
