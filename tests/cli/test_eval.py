"""`leadline eval`: what counts as right, asked back, refused and wrong, and how it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.warehouse import Warehouse
from assistant.asking import Asking
from assistant.desk import Desk
from assistant.evaluating import evaluate
from assistant.evaluation.cases import BadCases, read_cases
from assistant.evaluation.judged import Judged, Outcome, judge
from assistant.question import Answer, Question
from assistant.settings import Settings

EAST = {"name": "region", "op": "in", "values": ["East"]}
NO_SEARCH = {"name": "channel", "op": "not_in", "values": ["Search"]}
REVENUE: dict[str, Any] = {
    "kind": "kpi", "kpis": ["revenue"], "period": {"start": "2026-10-01", "end": "2026-11-01", "label": "last month"},
    "dimensions": ["channel"], "whose": None, "filters": [EAST, NO_SEARCH],
}  # fmt: skip


def answered(route: str = "kpi", plan: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "route": route,
        "plan": plan if plan is not None else REVENUE,
        "figures": [],
        "items": [],
        "citations": [],
        **more,
    }


@pytest.fixture
def held(tmp_path: Path) -> Callable[..., Judged]:
    """An answer held against what is expected of it."""

    def against(answer: dict[str, Any], *expected: dict[str, Any]) -> Judged:
        told = {"expect": expected[0]} if len(expected) == 1 else {"expect_any": list(expected)}
        return judge(read_cases(written(tmp_path, {"question": "revenue", **told}))[0], answer)

    return against


def written(folder: Path, *cases: dict[str, Any] | str) -> Path:
    file = folder / "questions.jsonl"
    lines = [case if isinstance(case, str) else json.dumps(case, ensure_ascii=False) for case in cases]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


# --- the plan


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"kpis": ["revenue"]},
        {"period": {"start": "2026-10-01", "end": "2026-11-01"}},
        {"period": {"start": "2026-10-01", "end": "2026-11-01", "label": "October"}},
        {"filters": [NO_SEARCH, EAST]},
        {"filters": [{"name": "channel"}, {"name": "region", "values": ["East"]}]},
        {"whose": None, "dimensions": ["channel"]},
    ],
)
def test_a_plan_that_holds_what_is_expected_is_right(plan: dict[str, Any], held: Callable[..., Judged]) -> None:
    found = held(answered(), {"route": "kpi", "plan": plan})
    assert (found.outcome, found.right_plan, found.differs) == (Outcome.RIGHT, True, ())


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"kpis": ["won_amount"]}, "kpis[1]"),
        ({"kpis": ["revenue", "orders"]}, "kpis"),
        ({"period": {"start": "2026-11-01", "end": "2026-11-24"}}, "period.start"),
        ({"filters": [EAST]}, "filters"),
        ({"filters": [EAST, EAST]}, "filters"),
        ({"filters": []}, "filters"),
        ({"whose": "me"}, "whose"),
        ({"limit": 5}, "limit"),
    ],
)
def test_another_plan_is_wrong_and_names_the_field(
    plan: dict[str, Any], field: str, held: Callable[..., Judged]
) -> None:
    found = held(answered(), {"route": "kpi", "plan": plan})
    assert (found.outcome, found.right_plan) == (Outcome.WRONG, False)
    assert found.differs[0].field == field


def test_several_regions_may_stand_in_any_order(held: Callable[..., Judged]) -> None:
    two = {**REVENUE, "filters": [{"name": "region", "op": "in", "values": ["East", "South"]}]}
    assert (
        held(answered(plan=two), {"plan": {"filters": [{"name": "region", "values": ["South", "East"]}]}}).outcome
        is Outcome.RIGHT
    )
    between = {"kind": "deals", "filters": [{"name": "amount", "op": "between", "values": [1, 2]}]}
    swapped = {"filters": [{"name": "amount", "op": "between", "values": [2, 1]}]}
    assert held(answered("deals", between), {"plan": swapped}).outcome is Outcome.WRONG


def test_an_amount_is_the_same_written_either_way(held: Callable[..., Judged]) -> None:
    large = {"kind": "deals", "filters": [{"name": "amount", "op": "more_than", "values": [50000.0]}]}
    assert held(
        answered("deals", large), {"plan": {"filters": [{"name": "amount", "op": "more_than", "values": [50000]}]}}
    ).right_plan


def test_any_one_of_several_expectations_will_do_and_the_closest_is_told(held: Callable[..., Judged]) -> None:
    first, second = {"route": "summary", "plan": {}}, {"route": "kpi", "plan": {"kpis": ["revenue"]}}
    assert held(answered(), first, second).outcome is Outcome.RIGHT
    near = held(answered(), first, {"route": "kpi", "plan": {"kpis": ["orders"]}})
    assert near.outcome is Outcome.WRONG
    assert near.differs[0].field == "kpis[1]"


# --- asked back and refused


def test_a_question_back_is_right_only_where_it_is_expected(held: Callable[..., Judged]) -> None:
    back = answered("clarify", {"kind": "clarify", "reason": "which_kpi"})
    right = held(back, {"route": "clarify"})
    assert (right.outcome, right.right_question_back) == (Outcome.RIGHT, True)
    assert held(back, {"route": "kpi", "plan": {}}).outcome is Outcome.ASKED_BACK
    assert held(back, {"route": "refuse"}).outcome is Outcome.ASKED_BACK
    assert held(answered(), {"route": "clarify"}).outcome is Outcome.WRONG


def test_a_refusal_is_right_only_where_it_is_expected_for_that_reason(held: Callable[..., Judged]) -> None:
    refused = answered("refuse", {"kind": "refuse", "reason": "out_of_scope", "understood": None})
    assert held(refused, {"route": "refuse", "plan": {"reason": "out_of_scope"}}).outcome is Outcome.RIGHT
    assert held(refused, {"route": "refuse", "plan": {"reason": "read_only"}}).outcome is Outcome.REFUSED
    assert held(refused, {"route": "kpi"}).outcome is Outcome.REFUSED
    assert held(answered(), {"route": "refuse"}).outcome is Outcome.WRONG


def test_what_is_not_installed_yet_is_judged_by_the_plan_that_was_understood(held: Callable[..., Judged]) -> None:
    not_yet = answered("refuse", {"kind": "why", "kpi": "revenue", "refused": {"reason": "not_yet"}})
    right = held(not_yet, {"route": "why", "plan": {"kpi": "revenue"}})
    assert (right.outcome, right.right_plan) == (Outcome.RIGHT, True)
    assert held(not_yet, {"route": "why", "plan": {"kpi": "orders"}}).outcome is Outcome.WRONG
    assert held(not_yet, {"route": "kpi"}).outcome is Outcome.WRONG
    wanted = held(not_yet, {"route": "why", "plan": {}, "figures": [{"kpi": "revenue", "value": 1}]})
    assert (wanted.outcome, wanted.right_plan, wanted.right_answer) == (Outcome.REFUSED, True, False)


def test_what_the_asker_may_not_see_is_a_refusal_of_a_plan_read_right(held: Callable[..., Judged]) -> None:
    barred = answered("refuse", {"kind": "refuse", "reason": "not_your_rows", "understood": REVENUE})
    found = held(barred, {"route": "kpi", "plan": {"kpis": ["revenue"]}})
    assert (found.outcome, found.right_plan, found.refused) == (Outcome.REFUSED, True, "not_your_rows")
    assert held(barred, {"route": "refuse", "plan": {"reason": "not_your_rows"}}).outcome is Outcome.RIGHT


# --- figures and cards


@pytest.mark.parametrize(
    ("value", "right"),
    [("0.31", True), ("0.314", True), ("0.32", False), ("0.3", True), ("0", True), ("1", False), ("null", False)],
)
def test_a_figure_is_right_as_far_as_it_is_written_out(value: str, right: bool, tmp_path: Path) -> None:
    figures = [{"kpi": "win_rate", "value": 0.3141, "where": {"team": "T1"}, "period": REVENUE["period"]}]
    line = f'{{"question": "win rate", "expect": {{"figures": [{{"kpi": "win_rate", "where": {{"team": "T1"}}, "value": {value}}}]}}}}'
    found = judge(read_cases(written(tmp_path, line))[0], answered(figures=figures))
    assert found.right_answer is right
    assert found.right_plan is None
    assert found.outcome is (Outcome.RIGHT if right else Outcome.WRONG)


def test_a_right_plan_with_a_wrong_figure_is_wrong_and_tells_the_figure(held: Callable[..., Judged]) -> None:
    figures = [{"kpi": "revenue", "value": 181_000.0, "unit": "money", "where": {}}]
    found = held(
        answered(figures=figures), {"route": "kpi", "plan": {}, "figures": [{"kpi": "revenue", "value": 180_000}]}
    )
    assert (found.outcome, found.right_plan, found.right_answer) == (Outcome.WRONG, True, False)
    assert found.differs[0].got == {"kpi": "revenue", "value": 181_000.0}


def test_no_data_is_not_zero(held: Callable[..., Judged]) -> None:
    none = answered(figures=[{"kpi": "revenue", "value": None}])
    assert held(none, {"figures": [{"kpi": "revenue", "value": None}]}).right_answer is True
    assert held(none, {"figures": [{"kpi": "revenue", "value": 0}]}).right_answer is False


def test_figures_and_cards_of_each_part_of_an_answer_count(held: Callable[..., Judged]) -> None:
    parts = [
        answered(figures=[{"kpi": "revenue", "value": 1.0}]),
        answered("playbook", {}, citations=[{"card": "late-resistance"}]),
    ]
    whole = answered("compound", {"kind": "compound", "parts": []}, parts=parts)
    assert (
        held(
            whole, {"route": "compound", "figures": [{"kpi": "revenue", "value": 1}], "cards": ["late-resistance"]}
        ).outcome
        is Outcome.RIGHT
    )
    assert held(whole, {"route": "compound", "cards": ["early-wins"]}).outcome is Outcome.WRONG


def test_a_part_that_is_refused_makes_the_whole_a_refusal_unless_it_is_not_installed_yet(
    held: Callable[..., Judged],
) -> None:
    def whole(reason: str) -> dict[str, Any]:
        parts = [answered(), answered("refuse", {"kind": "why", "kpi": "revenue", "refused": {"reason": reason}})]
        return answered("compound", {"kind": "compound", "parts": []}, parts=parts)

    assert held(whole("not_yet"), {"route": "compound"}).outcome is Outcome.RIGHT
    assert held(whole("not_your_rows"), {"route": "compound"}).outcome is Outcome.REFUSED


# --- the file


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2: is no JSON object"),
        ("[1]", "line 2: is no JSON object"),
        ('{"expect": {"route": "kpi"}}', "line 2: question is missing"),
        ('{"question": 1, "expect": {"route": "kpi"}}', "line 2: question must be text"),
        ('{"question": "x"}', "line 2: write either expect or expect_any"),
        ('{"question": "x", "expect": {}, "expect_any": []}', "line 2: write either expect or expect_any"),
        ('{"question": "x", "expect_any": []}', "line 2: expect_any must be a list"),
        ('{"question": "x", "expect": {"rout": "kpi"}}', "line 2: expect.rout is not known here"),
        ('{"question": "x", "expect": {"route": "kpis"}}', "line 2: expect.route must be one of leads, deals"),
        ('{"question": "x", "expect": {"route": "kpi", "plan": []}}', "line 2: expect.plan must be an object"),
        ('{"question": "x", "expect": {"figures": [1]}}', "line 2: expect.figures must be a list of objects"),
        ('{"question": "x", "expect": {"cards": "a"}}', "line 2: expect.cards must be a list"),
        ('{"question": "x", "today": "soon", "expect": {"route": "kpi"}}', "line 2: "),
        ('{"question": "x", "lang": "fr", "expect": {"route": "kpi"}}', "line 2: lang must be en"),
        ('{"question": "x", "who": "me", "expect": {"route": "kpi"}}', "line 2: who is not known here"),
    ],
)
def test_a_bad_line_is_named_with_what_to_write(line: str, told: str, tmp_path: Path) -> None:
    good = {"question": "revenue", "expect": {"route": "kpi"}}
    with pytest.raises(BadCases) as bad:
        read_cases(written(tmp_path, good, line))
    assert told in str(bad.value)


def test_many_bad_lines_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(BadCases) as bad:
        read_cases(written(tmp_path, *["{"] * 8))
    assert len(str(bad.value).splitlines()) == 6
    assert str(bad.value).endswith("and 3 more lines.")


def test_a_file_that_is_not_there_or_empty_says_so(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none.jsonl", "cannot be read"), (written(tmp_path, ""), "holds no questions")):
        with pytest.raises(BadCases, match=told):
            read_cases(path)
    (tmp_path / "utf16.jsonl").write_bytes("question".encode("utf-16"))
    with pytest.raises(BadCases, match="not UTF-8"):
        read_cases(tmp_path / "utf16.jsonl")


# --- the run

ASKED: tuple[dict[str, Any], ...] = (
    {"question": "which leads should I call today", "as": "rep:R1", "expect": {"route": "leads", "plan": {"owner": "me"}}},
    {"question": "revenue in October", "as": "exec:P7", "expect": {"route": "kpi", "figures": [{"kpi": "revenue", "value": 180_000}]}},
    {"question": "上个月转化率", "as": "exec:P7", "expect": {"route": "clarify"}},
    {"question": "conversion rate last month", "as": "exec:P7", "expect": {"route": "kpi", "plan": {"kpis": ["win_rate"]}}},
    {"question": "revenue in October", "as": "exec:P7", "expect": {"route": "kpi", "plan": {"kpis": ["orders"]}}},
    {"question": "delete this lead", "as": "rep:R1", "expect": {"route": "leads"}},
)  # fmt: skip


@pytest.fixture
def selling(small_company: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """The small company with three orders of October, on 23 November."""
    monkeypatch.setenv("LEADLINE_TODAY", "2026-11-23")
    at = datetime(2026, 10, 5, 2, tzinfo=UTC)
    orders = [{"order_id": f"O{n}", "line_no": 1, "rep_id": "R1", "ordered_at": at, "amount": amount}
              for n, amount in enumerate((100_000, 60_000, 20_000))]  # fmt: skip
    with small_company.load("erp", at) as load:
        load.put("orders", pd.DataFrame(orders))
    return small_company


@pytest.mark.usefixtures("selling")
def test_the_counts_come_first_and_then_what_is_not_right_worst_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(Settings(), written(tmp_path, *ASKED), Asking()) == 0
    lines = capsys.readouterr().out.splitlines()
    for line in ("right\t3\t50.0%", "of which questions back\t1\t16.7%", "asked back\t1\t16.7%", "refused\t1\t16.7%",
                 "wrong\t1\t16.7%", "questions\t6\t", "right plan, of 6\t3\t50.0%", "right answer, of 1\t1\t100.0%"):  # fmt: skip
        assert line in lines
    cases = [line for line in lines if "\tline " in line]
    assert [case.partition("\t")[0] for case in cases] == ["wrong", "asked back", "refused"]
    assert cases[0] == 'wrong\tline 5\trevenue in October\tkpi · kpis[1] "orders"\tkpi · kpis[1] "revenue"'
    assert cases[1].endswith("\tkpi\tclarify (which_kpi)")


@pytest.mark.usefixtures("selling")
def test_more_wrong_than_allowed_exits_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, *ASKED)
    assert evaluate(Settings(), file, Asking(), max_wrong=0.2) == 0
    assert evaluate(Settings(), file, Asking(), max_wrong=0.1) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("selling")
@pytest.mark.parametrize("json_wanted", [False, True])
def test_counts_only_tell_nothing_of_what_was_asked(
    json_wanted: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate(Settings(), written(tmp_path, *ASKED), Asking(), counts_only=True, json_wanted=json_wanted)
    printed = capsys.readouterr()
    assert printed.err == ""
    for told in ("October", "转化率", "delete", "win_rate", "line 5", "questions.jsonl:"):
        assert told not in printed.out


@pytest.mark.usefixtures("selling")
def test_one_object_holds_every_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(Settings(), written(tmp_path, *ASKED), Asking(), json_wanted=True)
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("questions", "right", "asked_back", "refused", "wrong")} == {
        "questions": 6, "right": 3, "asked_back": 1, "refused": 1, "wrong": 1,
    }  # fmt: skip
    assert told["right_answer"] == {"right": 1, "of": 1}
    assert told["by_kind"]["leads"]["refused"] == 1
    assert [case["outcome"] for case in told["cases"]] == ["right", "right", "right", "asked_back", "wrong", "refused"]
    wrong = told["cases"][4]
    assert wrong["differs"] == [{"field": "kpis[1]", "expected": "orders", "got": "revenue"}]
    assert wrong["got"]["plan"]["kpis"] == ["revenue"]


@pytest.mark.usefixtures("selling")
def test_who_asks_and_when_hold_for_lines_that_do_not_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {
        "question": "revenue this month",
        "expect": {"route": "kpi", "plan": {"period": {"start": "2026-10-01", "end": "2026-10-21"}}},
    }
    asking = Asking(as_="exec:P7", today=datetime(2026, 10, 20, tzinfo=UTC).date())
    evaluate(Settings(), written(tmp_path, case), asking)
    assert "right\t1\t100.0%" in capsys.readouterr().out


@pytest.mark.usefixtures("selling")
def test_the_questions_of_a_thread_are_asked_in_order_and_in_no_thread_of_an_earlier_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None]] = []
    answer = Desk.answer

    def noted(desk: Desk, question: Question) -> Answer:
        asked.append((question.text, question.thread))
        return answer(desk, question)

    monkeypatch.setattr(Desk, "answer", noted)
    thread = [
        {"question": text, "thread": "a", "expect": {"route": "kpi"}}
        for text in ("revenue in October", "and in September")
    ]
    file = written(tmp_path, thread[0], ASKED[0], thread[1])
    for _ in range(2):
        evaluate(Settings(), file, Asking(as_="exec:P7"))
    texts, threads = zip(*asked, strict=True)
    assert texts == ("revenue in October", "which leads should I call today", "and in September") * 2
    assert threads[1] is None
    assert threads[0] == threads[2] is not None
    assert threads[0] != threads[3]


@pytest.mark.usefixtures("selling")
def test_no_more_cases_are_shown_than_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(Settings(), written(tmp_path, *[ASKED[4]] * 5), Asking(), most_shown=2)
    assert capsys.readouterr().out.count("\tline ") == 2


@pytest.mark.usefixtures("selling")
@pytest.mark.parametrize("width", [40, 100])
def test_a_terminal_of_any_width_shows_it_whole(width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    from rich.console import Console

    from assistant.evaluation import shown

    written_to = StringIO()
    console = Console(file=written_to, force_terminal=True, width=width, color_system=None, highlight=False)
    monkeypatch.setattr(shown, "console", console)
    long = {**ASKED[4], "question": "revenue in October by region for the company and for each of its teams please"}
    evaluate(Settings(), written(tmp_path, *ASKED, long), Asking())
    lines = written_to.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    shown_words = " ".join(" ".join(lines).split())
    for words in (
        "right",
        "asked back",
        "refused",
        "wrong",
        "revenue in October",
        "delete this lead",
        "each of its teams",
    ):
        assert words in shown_words


def leadline(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "assistant.cli", "eval", *words], capture_output=True, encoding="utf-8", timeout=100,
        env={**os.environ, "LEADLINE_TODAY": "2026-11-23"}, check=False,
    )  # fmt: skip


@pytest.mark.usefixtures("small_company")
def test_the_command_takes_its_options(tmp_path: Path) -> None:
    file = str(written(tmp_path, ASKED[0], ASKED[3]))
    run = leadline(file, "--json", "--max-wrong", "0")
    assert (run.returncode, run.stderr) == (0, "")
    told = json.loads(run.stdout)
    assert (told["right"], told["asked_back"]) == (1, 1)
    assert "call" not in leadline(file, "--counts-only").stdout


def test_a_file_that_cannot_be_evaluated_exits_two_with_a_sentence(tmp_path: Path) -> None:
    for path in (str(tmp_path / "none.jsonl"), str(written(tmp_path, "{")), str(tmp_path)):
        run = leadline(path)
        assert (run.returncode, run.stdout) == (2, "")
        assert path in run.stderr
        assert "Traceback" not in run.stderr
