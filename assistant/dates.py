"""Periods as people say them: October 2026, 16-22 Nov 2026, 2026年第3季度; through Babel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analytics.semantic.calendar import shape
from analytics.vocabulary import Grain, Period
from assistant.formats import locale_of
from assistant.question import Language


def period_text(period: Period, language: Language) -> str:
    """The days a period covers; a whole month, quarter, half or year by its name."""
    if period.grain is Grain.MONTH and period.count > 1 and not period.to_date:
        return _between(period, "yMMM", language)
    if period.to_date or period.count > 1:
        return _days(period, language)
    known = shape(period)
    whole = period.grain if period.grain is not None else known.grain if known.count == 1 else None
    start, zh = period.start, language is not Language.EN
    match whole:
        case Grain.MONTH:
            return _skeleton(start, "yMMM", language)
        case Grain.QUARTER:
            number = (start.month + 2) // 3
            return f"{start.year}年第{number}季度" if zh else f"Q{number} {start.year}"
        case Grain.HALF:
            first = start.month < 7
            return f"{start.year}年{'上' if first else '下'}半年" if zh else f"H{1 if first else 2} {start.year}"
        case Grain.YEAR:
            return f"{start.year}年" if zh else str(start.year)
        case Grain.WEEK:
            number = start.isocalendar().week
            return f"{_days(period, language)}（第{number}周）" if zh else f"{_days(period, language)} (week {number})"
    return _days(period, language)


SHORT_ON_AXIS = (Grain.DAY, Grain.WEEK, Grain.MONTH)
"""What an axis names shorter than a sentence does."""


@dataclass(frozen=True)
class OnAxis:
    """A day, week or month that starts on `start`, as an axis names it: with its year only where `year` says so."""

    start: date
    grain: Grain | None
    year: bool


def axis_text(named: OnAxis, language: Language) -> str:
    """A day or a week by its first day, a month by its name."""
    skeleton = "MMM" if named.grain is Grain.MONTH else "MMMd"
    return _skeleton(named.start, f"y{skeleton}" if named.year else skeleton, language)


def _days(period: Period, language: Language) -> str:
    one = period.end - timedelta(days=1) == period.start
    return _skeleton(period.start, "yMMMEd", language) if one else _between(period, "yMMMd", language)


def _between(period: Period, skeleton: str, language: Language) -> str:
    """From the first day to the last, what both share said once."""
    from babel.dates import format_interval

    last = period.end - timedelta(days=1)
    text = format_interval(_moment(period.start), _moment(last), skeleton, locale=locale_of(language))
    return str(text).replace("\u2009", "").replace("\u202f", " ")


def _skeleton(day: date, skeleton: str, language: Language) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton(skeleton, _moment(day), locale=locale_of(language)))


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
