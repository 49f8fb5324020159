"""Lists of customers: "customers with no order for 6 months", 华东的高价值客户, "clients in Suzhou, size L"."""

from __future__ import annotations

from assistant.plans import CustomerList
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.kinds.events import Event
from assistant.understanding.kinds.listed import is_figure, is_narrow, listed
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.rows import Columns, RowsRead, cut_for, nouns_read, read_rows
from assistant.understanding.reading import Candidate, Reading

_COLUMNS = Columns(
    events={
        "first_time": Event(moment="first_order_on"),
        "since_order": Event("days_since_order", "last_order_at", length=True, latest=True),
        "since_contact": Event("days_since_contact", "last_contact_at", length=True, latest=True),
        "ordered": Event("days_since_order", "last_order_at"),
        "touch": Event("days_since_contact", "last_contact_at"),
        "silent": Event("days_since_order", quiet=True),
        "silent_customers": Event("days_since_order", quiet=True),
        "gone": Event("days_since_order", quiet=True),
    },
    values=("rep", "industry", "size_band", "region", "city", "value_class"),
    bounds={"lifetime_value": ("lifetime_value", "amount")},
    nouns={"lifetime_value": "lifetime_value", "first_time": "first_order_on", "since_order": "days_since_order"}
    | {"since_contact": "days_since_contact"},
)


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    figure = is_figure(asked)
    asked = cut_for("customers", reading, context)
    listing, counts = bool(asked.places("listing")), asked.places("count_of")
    if not asked.places("asks") or _of_leads(reading):
        return None
    once = asked.places("ordered") if asked.places("first_time") and not asked.places("not_") else []
    asked = nouns_read(asked.having_read([*counts, *once]), _COLUMNS)
    asked = asked.having_read(asked.places("gained") if asked.places("first_time") else [])
    read = read_rows(asked, _COLUMNS, "all", context)
    if (counts or (figure and not listing)) and not is_narrow(read):
        return None
    if all(
        piece.is_a("not_") or piece.phrase == "谁" for piece in asked.pieces if piece.is_a("asks")
    ) and not _of_orders(read):
        return None  # of other things, "who hasn't" asks for colleagues
    if not (listing or read.filters or read.whose or is_narrow(read) or read.several):
        return None
    return listed(read, _plan, reading)


def _of_orders(read: RowsRead) -> bool:
    return read.open_days == "days_since_order" or any(given.name == "days_since_order" for given in read.filters)


def _of_leads(reading: Reading) -> bool:
    """ "Which customers' leads" are leads; a 名单 may be one of customers."""
    return any(match.concept == "lead" and match.phrase.isascii() for match in reading.matches)


def _plan(read: RowsRead) -> CustomerList:
    whose = read.whose[0][0] if read.whose else None
    return CustomerList(filters=read.filters, order=read.order, limit=read.limit, whose=whose)


READER = KindReader("customers", _read)
