"""Many names at once -> the form they are matched in: as `normalise` gives it, with Chinese digits as digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from assistant.understanding.normalise import converter, normalise

_EMOJI_CODE = re.compile(r":[a-z0-9_+\-]+:")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_STRAIGHT = {"\u2019": "'", "\u2018": "'"}
_BLANK, _UNSEEN = ("Cc", "Zs", "Zl", "Zp"), ("Cf", "Co", "Cn", "Cs")
_HAN = re.compile(r"[\u3400-\u9fff]")


def key_of(normal: str) -> str:
    """A normalised text with 华东一区 written 华东1区; every character keeps its place."""
    return normal.translate(_DIGITS)


def keys_of(names: Sequence[str]) -> list[str]:
    """`key_of(normalise(name))` for each name, all in one pass: fifty thousand take a tenth of a second."""
    text = "\n".join(names)
    if text.count("\n") != max(0, len(names) - 1):  # a name of several lines
        return [key_of(normalise(name)) for name in names]
    shown = _replaced(text, {character: _shown(character) for character in set(text) if character != "\n"})
    plain = unicodedata.normalize("NFKC", shown).casefold()
    plain = _replaced(_EMOJI_CODE.sub(" ", plain), _STRAIGHT)
    simple = converter("t2s").convert(plain) if _HAN.search(plain) else plain
    digits = {chr(han): chr(digit) for han, digit in _DIGITS.items()}
    return [" ".join(line.split()) for line in _replaced(simple, digits).split("\n")] if names else []


def _replaced(text: str, others: Mapping[str, str]) -> str:
    """As `translate`, which takes ten times as long where few characters change."""
    for character, other in others.items():
        if character != other:
            text = text.replace(character, other)
    return text


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BLANK:
        return " "
    if category in _UNSEEN or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character


def has_han(text: str) -> bool:
    """Whether any character is Chinese."""
    return not text.isascii() and _HAN.search(text) is not None
