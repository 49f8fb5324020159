"""From a rep's words in Slack to the list and back, as an installation runs: `leadline serve` and its own workers.

The company behind it is the demo company, and the real CRM export where the shared data is at hand.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.demo.load import load_demo
from analytics.warehouse import Warehouse
from assistant.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack

SECRET = "whole-line-secret"
ASK = "which leads should I call today"
REP, MANAGER, GUEST = "U0AAA", "U0BBB", "U0CCC"
SALES = "C0000"


def leadline(home: Path, *words: str) -> str:
    environment = {**os.environ, "LEADLINE_HOME": str(home)}
    command = [sys.executable, "-P", "-m", "assistant.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@contextmanager
def in_slack(home: Path, *, today: str, socket_mode: bool = False) -> Iterator[FakeSlack]:
    """A fake Slack with three members, and `leadline serve` over the home."""
    users = [{"id": name, "name": name.lower(), "email": f"{name.lower()}@x.example"} for name in (REP, MANAGER, GUEST)]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app_url = None if socket_mode else f"http://127.0.0.1:{port}/slack/events"
    with FakeSlack(users, SECRET, app_url) as fake:
        settings = {
            "LEADLINE_HOME": str(home), "LEADLINE_TODAY": today, "LEADLINE_SLACK_API_URL": fake.api_url,
            "LEADLINE_SLACK_BOT_TOKEN": BOT_TOKEN, "LEADLINE_SLACK_APP_TOKEN": APP_TOKEN,
            "LEADLINE_SLACK_SIGNING_SECRET": SECRET, "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        words = ["--socket-mode"] if socket_mode else ["--port", str(port)]
        command = [sys.executable, "-P", "-m", "assistant.cli", "serve", *words]
        serving = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
        assert serving.stdout is not None
        try:
            assert serving.stdout.readline().startswith(("Listening", "Connected"))
            yield fake
        finally:
            serving.send_signal(signal.SIGTERM)
            code = serving.wait(30)
            serving.stdout.close()
        assert code == 0


def answered(fake: FakeSlack, count: int = 1, channel: str | None = None) -> list[dict[str, Any]]:
    wait_until(lambda: len(fake.space.posts(channel)) >= count)
    return fake.space.posts(channel)


def wait_until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def shown(post: dict[str, Any]) -> str:
    return json.dumps(post["blocks"], ensure_ascii=False)


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    warehouse = Warehouse.open(f"duckdb:///{home}/warehouse.duckdb")
    load_demo(
        warehouse, date(2026, 11, 23), seed=2026, scale=0.05, models_dir=home / "models", truth=home / "truth.json"
    )
    warehouse.close()
    leadline(home, "link", REP, "rep:R001")
    leadline(home, "link", MANAGER, "manager:R047")
    return home


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_a_rep_of_the_demo_company_is_answered_in_a_direct_message(demo_home: Path, socket_mode: bool) -> None:
    printed = json.loads(leadline(demo_home, "ask", "--json", "--as", "rep:R001", "--today", "2026-11-23", ASK))
    with in_slack(demo_home, today="2026-11-23", socket_mode=socket_mode) as fake:
        fake.people.say(REP, ASK)
        (post,) = answered(fake)
    assert printed["items"]
    for item in printed["items"]:
        assert (item["company"] or item["lead_id"]) in shown(post)
    assert "to call today, Mon 23 Nov" in shown(post)


def test_a_list_asked_for_in_a_channel_goes_to_the_asker_alone(demo_home: Path) -> None:
    with in_slack(demo_home, today="2026-11-23") as fake:
        fake.people.say(REP, "@leadline 今天我該給哪些線索打電話", SALES)
        everything = answered(fake, 2)
        public = fake.space.posts(SALES)
    (line,) = public
    (private,) = [post for post in everything if post["ts"] != line["ts"]]
    assert "私訊" in line["text"]
    assert "☎" not in json.dumps(line, ensure_ascii=False)
    assert "建議您優先聯絡" in shown(private)


def test_a_manager_presses_a_choice_and_gets_the_team_s_list(demo_home: Path) -> None:
    with in_slack(demo_home, today="2026-11-23") as fake:
        fake.people.say(MANAGER, ASK)
        (question,) = answered(fake)
        channel = next(place.id for place in fake.space.conversations.values() if place.person == MANAGER)
        fake.people.press(MANAGER, channel, question["ts"], "choice:0")
        answer = answered(fake, 2)[1]
    assert "You own no leads yourself" in shown(question)
    assert "for your team" in shown(answer)


def test_what_is_typed_next_in_a_direct_message_goes_on_from_the_answer_before(demo_home: Path) -> None:
    with in_slack(demo_home, today="2026-11-23") as fake:
        fake.people.say(MANAGER, "revenue last month")
        answered(fake)
        fake.people.say(MANAGER, "by channel")
        english = answered(fake, 2)[1]
        fake.people.say(MANAGER, "那上上个月呢")
        chinese = answered(fake, 3)[2]
    assert "Goes on from your last question; changed: breakdown; kept: KPI, period" in shown(english)
    assert "2026年9月" in shown(chinese)
    assert "各渠道的销售额" in shown(chinese)


def test_two_questions_in_one_message_get_an_answer_each(demo_home: Path) -> None:
    with in_slack(demo_home, today="2026-11-23") as fake:
        fake.people.say(MANAGER, "revenue last month and complaints last week")
        first, second = answered(fake, 2)
    assert "Revenue, Oct 2026" in shown(first)
    assert "Complaints, 16–22 Nov 2026" in shown(second)


def test_a_stranger_is_refused_politely_and_told_whom_to_ask(demo_home: Path) -> None:
    with in_slack(demo_home, today="2026-11-23") as fake:
        fake.people.say(GUEST, ASK)
        (post,) = answered(fake)
    assert "I do not know" in shown(post)
    assert "Ask your admin" in shown(post)
    assert "--as" not in shown(post)


def test_a_rep_of_the_real_crm_export_is_answered(tmp_path: Path, shared_data: Path) -> None:
    leadline(tmp_path, "import", "crm_sales", str(shared_data / "crm_sales"))
    leadline(tmp_path, "link", REP, "Anna Snelling")
    with in_slack(tmp_path, today="2017-12-31") as fake:
        fake.people.say(REP, ASK)
        (english,) = answered(fake)
        fake.people.say(REP, "今天先打给谁")
        chinese = answered(fake, 2)[1]
    assert "12 to call today" in shown(english)
    assert "does not beat its baseline" in shown(english)
    assert "不显示转化概率" in shown(chinese)
