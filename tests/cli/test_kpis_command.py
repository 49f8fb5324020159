"""`leadline kpis`: the list, one KPI with its SQL, the check of files, and files of one's own that can then be asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.semantic import read_model
from analytics.semantic.read import BUILT_IN
from analytics.warehouse import Warehouse
from assistant.kpi_files import check_kpis
from assistant.settings import Settings

MODEL = read_model()
TODAY = {"LEADLINE_TODAY": "2026-11-23"}


def leadline(*words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "assistant.cli", *words], input=given, capture_output=True, encoding="utf-8", timeout=100,
        env={**os.environ, **TODAY, **environment}, check=False,
    )  # fmt: skip


def told(run: subprocess.CompletedProcess[str]) -> str:
    """What a wrong command line was answered with: nothing on standard output, no traceback."""
    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    return run.stderr


@pytest.fixture
def selling(small_company: Warehouse) -> Warehouse:
    """The small company with three orders of October and the spend on their channel."""
    at = datetime(2026, 10, 5, 2, tzinfo=UTC)
    orders = [{"order_id": f"O{n}", "line_no": 1, "rep_id": "R1", "channel_id": "CH1", "ordered_at": at, "amount": amount}
              for n, amount in enumerate((100_000, 60_000, 20_000))]  # fmt: skip
    with small_company.load("erp", at) as load:
        load.put("orders", pd.DataFrame(orders))
        load.put("channels", pd.DataFrame([{"channel_id": "CH1", "name": "Search", "kind": "paid"}]))
        load.put(
            "marketing_spend",
            pd.DataFrame([{"day": at.date(), "channel_id": "CH1", "campaign_id": "K", "amount": 45_000}]),
        )
    return small_company


@pytest.fixture
def own_files(tmp_path: Path) -> Path:
    """Revenue by another name and large orders only; and a KPI that is not built in."""
    folder = tmp_path / "kpis"
    folder.mkdir()
    revenue = (BUILT_IN / "revenue.yaml").read_text("utf-8")
    larger = "{table: orders, sum: amount, where: {amount: {at_least: 50000}}}"
    overridden = revenue.replace("version: 1", "version: 2").replace("{table: orders, sum: amount}", larger)
    (folder / "revenue.yaml").write_text(overridden, "utf-8")
    (folder / "big_orders.yaml").write_text(_BIG_ORDERS, "utf-8")
    return folder


_BIG_ORDERS = """\
id: big_orders
version: 1
owner: sales
names: {en: big orders, zh: 大额订单数}
definition: {en: Order lines of 50000 or more., zh: 金额不低于五万的订单行数。}
type: simple
measures:
  placed: {table: orders, count: rows, where: {amount: {at_least: 50000}}}
value: placed
unit: count
good: up
additive: {over_time: true, over: all}
dimensions: [rep, channel]
rhythm: month
missing: zero
access: {rep: own, manager: teams, exec: all, open: true}
questions:
  - {en: big orders last month, zh: 上个月的大额订单数, plan: {kpis: [big_orders], period: last month}}
