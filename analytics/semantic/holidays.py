"""Holiday calendars: when festivals are, which days are off for them, which weekends are worked in return.

A calendar is one YAML file, in `holiday_calendars/` or a company's own:

    title: {en: Mainland China, zh: 中国大陆}
    festivals:
      spring_festival:
        title: {en: Spring Festival, zh: 春节}
        years:
          2026: {day: 2026-02-17, off_from: 2026-02-15, off_through: 2026-02-23, work: [2026-02-14, 2026-02-28]}
          2027: {day: 2027-02-06}

`day` is the festival itself, `off_from` to `off_through` (both included, as notices have it) the public holiday,
`work` the weekend days worked in return. Without a public holiday, that of the year is not known yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analytics.semantic.calendar import days
from analytics.semantic.definition import Name, Words
from analytics.semantic.faults import Complaint, ModelError
from analytics.vocabulary import Period

_CALENDARS = Path(__file__).with_name("holiday_calendars")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Festival(_Part):
    """One year's festival."""

    day: date
    off_from: date | None = None
    off_through: date | None = None
    work: tuple[date, ...] = ()

    @property
    def holiday(self) -> Period | None:
        """The public holiday [start, end); None where it is not known."""
        if self.off_from is None or self.off_through is None:
            return None
        return days(self.off_from, self.off_through + _ONE_DAY)

    @property
    def days_felt(self) -> tuple[date, ...]:
        """The festival's day and the weekdays off for it: what business feels of it, weekends at its edges aside."""
        off = () if self.holiday is None else _each_day(self.holiday)
        return tuple(sorted({self.day, *(day for day in off if day.weekday() < _SATURDAY)}))

    @model_validator(mode="after")
    def _holds_together(self) -> Festival:
        if (self.off_from is None) != (self.off_through is None):
            raise ValueError("off_from and off_through go together")
        if self.off_from and self.off_through and not self.off_from <= self.day <= self.off_through:
            raise ValueError("the festival's day lies between off_from and off_through")
        if weekdays := [str(day) for day in self.work if day.weekday() < _SATURDAY]:
            raise ValueError(f"work names weekend days that are worked; {', '.join(weekdays)} is none")
        return self


class Festivals(_Part):
    """One festival through the years."""

    title: Words
    years: dict[int, Festival] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_their_years(self) -> Festivals:
        for year, festival in self.years.items():
            if festival.day.year != year:
                raise ValueError(f"the festival of {year} is on a day of {year}, not {festival.day}")
        return self


class HolidayCalendar(_Part):
    """The festivals and public holidays of a country, or of a company; Saturday and Sunday are its weekend."""

    name: str
    title: Words
    festivals: dict[Name, Festivals]

    @model_validator(mode="after")
    def _no_work_on_holidays(self) -> HolidayCalendar:
        if both := sorted(self._days_off & self._days_worked):
            raise ValueError(f"{', '.join(map(str, both))} cannot be both off and worked")
        return self

    def is_workday(self, day: date) -> bool:
        """Whether people work that day: weekdays but public holidays, and weekends worked in return for one.

        Where the year's holidays are not known (`knows_holidays`), weekends alone decide.
        """
        if day in self._days_worked:
            return True
        return day.weekday() < _SATURDAY and day not in self._days_off

    def is_holiday(self, day: date) -> bool:
        """Whether that day is off for a public holiday; weekends beside it count among the holiday's days."""
        return day in self._days_off

    def workdays(self, period: Period) -> int:
        """How many days of the period people work."""
        return sum(map(self.is_workday, _each_day(period)))

    def knows_holidays(self, period: Period) -> bool:
        """Whether public holidays are declared for every year the period touches."""
        return _years(period) <= {
            year for festivals in self.festivals.values() for year, one in festivals.years.items() if one.holiday
        }

    def festival_on(self, festival: str, year: int) -> date | None:
        """The day a festival is on in a year; None where the calendar does not say."""
        return self.days_of(festival).get(year)

    def days_of(self, festival: str) -> Mapping[int, date]:
        """The day a festival is on, by year; none of a festival that the calendar does not hold."""
        held = self.festivals.get(festival)
        return {} if held is None else {year: one.day for year, one in held.years.items()}

    def moved(self, period: Period, other: Period) -> tuple[str, ...]:
        """The festivals of which one period holds another part than the other: what a comparison must mention.

        A part is counted in the days that business feels. Years whose holiday is not known count by the festival's
        day; a festival whose day is not known in every year the two touch is left out.
        """
        return tuple(name for name, held in self.festivals.items() if _moved(held, period, other))

    def moves(self, period: Period, other: Period) -> bool:
        """Whether any festival has `moved` between the two periods."""
        return bool(self.moved(period, other))

    @cached_property
    def _days_off(self) -> frozenset[date]:
        holidays = (one.holiday for one in self._all)
        return frozenset(day for holiday in holidays if holiday is not None for day in _each_day(holiday))

    @cached_property
    def _days_worked(self) -> frozenset[date]:
        return frozenset(day for one in self._all for day in one.work)

    @property
    def _all(self) -> Iterator[Festival]:
        return (one for festivals in self.festivals.values() for one in festivals.years.values())


