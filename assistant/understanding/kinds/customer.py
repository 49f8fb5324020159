"""One account: "tell me about Silver Forge", 南京正信的健康度怎么样, "is Silver Forge at risk of leaving"."""

from __future__ import annotations

from functools import partial
from typing import Literal, cast

from assistant.plans import Choice, CustomerCard
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.kinds.accounts import named_accounts, one_account
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.rows import cut_for
from assistant.understanding.reading import Candidate, Reading

About = Literal["overview", "value", "health", "advice", "history"]
_PARTS = ("advice", "health", "history", "value")
_USED = ("overview", "account", "fills", "ignore", "which", "who", "what_is", "greeting", "now")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    asked = cut_for("customer", reading, context)
    accounts, others = named_accounts(asked)
    parts = [name for name in _PARTS if asked.places(name)]
    if others or not (accounts or parts or asked.places("overview", "account")):
        return None
    asked = asked.having_read(asked.places(*_USED, *_PARTS))
    about = cast(About, parts[0] if parts else "overview")
    return one_account(asked, accounts, partial(_card, about=about), reading, stranger="health" in parts)


def _card(customer: str, about: About) -> Choice:
    return CustomerCard(customer=customer, about=about)


READER = KindReader("customer", _read, named=True)
