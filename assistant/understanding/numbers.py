"""How many: numbers as people write them, in digits, English words and Chinese numerals."""

from __future__ import annotations

import re

_ENGLISH = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
        ],
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30],
        strict=True,
    )
)
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_COUNT = re.compile(
    r"(?P<digits>\d{1,6})(?![\d%.,]*\d)"
    rf"|\b(?P<english>{'|'.join(_ENGLISH)})\b"
    r"|(?P<chinese>[一二两三四五六七八九]?十[一二三四五六七八九]?|[二两三四五六七八九])(?=[个条位家名通]|$|\s|线索|客户|名单|潜)"
)


def counts_in(text: str) -> list[tuple[int, int, int]]:
    """Each number with its place: (start, end, value)."""
    return [(match.start(), match.end(), _value(match)) for match in _COUNT.finditer(text)]


def _value(match: re.Match[str]) -> int:
    if match["digits"]:
        return int(match["digits"])
    if match["english"]:
        return _ENGLISH[match["english"]]
    tens, ten, ones = match["chinese"].partition("十")
    if not ten:
        return _CHINESE[tens]
    return 10 * _CHINESE.get(tens, 1) + _CHINESE.get(ones, 0)
