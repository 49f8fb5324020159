"""What has been read of a question so far, from step to step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.understanding.lexicon import Match


@dataclass(frozen=True)
class Reading:
    """`normal` is the form that is matched; `original` the asker's own letters at the same places; `unread` the words
    that nothing matched."""

    normal: str
    original: str
    today: date
    matches: tuple[Match, ...] = ()
    counts: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def concepts(self) -> frozenset[str]:
        """All concepts found."""
        return frozenset(match.concept for match in self.matches)

    def phrases_of(self, *concepts: str) -> tuple[str, ...]:
        """The words that stand for these concepts, in order."""
        found = (self.original[match.start : match.end] for match in self.matches if match.concept in concepts)
        return tuple(dict.fromkeys(found))
