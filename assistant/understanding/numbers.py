"""How many: a number where a count stands, in digits, English words and Chinese numerals.

"top 5", "5 best leads", "前五条", "10条线索" are counts. A number with a unit or a sign beside it, a time, a number
after the noun ("lead 12") is none; it stays unread and is asked back.
"""

from __future__ import annotations

import re

_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100,
}  # fmt: skip
NUMBER_WORDS = frozenset(_ENGLISH)
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}

_NUMBER = rf"(?P<digits>\d{{1,6}})|(?P<english>{'|'.join(_ENGLISH)})"
_HAN_NUMBER = r"(?P<digits>\d{1,6})|(?P<han>[零一二两三四五六七八九十百千]{1,7})"
_HAN_COUNT = r"(?P<digits>\d{1,6})|(?P<han>[二两三四五六七八九十百千][零一二两三四五六七八九十百千]{0,6})"
_BEST = r"(?:best|top|hottest|warmest|open|callable|most promising|most valuable|highest value|good)"
_LEADS = r"(?:sales )?(?:leads|prospects)"
_MEASURE = r"[条个位家名笔通]"
_NOT_LEADS = r"(?!\s?(?:团队|组|人|月|小时|客户(?!线索)|公司|地区|区域|渠道|周|星期|天|分钟|百分))"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:top|first|best|hottest|warmest) (?:{_NUMBER})(?![\d%.,:$¥€#-])(?!\s?(?:am|pm|%|percent|k|m)\b)(?=\W|$)",
        rf"(?<![\d$¥€#.,+\-])\b(?:{_NUMBER}) (?:{_BEST} )*{_LEADS}\b",
        rf"\bnext (?:{_NUMBER}) (?:calls|names)\b",
        rf"[前头]\s?(?:{_HAN_NUMBER})\s?{_MEASURE}?(?![\d%.,个成折元块万点])",
        rf"(?<![\d$¥€#.,+\-第一])(?:{_HAN_COUNT})\s?{_MEASURE}{_NOT_LEADS}",
        rf"最[^\d的]{{1,6}}的一{_MEASURE}",
    )
)
_ONE = re.compile(r"\b(?:best|top|hottest|warmest) (?:lead|prospect)\b(?!s)")


def counts_in(text: str) -> list[tuple[int, int, int]]:
    """Each count of a normalised question with the place of its words: (start, end, value)."""
    found: list[tuple[int, int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            number = next((match[name] for name in ("digits", "english", "han") if match.groupdict().get(name)), "一")
            start, end = match.span()
            if not any(start < other_end and other < end for other, other_end, _ in found):
                found.append((start, end, number_of(number)))
    found += [(match.start(), match.start(), 1) for match in _ONE.finditer(text) if not found]
    return sorted(found)


def number_of(number: str) -> int:
    """A number in digits, an English word or Chinese numerals."""
    if number.isdecimal():
        return int(number)
    if number in _ENGLISH:
        return _ENGLISH[number]
    total, last = 0, 0
    for character in number:
        if character in _UNITS:
            total += (last or 1) * _UNITS[character]
            last = 0
        else:
            last = _DIGITS[character]
    return total + last
