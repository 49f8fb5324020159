"""How many of the best or the worst: "top 5", "the three weakest", 前五名, 倒数三名, 最高的三个."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.understanding.numbers import NUMBER_WORDS, number_of

_MOST = 100
_EDGES = {
    "highest": "top|first|highest|largest|biggest|longest|most",
    "best": "best|strongest|top performing|best performing",
    "worst": "worst|weakest|poorest|worst performing|bottom|last place",
    "lowest": "lowest|smallest|shortest|fewest|least|cheapest",
}
_HAN_EDGES = {
    "highest": "最高|最多|最大|最长",
    "best": "最好|最佳|最优|最强|表现最好",
    "worst": "最差|最弱|最糟|表现最差|垫底",
    "lowest": "最低|最少|最小|最短",
}
_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(NUMBER_WORDS)})"
_HAN_NUMBER = r"(?P<number>\d{1,3}|[一二三四五六七八九十两百]{1,3})"
_MEASURE = r"(?:大|强|名|位|个|家|条|款|种)?"
_NO_TIME = r"(?!\s?(?:个?月|季|周|天|年|星期|礼拜|日|小时|[\d.%]|成))"
_NO_ENGLISH_TIME = r"(?![ -]?(?:days?|weeks?|months?|quarters?|years?|hours?|%|percent)\b)(?![\d%])"


def _pattern(edge: str, han_edge: str, han_lead: str = "") -> re.Pattern[str]:
    either = [
        rf"\b(?:{edge})[ -]?{_NUMBER}\b{_NO_ENGLISH_TIME}",
        rf"(?<![\w$€£¥.,-]){_NUMBER} (?:{edge})\b",
        rf"(?:{han_edge})的?(?:前)?{_HAN_NUMBER}{_MEASURE}{_NO_TIME}",
        rf"(?<![\d一二三四五六七八九十]){_HAN_NUMBER}[个位名家款条](?:{han_edge})的?",
        *([rf"(?:{han_lead}){_HAN_NUMBER}{_MEASURE}{_NO_TIME}"] if han_lead else []),
    ]
    return re.compile("|".join(re.sub("<number>", f"<n{place}>", form) for place, form in enumerate(either)))


_PATTERNS = {
    "highest": _pattern(_EDGES["highest"], _HAN_EDGES["highest"], "(?:排名|排行|排在|位居|位列)?[前头]|top ?-?"),
    "best": _pattern(_EDGES["best"], _HAN_EDGES["best"]),
    "worst": _pattern(_EDGES["worst"], _HAN_EDGES["worst"]),
    "lowest": _pattern(_EDGES["lowest"], _HAN_EDGES["lowest"], "(?:排名|排行)?(?:倒数|末尾|末|后)(?:前|的)?"),
}
_BARE = re.compile(
    rf"(?<![\w$€£¥.,:/#-]){_NUMBER}(?![\w%.,:/-]){_NO_ENGLISH_TIME}"
    rf"|(?<![\d一二三四五六七八九十第]){_HAN_NUMBER.replace('number', 'han')}[个位名家款条]{_NO_TIME}"
)


@dataclass(frozen=True)
class Counted:
    """Where it stands, which end is meant (count_highest, count_best, ...) and how many; `number` for a bare one."""

    span: tuple[int, int]
    what: str
    count: int


def counted_in(text: str) -> list[Counted]:
    """Each such count of a normalised text; none where the number is no length of a list (0, 500)."""
    patterns = {**{f"count_{edge}": pattern for edge, pattern in _PATTERNS.items()}, "number": _BARE}
    return [
        Counted(match.span(), what, count)
        for what, pattern in patterns.items()
        for match in pattern.finditer(text)
        if 1 <= (count := number_of(next(said for said in match.groupdict().values() if said))) <= _MOST
    ]
