"""What is answered to a question back: "the first", 第二个, "win rate", the name of one of the people offered."""

from __future__ import annotations

import re

from analytics.semantic.definition import Kpi
from assistant.plans import Choice, Clarify, Define, Help, KpiQuery
from assistant.understanding.context import Context
from assistant.understanding.follow_ups.fragment import Fragment, fragment
from assistant.understanding.normalise import normalise
from assistant.understanding.reading import Reading

_DIGIT = re.compile(
    r"(?:option |choice |no\.? ?|number |#|选择?|第)?(?P<digit>[1-4])(?:个|项)?[.)、。]?(?: (?:please|pls))?"
)
_ORDER = {"pick_1": 0, "pick_2": 1, "pick_3": 2, "pick_4": 3, "pick_last": -1}


def chosen(asked_back: Clarify, reading: Reading, context: Context) -> Choice | None:
    """The one choice that the words pick; None where they pick none, or say more than the choices do."""
    choices = asked_back.choices
    digit = _DIGIT.fullmatch(reading.normal)
    if digit:
        return _at(choices, int(digit["digit"]) - 1)
    said = fragment(reading, (), None, context)
    if (by_name := _called(choices, said, reading, context)) is not None:
        return by_name
    if said.unread:
        return None
    picks = [_ORDER[mark] for mark in said.marks if mark in _ORDER]
    if len(picks) == 1 and not _slots(said):
        return _at(choices, picks[0])
    if not _slots(said):
        if "declines" in said.marks:
            return next((choice for choice in choices if isinstance(choice, Help)), None)
        real = [choice for choice in choices if not isinstance(choice, Help)]
        return real[0] if "agrees" in said.marks and len(real) == 1 else None
    fitting = [choice for choice in choices if _fits(choice, said)]
    return fitting[0] if len(fitting) == 1 else None


def _called(choices: tuple[Choice, ...], said: Fragment, reading: Reading, context: Context) -> Choice | None:
    """ "The lead one", 客户的: the one choice whose KPI has these words in its name."""
    pieces = [piece for piece in said.asked.pieces if not piece.is_a("then:fills") and piece.phrase != "one"]
    if len(pieces) != 1 or len(choices) < 2 or not any(character.isalpha() for character in pieces[0].phrase):
        return None
    said_word = re.escape(reading.normal[pieces[0].start : pieces[0].end])
    word = rf"\b{said_word}" if said_word.isascii() else said_word
    for names in (_names, _synonyms):
        fitting = [choice for choice in choices if any(re.search(word, name) for name in names(choice, context))]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _names(choice: Choice, context: Context) -> list[str]:
    return [normalise(name) for kpi in _kpis(choice, context) for name in (kpi.names.en, kpi.names.zh)]


def _synonyms(choice: Choice, context: Context) -> list[str]:
    kpis = _kpis(choice, context)
    return [normalise(name) for kpi in kpis for name in (*kpi.synonyms.en, *kpi.synonyms.zh)]


def _kpis(choice: Choice, context: Context) -> list[Kpi]:
    named = choice.kpis if isinstance(choice, KpiQuery) else (getattr(choice, "kpi", None),)
    return [context.model.kpis[kpi] for kpi in named if kpi in context.model.kpis]


def _at(choices: tuple[Choice, ...], place: int) -> Choice | None:
    return choices[place] if -len(choices) <= place < len(choices) else None


def _slots(said: Fragment) -> bool:
    asked = said.asked
    named = (said.kpis, asked.dimensions, asked.periods, asked.narrowed, asked.filters, asked.whose, asked.comparison)
    others = (said.either, asked.base, asked.edge, asked.grain, asked.share, asked.running, asked.trend, said.number)
    return (
        any(named)
        or any(others)
        or bool(said.marks & {"chart", "why", "forecast", "total", "add", "removes", "any_of"})
    )


def _fits(choice: Choice, said: Fragment) -> bool:
    """Whether a choice says everything that the words say."""
    asked = said.asked
    if said.either or asked.base or asked.edge or asked.grain or asked.share or asked.running or asked.trend:
        return False
    if said.marks & {"chart", "why", "forecast", "total", "add", "removes", "any_of"} or said.number:
        return False
    if isinstance(choice, Define):
        return said.kpis == (choice.kpi,) and not (asked.periods or asked.narrowed or asked.whose or asked.dimensions)
    owner = getattr(choice, "whose", None) or getattr(choice, "owner", None)
    if not all(owner in _owners(owners) for owners in asked.whose):
        return False
    if not isinstance(choice, KpiQuery):
        return bool(asked.whose) and not (said.kpis or asked.periods or asked.narrowed or asked.dimensions)
    return _fits_figures(choice, said)


def _owners(named: tuple[str, ...]) -> tuple[str, ...]:
    return (*named, "everyone") if "company" in named else named


def _fits_figures(choice: KpiQuery, said: Fragment) -> bool:
    asked = said.asked
    days = [(period.start, period.end) for period in asked.periods]
    held = {(given.name, value) for given in choice.filters for value in given.values}
    each = any(piece.is_a("by") for piece in asked.pieces)  # "for all channels" names no value
    about = {*choice.dimensions, *(() if each else (given.name for given in choice.filters))}
    return (
        (not said.kpis or said.kpis == choice.kpis)
        and all(day == (choice.period.period.start, choice.period.period.end) for day in days)
        and all(held & set(naming.options) for naming in asked.narrowed)
        and set(asked.dimensions) <= about
        and (asked.comparison is None or (choice.comparison is not None and choice.comparison.kind == asked.comparison))
    )
