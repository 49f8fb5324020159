"""The demo company's calendar: moments, its working rhythm, and the way from them to UTC.

A *moment* is a float: days since 2023-01-01 00:00 in Shanghai, which keeps UTC+8 all year. A *worked time* is the
same span measured in work done: nights, weekends and holidays hardly count. Drawing spans in worked time and
turning them back keeps every order of events and gives weekday and Chinese New Year patterns by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

START = date(2023, 1, 1)
EARLIEST_UNTIL = date(2025, 1, 1)
LATEST_UNTIL = date(2034, 12, 31)
UTC_OFFSET_DAYS = 8 / 24
LAST_MORNING = 11 / 24  # on its last day the company has worked until 11:00
HORIZON_DAYS = 420  # planned things may lie this far behind the last day

WEEKDAY = (1.08, 1.10, 1.06, 1.02, 0.94, 0.16, 0.10)
MONTH = (0.96, 0.93, 1.06, 1.02, 1.00, 1.03, 0.96, 0.95, 1.04, 0.98, 1.06, 1.08)
GROWTH_PER_YEAR = 0.10
NEW_YEAR_WEEK, BEFORE_NEW_YEAR, AFTER_NEW_YEAR, NATIONAL_DAYS, LABOUR_DAYS = 0.05, 0.70, 0.80, 0.10, 0.15
NEW_YEAR = {
    2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
    2027: date(2027, 2, 6), 2028: date(2028, 1, 26), 2029: date(2029, 2, 13), 2030: date(2030, 2, 3),
    2031: date(2031, 1, 23), 2032: date(2032, 2, 11), 2033: date(2033, 1, 31), 2034: date(2034, 2, 19),
    2035: date(2035, 2, 8), 2036: date(2036, 1, 28),
}  # fmt: skip
OFFICE_HOURS = (0,) * 8 + (0.2, 1.0, 1.2, 1.1, 0.4, 0.7, 1.1, 1.2, 1.1, 0.8, 0.2) + (0.02,) * 5


@dataclass(frozen=True)
class Clock:
    """Turns moments into worked time and back; on average one day of worked time a day."""

    moments: Floats
    worked: Floats

    def worked_at(self, moments: Floats) -> Floats:
        """The work done by these moments."""
        return np.interp(moments, self.moments, self.worked)

    def moment_at(self, worked: Floats) -> Floats:
        """The moments by which so much work is done."""
        return np.interp(worked, self.worked, self.moments)


@dataclass(frozen=True)
class Setting:
    """What a build is told, and the calendar that follows from it.

    `last` is the last moment anything may have happened; `count` scales a number of rows; `rng` gives each
    topic a random stream of its own, so that a change to one table leaves the others as they were.
    """

    until: date
    seed: int
    scale: float
    days: int
    last: float
    month_of_day: Ints
    weekday_of_day: Ints
    work: Clock
    buying: Clock

    def rng(self, topic: str) -> np.random.Generator:
        """The topic's own generator."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(crc32(topic.encode()),)))

    def count(self, at_scale_one: float, least: int = 1) -> int:
        """How many rows at this scale."""
        return max(least, round(at_scale_one * self.scale))

    def month_at(self, moments: Floats) -> Ints:
        """Months since January 2023, local; -1 where there is no moment."""
        known = np.isfinite(moments)
        day = np.clip(np.where(known, moments, 0), 0, len(self.month_of_day) - 1).astype(np.int64)
        return np.where(known, self.month_of_day[day], -1)

    @property
    def this_month(self) -> int:
        """The month the last day lies in, as months since January 2023; it is not over yet."""
        return int(self.month_of_day[self.days - 1])


