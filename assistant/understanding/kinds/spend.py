"""Budget and channel mix: "how should we split 500k across channels", 预算怎么分."""

from __future__ import annotations

from analytics.vocabulary import Grain
from assistant.plans import Days, Spend
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.read import stepped
from assistant.understanding.kinds.figures import last_full, looking_ahead, one_place, surely_asked, under_way
from assistant.understanding.kinds.reader import KindReader, candidate
from assistant.understanding.reading import Candidate, Reading

_OF_SPEND = {"marketing_spend", "marketing_cost", "marketing_roi", "attributed_revenue"}
_DIMENSIONS = {"channel", "campaign"}
_PLACES = ("channel", "campaign", "lead_source")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong = surely_asked(asked)
    amounts = [place for place in asked.places("quantity") if _amount(asked, place) is not None]
    to_divide = bool(amounts or asked.places("marketing"))
    channels = any(_names_a_channel(piece) for piece in asked.pieces)
    advised = bool(amounts or asked.places("advised"))
    plans = advised or (bool(asked.places("plans")) and not asked.places("now_so") and not _past(asked, context))
    if strong is None or not (strong or (to_divide and (plans or channels)) or (plans and channels)):
        return None
    asked = looking_ahead(asked, context) if plans else asked
    own = asked.places("asks", "marketing", "advised", "plans", "now_so", "fills")
    asked = stepped(asked.having_read([*own, *amounts[:1]]), context)
    asked = asked.having_read(asked.places("definition", "share", "now"))
    if set(asked.kpis) - _OF_SPEND or set(asked.dimensions) - _DIMENSIONS or asked.limit:
        return None
    if (asked.kpis and not advised) or asked.comparison or asked.base or len(asked.periods) > 1 or not one_place(asked):
        return None
    said = asked.periods[0] if asked.periods else None
    usual = under_way(Grain.MONTH, context) if plans else last_full(Grain.MONTH, context)
    plan = Spend(
        about="plan" if plans else "mix",
        period=Days.of(said or usual),
        budget=_amount(asked, amounts[0]) if amounts else None,
        filters=asked.filters,
        assumed=() if said else ("period",),
    )
    return candidate(plan, asked, reading)


def _names_a_channel(piece: Piece) -> bool:
    values = (value.partition(":")[0] for value in piece.meant("value"))
    return any(name in _PLACES for name in (*piece.meant("dim"), *values))


def _past(asked: Asked, context: Context) -> bool:
    """Whether a time is named that has ended: how it was divided then."""
    return any(piece.period is not None and piece.period.end <= context.today for piece in asked.pieces)


def _amount(asked: Asked, place: int) -> float | None:
    quantity = asked.pieces[place].quantity
    return quantity.value if quantity is not None and quantity.kind == "amount" and quantity.op == "exact" else None


READER = KindReader("spend", _read, quantities=True)
