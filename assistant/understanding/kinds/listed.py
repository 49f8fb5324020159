"""From what was read of a question for rows to its plan, or to the question back that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from assistant.plans import Choice, Clarify, Help, Refuse, RowFilter
from assistant.plans.lists import MOST_FILTERS
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.kinds.rows import RowsRead
from assistant.understanding.reading import Candidate, Reading

_USUAL_DAYS = (7, 14, 30)
_USUAL_MONTHS = (90, 180, 365)
_MOST_CHOICES = 4
_NAMES_ROWS = ("in", "not_in", "during")  # what a figure can be narrowed by, too


def is_figure(asked: Asked) -> bool:
    """Whether the words are also those of a KPI: "new leads last month" is a figure, "which leads came in" a list."""
    return any(piece.meant("kpi") and not _told_apart(asked, place) for place, piece in enumerate(asked.pieces))


def _told_apart(asked: Asked, place: int) -> bool:
    """ "Webinar leads created last week": the leads are named with their sort, the rest says which of them."""
    noun, _, rest = asked.pieces[place].phrase.partition(" ")
    return noun == "leads" and bool(rest) and place > 0 and bool(asked.pieces[place - 1].meant("value"))


def is_narrow(read: RowsRead) -> bool:
    """Whether it asks for rows as no figure does: by bounds, in an order, or so many."""
    bounded = any(given.op not in _NAMES_ROWS for given in read.filters)
    return bounded or read.open_days is not None or read.order is not None or read.limit is not None


def listed(read: RowsRead, plan: Callable[[RowsRead], Choice], reading: Reading) -> Candidate:
    """The list; a question back where a word has two meanings, owners differ, or a number is missing."""
    unread = (*unread_in(read.asked, reading.original), *_words(read, reading, read.missing))
    stranger = _stranger(read.asked, reading)
    if stranger and unread:
        return Candidate(Refuse(reason="unknown_name", words=stranger), unread)
    if read.open_days is not None:
        usual = _USUAL_MONTHS if read.open_days == "days_since_order" else _USUAL_DAYS
        each = (RowFilter(name=read.open_days, op="at_least", values=(days,)) for days in usual)
        return Candidate(Clarify(reason="how_long", choices=_with_each(read, each, plan)), unread)
    if read.several is not None:
        op = "not_in" if read.several.left_out else "in"
        options = read.several.options[:_MOST_CHOICES]
        choices = _with_each(read, (RowFilter(name=name, op=op, values=(value,)) for name, value in options), plan)  # type: ignore[arg-type]
        others = () if len(choices) > 1 else (plan(read),)
        words = _words(read, reading, (read.several.place,))
        return Candidate(Clarify(reason="several_values", words=words, choices=(*choices, *others)), unread)
    owners = [owner for named in read.whose for owner in named]
    if len(owners) > 1:
        choices = tuple(plan(replace(read, whose=((owner,),))) for owner in owners[:_MOST_CHOICES])
        words = _words(read, reading, _places_of_owners(read.asked))
        return Candidate(Clarify(reason="several_owners", words=words, choices=choices), unread)
    if len(read.filters) > MOST_FILTERS:
        return Candidate(Clarify(reason="too_many_filters", choices=(plan(replace(read, filters=())), Help())), unread)
    return Candidate(plan(read), unread)


def _with_each(read: RowsRead, each: Iterable[RowFilter], plan: Callable[[RowsRead], Choice]) -> tuple[Choice, ...]:
    return tuple(plan(replace(read, filters=(*read.filters, one))) for one in each)


def _words(read: RowsRead, reading: Reading, places: Iterable[int]) -> tuple[str, ...]:
    pieces = (read.asked.pieces[place] for place in places)
    return tuple(reading.original[piece.start : piece.end] for piece in pieces)


def _places_of_owners(asked: Asked) -> list[int]:
    return [place for place, piece in enumerate(asked.pieces) if piece.meant("rep") or piece.is_a("mine", "my_team")]


def _stranger(asked: Asked, reading: Reading) -> tuple[str, ...]:
    """A name that nobody has: what nothing reads right before "'s", 名下 or 的."""
    names = []
    for place, piece in enumerate(asked.pieces[:-1]):
        after = asked.pieces[place + 1]
        owns = after.phrase == "'s" or (after.is_a("belongs") and not after.phrase.isascii())
        if piece.is_a("unread") and owns:
            names.append(reading.original[piece.start : piece.end])
    return tuple(names)
