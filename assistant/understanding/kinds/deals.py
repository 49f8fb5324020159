"""Lists of deals: "deals over 50k closing this week", 卡在报价阶段的商机, "which deals did we lose last month"."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal, cast

from assistant.plans import Clarify, DealList
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.kinds.events import Event
from assistant.understanding.kinds.listed import is_figure, is_narrow, listed
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.rows import Columns, RowsRead, cut_for, nouns_read, read_rows
from assistant.understanding.reading import Candidate, Reading

State = Literal["open", "won", "lost", "withdrawn", "all"]
_STATES = ("won", "lost", "withdrawn", "all")
_COLUMNS = Columns(
    events={
        "touch": Event("days_since_activity", "last_activity_at"),
        "since_contact": Event("days_since_activity", "last_activity_at", length=True, latest=True),
        "silent": Event("days_since_activity", quiet=True),
        "moved": Event("days_in_stage", "stage_entered_at", orders=True),
        "stuck": Event("days_in_stage", quiet=True, orders=True),
        "resting": Event("days_in_stage", "stage_entered_at", length=True, mild=True),
        "age": Event("age_days", length=True),
        "created": Event("age_days", "created_at"),
        "closing": Event(moment="expected_close_on", ahead=True),
    },
    values=(
        "rep",
        "customer",
        "product",
        "product_category",
        "stage",
        "lost_reason",
        "region",
        "industry",
        "channel",
        "size_band",
        "value_class",
        "city",
    ),
    orders={"oldest": ("age_days", True), "newest": ("created_at", True)},
    dated={
        "won": "closed_at",
        "lost": "closed_at",
        "withdrawn": "closed_at",
        "open": "expected_close_on",
        "closed": "closed_at",
    },
    bounds={"": ("amount", "amount")},
    nouns={"amount": "amount", "closing": "expected_close_on", "stuck": "days_in_stage"},
    most="amount",
    sizes={"big": True, "small": False},
)


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    figure = is_figure(asked)
    asked = cut_for("deals", reading, context)
    listing = bool(asked.places("listing"))
    state, places = _state(asked, context)
    if not asked.places("asks"):
        return None
    asked = nouns_read(asked.having_read([*places, *asked.places("open_", "count_of")]), _COLUMNS)
    read = read_rows(asked, _COLUMNS, state, context)
    if figure and not listing and not is_narrow(read):
        return None
    if any(piece.is_a("closing") for piece in asked.pieces):
        read = replace(read, asked=read.asked.having_read(read.asked.places("expects")))
    if state == "closed":
        return _which_end(read, reading)
    return listed(read, partial(_plan, state=cast(State, state)), reading)


def _state(asked: Asked, context: Context) -> tuple[str, list[int]]:
    """The state asked for and its words; 成交 and 签 are still to come where the period is."""
    ahead = any(piece.period is not None and piece.period.start > context.today for piece in asked.pieces)
    ahead = ahead or bool(asked.places("expects"))
    for name in (*_STATES, "closed"):
        places = [place for place in asked.places(name) if not (asked.pieces[place].is_a("closing") and ahead)]
        if places:
            return name, places
    return "open", []


def _which_end(read: RowsRead, reading: Reading) -> Candidate | None:
    """ "Closed" deals may be those that were won, or lost ones too."""
    ends: tuple[State, ...] = ("won", "lost", "all")
    found = [listed(read, partial(_plan, state=end), reading) for end in ends]
    unread = found[0].unread if found[0] is not None else ()
    choices = tuple(one.plan for one in found if one is not None and isinstance(one.plan, DealList))
    return Candidate(Clarify(reason="which_state", choices=choices), unread)


def _plan(read: RowsRead, state: State) -> DealList:
    whose = read.whose[0][0] if read.whose else None
    return DealList(state=state, filters=read.filters, order=read.order, limit=read.limit, whose=whose)


READER = KindReader("deals", _read)
