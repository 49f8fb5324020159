"""The command that issues forecasts, so that they can be held against what comes."""

from __future__ import annotations

import json
from datetime import date

from rich.table import Table

from analytics.insights.forecast import CannotForecast, Issued, issue_forecasts
from analytics.organisation import read_company
from analytics.vocabulary import Clock
from assistant.app import kpi_model, open_warehouse, utc_now
from assistant.settings import Settings
from assistant.terminal import console, errors

_WHY = {
    "too_short": "there is too little history",
    "no_data": "there are no data",
    "needs_tables": "the company's data lack the tables it needs",
}


def issue(settings: Settings, *, today: date | None, as_json: bool) -> int:
    """Forecast the months to come, keep that, and show what was written."""
    warehouse = open_warehouse(settings)
    with warehouse.reader() as reader:
        zone = read_company(reader).timezone
    clock = Clock.end_of(today, zone) if today else Clock(utc_now(), zone)
    try:
        issued = issue_forecasts(warehouse, kpi_model(settings), clock)
    except CannotForecast as error:
        errors.print(f"Nothing can be forecast: {_WHY.get(error.reason, error.reason)}.")
        return 1
    if as_json:
        print(json.dumps([_row(one) for one in issued]))
        return 0
    if not issued:
        console.print("Today's forecasts are there already; nothing was written.")
        return 0
    table = Table(title="Forecasts issued", title_justify="left", box=None, pad_edge=False)
    table.add_column("KPI")
    table.add_column("month")
    for column in ("expected", "low", "high"):
        table.add_column(column, justify="right")
    for one in issued:
        table.add_row(one.kpi, one.month.label, *(f"{value:,.0f}" for value in (one.value, one.low, one.high)))
    console.print(table)
    return 0


def _row(one: Issued) -> dict[str, object]:
    return {
        "kpi": one.kpi, "issued_at": one.issued_at.isoformat(), "month": one.month.label, "horizon": one.horizon,
        "value": one.value, "low": one.low, "high": one.high,
    }  # fmt: skip
