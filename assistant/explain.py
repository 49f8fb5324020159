"""Facts + template -> words, and the digit guard. Knows no kind by name."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from analytics.organisation import Company
from analytics.vocabulary import Clock, Figure
from assistant import formats
from assistant.question import Language
from assistant.result import Result, Worded
from assistant.traditional import traditional
from prompts.marks import Origin, Quoted, Rendered, Span, Traced, clean, spans, untraced_digits
from prompts.renderer import render

log = logging.getLogger(__name__)

Said = list[Span]


@dataclass(frozen=True)
class Speaker:
    """How to speak to this asker: language, the company's money and zone, and today."""

    language: Language
    company: Company
    clock: Clock
    phrases: dict[int, str] = field(default_factory=dict, repr=False)  # worded once, used in text and items alike


@dataclass(frozen=True)
class Explanation:
    """The parts of an answer, each as stretches of words with their origins; `items` with every phrase worded."""

    headline: Said
    reading: Said
    body: Said
    small: Said
    following: Said
    shortened: Said
    items: list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The whole answer as Markdown."""
        parts = (self.headline, self.body, self.small, self.reading, self.following)
        return "\n\n".join(plain(part) for part in parts if part)


def explain(result: Result, speaker: Speaker) -> Explanation:
    """Render the route's template in the asker's language; with an untraced digit the plain figures go out instead."""
    blocks = render(speaker.language.template_folder, result.route, spoken(result.facts, speaker))
    stray = {name: digits for name, text in blocks.items() if (digits := untraced_digits(text))}
    if stray:
        log.error(
            "digit guard: answer kind %s (%s) holds digits of unknown origin: %s", result.route, speaker.language, stray
        )
        facts = {"figures": [{"name": Quoted(figure.name), "value": figure} for figure in result.figures]}
        blocks = render(speaker.language.template_folder, "figures", spoken(facts, speaker))
    said = {name: _in_script(spans(text), speaker.language) for name, text in blocks.items()}
    return Explanation(
        headline=said["headline"],
        reading=said.get("reading", []),
        body=said.get("body", []),
        small=said.get("small", []),
        following=said.get("following", []),
        shortened=_in_script(spans(phrase(Worded("shortened", {}), speaker)), speaker.language),
        items=[_item(item, speaker) for item in result.items],
    )


def plain(said: Said) -> str:
    """The words without their origins."""
    return "".join(span.text for span in said)


def spoken(value: Any, speaker: Speaker) -> Any:
    """Facts as a template may print them: every number formatted and traced, every phrase worded."""
    if isinstance(value, Figure):
        return _traced(formats.figure(value, speaker.language, speaker.company), value)
    if isinstance(value, datetime):
        zone = speaker.clock.timezone
        return Traced(formats.moment(value, speaker.language, zone, today=speaker.clock.today))
    if isinstance(value, date):
        return Traced(formats.day(value, speaker.language, today=speaker.clock.today))
    if isinstance(value, Worded):
        return Rendered(phrase(value, speaker))
    if isinstance(value, Mapping):
        return {key: spoken(entry, speaker) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [spoken(entry, speaker) for entry in value]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        raise TypeError(f"a bare number reached a template: {value!r}; hand over a Figure")
    return value


def phrase(worded: Worded, speaker: Speaker) -> str:
    """One phrase in the asker's language, marks still in it."""
    known = speaker.phrases.get(id(worded))
    if known is None:
        facts = spoken(worded.facts, speaker)
        known = speaker.phrases[id(worded)] = render(speaker.language.template_folder, worded.template, facts)["text"]
    return known


def _traced(text: str, figure: Figure) -> Traced:
    traced = Traced(text)
    traced.one, traced.zero = figure.value == 1, not figure.value
    return traced


def _item(item: Mapping[str, Any], speaker: Speaker) -> dict[str, Any]:
    return {key: _plain_value(value, speaker) for key, value in item.items()}


def _plain_value(value: Any, speaker: Speaker) -> Any:
    if isinstance(value, Worded):
        said = spans(phrase(value, speaker))
        return plain(_in_script(said, speaker.language))
    if isinstance(value, Quoted):
        return clean(value)
    if isinstance(value, Mapping):
        return _item(value, speaker)
    if isinstance(value, list | tuple):
        return [_plain_value(entry, speaker) for entry in value]
    return float(value) if isinstance(value, Decimal) else value


def _in_script(said: Said, language: Language) -> Said:
    """Traditional for those who asked so; names and quotations stay as they stand in the data."""
    if language is not Language.ZH_HANT:
        return said
    return [span if span.origin is Origin.QUOTED else Span(traditional(span.text), span.origin) for span in said]
