"""The words as people type them -> one form to match: widths, case, scripts, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

from assistant.question import Language

LONGEST = 2_000  # characters of a question that are read; more is no question
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+")
_EMOJI_CODE = re.compile(r":(?:[a-z0-9_+\-]*[a-z][a-z0-9_+\-]*|[+\-]1):", re.IGNORECASE)


@cache
def converter(name: str) -> opencc.OpenCC:
    """An OpenCC converter (t2s, s2t, s2twp), loaded once."""
    return opencc.OpenCC(name)


def visible(text: str) -> str:
    """The text without control, zero-width, tag, variation and direction characters; white space is one space."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in ("Cc", "Zs", "Zl", "Zp"):
            kept.append(" ")
        elif category in ("Cf", "Co", "Cn", "Cs") or "\ufe00" <= character <= "\ufe0f":
            continue
        else:
            kept.append(character)
    return " ".join("".join(kept).split())


def plain(text: str) -> str:
    """The visible text, half width, without emoji codes: the asker's own letters."""
    return " ".join(_EMOJI_CODE.sub(" ", unicodedata.normalize("NFKC", visible(text))).split())


def normalise(text: str) -> str:
    """The form that is matched: NFKC, lower case, Simplified, straight apostrophes, no emoji codes."""
    folded = plain(text).casefold().replace("\u2019", "'").replace("\u2018", "'")
    if _HAN.search(folded):
        folded = converter("t2s").convert(folded)
    return " ".join(folded.split())


def language_of(text: str, locale: str | None = None) -> Language:
    """The language of a text; where the script leaves it open, the asker's `locale`, else English or Simplified."""
    han = _HAN.findall(text)
    if not han:
        latin = bool(_WORD.search(text))
        return Language.EN if latin or not locale or not locale.lower().startswith("zh") else _chinese(locale)
    if len(han) < len(_WORD.findall(text)):
        return Language.EN
    joined = "".join(han)
    traditional = sum(a != b for a, b in zip(joined, converter("t2s").convert(joined), strict=False))
    simplified = sum(a != b for a, b in zip(joined, converter("s2t").convert(joined), strict=False))
    if traditional == simplified:
        return _chinese(locale or "")
    return Language.ZH_HANT if traditional > simplified else Language.ZH_HANS


def _chinese(locale: str) -> Language:
    traditional = any(mark in locale.lower() for mark in ("hant", "tw", "hk", "mo"))
    return Language.ZH_HANT if traditional else Language.ZH_HANS
