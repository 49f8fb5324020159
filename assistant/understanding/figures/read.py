"""A question about figures, read step by step."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.plans import Clarify, Define, KpiQuery, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, Step
from assistant.understanding.figures.broken_down import bare_dimensions, listed_breakdowns
from assistant.understanding.figures.dated import compared, dated
from assistant.understanding.figures.definitions import defined
from assistant.understanding.figures.doubts import decided
from assistant.understanding.figures.named_kpis import named_kpis
from assistant.understanding.figures.narrowed import named_values, owned, settled_values
from assistant.understanding.figures.pieces import pieces_of
from assistant.understanding.figures.ranked import ranked
from assistant.understanding.figures.shaped import fillers, shaped
from assistant.understanding.figures.unread import unread_in

_STEPS: tuple[Step, ...] = (
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


def read_figures(normal: str, original: str, context: Context) -> FiguresRead:
    """The plan, the question back or the refusal, as far as the words are about figures."""
    pieces = pieces_of(normal, context)
    definition = defined(pieces, original, context)
    if definition is not None:
        return FiguresRead(definition)
    asked = Asked(pieces)
    for step in _STEPS:
        asked = step(asked, context)
    unread = unread_in(asked, original)
    return FiguresRead(decided(asked, unread, normal, original, context), unread)
