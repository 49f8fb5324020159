"""When things happened to the rows of a list: "not contacted for 14 days", "closing this week", 最久没下单."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analytics.semantic.calendar import units
from analytics.vocabulary import Grain, Period
from assistant.plans import Days, OrderedBy, RowFilter
from assistant.plans.parts import RowOp
from assistant.understanding.amounts import Quantity
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.kinds.figures import whole

_NAMED = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q[1-4]\b)|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月|季度"
)
_YEAR = re.compile(r"20\d\d|年|\blast\b|[上本这]")
_ROLLING = re.compile(r"\bpast\b|[近过]|内$")
_DAYS_IN = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30, Grain.QUARTER: 90, Grain.YEAR: 365}
_FARTHEST = 5  # pieces between "not" and what was not done
_BETWEEN = ("ignore", "fills", "asks", "mine", "my_team", "company", "quantity", "period", "who", "listing", "number")
_DENIES = ("not_", "never_", "except")


@dataclass(frozen=True)
class Event:
    """Something that happens to a row: `days` the column of days since, `moment` the column of when.

    `quiet`: the word itself says that it has not happened ("dormant"). `length`: a number of days beside it is how long
    at least ("open for 90 days"). `orders`: without a number the list is ordered by it. `ahead`: it is still to come.
    `mild`: without a number the word says no more than the stage beside it ("sitting in").
    `latest`: the word itself means the last one ("last order"); of other contacts and orders the last one is known, so
    that only a period up to today can be asked for. Not `dated`: a period is no condition on it.
    """

    days: str | None = None
    moment: str | None = None
    quiet: bool = False
    length: bool = False
    orders: bool = False
    ahead: bool = False
    mild: bool = False
    latest: bool = False
    dated: bool = True


@dataclass(frozen=True)
class _Said:
    """An event's word at a place, and the word that denies it; `implied` where the word there says something else."""

    place: int
    event: Event
    denial: int | None = None
    never: bool = False
    implied: bool = False

    @property
    def denied(self) -> bool:
        return self.event.quiet or self.denial is not None

    @property
    def places(self) -> tuple[int, ...]:
        if self.implied:
            return ()
        return (self.place,) if self.denial is None else (self.denial, self.place)


@dataclass(frozen=True)
class EventsRead:
    """The filters and the order that events give; `open_days` is a column of days left without a number."""

    asked: Asked
    filters: tuple[RowFilter, ...] = ()
    order: OrderedBy | None = None
    open_days: str | None = None


def events_read(asked: Asked, events: Mapping[str, Event], otherwise: str | None, context: Context) -> EventsRead:
    """Days and periods, each with the event whose words stand nearest; a period without one is about `otherwise`."""
    said = _said(asked, events)
    read, bound = _with_days(EventsRead(asked), said, events)
    read, dated = _with_periods(read, said, otherwise, context)
    return _without_number(read, [one for one in said if one not in bound and one not in dated])


def nouns_in(asked: Asked, events: Mapping[str, Event]) -> list[int]:
    """Where what is listed is named; not where the word says more: "dormant customers", 卡单, 公海."""
    return [place for place in asked.places("asks") if not _says_more(asked.pieces[place], events)]


def _says_more(piece: Piece, events: Mapping[str, Event]) -> bool:
    return piece.is_a("unowned", "big", "small", "not_", "mine", *events) or bool(piece.meant("value"))


def _said(asked: Asked, events: Mapping[str, Event]) -> list[_Said]:
    found = []
    for place, piece in enumerate(asked.pieces):
        name = next((name for name in events if piece.is_a(name)), None)
        if name is None or place in asked.read:
            continue
        denial = None if events[name].quiet else _denial(asked, place)
        if denial is None and _is_stage(asked, place):
            continue
        never = denial is not None and asked.pieces[denial].is_a("never_")
        found.append(_Said(place, events[name], denial, never))
    return _each_once(found)


def _each_once(found: list[_Said]) -> list[_Said]:
    """Where one column is spoken of twice ("no activity, silent"), the denied word speaks for it."""
    denied = {one.event.days for one in found if one.denied}
    return [one for one in found if one.denied or one.event.days not in denied or one.event.moment is None]


