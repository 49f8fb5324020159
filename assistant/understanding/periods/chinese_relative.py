"""Chinese words for times told from today: 本周, 上上个月, 近30天, 过去十二周, 今年以来, 前天, 两周前."""

from __future__ import annotations

import re
from datetime import date, timedelta

from analytics.semantic.calendar import days, next_start, start_of
from analytics.vocabulary import Grain, Period
from assistant.understanding.periods.found import Present
from assistant.understanding.periods.relative import (
    ago,
    ahead,
    coming,
    last,
    rolling_half_year,
    rolling_year,
    to_date,
    weekend,
)
from assistant.understanding.periods.rules import Meaning, NoPeriod, Rules
from assistant.understanding.periods.words import HAN_NUMBER, HAN_UNIT, grain_of, number_of

RULES = Rules()

_WHOLE = "(?:完整的?|自然|整)*"
SO_FAR = "(?:以来|至今|迄今|到现在|到目前(?:为止)?|到今天(?:为止)?|截[至止](?:目前|今天|现在))"
_WITHIN = "(?:以来|之内|以内|内(?![部容蒙勤销])|里(?![程面])|来(?![电访自客源料到买店]))?"
_RECENT = "(?:最近|过去|近|之前|以往|滚动)(?:的|这)?"
_COMING = "(?:未来|接下来|今后|往后|后续|(?<![一看查说])下)(?:的)?"
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2}
_DAYS = {"昨": -1, "前": -2, "大前": -3, "明": 1, "后": 2, "大后": 3}
_STARTS = {
    "年初": Grain.YEAR,
    "季初": Grain.QUARTER,
    "月初": Grain.MONTH,
    "周初": Grain.WEEK,
    "财年": Grain.FISCAL_YEAR,
}


@RULES.when(
    rf"(?:(?<![来各亲])自从?)?(?:本|这一?个?|当前?|今)(?:个)?{_WHOLE}{HAN_UNIT}(?:初?{SO_FAR}|之?内(?![部容蒙勤销]))?"
)
def _under_way(match: re.Match[str], present: Present) -> Meaning | None:
    """当天 and 当年 are "that day" and "in those days"."""
    said, unit = match[0].lstrip("自从"), match["unit"]
    if (said.startswith(("这", "当")) and unit[0] in "天日") or said.startswith("当年"):
        return None
    return to_date(grain_of(unit), present)


@RULES.when(rf"(?:自从?|从)?(?:今年|本月|本季度?|本周)?(?P<start>[年季月周]初|财年){SO_FAR}")
def _from_its_start(match: re.Match[str], present: Present) -> Meaning:
    return to_date(_STARTS[match["start"]], present)


@RULES.when("(?<![0-9一二两三四五六七八九十几半多财本今去])年内(?!部)")
def _within_the_year(_: re.Match[str], present: Present) -> Meaning:
    return to_date(Grain.YEAR, present)


@RULES.when(rf"(?:今[天日]|本日)(?:{SO_FAR})?")
def _today(_: re.Match[str], present: Present) -> Meaning:
    return to_date(Grain.DAY, present)


@RULES.when(r"(?P<which>大前|大后|[昨明前后])[天日](?![津猫])")
def _near_day(match: re.Match[str], present: Present) -> Meaning | None:
    offset = _DAYS[match["which"]]
    return ahead(offset, Grain.DAY, present) if offset > 0 else ago(-offset, Grain.DAY, present)


@RULES.when("(?P<year>大前年|[今去前明后]年)度?(?![级内])")
def _near_year(match: re.Match[str], present: Present) -> Meaning | None:
    offset = _YEARS[match["year"]]
    if offset == 0:
        return to_date(Grain.YEAR, present)
    return ahead(offset, Grain.YEAR, present) if offset > 0 else ago(-offset, Grain.YEAR, present)


@RULES.when(
    rf"(?P<which>上{{1,3}}|(?<![一看查说问算])下{{1,3}}|(?<=[一看查说问算]下)下)一?个?{_WHOLE}{HAN_UNIT}(?:之?内(?![部容蒙勤销]))?"
)
def _unit_beside(match: re.Match[str], present: Present) -> Meaning | None:
    """上半年 and 下半年 are halves of a year, not units before and after."""
    which, grain = match["which"], grain_of(match["unit"])
    if (match["unit"].startswith("半") and "个" not in match[0]) or grain is Grain.DAY:
        return None
    return (ago if which[0] == "上" else ahead)(len(which), grain, present)


