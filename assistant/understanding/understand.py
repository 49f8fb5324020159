"""The pipeline from words to plan, a step at a time."""

from __future__ import annotations

from datetime import date

from assistant.question import Plan, Refuse
from assistant.understanding.coverage import unread_words
from assistant.understanding.intents import decide
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.normalise import LONGEST, normalise, visible
from assistant.understanding.numbers import counts_in
from assistant.understanding.reading import Reading


def understand(text: str, lexicon: Lexicon, today: date) -> Plan:
    """Read one question; the same words in either language give the same plan."""
    if len(text) > 10 * LONGEST or len(visible(text)) > LONGEST:
        return Refuse(reason="too_long")
    seen, normal = visible(text), normalise(text)
    original = seen if len(seen) == len(normal) else normal
    matches = tuple(lexicon.matches(normal))
    covered = {at for match in matches if match.concept.startswith("rep:") for at in range(match.start, match.end)}
    counted = [count for count in counts_in(normal) if count[0] not in covered]
    return decide(
        Reading(
            normal=normal,
            original=original,
            today=today,
            matches=matches,
            counts=tuple(value for _, _, value in counted),
            unread=unread_words(normal, original, matches, counted),
        )
    )
