"""Chinese names of times: 9月, 5月3日, 去年三季度, 上半年, 2026财年, 第41周, 上周五, 10月上旬."""

from __future__ import annotations

import re
from datetime import timedelta

from analytics.semantic.calendar import next_start, start_of, units
from analytics.vocabulary import Grain
from assistant.understanding.periods.chinese_relative import third_of
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.named import Named, days_of, week_of
from assistant.understanding.periods.rules import Meaning, NoPeriod, Rules
from assistant.understanding.periods.words import HAN_DAY, HAN_MONTH, HAN_NUMBER, HAN_WEEKDAY, number_of
from assistant.understanding.periods.years import HAN_BEFORE, HAN_YEAR, year_said

RULES = Rules()

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "首": 1, "末": 4, "上": 1, "下": 2}
_NOT_COUNTED = r"(?<![\d.一二两三四五六七八九十几多近])(?<!(?<!整)个)"
_MONTH = rf"{_NOT_COUNTED}{HAN_MONTH}(?![报球])"
_DATE = rf"{_NOT_COUNTED}{HAN_MONTH}{HAN_DAY}(?!线)"


@RULES.when(rf"(?:{HAN_BEFORE})?{_MONTH}份?")
def _month(match: re.Match[str], present: Present) -> Meaning:
    return Named(month=number_of(match["month"]), **year_said(match.groupdict(), present))


@RULES.when(
    rf"(?:{HAN_BEFORE})?{_DATE}(?:当[天日])?",
    rf"(?:{HAN_BEFORE})?{_DATE}(?P<week>(?:所在|那一?|当|这)(?:个)?(?:周|星期))",
)
def _day(match: re.Match[str], present: Present) -> Meaning:
    said = match.groupdict()
    named = Named(month=number_of(match["month"]), day=number_of(match["day"]), **year_said(said, present))
    found = days_of(named, present)
    if found is None:
        return NoPeriod.UNCLEAR
    return week_of(found.start) if said.get("week") else named


@RULES.when(rf"(?P<which>上{{1,3}}|本|这|下)一?个?月(?:份)?的?{HAN_DAY}(?!线)")
def _day_of_month(match: re.Match[str], present: Present) -> Meaning:
    offset = {"上": -len(match["which"]), "下": 1}.get(match["which"][0], 0)
    first = next_start(start_of(present.day, Grain.MONTH), Grain.MONTH, offset)
    named = Named(year=first.year, month=first.month, day=number_of(match["day"]))
    return named if days_of(named, present) else NoPeriod.UNCLEAR


@RULES.when(rf"(?:{HAN_BEFORE})?{_MONTH}份?的?(?P<third>[上中下])旬")
def _third_of_month(match: re.Match[str], present: Present) -> Meaning:
    month = days_of(Named(month=number_of(match["month"]), **year_said(match.groupdict(), present)), present)
    return NoPeriod.UNCLEAR if month is None else third_of(month.start, match["third"])


@RULES.when(
    rf"(?:{HAN_BEFORE})?(?:第(?P<nth>[1-4一二三四])个?季度?|(?<![0-9近前一二两三四])(?P<quarter>[1-4一二三四首末])季度?(?<=度))(?![末初底])",
    rf"{HAN_BEFORE}(?:(?P<nth>[1-4一二三四首末])季(?!度|节(?!点))|q(?P<quarter>[1-4])(?![a-z0-9]))",
    r"(?P<year>(?:19|20)\d\d)(?=[第一二三四])(?:第(?P<nth>[一二三四])季度?|(?P<quarter>[一二三四])季度)",
)
def _quarter(match: re.Match[str], present: Present) -> Meaning:
    written = match["nth"] or match["quarter"]
    place = _QUARTERS.get(written) or int(written)
    return Named(quarter=place, **year_said(match.groupdict(), present))


@RULES.when(
    rf"(?:{HAN_BEFORE})?(?P<half>[上下])半年度?",
    rf"{HAN_BEFORE}h(?P<half>[12])(?![a-z0-9])",
    r"(?P<year>(?:19|20)\d\d)(?P<half>[上下])半年",
)
def _half(match: re.Match[str], present: Present) -> Meaning:
    written = match["half"]
    place = _QUARTERS.get(written) or int(written)
    return Named(half=place, **year_said(match.groupdict(), present))


@RULES.when(rf"(?:{HAN_BEFORE})前{HAN_NUMBER}个?(?P<what>月|季度)(?!前)", rf"(?<!目)前{HAN_NUMBER}个?(?P<what>季度)")
def _first_of_year(match: re.Match[str], present: Present) -> Meaning:
    """前三季度 is the first three quarters; 前三个月 without a year may be the last three, and is asked back."""
    count, quarters, year = number_of(match["count"]), match["what"] == "季度", year_said(match.groupdict(), present)
    first = days_of(Named(quarter=1, **year) if quarters else Named(month=1, **year), present)
    if first is None or first.grain is None or not 2 <= count <= (4 if quarters else 12):
        return NoPeriod.UNCLEAR
    return units(first.start, first.grain, count, present.fiscal_year_start)


@RULES.when(
    r"(?P<year>(?<!\d)(?:19|20)\d\d年|[零〇一二三四五六七八九]{4}年)(?:度|全年)?(?![级内])",
    r"(?P<year>(?:19|20)\d\d|去年|今年|前年|明年)(?:全年|一?整年)",
    rf"(?P<year>{HAN_YEAR})(?<=年|度)(?<!今年)(?<!本年)(?:全年)?",
)
def _year(match: re.Match[str], present: Present) -> Meaning | None:
    said = year_said(match.groupdict(), present)
    if not match[0].endswith("全年") and not any(c.isdecimal() or c in "零〇一二三四五六七八九" for c in match[0][:6]):
        return None
    short = match["year"].rstrip("年度").isdecimal() and len(match["year"].rstrip("年度")) == 2
    return None if short else Named(**said)


@RULES.when(
    rf"(?:{HAN_BEFORE})?第(?P<week>\d\d?|[一二三四五]?十?[一二三四五六七八九十])个?(?:周|星期)(?![期岁年末边])",
    rf"{HAN_BEFORE}w(?P<week>\d\d?)(?!\d)",
)
def _week(match: re.Match[str], present: Present) -> Meaning | None:
    week = number_of(match["week"])
    return Named(week=week, **year_said(match.groupdict(), present)) if 1 <= week <= 53 else None


@RULES.when(
    rf"(?:(?P<which>上{{1,3}}|本|这|下{{1,3}})(?:一?个)?|(?<![一二两三四五六七八九十每单双几\d整]))(?:的)?{HAN_WEEKDAY}"
    r"(?![个条单次家位名笔成百千万%号封通元份台套件倍均]|十[^一二三四五六七八九])(?!(?<=一)[共直起些样般定天周])"
)
def _weekday(match: re.Match[str], present: Present) -> Meaning:
    """本周三 is that day of the week; 周三 alone the latest before today. 上周五单 counts, 每周一 repeats."""
    which, weekday = match["which"], number_of(match["weekday"]) - 1
    if which is None:
        return Named(weekday=weekday)
    weeks = {"上": -len(which), "下": len(which)}.get(which[0], 0)
    return Named(weekday=weekday, monday=start_of(present.day, Grain.WEEK) + timedelta(weeks=weeks))
