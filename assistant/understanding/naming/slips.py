"""Names a slip of the pen away: a letter too many, too few, wrong or swapped; in Chinese a wrong character."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.understanding.naming.spelling import has_han

_FEW = 8  # letters; in a name of fewer one slip is the most
_SHORTEST_WORD, _SHORTEST_HAN = 4, 3
_WIDER = 3  # words or a name's length around unread ones that may belong to the same name
_LONGEST_HAN = 24
_LONGEST_FREE = 60  # unread characters on end; more are no name
_WORD = re.compile(r"[^\W_]+(?:['&.\-][^\W_]+)*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff\d]+")
_MOST_ALIKE = 5  # names as like as each other; where there are more, none is recognised
_TIE = 0.06  # names whose likeness differs by less are all meant


@dataclass(frozen=True)
class Slip:
    """A stretch that is nearly one of `forms`, the nearest first; `likeness` of the first, from 0 to 1."""

    start: int
    end: int
    forms: tuple[str, ...]
    likeness: float
    shared: int


class Slips:
    """Names by their length and their first and last characters; `latin` and `han`: all of them, by script."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._heads: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._tails: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.latin: list[str] = []
        self.han: list[str] = []
        for form in forms:
            han = has_han(form)
            (self.han if han else self.latin).append(form)
            if len(form) < (_SHORTEST_HAN if han else _SHORTEST_WORD):
                continue
            edge = _edge(len(form), han=han)
            self._heads[len(form)][form[:edge]].append(form)
            self._tails[len(form)][form[-edge:]].append(form)

    def nearest(self, text: str, free: tuple[int, int], known: Callable[[str], bool]) -> Slip | None:
        """The likeliest name on a stretch that takes in unread characters [start, end); `known` leaves forms out."""
        best: Slip | None = None
        if free[1] - free[0] > _LONGEST_FREE:
            return None
        windows = {*_latin_windows(text, free), *_han_windows(text, free)}
        for start, end in sorted(windows, key=lambda window: (window[0] - window[1], window)):
            if best and end - start < best.shared:  # no shorter stretch has more in common
                break
            slip = self._on(text, start, end, free, known)
            if slip and (best is None or (slip.shared, slip.likeness) > (best.shared, best.likeness)):
                best = slip
        return best

    def _on(self, text: str, start: int, end: int, free: tuple[int, int], known: Callable[[str], bool]) -> Slip | None:
        words = text[start:end]
        most = _most_slips(words)
        near = self._alike(words, most) if most else ()
        scored = process.extract(words, near, scorer=OSA.distance, score_cutoff=most, limit=None) if near else ()
        likely = {
            form: 1 - slips / max(len(form), len(words))
            for form, slips, _ in scored
            if slips and _other_words_agree(text, start, end, free, form) and known(form)
        }
        if not likely:
            return None
        top = max(likely.values())
        forms = tuple(
            sorted((form for form in likely if top - likely[form] < _TIE), key=lambda form: (-likely[form], form))
        )
        return Slip(start, end, forms, top, round(top * len(words))) if len(forms) <= _MOST_ALIKE else None

    def _alike(self, words: str, most: int) -> set[str]:
        han = has_han(words)
        found: set[str] = set()
        for length in range(len(words) - most, len(words) + most + 1):
            if length in self._heads:
                edge = _edge(length, han=han)
                found.update(self._heads[length].get(words[:edge], ()))
                found.update(self._tails[length].get(words[-edge:], ()))
        return found


def nearer_to(words: str, others: Iterable[str], likeness: float) -> bool:
    """Whether `words` are as like one of `others` as that."""
    return process.extractOne(words, others, scorer=OSA.normalized_similarity, score_cutoff=likeness) is not None


def _edge(length: int, *, han: bool) -> int:
    """How many characters at the beginning or the end of a name are as they should be: one slip leaves one half alone,
    two in a longer name mostly the first or the last third."""
    return length // 2 if han or length < _FEW else max(_FEW // 2, length // 3)


def _most_slips(words: str) -> int:
    """How many slips still leave a name recognisable."""
    if has_han(words):
        return 1 if len(words) >= _SHORTEST_HAN else 0
    letters = sum(character.isalnum() for character in words)
    if letters < _SHORTEST_WORD:
        return 0
    return 1 if letters < _FEW else 2 if letters < 16 else 3


def _latin_windows(text: str, free: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Runs of words that take in an unread one of four letters or more."""
    words = [match.span() for match in _WORD.finditer(text) if not has_han(match[0])]
    unread = [at for at, (start, end) in enumerate(words) if start < free[1] and end > free[0]]
    long = {at for at in unread if words[at][1] - words[at][0] >= _SHORTEST_WORD}
    if not long:
        return
    first, last = max(0, unread[0] - _WIDER + 1), min(len(words) - 1, unread[-1] + _WIDER - 1)
    for left in range(first, last + 1):
        for right in range(left, min(last, left + 2 * _WIDER) + 1):
            if long & set(range(left, right + 1)) and not _broken(text, words[left : right + 1]):
                yield words[left][0], words[right][1]


def _broken(text: str, words: Sequence[tuple[int, int]]) -> bool:
    return any(not set(text[before[1] : after[0]]) <= set(" .,&-'()") for before, after in pairwise(words))


def _other_words_agree(text: str, start: int, end: int, free: tuple[int, int], form: str) -> bool:
    """The slip is in an unread word of four letters or more: all other words stand in the name as they are."""
    if has_han(form):
        return True
    whole = set(_WORD.findall(form))
    return all(
        match[0] in whole
        for match in _WORD.finditer(text, start, end)
        if len(match[0]) < _SHORTEST_WORD or match.end() <= free[0] or match.start() >= free[1]
    )


def _han_windows(text: str, free: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Stretches of Chinese that take in an unread character."""
    for run in _HAN_RUN.finditer(text):
        if run.start() >= free[1] or run.end() <= free[0] or not has_han(run[0]):
            continue
        for start in range(max(run.start(), free[0] - _LONGEST_HAN), min(run.end(), free[1])):
            latest = min(run.end(), start + _LONGEST_HAN)
            for end in range(max(start + _SHORTEST_HAN, free[0] + 1), latest + 1):
                yield start, end
