"""What of an answer goes into a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analytics.vocabulary import Figure
from assistant.result import Cell

if TYPE_CHECKING:
    from analytics.semantic.definition import Words
    from assistant.explain import Explanation
    from assistant.result import Worded


@dataclass(frozen=True)
class Report:
    """An answer in words, and the figures behind it as they were computed.

    `title` says what was asked; `names` are those of the KPIs among the figures.
    """

    route: str
    title: Worded
    said: Explanation = field(repr=False)
    figures: tuple[Figure, ...] = ()
    names: Mapping[str, Words] = field(default_factory=dict, repr=False)

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending: kind and first day."""
        days = [figure.period.start for figure in self.figures if figure.period is not None]
        return f"leadline-{self.route}-{max(days).isoformat()}" if days else f"leadline-{self.route}"

    def say(self, part: Cell) -> str:
        """Something in the asker's language, on one line."""
        return self.said.say(part)
