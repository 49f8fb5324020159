"""What every test may use: warehouses on three databases, the shared data, a small company."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from analytics.warehouse import Warehouse

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("LEADLINE_") and name != "LEADLINE_REQUIRE_SERVICES"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LEADLINE_HOME", str(tmp_path / "home"))


@pytest.fixture
def postgresql_prefix() -> Iterator[str]:
    """A schema prefix of this test's own; every schema under it is dropped afterwards."""
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        if os.environ.get("LEADLINE_REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(f"no PostgreSQL server answers: {error.orig}")
    prefix = f"leadline_{uuid.uuid4().hex[:10]}"
    try:
        yield prefix
    finally:
        with engine.begin() as connection:
            found = text("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE :mine")
            for name in connection.scalars(found, {"mine": f"{prefix}%"}).all():
                connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))
        engine.dispose()


@pytest.fixture(params=["duckdb", "sqlite", "postgresql"])
def open_warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Warehouse]]:
    """Opens the same warehouse again at each call, as another process would; once per database."""
    if request.param == "postgresql":
        url, prefix = POSTGRESQL, request.getfixturevalue("postgresql_prefix")
    else:
        url, prefix = f"{request.param}:///{tmp_path}/warehouse.{request.param}", "leadline"
    opened: list[Warehouse] = []

    def open_one() -> Warehouse:
        opened.append(Warehouse.open(url, schema_prefix=prefix))
        return opened[-1]

    yield open_one
    for warehouse in opened:
        warehouse.close()


@pytest.fixture
def shared_data() -> Path:
    """The real data beside the project; skips where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared data is not beside the project")
    return SHARED / "data"


@pytest.fixture
def corpora() -> Path:
    """The hostile strings beside the project; skips where they are absent."""
    if not (SHARED / "corpora").is_dir():
        pytest.skip("the corpora are not beside the project")
    return SHARED / "corpora"


@pytest.fixture
def small_company(tmp_path: Path) -> Warehouse:
    """A company one can hold in one's head."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path}/home/warehouse.duckdb")
    fill_small_company(warehouse)
    return warehouse


@pytest.fixture
def fill_company() -> Callable[[Warehouse], None]:
    """Fills any warehouse with that company."""
    return fill_small_company


