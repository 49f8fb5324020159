"""The words around names, read once from the files beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.understanding.naming.spelling import key_of

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class CompanyWords:
    """What stands around a company's proper name; Chinese longest first."""

    legal_latin: frozenset[str]
    legal_han: tuple[str, ...]
    said: frozenset[str]
    general: tuple[str, ...]
    branch: tuple[str, ...]
    places: frozenset[str]


@dataclass(frozen=True)
class PeopleWords:
    """Surnames, titles and characters that sound alike."""

    spellings: dict[str, tuple[str, ...]]  # 陈 -> chen, chan, tan
    not_after: dict[str, str]
    not_before: dict[str, str]
    titles: tuple[str, ...]
    title_not_before: dict[str, str]
    titles_latin: tuple[str, ...]
    courtesy: tuple[str, ...]
    after_nickname: str
    sound: dict[str, str]  # 玮 -> 伟, the first of its group


@cache
def company_words() -> CompanyWords:
    """`company_words.yaml`."""
    read = _read("company_words.yaml")
    return CompanyWords(
        legal_latin=frozenset(read["legal_en"]),
        legal_han=_longest_first(read["legal_zh"]),
        said=frozenset((*read["said_en"], *read["said_zh"])),
        general=_longest_first(read["general_zh"]),
        branch=_longest_first(read["branch_zh"]),
        places=frozenset(key_of(place) for place in read["places"].split()),
    )


@cache
def people_words() -> PeopleWords:
    """`people_words.yaml`."""
    read = _read("people_words.yaml")
    return PeopleWords(
        spellings={surname: tuple(spelt.split()) for surname, spelt in read["surnames"].items()},
        not_after=read["not_after"],
        not_before=read["not_before"],
        titles=_longest_first(read["titles"]),
        title_not_before=read["title_not_before"],
        titles_latin=tuple(read["titles_latin"]),
        courtesy=tuple(read["courtesy"]),
        after_nickname=read["after_nickname"],
        sound={character: group[0] for group in reversed(read["same_sound"]) for character in group},
    )


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _read(name: str) -> dict[str, Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load((_HERE / name).read_text("utf-8"), Loader=loader)
    return found
