"""When something is to be sent: "every Monday at 9", "weekdays at 8:30", 每周一早上九点, 每月1号."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.plans import Schedule
from assistant.understanding.numbers import number_of

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(?P<weekday>" + "|".join(f"{name}|{name[:3]}|{name[:4]}" for name in _DAYS) + r")s?"
_HAN_NUMBER = r"[\d一二两三四五六七八九十]{1,3}"
_WEEKDAYS = "|".join(f"{name}s" for name in _DAYS)
# The more a pattern says, the earlier it is tried; what `_LOOSE` finds may also belong to "weekly summary".
_EVERY = (
    (
        "month",
        r"\b(?:on )?(?:the )?(?P<working>first) (?:working day|workday|business day) of (?:every|each|the) month\b",
    ),
    ("month", r"每个?月的?(?P<han_working>(?:第一|首)个?工作日)"),
    ("workday", r"\b(?:every|each|on) ?(?:working day|workday|weekday|business day)s?\b|\b(?:weekdays|workdays)\b"),
    ("workday", r"(?:每个?|逢)?工作日(?:每天)?"),
    (
        "fortnight",
        rf"\b(?:every (?:two|2|other|second) weeks?|every fortnight|fortnightly|bi-?weekly)\b(?:(?: on)? {_DAY}\b)?",
    ),
    ("fortnight", rf"\bevery (?:second|other) {_DAY}\b"),
    (
        "fortnight",
        r"(?:每(?:两|2|二|隔一)个?(?:周|星期|礼拜)|双周|每?隔(?:一个?)?(?:周|星期|礼拜))"
        r"(?:的?(?:周|星期|礼拜)?(?P<han>[一二三四五六日天]))?",
    ),
    ("week", rf"\b(?:(?:every|each) (?:week(?: on)? )?|weekly(?: on)? |on ){_DAY}\b|\b(?P<plural>{_WEEKDAYS})\b"),
    ("week", r"(?:每|逢)个?(?:周|星期|礼拜)(?P<han>[一二三四五六日天1-7])"),
    (
        "month",
        r"\b(?:(?:every|each) month|monthly)(?: on)? the "
        r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?|(?P<first>first)(?: day)?)",
    ),
    ("month", r"\bon the (?:(?P<day3>\d{1,2})(?:st|nd|rd|th)?|(?P<first3>first)) (?:day )?of (?:every|each|the) month"),
    ("month", r"\b(?:on )?(?:the )?(?P<last>last) day of (?:every|each|the) month\b"),
    ("month", r"\bat the (?P<end>end) of (?:every|each) month\b"),
    ("month", rf"每个?月(?:的)?(?:(?P<han_day>{_HAN_NUMBER})[号日]|(?P<han_first>初)|(?P<han_last>最后一天|末|底))"),
    ("quarter", r"\b(?:on )?(?:the )?first (?:day )?of (?:every|each|the) quarter\b|每个?季度?的?(?:第一天|首日|初)"),
)  # fmt: skip
_LOOSE = (
    ("week", r"\b(?:every week|each week)\b|每个?(?:周|星期|礼拜)"),
    ("quarter", r"\b(?:every|each) quarter\b|每个?季度?"),
    ("month", r"\b(?:every|each) month\b|每个?月"),
    ("day", r"\b(?:every day|each day|every morning|each morning|every evening)\b|每天|每日|天天|每早|每晚"),
)
_ADJECTIVES = (("week", r"\bweekly\b"), ("quarter", r"\bquarterly\b"), ("month", r"\bmonthly\b"), ("day", r"\bdaily\b"))
_PATTERNS = tuple((every, re.compile(pattern)) for every, pattern in (*_EVERY, *_LOOSE, *_ADJECTIVES))
_ADJECTIVE = re.compile("|".join(pattern for _, pattern in _ADJECTIVES))
_TIME = re.compile(
    r"\b(?:at|by|around) (?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm|a\.m\.|p\.m\.|o'clock)?(?![\d%])"
    r"(?: in the (?P<english_part>morning|afternoon|evening))?"
    r"|\b(?P<hour2>\d{1,2})(?::(?P<minute2>\d\d))? ?(?P<half2>am|pm)\b"
    r"|\b(?P<hour3>\d{1,2}):(?P<minute3>\d\d)\b|\bat (?P<noon>noon)\b"
    rf"|(?P<part>早上|上午|早|中午|下午|晚上|傍晚|晚)?(?P<han_hour>{_HAN_NUMBER})(?:点钟|点|时)"
    rf"(?:(?P<han_half>半)|(?P<han_quarter>一刻)|(?P<han_minute>{_HAN_NUMBER})分?)?"
)
_PART = re.compile(
    r"\b(?:(?:in the|by|before|at) )?(?P<part>morning|mornings|evening|evenings|afternoon"
    r"|end of day|eod|close of business"
    r"|first thing|lunchtime|noon)\b|(?P<han>早上|上午|晚上|下午|一早|早晨|清早|中午|傍晚|上班前|下班前|下班时|下班)"
)
_PARTS = {"morning": "09:00", "mornings": "09:00", "evening": "18:00", "evenings": "18:00", "afternoon": "14:00"}
_PARTS |= {"end of day": "17:00", "eod": "17:00", "close of business": "17:00", "first thing": "09:00"}
_PARTS |= {"lunchtime": "12:00", "noon": "12:00"}
_HAN_PARTS = {"早上": "09:00", "上午": "09:00", "晚上": "18:00", "下午": "14:00", "中午": "12:00", "傍晚": "18:00"}
_HAN_PARTS |= {"上班前": "08:30"}
_HAN_PARTS |= {"一早": "09:00", "早晨": "09:00", "清早": "09:00", "下班前": "17:00", "下班时": "17:00", "下班": "17:00"}
_LAST_OF_AFTERNOON = 6
_LAST_DAY = 31  # of a shorter month, the last it has
_SHORT = r"(?:hours?|minutes?|mins?|seconds?(?! (?:week|month|quarter|mon|tue|wed|thu|fri|sat|sun)))"
_TOO_OFTEN = re.compile(
    rf"\b(?:every|each) (?:(?:\d+|two|three|four|five|six|ten|thirty|few|half) )?(?:an )?{_SHORT}\b|\bhourly\b"
    rf"|每(?:隔)?(?:{_HAN_NUMBER}|半)?个?(?:小时|钟头|分钟|秒)"
    r"|\b(?:twice|two times|three times) (?:a|per|every) day\b|每天(?:两|三|2|3)次"
)
_MORE_DAYS = re.compile(
    rf"(?:(?:\band\b|&|,) ?(?:on )?{_DAY}\b)"
    r"|(?:[和跟与、及,，](?:每个?)?(?:周|星期|礼拜)?(?P<han>[一二三四五六日天])(?![个条点]))"
)
_WEEKDAY_ALONE = re.compile(rf"\b(?:to|on) {_DAY}\b|(?:每个?)?(?:周|星期|礼拜)(?P<han>[一二三四五六日天])")
_TIME_ALONE = re.compile(r"\b(?:to|for) (?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm|o'clock)?(?![\d%:])\b")
_HAN_DAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}


@dataclass(frozen=True)
class Scheduled:
    """The schedule, and the stretches of the question that say it.

    `timed`: a time of day was said; `loose`: only a rhythm, which may also be that of the figures ("weekly revenue").
    """

    schedule: Schedule
    spans: tuple[tuple[int, int], ...]
    timed: bool
    loose: bool = False


def scheduled_in(text: str) -> Scheduled | None:
    """The schedule that a normalised question speaks of; None without one, or for a time that no clock shows."""
    found = next(((every, match) for every, pattern in _PATTERNS if (match := pattern.search(text))), None)
    if found is None:
        return None
    every, match = found
    given = {name: value for name, value in match.groupdict().items() if value}
    outside = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    at = _TIME.search(outside) or _PART.search(outside)
    time = _time_of(at) if at else "09:00"
    weekday = _weekday(given) or _loose_weekday(every, text)
    day = _day(given)
    if time is None or (day is not None and not 1 <= day <= 31):
        return None
    said = () if _ADJECTIVE.fullmatch(match[0]) else ((match.start(), match.end()),)
    spans = (*said, *(((at.start(), at.end()),) if at else ()))
    fields: dict[str, Any] = {"weekday": weekday if every in ("week", "fortnight") else None}
    fields["day"] = day if every == "month" else None
    fields["working"] = True if {"working", "han_working"} & set(given) else None
    rhythm_only = weekday is None and day is None and every not in ("workday", "fortnight") and at is None
    return Scheduled(Schedule(every=every, at=time, **fields), spans, at is not None, rhythm_only)  # type: ignore[arg-type]


def rhythm_of(text: str) -> Scheduled | None:
    """The rhythm of an adjective or of a bare weekday: "make it daily", "to Fridays", 改到周五; its time where said."""
    adjective = next(((every, found) for every, word in _ADJECTIVES if (found := re.search(word, text))), None)
    alone = _WEEKDAY_ALONE.search(text)
    if adjective is None and alone is None:
        return None
    if alone is not None:
        given = {name: value for name, value in alone.groupdict().items() if value}
        every, match, weekday = "week", alone, _weekday(given)
    else:
        assert adjective is not None
        every, match, weekday = adjective[0], adjective[1], None
    outside = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    at = time_in(outside)
    schedule = Schedule(every=every, weekday=weekday, at=at[0] if at else "09:00")  # type: ignore[arg-type]
    return Scheduled(schedule, (match.span(), *((at[1],) if at else ())), at is not None)


def time_in(text: str) -> tuple[str, tuple[int, int]] | None:
    """A time of day by itself, and where it stands: "at 8", "8am", 八点, "in the evening"."""
    found = _TIME.search(text) or _TIME_ALONE.search(text) or _PART.search(text)
    time = _time_of(found) if found else None
    return (time, found.span()) if found and time else None


def too_often(text: str) -> bool:
    """Whether something is to be sent more than once a day."""
    return _TOO_OFTEN.search(text) is not None


def other_days(text: str, schedule: Schedule) -> tuple[tuple[Schedule, ...], tuple[tuple[int, int], ...]]:
    """ "Every Monday and Thursday": the schedules of the further weekdays, and the words that name them."""
    if schedule.every not in ("week", "fortnight") or schedule.weekday is None:
        return (), ()
    found = list(_MORE_DAYS.finditer(text))
    days = (_weekday({name: value for name, value in one.groupdict().items() if value}) for one in found)
    others = dict.fromkeys(day for day in days if day is not None and day != schedule.weekday)
    return tuple(schedule.model_copy(update={"weekday": day}) for day in others), tuple(one.span() for one in found)


def _weekday(given: dict[str, str]) -> int | None:
    if "weekday" in given or "plural" in given:
        said = given.get("weekday") or given["plural"]
        return next(number for number, name in enumerate(_DAYS, start=1) if name.startswith(said[:3]))
    if "han" in given:
        return _HAN_DAYS.get(given["han"]) or int(given["han"])
    return None


def _loose_weekday(every: str, text: str) -> int | None:
    """ "Weekly, on Mondays": the day stands apart."""
    if every not in ("week", "fortnight"):
        return None
    apart = re.search(rf"\bon {_DAY}\b|(?:周|星期|礼拜)(?P<han>[一二三四五六日天])", text)
    return _weekday({name: value for name, value in apart.groupdict().items() if value}) if apart else None


def _day(given: dict[str, str]) -> int | None:
    said = given.get("day") or given.get("day3") or given.get("han_day")
    if said:
        return number_of(said)
    if {"working", "han_working"} & set(given):
        return 1
    if {"last", "end", "han_last"} & set(given):
        return _LAST_DAY
    return 1 if {"first", "first3", "han_first"} & set(given) else None


def _is_later(given: Mapping[str, str]) -> bool:
    """Whether the hour is one of the afternoon or the evening."""
    return given.get("part") in ("下午", "晚上", "傍晚", "晚") or given.get("english_part") in ("afternoon", "evening")


def _time_of(match: re.Match[str]) -> str | None:
    given = {name: value for name, value in match.groupdict().items() if value}
    if "noon" in given:
        return "12:00"
    if "hour" not in given and "hour2" not in given and "hour3" not in given and "han_hour" not in given:
        return _PARTS.get(given.get("part", "")) or _HAN_PARTS.get(given.get("han", ""))
    hour = number_of(given.get("hour") or given.get("hour2") or given.get("hour3") or given["han_hour"])
    minute = number_of(
        given.get("minute") or given.get("minute2") or given.get("minute3") or given.get("han_minute") or "0"
    )
    minute = 30 if "han_half" in given else 15 if "han_quarter" in given else minute
    half = given.get("half") or given.get("half2") or ""
    if (half.startswith("p") or _is_later(given)) and hour < 12:
        hour += 12
    if not (half or "part" in given or "english_part" in given) and 1 <= hour <= _LAST_OF_AFTERNOON:
        hour += 12  # nobody works at five in the morning
    if half.startswith("a") and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if hour <= 23 and minute <= 59 else None
