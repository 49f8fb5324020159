"""The forms of a company's name: registered, without legal form, without branch, without city."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.understanding.naming.spelling import has_han
from assistant.understanding.naming.words import company_words

_BRACKETS = re.compile(r" ?\(([^()]+)\) ?")
_HAN_ENDINGS = ("公司", "集团")
_SHORTEST_SHARED = (
    3  # a Chinese form of fewer characters that nobody wrote down counts only for one family of companies
)


@dataclass(frozen=True)
class Forms:
    """`sure` forms name the company, whoever else has them too. `short` ones only where all who have them are a
    group and its branches; `branch` is where this one is, as its name says."""

    sure: tuple[str, ...]
    short: tuple[str, ...]
    branch: str = ""


def forms_of(key: str) -> Forms:
    """The forms of a name as `keys_of` gives it, itself the first."""
    if "(" in key and (bracketed := _BRACKETS.search(key)):
        return _bracketed(key, bracketed)
    return _chinese(key) if has_han(key) else _latin(key)


def without_legal_form(key: str) -> str:
    """苏州恒瑞汽配股份有限公司 -> 苏州恒瑞汽配; harbor gate co., ltd -> harbor gate."""
    if key[-1:].isascii():
        return _latin_core(key)
    if not key.endswith(_HAN_ENDINGS):
        return key
    for form in company_words().legal_han:
        if key.endswith(form) and len(key) > len(form) + 1:
            return key[: -len(form)]
    return key


def said_with_branch(name: str, branch: str) -> Iterator[str]:
    """What a branch is called from a short name of the company: 华为上海, 上海华为, huawei shanghai."""
    if branch in name:
        return
    if branch[-1:].isascii():
        yield from (f"{name} {branch}", f"{name} ({branch})", f"{branch} {name}")
        return
    yield from (name + branch, branch + name, f"{name}({branch})", f"{name}{branch}分公司", f"{name}({branch})分公司")


def _latin(key: str) -> Forms:
    core = _latin_core(key)
    also = (core.replace("&", "and"),) if "&" in core else ()
    return Forms((key, core, *also), ())


def _latin_core(key: str) -> str:
    legal = company_words().legal_latin
    while True:
        head, _, last = key.rstrip(" ,.").rpartition(" ")
        if not head or last.replace(".", "").strip(",") not in legal:
            return key.rstrip(" ,.") or key
        key = head


def _chinese(key: str) -> Forms:
    words = company_words()
    if key.endswith(words.branch):
        ending = next(ending for ending in words.branch if key.endswith(ending))
        if len(key) > len(ending) + 2:
            return _branch(key, key[: -len(ending)])
    core = without_legal_form(key)
    bare = _without_general(core)
    local = (_without_place(core), _without_place(bare))
    sure = (key, core, bare) if len(bare) >= _SHORTEST_SHARED else (key, core)
    return Forms(sure, (*local, bare) if len(sure) < 3 else local)


def _branch(key: str, stem: str) -> Forms:
    place = _place_at_end(stem)
    if not place:
        return Forms((key, stem), ())
    head = without_legal_form(stem[: -len(place)])
    return Forms((key, stem), (head, _without_general(head)), place)


def _bracketed(key: str, bracketed: re.Match[str]) -> Forms:
    """Huawei (Shanghai) Ltd: the brackets name a branch; without them the name is the whole group's."""
    start, end = bracketed.span()
    inside = bracketed[1].strip()
    joint = "" if has_han(key) else " "
    outside = (key[:start] + joint + key[end:]).strip()
    core = without_legal_form(outside)
    return Forms((key, without_legal_form(key)), (core, _without_general(core)), inside)


def _without_general(core: str) -> str:
    """苏州恒瑞汽配科技 -> 苏州恒瑞汽配."""
    words = company_words()
    for word in words.general if core.endswith(words.general) else ():
        if core.endswith(word) and len(core) > len(word) + 1:
            return _without_general(core[: -len(word)])
    return core


def _without_place(core: str) -> str:
    """苏州恒瑞汽配 -> 恒瑞汽配; at least two characters stay."""
    places = company_words().places
    for length in (4, 3, 2):
        if core[:length] in places and len(core) > length + 1:
            rest = core[length:]
            return rest[1:] if rest[0] in "省市" and len(rest) > 2 else rest
    return core


def _place_at_end(stem: str) -> str:
    places = company_words().places
    bare = stem[:-1] if stem[-1] in "省市区" else stem
    lengths = (length for length in (4, 3, 2) if bare[-length:] in places and len(bare) > length + 1)
    longest = next(lengths, 0)
    return stem[len(bare) - longest :] if longest else ""
