"""What the kinds about figures share: reading the rest of the question as one about KPIs, and its periods."""

from __future__ import annotations

import re
from dataclasses import replace

from analytics.semantic.calendar import last, next_start, start_of, units
from analytics.vocabulary import Grain, Period
from assistant.plans import Clarify, KpiQuery, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.doubts import decided
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.reading import Reading

_A_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2}
# A month or quarter so named is a certain one; "December" and 一季度 are those of the year they are needed in.
OF_A_YEAR = re.compile(
    r"\d{2}年|\b20\d\d|'\d\d|\b(?:last|past|previous|prior|ago|this|current|since)\b|[去今本这前昨近往财]|上(?!半年)"
)


def as_figures(
    asked: Asked, reading: Reading, context: Context, *, ahead: bool = False
) -> KpiQuery | Clarify | Refuse | None:
    """The plan about figures that the pieces amount to, or what stands against it; None where it holds more than a
    KPI, a period, breakdowns, filters and a comparison."""
    unread = unread_in(asked, reading.original)
    found = decided(asked, unread, reading.normal, reading.original, context, ahead=ahead)
    plain = not isinstance(found, KpiQuery) or not (found.order or found.limit or found.share or found.running)
    return found if plain else None


def surely_asked(asked: Asked) -> bool | None:
    """Whether a word asks for this kind by itself; False where only weak ones do, None where a longer phrase has it."""
    asking = [asked.pieces[place] for place in asked.places("asks")]
    return any(not piece.is_a("weak") for piece in asking) if asking else None


def one_place(asked: Asked) -> bool:
    """Whether each value named can mean only one thing, and no more than one owner is named."""
    return all(naming.certain for naming in asked.narrowed) and len(asked.whose) <= 1


def owner(asked: Asked) -> str | None:
    """Whose rows, where somebody is named."""
    return asked.whose[0][0] if asked.whose else None


# --- periods


def looking_ahead(asked: Asked, context: Context) -> Asked:
    """With each period as a question about the future means it: whole, and a month without a year the next one."""
    return replace(asked, pieces=tuple(_ahead(piece, context) for piece in asked.pieces))


def _ahead(piece: Piece, context: Context) -> Piece:
    if piece.period is None:
        return piece
    period = whole(piece.period, context)
    steps = _A_YEAR.get(period.grain) if period.grain is not None else None
    if steps and period.end <= context.today and not OF_A_YEAR.search(piece.phrase):
        start = next_start(period.start, period.grain, steps)  # type: ignore[arg-type]
        period = units(start, period.grain, period.count, context.fiscal_year_start)  # type: ignore[arg-type]
    return replace(piece, period=period)


def whole(period: Period, context: Context) -> Period:
    """A period that runs up to today as the whole unit it lies in: what a forecast is about."""
    if not period.to_date or period.grain is None:
        return period
    return units(period.start, period.grain, period.count, context.fiscal_year_start)


def under_way(grain: Grain, context: Context) -> Period:
    """The whole unit of time that today lies in."""
    start = start_of(context.today, grain, context.fiscal_year_start)
    return units(start, grain, 1, context.fiscal_year_start)


def last_full(grain: Grain, context: Context) -> Period:
    """The unit of time before the one that today lies in."""
    return last(1, grain, context.today, context.fiscal_year_start)
