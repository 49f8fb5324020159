"""Rows as they come in real life and not in the demo company: on the edge of a period, of the clock or of a rule, or with holes.

Midnight in Shanghai is 16:00 UTC. March 2026 and the second quarter of 2025 are among the periods tested.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from analytics.vocabulary import Clock

NOON = datetime(2026, 10, 14, 4, 30, tzinfo=UTC)
CLOCK = Clock(NOON, "Asia/Shanghai")
"""The clock of these tests: the demo company's rows go on for forty days after it."""

MARCH_BEGINS, MARCH_ENDS = datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC)
MARCH, SPRING = datetime(2026, 3, 10, 2, tzinfo=UTC), datetime(2025, 5, 10, 2, tzinfo=UTC)
A_MOMENT, SIXTY_DAYS, NINETY_DAYS = timedelta(microseconds=1), timedelta(days=60), timedelta(days=90)


def awkward_rows() -> dict[str, pd.DataFrame]:
    """Table name -> rows, of a source of their own."""
    return {
        "customers": _frame("customer_id name region industry size_band first_order_on owner_rep_id", CUSTOMERS),
        "campaigns": _frame("campaign_id name channel_id audience", CAMPAIGNS),
        "orders": _frame(
            "order_id line_no customer_id rep_id product_id channel_id campaign_id ordered_at amount list_amount",
            ORDERS,
        ).assign(cost_of_goods=100.0, quantity=1),
        "payments": _frame("payment_id customer_id paid_at amount", PAYMENTS),
        "marketing_spend": _frame("day channel_id campaign_id amount", SPEND),
        "cost_ledger": _frame("entry_id month cost_pool team_id amount", LEDGER),
        "leads": _frame("lead_id created_at status converted_at lost_at owner_rep_id region channel_id", LEADS),
        "opportunities": _frame(
            "opportunity_id lead_id customer_id owner_rep_id product_id amount created_at closed_at outcome", DEALS
        ),
        "stage_changes": _frame("lead_id opportunity_id stage entered_at", STAGES),
        "activities": _frame("activity_id rep_id lead_id kind happened_at minutes", ACTIVITIES),
        "tickets": _frame("ticket_id customer_id opened_at closed_at kind csat", TICKETS),
        "interventions": _frame("intervention_id customer_id started_at", INTERVENTIONS),
    }


