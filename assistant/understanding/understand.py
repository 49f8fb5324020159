"""The pipeline from words to plan, a step at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.plans import Plan, Refuse
from assistant.understanding.context import Context
from assistant.understanding.coverage import unread_words
from assistant.understanding.figures.read import read_figures
from assistant.understanding.intents import decide
from assistant.understanding.normalise import LONGEST, normalise, visible
from assistant.understanding.numbers import counts_in
from assistant.understanding.reading import Reading

Step = Callable[[Reading, Context], Reading]


def understand(text: str, context: Context) -> Plan:
    """Read one question; the same words in either language give the same plan."""
    if len(text) > 10 * LONGEST or len(visible(text)) > LONGEST:
        return Refuse(reason="too_long")
    reading = _normalised(text, context)
    for step in _STEPS:
        reading = step(reading, context)
    return decide(reading)


def _normalised(text: str, context: Context) -> Reading:
    seen, normal = visible(text), normalise(text)
    return Reading(normal=normal, original=seen if len(seen) == len(normal) else normal, today=context.today)


def _as_leads(reading: Reading, context: Context) -> Reading:
    """As a question for a list of leads to call."""
    matches = tuple(context.lexicon.matches(reading.normal))
    named = {at for match in matches if match.concept.startswith("rep:") for at in range(match.start, match.end)}
    counted = [count for count in counts_in(reading.normal) if count[0] not in named]
    unread = unread_words(reading.normal, reading.original, matches, counted)
    return replace(reading, matches=matches, counts=tuple(value for _, _, value in counted), unread=unread)


def _as_figures(reading: Reading, context: Context) -> Reading:
    """As a question about KPIs."""
    return replace(reading, figures=read_figures(reading.normal, reading.original, context))


_STEPS: tuple[Step, ...] = (_as_leads, _as_figures)
