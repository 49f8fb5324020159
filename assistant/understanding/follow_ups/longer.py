"""Words that change only the length of the plan before ("5 more"), or that put it aside ("forget that, ...")."""

from __future__ import annotations

import re

from assistant.plans import CustomerList, DealList, KpiQuery, LeadList, Plan
from assistant.plans.lists import MOST_ROWS
from assistant.understanding.numbers import number_of
from assistant.understanding.reading import Reading

_NUMBER = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"
_HAN_NUMBER = r"(?P<n>\d{1,2}|[一两二三四五六七八九]?十[一二三四五六七八九]?|[一两二三四五六七八九])"
_SHOW = "(?:and )?(?:show |give |list )?(?:me )?"
_MORE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_SHOW}(?:another |the next )?{_NUMBER} more(?: of (?:them|those|these))?\W*",
        rf"{_SHOW}(?:another|the next) {_NUMBER}\W*",
        rf"(?:请|那)?(?:再来|再给我?|再加|再列|再看|再要|多来|多给我?|多列|多看){_HAN_NUMBER}[个条名位家笔单]?(?:看看)?\W*",
    )
)
_FORGET = re.compile(
    r"(?:(?:ok|no|actually|well),? )?"
    r"(?:(?:please )?(?:forget|ignore|scrap|drop) (?:that|it|this)|never ?mind(?: that)?)\W+"
    r"|(?:那)?(?:算了|不管(?:这|那)个了?|先不管(?:这|那)个了?|忘了(?:这|那)个吧?|不说(?:这|那)个了?|换个(?:问题|话题))吧?\W*"
)


def lengthened(before: Plan, reading: Reading) -> Plan | None:
    """ "5 more", 再来五个: the same ranking or list, longer by so many; None where nothing had a length."""
    said = next((found for pattern in _MORE if (found := pattern.fullmatch(reading.normal))), None)
    if said is None or not isinstance(before, KpiQuery | LeadList | DealList | CustomerList) or before.limit is None:
        return None
    return before.model_copy(update={"limit": min(before.limit + number_of(said["n"]), MOST_ROWS)})


def after_forgetting(reading: Reading) -> str | None:
    """The question after "forget that"; None where nothing is put aside, or nothing comes after."""
    said = _FORGET.match(reading.normal)
    return reading.original[said.end() :] or None if said else None
