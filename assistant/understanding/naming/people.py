"""Colleagues as people speak of them: 王总, 李经理, 老刘, 阿明, 芳姐, Kevin陈, Ms Chen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from assistant.understanding.naming.spelling import has_han
from assistant.understanding.naming.words import people_words
from assistant.understanding.normalise import normalise

_HAN_PART = re.compile(r"[\u3400-\u9fff·]{2,}")
_LATIN_PART = re.compile(r"[^\W\d_][^\u3400-\u9fff()]*")
_HAN = "\u3400-\u9fff"
_LATIN_NAME = r"[^\W\d_\u3400-\u9fff](?:['\w]*[^\W_\u3400-\u9fff])"
_BY_GIVEN_NAME = "小阿"  # 小芳, 阿明; 老刘 and 大刘 go by surname only
_FAMILIAR = "姐哥"  # 芳姐 goes by given name
_FULL_NAME = 4  # characters; a longer Chinese name has no surname that people use


class SalesRep(Protocol):
    """A colleague by id, with everything the data call them; the first is the full name."""

    @property
    def rep_id(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def active(self) -> bool: ...


@dataclass(frozen=True)
class Addressed:
    """A stretch that speaks of somebody; `sure` unless only the surname fits."""

    start: int
    end: int
    concepts: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True)
class _Called:
    """The parts of one person's names, all as matched."""

    concept: str
    active: bool
    whole: tuple[str, ...]
    surnames: tuple[str, ...]  # Chinese characters, or Latin letters
    given_han: tuple[str, ...]
    given_latin: tuple[str, ...]


