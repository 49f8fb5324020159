"""One deal: "can I give Silver Forge 5% off", O13220 能不能给八折, "how should I negotiate with Silver Forge"."""

from __future__ import annotations

import re
from functools import partial
from typing import Literal

from assistant.plans import Choice, Clarify, DealAdvice, DealList
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.kinds.accounts import named_accounts, one_account, places_of_accounts
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.rows import cut_for
from assistant.understanding.reading import Candidate, Reading

About = Literal["overview", "price", "negotiation"]
_ID = re.compile(r"(?<![a-z0-9_-])#?(o\d{3,})(?![a-z0-9_-])")
_OFF_THE_PRICE = ("share", "discount", "points")
_USED = ("the_deal", "price", "negotiation", "overview", "fills", "ignore", "which", "what_is", "greeting", "now")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    asked = cut_for("deal", reading, context, _ids(reading.normal))
    deals = list(dict.fromkeys(name for piece in asked.pieces for name in piece.meant("deal")))
    accounts, several = named_accounts(asked)
    off = [place for place in asked.places("quantity") if _discount(asked.pieces[place]) is not None]
    price, negotiation = bool(off or asked.places("price")), bool(asked.places("negotiation"))
    if several or len(deals) > 1 or len(off) > 1 or not (deals or accounts or (off and price)):
        return None
    if not deals and not (price or negotiation):
        return None
    discount = _discount(asked.pieces[off[0]]) if off else None
    about: About = "price" if off else "negotiation" if negotiation else "price" if price else "overview"
    asked = asked.having_read([*off, *asked.of_kind("deal"), *asked.places(*_USED)])
    if not (deals or accounts):
        ask = Clarify(reason="which_deal", choices=(DealList(whose="me"),))
        return Candidate(ask, unread_in(asked, reading.original))
    if not deals:
        return one_account(asked, accounts, partial(_with_account, about=about, discount=discount), reading)
    asked = asked.having_read(places_of_accounts(asked) if len(accounts) == 1 else [])
    customer = accounts[0] if len(accounts) == 1 else None
    advice = DealAdvice(deal=deals[0], customer=customer, about=about, discount=discount)
    return Candidate(advice, unread_in(asked, reading.original))


def _ids(text: str) -> list[Piece]:
    found = _ID.finditer(text)
    return [Piece(match.start(), match.end(), match[0], (f"deal:{match[1].upper()}",)) for match in found]


def _discount(piece: Piece) -> float | None:
    """The share off the price that a quantity names: 5%, 九五折, 三个点."""
    given = piece.quantity
    if given is None or given.kind not in _OFF_THE_PRICE or given.high is not None or not 0 < given.value < 1:
        return None
    return given.value


def _with_account(customer: str, about: About, discount: float | None) -> Choice:
    return DealAdvice(customer=customer, about=about, discount=discount)


READER = KindReader("deal", _read, named=True)