def _frame(columns: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    names = columns.split()
    return pd.DataFrame({name: pd.Series([row[n] for row in rows], dtype=object) for n, name in enumerate(names)})


CUSTOMERS = [
    ("X1", "Edge Ltd", "East", "Pharma", "M", date(2026, 3, 1), "R001"),
    ("X2", "Hollow Ltd", None, None, None, date(2026, 3, 31), None),
    ("X3", "Today Ltd", "South", "Food", "S", date(2026, 10, 14), "R999"),
    ("X4", "Tomorrow Ltd", "South", "Food", "S", date(2026, 10, 15), "R002"),
    ("X5", "Ninety Days Ltd", "West", "Food", "L", date(2025, 1, 5), "R002"),
    ("X6", "Same Moment Ltd", "West", "Food", "L", date(2025, 1, 5), "R002"),
    ("X7", "Won Back Ltd", "West", "Food", "L", date(2025, 1, 5), "R002"),
]
CAMPAIGNS = [
    ("XC1", "For nobody in particular", "CH01", None),
    ("XC2", "Thirty days after", "CH01", "edge"),
    ("XC3", "Ahead of it", "CH02", "edge"),
]
ORDERS = [
    ("X01", 1, "X1", "R001", "PR01", "CH01", None, MARCH_BEGINS, 1000.01, 1100.00),
    ("X02", 1, "X1", "R001", "PR01", "CH04", None, MARCH_ENDS - A_MOMENT, 2000.02, 2100.00),
    ("X03", 1, "X1", "R001", "PR01", "CH01", None, MARCH_ENDS, 4000.04, 4100.00),
    ("X04", 1, None, None, None, None, None, MARCH, 300.00, 310.00),
    ("X04", 2, None, None, "PR02", None, None, MARCH, 310.00, 320.00),
    ("X05", 1, "X2", "R003", "PR02", "CH02", "XC1", MARCH, 500.00, None),
    ("X06", 1, "X2", "R003", "PR02", "CH02", "XC1", MARCH, None, 600.00),
    ("X07", 1, "NOBODY", "R999", "PR99", "CH99", "CP999", MARCH, 700.00, 710.00),
    ("X08", 1, "X1", "R001", "PR01", "CH01", None, MARCH, -500.00, -500.00),
    ("X09", 1, "X3", "R002", "PR01", "CH01", None, NOON, 900.00, 910.00),
    ("X10", 1, "X3", "R002", "PR01", "CH01", None, NOON + A_MOMENT, 9999.00, 9999.00),
    ("X11", 1, "X5", "R002", "PR03", "CH07", None, SPRING + NINETY_DAYS, 50.00, 50.00),
    ("X12", 1, "X6", "R002", "PR03", "CH07", None, SPRING, 50.00, 50.00),
    ("X13", 1, "X7", "R002", "PR03", "CH07", None, SPRING + NINETY_DAYS - A_MOMENT, 50.00, 50.00),
]
PAYMENTS = [
    ("X1", "X1", MARCH_BEGINS, 10.10),
    ("X2", "X2", MARCH_ENDS - A_MOMENT, 20.20),
    ("X3", None, MARCH, 30.30),
    ("X4", "NOBODY", MARCH, 40.40),
    ("X5", "X1", NOON + A_MOMENT, 9999.00),
]
SPEND = [
    (date(2026, 3, 1), "CH01", "XC1", 100.00),
    (date(2026, 3, 2), "CH03", None, 110.00),
    (date(2026, 3, 3), None, None, 120.00),
    (date(2026, 3, 4), "CH99", "CP999", 130.00),
    (date(2026, 3, 31), "CH01", "XC2", 140.00),
    (date(2026, 3, 1), "CH02", "XC3", 150.00),
    (date(2026, 3, 2), "CH02", "XC3", 160.00),
    (date(2026, 10, 14), "CH01", "XC1", 170.00),
    (date(2026, 10, 15), "CH01", "XC1", 9999.00),
]
LEDGER = [
    ("X1", date(2026, 3, 1), "marketing", None, 1000.01),
    ("X2", date(2026, 3, 1), "travel", "T99", 1000.03),
    ("X3", date(2026, 9, 1), "salaries", "T7", 1000.05),
    ("X4", date(2026, 10, 1), "salaries", "T1", 9999.00),
]
LEADS = [
    ("X1", MARCH_BEGINS, "lost", MARCH, MARCH + NINETY_DAYS, "R001", "East", "CH01"),
    ("X2", None, "converted", MARCH, None, "R001", "East", "CH01"),
    ("X3", MARCH_BEGINS, "open", None, MARCH, "R001", "East", "CH01"),
    ("X4", MARCH_BEGINS, "converted", None, None, "R001", "East", "CH01"),
    ("X5", SPRING, "converted", SPRING + NINETY_DAYS, None, "R001", "East", "CH01"),
    ("X6", SPRING, "converted", SPRING + NINETY_DAYS - A_MOMENT, None, "R001", "East", "CH01"),
    ("X7", SPRING, "converted", SPRING - A_MOMENT, None, "R001", "East", "CH01"),
    ("X8", SPRING, "converted", SPRING, None, None, None, None),
    ("X9", MARCH_ENDS, "open", None, None, "R999", "Nowhere", "CH99"),
    ("X10", MARCH_ENDS - A_MOMENT, "open", None, None, "R020", "East", "CH01"),
    ("X11", NOON + A_MOMENT, "open", None, None, "R001", "East", "CH01"),
    ("X12", MARCH, None, None, None, "R001", "East", "CH01"),
]
DEALS = [
    ("X1", "X1", "X1", "R001", "PR01", 1000.01, MARCH_BEGINS, MARCH_BEGINS, "won"),
    ("X2", "NO LEAD", "X2", "R999", "PR99", 2000.00, MARCH_BEGINS, MARCH, "won"),
    ("X3", None, None, None, None, 3000.00, MARCH_BEGINS, MARCH, "won"),
    ("X4", "X2", "X1", "R001", "PR01", None, MARCH_BEGINS, MARCH, "won"),
    ("X5", "X1", "X1", "R001", "PR01", 5000.00, MARCH_BEGINS, MARCH, "open"),
    ("X6", "X1", "X1", "R001", "PR01", 6000.00, MARCH_BEGINS, None, "open"),
    ("X7", "X1", "X1", "R001", "PR01", 7000.00, MARCH_BEGINS, None, "won"),
    ("X8", "X1", "X1", "R001", "PR01", 8000.00, MARCH_BEGINS, MARCH_ENDS, "lost"),
    ("X9", "X1", "X1", "R001", "PR01", 9000.00, MARCH_BEGINS, MARCH, None),
]
STAGES = [
    ("X5", None, "proposal", datetime(2025, 4, 10, 2, tzinfo=UTC)),
    ("X5", None, "proposal", datetime(2025, 6, 1, 2, tzinfo=UTC)),
    ("X5", None, "negotiation", datetime(2025, 6, 5, 2, tzinfo=UTC)),
    ("X6", None, "proposal", SPRING),
    ("X6", None, "won", SPRING + SIXTY_DAYS),
    ("X8", None, "proposal", SPRING),
    ("X8", None, "won", SPRING + SIXTY_DAYS - A_MOMENT),
    (None, "X2", "proposal", SPRING),
    (None, "X2", "negotiation", SPRING),
    ("X7", None, "negotiation", SPRING - A_MOMENT),
    ("X7", None, "proposal", SPRING),
    ("X7", None, "lost", SPRING + A_MOMENT),
]
ACTIVITIES = [
    ("X1", "R001", "X1", "call", MARCH_BEGINS, None),
    ("X2", "R001", "X1", "call", MARCH_ENDS - A_MOMENT, 7.5),
    ("X3", None, None, "meeting", MARCH, 30.0),
    ("X4", "R999", "NO LEAD", "meeting", MARCH, 45.0),
    ("X5", "R001", "X5", None, MARCH, 15.0),
    ("X6", "R001", "X1", "call", NOON + A_MOMENT, 999.0),
]
TICKETS = [
    ("X1", "X1", MARCH_BEGINS, MARCH_ENDS - A_MOMENT, "complaint", 1),
    ("X2", None, MARCH, MARCH + SIXTY_DAYS, "complaint", 5),
    ("X3", "NOBODY", MARCH, None, "complaint", None),
    ("X4", "X2", MARCH, MARCH, None, None),
    ("X5", "X2", None, MARCH, "return", 3),
]
INTERVENTIONS = [
    ("X1", "X5", SPRING),
    ("X2", "X6", SPRING),
    ("X3", "X7", SPRING),
    ("X4", "X7", SPRING - NINETY_DAYS),
    ("X5", None, SPRING),
]
