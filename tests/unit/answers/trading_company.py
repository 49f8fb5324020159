"""A company that trades every working day: three years of orders and deals, by two reps in two teams, and open deals.

Anna (R1, team T1 under Mia, M1) sells three times what 张伟 (R2, team T2 under Ned, M2) sells; both grow by a tenth a year.
Today is Monday 23 November 2026 in Shanghai, and Sunday is the last day in the data. The company keeps no calendar, so
weekends alone are off: of November's 21 working days 15 are over.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from analytics.warehouse import Warehouse

TODAY = date(2026, 11, 23)
FIRST = date(2023, 11, 1)
A_DAY = {"R1": 30_000.0, "R2": 10_000.0}
OPEN = {"R1": (500_000, 300_000, 200_000, 100_000), "R2": (90_000, 10_000)}
_GROWTH, _NOISE = 1.1, 0.1


def sold_on(day: date, rep: str) -> float:
    """What a rep's one order of a day comes to; nothing at weekends."""
    if day.weekday() > 4:
        return 0.0
    chance = random.Random(f"{day}{rep}").uniform(1 - _NOISE, 1 + _NOISE)
    return round(A_DAY[rep] * _GROWTH ** ((day - FIRST).days / 365.25) * chance, 2)


def sold(start: date, end: date, *reps: str) -> float:
    """What came in the days [start, end)."""
    days = (start + timedelta(days=n) for n in range((end - start).days))
    return sum(sold_on(day, rep) for day in days for rep in reps or A_DAY)


def fill(warehouse: Warehouse, *, since: date = FIRST, until: date = TODAY) -> None:
    """Load it as it stood when the day `until` began."""
    days = [since + timedelta(days=n) for n in range((until - since).days)]
    with warehouse.load("erp", _local(until, 0)) as load:
        for name, rows in {**_people(), **_selling(days)}.items():
            load.put(name, pd.DataFrame(rows))


def _local(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)


def _people() -> dict[str, list[dict[str, Any]]]:
    people = [
        ("P1", "Anna Ash", "rep", "R1"), ("P2", "张伟", "rep", "R2"), ("P5", "Mia Moor", "manager", "M1"),
        ("P6", "Ned North", "manager", "M2"), ("P8", "Eve Exec", "exec", None),
    ]  # fmt: skip
    reps = [("R1", "Anna Ash", "T1"), ("R2", "张伟", "T2"), ("M1", "Mia Moor", None), ("M2", "Ned North", None)]
    return {
        "company": [{"name": "Trader", "currency": "CNY", "timezone": "Asia/Shanghai", "fiscal_year_start": 1}],
        "people": [
            {"person_id": person, "name": name, "role": role, "rep_id": rep, "active": True}
            for person, name, role, rep in people
        ],
        "reps": [{"rep_id": rep, "name": name, "team_id": team, "active": True} for rep, name, team in reps],
        "rep_teams": [
            {"rep_id": rep, "team_id": team, "from_on": date(2020, 1, 1), "to_on": None}
            for rep, _, team in reps
            if team
        ],
        "teams": [
            {"team_id": "T1", "name": "One", "manager_rep_id": "M1"},
            {"team_id": "T2", "name": "Two", "manager_rep_id": "M2"},
        ],
        "customers": [{"customer_id": "C1", "name": "Harbor", "owner_rep_id": "R1", "region": "East"}],
    }


def _selling(days: list[date]) -> dict[str, list[dict[str, Any]]]:
    traded = [(day, rep) for day in days for rep in A_DAY if sold_on(day, rep)]
    open_deals = [(rep, amount) for rep, amounts in OPEN.items() for amount in amounts]
    begun = _local(days[-1] - timedelta(days=5), 9)
    return {
        "orders": [
            {"order_id": f"O{day}{rep}", "line_no": 1, "customer_id": "C1", "rep_id": rep, "ordered_at": _local(day, 10),
             "quantity": 1, "amount": sold_on(day, rep), "list_amount": sold_on(day, rep), "cost_of_goods": 1}
            for day, rep in traded
        ],
        "opportunities": [
            *({"opportunity_id": f"D{day}{rep}", "name": f"deal {day}", "customer_id": "C1", "owner_rep_id": rep,
               "stage": "won", "amount": sold_on(day, rep), "created_at": _local(day, 9) - timedelta(days=20),
               "closed_at": _local(day, 11), "outcome": "won" if number % 5 < 2 else "lost"}
              for number, (day, rep) in enumerate(traded)),
            *({"opportunity_id": f"OPEN{number}", "name": f"open {amount}", "customer_id": "C1", "owner_rep_id": rep,
               "stage": "proposal", "amount": amount, "created_at": begun, "closed_at": None, "outcome": "open"}
              for number, (rep, amount) in enumerate(open_deals)),
        ],
    }  # fmt: skip
