"""A desk that answers by a few words of the question, so that Slack can be tested without a warehouse."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from analytics.insights.charts import Point, TrendChart
from analytics.organisation import Company
from analytics.semantic.definition import Words
from analytics.vocabulary import Clock, Figure, Unit
from assistant.explain import Speaker, explain
from assistant.export import Report
from assistant.plans import Plan
from assistant.question import Answer, Asker, Language, Picture, Question, Role
from assistant.result import Result, Worded
from assistant.slack.native import data_table, line_chart
from prompts.marks import Quoted

ASKERS = {
    "U0R001": Asker("P001", "Liu Wei", Role.REP, "R001", "liu.wei@demo.example"),
    "wang.fang@demo.example": Asker("P002", "Wang Fang", Role.MANAGER, None, "wang.fang@demo.example"),
}
BAD_BLOCKS: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 4000}}]


class StubDesk:
    """Answers after `seconds` of work; questions that say so are private, slow, refused, or deadly."""

    def __init__(self, home: Path, seconds: float = 0.0) -> None:
        self._home = home
        self._seconds = seconds

    def asker_of_slack(self, user_id: str, email: str | None) -> Asker | None:
        return ASKERS.get(user_id) or ASKERS.get(email or "")

    def asker_of_person(self, person_id: str) -> Asker | None:
        gone = (self._home / "gone").exists() and (self._home / "gone").read_text().split()
        found = (asker for asker in ASKERS.values() if asker.person_id == person_id)
        return None if gone and person_id in gone else next(found, None)

    def slack_user_of(self, person_id: str) -> str | None:
        return next((user for user, asker in ASKERS.items() if asker.person_id == person_id and "@" not in user), None)

    def may_all_see(self, plan: Plan, shown: Collection[str], asker: Asker, others: Sequence[Asker]) -> bool:
        return all(other.role is not Role.REP for other in others if other != asker)

    def company(self) -> Company:
        return Company("Demo", calendar="CN")

    def clock_at(self, moment: datetime, timezone: str) -> Clock:
        return Clock(moment, timezone)

    def clock(self, asker: Asker | None) -> Clock:
        return Clock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC), "Asia/Shanghai")

    def answer(self, question: Question) -> Answer:
        time.sleep(self._seconds)
        words = question.text
        if "slow" in words:
            time.sleep(1.6)
        if "stuck" in words:
            time.sleep(3600)
        if "deadly" in words:
            self._die_once()
        if "poison" in words:
            os.kill(os.getpid(), signal.SIGKILL)
        if "fault" in words:
            raise RuntimeError("secret table customers_x is missing")
        if question.asker is None:
            return _answer(question, f"I do not know {question.asked_as} yet.", route="refuse")
        if question.plan is not None:
            return _answer(question, f"{question.asker.name} chose {json.dumps(question.plan)}", plan=question.plan)
        if "which" in words and "ones" in words:
            return _choices(question)
        blocks = BAD_BLOCKS if "ugly" in words else None
        if "trend" in words:
            return _trend(question)
        if "as pdf" in words:
            return _report(question)
        private = "my leads" in words or "线索" in words
        text = f"**{question.asker.name}** asked <{words}>"
        return _answer(question, text, private=private, blocks=blocks, route="leads" if private else "help")

    def _die_once(self) -> None:
        mark = self._home / "died"
        if not mark.exists():
            mark.write_text("once")
            os.kill(os.getpid(), signal.SIGKILL)


def _answer(
    question: Question,
    text: str,
    *,
    route: str = "leads",
    private: bool = False,
    plan: dict[str, Any] | None = None,
    blocks: list[dict[str, Any]] | None = None,
) -> Answer:
    chinese = any("\u4e00" <= character <= "\u9fff" for character in question.text)
    line: list[dict[str, Any]] = [{"type": "section", "text": {"type": "plain_text", "text": text[:3000] or "-"}}]
    return Answer(
        question=question.text,
        language="zh-Hans" if chinese else "en",
        asker={},
        route=route,
        plan=plan or {"kind": route},
        reading=f"read as {route}",
        text=text,
        blocks=line if blocks is None else blocks,
        headline=text,
        private=private,
    )


def _trend(question: Question) -> Answer:
    """A table and a chart, which Slack draws itself where no month lacks a value ("whole")."""
    whole = "whole" in question.text
    values = (3.0, 4.0 if whole else None, 5.0)
    points = tuple(Point(f"M{month}", date(2026, month, 1), value) for month, value in enumerate(values, start=1))
    chart = TrendChart("Revenue by month", Unit.MONEY, points, "revenue from M1 to M3", name="revenue")
    blocks = [data_table("Revenue", ("Month", "Revenue"), [("M1", "¥3"), ("M3", "¥5")]), line_chart(chart)]
    text = f"**Revenue** for {question.text}\n\n```\nMonth  Revenue\nM1          ¥3\n```"
    answer = _answer(question, text, private="my" in question.text, route="kpi")
    drawn = [*answer.blocks, *(block for block in blocks if block is not None)]
    return replace(answer, blocks=drawn, pictures=(Picture("kpi-1", chart.alt, chart),))


def _report(question: Question) -> Answer:
    """A summary wanted as a page."""
    revenue = Figure("revenue", 5, Unit.COUNT)
    result = Result("figures", {"figures": [{"name": Quoted("revenue"), "value": revenue}]}, figures=(revenue,))
    said = explain(result, Speaker(Language.EN, Company(), question.clock))
    text = f"**Weekly summary** for {question.text}\n\nrevenue: 5, in full"
    plan = {"kind": "summary", "as_file": "pdf"}
    blocks = [
        {"type": "section", "text": {"type": "plain_text", "text": words}} for words in ("Weekly summary", "in full")
    ]
    answer = _answer(question, text, private="my" in question.text, route="summary", plan=plan, blocks=blocks)
    title = Worded("name", {"name": Words(en="Weekly summary", zh="周报")})
    return replace(answer, headline="Weekly summary", report=Report("summary", title, said, (revenue,)))


def _choices(question: Question) -> Answer:
    buttons = [
        {
            "type": "button",
            "action_id": f"choice:{number}",
            "text": {"type": "plain_text", "text": label},
            "value": json.dumps({"kind": "leads", "owner": owner}),
        }
        for number, (label, owner) in enumerate((("Mine", "me"), ("My team's", "my_team")))
    ]
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": "Whose?"}},
        {"type": "actions", "elements": buttons},
    ]
    return _answer(question, "Whose?", route="clarify", blocks=blocks)
