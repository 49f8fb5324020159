"""From names of times to periods: alone, joined ("from X to Y", 3月以来), compared (去年同期) or without clear days.

At each place where a time can start, the longest reading is taken; reading goes on after it, so spans never overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from analytics.vocabulary import Grain, Period
from assistant.understanding.periods.found import FoundPeriod, Present, UnclearTime
from assistant.understanding.periods.joints import (
    AFTER_ALL,
    AND,
    BETWEEN,
    CHANGING,
    COMPARED_AFTER,
    COMPARED_BEFORE,
    COMPARING,
    DEADLINE,
    FROM,
    OF,
    OWN_DAY_LAST_YEAR,
    PART_BEFORE,
    SIGN_TO,
    SINCE,
    SINCE_AFTER,
    SINCE_AFTER_FROM,
    TO,
    UNCLEAR_AFTER,
    UNCLEAR_BEFORE,
)
from assistant.understanding.periods.lists import years_shared
from assistant.understanding.periods.named import Named, days_between
from assistant.understanding.periods.names import Read, Sentence, length
from assistant.understanding.periods.relative import between, since
from assistant.understanding.periods.rules import Meaning, NoPeriod


def periods_in(text: str, today: date, fiscal_year_start: int = 1) -> list[FoundPeriod]:
    """The periods a normalised question speaks of, in order.

    What compares (去年同期, "same period last year") is no period; a time without clear days (`unclear_in`) neither.
    ValueError for a fiscal year that starts in no month from 1 to 12.
    """
    sentence = Sentence(text, Present(today, fiscal_year_start))
    readings = years_shared(sentence, list(_readings(sentence)))
    return [
        FoundPeriod(one.start, one.end, period, text[one.start : one.end])
        for one in readings
        if isinstance(period := sentence.period(one.meaning), Period)
    ]


def unclear_in(text: str, today: date, fiscal_year_start: int = 1) -> list[UnclearTime]:
    """The words for a time that need a question back, in order: 双周, 月底, "before May", "the first week of June"."""
    sentence = Sentence(text, Present(today, fiscal_year_start))
    return [
        UnclearTime(one.start, one.end, text[one.start : one.end])
        for one in _readings(sentence)
        if sentence.period(one.meaning) is NoPeriod.UNCLEAR
    ]


def _readings(sentence: Sentence) -> Iterator[Read]:
    at = sentence.next_start(0)
    while at is not None:
        readings = [reading for read in _WAYS if (reading := read(sentence, at)) is not None]
        found = max(readings, key=length, default=None)
        if found is not None:
            yield found
        at = sentence.next_start(at + 1 if found is None else found.end)


def _alone(sentence: Sentence, at: int) -> Read | None:
    """One name of a time, with what follows it."""
    name = sentence.name_at(at)
    if name is None:
        return None
    period = sentence.period(name.meaning)
    if found := COMPARED_AFTER.match(sentence.text, name.end) or _own_day(sentence.text, name.end, period):
        return Read(at, found.end(), NoPeriod.COMPARISON)
    if found := SINCE_AFTER.match(sentence.text, name.end):
        return Read(at, found.end(), _since(period, sentence.present))
    if found := UNCLEAR_AFTER.match(sentence.text, name.end):
        return Read(at, found.end(), NoPeriod.UNCLEAR)
    if (found := OF.match(sentence.text, name.end)) and (whole := sentence.name_at(found.end())):
        return Read(at, whole.end, NoPeriod.UNCLEAR)
    return _with_ending(sentence, name)


def _own_day(text: str, at: int, period: Period | NoPeriod) -> re.Match[str] | None:
    """去年今天, 去年这个时候: today, a year before."""
    return OWN_DAY_LAST_YEAR.match(text, at) if isinstance(period, Period) and period.grain is Grain.YEAR else None


def _range(sentence: Sentence, at: int) -> Read | None:
    """Two names joined: "3 to 17 May", 1-3月, 上周一到周五."""
    joined = _joined(sentence, at, at, TO)
    if joined is None:
        return None
    compared = COMPARING.search(sentence.text, 0, at) or CHANGING.search(sentence.text, 0, at)
    return _joined(sentence, at, at, SIGN_TO) if compared else joined


def _led_range(sentence: Sentence, at: int) -> Read | None:
    """From one name to another, or from one on."""
    lead = FROM.match(sentence.text, at)
    joint = TO if lead else AND
    lead = lead or BETWEEN.match(sentence.text, at)
    if lead is None:
        return None
    joined = None if CHANGING.search(sentence.text, 0, lead.end()) else _joined(sentence, at, lead.end(), joint)
    name = sentence.name_at(lead.end())
    found = SINCE_AFTER_FROM.match(sentence.text, name.end) if name else None
    if name is None or found is None or (joined and joined.end > found.end()):
        return joined
    return Read(at, found.end(), _since(sentence.period(name.meaning), sentence.present))


def _since_name(sentence: Sentence, at: int) -> Read | None:
    lead = SINCE.match(sentence.text, at)
    name = sentence.name_at(lead.end()) if lead else None
    if name is None:
        return None
    since_then = _since(sentence.period(name.meaning), sentence.present)
    return _with_ending(sentence, Read(at, name.end, since_then))


def _compared(sentence: Sentence, at: int) -> Read | None:
    lead = COMPARED_BEFORE.match(sentence.text, at)
    name = sentence.name_at(lead.end()) if lead else None
    return None if name is None else Read(at, name.end, NoPeriod.COMPARISON)


def _unclear(sentence: Sentence, at: int) -> Read | None:
    """ "Before May", "mid-September", 截至9月底; "by Friday" is a day to be ready, "by 2025 revenue" an order."""
    for lead, of_days in ((UNCLEAR_BEFORE, None), (PART_BEFORE, False), (DEADLINE, True)):
        found = lead.match(sentence.text, at)
        name = _alone(sentence, found.end()) if found else None
        if name is None:
            continue
        period = sentence.period(name.meaning)
        if of_days is None or (isinstance(period, Period) and of_days is (period.grain is Grain.DAY)):
            return Read(at, name.end, NoPeriod.UNCLEAR)
    return None


_WAYS = (_alone, _range, _led_range, _since_name, _compared, _unclear)


def _joined(sentence: Sentence, start: int, at: int, joint: re.Pattern[str]) -> Read | None:
    for left in (sentence.name_at(at), sentence.number_at(at)):
        found = joint.match(sentence.text, left.end) if left else None
        if left is None or found is None:
            continue
        for right in (sentence.name_at(found.end()), sentence.number_at(found.end())):
            if right and (period := _from_to(sentence, left.meaning, right.meaning)):
                return _with_ending(sentence, Read(start, right.end, period))
    return None


def _from_to(sentence: Sentence, left: Meaning, right: Meaning) -> Period | None:
    if isinstance(left, Named) and isinstance(right, Named):
        ends = days_between(left, right, sentence.present)
        return None if ends is None else between(*ends, sentence.present)
    first, last = sentence.period(left), sentence.period(right)
    if isinstance(first, NoPeriod) or isinstance(last, NoPeriod):
        return None
    return between(first, last, sentence.present)


def _with_ending(sentence: Sentence, read: Read) -> Read:
    ending = AFTER_ALL.match(sentence.text, read.end)
    return replace(read, end=ending.end()) if ending else read


def _since(period: Period | NoPeriod, present: Present) -> Period | NoPeriod:
    if isinstance(period, NoPeriod) or period.to_date:
        return period
    return since(period.start, present) or NoPeriod.UNCLEAR
