"""English names of times: "September", "3 May 2025", "Q3", "second half of last year", "FY26", "week 41", "Friday"."""

from __future__ import annotations

import re
from datetime import timedelta

from analytics.semantic.calendar import days, next_start, start_of, units
from analytics.vocabulary import Grain
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.named import Named, days_of, week_of
from assistant.understanding.periods.rules import Meaning, NoPeriod, Rules
from assistant.understanding.periods.words import (
    AMOUNT_BEFORE,
    ENGLISH_COUNTED,
    ENGLISH_DAY,
    ENGLISH_MONTH,
    ENGLISH_NUMBER,
    ENGLISH_WEEKDAY,
    HAN_COUNTED,
    MONTHS,
    ORDINALS,
    WEEKDAYS,
    either,
    number_of,
)
from assistant.understanding.periods.years import AFTER, BEFORE, YEAR, year_said

RULES = Rules()

_ORDINAL = rf"(?P<ordinal>{either(*ORDINALS)})"
_PART = (
    r"(?:(?P<part>q)(?P<place>[1-4])(?:\b|(?=fy))|(?P<part2>h)(?P<place2>[12])(?:\b|(?=fy))|"
    rf"(?:the )?{_ORDINAL} (?P<part3>quarter|qtr|half)(?:[ -]year)?\b|(?P<part4>quarter|qtr) (?P<place4>[1-4])\b)"
)
_WEEKS = {"last": -1, "previous": -1, "this": 0, "next": 1}
_WEEK = r"(?P<week>(?:the )?week before last|(?:last|previous|this|next) week)"
_DATE = rf"(?:{ENGLISH_DAY}(?: of)?[ -]{ENGLISH_MONTH}\b)"
_DATE_US = rf"(?:{ENGLISH_MONTH}\.? (?:the )?{ENGLISH_DAY}\b(?! ?(?:leads|deals|customers|orders|calls|reps)))"
# Words that are months only where a month can stand; as verbs and names they stay unread.
_OTHERWISE_WORDS = ("may", "march", "mar", "apr")
_MONTH_BEFORE = re.compile(
    r"\b(?:in|of|for|during|since|from|between|until|till|by|last|next|month of)(?: the)? $|"
    rf"(?:\b(?!may){either(*MONTHS)}|\d)(?:,| and| or| to| through| until| vs\.?| versus)? ?[-–—/~]? ?$"
)
_MONTH_AFTER = re.compile(
    rf" ?(?:[-–—/~,]|and|or|to|through|vs\.?|versus)? ?(?:the )?(?:\d\d? )?(?!may\b(?! \d)){either(*MONTHS)}\b|"
    r"(?:'s)? (?:revenue|sales|figures|numbers|results|bookings|orders|leads|deals|targets|costs|meetings|calls)\b|"
    r"'s\b| (?:to date|so far|onwards?|until (?:now|today))\b"
)
_NO_MONTH_AFTER = re.compile(
    r" (?:on|ahead|forward|up|down|in|out|off|i|we|you|he|she|it|they|be|have|not|need|also|the)\b"
)


@RULES.when(
    rf"{BEFORE}{ENGLISH_MONTH}\b",
    rf"(?:(?:the )?month of )?{ENGLISH_MONTH}\b\.?(?:{AFTER})?(?!-\d)",
    rf"(?P<which>last|this|next|this past) {ENGLISH_MONTH}\b(?!\.? \d)",
)
def _month(match: re.Match[str], present: Present) -> Meaning | None:
    said, month = match.groupdict(), MONTHS[match["month"]]
    if said.get("which"):
        if said["which"] == "this" and month == 5 and match.string[match.end() :].strip(" ?.!"):
            return None  # "this may help"
        today = present.day
        year = {
            "this": today.year,
            "next": today.year + (month <= today.month),
        }.get(said["which"], today.year - (month >= today.month))
        return Named(year=year, month=month)
    year_there = year_said(said, present)
    if not year_there and match["month"] in _OTHERWISE_WORDS and not _stands_as_month(match):
        return None
    return Named(month=month, **year_there)


def _stands_as_month(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 20) : match.start()]
    if _MONTH_BEFORE.search(before):
        return True
    if _NO_MONTH_AFTER.match(match.string, match.end()):
        return False
    ends_question = match["month"] != "may" and bool(before) and not match.string[match.end() :].strip(" ?.!")
    return ends_question or bool(_MONTH_AFTER.match(match.string, match.end()))


