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
_ASKS_IN_ENGLISH = re.compile(
    r"\b(?:about|of|for|from|in|by|to|with|and|the|my|our|me|what|which|how|who|why|show|tell|give|last|this|is|are)\b",
    re.IGNORECASE,
)
_ASKS_IN_CHINESE = re.compile(
    r"[的了吗呢么哪谁几]|多少|怎|[上本下这去今昨前近][个两三]?[月周年天季]|季度|[0-9]月|月份|各|每|按|给我|看看|帮我|销售|客户|线索|商机"
)
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


def language_of(text: str, locale: str | None = None, before: Language | None = None) -> Language:
    """The language of a text. Where its script leaves that open: that of the turn `before`, else the asker's `locale`,
    else English or Simplified.

    Chinese names in an English sentence do not make it Chinese: they hold none of the words that Chinese asks with.
    """
    han = _HAN.findall(text)
    words = _WORD.findall(text)
    if not han and words:
        return Language.EN
    if not han:
        return before or (_chinese(locale) if locale and locale.lower().startswith("zh") else Language.EN)
    if len(han) < len(words) or (_ASKS_IN_ENGLISH.search(text) and not _ASKS_IN_CHINESE.search(normalise(text))):
        return Language.EN
    joined = "".join(han)
    traditional = sum(a != b for a, b in zip(joined, converter("t2s").convert(joined), strict=False))
    simplified = sum(a != b for a, b in zip(joined, converter("s2t").convert(joined), strict=False))
    if traditional == simplified:
        return _chinese(locale or "") if before in (None, Language.EN) else before
    return Language.ZH_HANT if traditional > simplified else Language.ZH_HANS


def _chinese(locale: str) -> Language:
    traditional = any(mark in locale.lower() for mark in ("hant", "tw", "hk", "mo"))
    return Language.ZH_HANT if traditional else Language.ZH_HANS
