"""Rows of the kept tables that models, checks and people fill, so that every KPI has something to read.

Plain arithmetic instead of chance; each kind has rows that do not count: too late, of another model, or replaced.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
from awkward_rows import NOON

Rows = list[dict[str, Any]]

MONTHS = [date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in range(1, 13)]
SCORED = [datetime(2025, 6, 30, 16, tzinfo=UTC), datetime(2026, 3, 15, 4, tzinfo=UTC), NOON + timedelta(days=5)]
CLASSES = ("high_value", "steady", "small", "new")


def kept_rows(tables: dict[str, pd.DataFrame]) -> dict[str, Rows]:
    """Kept table -> rows about the leads, customers, feedback and people of these loaded tables."""
    return {
        "predictions": [
            *_scores("lead_score", "lead", tables["leads"]["lead_id"]),
            *_scores("lead_worth", "lead", tables["leads"]["lead_id"][:50]),
            *_scores("customer_value", "customer", tables["customers"]["customer_id"]),
            *_scores("clv", "customer", tables["customers"]["customer_id"]),
            *_sentiments(tables["feedback"]),
        ],
        "forecasts": _forecasts(),
        "quality_results": _quality_results(),
        "usage_events": _usage_events(tables["people"]["person_id"]),
        "activity_costs": _activity_costs(),
        "crm_fields": _crm_fields(),
    }


def _scores(model: str, kind: str, subjects: pd.Series[Any]) -> Rows:
    """Four of five subjects, the later the oftener scored; values repeat, so that ranks are shared."""
    return [
        {"model_id": model, "version": f"v{scoring}", "subject_kind": kind, "subject_id": subject, "as_of": as_of,
         "value": float((number * 37 + scoring * 11) % 100) * (250.0 if model == "clv" else 0.01),
         "class": CLASSES[(number + scoring) % 4] if model == "customer_value" else None}
        for number, subject in enumerate(subjects)
        for scoring, as_of in enumerate(SCORED)
        if (number + scoring) % 5
    ]  # fmt: skip


def _sentiments(feedback: pd.DataFrame) -> Rows:
    """Read within the hour; every third again, long after."""
    return [
        {"model_id": "sentiment", "version": f"v{reading}", "subject_kind": "feedback", "subject_id": feedback_id,
         "as_of": received.to_pydatetime() + later, "value": ((number * 29 + reading * 7) % 41) / 20 - 1, "class": None}
        for number, (feedback_id, received) in enumerate(
            zip(feedback["feedback_id"], feedback["received_at"], strict=True)
        )
        for reading, later in enumerate((timedelta(minutes=50), timedelta(days=45)))
        if number % 9 and (reading == 0 or number % 3 == 0)
    ]  # fmt: skip


def _forecasts() -> Rows:
    """Issued 40 and 5 days before each month and once more when it has begun, which is too late."""
    return [
        {"kpi": kpi, "period_start": month, "horizon": 1, "value": 300_000.0 + 2_500 * number + 40_000 * issue,
         "issued_at": datetime.combine(month, time(3), UTC) + timedelta(days=days)}
        for number, month in enumerate(MONTHS)
        for issue, days in enumerate((-40, -5, 1))
        for kpi in ("revenue", "orders")
    ]  # fmt: skip


def _quality_results() -> Rows:
    """Once a week, on the first table just before the local week begins."""
    return [
        {"check_id": f"Q{check}", "table_name": table, "severity": "error",
         "ran_at": datetime(2023, 1, 1, 15, 59, 59, tzinfo=UTC) + timedelta(days=7 * week, seconds=check),
         "rows_checked": 1000 + 10 * week, "rows_failed": (week * 13 + check * 5) % 97}
        for week in range(210)
        for check, table in enumerate(("leads", "orders", "tickets"))
    ]  # fmt: skip


def _usage_events(people: pd.Series[Any]) -> Rows:
    """Each person every so many days, from daily to hardly ever; a third of it is only dismissed."""
    begins = datetime(2023, 1, 2, 1, tzinfo=UTC)
    return [
        {"person_id": person, "happened_at": begins + timedelta(days=day, minutes=number), "plan_kind": "leads",
         "kind": ("asked", "acted", "dismissed")[(number + day) % 3]}
        for number, person in enumerate(people)
        for day in range(number, 1420, 5 + 6 * number)
    ]  # fmt: skip


def _activity_costs() -> Rows:
    return [
        {"month": month, "activity_kind": kind, "channel_id": channel, "team_id": team,
         "cost": Decimal(1000 + 7 * number + 50 * column), "returned": Decimal((number * 331 + column * 577) % 3000)}
        for number, month in enumerate(MONTHS)
        for column, (kind, channel, team) in enumerate(
            (kind, channel, team)
            for kind in ("call", "visit", "demo")
            for channel in ("CH01", "CH05", "CH09")
            for team in ("T1", "T3")
        )
    ]  # fmt: skip


def _crm_fields() -> Rows:
    """Counted on the first and the fifteenth; a field is read in some counts and not in others."""
    return [
        {"counted_on": month.replace(day=day), "table_name": table, "field_name": f"field_{field}",
         "reads": max(0, (number + day + field * 5) % 11 - 6)}
        for number, month in enumerate(MONTHS)
        for day in (1, 15)
        for table in ("leads", "deals")
        for field in range(8)
    ]  # fmt: skip