@RULES.when(
    rf"(?:{ENGLISH_WEEKDAY},? )?(?:the )?{_DATE}(?:{AFTER})?",
    rf"(?:{ENGLISH_WEEKDAY},? )?{_DATE_US}(?:{AFTER})?",
    r"(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})\b(?![/.]?\d|(?<=-\d\d)-\d{3})",
)
def _day(match: re.Match[str], present: Present) -> Meaning | None:
    said = match.groupdict()
    month = int(said["number"]) if said.get("number") else MONTHS[said["month"]]
    found = Named(month=month, day=int(match["day"]), **year_said(said, present))
    return found if days_of(found, present) else NoPeriod.UNCLEAR


@RULES.when(r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th) of (?P<which>last|this|next) month\b")
def _day_of_month(match: re.Match[str], present: Present) -> Meaning | None:
    first = next_start(start_of(present.day, Grain.MONTH), Grain.MONTH, _WEEKS[match["which"]])
    return Named(year=first.year, month=first.month, day=int(match["day"]))


@RULES.when(
    r"(?P<year>(?:19|20)\d\d)[-/.](?P<number>0[1-9]|1[0-2])\b(?![-/.]?\d)",
    r"(?P<number>0?[1-9]|1[0-2])/(?P<year>20\d\d)\b(?![-/.]?\d)",
)
def _month_in_digits(match: re.Match[str], _: Present) -> Meaning | None:
    return Named(year=int(match["year"]), month=int(match["number"]))


@RULES.when(rf"{BEFORE}{_PART}", rf"{_PART}(?:{AFTER})?")
def _part_of_year(match: re.Match[str], present: Present) -> Meaning | None:
    said = match.groupdict()
    place = said["place"] or said["place2"] or said["place4"] or ORDINALS[said["ordinal"]]
    return _part(said, int(place), present)


@RULES.when(rf"(?:the )?(?:last|final) (?P<part>quarter|half) of (?:the )?(?P<year>{YEAR}|year\b)")
def _last_part_of_year(match: re.Match[str], present: Present) -> Meaning | None:
    return _part(match.groupdict(), 4 if match["part"] == "quarter" else 2, present)


@RULES.when(
    r"(?P<place>[1-4])(?P<part>[qh])(?:'?(?P<year>(?:20)?\d\d)| (?P<year2>20\d\d))\b",
    r"(?P<year>\d\d)(?P<part>[qh])(?P<place>[1-4])\b",
)
def _part_of_year_short(match: re.Match[str], present: Present) -> Meaning | None:
    year = match["year"] or match["year2"]
    return _part({"part": match["part"], "year": year}, int(match["place"]), present)


def _part(said: dict[str, str | None], place: int, present: Present) -> Meaning | None:
    quarter = any((said.get(part) or "").startswith("q") for part in ("part", "part2", "part3", "part4"))
    year = year_said(said, present)
    if quarter:
        return Named(quarter=place, **year)
    return Named(half=place, **year) if place <= 2 else None


@RULES.when(
    rf"(?:the )?first {ENGLISH_NUMBER} (?P<what>months|quarters)(?:{AFTER})",
    rf"(?:the )?first {ENGLISH_NUMBER} (?P<what>quarters)\b",
)
def _first_of_year(match: re.Match[str], present: Present) -> Meaning | None:
    said, count = match.groupdict(), number_of(match["count"])
    year = year_said(said, present)
    part = Named(quarter=1, **year) if match["what"] == "quarters" else Named(month=1, **year)
    first = days_of(part, present)
    if first is None or first.grain is None or not 2 <= count <= (4 if part.quarter else 12):
        return NoPeriod.UNCLEAR
    return units(first.start, first.grain, count, present.fiscal_year_start)


@RULES.when(rf"(?:the )?(?P<side>first|last) {ENGLISH_NUMBER} days of {ENGLISH_MONTH}\b(?:{AFTER})?")
def _days_of_month(match: re.Match[str], present: Present) -> Meaning | None:
    month = days_of(Named(month=MONTHS[match["month"]], **year_said(match.groupdict(), present)), present)
    length = timedelta(days=number_of(match["count"]))
    if month is None or not timedelta() < length <= month.end - month.start:
        return NoPeriod.UNCLEAR
    return days(month.start, month.start + length) if match["side"] == "first" else days(month.end - length, month.end)


