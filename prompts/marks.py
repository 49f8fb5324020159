"""Where each stretch of a rendered answer comes from, kept beside the words until they leave.

A template may output three things: its own words, *traced* text (a formatted figure or date) and *quoted* text
(names and sentences from data or from the question). Traced and quoted text is wrapped in private-use characters,
so that a digit without an origin can be told from one with, and data is never read as markup.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

_TRACED, _QUOTED, _END = "\ue010", "\ue011", "\ue012"
_SPAN = re.compile(f"([{_TRACED}{_QUOTED}])([^{_END}]*){_END}")


class Traced(str):
    """A formatted figure, date or period: its digits were computed. `one` and `zero` let templates choose a form."""

    one: bool = False
    zero: bool = False


class Quoted(str):
    """Text from data or from the question: may hold digits and anything else, and is never markup."""


class Rendered(str):
    """Words rendered before, with their marks; goes into another template as it is."""


class Origin(Enum):
    """Who wrote a stretch of an answer."""

    TEMPLATE = "template"
    TRACED = "traced"
    QUOTED = "quoted"


@dataclass(frozen=True)
class Span:
    """A stretch of text of one origin."""

    text: str
    origin: Origin


def mark(value: object) -> object:
    """What Jinja outputs for a value: traced and quoted text with its marks, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Traced):
        return f"{_TRACED}{value}{_END}"
    if isinstance(value, Quoted):
        return f"{_QUOTED}{clean(value)}{_END}"
    return value


def clean(text: str) -> str:
    """Data on one line, without control, invisible, private-use and direction-changing characters."""
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category in ("Cf", "Co", "Cn", "Cs") or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character


def spans(rendered: str) -> list[Span]:
    """A rendered text as stretches with their origins."""
    found: list[Span] = []
    position = 0
    for match in _SPAN.finditer(rendered):
        if match.start() > position:
            found.append(Span(rendered[position : match.start()], Origin.TEMPLATE))
        found.append(Span(match[2], Origin.TRACED if match[1] == _TRACED else Origin.QUOTED))
        position = match.end()
    if position < len(rendered):
        found.append(Span(rendered[position:], Origin.TEMPLATE))
    return found


def unmark(rendered: str) -> str:
    """The text alone."""
    return _SPAN.sub(lambda match: match[2], rendered)


def untraced_digits(rendered: str) -> str:
    """The digits of a rendered text that come from neither a figure nor data; empty when all is well."""
    return "".join(c for c in _SPAN.sub("", rendered) if c.isnumeric() and not _is_han(c))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