"""


# --- the list


def test_the_list_names_every_kpi_before_anything_is_loaded() -> None:
    run = leadline("kpis")
    assert (run.returncode, run.stderr) == (0, "")
    assert "\x1b[" not in run.stdout
    assert len(run.stdout.splitlines()) >= len(MODEL.kpis)
    assert "needs" not in run.stdout
    for words in ("marketing_roi", "marketing ROI", "营销投资回报率"):
        assert words in run.stdout


def test_in_a_pipe_each_kpi_has_a_line_that_says_what_the_company_lacks(selling: Warehouse) -> None:
    lines = {line.split()[0]: line for line in leadline("kpis").stdout.splitlines() if line.strip()}
    assert lines.keys() >= MODEL.kpis.keys()
    assert "needs tickets" in lines["csat"]
    assert "needs" not in lines["revenue"]


def test_the_list_for_programs(selling: Warehouse) -> None:
    found = {entry["id"]: entry for entry in json.loads(leadline("kpis", "--json").stdout)}
    assert list(found) == sorted(MODEL.kpis)
    assert found["revenue"]["needs"] == found["marketing_roi"]["needs"] == []
    assert found["csat"]["needs"] == ["tickets"]
    assert found["revenue"] | {"needs": 0} == {
        "id": "revenue", "names": {"en": "revenue", "zh": "销售额"}, "definition": MODEL.kpis["revenue"].definition.model_dump(), "unit": "money",
        "good": "up", "version": 1, "needs": 0,
    }  # fmt: skip


def test_without_data_nobody_knows_what_is_lacking() -> None:
    assert {entry["needs"] for entry in json.loads(leadline("kpis", "--json").stdout)} == {None}


# --- one


def test_one_kpi_in_full_with_its_figure_and_sql(selling: Warehouse) -> None:
    run = leadline("kpis", "marketing_roi")
    assert (run.returncode, run.stderr) == (0, "")
    shown = " ".join(run.stdout.split())
    kpi = MODEL.kpis["marketing_roi"]
    for words in (
        kpi.definition.en,
        "returned / spent",
        "rep none, manager company",
        "ROMI",
        "marketing-mix",
        "orders.channel_id",
        "Oct 2026: 4.00",
    ):
        assert words in shown
    assert kpi.definition.zh in shown.replace(" ", "")
    assert "FROM" in run.stdout
    assert "'2026-09-30 16:00:00'" in run.stdout  # October begins in Shanghai


def test_one_kpi_for_programs(selling: Warehouse) -> None:
    found = json.loads(leadline("kpis", "marketing_roi", "--json").stdout)
    assert (found["id"], found["value"], found["unit"], found["version"]) == (
        "marketing_roi",
        "returned / spent",
        "ratio",
        1,
    )
    assert found["access"]["manager"] == "company"
    assert len(found["sql"]) >= 2
    assert all(statement.startswith(("SELECT", "WITH")) for statement in found["sql"])


def test_a_kpi_that_cannot_be_computed_here_says_what_it_needs(selling: Warehouse) -> None:
    run = leadline("kpis", "csat")
    assert run.returncode == 0
    assert "needs tickets" in run.stdout
    assert "SQL" not in run.stdout


def test_before_anything_is_loaded_the_definition_is_shown_without_sql() -> None:
    run = leadline("kpis", "revenue")
    assert run.returncode == 0
    assert "Nothing is loaded yet" in run.stdout
    assert "SELECT" not in run.stdout


@pytest.mark.parametrize(
    ("word", "near"), [("marketing_rio", "Close: marketing_roi"), ("[bold]'; DROP TABLE orders", "")]
)
def test_an_unknown_id_is_answered_with_near_ones(word: str, near: str) -> None:
    sentence = told(leadline("kpis", word))
    assert "There is no KPI" in sentence
    assert near in sentence
    assert word in sentence


# --- the check


def test_sound_files_are_ok(own_files: Path) -> None:
    assert leadline("kpis", "check", str(own_files)).stdout.startswith(f"ok {len(MODEL.kpis) + 1} KPIs")
    assert leadline("kpis", "check", LEADLINE_KPI_DIR=str(own_files)).stdout.startswith(
        f"ok {len(MODEL.kpis) + 1} KPIs"
    )


def test_each_mistake_is_named_with_its_file_and_line(own_files: Path) -> None:
    file = own_files / "big_orders.yaml"
    file.write_text(
        _BIG_ORDERS.replace("unit: count", "unit: cash").replace(
            "dimensions: [rep, channel]", "dimensions: [rep, planet]"
        ),
        "utf-8",
    )
    broken = own_files / "revenue.yaml"
    broken.write_text("id: revenue\nnames: [", "utf-8")
    lines = told(leadline("kpis", "check", str(own_files))).splitlines()
    assert any(line.startswith(f"{file}:10: ") and "cash" in line for line in lines)
    assert any(line.startswith(f"{broken}:") for line in lines)
    assert all(line.startswith(f"{own_files}/") for line in lines)


@pytest.mark.parametrize("mistake", [("good: up", "good: better"), ("table: orders", "table: odrers"), ("at_least: 50000", "at_least: many"), ("rep: own", "rep: everything")])  # fmt: skip
def test_one_mistake_is_told_in_its_line(
    own_files: Path, mistake: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = own_files / "big_orders.yaml"
    file.write_text(_BIG_ORDERS.replace(*mistake), "utf-8")
    line = next(number for number, text in enumerate(_BIG_ORDERS.splitlines(), start=1) if mistake[0] in text)
    assert check_kpis(own_files, Settings()) == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"{file}:{line}: ")
    assert "function-after" not in sentence


@pytest.mark.parametrize("place", ["/nowhere/at/all", "."])
def test_a_place_without_kpi_files_is_told(tmp_path: Path, place: str) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "folder" in told(leadline("kpis", "check", str(empty) if place == "." else place))


@pytest.mark.parametrize("words", [("kpis",), ("kpis", "revenue"), ("ask", "--as", "rep:R1", "revenue")])
def test_broken_files_of_one_s_own_stop_every_command_with_their_line(
    small_company: Warehouse, own_files: Path, words: tuple[str, ...]
) -> None:
    file = own_files / "big_orders.yaml"
    file.write_text(_BIG_ORDERS.replace("unit: count", "unit: cash"), "utf-8")
    assert f"{file}:10: " in told(leadline(*words, LEADLINE_KPI_DIR=str(own_files)))


def test_the_doctor_sees_broken_files(small_company: Warehouse, own_files: Path) -> None:
    (own_files / "big_orders.yaml").write_text(_BIG_ORDERS.replace("unit: count", "unit: cash"), "utf-8")
    assert leadline("doctor", "--json").returncode == 0
    assert leadline("doctor", "--json", LEADLINE_KPI_DIR=str(own_files)).returncode == 1


# --- files of one's own


def asked(folder: Path, *questions: tuple[str, str]) -> list[dict[str, Any]]:
    """The answers to (who asks, what), one a line."""
    lines = [json.dumps({"as": as_, "question": question}) for as_, question in questions]
    run = leadline("ask", "--json", "-", given="\n".join(lines), LEADLINE_KPI_DIR=str(folder))
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_an_added_kpi_can_be_asked_for_at_once_in_three_languages(selling: Warehouse, own_files: Path) -> None:
    words = ("big orders last month", "上个月的大额订单数", "上個月的大額訂單數")
    answers = asked(own_files, *((as_, question) for as_ in ("exec:P7", "rep:R1", "rep:R2") for question in words))
    assert {answer["route"] for answer in answers} == {"kpi"}
    assert [answer["language"] for answer in answers] == ["en", "zh-Hans", "zh-Hant"] * 3
    assert [answer["figures"][0]["value"] for answer in answers] == [2, 2, 2, 2, 2, 2, 0, 0, 0]


def test_a_file_of_the_same_name_stands_in_place_of_the_built_in_one(selling: Warehouse, own_files: Path) -> None:
    (answer,) = asked(own_files, ("exec:P7", "上个月的销售额"))
    assert answer["figures"][0]["value"] == 160_000
    assert answer["evidence"]["kpis"]["revenue"]["version"] == 2
    listed = json.loads(leadline("kpis", "--json", LEADLINE_KPI_DIR=str(own_files)).stdout)
    assert [entry["version"] for entry in listed if entry["id"] == "revenue"] == [2]
    assert "big_orders" in {entry["id"] for entry in listed}
    assert "at_least" in leadline("kpis", "revenue", LEADLINE_KPI_DIR=str(own_files)).stdout


def test_what_an_added_kpi_means_is_told_in_both_languages(selling: Warehouse, own_files: Path) -> None:
    english, chinese = asked(own_files, ("trainee:P8", "what is big orders"), ("trainee:P8", "什么是大额订单数"))
    assert "Order lines of 50000 or more." in english["text"]
    assert "金额不低于五万的订单行数" in chinese["text"]


def test_the_command_has_help_with_an_example() -> None:
    run = leadline("kpis", "--help")
    assert run.returncode == 0
    assert "Example: leadline kpis marketing_roi" in run.stdout
