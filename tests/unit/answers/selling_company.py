"""A selling company one can hold in one's head, and plans to ask it with: four reps in three teams, whose figures tell whose rows they hold.

Anna (R1) and 张伟 (R2) are team T1 under Mia (M1); 陈静 (R3) is T2 and Dan (R4), who was in T1 until July, T3, both under
Ned (M2). Rita (M3) holds East, the region above T1 and T2. Today is Monday 23 November 2026 in Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import insert

from analytics.warehouse import Warehouse
from analytics.warehouse.tables import KEPT
from assistant.desk import Desk
from assistant.question import Answer, Language, Question
from assistant.slack.limits import check_message

TODAY = date(2026, 11, 23)
MONTHS = ("2025-10", "2026-01", "2026-08", "2026-09", "2026-10", "2026-11")
SALES: dict[str, tuple[int, ...]] = {  # one order a month and rep, in units
    "R1": (2, 1, 3, 5, 4, 1),
    "R2": (1, 2, 2, 1, 5, 2),
    "R3": (3, 3, 1, 2, 6, 3),
    "R4": (1, 4, 2, 3, 7, 1),
}
TOLD_APART = {"R1": 1, "R2": 10**3, "R3": 10**6, "R4": 10**9}  # a figure's digits say whose rows it holds
PLAIN = dict.fromkeys(TOLD_APART, 10_000)
CUSTOMERS = [
    ("C1", "恒瑞汽车", "R1", "East", "Automotive", "L"),
    ("C2", "Harbor Pharma", "R2", "East", "Pharma", "M"),
    ("C3", "Delta_100% Motors", "R3", "East", "Automotive", "S"),
    ("C4", "West Pharma", "R4", "West", "Pharma", "XL"),
]


def days(start: str, end: str, grain: str | None = "month", count: int = 1, **more: Any) -> dict[str, Any]:
    """A period as a plan writes it."""
    return {"start": start, "end": end, "label": "as asked", "grain": grain, "count": count, **more}


OCTOBER, AUTUMN = days("2026-10-01", "2026-11-01"), days("2026-08-01", "2026-11-01", count=3)


def plan(*kpis: str, **more: Any) -> dict[str, Any]:
    """What a button carries; of revenue in October unless told otherwise."""
    return {"kind": "kpi", "kpis": list(kpis) or ["revenue"], "period": OCTOBER, **more}


def only(name: str, *values: Any, op: str = "in") -> dict[str, Any]:
    """One filter of a plan."""
    return {"name": name, "op": op, "values": list(values)}


def ask(desk: Desk, as_: str, asked: Any, **more: Any) -> Answer:
    """The answer to words, or to what a button carries."""
    asker = desk.asker(as_)
    given = {"text": asked} if isinstance(asked, str) else {"text": "", "plan": asked}
    return desk.answer(Question(asker=asker, clock=desk.clock(asker, TODAY), asked_as=as_, **(given | more)))


def sound(desk: Desk, asked: Any, language: Language | None = Language.EN, as_: str = "exec:P8") -> Answer:
    """The answer, sound in itself whatever it says."""
    answer = ask(desk, as_, asked, language=language)
    assert answer.headline
    assert answer.reading
    assert check_message(answer.headline, answer.blocks) is None
    return answer


def denied(answer: Answer) -> str:
    """The reason of a refusal that shows nothing."""
    assert answer.route == "refuse", answer.text
    assert answer.figures == answer.items == []
    assert answer.pictures == ()
    assert answer.evidence["sql"] == []
    return str(answer.plan["reason"])


def whose(value: float | None) -> set[str]:
    """The reps whose rows a figure of the company told apart holds."""
    digits = f"{round(value or 0):012d}"
    return {rep for place, rep in enumerate(("R4", "R3", "R2", "R1")) if int(digits[place * 3 : place * 3 + 3])}


def holds(answer: Answer) -> set[str]:
    """The reps whose rows are in the figures of an answer, those compared with and targets among them."""
    found: set[str] = set()
    for figure in answer.figures:
        compared = figure["compared_with"] or {}
        for value in (figure["value"], compared.get("value"), figure["target"]):
            found |= whose(value)
    return found


def amount(rep: str, month: str, unit: Mapping[str, int] = PLAIN) -> int:
    """What a rep's order of a month came to."""
    return SALES[rep][MONTHS.index(month)] * unit[rep]


def fill(warehouse: Warehouse, unit: Mapping[str, int]) -> None:
    """Load it."""
    tables = {**_people(), **_selling(unit), **_spending()}
    with warehouse.load("erp", datetime(2026, 11, 22, 16, tzinfo=UTC)) as load:
        for name, rows in tables.items():
            load.put(name, pd.DataFrame(rows))


def keep(warehouse: Warehouse, table: str, *rows: Mapping[str, Any]) -> None:
    """Write rows of a kept table."""
    with warehouse.kept() as connection:
        for row in rows:
            connection.execute(insert(KEPT.tables[f"kept.{table}"]).values(source="plan", **row))


def target(
    value: float,
    start: str,
    kind: str = "month",
    scope: str = "company",
    key: str = "",
    kpi: str = "revenue",
    **more: Any,
) -> dict[str, Any]:
    """One target; absolute unless `basis` says otherwise."""
    return {
        "kpi": kpi, "scope_kind": scope, "scope_id": key, "period_kind": kind, "period_start": date.fromisoformat(start),
        "value": value, "basis": "absolute", **more,
    }  # fmt: skip


