"""Phrases -> concepts, longest first, in both languages at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick
import yaml

from assistant.understanding.numbers import NUMBER_WORDS

_LEXICON = Path(__file__).with_name("lexicon.yaml")


@dataclass(frozen=True)
class Match:
    """A stretch [start, end) of the normalised question and the concept it stands for."""

    start: int
    end: int
    concept: str
    phrase: str


class Lexicon:
    """The phrases of one warehouse version: the fixed words and the names that stand in its data."""

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        """`names`: (normalised name, concept), such as ("anna snelling", "rep:anna-snelling").

        A name made only of words of ours or of digits ("Top Five") is left out: it would change what the words mean.
        """
        self._automaton = ahocorasick.Automaton()
        concepts: dict[str, tuple[str, ...]] = {phrase: (concept,) for phrase, concept in _fixed_phrases().items()}
        words_of_ours = _fixed_phrases()
        for name, concept in names:
            if name and name not in words_of_ours and not _only_our_words(name):
                concepts[name] = (*concepts.get(name, ()), concept)
        for phrase, meant in concepts.items():
            self._automaton.add_word(phrase, (phrase, meant))
        self._automaton.make_automaton()

    def matches(self, text: str) -> list[Match]:
        """Leftmost-longest, none overlapping; a Latin phrase only where whole words match."""
        found = sorted(
            (
                (end - len(phrase) + 1, end + 1, phrase, meant)
                for end, (phrase, meant) in self._automaton.iter(text)
                if _whole(text, end - len(phrase) + 1, end + 1)
            ),
            key=lambda hit: (hit[0], -hit[1]),
        )
        taken: list[Match] = []
        position = 0
        for start, end, phrase, meant in found:
            if start >= position:
                taken += [Match(start, end, concept, phrase) for concept in meant]
                position = end
        return taken


def _whole(text: str, start: int, end: int) -> bool:
    def joined(a: str, b: str) -> bool:
        return a.isascii() and b.isascii() and a.isalnum() and b.isalnum()

    before = start > 0 and joined(text[start - 1], text[start])
    after = end < len(text) and joined(text[end - 1], text[end])
    return not before and not after


def _only_our_words(name: str) -> bool:
    phrases = _fixed_phrases()
    return all(word.isdecimal() or word in phrases or word in NUMBER_WORDS for word in name.split())


@cache
def _fixed_phrases() -> dict[str, str]:
    concepts = yaml.load(_LEXICON.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        str(phrase).casefold(): concept
        for concept, languages in reversed(concepts.items())
        for phrases in languages.values()
        for phrase in phrases
    }