@RULES.when(rf"{_RECENT}{HAN_NUMBER}个?{_WHOLE}{HAN_UNIT}(?!半){_WITHIN}", rf"{_RECENT}(?P<half>半年)(?!度){_WITHIN}")
def _units_before(match: re.Match[str], present: Present) -> Meaning | None:
    """近一年 is a year long, 去年 is the one in the calendar."""
    said = match.groupdict()
    if said.get("half"):
        return rolling_half_year(present)
    count, grain = number_of(said["count"]), grain_of(said["unit"])
    if count == 1 and grain is Grain.YEAR:
        return rolling_year(present)
    return _several_before(count, grain, present)


@RULES.when(rf"上(?P<count>[2-9]|\d\d+|[两二三四五六七八九十]{{1,3}})个?{_WHOLE}{HAN_UNIT}(?!半)")
def _previous_several(match: re.Match[str], present: Present) -> Meaning | None:
    return _several_before(number_of(match["count"]), grain_of(match["unit"]), present)


def _several_before(count: int, grain: Grain, present: Present) -> Period | None:
    return None if grain is Grain.HALF else last(count, grain, present)


@RULES.when(rf"{_COMING}{HAN_NUMBER}个?{_WHOLE}{HAN_UNIT}(?!半)(?:之?内(?!部))?")
def _to_come(match: re.Match[str], present: Present) -> Meaning | None:
    return coming(number_of(match["count"]), grain_of(match["unit"]), present)


@RULES.when(rf"{HAN_NUMBER}个?{HAN_UNIT}(?:之|以)?前(?![0-9一二三四五六七八九十几两])")
def _ago(match: re.Match[str], present: Present) -> Meaning | None:
    """一年前 is what is compared with, or the day a year ago: not the year before."""
    count, unit = number_of(match["count"]), match["unit"]
    is_month = unit.startswith("月") and "个" not in match[0]
    if is_month or (unit.endswith("度") and unit != "季度") or len(match["count"]) == 4:
        return None
    return NoPeriod.UNCLEAR if count == 1 else ago(count, grain_of(unit), present)


@RULES.when("(?P<which>上{1,3}|本|这|下{1,3})个?周末")
def _weekend(match: re.Match[str], present: Present) -> Meaning:
    return weekend({"上": -len(match["which"]), "下": len(match["which"])}.get(match["which"][0], 0), present)


@RULES.when(r"(?P<which>上{1,3}|本|这|下)一?个?月(?P<third>[上中下])旬")
def _third_of_month(match: re.Match[str], present: Present) -> Meaning:
    offset = {"上": -len(match["which"]), "下": 1}.get(match["which"][0], 0)
    return third_of(next_start(start_of(present.day, Grain.MONTH), Grain.MONTH, offset), match["third"])


def third_of(first: date, third: str) -> Period:
    """上旬, 中旬, 下旬 of the month that starts on `first`: to the 10th, to the 20th, to its end."""
    starts = first + timedelta(days={"上": 0, "中": 10, "下": 20}[third])
    ends = next_start(first, Grain.MONTH) if third == "下" else starts + timedelta(days=10)
    return days(starts, ends)


@RULES.when(
    "(?:(?:上|本|这|下)个?)?双周(?!刊)",
    rf"{_RECENT}[几数多]个?{HAN_UNIT}",
    "(?:这|近|最近|前|过去)几个?(?:天|周|星期|礼拜|月|季度|年)",
    "(?:上|本|这|下)个?月?(?<!上)[上下]半月",
    "(?:[上中下]旬|(?:上|本|这|下)?个?[年季月]度?[底末初中](?![次始步级创层线价薪盘位尾端国心东小大部型标单间]))",
    rf"[前头]{HAN_NUMBER}个?(?:天|周|星期|礼拜|月)(?!前)",
    "(?:去年|上年|上个?月|上个?季度?|上周|往年|历史)?的?(?:同期|同月|同季度?|同比)",
)
def _no_period(match: re.Match[str], _: Present) -> Meaning:
    return NoPeriod.COMPARISON if "同" in match[0] else NoPeriod.UNCLEAR
