"""Closing a month: "close October", 关账10月, "reopen October because of late orders", "which months are closed"."""

from __future__ import annotations

import re
from datetime import date

from analytics.semantic.calendar import next_start
from analytics.vocabulary import Grain
from assistant.plans import Clarify, CloseMonth, Help
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.periods import periods_in
from assistant.understanding.periods.found import FoundPeriod
from assistant.understanding.reading import Candidate, Reading

_MONTHS_OFFERED = 3
_LONGEST_REASON = 300
_HAN_CLOSE = r"(?:关账|结账|封账|锁账|关帐|结帐|月结|冻结)"
_CLOSE = re.compile(
    rf"^(?:please )?(?:close|lock|freeze)\b|^(?:请|帮我|把|将)*.*{_HAN_CLOSE}$|^(?:请|帮我)?{_HAN_CLOSE}"
)
_REOPEN = re.compile(r"^(?:please )?(?:re-?open|unlock|unfreeze)\b|反结账|反关账|重新打开|重开|取消(?:关账|结账)|解锁")
_LIST = re.compile(
    r"^(?:which|what|list|show)(?: me)?(?: the)?(?: months)?(?: are| have been)? (?:closed|closing)"
    r"(?: months| record| history)?(?: so far| yet| already)?$"
    r"|^(?:is|has) .+ (?:closed|been closed)(?: yet| already)?$|^when was .+ closed$"
    rf"|^(?:哪些|哪几个|有哪些|看看|列出)?(?:月份?)?(?:已经?|都)?{_HAN_CLOSE}了?的?(?:月份?)?(?:有哪些|记录)$"
    rf"|^(?:哪些|哪几个|有哪些)(?:月份?)?(?:已经?|都)?{_HAN_CLOSE}了?$|^.+{_HAN_CLOSE}(?:了没有?|了吗|没有?|吗)$"
)
_WHY = re.compile(r"\b(?:because(?: of)?|since|as|due to|reason:?)\b|因为|由于|原因是?|[:：]")
_FILLS = re.compile(
    r"\b(?:please|close|lock|freeze|re-?open|unlock|unfreeze|the|books?|month|of|for|figures|off|down|up|again|now)\b"
    rf"|请|帮我|把|将|给|{_HAN_CLOSE}|反结账|反关账|重新打开|重开|取消|解锁|的|账|帐|了|吧|一下|数据|月份|月度|掉"
)
_THE_BOOKS = re.compile(r"\b(?:books|month)\b|[账帐]|月结")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    text = reading.normal.rstrip(" .。!！?？")
    if _LIST.match(text):
        months = _months(_times(text, context))
        return Candidate(CloseMonth(month=months[0] if len(months) == 1 else None))
    reopens = _REOPEN.search(text) is not None
    if not reopens and not _CLOSE.match(text):
        return None
    why = _WHY.search(text) if reopens else None
    said = text[: why.start()] if why else text
    reason = reading.original[why.end() : len(text)].strip(" :：,，")[:_LONGEST_REASON] if why else ""
    times = _times(said, context)
    left = (" " if any(time.start <= at < time.end for time in times) else sign for at, sign in enumerate(said))
    if any(character.isalnum() for character in _FILLS.sub(" ", "".join(left))):
        return None
    months = _months(times)
    plans = [
        CloseMonth(action="reopen" if reopens else "close", month=month, why=reason or None)
        for month in months or _last_months(context.today)
    ]
    if not times and _THE_BOOKS.search(said):
        return Candidate(Clarify(reason="which_month", choices=(*plans, Help())))
    return Candidate(plans[0]) if len(months) == 1 else None


def _times(text: str, context: Context) -> list[FoundPeriod]:
    return list(periods_in(text, context.today, context.fiscal_year_start))


def _months(times: list[FoundPeriod]) -> list[str]:
    """The months that are named, where nothing but single months is."""
    found = [time.period for time in times if time.period.grain is Grain.MONTH and time.period.count == 1]
    return [f"{period.start:%Y-%m}" for period in found] if len(found) == len(times) else []


def _last_months(today: date) -> list[str]:
    this = today.replace(day=1)
    return [f"{next_start(this, Grain.MONTH, -back):%Y-%m}" for back in range(1, _MONTHS_OFFERED + 1)]


READER = KindReader("close", _read)