def _people() -> dict[str, list[dict[str, Any]]]:
    people = [
        ("P1", "Anna Ash", "rep", "R1"), ("P2", "张伟", "rep", "R2"), ("P3", "陈静", "rep", "R3"), ("P4", "Dan Dow", "rep", "R4"),
        ("P5", "Mia Moor", "manager", "M1"), ("P6", "Ned North", "manager", "M2"), ("P7", "Rita Region", "manager", "M3"),
        ("P8", "Eve Exec", "exec", None), ("P9", "Ada Admin", "admin", None), ("P10", "Tom Trainee", "trainee", None),
        ("P11", "Max Manager", "manager", None),
    ]  # fmt: skip
    teams = [
        ("T1", "East 1", "East", "M1", "T9"), ("T2", "East 2", "East", "M2", "T9"), ("T3", "West 1", "West", "M2", None),
        ("T9", "East", "East", "M3", None),
    ]  # fmt: skip
    reps = [("R1", "Anna Ash", "T1"), ("R2", "张伟", "T1"), ("R3", "陈静", "T2"), ("R4", "Dan Dow", "T3"),
            ("M1", "Mia Moor", None), ("M2", "Ned North", None), ("M3", "Rita Region", None)]  # fmt: skip
    history = [("R1", "T1", None, None), ("R2", "T1", None, None), ("R3", "T2", None, None),
               ("R4", "T1", date(2025, 1, 1), date(2026, 7, 1)), ("R4", "T3", date(2026, 7, 1), None)]  # fmt: skip
    company = {"name": "Lark", "currency": "CNY", "timezone": "Asia/Shanghai", "fiscal_year_start": 1}
    return {
        "company": [company],
        "people": [dict(zip(("person_id", "name", "role", "rep_id"), row, strict=True), active=True) for row in people],
        "teams": [dict(zip(("team_id", "name", "region", "manager_rep_id", "parent_team_id"), row, strict=True)) for row in teams],
        "reps": [dict(zip(("rep_id", "name", "team_id"), row, strict=True), active=True) for row in reps],
        "rep_teams": [dict(zip(("rep_id", "team_id", "from_on", "to_on"), row, strict=True)) for row in history],
        "customers": [
            dict(zip(("customer_id", "name", "owner_rep_id", "region", "industry", "size_band"), row, strict=True),
                 first_order_on=date(2025, 10, 5))
            for row in CUSTOMERS
        ],
    }  # fmt: skip


def _selling(unit: Mapping[str, int]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in ("orders", "opportunities", "activities", "leads")}
    for number, rep in enumerate(SALES, start=1):
        for month in MONTHS:
            at, worth = datetime.fromisoformat(f"{month}-05T02:00:00+00:00"), amount(rep, month, unit)
            found["orders"].append({
                "order_id": f"O-{rep}-{month}", "line_no": 1, "customer_id": f"C{number}", "rep_id": rep,
                "channel_id": "CH1" if number % 2 else "CH2", "campaign_id": "K1" if number % 2 else None,
                "product_id": "PR1", "ordered_at": at, "quantity": 1, "list_amount": worth * 5 // 4, "amount": worth,
                "cost_of_goods": worth / 2,
            })  # fmt: skip
            found["opportunities"].append({
                "opportunity_id": f"D-{rep}-{month}", "name": f"Deal of {rep}", "customer_id": f"C{number}", "owner_rep_id": rep,
                "product_id": "PR1", "stage": "won", "amount": worth, "created_at": at, "closed_at": at, "outcome": "won",
            })  # fmt: skip
            found["activities"].append({
                "activity_id": f"A-{rep}-{month}", "rep_id": rep, "customer_id": f"C{number}", "kind": "call", "happened_at": at,
                "minutes": 60.0 * number,
            })  # fmt: skip
            found["leads"].append({
                "lead_id": f"L-{rep}-{month}", "owner_rep_id": rep, "company": f"Lead of {rep}", "channel_id": "CH1",
                "region": CUSTOMERS[number - 1][3], "industry": "Pharma", "created_at": at, "status": "converted",
                "converted_at": at if number % 2 else None, "lost_at": None if number % 2 else at,
            })  # fmt: skip
    found["products"] = [{"product_id": "PR1", "name": "X500", "category": "Sensors"}]
    return found


def _spending() -> dict[str, list[dict[str, Any]]]:
    ledger = [
        {"entry_id": f"{month}-{team}-{pool}", "month": date.fromisoformat(f"{month}-01"), "cost_pool": pool, "team_id": team,
         "amount": 100 * place + 1000 * MONTHS.index(month) + (500 if pool == "marketing" else 0)}
        for month in MONTHS[:-1] for place, team in enumerate(("T1", "T2", "T3"), start=1) for pool in ("salaries", "marketing")
    ]  # fmt: skip
    return {
        "channels": [{"channel_id": "CH1", "name": "Search 搜索", "kind": "paid"}, {"channel_id": "CH2", "name": "Direct", "kind": "organic"}],
        "campaigns": [{"campaign_id": "K1", "name": "Autumn 2026", "channel_id": "CH1", "audience": "auto"}],
        "marketing_spend": [
            {"day": date.fromisoformat(f"{month}-03"), "channel_id": "CH1", "campaign_id": "K1", "amount": 20_000}
            for month in MONTHS
        ],
        "cost_ledger": ledger,
    }  # fmt: skip