def fill_small_company(warehouse: Warehouse, source: str = "crm") -> None:
    """Two teams under one regional manager, one manager each; Anna's leads are L1-L8, Bo's B1, Chen's C1.

    Noon of Monday 23 November 2026 in Shanghai is its newest moment. L1 is best by value per hour; L3 is do-not-contact,
    L4's customer is, L5 was called this morning, L6 is lost, L7 came after the scoring, L8 will be created tomorrow.
    """
    import pandas as pd

    def at(day: int, hour: int = 2) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=UTC)

    people = [
        ("P1", "anna@x.example", "U1", "Anna Ash", "rep", "R1"),
        ("P2", "bo@x.example", "U2", "张伟", "rep", "R2"),
        ("P3", "chen@x.example", "U3", "陈静", "rep", "R3"),
        ("P4", "mia@x.example", "U4", "Mia Moor", "manager", "M1"),
        ("P5", "ned@x.example", "U5", "Ned North", "manager", "M2"),
        ("P6", "rita@x.example", "U6", "Rita Region", "manager", "M3"),
        ("P7", "eve@x.example", "U7", "Eve Exec", "exec", None),
        ("P8", "tom@x.example", "U8", "Tom Trainee", "trainee", None),
        ("P9", "gone@x.example", "U9", "Gone Girl", "rep", "R9"),
        ("P10", "anna2@x.example", "U10", "Anna Ash", "admin", None),
    ]
    reps = [
        ("R1", "Anna Ash", "T1"), ("R2", "张伟", "T1"), ("R3", "陈静", "T2"),
        ("M1", "Mia Moor", None), ("M2", "Ned North", None), ("M3", "Rita Region", None),
    ]  # fmt: skip
    leads = [
        ("L1", "R1", "苏州恒瑞", "open", 1, None, False, None, "+86 1"),
        ("L2", "R1", "Harbor <!channel> & *Tools*", "open", 2, None, False, None, "+86 2"),
        ("L3", "R1", "Never Call Ltd", "open", 3, None, True, None, "+86 3"),
        ("L4", "R1", "Never Call Group", "open", 4, None, False, "K1", "+86 4"),
        ("L5", "R1", "Called Today Ltd", "open", 5, None, False, None, "+86 5"),
        ("L6", "R1", "Lost Ltd", "lost", 6, 10, False, None, "+86 6"),
        ("L7", "R1", "New Ltd", "open", 22, None, None, None, None),
        ("L8", "R1", "Tomorrow Ltd", "open", 24, None, False, None, "+86 8"),
        ("B1", "R2", "Bo's Ltd", "open", 1, None, False, None, "+86 9"),
        ("C1", "R3", "Chen's Ltd", "open", 1, None, False, None, "+86 10"),
        ("U1", None, "Nobody's Ltd", "open", 1, None, False, None, "+86 11"),
    ]
    activities = [
        ("A1", "R1", "L1", "call", at(20), "reached"),
        ("A2", "R1", "L5", "call", at(23, 1), "no_answer"),
        ("A3", "R1", "L2", "call", at(22, 15), "no_answer"),
        ("A4", "R1", "L1", "event", at(23, 1), "done"),
        ("A5", "R1", "L1", "call", at(25), "declined"),
    ]
    scored = {"L1": (0.4, 1000.0, 60.0), "L2": (0.6, 1000.0, 120.0), "L3": (0.9, 9000.0, 60.0), "L4": (0.9, 9000.0, 60.0),
              "L5": (0.9, 9000.0, 60.0), "B1": (0.5, 1000.0, 60.0), "C1": (0.5, 1000.0, 60.0), "U1": (0.9, 9000.0, 60.0)}  # fmt: skip
    reasons = [
        {"feature": "base", "value": None, "contribution": -1.0},
        {"feature": "asked_for_quote", "value": 1, "contribution": 0.8},
        {"feature": "industry", "value": "Pharma 4.0", "contribution": -0.3},
    ]
    predictions = [
        {"model_id": model, "version": "crm-1", "subject_kind": "lead", "subject_id": lead, "as_of": at(21), "value": value,
         "reasons": reasons}
        for lead, values in scored.items()
        for model, value in zip(("lead_score", "lead_worth", "lead_minutes"), values, strict=True)
    ]  # fmt: skip
    verdict = {"used": True, "why": {"code": "beats_baseline"}, "tested": 300, "baseline_auc": 0.61,
               "auc": {"value": 0.77, "low": 0.7, "high": 0.8}}  # fmt: skip
    with warehouse.load(source, at(23, 4)) as load:
        load.put("company", pd.DataFrame([{"name": "Small", "currency": "CNY", "timezone": "Asia/Shanghai"}]))
        columns = ["person_id", "email", "slack_user_id", "name", "role", "rep_id"]
        load.put("people", pd.DataFrame(people, columns=columns).assign(active=[row[0] != "P9" for row in people]))
        load.put("reps", pd.DataFrame(reps, columns=["rep_id", "name", "team_id"]).assign(active=True))
        teams = [("T1", "M1", "T3"), ("T2", "M2", "T3"), ("T3", "M3", None)]
        load.put("teams", pd.DataFrame(teams, columns=["team_id", "manager_rep_id", "parent_team_id"]))
        load.put("customers", pd.DataFrame([{"customer_id": "K1", "do_not_contact": True}]))
        load.put("leads", pd.DataFrame([
            {"lead_id": lead, "owner_rep_id": owner, "company": company, "status": status, "created_at": at(created),
             "lost_at": None if lost is None else at(lost), "do_not_contact": barred, "customer_id": customer, "phone": phone,
             "contact_name": "Ms Liu", "crm_url": f"https://crm.example/{lead}"}
            for lead, owner, company, status, created, lost, barred, customer, phone in leads
        ]))  # fmt: skip
        columns = ["activity_id", "rep_id", "lead_id", "kind", "happened_at", "outcome"]
        load.put("activities", pd.DataFrame(activities, columns=columns))
        load.keep("predictions", pd.DataFrame(predictions))
        load.keep("models", pd.DataFrame([
            {"model_id": model, "version": "crm-1", "trained_at": at(21), "used": True, "verdict": verdict}
            for model in ("lead_score", "lead_worth", "lead_minutes")
        ]))  # fmt: skip
