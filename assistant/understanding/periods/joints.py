"""The words around names of times: what leads to one, joins two, follows one, in both languages."""

from __future__ import annotations

import re

from assistant.understanding.periods.chinese_relative import SO_FAR
from assistant.understanding.periods.words import HAN_COUNTED, HAN_MONTH
from assistant.understanding.periods.years import HAN_BEFORE


def _compiled(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.ASCII)


_STARTS = r"(?:the )?(?:(?:start|beginning) of )?(?:the )?"

SINCE = _compiled(rf"(?:ever )?since {_STARTS}")
FROM = _compiled(rf"(?:starting )?from {_STARTS}", "(?<![来各亲])自从?", "(?<![服自])从", "介于")
BETWEEN = _compiled(r"between (?:the )?")

WORD_TO = _compiled(r" (?:up )?(?:to|through|thru|until|till)(?: and including)? (?:the )?(?:end of )?")
SIGN_TO = _compiled(r" ?(?:[-–—~]|\.\.|(?:起|开始)?(?:到|至|直到)) ?")
TO = _compiled(WORD_TO.pattern, SIGN_TO.pattern)
AND = _compiled(r" and (?:the )?", WORD_TO.pattern, " ?[-–] ?")
LISTED = _compiled(r",? ?(?:,|/|&|、|和|与|跟|及|以及|对比|比|(?<= )(?:and|or|vs\.?|versus)(?= )) ?")
# The first end of "3 to 17 May", 1-3月, 2025年1-3月, 5月3-17日, or the last of "May 3-17, 2026": what it counts is told
# by the other end.
NUMBER = _compiled(
    r"(?:the )?(?P<digits>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<late_year>20\d\d))?(?![\d%a-z]|[./]\d|[年季月周日号])"
    rf"(?! ?{HAN_COUNTED})",
    rf"(?:{HAN_BEFORE})?第?(?:{HAN_MONTH})?(?P<han>\d{{1,2}}|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])"
    "(?:(?P<unit>[日号周])|(?=到|至|[-–—~]|$|[^0-9a-z%\u4e00-\u9fff]))",
)
OF = _compiled(r" (?:of|in) (?:the )?")

SINCE_AFTER = _compiled(
    r" (?:onwards?|to date|so far|thus far|until now|till now|up to now|to now|(?:to|until) the present)\b",
    rf"份?初?(?:{SO_FAR.replace('至今', '至今(?![年天日早晚周季月])')}|起(?![诉草步始来点码价伏重因色飞]))",
)
SINCE_AFTER_FROM = _compiled(SINCE_AFTER.pattern, r" on\b(?! (?:the|a|my|our)\b)", "开始|起")

COMPARED_BEFORE = _compiled(
    r"(?:the )?same (?:period|time|point|day|days|week|month|quarter|half|season)s?(?: (?:of|in|a|the|during|from))* ",
    r"this time ",
)
COMPARED_AFTER = _compiled(
    r"(?:'s)? same (?:period|time|point|day|week|month|quarter|half)\b",
    "的?(?:同期|同月|同季度?|同周|同日|同一?时期|同一时间)",
)
OWN_DAY_LAST_YEAR = _compiled("的?(?:今[天日]|此时|这个?时候|这一?[天周]|这个?月|本[月周季]|这个?季度)")

UNCLEAR_BEFORE = _compiled(
    r"(?:around|before|until|till|up to|up until|prior to|after|as of|as at|every|each|per) (?:the )?"
    r"(?:(?:end|start|beginning) of (?:the )?)?",
    r"(?:the )?(?:end|start|beginning|middle|close|rest|remainder|balance|eve|first) of (?:the )?",
    r"(?:the )?(?:first|second|third|fourth|fifth|last|final|1st|2nd|3rd|4th) (?:\w+ )?"
    r"(?:day|week|weekend|month|quarter|half|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s? (?:of|in) (?:the )?",
    "截[至止]到?|直到|每逢?(?:年|个?月|周)?|到",
)
PART_BEFORE = _compiled(r"(?:in )?(?:early|mid|late|the middle of)[ -](?:in )?")
DEADLINE = _compiled(r"by (?:the )?(?:end of (?:the )?)?")
UNCLEAR_AFTER = _compiled(
    "的?(?:底(?![层线价薪盘])|末(?![位尾级端])|初(?![次始步级创])|中(?=$|[的,.!?、 ])|左右|前后|(?:之|以)[前后]|"
    "前(?![0-9一二三四五六七八九十几两后台端期沿往来任提])|后(?![续台面期来天半年端勤备])|为止|"
    "[前后](?:[一二两三四五六七八九十]|\\d+)个?(?:天|周|星期|礼拜|月|日)|(?:的)?第[一二三四五1-5]个?(?:周|天|星期|礼拜)|最后[一1]?个?(?:周|天|星期|礼拜|月|季度))"
)
AFTER_ALL = _compiled(r"'s?(?![a-z])", "(?:期间|之间)")

# "Compare August to September", "fell from August to September", "the gap between August and September": two periods.
COMPARING = re.compile(r"\b(?:compar\w+|versus|vs|relative)\b")
CHANGING = re.compile(
    r"\b(?:chang|gr[eo]w|increas|decreas|declin|ris|rose|f[ae]ll|drop|jump|slip|mov|shift|went|go|going|swing|differ|gap)\w*"
    r"(?: [\w%.]+){0,2} (?:from|between) (?:the )?$"
)

LEADS = (SINCE, FROM, BETWEEN, COMPARED_BEFORE, UNCLEAR_BEFORE, PART_BEFORE, DEADLINE)
