"""What was agreed in a review: "agreed: Anna calls them by Friday", 上次会上定了什么, "done: the ten deals"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from assistant.plans import Agreed, Clarify, Days
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import Piece, cut
from assistant.understanding.kinds import agreed_forms as forms
from assistant.understanding.kinds.due import due_in
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.periods import periods_in
from assistant.understanding.reading import Candidate, Reading

_LONGEST = 300
_MOST_CHOICES = 4


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    for read in (_finished, _added, _listed):
        found = read(reading, context)
        if found is not None:
            return found
    return None


def _finished(reading: Reading, context: Context) -> Candidate | None:
    """Done or dropped: which it is, its own words tell when it runs."""
    text = _text(reading)
    for action, pattern in (("done", forms.DONE), ("drop", forms.DROP)):
        found = pattern.match(text)
        group = next((name for name, said in (found.groupdict() if found else {}).items() if said), None)
        if found is None or group is None or (action == "drop" and forms.OF_SUBSCRIPTIONS.search(text)):
            continue
        words = reading.original[slice(*found.span(group))].strip()
        if _says(words):
            return Candidate(Agreed.model_validate({"action": action, "text": words[:_LONGEST]}))
    return None


def _added(reading: Reading, context: Context) -> Candidate | None:
    """All behind the words that say so is what was agreed: people's own words, in which nothing is left unread."""
    text = _text(reading)
    surely = forms.ADD.match(text)
    found = surely or (None if forms.LIST.match(text) else forms.ADD_LOOSELY.match(text))
    if found is None:
        return None
    start = found.end()
    words = reading.original[start : len(text)].strip()
    due = due_in(text[start:], context)
    people = _people(reading, start)
    own = forms.BY_MYSELF.search(text[start:]) is not None
    if not _says(words) or not (surely or ((due or people or own) and not reading.normal.endswith(("?", "？")))):
        return None
    plan = Agreed(
        action="add",
        text=words[:_LONGEST],
        who="me" if own else None,
        due_on=due.isoformat() if due else None,
        assumed=() if own or people else ("who",),
    )
    return Candidate(plan) if own else _of_whom(plan, people, reading)


def _listed(reading: Reading, context: Context) -> Candidate | None:
    """What was agreed, of whom, when, and in which state: every word has to have its place."""
    text = _text(reading)
    times = periods_in(text, context.today, context.fiscal_year_start)
    people = _people(reading, 0)
    spans = [*((time.start, time.end) for time in times), *((piece.start, piece.end) for piece in people)]
    bare = _without(text, spans).lstrip()
    found = forms.LIST.match(bare)
    if found is None or len(times) > 1 or _says(forms.REST_OF_LIST.sub(" ", bare[found.end() :])):
        return None
    plan = Agreed(
        who="me" if forms.MINE.search(forms.ASKS_FOR.sub(" ", text)) else None,
        state=_state(text),
        agreed_in=Days.of(times[0].period) if times else None,
    )
    return _of_whom(plan, people, reading)


def _state(text: str) -> Literal["overdue", "open", "done"] | None:
    if forms.OVERDUE.search(text):
        return "overdue"
    if forms.OPEN.search(text):
        return "open"
    return "done" if forms.DONE_ONES.search(text) else None


def _text(reading: Reading) -> str:
    return reading.normal.rstrip(" .。!！?？")


def _people(reading: Reading, start: int) -> list[Piece]:
    """The colleagues that are named from a place on, in order."""
    named = [piece for piece in reading.found if piece.start >= start and piece.meant("rep")]
    return [piece for piece in cut(reading.normal, named) if piece.meant("rep")]


def _of_whom(plan: Agreed, people: list[Piece], reading: Reading) -> Candidate:
    """Of the colleague named first; which one is asked back where several are called so."""
    if not people:
        return Candidate(plan)
    first = people[0]
    each = tuple(plan.model_copy(update={"who": f"rep:{one}"}) for one in dict.fromkeys(first.meant("rep")))
    if len(each) == 1:
        return Candidate(each[0])
    words = (reading.original[first.start : first.end],)
    return Candidate(Clarify(reason="several_owners", words=words, choices=each[:_MOST_CHOICES]))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return " ".join("".join(kept).split())


def _says(words: str) -> bool:
    return any(character.isalnum() for character in words)


READER = KindReader("agreed", _read)
