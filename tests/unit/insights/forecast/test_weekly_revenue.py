"""Weekly revenue of Robyn's simulated advertiser, 13 weeks ahead from 6 moments; skipped where the data are absent."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.insights.forecast.design import design_of
from analytics.insights.forecast.project import Projection, project
from analytics.insights.forecast.rivals import Series
from analytics.semantic.holidays import HolidayCalendar
from analytics.vocabulary import Grain, Period

WEEKS, MOMENTS = 13, 6
MOST_WAPE, NAIVE_WAPE = 0.138, 0.184
NOMINAL, TOLERANCE = 0.80, 0.05


def german_holidays(file: Path) -> HolidayCalendar:
    years: dict[str, dict[int, Any]] = defaultdict(dict)
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["ds"])
            if row["country"] == "DE" and 2014 <= day.year <= 2021:
                name = "_".join("".join(c if c.isalpha() else " " for c in row["holiday"].lower()).split())
                years[name][day.year] = {"day": day, "off_from": day, "off_through": day}
    festivals = {name: {"title": {"en": name, "zh": name}, "years": held} for name, held in years.items()}
    title = {"en": "Germany", "zh": "德国"}
    return HolidayCalendar.model_validate({"name": "de", "title": title, "festivals": festivals})


@pytest.fixture(scope="module")
def told() -> list[tuple[Projection, np.ndarray, np.ndarray]]:
    """At each moment what is told, what came, and the same weeks a year before."""
    folder = Path(__file__).parents[5] / "shared" / "data" / "robyn_mmm"
    if not folder.is_dir():
        pytest.skip("the robyn_mmm data are not beside the project")
    with (folder / "dt_simulated_weekly.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    revenue = np.array([float(row["revenue"]) for row in rows])
    starts = [date.fromisoformat(row["DATE"]) for row in rows]
    weeks = tuple(Period(start, start + timedelta(days=7)) for start in starts)
    design = design_of(weeks, Grain.WEEK, german_holidays(folder / "dt_prophet_holidays.csv"))
    found = []
    for moment in (len(rows) - WEEKS * back for back in range(MOMENTS, 0, -1)):
        series = Series(revenue[:moment], Grain.WEEK, WEEKS, flow=True, told_in=1, design=design)
        found.append((project(series), revenue[moment : moment + WEEKS], revenue[moment - 52 : moment - 52 + WEEKS]))
    return found


def wape(expected: np.ndarray, came: np.ndarray) -> float:
    return float(np.abs(expected - came).sum() / came.sum())


def test_thirteen_weeks_ahead_are_off_by_less_than_a_fourier_ridge(told: list[Any]) -> None:
    assert np.mean([wape(projection.path, came) for projection, came, _ in told]) <= MOST_WAPE


def test_the_year_before_is_off_as_published(told: list[Any]) -> None:
    """The protocol is the one the figures to beat were measured by."""
    assert np.mean([wape(before, came) for _, came, before in told]) == pytest.approx(NAIVE_WAPE, abs=0.0005)


def test_four_weeks_of_five_lie_in_their_interval(told: list[Any]) -> None:
    held = []
    for projection, came, _ in told:
        for week, value in enumerate(came):
            _, low, high = projection.stretch(week, week + 1)
            held.append(low <= value <= high)
    assert abs(np.mean(held) - NOMINAL) <= TOLERANCE