class People:
    """The colleagues of one version of the data."""

    def __init__(self, reps: Iterable[SalesRep], common: frozenset[str]) -> None:
        self._called = [_called(rep) for rep in reps]
        self._common = common
        self._surnames = self._grouped((name, one) for one in self._called for name in _all_spellings(one.surnames))
        self._otherwise_named = {  # a Grace Tan is no Kevin陈, a Chen Jing may be
            one.concept for one in self._called if one.given_latin and one.given_latin[0] not in _spelt()
        }
        self._latin_given = self._grouped((name, one) for one in self._called for name in one.given_latin)
        self._pet = self._grouped(
            (character, one) for one in self._called for name in one.given_han for character in name[-1:]
        )
        self._sounds = self._grouped(
            (_sound(name), one) for one in self._called for name in one.whole if has_han(name) and len(name) < 4
        )

    def names(self) -> Iterator[tuple[str, str]]:
        """(name, concept): full names, either way round, first names, given names of two characters."""
        for one in self._called:
            for name in one.whole:
                yield name, one.concept
            if one.active:
                yield from ((name, one.concept) for name in (*one.given_latin, *one.given_han) if len(name) > 1)
                yield from ((name, one.concept) for name in one.surnames if name.isascii() and len(name) > 3)

    def addressed(self, text: str) -> Iterator[Addressed]:
        """Everybody a normalised text speaks of by surname or first name and a title, or by a nickname."""
        readings = (
            (_titled(), self._by_title),
            (_nicknamed(), self._by_nickname),
            (_first_name_before(), self._by_both_names),
            (_first_name_behind(), self._by_both_names),
            (_courteous(), self._by_courtesy),
            (_honoured(), self._by_courtesy),
        )
        for pattern, meant in readings:
            for match in pattern.finditer(text):
                found = meant(text, match)
                if found and found.concepts and not self._cuts_a_word(text, *match.span()):
                    yield found

    def same_sound(self, text: str, free: tuple[int, int]) -> Addressed | None:
        """A Chinese name that sounds as an unread stretch does: 张威 for 张伟 or 张玮."""
        for length in (3, 2):
            spare = max(0, length - (free[1] - free[0]))  # read characters that may belong to the name
            for start in range(max(0, free[0] - spare), free[1] - length + spare + 1):
                words = text[start : start + length]
                concepts = self._sounds.get(_sound(words), ()) if len(words) == length and has_han(words) else ()
                if concepts:
                    return Addressed(start, start + length, concepts, sure=False)
        return None

    def _grouped(self, pairs: Iterable[tuple[str, _Called]]) -> dict[str, tuple[str, ...]]:
        """Who has each name; those who left only where nobody here has it."""
        here: dict[str, dict[str, None]] = defaultdict(dict)
        left: dict[str, dict[str, None]] = defaultdict(dict)
        for name, one in pairs:
            (here if one.active else left)[name][one.concept] = None
        return {name: tuple(found) for name, found in (left | here).items()}

    def _by_title(self, text: str, match: re.Match[str]) -> Addressed | None:
        who = match["who"]
        surname = self._surnames.get(who, ()) if _is_surname(text, *match.span("who"), titled=True) else ()
        given = self._pet.get(who, ()) if match["title"] in _FAMILIAR else ()
        return Addressed(*match.span(), tuple(dict.fromkeys((*surname, *given))))

    def _by_nickname(self, text: str, match: re.Match[str]) -> Addressed | None:
        who = match["who"]
        if match[0] in self._common:
            return None
        surname = self._surnames.get(who, ()) if _is_surname(text, *match.span("who"), titled=False) else ()
        given = self._pet.get(who, ()) if match["how"] in _BY_GIVEN_NAME and _name_may_end(text, match.end()) else ()
        return Addressed(*match.span(), tuple(dict.fromkeys((*surname, *given))))

    def _by_both_names(self, text: str, match: re.Match[str]) -> Addressed | None:
        """Kevin陈: the Kevin of that surname, else perhaps somebody of that surname."""
        latin = match["first"]
        family, first = self._surnames.get(match["who"], ()), self._latin_given.get(latin, ())
        both = tuple(concept for concept in family if concept in first)
        if both or latin in self._common:
            return Addressed(*match.span(), both)
        if not _name_ends().match(text, match.end()) and match.start("first") < match.start("who"):
            return None
        perhaps = tuple(concept for concept in family if concept not in self._otherwise_named)
        return Addressed(*match.span(), perhaps, sure=False)

    def _by_courtesy(self, text: str, match: re.Match[str]) -> Addressed | None:
        who = match["who"]
        return Addressed(*match.span(), self._surnames.get(who, ()) or self._latin_given.get(who, ()))

    def _cuts_a_word(self, text: str, start: int, end: int) -> bool:
        """Whether a word of ours runs into the stretch from the left: the 周 of 上周."""
        return any(
            text[left:right] in self._common
            for left in range(max(0, start - 3), start)
            for right in range(start + 1, min(start + 2, end) + 1)
            if has_han(text[left:right])
        )


def _called(rep: SalesRep) -> _Called:
    names = tuple(dict.fromkeys(filter(None, (normalise(name) for name in rep.names))))
    whole: dict[str, None] = dict.fromkeys(names)
    surnames: dict[str, None] = {}
    given_han: dict[str, None] = {}
    given_latin: dict[str, None] = {}
    for part in _HAN_PART.findall(names[0]) if names else ():
        surname = _surname_of(part)
        whole[part] = None
        if surname:
            surnames[surname] = None
            given_han[part[len(surname) :]] = None
    for part in _LATIN_PART.findall(names[0]) if names else ():
        words = part.split()
        if len(words) > 1:
            whole.update(
                dict.fromkeys((" ".join(words), " ".join((words[-1], *words[:-1])), f"{words[0]} {words[-1][0]}"))
            )
            surnames.update(dict.fromkeys(_latin_surnames(words)))
        if words and len(words[0]) > 1:
            given_latin[words[0]] = None
    return _Called(f"rep:{rep.rep_id}", rep.active, tuple(whole), tuple(surnames), tuple(given_han), tuple(given_latin))


def _surname_of(name: str) -> str:
    if not 1 < len(name) <= _FULL_NAME:
        return ""
    double = name[:2]
    if len(name) > 2 and double in people_words().spellings:
        return double
    return name[0] if len(name) < _FULL_NAME else ""


def _latin_surnames(words: Sequence[str]) -> tuple[str, ...]:
    """The last word, and the first where it is a Chinese surname: Chen Jing, Jing Chen."""
    return (words[-1], words[0]) if words[0] in _spelt() and words[0] != words[-1] else (words[-1],)


