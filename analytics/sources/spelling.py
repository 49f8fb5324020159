"""Spellings of the same thing: alike but for case, space and punctuation, or a slip of the keyboard away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import combinations

# A slip in a short word makes another word: GTX and GTK are two products.
LEAST_LENGTH_FOR_A_SLIP = 5
GREATEST_LENGTH_FOR_A_SLIP = 60


def fold(text: str) -> str:
    """What is left of a text without case, width, space and punctuation; 'GTX Pro' and 'gtxpro' fold alike."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if character.isalnum()) or plain.strip()


def slug(text: str) -> str | None:
    """A stable id made of a name: letters and digits of any script, '-' between them; None when none is left."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return "-".join(words) or None


def snake(text: str) -> str:
    """A column's header as the name of a feature."""
    return (slug(text) or text).replace("-", "_")


class Slips:
    """Finds the only word at most `most` misspellings (a letter more, less, other, or two swapped) away."""

    def __init__(self, words: Iterable[str], most: int) -> None:
        self._most = most
        self._by_shortening: dict[str, set[str]] = {}
        for word in {fold(word) for word in words}:
            for shorter in self._shortenings(word):
                self._by_shortening.setdefault(shorter, set()).add(word)

    def nearest(self, text: str) -> str | None:
        """The folded word meant by `text`; None when none, or more than one, is as near."""
        folded = fold(text)
        if self._most == 0 or not LEAST_LENGTH_FOR_A_SLIP <= len(folded) <= GREATEST_LENGTH_FOR_A_SLIP:
            return None
        near = {word for shorter in self._shortenings(folded) for word in self._by_shortening.get(shorter, ())}
        near = {word for word in near if _digits(word) == _digits(folded)}  # 500 is no misspelling of 600
        by_distance = sorted((slips_between(folded, word), word) for word in near)
        within = [(distance, word) for distance, word in by_distance if distance <= self._most]
        if not within or (len(within) > 1 and within[0][0] == within[1][0]):
            return None
        return within[0][1]

    def _shortenings(self, word: str) -> set[str]:
        if len(word) > GREATEST_LENGTH_FOR_A_SLIP + self._most:
            return set()
        return {
            "".join(character for place, character in enumerate(word) if place not in left_out)
            for count in range(self._most + 1)
            for left_out in combinations(range(len(word)), count)
        }


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def slips_between(one: str, other: str) -> int:
    """Letters added, lost, exchanged, or swapped with their neighbour (optimal string alignment distance)."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        current = [row]
        for column, right in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (left != right))
            swapped = row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right
            current.append(min(cost, before_last[column - 2] + 1) if swapped else cost)
        before_last, last = last, current
    return last[-1]
