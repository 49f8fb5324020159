"""`leadline close-month`, `baseline`, `yardsticks`: the books from the command line, by those who may keep them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analytics.warehouse import Warehouse

pytestmark = pytest.mark.usefixtures("selling")


@pytest.fixture
def selling(small_company: Warehouse) -> None:
    """The small company with three orders of October."""
    at = datetime(2026, 10, 5, 2, tzinfo=UTC)
    rows = [{"order_id": f"O{n}", "line_no": 1, "rep_id": "R1", "ordered_at": at, "amount": amount}
            for n, amount in enumerate((100_000, 60_000, 20_000))]  # fmt: skip
    with small_company.load("erp", at) as load:
        load.put("orders", pd.DataFrame(rows))
    small_company.close()


def leadline(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "assistant.cli", *words], capture_output=True, encoding="utf-8", timeout=100,
        env={**os.environ, "LEADLINE_TODAY": "2026-11-23"}, check=False,
    )  # fmt: skip


def done(*words: str) -> str:
    run = leadline(*words)
    assert run.returncode == 0, run.stderr + run.stdout
    return run.stdout


def refused(*words: str) -> str:
    """What a command that could not be done was answered with."""
    run = leadline(*words)
    assert run.returncode == 2, run.stdout
    assert "Traceback" not in run.stderr
    return run.stderr + run.stdout


def test_a_month_is_closed_reopened_and_listed_from_the_command_line() -> None:
    assert "Oct 2026 is closed" in done("close-month", "2026-10", "--as", "exec:P7")
    assert "closed already" in refused("close-month", "2026-10", "--as", "exec:P7")
    assert "executives and admins only" in refused("close-month", "2026-09", "--as", "manager:M1")
    assert "late orders" in done("close-month", "2026-10", "--as", "exec:P7", "--reopen", "late orders")
    listed = json.loads(done("close-month", "--as", "exec:P7", "--json"))
    assert [(item["month"], item["closed_by"], item["reason"]) for item in listed["items"]] == [
        ("2026-10", "Eve Exec", "late orders")
    ]


def test_a_baseline_is_taken_from_the_data_with_its_reason_and_listed() -> None:
    of_october = ("--kpi", "revenue", "--period", "2026-10", "--as", "exec:P7")
    assert "Say why" in refused("baseline", "recalibrate", *of_october)
    made = json.loads(done("baseline", "recalibrate", *of_october, "--note", "New price list 新价目表", "--json"))
    assert (made["value"], made["recorded_by"], made["note"]) == (180_000, "P7", "New price list 新价目表")
    assert json.loads(done("baseline", "list", "--kpi", "revenue", "--json")) == [made]
    assert "New price list" in done("baseline", "list")
    assert "only" in refused("baseline", "recalibrate", *of_october[:4], "--as", "manager:M1", "--note", "x")


def test_targets_come_from_a_file_or_each_fault_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "targets.csv"
    file.write_text(
        "kpi,period_kind,period_start,value\nrevenue,month,2026-10-01,200000\nwin_rate,month,2026-10-01,38\n"
    )
    assert "line 3: win_rate is a share; write 0.25 or 25%, not 38" in refused(
        "yardsticks", "targets", str(file), "--as", "exec:P7"
    )
    file.write_text("kpi,period_kind,period_start,value\nrevenue,month,2026-10-01,200000\n")
    done("yardsticks", "targets", str(file), "--as", "exec:P7")
    answer = json.loads(done("ask", "--as", "exec:P7", "--json", "revenue last month"))
    assert [(figure["value"], figure["target"]) for figure in answer["figures"]] == [(180_000, 200_000)]
