"""Festivals and shopping days by name: 国庆, 春节前后, 双十一, "Chinese New Year 2026", "around Spring Festival".

A festival means its public holiday as the Chinese calendar has it; where a year's holiday is not declared, the day
itself, and its "holiday" (国庆假期, 春节期间) is unclear. Around it (前后): 7 days before it to 7 after it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from analytics.semantic.calendar import days, unit
from analytics.semantic.holidays import read_calendar
from analytics.vocabulary import Grain
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.named import Named
from assistant.understanding.periods.rules import Meaning, NoPeriod, Rules
from assistant.understanding.periods.words import AMOUNT_BEFORE, HAN_COUNTED, either
from assistant.understanding.periods.years import AFTER, BEFORE, HAN_BEFORE, year_said

ENGLISH = Rules()
CHINESE = Rules()

AROUND = timedelta(days=7)
_CALENDAR = "cn"
_ENGLISH = {
    "spring festival": "spring_festival", "chinese new year": "spring_festival", "lunar new year": "spring_festival",
    "national day": "national_day", "golden week": "national_day",
    "labour day": "labour_day", "labor day": "labour_day",
    "mid-autumn festival": "mid_autumn", "mid-autumn": "mid_autumn", "mid autumn festival": "mid_autumn",
    "dragon boat festival": "dragon_boat", "qingming": "qingming", "qingming festival": "qingming",
    "new year's day": "new_year",
}  # fmt: skip
_CHINESE = {
    "春节": "spring_festival", "过年": "spring_festival", "农历新年": "spring_festival", "国庆": "national_day",
    "国庆节": "national_day", "十一黄金周": "national_day", "国庆黄金周": "national_day", "劳动节": "labour_day",
    "五一": "labour_day", "五一劳动节": "labour_day", "中秋": "mid_autumn", "中秋节": "mid_autumn",
    "端午": "dragon_boat", "端午节": "dragon_boat", "清明": "qingming", "清明节": "qingming", "元旦": "new_year",
}  # fmt: skip
_SHOPPING_DAYS = {
    "day": (11, 11), "11": (11, 11), "eleven": (11, 11), "十一": (11, 11), "12": (12, 12), "twelve": (12, 12),
    "十二": (12, 12), "618": (6, 18), "六一八": (6, 18),
}  # fmt: skip
_SALE = "(?:当[天日]|期间|大促)?"


@ENGLISH.when(
    rf"(?P<around>around (?:the )?)?(?:{BEFORE})?(?P<festival>{either(*_ENGLISH)})(?P<holiday> holidays?| break)?\b",
    rf"(?P<around>around (?:the )?)?(?P<festival>{either(*_ENGLISH)})(?P<holiday> holidays?| break)?\b(?:{AFTER})?",
)
def _english_festival(match: re.Match[str], present: Present) -> Meaning:
    return _festival(_ENGLISH[match["festival"]], match, present)


@CHINESE.when(
    rf"(?:{HAN_BEFORE})?(?P<festival>{either(*_CHINESE)})"
    r"(?:(?P<around>前后)|(?P<itself>当[天日])|(?P<holiday>假期|长假|小长假|假日|期间)|(?!路|街|村|乡|镇|区|店|期|十))"
)
def _chinese_festival(match: re.Match[str], present: Present) -> Meaning:
    return _festival(_CHINESE[match["festival"]], match, present)


def _festival(name: str, match: re.Match[str], present: Present) -> Meaning:
    said = match.groupdict()
    held = read_calendar(_CALENDAR).festivals[name].years
    year = year_said(said, present).get("year") or max(
        (one for one, festival in held.items() if (festival.off_from or festival.day) <= present.day), default=0
    )
    if year not in held:
        return NoPeriod.UNCLEAR
    itself, holiday = unit(held[year].day, Grain.DAY), held[year].holiday
    if said.get("around"):
        middle = holiday or itself
        return days(middle.start - AROUND, middle.end + AROUND)
    if said.get("holiday") and holiday is None:
        return NoPeriod.UNCLEAR
    return itself if holiday is None or said.get("itself") else holiday


@ENGLISH.when(
    rf"(?:{BEFORE})?(?:double|singles'?) (?P<day>11|12|eleven|twelve|day)\b(?: sales?| festival)?",
    rf"(?:double|singles'?) (?P<day>11|12|eleven|twelve|day)\b(?: sales?| festival)?(?:{AFTER})?",
    r"(?P<day>618)(?: (?:shopping )?(?:sale|festival|day)s?\b)",
)
@CHINESE.when(rf"(?:{HAN_BEFORE})?双(?P<day>十一|十二|11|12)(?![0-9个条月]){_SALE}")
def _shopping_day(match: re.Match[str], present: Present) -> Meaning:
    month, day = _SHOPPING_DAYS[match["day"]]
    return Named(month=month, day=day, **year_said(match.groupdict(), present))


@CHINESE.when(rf"(?:{HAN_BEFORE})?(?P<day>618|六一八)(?![\d.,]|{HAN_COUNTED}|号)(?! ?[a-z%]){_SALE}")
def _618(match: re.Match[str], present: Present) -> Meaning | None:
    """18 June, where the number can be no amount."""
    before = match.string[max(0, match.start() - 16) : match.start()]
    if AMOUNT_BEFORE.search(before) or re.search(r"[a-z] ?$(?<!during )(?<!in )(?<!for )", before):
        return None
    return _shopping_day(match, present)
