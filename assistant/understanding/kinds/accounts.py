"""The one account that a question names, or the question back which of several it is."""

from __future__ import annotations

from collections.abc import Callable

from assistant.plans import Choice, Clarify, Refuse
from assistant.understanding.figures.asked import Asked, new
from assistant.understanding.figures.unread import unread_in
from assistant.understanding.reading import Candidate, Reading

_MOST_CHOICES = 4
_CUSTOMER = "customer:"


def named_accounts(asked: Asked) -> tuple[tuple[str, ...], bool]:
    """The ids of the customers that the question may name, and whether it names several side by side."""
    named = [
        tuple(value.removeprefix(_CUSTOMER) for value in piece.meant("value") if value.startswith(_CUSTOMER))
        for piece in asked.pieces
    ]
    found = [ids for ids in dict.fromkeys(named) if ids]
    return (found[0] if found else ()), len(found) > 1


def places_of_accounts(asked: Asked) -> list[int]:
    """Where customers are named."""
    return [
        place
        for place, piece in enumerate(asked.pieces)
        if any(value.startswith(_CUSTOMER) for value in piece.meant("value"))
    ]


def one_account(
    asked: Asked, accounts: tuple[str, ...], plan: Callable[[str], Choice], reading: Reading, *, stranger: bool = False
) -> Candidate | None:
    """The plan about the account; where the name is that of several, which one is asked.

    `stranger`: the words can only be about an account, so that what nothing reads must be the name of one we have not.
    """
    places = places_of_accounts(asked)
    asked = asked.having_read(places)
    unread = unread_in(asked, reading.original)
    if not accounts:
        return Candidate(Refuse(reason="unknown_name", words=unread), unread) if stranger and unread else None
    if len(accounts) == 1:
        return Candidate(plan(accounts[0]), unread)
    pieces = [asked.pieces[place] for place in places]
    words = new(reading.original[piece.start : piece.end] for piece in pieces)
    choices = tuple(plan(customer) for customer in accounts[:_MOST_CHOICES])
    return Candidate(Clarify(reason="several_values", words=words, choices=choices), unread)
