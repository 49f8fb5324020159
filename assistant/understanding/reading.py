"""What has been read of a question so far, from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from assistant.understanding.figures.read import FiguresRead
from assistant.understanding.lexicon import Match


@dataclass(frozen=True)
class Reading:
    """`normal` is the form that is matched; `original` the asker's own letters at the same places.

    Two readings of the same words stand side by side: as a question about leads to call (`matches`, `counts` and
    `unread`, the words that nothing matched), and as one about figures. `intents` decides between them.
    """

    normal: str
    original: str
    today: date
    matches: tuple[Match, ...] = ()
    counts: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()
    figures: FiguresRead = field(default_factory=lambda: FiguresRead(None))

    @property
    def concepts(self) -> frozenset[str]:
        """All concepts found."""
        return frozenset(match.concept for match in self.matches)

    def phrases_of(self, *concepts: str) -> tuple[str, ...]:
        """The words that stand for these concepts, in order."""
        found = (self.original[match.start : match.end] for match in self.matches if match.concept in concepts)
        return tuple(dict.fromkeys(found))