def _all_spellings(surnames: Iterable[str]) -> Iterator[str]:
    """陈 is also Chen, Chan and Tan, and Chen is 陈 and 谌."""
    for surname in surnames:
        yield surname
        yield from people_words().spellings.get(surname, ())
        yield from _spelt().get(surname, ())


@cache
def _spelt() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for surname, spellings in people_words().spellings.items():
        for spelling in spellings:
            found[spelling].append(surname)
    return {spelling: tuple(surnames) for spelling, surnames in found.items()}


def _sound(name: str) -> str:
    sound = people_words().sound
    return "".join(sound.get(character, character) for character in name)


def _is_surname(text: str, start: int, end: int, *, titled: bool) -> bool:
    """Whether a character stands as a surname here, not as part of an everyday word (上周总数, 提高)."""
    words, surname = people_words(), text[start:end]
    before = text[start - 1] if start else ""
    if before and (before in words.not_after.get(surname, "") or (before.isdigit() and surname in words.not_after)):
        return False
    return titled or not (end < len(text) and text[end] in words.not_before.get(surname, ""))


@cache
def _title() -> str:
    words = people_words()
    han = "|".join(
        f"{title}(?![{words.title_not_before[title]}])" if title in words.title_not_before else title
        for title in words.titles
    )
    return rf"(?:{han}|\s?(?:{'|'.join(map(re.escape, words.titles_latin))})(?![a-z]))"


@cache
def _titled() -> re.Pattern[str]:
    """王总, 欧阳经理, 陈sir, 芳姐."""
    double = "|".join(surname for surname in people_words().spellings if len(surname) > 1)
    return re.compile(rf"(?P<who>{double}|[{_HAN}])(?P<title>{_title()})")


@cache
def _nicknamed() -> re.Pattern[str]:
    """老刘, 小芳, 阿明."""
    return re.compile(rf"(?<![最大较缩减多更])(?P<how>[老小大阿])(?P<who>[{_HAN}])(?!{_title()})")


@cache
def _first_name_before() -> re.Pattern[str]:
    """Kevin陈."""
    return re.compile(rf"(?<![a-z0-9])(?P<first>[a-z]{{3,}}) ?(?P<who>[{_HAN}])")


@cache
def _name_ends() -> re.Pattern[str]:
    """What may follow a surname that stands behind a first name nobody of that surname has."""
    return re.compile(rf"$|[^{_HAN}\w]|的|{_title()}")


@cache
def _first_name_behind() -> re.Pattern[str]:
    """陈Kevin."""
    return re.compile(rf"(?<![{_HAN}])(?P<who>[{_HAN}]) ?(?P<first>[a-z]{{3,}})(?![a-z0-9])")


@cache
def _courteous() -> re.Pattern[str]:
    """Ms Chen, mr. harris."""
    return re.compile(
        rf"(?<![a-z])(?:{'|'.join(people_words().courtesy)})\.? ?(?P<who>(?<![a-z]){_LATIN_NAME})(?![a-z])"
    )


@cache
def _honoured() -> re.Pattern[str]:
    """Chen laoshi, tanaka-san."""
    return re.compile(rf"(?<![a-z])(?P<who>{_LATIN_NAME})[ \-](?:{'|'.join(people_words().titles_latin)})(?![a-z])")


@cache
def _title_at() -> re.Pattern[str]:
    return re.compile(_title())


@cache
def _courtesy_up_to() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(people_words().courtesy)})\.? ?$")


def with_address(text: str, start: int, end: int) -> tuple[int, int]:
    """A name at [start, end) with the form of address before or behind it: Ms Anna Schmidt, 张伟经理."""
    behind = _title_at().match(text, end)
    before = _courtesy_up_to().search(text, max(0, start - 8), start)
    return before.start() if before else start, behind.end() if behind else end


def _name_may_end(text: str, end: int) -> bool:
    """Whether a nickname can end here: 小平的, not 小平台."""
    return end == len(text) or not has_han(text[end]) or text[end] in people_words().after_nickname
