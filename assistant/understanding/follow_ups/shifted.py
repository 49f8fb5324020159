"""Times told from the plan's own period: "the month before", 再往前一个月, "the period before", "the week after"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from analytics.semantic.calendar import days, next_start, start_of, units
from analytics.vocabulary import Grain, Period
from assistant.days import EARLIEST, LATEST
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.numbers import number_of

_NUMBER = r"(?P<n>\d{1,2}|one|two|three|four|six|twelve)"
_HAN_NUMBER = "(?P<n>[1-9]|1[0-2]|[一两二三四五六七八九十])"
_UNIT = "(?P<unit>day|week|month|quarter|year|period|one)s?"
_HAN_UNIT = "(?P<unit>天|日|周|星期|礼拜|月|季度|季|年|周期|期)"
_SAME = "(?:the )?(?:same (?:period|month|quarter|week|day|time) )?(?:of |in )?(?:the |a )?"
_THAT = r"(?: (?:that|this|then)\b(?: one\b)?)?"
_NO_DAY = "(?! (?:last|yesterday|next|today|tomorrow|that month))"
_WORDS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"\b{_SAME}(?:{_NUMBER} )?{_UNIT} (?P<way>before|after|earlier|later|prior)\b{_THAT}{_NO_DAY}",
        rf"\b(?:the )?(?P<way>previous|preceding|prior|following|subsequent) (?:{_NUMBER} )?{_UNIT}\b",
        rf"再?(?:往|向)(?P<way>[前后])(?:推|看|数|移)?{_HAN_NUMBER}个?{_HAN_UNIT}",
        rf"再?(?P<way>[前后])(?P<n>一)个?{_HAN_UNIT}",
        "再?(?P<way>[上下])一?个?(?P<unit>周期|期)",
    )
)
_BACK = frozenset({"before", "earlier", "prior", "previous", "preceding", "前", "上"})
_GRAINS = {
    **{grain.value: grain for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)},
    **{"天": Grain.DAY, "日": Grain.DAY, "周": Grain.WEEK, "星期": Grain.WEEK, "礼拜": Grain.WEEK, "月": Grain.MONTH},
    **{"季度": Grain.QUARTER, "季": Grain.QUARTER, "年": Grain.YEAR},
}
_A_YEAR = {Grain.DAY: 364, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.HALF: 2}


def shifted_in(normal: str, period: Period, context: Context) -> Iterator[Piece]:
    """Each time told from `period`, as a piece with the days it means; none beyond the years one asks about."""
    for pattern in _WORDS:
        for match in pattern.finditer(normal):
            count = number_of(match.groupdict().get("n") or "1")
            meant = _meant(period, _GRAINS.get(match["unit"]), count, match["way"] in _BACK, context.fiscal_year_start)
            if meant is not None:
                yield Piece(match.start(), match.end(), match[0], ("period",), period=meant)


def _meant(period: Period, unit: Grain | None, count: int, back: bool, starts: int) -> Period | None:
    """`count` units before or after; "the year before" a shorter period is the same one in that year."""
    try:
        if unit is Grain.YEAR and period.grain in _A_YEAR:
            by = _A_YEAR[period.grain] * count
            found = _same(period, period.grain, -by if back else by, starts)
        elif unit is None:
            found = _of_own_length(period, -count if back else count, starts)
        else:
            found = _units(period, unit, count, back, starts)
    except (ValueError, OverflowError):
        return None
    return found if found.start >= EARLIEST and found.end <= LATEST else None


def _units(period: Period, unit: Grain, count: int, back: bool, starts: int) -> Period:
    if back:
        return units(next_start(start_of(period.start, unit, starts), unit, -count), unit, count, starts)
    last_unit = start_of(period.end - timedelta(days=1), unit, starts)
    return units(next_start(last_unit, unit), unit, count, starts)


def _of_own_length(period: Period, count: int, starts: int) -> Period:
    if period.grain is not None:
        return _same(period, period.grain, count * period.count, starts)
    length = period.end - period.start
    return days(period.start + count * length, period.end + count * length)


def _same(period: Period, grain: Grain, by: int, starts: int) -> Period:
    return units(next_start(period.start, grain, by), grain, period.count, starts)
