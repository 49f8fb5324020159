"""What leaves the desk: every number traced, every name verbatim, nobody's rows but those the asker may see."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path

import pytest
from jinja2 import DictLoader

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk, as_json
from assistant.question import Answer, Language, Question
from assistant.slack.limits import check_message
from prompts import renderer

TODAY = date(2026, 11, 23)
ASK = "which leads should I call today"
MODEL = read_model()


@pytest.fixture
def desk(small_company: Warehouse) -> Desk:
    return Desk(small_company, MODEL, contact="Ida in IT")


def ask(desk: Desk, text: str, as_: str = "rep:R1", **more: object) -> Answer:
    asker = desk.asker(as_)
    clock = desk.clock(asker, TODAY)
    return desk.answer(Question(text, asker, clock, asked_as=as_, **more))  # type: ignore[arg-type]


def test_a_rep_gets_the_list_with_its_reading_in_english(desk: Desk) -> None:
    answer = ask(desk, ASK)
    assert answer.route == "leads"
    assert answer.text.startswith("**3 to call today, Mon 23 Nov**, best value per hour first.")
    assert "Read as: open, callable leads as of Mon 23 Nov 23:59" in answer.text
    assert "40% of such leads convert; worth ¥1,000. Last contact 3 days ago." in answer.text
    assert "- + asked for a quote" in answer.text
    assert "- − industry: Pharma 4.0" in answer.text
    assert "Left out: 2 do-not-contact, 1 called today." in answer.text
    assert "AUC 0.77 against 0.61" in answer.text
    assert "Data up to Mon 23 Nov 12:00" in answer.text
    assert answer.private


def test_the_same_question_in_chinese_gives_the_same_plan_and_items(desk: Desk) -> None:
    english, simplified, traditional = (
        ask(desk, text) for text in (ASK, "今天我该给哪些线索打电话", "今天我該給哪些線索打電話")
    )
    assert english.plan == simplified.plan == traditional.plan
    for answer in (simplified, traditional):
        for mine, theirs in zip(english.items, answer.items, strict=True):
            assert {**mine, "reasons": 0, "next_step": 0} == {**theirs, "reasons": 0, "next_step": 0}
    assert "建议您优先联系这 3 条线索" in simplified.text
    assert "建議您優先聯絡這 3 條線索" in traditional.text
    assert traditional.language == "zh-Hant"


def test_names_are_never_converted(desk: Desk) -> None:
    assert "张伟" in ask(desk, "張偉今天該打哪些線索", "manager:M1").text
    assert ask(desk, "我團隊今天該打哪些線索", "manager:M1").items[0]["company"] in ("苏州恒瑞", "Bo's Ltd")


def test_every_item_carries_what_others_rely_on(desk: Desk) -> None:
    first = ask(desk, ASK).items[0]
    expected = {"lead_id": "L1", "company": "苏州恒瑞", "contact": "Ms Liu", "chance": 0.4, "worth": 1000.0, "phone": "+86 1",
                "days_since_contact": 3, "crm_url": "https://crm.example/L1", "card": None}  # fmt: skip
    assert {key: first[key] for key in expected} == expected
    assert [(reason["text"], reason["contribution"]) for reason in first["reasons"]] == [
        ("+ asked for a quote", 0.8),
        ("− industry: Pharma 4.0", -0.3),
    ]
    assert first["next_step"]


def test_the_json_answer_has_every_key_and_is_one_line(desk: Desk) -> None:
    printed = as_json(ask(desk, ASK))
    found = json.loads(printed)
    assert "\n" not in printed
    assert list(found) == [
        "question", "language", "asker", "route", "plan", "reading", "text", "blocks", "figures", "items", "citations",
        "evidence", "choices", "buttons", "charts", "parts", "took_ms",
    ]  # fmt: skip
    assert found["asker"] == {"id": "R1", "role": "rep"}
    assert found["evidence"]["as_of"] == "2026-11-23T04:00:00Z"
    assert found["evidence"]["sql"][0].startswith("WITH mine")
    assert found["figures"][0] | {"period": 0} == {
        "kpi": "leads_to_call", "value": 3, "unit": "count", "period": 0, "where": {}, "compared_with": None, "target": None,
        "share": None, "note": None, "rows": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("as_", "text", "route", "reason"),
    [
        ("rep:R1", "which leads should 张伟 call today", "refuse", "not_your_rows"),
        ("rep:R1", "which leads should my team call today", "refuse", "not_your_rows"),
        ("rep:R1", "top ten leads of the whole company", "refuse", "not_your_rows"),
        ("manager:M1", "which leads should 陈静 call today", "refuse", "not_your_rows"),
        ("manager:M1", "top ten leads of the whole company", "refuse", "not_your_rows"),
        ("trainee:P8", ASK, "refuse", "no_live_figures"),
        ("nobody", ASK, "refuse", "unknown_asker"),
        ("Anna Ash", ASK, "refuse", "ambiguous_asker"),
        ("manager:R1", ASK, "refuse", "unknown_asker"),
        ("gone@x.example", ASK, "refuse", "unknown_asker"),
        ("manager:M1", ASK, "clarify", "no_leads_of_own"),
        ("exec:P7", ASK, "clarify", "no_leads_of_own"),
    ],
)
def test_rights_decide_before_anything_is_read(desk: Desk, as_: str, text: str, route: str, reason: str) -> None:
    answer = ask(desk, text, as_)
    assert (answer.route, answer.plan["reason"]) == (route, reason)
    assert answer.items == []
    assert "Ltd" not in answer.text


@pytest.mark.parametrize(
    ("as_", "text", "companies"),
    [
        ("manager:M1", "which leads should my team call today", {"苏州恒瑞", "Bo's Ltd", "New Ltd"}),
        ("manager:M1", "which leads should 张伟 call today", {"Bo's Ltd"}),
        ("manager:M3", "which leads should my team call today", {"苏州恒瑞", "Bo's Ltd", "Chen's Ltd", "New Ltd"}),
        (
            "exec:P7",
            "top ten leads of the whole company",
            {"苏州恒瑞", "Bo's Ltd", "Chen's Ltd", "New Ltd", "Nobody's Ltd"},
        ),
        ("exec:P7", "which leads should 陈静 call today", {"Chen's Ltd"}),
    ],
)
def test_managers_and_executives_see_their_own_reach(desk: Desk, as_: str, text: str, companies: set[str]) -> None:
    found = {item["company"] for item in ask(desk, text, as_).items}
    assert found - {"Harbor <!channel> & *Tools*"} == companies


def test_each_choice_of_a_question_back_is_a_plan_that_runs(desk: Desk) -> None:
    answer = ask(desk, ASK, "manager:M1")
    assert 2 <= len(answer.choices) <= 4
    for choice in answer.choices:
        chosen = ask(desk, "", "manager:M1", plan=choice["plan"], language=Language.EN)
        assert chosen.route == "leads"
        assert choice["label"]


def test_a_forged_button_gets_no_more_than_its_presser_may_see(desk: Desk) -> None:
    plan = {"kind": "leads", "owner": "rep:R2", "day": {"start": "2026-11-23", "end": "2026-11-24", "label": "today"}}
    assert ask(desk, "", "rep:R1", plan=plan).plan["reason"] == "not_your_rows"
    for nonsense in ({"kind": "leads"}, {"kind": "drop"}, {**plan, "limit": 10**9}, {**plan, "sql": "x"}):
        assert ask(desk, "", "rep:R1", plan=nonsense).plan["reason"] == "bad_plan"


def test_data_never_becomes_slack_markup(desk: Desk) -> None:
    answer = ask(desk, ASK)
    printed = json.dumps(answer.blocks)
    assert "mrkdwn" not in printed
    assert "Harbor <!channel> & *Tools*" in printed
    assert check_message(answer.headline, answer.blocks) is None


def test_a_list_longer_than_a_message_is_cut_and_says_so(small_company: Warehouse) -> None:
    import pandas as pd

    rows = [
        {"lead_id": f"X{n:03}", "owner_rep_id": "R1", "company": f"{n} {'长' * 60}", "status": "open"}
        for n in range(100)
    ]
    with small_company.load("more", None) as load:
        load.put("leads", pd.DataFrame(rows))
    answer = ask(Desk(small_company, MODEL), "top 100 leads")
    assert len(answer.items) == 100
    assert check_message(answer.headline, answer.blocks) is None
    assert "a message holds no more" in json.dumps(answer.blocks)


def test_two_companies_in_one_warehouse_keep_their_currencies_and_verdicts_apart(small_company: Warehouse) -> None:
    import pandas as pd

    people = [{"person_id": "Q1", "name": "Quinn", "role": "rep", "rep_id": "Q1", "active": True}]
    lead = {"lead_id": "Q-1", "owner_rep_id": "Q1", "company": "Quays", "status": "open"}
    worth = {"model_id": "lead_worth", "version": "us-1", "subject_kind": "lead", "subject_id": "Q-1", "value": 500.0}
    verdict = {"used": False, "why": {"code": "no_signal"}}
    as_of = pd.Timestamp("2025-01-31T00:00:00Z").to_pydatetime()
    with small_company.load("us", as_of, currency="USD") as load:
        load.put("people", pd.DataFrame(people))
        load.put("leads", pd.DataFrame([lead]))
        load.keep("predictions", pd.DataFrame([{**worth, "as_of": as_of, "reasons": []}]))
        load.keep("models", pd.DataFrame([
            {"model_id": "lead_score", "version": "us-0", "trained_at": as_of, "used": False, "verdict": verdict},
            {"model_id": "lead_worth", "version": "us-1", "trained_at": as_of, "used": True, "verdict": {}},
        ]))  # fmt: skip
    desk = Desk(small_company, MODEL)
    alone = ask(desk, ASK, "rep:Q1")
    assert "Worth US$500" in alone.text
    assert "Data up to Fri, 31 Jan 2025" in alone.text or "31 Jan 2025" in alone.text
    together = ask(desk, "top ten leads of the whole company", "exec:P7")
    assert "US$" not in together.text
    assert "worth ¥" not in together.text
    assert "No chances shown for leads of us" in together.text
    assert "Chances for leads of crm" in together.text


def test_a_time_zone_that_is_none_falls_back_to_the_company_s(small_company: Warehouse) -> None:
    import pandas as pd

    odd = {"person_id": "Z1", "name": "Zed", "role": "rep", "rep_id": "R1", "active": True, "timezone": "Mars/../Base"}
    with small_company.load("odd", None) as load:
        load.put("people", pd.DataFrame([odd]))
    desk = Desk(small_company, MODEL)
    assert desk.clock(desk.asker("Z1"), TODAY).timezone == "Asia/Shanghai"


@pytest.mark.parametrize(
    "text", ["team sync done, which 4 prospects do I dial first?", "which leads should 张伟 call tomorrow"]
)
def test_a_question_back_never_offers_a_single_way(desk: Desk, text: str) -> None:
    answer = ask(desk, text, "rep:R1")
    assert answer.route == "clarify"
    assert [choice["plan"]["kind"] for choice in answer.choices] == ["leads", "help"]
    assert answer.choices[0]["plan"]["owner"] == "me"


def test_an_executive_s_team_is_asked_back(desk: Desk) -> None:
    answer = ask(desk, "which leads should my team call today", "exec:P7")
    assert (answer.route, answer.plan["reason"]) == ("clarify", "no_team_of_own")


def test_a_name_of_two_people_is_settled_by_what_the_asker_may_see(small_company: Warehouse) -> None:
    import pandas as pd

    with small_company.load("more", None) as load:
        load.put("reps", pd.DataFrame([{"rep_id": "R7", "name": "陈静", "active": True, "team_id": "T9"}]))
    desk = Desk(small_company, MODEL)
    assert ask(desk, "陈静今天该打哪些线索", "manager:M2").route == "leads"
    assert ask(desk, "陈静今天该打哪些线索", "rep:R1").plan["reason"] == "not_your_rows"
    labels = [choice["label"] for choice in ask(desk, "陈静今天该打哪些线索", "exec:P7").choices]
    assert labels == ["陈静 (R3)今天该打的线索", "陈静 (R7)今天该打的线索"]


def test_a_very_long_name_is_cut(small_company: Warehouse) -> None:
    import pandas as pd

    lead = {
        "lead_id": "X1",
        "owner_rep_id": "R3",
        "company": "长" * 5000,
        "status": "open",
        "crm_url": "javascript:alert(1)",
    }
    with small_company.load("more", None) as load:
        load.put("leads", pd.DataFrame([lead]))
    answer = ask(Desk(small_company, MODEL), ASK, "rep:R3")
    shown = next(item for item in answer.items if item["lead_id"] == "X1")
    assert len(shown["company"]) == 121
    assert shown["crm_url"] is None


def test_an_empty_warehouse_says_so(tmp_path: Path) -> None:
    answer = ask(Desk(Warehouse.open(f"duckdb:///{tmp_path}/none.duckdb"), MODEL), ASK)
    assert answer.plan["reason"] == "nothing_loaded"
    assert "leadline demo" in answer.text


def test_a_digit_of_unknown_origin_never_goes_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = renderer.ANSWERS
    sources = {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.j2")}
    sources["en/leads.md.j2"] = sources["en/leads.md.j2"].replace("best value per hour first", "best of 99 first")
    monkeypatch.setattr(renderer._environment(), "loader", DictLoader(sources))
    renderer._template.cache_clear()
    renderer._environment().cache.clear()
    with caplog.at_level(logging.ERROR):
        answer = ask(desk, ASK)
    renderer._template.cache_clear()
    renderer._environment().cache.clear()
    assert "99" not in answer.text
    assert "leads_to_call: 3" in answer.text
    assert "digits of unknown origin" in caplog.text


def test_a_refusal_names_whom_to_ask(desk: Desk) -> None:
    assert "Ask Ida in IT to give you access." in ask(desk, ASK, "stranger").text
    assert "请找 Ida in IT 开通权限" in ask(desk, "今天打给谁", "stranger").text
