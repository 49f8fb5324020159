"""Until when something is paused: "until 1 December", "for two weeks", 暂停到下周一, 停三天."""

from __future__ import annotations

import re
from datetime import date, timedelta

from analytics.semantic.calendar import next_start, start_of
from analytics.vocabulary import Grain
from assistant.understanding.context import Context
from assistant.understanding.numbers import number_of
from assistant.understanding.periods import periods_in

Span = tuple[int, int]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HAN_DAYS = "一二三四五六日"
_NUMBER = r"\d{1,2}|a|an|one|two|three|four|five|six|seven|eight|ten|twelve|[一二两三四五六七八九十]{1,2}"
_UNTIL = re.compile(r"\b(?:until|till|til|to|before|through)\b ?|直到|到|至")
_WEEKDAY = re.compile(
    rf"(?P<next>next )?(?P<day>{'|'.join(_DAYS)})\b|(?P<han_next>下个?)?(?:周|星期|礼拜)(?P<han>[一二三四五六日天])"
)
_FOR = re.compile(
    rf"\b(?:for (?:the next )?|(?:for )?(?:the )?next )(?P<many>{_NUMBER}|the) (?P<unit>day|week|month)s?\b"
    rf"|(?:这|接下来|未来)?(?P<han_many>{_NUMBER})个?(?P<han_unit>天|周|星期|礼拜|月)"
)
_REST = re.compile(
    r"\b(?:for )?(?:the rest of )?(?:this|the) (?P<unit>week|month)\b|(?:这个?|本)(?P<han_unit>周|星期|礼拜|月)"
)
_YEAR = re.compile(r"\d{4}")
_TOMORROW = re.compile(r"\btomorrow\b|明天")
_UNITS = {"天": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month"}
_AFTER = re.compile(r" ?(?:为止|以后|之后|再发|再说|恢复|前|之前)")


def until_in(text: str, context: Context) -> tuple[date, Span] | None:
    """The day on which a pause ends, and the words that say so; None where none are there."""
    if (marked := _UNTIL.search(text)) is not None:
        ends = _day_after(text, marked.end(), context)
        if ends is not None:
            after = _AFTER.match(text, ends[1])
            return ends[0], (marked.start(), after.end() if after else ends[1])
    if (long := _FOR.search(text)) is not None:
        said = long["many"] or long["han_many"]
        many = 1 if said in ("a", "an", "the") else number_of(said)
        unit = long["unit"] or _UNITS[long["han_unit"]]
        return _later(context.today, many, unit), long.span()
    if (rest := _REST.search(text)) is not None:
        grain = Grain(rest["unit"] or _UNITS[rest["han_unit"]])
        return next_start(start_of(context.today, grain), grain), rest.span()
    return None


def _day_after(text: str, at: int, context: Context) -> tuple[date, int] | None:
    if (day := _WEEKDAY.match(text, at)) is not None:
        wanted = _DAYS.index(day["day"]) if day["day"] else _HAN_DAYS.index(day["han"].replace("天", "日"))
        monday = start_of(context.today, Grain.WEEK) + timedelta(days=7 if day["han_next"] else 0)
        found = monday + timedelta(days=wanted)
        return (found if found > context.today else found + timedelta(days=7)), day.end()
    if (tomorrow := _TOMORROW.match(text, at)) is not None:
        return context.today + timedelta(days=1), tomorrow.end()
    named = [one for one in periods_in(text[at:], context.today, context.fiscal_year_start) if one.start == 0]
    if not named:
        return None
    ends = named[0].period.start
    if ends <= context.today and _YEAR.search(text, at, at + named[0].end) is None:  # a day named alone is one to come
        ends = _a_year_on(ends)
    return (ends, at + named[0].end) if ends > context.today else None


def _a_year_on(day: date) -> date:
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _later(today: date, many: int, unit: str) -> date:
    if unit == "month":
        first = next_start(start_of(today, Grain.MONTH), Grain.MONTH, many)
        last = next_start(first, Grain.MONTH) - timedelta(days=1)
        return min(first + timedelta(days=today.day - 1), last)
    return today + timedelta(days=many * (7 if unit == "week" else 1))
