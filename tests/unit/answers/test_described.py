"""Plans in a few words: on buttons, in questions back and in refusals; and the examples that help gives."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
from selling_company import PLAIN, TODAY, days, fill, only, sound
from selling_company import plan as figures

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant import kinds
from assistant.desk import Desk
from assistant.plans import Choice
from assistant.question import Answer, Language
from prompts.renderer import ANSWERS

MODEL = read_model()
LANGUAGES = [Language.EN, Language.ZH_HANS, Language.ZH_HANT]
UNDERSTANDING = Path(__file__).parents[3] / "assistant" / "understanding"

WEEK, OCTOBER, NOVEMBER = (
    days("2026-11-16", "2026-11-23", "week"),
    days("2026-10-01", "2026-11-01"),
    days("2026-11-01", "2026-12-01"),
)
DAY = {"start": "2026-11-23", "end": "2026-11-24", "label": "today"}
EAST, SEARCH = only("region", "East"), only("channel", "Search 搜索")
WEEKLY = {"kind": "summary", "period": WEEK, "whose": "my_team"}
CLOSING = {"name": "expected_close_on", "op": "during", "period": days("2026-11-23", "2026-11-30", "week")}
OVER_50K = {"name": "amount", "op": "more_than", "values": [50_000]}


def why(**more: Any) -> dict[str, Any]:
    return {"kind": "why", "kpi": "revenue", "period": WEEK, "comparison": {"kind": "previous"}, **more}


def ahead(**more: Any) -> dict[str, Any]:
    return {"kind": "forecast", "kpi": "revenue", "period": NOVEMBER, **more}


def sent(**more: Any) -> dict[str, Any]:
    return {"kind": "subscribe", "schedule": {"every": "week", "weekday": 1}, **more}


def of(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, **more}


SAID: list[tuple[dict[str, Any], str, str]] = [
    (figures(dimensions=["region"]), "Revenue by region, Oct 2026", "2026年10月各区域的销售额"),
    (
        figures("revenue", "orders", filters=[only("channel", "Search 搜索", "Direct", op="not_in")], whose="my_team"),
        "Revenue and orders, Oct 2026, channel not Search 搜索 or Direct, your team",
        "2026年10月您团队、渠道不含Search 搜索和Direct的销售额和订单数",
    ),
    (
        figures("win_rate", dimensions=["rep"], having=[{"kpi": "win_rate", "op": "less_than", "values": [0.2]}]),
        "Win rate by rep, Oct 2026, under 20%",
        "2026年10月各销售的赢单率，低于 20%",
    ),
    (
        figures(dimensions=["team"], order={"by": "revenue"}, limit=1, as_chart=True),
        "Revenue by team, Oct 2026, the highest one, as a chart",
        "2026年10月各团队的销售额，最高的一个，用图表看",
    ),
    (
        why(filters=[EAST]),
        "Why revenue changed, 16–22 Nov 2026 (week 47), region East, against the week before",
        "2026年11月16日至22日（第47周）区域为East的销售额为什么变化，环比",
    ),
    (ahead(against_target=True), "Forecast of revenue, Nov 2026, against the target", "2026年11月销售额预测，与目标比"),
    (
        ahead(suppose_won=3, whose="me"),
        "Forecast of revenue if the 3 largest open deals are won, Nov 2026, your own",
        "2026年11月您的销售额预测（假设金额最大的 3 个在途商机赢单）",
    ),
    (WEEKLY, "Weekly summary, 16–22 Nov 2026 (week 47), your team", "2026年11月16日至22日（第47周）您团队的周报"),
    (
        of("summary", rhythm="month", period=OCTOBER, form="bulletin", filters=[EAST]),
        "Monthly bulletin, Oct 2026, region East",
        "2026年10月区域为East的月度简报",
    ),
    (
        of("funnel", period=OCTOBER, stage="proposal", dimensions=["channel"]),
        "Sales funnel by channel, stage proposal, Oct 2026",
        "2026年10月各渠道的销售漏斗（方案报价阶段）",
    ),
    (
        of("spend", period=OCTOBER, filters=[SEARCH]),
        "Marketing spend and what it returns, Oct 2026, channel Search 搜索",
        "2026年10月渠道为Search 搜索的投放和回报",
    ),
    (
        of("spend", about="plan", budget=500_000, period=NOVEMBER),
        "How to divide a budget of ¥500,000 among channels, Nov 2026",
        "2026年11月¥50万市场预算怎么分配到各渠道",
    ),
    (
        of("cost", view="heat_map", period=OCTOBER, dimensions=["channel"]),
        "Cost heat map by channel, Oct 2026",
        "2026年10月各渠道的成本热力图",
    ),
    (
        of("cost", view="pools", period=OCTOBER, filters=[only("cost_pool", "commission")]),
        "Sales cost, Oct 2026, cost pool commission",
        "2026年10月费用科目为销售提成的销售费用",
    ),
    (
        of("agreed", action="add", text="call the ten stuck deals", who="rep:R2", due_on="2026-11-27"),
        "Keep as agreed: “call the ten stuck deals”, for 张伟, until Fri 27 Nov",
        "记下约定：“call the ten stuck deals”，张伟负责，11月27日周五前",
    ),
    (of("agreed", state="overdue", who="me"), "Overdue tasks, for me", "我逾期的约定"),
    (of("close", action="close", month="2026-10"), "Close Oct 2026", "2026年10月关账"),
    (of("leads", day=DAY, owner="my_team", limit=5), "Leads my team should call today, the first 5", "我团队今天该打的线索，前 5 条"),
    (
        of("leads", day=DAY, owner="rep:R2", filters=[SEARCH], limit=1),
        "Leads 张伟 should call today, from Search 搜索, the best one",
        "张伟今天该打、渠道为Search 搜索的线索，最好的一条",
    ),
    (
        of("leads", day=DAY, purpose="list", owner=None, filters=[{"name": "days_since_contact", "op": "at_least", "values": [14]}]),
        "Open leads, not contacted for 14 days or more, or never",
        "至少 14 天没联系（含从未联系）的跟进中线索",
    ),
    (
        of("deals", filters=[OVER_50K, CLOSING], order={"by": "amount"}, limit=10, whose="my_team"),
        "Open deals of your team, over ¥50,000, expected to close 23–29 Nov 2026 (week 48), largest first, the first 10",
        "您团队金额超过¥5万、2026年11月23日至29日（第48周）预计成交的在途商机，按金额从大到小，前 10 个",
    ),
    (of("deals", state="lost", whose="me"), "Lost deals of yours", "您名下的丢单商机"),
    (of("customers", filters=[EAST], limit=20), "Customers, in East, the first 20", "区域为East的客户，前 20 家"),
    (of("customer", customer="C1", about="health"), "Health of 恒瑞汽车", "恒瑞汽车的健康度和流失风险"),
    (of("deal", deal="O12345", about="price", discount=0.05), "Price advice (5% off) on the deal O12345", "商机 O12345 的报价建议（让利 5%）"),
    (of("deal", customer="C2", about="negotiation"), "Negotiation advice on the deal with Harbor Pharma", "Harbor Pharma的商机谈判建议"),
    (of("experiment", experiment="Script B", kpi="win_rate"), "Result of the pilot “Script B”, win rate", "试点“Script B”的效果，看赢单率"),
    (of("experiment", about="list"), "Which pilots there are", "有哪些试点"),
    (of("model", model="lead_score"), "Quality of the lead score", "线索评分准不准"),
    (of("model", about="version"), "Version of the models", "各模型用的是哪个版本"),
    (of("data", about="freshness", table="orders"), "How fresh the data on order lines are", "订单行数据更新到什么时候"),
    (of("data", about="lineage", kpi="revenue"), "Where the data behind revenue come from", "销售额背后的数据从哪里来"),
    (of("playbook", words="谁负责线索分配", about="roles"), "Playbook, who does what: “谁负责线索分配”", "手册里的分工：“谁负责线索分配”"),
    (of("training", action="quiz", topic="pricing"), "Quiz on pricing", "pricing小测验"),
    (sent(what=WEEKLY), "Weekly summary, your team, sent every Monday at 09:00", "每周一 09:00 发送：您团队的周报"),
    (
        sent(schedule={"every": "workday", "at": "08:30"}, to="channel:sales", only_when_off=True),
        "What was shown last, sent to #sales every working day at 08:30, only when something is off",
        "每个工作日 08:30 把刚才的内容发到 #sales，仅在有异常时",
    ),
    (
        sent(what=of("deals", filters=[OVER_50K]), schedule={"every": "month", "day": 1}, to="here"),
        "Open deals, over ¥50,000, sent to this channel on day 1 of every month at 09:00",
        "每月 1 日 09:00 发送到本频道：金额超过¥5万的在途商机",
    ),
    (
        sent(what=figures(dimensions=["region"]), schedule={"every": "fortnight", "weekday": 5}),
        "Revenue by region, sent every other Friday at 09:00",
        "隔周周五 09:00 发送：各区域的销售额",
    ),
    (of("subscribe", action="pause"), "Pause all subscriptions", "暂停所有订阅"),
    (of("subscribe", action="change", schedule={"every": "day"}), "Change the subscription; new time: every day at 09:00", "修改订阅，改为每天 09:00"),
    (of("define", kpi="cac"), "What customer acquisition cost means", "什么是获客成本"),
    (of("define"), "Which KPIs there are", "有哪些指标"),
    (of("help"), "What I can ask", "我能问什么"),
]  # fmt: skip

VARIANTS: list[dict[str, Any]] = [
    *(why(comparison={"kind": kind}) for kind in ("last_year", "last_year_aligned", "baseline", "target")),
    why(comparison={"kind": "custom", "period": OCTOBER}, dimensions=["team"], whose="rep:R1"),
    *(
        figures(period=days(start, end, grain), comparison={"kind": "previous"}, whose="team:T1")
        for start, end, grain in (
            ("2026-11-20", "2026-11-21", "day"), ("2026-07-01", "2026-10-01", "quarter"), ("2026-01-01", "2026-07-01", "half"),
            ("2025-01-01", "2026-01-01", "year"), ("2026-11-02", "2026-11-12", None),
        )
    ),
    figures(grain="week", running=True), figures(dimensions=["region"], share=True, order={"by": "revenue", "descending": False}),
    *(
        figures(dimensions=["rep"], having=[{"kpi": "revenue", "op": op, "values": [1, 2] if op == "between" else [1]}])
        for op in ("at_least", "at_most", "more_than", "less_than", "between")
    ),
    ahead(suppose_won=1, grain="month", dimensions=["region"]),
    *(
        of("summary", rhythm=rhythm, form=form, period=OCTOBER, whose="company")
        for rhythm in ("day", "week", "month", "quarter", "year") for form in ("summary", "bulletin", "review", "diagnosis")
    ),
    of("funnel", period=OCTOBER, comparison={"kind": "last_year"}), of("spend", period=OCTOBER), of("spend", about="plan", period=NOVEMBER),
    *(of("cost", view=view, period=OCTOBER) for view in ("activities", "heat_map", "value_map", "pools", "budget")),
    *(
        of("leads", day=DAY, purpose="list", owner=owner, state=state, order={"by": "created_at"}, limit=1)
        for owner, state in ((None, "open"), ("me", "converted"), ("my_team", "lost"), ("everyone", "all"), ("rep:R1", "open"))
    ),
    *(of("leads", day=DAY, owner=owner) for owner in ("me", "everyone", "rep:R404")),
    *(of("deals", state=state, whose="rep:R3", limit=1) for state in ("won", "withdrawn", "all")), of("customers", whose="me", limit=1),
    of("customers", filters=[{"name": "no_such_column", "op": "known"}], order={"by": "no_such_column"}),
    *(of("customer", customer="C404", about=about) for about in ("overview", "value", "advice", "history")),
    of("deal", customer="C1", discount=0.1), of("deal", deal="N1", customer="C1"),
    of("experiment"), of("experiment", about="size", kpi="no_such_kpi"),
    *(
        of("model", about=about, model=model)
        for about in ("quality", "version", "reasons", "fairness")
        for model in ("customer_value", "clv", "churn", "forecast", "sentiment", "price", None)
    ),
    *(of("data", about=about, table="no_such_table") for about in ("quality", "freshness", "lineage", "duplicates")), of("data"),
    *(of("playbook", words="?", about=about) for about in ("definition", "steps", "checklist", "example", "template", None)),
    *(of("training", action=action) for action in ("start", "next", "quiz", "progress", "team")), of("training", topic="pricing"),
    *(of("subscribe", action=action, what=what) for action in ("list", "resume", "stop", "pause") for what in (None, WEEKLY)),
    *(sent(schedule={"every": every}) for every in ("day", "workday", "week", "fortnight", "month", "quarter")),
    sent(schedule={"every": "quarter", "day": 5}, to="here"),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The selling company with an open deal and an open lead of Anna's."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('described')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    deal = {
        "opportunity_id": "N1", "customer_id": "C1", "owner_rep_id": "R1", "product_id": "PR1", "amount": 120_000,
        "expected_close_on": date(2026, 11, 27), "stage": "qualified", "outcome": "open",
    }  # fmt: skip
    lead = {"lead_id": "Q1", "company": "Quick Ltd", "owner_rep_id": "R1", "channel_id": "CH1", "status": "open"}
    at = datetime(2026, 11, 2, 2, tzinfo=UTC)
    with warehouse.load("crm", datetime(2026, 11, 23, 4, tzinfo=UTC)) as load:
        load.put("opportunities", pd.DataFrame([{**deal, "created_at": at}]))
        load.put("leads", pd.DataFrame([{**lead, "created_at": at}]))
        called = {"activity_id": "X1", "rep_id": "R1", "lead_id": "Q1", "kind": "call", "happened_at": at}
        load.put("activities", pd.DataFrame([called]))
    yield Desk(warehouse, MODEL, today=TODAY)
    warehouse.close()


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


def back(*choices: dict[str, Any], reason: str = "which_kpi", words: tuple[str, ...] = ()) -> dict[str, Any]:
    """A question back with these choices."""
    return {"kind": "clarify", "reason": reason, "words": list(words), "choices": list(choices)}


def label(desk: Desk, plan: dict[str, Any], language: Language) -> str:
    """What the button of a plan says."""
    other = {"kind": "define"} if plan["kind"] != "define" else {"kind": "help"}
    choices = sound(desk, back(plan, other), language).choices
    found = [choice["label"] for choice in choices if choice["plan"]["kind"] == plan["kind"]]
    assert len(found) == 1
    return str(found[0])


# --- any plan in words


@pytest.mark.parametrize(("plan", "english", "chinese"), SAID, ids=[english for _, english, _ in SAID])
def test_a_plan_is_said_in_a_few_words(desk: Desk, plan: dict[str, Any], english: str, chinese: str) -> None:
    assert label(desk, plan, Language.EN) == english
    assert label(desk, plan, Language.ZH_HANS) == chinese


def test_every_kind_of_plan_has_its_words() -> None:
    assert {plan["kind"] for plan, _, _ in SAID} == {kind.model_fields["kind"].default for kind in get_args(Choice)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_variant_of_a_plan_leaves_a_gap_in_its_words(desk: Desk, language: Language) -> None:
    for plan in VARIANTS:
        said = label(desk, plan, language)
        assert said == said.strip(" ,，、;"), plan
        assert not re.search(r"None|  |,,|, ,|，，|、，|的的|“”|\( |\bof ?,", said), said


def test_a_traditional_asker_reads_traditional_words_and_names_as_they_are(desk: Desk) -> None:
    assert label(desk, of("customer", customer="C1", about="health"), Language.ZH_HANT) == "恒瑞汽车的健康度和流失風險"


def test_people_of_one_name_are_told_apart_by_id(tmp_path: Path) -> None:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    with warehouse.load("more", None) as load:
        load.put("reps", pd.DataFrame([{"rep_id": "R7", "name": "张伟", "active": True}]))
    assert label(Desk(warehouse, MODEL), why(whose="rep:R2"), Language.EN).startswith("Why revenue changed")
    assert "张伟 (R2)" in label(Desk(warehouse, MODEL), why(whose="rep:R2"), Language.EN)


# --- questions back


def _reasons(plan: str, *, places: Path = UNDERSTANDING) -> set[str]:
    """Every reason that the understanding gives a question back or a refusal."""
    written = re.compile(rf"{plan}\(\s*reason=\"(\w+)\"")
    return {reason for file in places.rglob("*.py") for reason in written.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize("folder", ["en", "zh"])
@pytest.mark.parametrize(("plan", "template"), [("Clarify", "clarify"), ("Refuse", "refuse")])
def test_every_reason_has_a_sentence_of_its_own(plan: str, template: str, folder: str) -> None:
    source = (ANSWERS / folder / f"{template}.md.j2").read_text("utf-8")
    found = _reasons(plan)
    assert len(found) > 4
    assert {reason for reason in found if f'reason == "{reason}"' not in source} == set()


CLARIFIED = sorted(
    _reasons("Clarify") | {"several_customers", "group_or_subsidiary", "no_leads_of_own", "no_team_of_own"}
)
ABOUT = [
    figures(),
    why(),
    of("leads", day=DAY, owner="everyone"),
    of("deals"),
    of("customers"),
    of("subscribe", action="list"),
]


@pytest.mark.parametrize("reason", CLARIFIED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_back_reads_well_about_anything_with_and_without_words(
    desk: Desk, reason: str, language: Language
) -> None:
    for about in ABOUT:
        for words in ((), ("qwertz",), ("a", "b")):
            answer = sound(desk, back(about, {"kind": "define"}, reason=reason, words=words), language)
            assert answer.route == "clarify"
            assert re.fullmatch(r".*[.?:。？：]", answer.headline), answer.headline
            assert not re.search(r"None|  |\*\*|“”|\(\)|（）", answer.headline), answer.headline


def test_what_was_not_read_is_named_with_what_was(desk: Desk) -> None:
    asked = back(of("deals"), {"kind": "help"}, reason="unread_words", words=("shiny",))
    assert sound(desk, asked).headline == "I read a question about deals, but not “shiny”. Shall I leave that out?"
    chinese = sound(desk, asked, Language.ZH_HANS).headline
    assert chinese == "您问的是商机名单，但“shiny”没看懂。 先不管这部分，可以吗？"
    asked = back(why(), {"kind": "help"}, reason="unread_words", words=("shiny",))
    assert sound(desk, asked).headline.startswith("I read a question about why revenue changed, but not “shiny”.")


# --- refusals


def refused(reason: str, **more: Any) -> dict[str, Any]:
    return {"kind": "refuse", "reason": reason, **more}


def offered(answer: Answer) -> list[str]:
    """The questions that an answer says work."""
    lines = [line for line in answer.text.splitlines() if line.startswith(("What works", "可以这样问"))]
    return [words for line in lines for words in re.findall("[“「](.+?)[”」]", line)]


def test_what_is_not_installed_says_what_was_understood_and_what_works(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(kinds._RUNS, "why", raising=False)
    answer = sound(desk, why(filters=[EAST]))
    assert answer.route == "refuse"
    assert answer.plan["kind"] == "why"
    said = "Why revenue changed, 16–22 Nov 2026 (week 47), region East, against the week before"
    assert answer.headline == f"Understood: {said}. This is not available on this installation yet."
    assert answer.reading == f"Read as: {said}."
    assert "What works now: leads to call, deals, customers" in answer.text
    chinese = sound(desk, why(filters=[EAST]), Language.ZH_HANS)
    assert "区域为East的销售额为什么变化，环比" in chinese.headline
    assert "尚未上线" in chinese.headline


@pytest.mark.parametrize(
    "understood", [None, {}, {"kind": "martian"}, {"kind": "why"}, {"kind": "compound", "parts": []}]
)
def test_an_understood_plan_of_unknown_shape_is_left_unsaid(desk: Desk, understood: Any) -> None:
    answer = sound(desk, refused("not_yet", understood=understood))
    assert answer.headline == "This is not available on this installation yet."


@pytest.mark.parametrize(
    ("plan", "english", "chinese"),
    [
        (
            refused("unknown_name", words=["Hengrai"], offers=["恒瑞汽车", "Harbor Pharma"]),
            "I know no customer, colleague, team, region or product called “Hengrai”. Close: “恒瑞汽车”, “Harbor Pharma”.",
            "没有叫“Hengrai”的客户、同事、团队、区域或产品。相近的有：“恒瑞汽车”、“Harbor Pharma”。",
        ),
        (
            refused("unknown_metric", words=["NPS"], kpis=["csat"]),
            "There is no KPI called “NPS” here. Nearest: customer satisfaction.",
            "这里没有“NPS”这项指标。相近的有：客户满意度。",
        ),
        (
            refused("not_offered", words=["件单价"], kpis=["aov"]),
            "I do not compute “件单价”, and I make no guess from other figures. Nearest: average order value.",
            "“件单价”不在可查询的指标里，我也不会用别的数字去推算。相近的有：笔单价。",
        ),
        (
            refused("out_of_scope", words=["weather"]),
            "I only answer about this company's sales: its leads, deals, customers and KPIs.",
            "我只回答本公司的销售问题：线索、商机、客户和各项指标。",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_nearest(desk: Desk, plan: dict[str, Any], english: str, chinese: str) -> None:
    assert sound(desk, plan).headline == english
    assert sound(desk, plan, Language.ZH_HANS).headline == chinese


REFUSED = sorted(_reasons("Refuse") | {"unknown_metric", "not_offered", "unowned_rows", "future_period", "no_live_figures", "not_your_rows", "bad_plan"})  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("as_", ["rep:R1", "manager:M1", "exec:P8", "trainee:P10"])
def test_every_refusal_reads_well_and_what_it_says_works_does(
    desk: Desk, reason: str, language: Language, as_: str
) -> None:
    for more in ({}, {"words": ["qwertz"], "kpis": ["revenue"], "offers": ["Harbor"]}):
        answer = sound(desk, refused(reason, **more), language, as_)
        assert answer.route == "refuse"
        assert re.search(r"[.。？]$", answer.headline), answer.headline
        assert not re.search(r"None|  |“”|\(\)|（）| \.", answer.headline), answer.headline
        for words in offered(answer):
            if as_.startswith("trainee") and reason in ("future_period", "not_your_rows"):
                continue  # never said to trainees
            assert sound(desk, words, None, as_).route not in ("refuse", "clarify"), (reason, words)


# --- help


@pytest.mark.parametrize(
    "as_", ["rep:R1", "manager:M1", "manager:M2", "manager:M3", "exec:P8", "admin:P9", "trainee:P10"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_help_is_answered(desk: Desk, as_: str, language: Language) -> None:
    answer = sound(desk, {"kind": "help"}, language, as_)
    examples = [item["question"] for item in answer.items]
    assert 6 <= len(examples) <= 8
    assert len(set(examples)) == len(examples)
    for example in examples:
        assert f"“{example}”" in answer.text or f"「{example}」" in answer.text
        assert sound(desk, example, None, as_).route not in ("refuse", "clarify"), example


@pytest.mark.parametrize(
    ("as_", "named"),
    [("rep:R1", "Search 搜索"), ("manager:M1", "Anna Ash"), ("manager:M2", "陈静"), ("exec:P8", "East")],
)
def test_help_speaks_of_the_asker_s_own_company(desk: Desk, as_: str, named: str) -> None:
    for language in (Language.EN, Language.ZH_HANS):
        assert any(named in item["question"] for item in sound(desk, {"kind": "help"}, language, as_).items)


def test_help_fits_one_screen_and_counts_the_kpis(desk: Desk) -> None:
    for as_ in ("rep:R1", "manager:M1", "exec:P8", "trainee:P10"):
        answer = sound(desk, {"kind": "help"}, Language.EN, as_)
        assert len(answer.text.splitlines()) <= 20
        assert f"“which KPIs are there” ({len(MODEL.kpis)} of them)" in answer.text
        assert f"共 {len(MODEL.kpis)} 项" in sound(desk, {"kind": "help"}, Language.ZH_HANS, as_).text


def test_a_manager_without_a_team_is_offered_what_a_manager_without_a_team_can_ask(desk: Desk) -> None:
    examples = [item["question"] for item in sound(desk, {"kind": "help"}, Language.EN, "manager:P11").items]
    assert examples
    assert all(sound(desk, example, None, "manager:P11").route == "define" for example in examples)


def test_a_company_without_deals_and_orders_is_offered_neither(small_company: Warehouse) -> None:
    answer = sound(Desk(small_company, MODEL), {"kind": "help"}, Language.EN, "manager:M1")
    examples = [item["question"] for item in answer.items]
    assert "Which leads should my team call today?" in examples
    assert not any(word in " ".join(examples) for word in ("Deals", "order", "evenue"))


@pytest.mark.parametrize("language", [Language.EN, Language.ZH_HANS])
def test_a_kind_that_is_installed_later_is_offered_in_words_that_are_understood(
    desk: Desk, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming = ("why", "forecast", "summary", "playbook", "training")
    monkeypatch.setattr(kinds, "KINDS", tuple((kind, kinds.help.run) for kind in coming))
    for as_ in ("rep:R1", "manager:M1", "exec:P8", "trainee:P10"):
        items = sound(desk, {"kind": "help"}, language, as_).items
        assert items
        for item in items:
            plan = sound(desk, item["question"], None, as_).plan
            assert plan["kind"] in coming, item