@RULES.when(
    rf"(?:the )?(?:whole of|all of|whole|full[ -]year|calendar(?: year)?|year|cy) ?(?P<year>{YEAR})",
    r"(?P<fiscal>fy ?'?|(?:fiscal|financial)(?: year)? )(?P<year>(?:19|20)\d\d|\d\d)\b(?![-/]\d)(?:财年)?",
    r"(?P<fiscal>fy ?)(?:19|20)\d\d[-/](?P<year>\d\d)\b",
)
def _year(match: re.Match[str], present: Present) -> Meaning | None:
    said = year_said(match.groupdict(), present)
    return Named(year=said["year"], fiscal=said["fiscal"] or bool(match.groupdict().get("fiscal")))


@RULES.when(rf"(?P<year>20\d\d)\b(?![.,/:]?\d|\+|'\d)(?! ?(?:[%$€£¥]|{ENGLISH_COUNTED}\b))(?! ?{HAN_COUNTED})")
def _bare_year(match: re.Match[str], present: Present) -> Meaning | None:
    """A number such as 2025 is a year where no amount can stand."""
    before = match.string[max(0, match.start() - 16) : match.start()]
    near = present.day.year - 15 <= int(match["year"]) <= present.day.year + 10
    return Named(year=int(match["year"])) if near and not AMOUNT_BEFORE.search(before) else None


@RULES.when(
    rf"{BEFORE}(?:week |wk |w)(?P<week>\d\d?)\b",
    rf"(?:calendar )?(?:weeks? |wk ?|w|cw)(?P<week>\d\d?)\b(?:{AFTER})?",
)
def _week(match: re.Match[str], present: Present) -> Meaning | None:
    year = year_said(match.groupdict(), present).get("year")
    return Named(week=int(match["week"]), year=year) if 1 <= int(match["week"]) <= 53 else None


@RULES.when(
    rf"(?:the )?(?:week|w/c|wk)(?:(?: of| commencing| beginning| starting| ending)(?: on)?)? (?:the )?"
    rf"(?:{ENGLISH_WEEKDAY},? )?(?:the )?(?:{_DATE}|{_DATE_US.replace('?P<', '?P<us_')})(?:{AFTER})?",
    r"(?:the )?week of (?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b",
)
def _week_of_day(match: re.Match[str], present: Present) -> Meaning | None:
    said = match.groupdict()
    month = int(said["number"]) if said.get("number") else MONTHS[said["month"] or said["us_month"]]
    day = int(said["day"] or said["us_day"])
    found = days_of(Named(month=month, day=day, **year_said(said, present)), present)
    return week_of(found.start) if found else NoPeriod.UNCLEAR


@RULES.when(
    rf"{ENGLISH_WEEKDAY},? (?:of )?{_WEEK}\b",
    rf"{_WEEK}(?:'s)? {ENGLISH_WEEKDAY}\b",
    rf"(?P<which>this|next) {ENGLISH_WEEKDAY}\b",
)
def _weekday_of_week(match: re.Match[str], present: Present) -> Meaning | None:
    said = match.groupdict()
    week = (said.get("week") or said.get("which") or "").removeprefix("the ")
    offset = -2 if week.endswith("before last") else _WEEKS[week.split()[0]]
    monday = start_of(present.day, Grain.WEEK) + timedelta(weeks=offset)
    return Named(weekday=WEEKDAYS[match["weekday"]], monday=monday)


@RULES.when(rf"(?:(?P<which>last|past|this past) )?{ENGLISH_WEEKDAY}\b(?!-to-)")
def _weekday(match: re.Match[str], _: Present) -> Meaning | None:
    """ "Sun" and "wed" are words of their own: short names need a word for a time before them."""
    short = not match["weekday"].endswith("day")
    before = match.string[max(0, match.start() - 8) : match.start()]
    if short and not match["which"] and not _SHORT_WEEKDAY_AFTER.search(before):
        return None
    return None if before.endswith(_NAMED_DAYS) else Named(weekday=WEEKDAYS[match["weekday"]])


_NAMED_DAYS = ("black ", "good ", "cyber ")
_SHORT_WEEKDAY_AFTER = re.compile(r"\b(?:on|since|from|to|until|till|through|between|and|last) $|[a-z]{3} ?[-–] ?$")
