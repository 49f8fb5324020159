"""The coverage check for figures: every word that carries meaning has found its place, or is named to the asker."""

from __future__ import annotations

import re

from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import Piece

# Function words that people stress; "US" and "IT" in capitals are names.
_STRESSED = frozenset(
    {
        "and",
        "or",
        "by",
        "per",
        "for",
        "the",
        "of",
        "all",
        "each",
        "every",
        "with",
        "from",
        "to",
        "our",
        "my",
        "how",
        "much",
    }
    | {"many", "what", "which", "show", "me", "not", "so", "far", "vs"}
)

_HAN = re.compile(r"[\u3400-\u9fff]")


def unread_in(asked: Asked, original: str) -> tuple[str, ...]:
    """Words that found no place, as they stand in the question; "US" in capitals is no filler."""
    shouts = any(character.islower() for character in original)
    words = []
    for place, piece in enumerate(asked.pieces):
        said = original[piece.start : piece.end]
        if place not in asked.read:
            words.append(original[slice(*_widened(asked.pieces, place))])
        elif shouts and piece.is_a("ignore") and _shouted(said):
            words.append(said)
    return tuple(dict.fromkeys(words))


def _shouted(word: str) -> bool:
    if set(word.casefold().split()) <= _STRESSED:
        return False
    return len(word) > 1 and word.isascii() and word.isalpha() and word.isupper()


def _widened(pieces: tuple[Piece, ...], place: int) -> tuple[int, int]:
    """A single Chinese character rejoins a particle beside it: 上海 is named whole although 上 alone means nothing."""
    piece = pieces[place]
    if piece.end - piece.start == 1 and _HAN.match(piece.phrase):
        for other in (place - 1, place + 1):
            if 0 <= other < len(pieces) and _loose(pieces[other], piece):
                return min(piece.start, pieces[other].start), max(piece.end, pieces[other].end)
    return piece.start, piece.end


def _loose(other: Piece, piece: Piece) -> bool:
    touches = other.end == piece.start or piece.end == other.start
    alone = other.is_a("ignore") and len(other.phrase) == 1 and other.phrase not in "的了吗呢吧啊"
    return touches and alone and bool(_HAN.match(other.phrase))
