"""The small print of a summary: what is left out, whose calendar, how targets were shared, how old the data are."""

from __future__ import annotations

from typing import Any

from analytics.insights.summary.targets import workdays
from analytics.semantic.holidays import HolidayCalendar, read_calendar
from analytics.vocabulary import Figure, Period, Unit
from assistant.kinds.summary_told import Told
from assistant.kinds.summary_words import count
from assistant.kinds.wording import table_words
from assistant.result import Worded

_WORKDAYS_OF_A_WEEK = 5
_NAMED = 5


def small_print(told: Told) -> Worded:
    """All of it in one phrase of several lines."""
    room = told.room
    lacking = tuple(dict.fromkeys(table for tables in told.missing.values() for table in tables))
    facts: dict[str, Any] = {
        "lacking": [table_words(table, room.model) for table in lacking],
        "missing": count("missing", len(told.missing)),
        "without_data": count("without_data", len(told.without_data)),
        "without_names": [one.kpi.names for one in told.without_data[:_NAMED]],
        "without_more": count("without_more", len(told.without_data) - _NAMED) if told.without_data[_NAMED:] else None,
        "own": any(one.own for one in told.shown),
        "noisy": any(one.smoothed is not None for one in told.shown),
        "smoothed_over": _smoothed_over(told),
        "unit": "day" if told.plan.rhythm == "day" else "week",
        "prorated": any(one.prorated for one in told.shown),
        "of_company": any(one.kpi.id in told.of_company for one in told.shown),
        "stages": told.plan.form == "diagnosis",
        "ongoing": told.period.end > room.clock.today,
        **_workdays(told),
        **_freshness(told),
    }
    return Worded("summary_small", facts)


def _smoothed_over(told: Told) -> Figure | None:
    counts = {one.smoothed.period.count for one in told.shown if one.smoothed and one.smoothed.period}
    return count("smoothed_over", counts.pop()) if len(counts) == 1 else None


def _workdays(told: Told) -> dict[str, Any]:
    """Fewer or more working days than usual, and the festivals that fall into one period and not into the other."""
    calendar, period = _calendar(told), told.period
    unusual = None
    if (period.end - period.start).days == 7:
        days = workdays(told.room.company, period)
        unusual = count("workdays", days) if days != _WORKDAYS_OF_A_WEEK else None
    return {
        "workdays": unusual,
        "usual_workdays": count("usual_workdays", _WORKDAYS_OF_A_WEEK),
        "festivals": _moved(calendar, period, told) if calendar else [],
    }


def _calendar(told: Told) -> HolidayCalendar | None:
    held = told.room.company.calendar
    return read_calendar(held.lower()) if held else None


def _moved(calendar: HolidayCalendar, period: Period, told: Told) -> list[Any]:
    compared = told.lead.figure.compared if told.lead else None
    others = [compared.period] if compared and compared.period else []
    if told.lead and told.lead.last_year and told.lead.last_year.period:
        others.append(told.lead.last_year.period)
    names = dict.fromkeys(name for other in others for name in calendar.moved(period, other))
    return [calendar.festivals[name].title for name in names]


def _freshness(told: Told) -> dict[str, Any]:
    room = told.room
    until = room.data.as_of
    days = (room.clock.today - room.local_day(until)).days if until else 0
    return {
        "data_until": min(until, room.clock.now) if until else None,
        "stale": Figure("data_age", days, Unit.DAYS) if days > 1 else None,
    }
