"""Numbers, months, weekdays and units as they are written, in patterns and as what they stand for.

The patterns here are parts of the rules' patterns; a group's name says what it holds.
"""

from __future__ import annotations

import re

from analytics.vocabulary import Grain

_SMALL = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_ENGLISH_NUMBERS = {
    "a couple of": 2,
    "couple of": 2,
    **_SMALL,
    **_TENS,
    **{
        f"{ten}{joint}{one}": tens + ones
        for ten, tens in _TENS.items()
        for one, ones in _SMALL.items()
        for joint in " -"
        if ones < 10
    },
}
_HAN_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN_UNITS = {"十": 10, "百": 100}
_HAN_WEEKDAYS = {"日": 7, "天": 7}

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri",
            "saturday sat", "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def either(*words: str) -> str:
    """A pattern of one of these words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


ENGLISH_NUMBER = (
    rf"(?P<count>\d{{1,4}}|(?:a )?couple of|{either(*_TENS)}(?:[ -]{either(*list(_SMALL)[:9])}\b)?|{either(*_SMALL)})"
)
HAN_NUMBER = r"(?P<count>\d{1,4}|[一二两三四五六七八九十百]{1,5})"
ENGLISH_UNIT = (
    r"(?P<unit>(?:fiscal|financial) (?:year|quarter|half)s?|fy|days?|d|weeks?|wks?|w|months?|mos?|quarters?|qtrs?|"
    r"half(?:[ -]years?)?|halves|years?|yrs?)\b"
)
# A unit may start another word: 周期 is a cycle, 日均 a daily mean, 月球 the moon, 年级 a grade.
HAN_UNIT = (
    r"(?P<unit>天(?![猫津然气])|日(?![常程期])|周(?![年期岁边转围末报])|星期|礼拜|个?月(?:份|度)?(?![报球])|"
    r"季度|季(?!节(?!点))|财季|半年(?:度)?|财年|(?:会计|财政|财务)年度|年度?(?![级龄轻会报]))"
)
ENGLISH_MONTH = rf"(?P<month>{either(*MONTHS)})"
ENGLISH_WEEKDAY = rf"(?P<weekday>{either(*WEEKDAYS)})"
ENGLISH_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
HAN_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
HAN_DAY = r"(?P<day>[0-3]?\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
HAN_WEEKDAY = r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"

# A number before one of these, or after one of those, counts something and is no time.
ENGLISH_COUNTED = (
    "(?:k|usd|eur|rmb|cny|dollars?|euros?|yuan|leads?|customers?|accounts?|deals?|orders?|units?|opportunities|calls?|"
    "meetings?|visits?|tickets?|people|reps|prospects|hours?|minutes?|days?|weeks?|months?|times|points?|per)"
)
HAN_COUNTED = "[个条位家名笔单元块万千百亿人件次天小分台套份秒度]"
AMOUNT_BEFORE = re.compile(
    r"(?:\b(?:over|under|above|below|exceed(?:s|ing)?|least|most|top|first|about|only|exactly|nearly|almost|worth|id|no\.?|"
    r"number|(?:more|less|fewer|greater|larger|bigger) than|order|lead|deal|ticket|room) ?|"
    r"[$€£¥#><=≥≤+*]|\b[a-z]{1,4}-|超过|大于|小于|高于|低于|不足|至少|最多|前|约|共|满|第) ?$"
)


def number_of(written: str) -> int:
    """What a number stands for: "12", "twelve", 十二, 二〇二五."""
    if written.isdecimal():
        return int(written)
    if written in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[written]
    if written in _HAN_WEEKDAYS:
        return _HAN_WEEKDAYS[written]
    if not any(character in _HAN_UNITS for character in written):
        return int("".join(str(_HAN_DIGITS[character]) for character in written))
    total, digit = 0, 0
    for character in written:
        if character in _HAN_UNITS:
            total += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        else:
            digit = _HAN_DIGITS[character]
    return total + digit


def grain_of(unit: str) -> Grain:
    """The unit of the calendar that a word stands for, in either language."""
    if unit == "fy" or unit.startswith(("fiscal", "financial", "财", "会计")):
        if "quarter" in unit or "季" in unit:
            return Grain.FISCAL_QUARTER
        return Grain.FISCAL_HALF if "half" in unit else Grain.FISCAL_YEAR
    if "half" in unit or unit.startswith(("halves", "半")):
        return Grain.HALF
    return next(grain for start, grain in _GRAINS if unit.startswith(start))


_GRAINS = (
    ("d", Grain.DAY), ("w", Grain.WEEK), ("m", Grain.MONTH), ("q", Grain.QUARTER), ("y", Grain.YEAR),
    ("天", Grain.DAY), ("日", Grain.DAY), ("周", Grain.WEEK), ("星期", Grain.WEEK), ("礼拜", Grain.WEEK),
    ("个月", Grain.MONTH), ("月", Grain.MONTH), ("季", Grain.QUARTER), ("年", Grain.YEAR),
)  # fmt: skip
