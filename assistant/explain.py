"""Facts + template -> words, and the digit guard. Knows no kind by name."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from analytics.insights.charts import Chart
from analytics.organisation import Company
from analytics.semantic.definition import Words
from analytics.vocabulary import Clock, Figure, Period, Unit
from assistant import formats
from assistant.dates import OnAxis, axis_text, period_text
from assistant.explain_charts import Money, said_chart
from assistant.explain_tables import SaidTable, fenced, said_table
from assistant.plans import Choice
from assistant.question import Language
from assistant.result import Cell, Result, Worded
from assistant.traditional import traditional
from prompts.marks import Origin, Quoted, Rendered, Span, Traced, clean, mark, spans, untraced_digits
from prompts.renderer import render

log = logging.getLogger(__name__)

Said = list[Span]
TEXT_WIDTH = 100
"""Cells that a table in `Explanation.text` may take."""
_NO_DATA = Worded("no_data", {})
_SHORTENED = Worded("shortened", {})


@dataclass(frozen=True)
class Speaker:
    """How to speak to this asker: language, the company's money and zone, and today."""

    language: Language
    company: Company
    clock: Clock
    phrases: dict[int, tuple[Worded, str]] = field(default_factory=dict, repr=False)
    """Worded once, used in text and items alike; each kept with what it words, so that its id stays its own."""


@dataclass(frozen=True)
class SaidButtons:
    """A row of buttons, each with its label and its plan; `about` is empty where they are the whole answer's."""

    about: Said
    buttons: tuple[tuple[str, Choice], ...]


@dataclass(frozen=True)
class Explanation:
    """The parts of an answer, each as stretches of words with their origins; `items` with every phrase worded.

    `tables` and `charts` are in words too; what would show no row and no value is left out.
    """

    headline: Said
    reading: Said
    body: Said
    small: Said
    following: Said
    shortened: Said
    items: list[dict[str, Any]]
    speaker: Speaker = field(repr=False)
    tables: tuple[SaidTable, ...] = ()
    charts: tuple[Chart, ...] = ()
    buttons: tuple[SaidButtons, ...] = ()

    @property
    def text(self) -> str:
        """The whole answer as Markdown, its tables as blocks of code."""
        first, last = (self.headline, self.body), (self.small, self.reading, self.following)
        tables = [fenced(self.tables, TEXT_WIDTH)] if self.tables else []
        return "\n\n".join([*map(plain, filter(None, first)), *tables, *map(plain, filter(None, last))])

    def rows_left_out(self, rows: int) -> str:
        """How many rows of a table a message could not hold, in words."""
        return self.say(Worded("rows_left_out", {"rows": Figure("rows", rows, Unit.COUNT)}))

    def say(self, part: Cell) -> str:
        """Something more to the same asker, on one line; "" where it holds a digit of unknown origin."""
        say = _Aloud(self.speaker)
        said = say(part)
        if say.stray:
            log.error("digit guard: %s holds digits of unknown origin", say.stray)
        return "" if say.stray else said


def explain(result: Result, speaker: Speaker) -> Explanation:
    """Render the route's template in the asker's language; with an untraced digit the plain figures go out instead."""
    blocks = render(speaker.language.template_folder, result.template or result.route, spoken(result.facts, speaker))
    say = _Aloud(speaker)
    tables, charts = _tables(result, say), _charts(result, say, speaker)
    stray = {name: digits for name, text in blocks.items() if (digits := untraced_digits(text))} | say.stray
    if stray:
        log.error(
            "digit guard: answer kind %s (%s) holds digits of unknown origin: %s", result.route, speaker.language, stray
        )
        facts = {"figures": [{"name": Quoted(figure.name), "value": figure} for figure in result.figures]}
        blocks = render(speaker.language.template_folder, "figures", spoken(facts, speaker))
        tables, charts = (), ()
    said = {name: _in_script(spans(text), speaker.language) for name, text in blocks.items()}
    return Explanation(
        headline=said["headline"],
        reading=[*said.get("reading", []), *_notes(result, speaker)],
        body=said.get("body", []),
        small=said.get("small", []),
        following=said.get("following", []),
        shortened=_in_script(spans(phrase(_SHORTENED, speaker)), speaker.language),
        items=[_item(item, speaker) for item in result.items],
        speaker=speaker,
        tables=tables,
        charts=charts,
        buttons=_buttons(result, speaker),
    )


def _buttons(result: Result, speaker: Speaker) -> tuple[SaidButtons, ...]:
    """A row whose words hold a digit of unknown origin is left out."""
    rows = []
    for row in result.buttons:
        say = _Aloud(speaker)
        labelled = tuple((say(button.label), button.plan) for button in row.buttons)
        about = phrase(row.about, speaker) if row.about else ""
        if stray := [*say.stray.values(), *filter(None, [untraced_digits(about)])]:
            log.error("digit guard: buttons of %s hold digits of unknown origin: %s", result.route, stray)
        else:
            rows.append(SaidButtons(_in_script(spans(about), speaker.language), labelled))
    return tuple(rows)


def _notes(result: Result, speaker: Speaker) -> Said:
    """What follows the reading; a note with a digit of unknown origin is left out."""
    said: Said = []
    for note in result.notes:
        text = f"{' ' if speaker.language is Language.EN else ''}{phrase(note, speaker)}"
        if digits := untraced_digits(text):
            log.error("digit guard: note %s holds digits of unknown origin: %s", note.template, digits)
        else:
            said += _in_script(spans(text), speaker.language)
    return said


class _Aloud:
    """Words the parts of tables and charts on one line each; `stray` are digits in them of unknown origin."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.stray: dict[str, str] = {}

    def __call__(self, part: Cell) -> str:
        unknown = part is None or (isinstance(part, Figure) and part.value is None)
        marked = str(mark(spoken(_NO_DATA if unknown else part, self._speaker)))
        if digits := untraced_digits(marked):
            self.stray[part.template if isinstance(part, Worded) else "table"] = digits
        said = _in_script(spans(marked), self._speaker.language)
        words = (span.text.replace("**", "") if span.origin is Origin.TEMPLATE else span.text for span in said)
        return " ".join("".join(words).split())


def _tables(result: Result, say: _Aloud) -> tuple[SaidTable, ...]:
    return tuple(said_table(table, say) for table in result.tables if table.rows)


def _charts(result: Result, say: _Aloud, speaker: Speaker) -> tuple[Chart, ...]:
    money = Money(speaker.company.currency, speaker.language)
    return tuple(said for chart in result.charts if (said := said_chart(chart, say, money)) is not None)


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
    if isinstance(value, Period):
        return Traced(period_text(value, speaker.language))
    if isinstance(value, OnAxis):
        return Traced(axis_text(value, speaker.language))
    if isinstance(value, Words):
        return Traced(value.of(speaker.language.template_folder))
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
    if id(worded) not in speaker.phrases:
        facts = spoken(worded.facts, speaker)
        text = render(speaker.language.template_folder, worded.template, facts)["text"]
        speaker.phrases[id(worded)] = (worded, text)
    return speaker.phrases[id(worded)][1]


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
    if isinstance(value, Words):
        return plain(_in_script([Span(value.of(speaker.language.template_folder), Origin.TEMPLATE)], speaker.language))
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
