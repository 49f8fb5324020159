"""The pipeline from words to plan: looked at as typed first, then with slips of the keyboard mended, then for what it
nearly says. The first look that reads every word decides; what none reads is asked back or refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.plans import Plan, Refuse
from assistant.understanding.compound import several_questions
from assistant.understanding.context import Context
from assistant.understanding.courtesies import without_courtesies
from assistant.understanding.coverage import unread_words
from assistant.understanding.figures.pieces import cut, found_in
from assistant.understanding.figures.read import read_figures
from assistant.understanding.follow_ups import follow_up
from assistant.understanding.follow_ups.subscriptions import sent_as_shown
from assistant.understanding.intents import left_open, settled
from assistant.understanding.kinds import KINDS
from assistant.understanding.kinds.reader import candidates_of
from assistant.understanding.named import named_pieces, nearly_named, with_people
from assistant.understanding.normalise import LONGEST, normalise, plain, visible
from assistant.understanding.numbers import counts_in
from assistant.understanding.reading import Reading
from assistant.understanding.respelt import respelt

Step = Callable[[Reading, Context], Reading]


@dataclass(frozen=True)
class Understood:
    """The plan; of a follow-up which slots of the plan before it keeps and which it changes; slips that were mended,
    as (said, read)."""

    plan: Plan
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()


def understand(text: str, context: Context, before: Plan | None = None) -> Plan:
    """Read one question; the same in either language gives the same plan. `before`: the plan before in a thread."""
    return understood(text, context, before).plan


def understood(text: str, context: Context, before: Plan | None = None) -> Understood:
    """The plan with how it came about."""
    found = _understood(text, context, before)
    return found if before is None else replace(found, plan=sent_as_shown(found.plan, before, context))


def _understood(text: str, context: Context, before: Plan | None) -> Understood:
    if len(text) > 10 * LONGEST or len(visible(text)) > LONGEST:
        return Understood(Refuse(reason="too_long"))
    reading = read(text, context)
    if (after := _after(before, reading, context)) is not None:
        return after
    plan = _whole(reading, context)
    if plan is not None:
        return Understood(plan)
    mended = respelt(reading, context)
    if mended is not None:
        again = read(mended.text, context)
        if (after := _after(before, again, context)) is not None:
            return replace(after, slips=mended.slips)
        plan = _whole(again, context)
        if plan is not None:
            return Understood(plan, slips=mended.slips)
        reading = again
    nearly = nearly_named(reading, context, lambda one: settled(_stepped(one, context)))
    return Understood(nearly or left_open(reading, context))


def _after(before: Plan | None, reading: Reading, context: Context) -> Understood | None:
    """What the words change in the plan before them."""
    if before is None:
        return None
    changed = follow_up(reading, before, context, lambda words: understood(words, context).plan)
    return Understood(changed.plan, changed.kept, changed.changed) if changed is not None else None


def _whole(reading: Reading, context: Context) -> Plan | None:
    """The plan of a question that reads whole, or of the several questions that it is."""
    plan = settled(reading)
    return several_questions(reading, plan, lambda words: settled(read(words, context)), context) or plan


def read(text: str, context: Context) -> Reading:
    """What each step reads of a text."""
    seen = without_courtesies(plain(text))
    normal = normalise(seen)
    original = seen if len(seen) == len(normal) else normal
    pieces = (*found_in(normal, context), *named_pieces(normal, context))
    return _stepped(Reading(normal, original, context.today, pieces), context)


def _stepped(reading: Reading, context: Context) -> Reading:
    for step in _STEPS:
        reading = step(reading, context)
    return reading


def _as_leads(reading: Reading, context: Context) -> Reading:
    """As a question for a list of leads to call."""
    matches = with_people(context.lexicon.matches(reading.normal), reading.found)
    named = {at for match in matches if match.concept.startswith("rep:") for at in range(match.start, match.end)}
    counted = [count for count in counts_in(reading.normal) if count[0] not in named]
    unread = unread_words(reading.normal, reading.original, matches, counted)
    return replace(reading, matches=matches, counts=tuple(value for _, _, value in counted), unread=unread)


def _as_figures(reading: Reading, context: Context) -> Reading:
    """As a question about KPIs."""
    pieces = cut(reading.normal, reading.found)
    return replace(reading, figures=read_figures(pieces, reading.normal, reading.original, context))


def _as_other_kinds(reading: Reading, context: Context) -> Reading:
    """As each other kind of question whose words stand in it."""
    return replace(reading, candidates=candidates_of(KINDS, reading, context))


_STEPS: tuple[Step, ...] = (_as_leads, _as_figures, _as_other_kinds)
