"""Where names of times stand in a sentence, and what each means: every rule of both languages in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from analytics.vocabulary import Period
from assistant.understanding.periods import chinese_named, chinese_relative, english_named, english_relative, festivals
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.joints import LEADS, NUMBER, TO
from assistant.understanding.periods.named import Named, days_of
from assistant.understanding.periods.rules import Meaning, NoPeriod, Reader
from assistant.understanding.periods.words import number_of
from assistant.understanding.periods.years import HAN_BEFORE, year_said

_ENGLISH = [*english_relative.RULES.written, *english_named.RULES.written, *festivals.ENGLISH.written]
_CHINESE = [*chinese_relative.RULES.written, *chinese_named.RULES.written, *festivals.CHINESE.written]

_Compiled = list[tuple[re.Pattern[str], Reader]]
_LATIN: _Compiled = [(re.compile(pattern, re.ASCII), reader) for pattern, reader in _ENGLISH]
_HAN: _Compiled = [(re.compile(pattern, re.ASCII), reader) for pattern, reader in _CHINESE]
_DIGIT = [*_LATIN, *_HAN]

# Every Chinese reading starts with one of these; looking at them first is what keeps a long question fast.
_HAN_OPENS = (
    "本这当今去前大明后昨上下近最过滚之以往历未接自从介双第年季月周星礼春国五六中端清劳元农十一二两三四五七八九零〇首末"
    "截直每到同头财"
)
_DAY_UNITS = {"日": "day", "号": "day", "周": "week"}


@dataclass(frozen=True)
class Read:
    """The characters [start, end) and what they mean."""

    start: int
    end: int
    meaning: Meaning


@dataclass(frozen=True)
class Sentence:
    """A normalised text, the day it is said on, and the names already read in it, by place."""

    text: str
    present: Present
    names: dict[int, Read | None] = field(default_factory=dict)

    def next_start(self, at: int) -> int | None:
        """The next place where a time may start."""
        found = _MAY_START.search(self.text, at)
        return None if found is None else found.start()

    def name_at(self, at: int) -> Read | None:
        """The longest name of a time that starts there."""
        if at not in self.names:
            self.names[at] = self._read_name(at)
        return self.names[at]

    def number_at(self, at: int) -> Read | None:
        """One end of a range that is only a number: the other end tells what it counts."""
        match = NUMBER.match(self.text, at)
        if match is None:
            return None
        counts = _DAY_UNITS.get(match["unit"], "number")
        told: dict[str, Any] = {counts: number_of(match["digits"] or match["han"])}
        if match["month"]:
            told["month"] = number_of(match["month"])
        year = year_said({"year": match["late_year"] or match["year"]}, self.present)
        return Read(at, match.end(), Named(**told, **year))

    def period(self, meaning: Meaning) -> Period | NoPeriod:
        """The days that are meant; unclear where a name has none."""
        if isinstance(meaning, Named):
            return days_of(meaning, self.present) or NoPeriod.UNCLEAR
        return meaning

    def _read_name(self, at: int) -> Read | None:
        first = self.text[at : at + 1]
        rules = _HAN if not first.isascii() else _DIGIT if first.isdecimal() else _LATIN
        found = [
            Read(at, match.end(), meaning)
            for pattern, reader in rules
            if (match := pattern.match(self.text, at)) and (meaning := reader(match, self.present)) is not None
        ]
        return max(found, key=length, default=None)


def length(reading: Read) -> tuple[int, bool]:
    """The longer reading is preferred; of two as long, the one that is clear."""
    return reading.end, reading.meaning is not NoPeriod.UNCLEAR


def _start_of_any() -> re.Pattern[str]:
    """At the start of a Latin word or of a number, anywhere in Chinese."""
    leads = [lead.pattern for lead in LEADS]
    english, chinese = [pattern for pattern, _ in _ENGLISH], [pattern for pattern, _ in _CHINESE]
    number = f"(?:{NUMBER.pattern})(?:{TO.pattern})"
    latin = rf"(?<![a-z0-9_])(?=[a-z]){_any([*english, *leads])}"
    digit = r"(?<![\w$€£¥#/+\-.])(?<!\d[,:])(?=[\d'])"  # so few that the rules themselves are tried at each
    han = rf"(?=[{_HAN_OPENS}]){_any([*chinese, *leads, number])}"
    return re.compile(f"{latin}|{digit}|{han}", re.ASCII)


def _any(patterns: Iterable[str]) -> str:
    """One of the patterns; the year that many may start with is looked for once."""
    year = f"(?:{HAN_BEFORE})?"
    dated = [pattern.removeprefix(year) for pattern in patterns if pattern.startswith(year)]
    others = [pattern for pattern in patterns if not pattern.startswith(year)]
    if dated:
        others.append(f"{year}{_any(dated)}")
    nameless = re.sub(r"\(\?P<\w+>", "(?:", "|".join(f"(?:{pattern})" for pattern in others))
    return f"(?:{nameless})".replace("(?P=mark)", "[-/.]")


_MAY_START = _start_of_any()
