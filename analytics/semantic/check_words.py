"""The words people use for KPIs and dimensions: each means one thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from analytics.semantic.definition import Dimension, Kpi
from analytics.semantic.found import Found, Layers, Place
from analytics.semantic.model import Model


def check_words(model: Model, layers: Layers) -> Iterator[Found]:
    """A word said of two things is told of the later one: of one's own, where the other is built in."""
    named: list[tuple[str, Kpi | Dimension]] = [(f"kpi {kpi.id}", kpi) for kpi in model.kpis.values()]
    named += [(f"dimension {name}", dimension) for name, dimension in model.dimensions.items()]
    named.sort(key=lambda entry: layers[entry[0]])
    for language in ("en", "zh"):
        taken: dict[str, str] = {}
        for what, given in named:
            words: dict[Place, str] = {("names", language): getattr(given.names, language)}
            words |= {("synonyms", language, n): word for n, word in enumerate(getattr(given.synonyms, language))}
            for place, word in words.items():
                other = taken.setdefault(_as_heard(word), what)
                if other != what:
                    yield Found(what, place, _says(word, other, what))


def _as_heard(word: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def _says(word: str, other: str, what: str) -> str:
    kind, _, name = other.partition(" ")
    if kind == "kpi" and what.startswith("kpi "):
        return f"{word!r} already means {name}; a word means one KPI"
    meant = f"the KPI {name}" if kind == "kpi" else f"the dimension {name}"
    return f"{word!r} already means {meant}; a word means one thing"
