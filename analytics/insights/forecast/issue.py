"""Forecasts that are kept, so that they can be held against what came: of each month, before it begins.

Once a month, from the 25th on, the months to come are forecast; where nothing ran in those days, the forecasts of a
month ago are the last ones before the month, and count. Two processes that issue at once write the same rows once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from analytics.insights.forecast.expected import CannotForecast
from analytics.insights.forecast.history import History, grain_of, history_of
from analytics.insights.forecast.outlook import check_forecastable, series_of
from analytics.organisation import Company, read_company
from analytics.semantic import Model, Semantics
from analytics.semantic.bounds import midnight
from analytics.semantic.calendar import next_start, start_of, unit
from analytics.semantic.holidays import read_calendar
from analytics.vocabulary import Clock, Grain, Period, Scope
from analytics.warehouse import NothingLoaded, Warehouse
from analytics.warehouse.load import replace_rows
from analytics.warehouse.tables import forecasts

ISSUED = ("revenue",)
"""The KPIs whose forecasts are kept."""
MONTHS_AHEAD = 3
_DUE_FROM = 25  # the day of a month
_SOURCE = "leadline"


@dataclass(frozen=True)
class Issued:
    """A forecast of a month as it was issued; `horizon` counts the months ahead, 1 is the next one."""

    kpi: str
    issued_at: datetime
    month: Period
    horizon: int
    value: float
    low: float
    high: float


def issue_if_due(warehouse: Warehouse, model: Model, now: datetime) -> tuple[Issued, ...]:
    """Issue this month's forecasts unless they are there or it is too early; none at all where nothing can be told.

    A warehouse without any forecast gets its first ones at once.
    """
    try:
        with warehouse.reader() as reader:
            clock = Clock(now, read_company(reader).timezone)
            found = reader.rows(
                select(func.max(forecasts.c.issued_at).label("last")).where(forecasts.c.kpi.in_(ISSUED))
            )
    except NothingLoaded:
        return ()
    last = found[0].last
    due = _in_month(clock.today, _DUE_FROM)
    if last is not None and (clock.today < due or last >= midnight(due, clock.timezone)):
        return ()
    return issue_forecasts(warehouse, model, clock)


def issue_forecasts(
    warehouse: Warehouse, model: Model, clock: Clock, *, kpis: Sequence[str] = ISSUED
) -> tuple[Issued, ...]:
    """Forecast the months after this one from all that is known before today, and keep that; again on the same day,
    nothing is written. Raises CannotForecast where none of the KPIs can be."""
    told, why = [], None
    for kpi in kpis:
        try:
            told += _told(_known(warehouse, model, clock, kpi), clock.today)
        except CannotForecast as error:
            why = error
    if not told and why is not None:
        raise why
    return _kept(warehouse, told)


def issue_history(warehouse: Warehouse, model: Model, clock: Clock, *, months: int) -> tuple[Issued, ...]:
    """What would have been issued before each of the last `months` months, from the values before it alone.

    It takes the place of what was issued at these moments.
    """
    told: list[Issued] = []
    for kpi in ISSUED:
        known = _known(warehouse, model, clock, kpi)
        this_month = start_of(clock.today, Grain.MONTH)
        for back in range(months - 1, -1, -1):
            told += _told(known, next_start(this_month, Grain.MONTH, -back) - timedelta(days=1))
    with warehouse.kept() as connection:
        replace_rows(connection, forecasts, [_row(one) for one in told])
    return tuple(told)


@dataclass(frozen=True)
class _Known:
    """A KPI's values, and what else a forecast of it rests on."""

    kpi: str
    history: History
    company: Company
    timezone: str


def _known(warehouse: Warehouse, model: Model, clock: Clock, kpi_id: str) -> _Known:
    with warehouse.reader() as reader:
        company = read_company(reader)
        semantics = Semantics(model, reader, clock, Scope.everything(), company)
        kpi, month = model.kpi(kpi_id), unit(clock.today, Grain.MONTH)
        check_forecastable(semantics, kpi, month)
        return _Known(kpi.id, history_of(semantics, kpi.id, grain_of(kpi, month), ()), company, clock.timezone)


def _told(known: _Known, today: date) -> list[Issued]:
    """The months after that of `today`, from values before the day alone; none where these are too few."""
    from analytics.insights.forecast.project import project

    history = _before(known.history, today)
    this_month = start_of(today, Grain.MONTH)
    months = [unit(next_start(this_month, Grain.MONTH, n), Grain.MONTH) for n in range(1, MONTHS_AHEAD + 1)]
    units = history.units_to(months[-1].end)
    held = read_calendar(known.company.calendar.lower()) if known.company.calendar else None
    try:
        projection = project(series_of(history, units, len(units), held))
    except CannotForecast:
        return []
    found = []
    for horizon, month in enumerate(months, 1):
        inside = [place for place, one in enumerate(units) if month.start <= one.start < month.end]
        value, low, high = projection.stretch(inside[0], inside[-1] + 1)
        found.append(Issued(known.kpi, midnight(today, known.timezone), month, horizon, value, low, high))
    return found


def _before(history: History, day: date) -> History:
    kept = tuple(figure for figure in history.figures if figure.period is not None and figure.period.end <= day)
    until = kept[-1].period.end if kept and kept[-1].period else history.until
    return History(kept, history.grain, until, history.flow)


def _kept(warehouse: Warehouse, told: Sequence[Issued]) -> tuple[Issued, ...]:
    """Write what is not there yet; of two who write the same at once, one does."""
    written: list[Issued] = []
    for one in told:
        try:
            with warehouse.kept() as connection:
                if not connection.execute(select(forecasts.c.kpi).where(*_same(one))).first():
                    connection.execute(insert(forecasts).values(**_row(one)))
                    written.append(one)
        except IntegrityError:
            continue
    return tuple(written)


def _same(one: Issued) -> list[Any]:
    table = forecasts.c
    return [table.kpi == one.kpi, table.issued_at == one.issued_at, table.period_start == one.month.start]


def _row(one: Issued) -> dict[str, Any]:
    return {
        "kpi": one.kpi, "issued_at": one.issued_at, "period_start": one.month.start, "horizon": one.horizon,
        "value": one.value, "low": one.low, "high": one.high, "source": _SOURCE,
    }  # fmt: skip


def _in_month(today: date, day: int) -> date:
    return today.replace(day=day)
