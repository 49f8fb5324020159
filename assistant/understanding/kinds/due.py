"""Until when something is to be done: "by Friday", 周五前, "by the end of the month", "within two weeks"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from analytics.semantic.calendar import next_start, start_of, unit
from analytics.vocabulary import Grain, Period
from assistant.understanding.context import Context
from assistant.understanding.numbers import NUMBER_WORDS, number_of
from assistant.understanding.periods import periods_in, unclear_in

_LIMIT = re.compile(r"^(?:before|by|until|till)\b(?: the)? ?|^截[至止]到?|^到")
_UP_TO = re.compile(r"(?:之前|以前|前|之内|以内|内)$")
_ENDS = re.compile(r"^(?:the )?(?:very )?end of (?P<en>.+)$|^(?P<zh>.*[月季度年周])[底末]$")
_UNIT_ENDS = re.compile(r"\b(?P<unit>month|quarter|year|week)[ -]?end\b")
_TODAY = re.compile(r"\b(?:eod|cob|tonight|end of (?:the |this )?(?:day|business))\b|今晚|下班前")
_ON_DAY = re.compile(r"\bthe (?P<en>[0-3]?\d)(?:st|nd|rd|th)\b|(?<![\d月])(?P<zh>[0-3]?\d)[号日](?:之前|以前|前)")
_WITHIN = re.compile(
    rf"\b(?:within|in) (?:the next )?(?P<en>\d{{1,2}}|{'|'.join(sorted(NUMBER_WORDS))}|a) (?P<unit>day|week|month)s?\b"
    r"|(?P<zh>\d{1,2}|[一二两三四五六七八九十]{1,3})个?(?P<han>天|日|周|星期|礼拜|月)(?:之内|以内|内)"
)
_LENGTHS = {
    "day": Grain.DAY, "week": Grain.WEEK, "month": Grain.MONTH,
    "天": Grain.DAY, "日": Grain.DAY, "周": Grain.WEEK, "星期": Grain.WEEK, "礼拜": Grain.WEEK, "月": Grain.MONTH,
}  # fmt: skip
_THIS = {
    "the month": Grain.MONTH, "month": Grain.MONTH, "the quarter": Grain.QUARTER, "quarter": Grain.QUARTER,
    "the year": Grain.YEAR, "year": Grain.YEAR, "the week": Grain.WEEK, "week": Grain.WEEK,
    "月": Grain.MONTH, "季": Grain.QUARTER, "季度": Grain.QUARTER, "年": Grain.YEAR, "年度": Grain.YEAR,
    "周": Grain.WEEK,
}  # fmt: skip
_SAYS_BY = re.compile(r"\b(?:by|before|until|till|within|due)(?: the)? $|[在截至止到]$")
_BY_ITS_NAME = re.compile(r"day\b|^周|^星期|^礼拜")
_SAYS_THE_YEAR = re.compile(r"\d{4}|年|year")


def due_in(text: str, context: Context) -> date | None:
    """The day that a normalised text names as the last one, today or later; None where it names none.

    A limit ("by Friday") counts before a time that is only named ("tomorrow"); a time that is over is no limit. A
    weekday or a day of the year is the next one of its name. "Before" a week, month or longer is the day before it.
    """
    times = periods_in(text, context.today, context.fiscal_year_start)
    named = (one for one in times if _limits_itself(one.period, one.words, text[: one.start], context))
    days = [*_limits(text, context), *(_last_day(one.period, one.words, context) for one in named)]
    return next((day for day in days if day >= context.today), None)


def _limits_itself(period: Period, words: str, before: str, context: Context) -> bool:
    """ "Tomorrow" and "next week" do; "the customers of this month" tells which customers."""
    of_one_day = (period.end - period.start).days == 1
    return of_one_day or period.start > context.today or words.endswith("内") or _SAYS_BY.search(before) is not None


def _limits(text: str, context: Context) -> Iterator[date]:
    for time in unclear_in(text, context.today, context.fiscal_year_start):
        yield from _day_of_limit(time.words, context)
    for found in _UNIT_ENDS.finditer(text):
        yield _end_of_this(Grain(found["unit"]), context)
    for found in _WITHIN.finditer(text):
        number, length = found["en"] or found["zh"], _LENGTHS[found["unit"] or found["han"]]
        yield _after(context.today, length, 1 if number == "a" else number_of(number))
    for found in _ON_DAY.finditer(text):
        yield from _of_month(int(found["en"] or found["zh"]), context)
    if _TODAY.search(text):
        yield context.today


def _day_of_limit(words: str, context: Context) -> Iterator[date]:
    """ "by friday", 月底前, "the end of next month"."""
    strict = words.startswith("before") or words.endswith(("前", "以前", "之前"))
    inner = _UP_TO.sub("", _LIMIT.sub("", words)).strip()
    ends = _ENDS.match(inner)
    if ends is not None:
        inner, strict = (ends["en"] or ends["zh"]).strip(), False
    if inner in _THIS:
        yield _end_of_this(_THIS[inner], context)
        return
    for found in periods_in(inner, context.today, context.fiscal_year_start)[:1]:
        long = found.period.grain not in (None, Grain.DAY)
        if strict and long:
            yield found.period.start - timedelta(days=1)
        else:
            yield _last_day(found.period, found.words, context)


def _last_day(period: Period, words: str, context: Context) -> date:
    """The last day of the whole unit; what goes by a name that comes again is the next one."""
    if period.to_date and period.grain is not None:
        period = unit(period.start, period.grain, context.fiscal_year_start)
    last = period.end - timedelta(days=1)
    if (period.end - period.start).days > 1 or _SAYS_THE_YEAR.search(words):
        return last
    if _BY_ITS_NAME.search(words) and "yesterday" not in words:
        return last + timedelta(days=7 * -(min(0, (last - context.today).days) // 7))
    return _next_of_year(last, context.today) if re.search(r"\d", words) else last


def _next_of_year(day: date, today: date) -> date:
    while day < today:
        after = start_of(date(day.year + 1, day.month, 1), Grain.MONTH)
        day = after + timedelta(days=min(day.day, (next_start(after, Grain.MONTH) - after).days) - 1)
    return day


def _of_month(number: int, context: Context) -> Iterator[date]:
    """The 15th: of this month, or of the next one where it is over."""
    start = start_of(context.today, Grain.MONTH)
    for month in (start, next_start(start, Grain.MONTH)):
        day = month + timedelta(days=number - 1)
        if number >= 1 and day < next_start(month, Grain.MONTH) and day >= context.today:
            yield day
            return


def _end_of_this(grain: Grain, context: Context) -> date:
    return unit(context.today, grain, context.fiscal_year_start).end - timedelta(days=1)


def _after(today: date, length: Grain, count: int) -> date:
    """So many days, weeks or months from today."""
    if length is Grain.MONTH:
        first = next_start(start_of(today, Grain.MONTH), Grain.MONTH, count)
        return first + timedelta(days=min(today.day, (next_start(first, Grain.MONTH) - first).days) - 1)
    return today + timedelta(days=count * (7 if length is Grain.WEEK else 1))
