"""The coverage check: every word that carries meaning is read, or named to the asker."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.understanding.lexicon import Match

_PIECE = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")


def unread_words(
    text: str, original: str, matches: tuple[Match, ...], counted: list[tuple[int, int, int]]
) -> tuple[str, ...]:
    """Words of the normalised `text` that neither a phrase nor a number covers, as they stand in `original`.

    In Chinese, a character taken for a particle rejoins a single unread one beside it, so that 上海 is named
    whole although 上 alone means nothing.
    """
    read = bytearray(len(text))
    shouted = _shouted(original)
    for match in matches:
        if not (match.concept == "ignore" and shouted(match)):
            read[match.start : match.end] = b"\x01" * (match.end - match.start)
    for start, end, _ in counted:
        read[start:end] = b"\x01" * (end - start)
    loose = {match.start for match in matches if match.concept == "ignore" and match.end - match.start == 1}
    words: list[str] = []
    for piece in _PIECE.finditer(text):
        for start, end in _unread_runs(text, piece.start(), piece.end(), read):
            if _HAN.search(piece[0]):
                words.append(original[slice(*_widened(text, start, end, loose))])
            else:
                words.append(original[piece.start() : piece.end()])
    return tuple(dict.fromkeys(words))


def _shouted(original: str) -> Callable[[Match], bool]:
    """Whether a match stands in capitals in a question that does not: "IT leads", "US leads" are no function words."""
    if not any(character.islower() for character in original):
        return lambda match: False

    def test(match: Match) -> bool:
        word = original[match.start : match.end]
        return len(word) > 1 and word.isascii() and word.isalpha() and word.isupper()

    return test


def _unread_runs(text: str, start: int, end: int, read: bytearray) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    at = start
    while at < end:
        if read[at]:
            at += 1
            continue
        stop = at
        while stop < end and not read[stop]:
            stop += 1
        if any(character.isalnum() for character in text[at:stop]):
            runs.append((at, stop))
        at = stop
    return runs


def _widened(text: str, start: int, end: int, loose: set[int]) -> tuple[int, int]:
    if end - start == 1 and _HAN.match(text[start]):
        if start - 1 in loose and _HAN.match(text[start - 1]):
            return start - 1, end
        if end in loose and _HAN.match(text[end]):
            return start, end + 1
    return start, end
