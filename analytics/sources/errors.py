"""What the person who imports an export can mend, said in one sentence in each language."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class SourceError(Exception):
    """An export or a mapping file that cannot be read as it is; `str()` is the English sentence."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = {"en": en, "zh": zh}


def closest(wanted: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that look most like `wanted`, best first, whatever their case."""
    by_fold = {name.casefold(): name for name in known}
    return [by_fold[fold] for fold in get_close_matches(wanted.casefold(), list(by_fold), n=count, cutoff=0.6)]


def hint_en(wanted: str, known: Iterable[str]) -> str:
    """' Close: a, b.' or nothing."""
    near = closest(wanted, known)
    return f" Close: {', '.join(near)}." if near else ""


def hint_zh(wanted: str, known: Iterable[str]) -> str:
    """The same hint in Chinese."""
    near = closest(wanted, known)
    return f"相近的有：{'、'.join(near)}。" if near else ""


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names in quotation marks, each on one line, cut short after `most`."""
    every = [f"'{' '.join(name.split())[:60]}'" for name in names]
    return ", ".join(every[:most]) + (", ..." if len(every) > most else "")
