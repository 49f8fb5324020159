"""The command line as people and programs use it: exit codes, one answer a line, no traceback ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from sqlalchemy import update

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.store import Store, subscriptions
from assistant.store.tables import SubscriptionRow

ASK = "which leads should I call today"
TODAY = ("--today", "2026-11-23")


def leadline(*words: str, given: str | bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    given = given.encode() if isinstance(given, str) else given
    return subprocess.run(
        [sys.executable, "-P", "-m", "assistant.cli", *words],
        input=given,
        capture_output=True,
        timeout=100,
        env={**os.environ, **environment},
        check=False,
    )


def answers(run: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_one_question_in_words(small_company: Warehouse) -> None:
    run = leadline("ask", "--as", "rep:R1", *TODAY, ASK)
    assert (run.returncode, run.stderr) == (0, b"")
    assert "3 to call today, Mon 23 Nov" in run.stdout.decode()
    assert "\x1b[" not in run.stdout.decode()


def test_one_question_as_json(small_company: Warehouse) -> None:
    run = leadline("ask", "--json", "--as", "anna@x.example", *TODAY, ASK)
    assert answers(run)[0]["route"] == "leads"


@pytest.mark.parametrize("who", ["rep:R1", "rep:P1", "R1", "P1", "anna@x.example", "ANNA@x.example", "张伟"])
def test_people_are_named_by_role_and_id_by_id_by_email_or_by_exact_name(small_company: Warehouse, who: str) -> None:
    assert answers(leadline("ask", "--json", "--as", who, *TODAY, ASK))[0]["asker"]["role"] == "rep"


def test_one_answer_a_line_plain_or_as_an_object(small_company: Warehouse) -> None:
    lines = [
        ASK,
        json.dumps({"question": "今天該打給哪些名單", "as": "rep:R2"}),
        json.dumps({"question": ASK, "lang": "zh-Hant", "today": "2026-11-08", "thread": "t1"}),
        json.dumps({"question": ASK, "as": "rep:nobody"}),
        json.dumps({"question": ASK, "today": "tomorrow"}),
        json.dumps({"question": ASK, "lang": "fr"}),
        json.dumps({"question": 5}),
        json.dumps({"question": None}),
        '{"question": broken',
        "[1, 2]",
        "",
        "help",
    ]
    run = leadline("ask", "--json", "-", "--as", "rep:R1", *TODAY, given="\n".join(lines) + "\n")
    found = answers(run)
    assert run.returncode == 0
    assert [(answer["route"], answer["plan"].get("reason")) for answer in found] == [
        ("leads", None), ("leads", None), ("leads", None), ("refuse", "unknown_asker"), ("refuse", "bad_line"),
        ("refuse", "bad_line"), ("refuse", "bad_line"), ("refuse", "empty"), ("refuse", "not_understood"),
        ("refuse", "no_words"), ("refuse", "empty"), ("help", None),
    ]  # fmt: skip
    assert found[1]["asker"]["id"] == "R2"
    assert found[1]["language"] == found[2]["language"] == "zh-Hant"
    assert found[2]["plan"]["day"]["start"] == "2026-11-08"


@pytest.mark.parametrize(
    "question",
    ["", " ", "x" * 10_000, "線" * 10_000, "\x01\x02\x1b[31mred", "\u202e\u2066leads", "'; DROP TABLE leads;--"],
)
def test_strange_questions_get_clear_answers(small_company: Warehouse, question: str) -> None:
    run = leadline("ask", "--json", "--as", "rep:R1", *TODAY, question)
    assert run.returncode == 0
    assert answers(run)[0]["route"] in ("refuse", "clarify", "leads")
    assert answers(run)[0]["text"]


def test_bytes_that_are_no_text_are_answered(small_company: Warehouse) -> None:
    run = leadline(
        "ask", "--json", "-", "--as", "rep:R1", *TODAY, given=b"\xff\xfe\x00leads\x80\n\xed\xa0\x80\n" + b"\xf0" * 5000
    )
    assert (run.returncode, len(answers(run))) == (0, 3)


def test_every_hostile_string_gets_an_answer(small_company: Warehouse, corpora: Path) -> None:
    texts: list[str] = []
    for name in ("blns", "sqli", "ssti", "csv_formula", "prompt_injection", "slack_mrkdwn_injection"):
        for entry in json.loads((corpora / f"{name}.json").read_text("utf-8")):
            texts.append(entry if isinstance(entry, str) else entry["text"])
    lines = [json.dumps({"question": text}) for text in texts] + [
        json.dumps({"question": ASK, "as": text}) for text in texts[:600] if text.strip()
    ]
    run = leadline("ask", "--json", "-", "--as", "rep:R1", *TODAY, given="\n".join(lines) + "\n")
    found = answers(run)
    assert run.returncode == 0, run.stderr[-2000:]
    assert len(found) == len(lines)
    assert {answer["plan"].get("reason") for answer in found}.isdisjoint({"our_fault", "bad_line"})
    assert all(answer["route"] == "refuse" for answer in found[len(texts) :])
    assert b"Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ask", "--today", "23.11.2026", ASK), "write it as 2026-11-23"),
        (("ask", "--lang", "fr", ASK), "choose en, zh-Hans or zh-Hant"),
        (("ask", "--db", "nonsense", ASK), "is no database URL"),
        (("import", "crm_salez", "."), "Close: crm_sales"),
        (("import", "crm_sales", "/nowhere"), "/nowhere"),
        (("manifest",), "--socket-mode"),
        (("serve",), "LEADLINE_SLACK_BOT_TOKEN"),
        (("link", "U012AB3CD", "anybody"), "nobody"),
        (("link", "<!x>", "R1"), "no Slack member ID"),
        (("asl",), "No such command"),
    ],
)
def test_a_wrong_command_line_is_answered_with_how_to_mend_it(
    small_company: Warehouse, words: tuple[str, ...], sentence: str
) -> None:
    run = leadline(*words)
    assert run.returncode == 2
    assert sentence in " ".join(run.stderr.decode().split())
    assert b"Traceback" not in run.stderr


def test_a_wrong_setting_names_its_variable(tmp_path: Path) -> None:
    run = leadline("doctor", LEADLINE_CALLS_PER_DAY="many")
    assert run.returncode == 2
    assert b"LEADLINE_CALLS_PER_DAY" in run.stderr


def test_our_own_fault_is_a_sentence_with_a_reference(small_company: Warehouse, tmp_path: Path) -> None:
    with small_company.kept() as connection:
        connection.exec_driver_sql("UPDATE predictions SET reasons = '{'")
    run = leadline("ask", "--json", "--as", "rep:R1", ASK)
    assert run.returncode == 1
    assert b"Traceback" not in run.stdout + run.stderr
    reference = answers(run)[0]["plan"]["words"][0]
    assert reference in (tmp_path / "home" / "leadline.log").read_text()


def test_the_doctor_names_urls_and_states(small_company: Warehouse, tmp_path: Path) -> None:
    run = leadline("doctor", "--json")
    found = json.loads(run.stdout)
    assert run.returncode == 0
    assert found["warehouse_url"] == f"duckdb:///{tmp_path}/home/warehouse.duckdb"
    assert found["store_url"] == f"sqlite:///{tmp_path}/home/store.db"
    assert {name: part["state"] for name, part in found["parts"].items()} == {
        "warehouse": "ok", "store": "ok", "subscriptions": "off", "kpis": "ok", "slack": "off", "clock": "ok", "fonts": ANY
    }  # fmt: skip


def test_the_doctor_tells_of_subscriptions_that_nobody_sends(small_company: Warehouse, tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/home/store.db", lambda: datetime.now(UTC))
    plan = {"kind": "deals"}
    subscriptions.create(store, person_id="P4", plan=plan, schedule={"every": "day"}, timezone="UTC", language="en")
    with store.writing() as session:
        session.execute(update(SubscriptionRow).values(next_due_at=datetime.now(UTC) - timedelta(hours=1)))
    store.close()
    run = leadline("doctor", "--json")
    found = json.loads(run.stdout)["parts"]["subscriptions"]
    assert (run.returncode, found["state"], found["details"]["overdue"]) == (1, "broken", 1)
    assert "leadline serve" in found["note"]


def test_the_doctor_fails_where_a_configured_part_does_not_work(tmp_path: Path) -> None:
    assert leadline("doctor", "--json").returncode == 1
    secret = "xoxb-very-secret"
    run = leadline(
        "doctor", "--json", LEADLINE_SLACK_BOT_TOKEN=secret, LEADLINE_SLACK_API_URL="http://127.0.0.1:9/api/",
        LEADLINE_STORE_URL="postgresql+psycopg://me:hunter2@127.0.0.1:9/x",
    )  # fmt: skip
    parts = json.loads(run.stdout)["parts"]
    assert (run.returncode, parts["slack"]["state"], parts["store"]["state"]) == (1, "broken", "broken")
    assert secret.encode() not in run.stdout + run.stderr
    assert b"hunter2" not in run.stdout + run.stderr


def test_a_slack_user_can_be_linked_to_a_person(small_company: Warehouse) -> None:
    assert leadline("link", "U777", "R1").returncode == 0
    from assistant.desk import Desk

    asker = Desk(small_company, read_model()).asker_of_slack("U777", None)
    assert asker is not None
    assert asker.rep_id == "R1"


@pytest.mark.parametrize(
    "command", ["ask", "demo", "import", "models", "link", "serve", "fake-slack", "manifest", "doctor"]
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    run = leadline(command, "--help")
    assert run.returncode == 0
    assert f"Example: leadline {command}" in run.stdout.decode()
