"""Phrases -> concepts, in both languages at once: our own words, the words of the KPI files, names in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ahocorasick
import yaml

from assistant.understanding.normalise import normalise
from assistant.understanding.numbers import NUMBER_WORDS

if TYPE_CHECKING:
    from analytics.semantic import Model
    from assistant.understanding.spelling import Spelling

_HERE = Path(__file__).parent
_LEADS = _HERE / "lexicon.yaml"
_FIGURES = _HERE / "figures" / "words.yaml"
_SHARED = ("greeting",)  # of the words about leads, those that mean the same in a question about figures


@dataclass(frozen=True)
class Match:
    """A stretch [start, end) of the normalised question and the concept it stands for."""

    start: int
    end: int
    concept: str
    phrase: str


@dataclass(frozen=True)
class Hit:
    """A stretch [start, end) where a phrase stands, and every concept the phrase may mean."""

    start: int
    end: int
    phrase: str
    concepts: tuple[str, ...]


class Vocabulary:
    """Phrases and what each may mean; found wherever they stand."""

    def __init__(self, phrases: Mapping[str, tuple[str, ...]]) -> None:
        self.phrases = frozenset(phrases)
        self._automaton = ahocorasick.Automaton()
        for phrase, meant in phrases.items():
            self._automaton.add_word(phrase, (phrase, meant))
        self._automaton.make_automaton()

    def hits(self, text: str) -> list[Hit]:
        """Every phrase in the text, overlapping ones too; a Latin phrase only where whole words match."""
        return [
            Hit(end - len(phrase) + 1, end + 1, phrase, meant)
            for end, (phrase, meant) in self._automaton.iter(text)
            if _whole(text, end - len(phrase) + 1, end + 1)
        ]


class Lexicon:
    """The phrases of one warehouse version: one vocabulary for leads to call, one for figures."""

    def __init__(self, names: Iterable[tuple[str, str]] = (), model: Model | None = None) -> None:
        """`names`: (normalised name, concept), such as ("anna snelling", "rep:R1") or ("east", "value:region:East").

        A name made only of words of ours or of digits ("Top Five") is left out: it would change what the words mean.
        """
        known = list(names)
        reps = [(name, concept) for name, concept in known if concept.startswith("rep:")]
        self._ours = our_words(model) | {name for name, concept in known if concept.startswith("value:")}
        self._model = model
        self._leads = Vocabulary(_with_names(_leads_words(), reps))
        self.figures = Vocabulary(_with_names({**_figures_words(), **_model_words(model)}, known))
        self.cues = _cues()

    @cached_property
    def kpi_names(self) -> Mapping[str, str]:
        """Every name and synonym of a KPI, normalised, with its id."""
        kpis = self._model.kpis.values() if self._model is not None else ()
        return {
            normalise(word): kpi.id
            for kpi in kpis
            for word in (kpi.names.en, *kpi.synonyms.en, kpi.names.zh, *kpi.synonyms.zh)
        }

    @cached_property
    def spelling(self) -> Spelling:
        """Which words of ours a slip of the keyboard may have meant."""
        from assistant.understanding.spelling import Spelling

        return Spelling(self._ours)

    def knows(self, phrase: str) -> bool:
        """Whether a phrase is a word of ours or a name."""
        return phrase in self._phrases

    @cached_property
    def _phrases(self) -> frozenset[str]:
        return frozenset({*self._leads.phrases, *self.figures.phrases, *self.cues.phrases})

    def matches(self, text: str) -> list[Match]:
        """The words of a question about leads: leftmost-longest, none overlapping."""
        taken: list[Match] = []
        position = 0
        for hit in sorted(self._leads.hits(text), key=lambda hit: (hit.start, -hit.end)):
            if hit.start >= position:
                taken += [Match(hit.start, hit.end, concept, hit.phrase) for concept in hit.concepts]
                position = hit.end
        return taken


def _with_names(words: Mapping[str, tuple[str, ...]], names: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    concepts = dict(words)
    ours = _leads_words()
    for name, concept in names:
        fixed = name in ours if concept.startswith("rep:") else name in _figures_words()
        if name and not fixed and not _only_our_words(name) and concept not in concepts.get(name, ()):
            concepts[name] = (*concepts.get(name, ()), concept)
    return concepts


def _only_our_words(name: str) -> bool:
    ours = _leads_words()
    return all(word.isdecimal() or word in ours or word in NUMBER_WORDS for word in name.split())


def _whole(text: str, start: int, end: int) -> bool:
    def joined(a: str, b: str) -> bool:
        return a.isascii() and b.isascii() and a.isalnum() and b.isalnum()

    before = start > 0 and joined(text[start - 1], text[start])
    after = end < len(text) and joined(text[end - 1], text[end])
    return not before and not after


def our_words(model: Model | None) -> frozenset[str]:
    """All words of ours, without any name: a name made only of them changes no question."""
    from assistant.understanding.kinds.cues import cue_words

    return frozenset({*_leads_words(), *_figures_words(), *_model_words(model), *cue_words()})


def _model_words(model: Model | None) -> dict[str, tuple[str, ...]]:
    if model is None:
        return {}
    from assistant.understanding.figures.unsettled import unsettled_words, words_beside
    from assistant.understanding.model_words import words_of_model

    words = words_of_model(model)
    for phrase, meant in unsettled_words(model).items():
        words[phrase] = (*words.get(phrase, ()), *meant)
    for phrase, meant in words_beside(model).items():
        words[phrase] = tuple(dict.fromkeys((*words.get(phrase, _figures_words().get(phrase, ())), *meant)))
    return words


@cache
def _cues() -> Vocabulary:
    """The words by which the kinds of plans are recognised: the same for every company."""
    from assistant.understanding.kinds.cues import cue_words

    return Vocabulary(cue_words())


@cache
def _leads_words() -> dict[str, tuple[str, ...]]:
    return _phrases(_read(_LEADS))


@cache
def _figures_words() -> dict[str, tuple[str, ...]]:
    shared = {concept: words for concept, words in _read(_LEADS).items() if concept in _SHARED}
    return {**_phrases(shared), **_phrases(_read(_FIGURES))}


def _phrases(concepts: Mapping[str, Mapping[str, list[Any]]]) -> dict[str, tuple[str, ...]]:
    """The first concept in the file that lists a phrase has it."""
    return {
        str(phrase).casefold(): (concept,)
        for concept, languages in reversed(list(concepts.items()))
        for phrases in languages.values()
        for phrase in phrases
    }


@cache
def _read(path: Path) -> dict[str, dict[str, list[Any]]]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, dict[str, list[Any]]] = yaml.load(path.read_text("utf-8"), Loader=loader)
    return found
