"""English words for times told from today: "this week", "last 30 days", "YTD", "two weeks ago", "yesterday"."""

from __future__ import annotations

import re

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
from assistant.understanding.periods.words import ENGLISH_NUMBER, ENGLISH_UNIT, grain_of, number_of

RULES = Rules()

_SO_FAR = r"(?:so far|to date|up to now|until now|thus far)"
_WHOLE = r"(?:(?:full|complete|whole|calendar|entire) )?"
_BEFORE = r"(?:last|past|previous|prior|preceding|(?:most )?recent|trailing|rolling|latest)"
_COMING = r"(?:next|coming|following|upcoming)"
_DAYS = {"yesterday": -1, "tomorrow": 1, "day before yesterday": -2, "day after tomorrow": 2}
_ACRONYMS = {
    "wtd": Grain.WEEK, "mtd": Grain.MONTH, "qtd": Grain.QUARTER, "ytd": Grain.YEAR, "fytd": Grain.FISCAL_YEAR,
}  # fmt: skip


@RULES.when(
    rf"(?:{_SO_FAR} (?:in |for )?)?(?:this|(?:the )?current) (?:calendar )?{ENGLISH_UNIT}(?: {_SO_FAR})?",
    rf"{ENGLISH_UNIT}[ -]to[ -]date\b",
    rf"(?:since|from) (?:the )?(?:start|beginning) of (?:the|this) {ENGLISH_UNIT}"
    rf"(?: {_SO_FAR}| (?:to|till|until|through) (?:now|today|the present))?",
)
def _under_way(match: re.Match[str], present: Present) -> Meaning:
    return to_date(grain_of(match["unit"]), present)


@RULES.when(r"ytd (?P<year>20\d\d)\b", r"(?P<year>20\d\d) ytd\b")
def _year_to_date(match: re.Match[str], present: Present) -> Meaning:
    """Of a year that is over, up to which day cannot be told."""
    return to_date(Grain.YEAR, present) if int(match["year"]) == present.day.year else NoPeriod.UNCLEAR


@RULES.when(r"(?P<acronym>fytd|[wmqy]td)\b")
def _to_date(match: re.Match[str], present: Present) -> Meaning:
    return to_date(_ACRONYMS[match["acronym"]], present)


@RULES.when(rf"today\b(?: {_SO_FAR})?")
def _today(_: re.Match[str], present: Present) -> Meaning:
    return to_date(Grain.DAY, present)


@RULES.when(r"(?:the )?(?P<day>day before yesterday|yesterday|tomorrow|day after tomorrow)\b")
def _near_day(match: re.Match[str], present: Present) -> Meaning | None:
    offset = _DAYS[match["day"]]
    return ahead(offset, Grain.DAY, present) if offset > 0 else ago(-offset, Grain.DAY, present)


@RULES.when(rf"(?P<how>{_BEFORE}) {_WHOLE}{ENGLISH_UNIT}")
def _unit_before(match: re.Match[str], present: Present) -> Meaning | None:
    """ "Past year" is a year long, "last year" is the one in the calendar."""
    return _one_before(match["how"] not in ("last", "previous", "prior", "preceding"), grain_of(match["unit"]), present)


@RULES.when(rf"(?P<how>{_BEFORE}) {ENGLISH_NUMBER}[ -]?{_WHOLE}{ENGLISH_UNIT}")
def _units_before(match: re.Match[str], present: Present) -> Meaning | None:
    count, grain = number_of(match["count"]), grain_of(match["unit"])
    return _one_before(True, grain, present) if count == 1 else last(count, grain, present)


def _one_before(rolling: bool, grain: Grain, present: Present) -> Period | None:
    if rolling and grain is Grain.YEAR:
        return rolling_year(present)
    if rolling and grain is Grain.HALF:
        return rolling_half_year(present)
    return last(1, grain, present)


@RULES.when(r"(?:ttm|ltm)\b")
def _trailing_twelve_months(_: re.Match[str], present: Present) -> Meaning | None:
    return rolling_year(present)


@RULES.when(rf"{_COMING} {_WHOLE}{ENGLISH_UNIT}", rf"{_COMING} {ENGLISH_NUMBER}[ -]?{_WHOLE}{ENGLISH_UNIT}")
def _to_come(match: re.Match[str], present: Present) -> Meaning | None:
    return coming(number_of(match.groupdict().get("count") or "1"), grain_of(match["unit"]), present)


@RULES.when(rf"(?:the )?{ENGLISH_UNIT} (?P<side>before last|after next)\b")
def _one_further(match: re.Match[str], present: Present) -> Meaning | None:
    further = ago if match["side"] == "before last" else ahead
    return further(2, grain_of(match["unit"]), present)


@RULES.when(rf"{ENGLISH_NUMBER} {ENGLISH_UNIT} ago\b", rf"(?P<one>an?) {ENGLISH_UNIT} (?:ago|earlier)\b")
def _ago(match: re.Match[str], present: Present) -> Meaning | None:
    """ "A year ago" is what is compared with, or the day a year ago: not the year before."""
    said = match.groupdict()
    count = 1 if said.get("one") else number_of(said["count"])
    return NoPeriod.UNCLEAR if count == 1 else ago(count, grain_of(match["unit"]), present)


@RULES.when(r"(?P<which>last|this|next) weekend\b")
def _weekend(match: re.Match[str], present: Present) -> Meaning:
    return weekend({"last": -1, "this": 0, "next": 1}[match["which"]], present)


@RULES.when(
    r"(?:(?:last|past|this|next|previous|every|each|per|a|the) )?fortnights?\b",
    rf"(?:last|previous|prior) (?:[wmqy]td\b|{ENGLISH_UNIT}[ -]to[ -]date\b)",
    rf"{_BEFORE} (?:few|several|many) {ENGLISH_UNIT}",
    rf"{_COMING} (?:few|several|many) {ENGLISH_UNIT}",
    rf"(?:the )?(?:rest|remainder|balance|end|start|beginning|middle|close) of the {ENGLISH_UNIT}",
    rf"(?:the )?(?:first|second|third|fourth|last|final) {ENGLISH_UNIT} of (?:the|each|every) {ENGLISH_UNIT}".replace(
        "?P<unit>", "?:"
    ),
    r"(?:this|the same) (?:time|day|point|month|week|quarter) last (?:year|month|week|quarter)\b",
)
def _unclear(match: re.Match[str], _: Present) -> Meaning:
    return NoPeriod.COMPARISON if match[0].startswith(("this t", "this p", "the same")) else NoPeriod.UNCLEAR
