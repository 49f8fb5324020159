"""A question cut and read as one kind of plan."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from assistant.plans import Choice, Clarify, Plan
from assistant.understanding.amounts import Quantity
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import Piece, cut, quantities_of
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.lexicon import Hit
from assistant.understanding.reading import Candidate, Reading

Read = Callable[[Asked, Reading, Context], Candidate | None]


_CUSTOMER = "value:customer:"
_DEAL = re.compile(r"(?<![a-z0-9_-])#?o\d{3,}(?![a-z0-9_-])")


@dataclass(frozen=True)
class KindReader:
    """How one kind is read. `words` is the name of its file of words.

    `quantities`: it has a place for amounts, or for those this says. `named`: an account or a deal that is
    named asks for it, without a word.
    """

    words: str
    read: Read
    quantities: bool | Callable[[Quantity], bool] = False
    named: bool = False


def candidates_of(readers: Iterable[KindReader], reading: Reading, context: Context) -> tuple[Candidate, ...]:
    """The question as each kind whose words stand in it."""
    cues: dict[str, list[Hit]] = defaultdict(list)
    for hit in context.lexicon.cues.hits(reading.normal):
        for concept in hit.concepts:
            kind, _, name = concept.partition(":")
            cues[kind].append(replace(hit, concepts=(name,)))
    found = []
    account = _DEAL.search(reading.normal) or any(
        one.startswith(_CUSTOMER) for p in reading.found for one in p.concepts
    )
    for reader in readers:
        own = cues.get(reader.words, [])
        if any("asks" in hit.concepts for hit in own) or (reader.named and account):
            amounts = _amounts(reader.quantities, reading, context)
            asked = Asked(cut(reading.normal, [*_with_cues(reading.found, own), *amounts]))
            candidate = reader.read(asked, reading, context)
            found += [candidate] if candidate is not None else []
    return tuple(found)


def _amounts(wanted: bool | Callable[[Quantity], bool], reading: Reading, context: Context) -> list[Piece]:
    if isinstance(wanted, bool):
        return quantities_of(reading.normal, context.currency) if wanted else []
    found = quantities_of(reading.normal, context.currency)
    return [piece for piece in found if piece.quantity is not None and wanted(piece.quantity)]


def candidate(plan: Plan | None, asked: Asked, reading: Reading) -> Candidate | None:
    """The plan with the words that found no place in it."""
    return None if plan is None else Candidate(plan, unread_in(asked, reading.original))


def converted(
    plan: Plan | None, to: Callable[[Choice], Choice | None], *, otherwise: tuple[Choice, ...] = ()
) -> Plan | None:
    """A plan about figures as one of another kind: itself, or each choice of a question back."""
    if isinstance(plan, Clarify):
        choices = tuple(changed for choice in plan.choices if (changed := to(choice)) is not None)
        return plan.model_copy(update={"choices": tuple(dict.fromkeys(choices)) or otherwise})
    if plan is None or plan.kind in ("refuse", "compound"):
        return plan
    return to(plan)  # type: ignore[arg-type]


def _with_cues(found: Iterable[Piece], own: Iterable[Hit]) -> list[Piece]:
    """All pieces, those of one stretch as one: the kind's own meaning first."""
    pieces: dict[tuple[int, int], Piece] = {}
    for hit in own:
        before = pieces.get((hit.start, hit.end))
        concepts = (*(before.concepts if before else ()), *hit.concepts)
        pieces[hit.start, hit.end] = Piece(hit.start, hit.end, hit.phrase, concepts)
    rest = []
    for piece in found:
        same = pieces.get((piece.start, piece.end))
        if same is None or piece.period is not None or piece.count is not None:
            rest.append(piece)
        else:
            pieces[piece.start, piece.end] = replace(same, concepts=(*same.concepts, *piece.concepts))
    return [*pieces.values(), *rest]
