"""The words of the KPI files -> phrases: names and synonyms in both languages, with plurals and ways to write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from assistant.understanding.figures.unsettled import in_taiwan
from assistant.understanding.normalise import normalise

if TYPE_CHECKING:
    from analytics.semantic import Model
    from analytics.semantic.definition import Synonyms, Words

_MEETS_LATIN = re.compile(r"(?<=[\u3400-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u3400-\u9fff])")


def words_of_model(model: Model) -> dict[str, tuple[str, ...]]:
    """Each phrase with what it may mean: kpi:<id>, dim:<name>, value:<dimension>:<code>.

    What a file says counts before what is made from it: "lead conversion" is a KPI of its own, not one lead conversion.
    """
    said: dict[str, tuple[str, ...]] = {}
    made: dict[str, tuple[str, ...]] = {}
    for concept, names, synonyms in _named(model):
        english = [form for word in (names.en, *synonyms.en) for form in _written(word)]
        chinese = [form for word in (names.zh, *synonyms.zh) for form in _written(word)]
        _add(said, [*english, *chinese], concept)
        _add(made, [_other_number(form) for form in english], concept)
        _add(made, [form for word in (names.zh, *synonyms.zh) for form in _written(in_taiwan(word))], concept)
    for name, dimension in model.dimensions.items():
        for code, words in dimension.values.items():
            own_code = [code.casefold()] if len(code) > 1 else []
            _add(said, [*_written(words.en), *_written(words.zh), *own_code], f"value:{name}:{code}")
    return {**made, **said}


def _named(model: Model) -> Iterator[tuple[str, Words, Synonyms]]:
    yield from ((f"kpi:{kpi.id}", kpi.names, kpi.synonyms) for kpi in model.kpis.values())
    yield from ((f"dim:{name}", dimension.names, dimension.synonyms) for name, dimension in model.dimensions.items())


def _add(found: dict[str, tuple[str, ...]], phrases: Iterable[str], concept: str) -> None:
    for phrase in phrases:
        if concept not in found.get(phrase, ()):
            found[phrase] = (*found.get(phrase, ()), concept)


def _written(word: str) -> Iterator[str]:
    """As it stands, with its hyphens as spaces or left out, shortened, and with a space where Chinese meets Latin."""
    plain = normalise(word)
    short = re.sub(r"\baverage\b", "avg", plain)
    spaced = _MEETS_LATIN.sub(" ", plain)
    yield from dict.fromkeys((plain, plain.replace("-", " "), plain.replace("-", ""), short, spaced))


def _other_number(phrase: str) -> str:
    """The plural; of a plural of several words the singular ("new leads"): a single word means other things too."""
    if not phrase.isascii() or not phrase[-1:].isalpha():
        return phrase
    if not phrase.endswith("s"):
        return f"{phrase[:-1]}ies" if re.search(r"[^aeiou]y$", phrase) else f"{phrase}s"
    if " " not in phrase or phrase.endswith("ss"):
        return phrase
    return f"{phrase[:-3]}y" if phrase.endswith("ies") else phrase[:-1]
