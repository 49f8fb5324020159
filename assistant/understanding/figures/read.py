"""A question about figures, read step by step."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.plans import Clarify, Define, KpiQuery, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, Step
from assistant.understanding.figures.bounded import bounded, moved_by
from assistant.understanding.figures.broken_down import bare_dimensions, listed_breakdowns
from assistant.understanding.figures.dated import compared, dated
from assistant.understanding.figures.definitions import defined
from assistant.understanding.figures.doubts import decided
from assistant.understanding.figures.named_kpis import named_kpis
from assistant.understanding.figures.narrowed import named_values, owned, settled_values
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.ranked import ranked
from assistant.understanding.figures.shaped import fillers, shaped
from assistant.understanding.figures.unknown import not_offered, unknown_metric
from assistant.understanding.figures.unread import unread_in

STEPS: tuple[Step, ...] = (
    named_kpis,
    listed_breakdowns,
    ranked,
    dated,
    compared,
    shaped,
    named_values,
    bare_dimensions,
    owned,
    settled_values,
    fillers,
)


@dataclass(frozen=True)
class FiguresRead:
    """What a question means as one about figures; `plan` is None where it names none.

    `unread` are the words that nothing read.
    """

    plan: KpiQuery | Define | Clarify | Refuse | None
    unread: tuple[str, ...] = ()


def read_figures(pieces: tuple[Piece, ...], normal: str, original: str, context: Context) -> FiguresRead:
    """The plan, the question back or the refusal, as far as the words are about figures."""
    definition = defined(pieces, original, context) or not_offered(pieces, original, context)
    if definition is not None:
        return FiguresRead(definition)

    def decide(asked: Asked) -> KpiQuery | Clarify | Refuse | None:
        return decided(asked, unread_in(asked, original), normal, original, context)

    asked = _held_to_bounds(Asked(pieces), context)
    plan = decide(asked) or unknown_metric(
        asked, original, context, lambda other: decide(_held_to_bounds(other, context))
    )
    return FiguresRead(plan, unread_in(asked, original))


def stepped(asked: Asked, context: Context) -> Asked:
    """What the steps read of the pieces that are still free; only a question about KPIs has a place for bounds."""
    for step in STEPS:
        asked = step(asked, context)
    return asked


def _held_to_bounds(asked: Asked, context: Context) -> Asked:
    """The same, with groups held to bounds and how far something moved."""
    for step in STEPS:
        asked = step(asked, context)
        asked = moved_by(bounded(asked, context), context) if step is shaped else asked
    return asked
