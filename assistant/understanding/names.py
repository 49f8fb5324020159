"""Names that stand in the data -> words of the lexicon: regions, teams, channels, products, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from analytics.organisation import Rep
from analytics.semantic.dimension_values import values_of
from assistant.understanding.normalise import normalise

if TYPE_CHECKING:
    from analytics.semantic import Model
    from analytics.warehouse import Reader

Named = tuple[str, str]  # normalised name, concept

_FILE = Path(__file__).with_name("value_words.yaml")
_BY_ID = ("rep", "team")  # whose values a plan names by id
_OWN_WAY = ("rep", "customer")  # colleagues are read as owners; customers are too many to be words
_SAME = {"lead_source": "channel"}  # the same values under another name
_HAN_DIGITS = "零一二三四五六七八九"
_NUMBERED = re.compile(r"(?P<name>.+?) ?(?P<number>\d)")
_CODED = re.compile(r"(?P<code>(?=[a-z\d\-]*[a-z])(?=[a-z\d\-]*\d)[a-z\d][a-z\d\-]+) ")  # X500 Control System
_TWO_SCRIPTS = re.compile(r"(?P<latin>[^\u3400-\u9fff]+?) (?P<han>[\u3400-\u9fff]+)")


def names_of_reps(reps: Iterable[Rep]) -> Iterator[Named]:
    """What colleagues are called."""
    return ((normalise(name), f"rep:{rep.rep_id}") for rep in reps for name in rep.names)


def names_of_values(model: Model, reader: Reader) -> Iterator[Named]:
    """What the values of the model's dimensions are called in this version of the data."""
    for dimension in model.dimensions:
        if dimension not in (*_OWN_WAY, *_SAME):
            yield from names_of(dimension, values_of(model, reader, dimension))


def names_of_cities(cities: Iterable[str]) -> Iterator[Named]:
    """What the cities of customers are called; a city is a column of lists, not a dimension of figures."""
    for city in cities:
        for form in dict.fromkeys(_forms(normalise(city))):
            yield form, f"city:{city}"


def names_of(dimension: str, values: Iterable[tuple[str, str]]) -> Iterator[Named]:
    """The words for these (id, name) values: as written, each script by itself, as the other
    language says it, and the id."""
    for key, name in values:
        concept = f"value:{dimension}:{key if dimension in _BY_ID else name}"
        own_id = () if key == name else (normalise(key),)
        for form in dict.fromkeys((*_forms(normalise(name)), *own_id)):
            if len(form) > 1 and not form.isdecimal():
                yield form, concept


def _forms(name: str) -> Iterator[str]:
    yield name
    both = _TWO_SCRIPTS.fullmatch(name)
    if both:
        yield from (both["latin"], both["han"])
    code = _CODED.match(name)
    if code:
        yield code["code"]
    yield from _translated().get(name, ())
    numbered = _NUMBERED.fullmatch(name)
    if numbered:
        number = numbered["number"]
        for word in _translated().get(numbered["name"], ()):
            if not word.isascii():
                yield from (f"{word}{digit}{unit}" for digit in (number, _HAN_DIGITS[int(number)]) for unit in _UNITS)


_UNITS = ("区", "组", "队", "团队", "部")


@cache
def _translated() -> dict[str, tuple[str, ...]]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    groups = yaml.load(_FILE.read_text("utf-8"), Loader=loader)
    words = [tuple(normalise(word) for word in group) for group in groups]
    return {word: tuple(other for other in group if other != word) for group in words for word in group}