def _is_stage(asked: Asked, place: int) -> bool:
    """ "Contacted" and "new" are stages too: beside that word, or where something is stuck."""
    if not any(value.startswith("stage:") for value in asked.pieces[place].meant("value")):
        return False
    beside = [asked.pieces[at] for at in (place - 1, place + 1) if 0 <= at < len(asked.pieces)]
    stage = any("stage" in piece.meant("dim") or piece.phrase == "in" for piece in beside)
    return stage or any(piece.is_a("stuck", "resting") for piece in asked.pieces)


def _denial(asked: Asked, place: int) -> int | None:
    """The word before it that says it did not happen: "haven't", 没, "without"."""
    at = place - 1
    while at >= max(0, place - _FARTHEST):
        piece = asked.pieces[at]
        if piece.is_a(*_DENIES):
            return at if at not in asked.read else None
        if not (piece.is_a(*_BETWEEN) or piece.meant("rep") or piece.meant("value")):
            return None
        at -= 1
    return None


# --- a number of days


def _with_days(read: EventsRead, said: list[_Said], events: Mapping[str, Event]) -> tuple[EventsRead, list[_Said]]:
    bound = []
    for place in read.asked.places("quantity"):
        given = read.asked.pieces[place].quantity
        if given is None or given.kind != "days":
            continue
        near = [one for one in said if one.event.days]
        one = _of_age(read.asked, place, events) or _nearest(read.asked, place, near) or _stage_held(read.asked, events)
        op = _op(one, given) if one is not None else None
        if one is None or op is None or one.event.days is None:
            continue
        values = tuple(int(value) if float(value).is_integer() else value for value in given.values)
        filters = (*read.filters, RowFilter(name=one.event.days, op=op, values=values))
        read = replace(read, asked=read.asked.having_read([place, *one.places]), filters=filters)
        bound.append(one)
    return read, bound


def _op(one: _Said, given: Quantity) -> RowOp | None:
    """ "No order within 30 days" is 30 days or more without one; "ordered 30 days ago" is no bound."""
    if given.op == "exact" or given.op == "about":
        return "at_least" if one.denied or one.event.length else None
    if given.op == "at_most" and one.denial is not None:
        return "at_least"
    return given.op


def _of_age(asked: Asked, place: int, events: Mapping[str, Event]) -> _Said | None:
    """ "Older than 120 days", "open over 90 days": what is that old need not be said."""
    words, before = asked.pieces[place].phrase, asked.beside(place, -1, "ignore")
    older = "older" in words or "younger" in words or words.endswith("old")
    older = older or (before is not None and asked.pieces[before].is_a("open_"))
    return _Said(place, events["age"], implied=True) if older and "age" in events else None


def _stage_held(asked: Asked, events: Mapping[str, Event]) -> _Said | None:
    """ "In proposal over 30 days": how long it has been there."""
    stage = [
        place
        for place, piece in enumerate(asked.pieces)
        if any(value.startswith("stage:") for value in piece.meant("value"))
    ]
    if not stage or "stuck" not in events or any(piece.is_a(*events) for piece in asked.pieces):
        return None
    return _Said(stage[0], events["stuck"], implied=True)


def _nearest(asked: Asked, place: int, said: list[_Said]) -> _Said | None:
    """By the characters between."""
    piece = asked.pieces[place]

    def between(one: _Said) -> int:
        other = asked.pieces[one.place]
        return other.start - piece.end if other.start >= piece.end else piece.start - other.end

    return min(said, key=between, default=None)


# --- a period


def _with_periods(
    read: EventsRead, said: list[_Said], otherwise: str | None, context: Context
) -> tuple[EventsRead, list[_Said]]:
    dated = []
    for place in read.asked.places("period"):
        period = read.asked.pieces[place].period
        assert period is not None
        one = _nearest(read.asked, place, said)
        ahead = one.event.ahead if one is not None else (otherwise or "").startswith("expected")
        if ahead:
            period = _to_come(period, read.asked.pieces[place].phrase, context)
        given, clear = _when(one, period, read.asked.pieces[place].phrase, otherwise, context)
        if given is None:
            continue
        places = [*([place] if clear else []), *(one.places if one else ())]
        read = replace(read, asked=read.asked.having_read(places), filters=(*read.filters, given))
        dated += [one] if one is not None else []
    return read, dated


