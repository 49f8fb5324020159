"""Leads with a condition: a list ("leads not contacted for 14 days"), or whom of them to call ("Search leads to call").

Whom to call without a condition is read in `understanding.leads`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Literal, cast

from assistant.plans import Day, LeadList
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.kinds.events import Event
from assistant.understanding.kinds.listed import is_figure, is_narrow, listed
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.rows import Columns, RowsRead, cut_for, nouns_read, read_rows
from assistant.understanding.leads import against_calling
from assistant.understanding.reading import Candidate, Reading

State = Literal["open", "converted", "lost", "all"]
_STATES = ("converted", "lost", "all")
_OWNERS = {"company": "everyone"}
_DENIES = ("not_", "never_", "except")
_COLUMNS = Columns(
    events={
        "touch": Event("days_since_contact", "last_contact_at", dated=False),
        "since_contact": Event("days_since_contact", "last_contact_at", length=True, latest=True),
        "silent": Event("days_since_contact", quiet=True),
        "age": Event("age_days", length=True),
        "created": Event("age_days", "created_at"),
    },
    values=("rep", "customer", "channel", "campaign", "industry", "size_band", "region", "lost_reason"),
    orders={"oldest": ("age_days", True), "newest": ("created_at", True)},
    dated={"converted": "converted_at", "lost": "lost_at"},
    bounds={"chance": ("chance", "share")},
    nouns={"chance": "chance", "created": "created_at", "since_contact": "days_since_contact"},
)


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    figure = is_figure(asked)
    asked = cut_for("leads_list", reading, context)
    if not asked.places("asks"):
        return None
    calls = [place for place in asked.places("to_call") if not _denied(asked, place)]
    if calls and _is_advice(asked, calls):
        return _to_call(asked, calls, reading, context)
    return _list(asked, figure, reading, context)


def _denied(asked: Asked, place: int) -> bool:
    """ "Haven't contacted" is no call to make."""
    before = asked.beside(place, -1, "ignore", "mine", "my_team", "fills")
    return before is not None and asked.pieces[before].is_a(*_DENIES)


def _is_advice(asked: Asked, calls: list[int]) -> bool:
    """Whether calls are still to be made: "should I call", "worth a call", 今天该打."""
    marked = asked.places("should", "today", "best_to_call")
    return bool(marked) or any(not asked.pieces[place].is_a("touch") for place in calls)


def _to_call(asked: Asked, calls: list[int], reading: Reading, context: Context) -> Candidate | None:
    """Whom of some leads to call today; nothing where it is of all leads, or calls are not what is asked for."""
    if against_calling(reading, denied=bool(asked.places(*_DENIES))):
        return None
    words = asked.places("asks", "open_", "should", "today", "best_to_call", "sorted_", "rank")
    words += [place for place in asked.places("earliest") if asked.pieces[place].phrase == "next"]
    read = read_rows(asked.having_read([*calls, *words]), _COLUMNS, "open", context)
    of_a_team = any(owner.startswith("team:") for named in read.whose for owner in named)
    if read.order is not None or not (read.filters or read.several or read.open_days or of_a_team):
        return None
    return listed(read, partial(_call_plan, day=_today(context)), reading)


def _list(asked: Asked, figure: bool, reading: Reading, context: Context) -> Candidate | None:
    """Leads of one state."""
    listing, counts = bool(asked.places("listing")), asked.places("count_of")
    state = next((name for name in _STATES if asked.places(name)), "open")
    named = [*asked.places("open_"), *(asked.places(state) if state != "open" else [])]
    asked = nouns_read(asked.having_read([*named, *counts]), _COLUMNS)
    read = read_rows(asked, _COLUMNS, state, context)
    dated = any(given.op == "during" for given in read.filters)
    if (counts or (figure and dated and not listing)) and not is_narrow(read):
        return None
    conditions = [given for given in read.filters if not (given.name == "rep" and given.op == "in")]
    if not (named or conditions or read.order or read.open_days or read.several):
        return None  # leads without any condition are those to call
    return listed(read, partial(_list_plan, state=cast(State, state), day=_today(context)), reading)


def _call_plan(read: RowsRead, day: Day) -> LeadList:
    return LeadList(owner=_owner(read) or "me", day=day, filters=read.filters, limit=read.limit)


def _list_plan(read: RowsRead, state: State, day: Day) -> LeadList:
    return LeadList(
        purpose="list",
        owner=_owner(read),
        day=day,
        state=state,
        filters=read.filters,
        order=read.order,
        limit=read.limit,
    )


def _owner(read: RowsRead) -> str | None:
    owner = read.whose[0][0] if read.whose else None
    return _OWNERS.get(owner, owner) if owner is not None else None


def _today(context: Context) -> Day:
    return Day(start=context.today.isoformat(), end=(context.today + timedelta(days=1)).isoformat(), label="today")


READER = KindReader("leads_list", _read)