def read_calendar(name: str | Path) -> HolidayCalendar:
    """A calendar that comes with the installation ("cn"), or the one in a file (a path that ends in .yaml or .yml).

    ModelError names the file, the line and what is wrong; also where there is no such calendar.
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = _CALENDARS / f"{name}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(file.stem for file in _CALENDARS.glob("*.yaml")))
            raise ModelError([Complaint(path, 1, f"there is no calendar '{name}'; known: {known}, or a .yaml file")])
    return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> HolidayCalendar:
    node = _compose(path)
    lines: dict[tuple[str, ...], int] = {}
    if twice := list(_repeated(node, (), lines)):
        raise ModelError([Complaint(path, line, f"'{key}' is declared twice") for key, line in twice])
    declared = yaml.constructor.BaseConstructor().construct_document(node)
    try:
        return HolidayCalendar.model_validate({**declared, "name": path.stem})
    except ValidationError as error:
        raise ModelError([_complaint(path, lines, fault) for fault in error.errors()]) from error


def _compose(path: Path) -> yaml.MappingNode:
    """The file's entries, every scalar as text: what is a date is for the calendar to say."""
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError([Complaint(path, 1, "the file cannot be read")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ModelError([Complaint(path, line, f"this is not valid YAML ({error.problem})")]) from error
    if not isinstance(node, yaml.MappingNode):
        raise ModelError([Complaint(path, 1, "a calendar starts with 'title:' and 'festivals:'")])
    return node


def _repeated(node: yaml.Node, at: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Iterator[tuple[str, int]]:
    """Keys that occur twice in one place; the line of every entry is noted on the way."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        here, line = (*at, str(key.value)), key.start_mark.line + 1
        if here in lines:
            yield str(key.value), line
        lines[here] = line
        yield from _repeated(value, here, lines)


def _complaint(path: Path, lines: dict[tuple[str, ...], int], fault: Any) -> Complaint:
    at = tuple(str(step) for step in fault["loc"])
    line = next((lines[at[:size]] for size in range(len(at), 0, -1) if at[:size] in lines), 1)
    said = str(fault["msg"]).removeprefix("Value error, ")
    return Complaint(path, line, f"{'.'.join(at) or 'the calendar'}: {said}")


def _moved(festivals: Festivals, period: Period, other: Period) -> bool:
    if not _years(period) | _years(other) <= festivals.years.keys():
        return False
    return _part(festivals, period) != _part(festivals, other)


def _part(festivals: Festivals, period: Period) -> Fraction:
    """How much of the festival the period holds: 1 is all of one year's."""
    held = Fraction(0)
    for festival in festivals.years.values():
        felt = festival.days_felt
        held += Fraction(sum(period.start <= day < period.end for day in felt), len(felt))
    return held


def _years(period: Period) -> set[int]:
    return set(range(period.start.year, (period.end - _ONE_DAY).year + 1))


def _each_day(period: Period) -> Iterator[date]:
    return (period.start + timedelta(days=n) for n in range((period.end - period.start).days))