def _when(
    one: _Said | None, period: Period, words: str, otherwise: str | None, context: Context
) -> tuple[RowFilter | None, bool]:
    """The filter, and whether the words leave no doubt: "not contacted last week" may have been contacted since."""
    if one is None:
        ahead = otherwise is not None and otherwise.startswith("expected")
        if otherwise is None or (ahead and period.start <= context.today):
            return None, False
        return RowFilter(name=otherwise, op="during", period=_whole(period, ahead, context)), True
    if not one.denied:
        earlier = (one.event.moment or "").startswith("last_") and period.end < context.today
        if one.event.moment is None or not one.event.dated or (earlier and not one.event.latest):
            return None, False
        when = _whole(period, one.event.ahead, context)
        return RowFilter(name=one.event.moment, op="during", period=when), True
    if one.event.days is None or one.event.ahead or period.start >= context.today:
        return None, False
    if rolling := _rolling_days(period, words):
        return RowFilter(name=one.event.days, op="at_least", values=(rolling,)), True
    days = (context.today - period.start).days
    return RowFilter(name=one.event.days, op="more_than", values=(days,)), period.end > context.today


def _rolling_days(period: Period, words: str) -> int | None:
    """ "In the last 3 months" without a contact is 90 days without one, whichever month it is."""
    if period.grain not in _DAYS_IN or not (period.count > 1 or _ROLLING.search(words)):
        return None
    return period.count * _DAYS_IN[period.grain]


def _to_come(period: Period, words: str, context: Context) -> Period:
    """A month or quarter named without its year is the next one: "expected to close in December"."""
    if period.end > context.today or period.grain is None or not _NAMED.search(words) or _YEAR.search(words):
        return period
    return units(period.start.replace(year=period.start.year + 1), period.grain, period.count)


def _whole(period: Period, ahead: bool, context: Context) -> Days:
    """What is still to come lies in the whole unit of time, not only in its part so far."""
    return Days.of(whole(period, context) if ahead else period)


# --- neither


def _without_number(read: EventsRead, said: list[_Said]) -> EventsRead:
    """Never, the longest, the earliest; else how long is asked back, or the list is ordered by it."""
    for one in said:
        asked = read.asked
        if (one.denied or one.event.length) and any(given.name == one.event.days for given in read.filters):
            read = replace(read, asked=asked.having_read(one.places))  # "dormant customers, no order for 6 months"
            continue
        longest, edge = asked.places("longest"), _edge(asked, one)
        if one.event.mild and not longest and edge is None:
            read = replace(read, asked=asked.having_read(one.places))
            continue
        if one.event.days is not None and (one.denied or one.event.length) and longest:
            order = OrderedBy(by=one.event.days)
            read = replace(
                read, asked=asked.having_read([*one.places, *longest, *asked.places("sorted_by")]), order=order
            )
        elif _never(asked, one) and one.event.moment is not None:
            never = RowFilter(name=one.event.moment, op="unknown")
            read = replace(read, asked=asked.having_read(one.places), filters=(*read.filters, never))
        elif one.denied and one.event.orders:
            read = replace(read, asked=asked.having_read(one.places), order=OrderedBy(by=one.event.days or ""))
        elif one.denied and one.event.days is not None:
            read = replace(read, asked=asked.having_read(one.places), open_days=one.event.days)
        elif edge is not None and one.event.moment is not None:
            places, descending = edge
            order = OrderedBy(by=one.event.moment, descending=descending)
            read = replace(read, asked=asked.having_read([*one.places, *places]), order=order)
    return read


def _never(asked: Asked, one: _Said) -> bool:
    """ "Never contacted"; 没联系过 by itself is never, too."""
    return one.never or (one.denial is not None and "过" in asked.pieces[one.place].phrase)


def _edge(asked: Asked, one: _Said) -> tuple[list[int], bool] | None:
    """ "Sorted by close date, earliest first", 最早到期, "the latest created"; what is to come has the next first."""
    earliest, latest = asked.places("earliest"), asked.places("newest")
    by = [place for place in asked.places("sorted_by") if place < one.place]
    if earliest or latest:
        return [*earliest, *latest, *by, *asked.places("sorted_")], not earliest
    if by:
        return [*by, *asked.places("sorted_")], not one.event.ahead
    return None
