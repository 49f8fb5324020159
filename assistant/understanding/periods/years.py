"""Which year is said beside a month, a quarter or a date, in either language."""

from __future__ import annotations

from typing import TypedDict

from analytics.semantic.calendar import next_start, start_of
from analytics.vocabulary import Grain
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.words import number_of

_FOUR_DIGITS = r"(?:19|20)\d\d(?!\d)"
YEAR = (
    rf"(?:(?:fy ?'?|(?:fiscal|financial)(?: year)? )(?:{_FOUR_DIGITS}|\d\d(?!\d))|{_FOUR_DIGITS}|'\d\d\b|"
    r"(?:last|this|next|previous|prior|(?:the )?current) (?:(?:fiscal |financial |calendar )?year|fy)\b|"
    r"(?:the )?year before last\b|(?:two|2) years ago\b)"
)
BEFORE = rf"(?P<year>{YEAR})(?:'s)?[ /-]?(?:the )?"
AFTER = (
    rf"(?:(?:,? |[-/])?(?:(?:of|in) )?(?:the )?(?P<year>{YEAR})(?!\d| ?%)|"
    r" (?:of|in) the (?P<the_year>(?:fiscal |financial |calendar )?year)\b)"
)
_HAN_FISCAL = r"(?:财年|(?:会计|财政|财务)年度)"
_HAN_DIGITS = "[零〇一二三四五六七八九]"
HAN_YEAR = (
    rf"(?:(?:本|这个?|上一?个?|下一?个?){_HAN_FISCAL}|(?:\d{{4}}[-/])?\d{{2}}(?:\d{{2}})?(?:年度?)?{_HAN_FISCAL}|"
    rf"(?:19|20)\d\d(?:年度?|(?=[春国五中端清劳元双农第上下前]|[一二三四]季))|(?<!\d)\d\d年|{_HAN_DIGITS}{{4}}年度?|"
    r"大前年|前年|去年度?|今年度?|本年度?|明年度?|后年|上一?年度?|下一?年度?)"
)
HAN_BEFORE = rf"(?P<year>{HAN_YEAR})(?:的|[ ,-])?"
_OFFSETS = {
    "last": -1, "previous": -1, "prior": -1, "this": 0, "current": 0, "next": 1, "year before last": -2,
    "two years ago": -2, "2 years ago": -2, "year": 0, "calendar year": 0, "fiscal year": 0, "financial year": 0,
    "去年": -1, "上": -1, "今": 0, "本": 0, "这": 0, "明年": 1, "下": 1, "前年": -2, "大前年": -3, "后年": 2,
}  # fmt: skip


class YearSaid(TypedDict, total=False):
    """What a name of a time is told about its year."""

    year: int
    fiscal: bool


def year_said(said: dict[str, str | None], present: Present) -> YearSaid:
    """The year a rule's `year` (or `the_year`) group names; nothing where it names none."""
    written = said.get("year") or said.get("the_year")
    if not written:
        return {}
    written = written.removeprefix("the ").strip()
    fiscal = written.startswith("f") or " f" in written or any(word in written for word in ("财", "会计", "financial"))
    digits = written.split("/")[-1].split("-")[-1].strip("fyiscalnerd '年度财会计政务")
    if digits and all(character.isdecimal() or character in "零〇一二三四五六七八九" for character in digits):
        year = number_of(digits)
        return {"year": year + 2000 if year < 100 else year, "fiscal": fiscal}
    offset = next(_OFFSETS[word] for word in sorted(_OFFSETS, key=len, reverse=True) if written.startswith(word))
    return {"year": _present_year(fiscal, present) + offset, "fiscal": fiscal}


def _present_year(fiscal: bool, present: Present) -> int:
    """This year; a fiscal year goes by the calendar year it ends in."""
    if not fiscal:
        return present.day.year
    first = start_of(present.day, Grain.FISCAL_YEAR, present.fiscal_year_start)
    return next_start(first, Grain.MONTH, 11).year