def make_setting(until: date, seed: int, scale: float) -> Setting:
    """The setting of a build; ValueError where the demo company cannot tell its story."""
    if not EARLIEST_UNTIL <= until <= LATEST_UNTIL:
        raise ValueError(f"the demo company runs until a day between {EARLIEST_UNTIL} and {LATEST_UNTIL}, not {until}")
    if not 0 < scale <= 100:
        raise ValueError(f"scale is a number above 0 and at most 100, not {scale}")
    days = (until - START).days + 1
    calendar = [START + timedelta(days=n) for n in range(days + HORIZON_DAYS)]
    weekday = np.array([day.weekday() for day in calendar], dtype=np.int64)
    month = np.array([month_index(day) for day in calendar], dtype=np.int64)
    effort = np.array(WEEKDAY)[weekday] * np.array([holiday_factor(day) for day in calendar])
    effort[days - 1] = 1.0  # somebody works on the last morning whatever day it is, so that "called today" exists
    return Setting(
        until=until, seed=seed, scale=scale, days=days, last=days - 1 + LAST_MORNING,
        month_of_day=month, weekday_of_day=weekday,
        work=_clock(effort), buying=_clock(effort * np.array(MONTH)[month % 12]),
    )  # fmt: skip


def _clock(effort: Floats) -> Clock:
    hours = np.outer(effort, np.array(OFFICE_HOURS)).ravel() + 1e-7  # never quite zero, so that the way back is unique
    worked = np.concatenate([[0.0], np.cumsum(hours)])
    return Clock(np.arange(len(worked)) / 24, worked * (len(effort) / worked[-1]))


def holiday_factor(day: date) -> float:
    """How much of a normal day's work is done around the holidays of the Chinese calendar."""
    since_new_year = (day - NEW_YEAR[day.year]).days
    if -1 <= since_new_year <= 6:
        return NEW_YEAR_WEEK
    if -8 <= since_new_year <= -2:
        return BEFORE_NEW_YEAR
    if 7 <= since_new_year <= 13:
        return AFTER_NEW_YEAR
    if day.month == 10 and day.day <= 7:
        return NATIONAL_DAYS
    return LABOUR_DAYS if day.month == 5 and day.day <= 3 else 1.0


def demand(setting: Setting) -> Floats:
    """What lead creation is multiplied by each day: weekday, month, holidays and growth."""
    days = np.arange(setting.days)
    holidays = np.array([holiday_factor(START + timedelta(days=int(n))) for n in days])
    softened = 0.35 + 0.65 * np.array(WEEKDAY)[setting.weekday_of_day[days]]  # enquiries come on weekends too
    month = np.array(MONTH)[setting.month_of_day[days] % 12]
    wish: Floats = softened * month * (0.1 + 0.9 * holidays) * (1 + GROWTH_PER_YEAR) ** (days / 365.25)
    return wish


def month_index(day: date) -> int:
    """Months since January 2023."""
    return (day.year - START.year) * 12 + day.month - 1


def month_start(index: int) -> date:
    """The first day of the month that lies `index` months after January 2023."""
    return date(START.year + index // 12, index % 12 + 1, 1)


def moment_of(day: date) -> float:
    """The local midnight a day starts with."""
    return float((day - START).days)


def utc(moments: Floats) -> pd.Series[pd.Timestamp]:
    """Moments as UTC timestamps to the second; none where there is no moment."""
    known = np.isfinite(moments)
    stamps = np.full(len(moments), np.datetime64("NaT"), dtype="datetime64[us]")
    seconds = np.rint((moments[known] - UTC_OFFSET_DAYS) * 86400).astype("timedelta64[s]")
    stamps[known] = np.datetime64(START, "us") + seconds
    return pd.Series(stamps).dt.tz_localize("UTC")


def local_dates(moments: Floats) -> pd.Series[pd.Timestamp]:
    """The local days of moments, as midnights without a zone."""
    known = np.isfinite(moments)
    stamps = np.full(len(moments), np.datetime64("NaT"), dtype="datetime64[us]")
    # Rounded to the second first, as `utc` does, so that both tell the same day.
    whole_days = (np.rint(moments[known] * 86400) // 86400).astype("timedelta64[D]")
    stamps[known] = np.datetime64(START, "D") + whole_days
    return pd.Series(stamps)
