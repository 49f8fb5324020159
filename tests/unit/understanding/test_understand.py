"""Words -> one typed plan, a question back, or a refusal; the same in every language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from analytics.semantic import read_model
from assistant.plans import Clarify, Help, LeadList, Plan, Refuse
from assistant.question import Language
from assistant.understanding import Context, understand
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.normalise import language_of, normalise

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)

TODAY = date(2026, 11, 23)
LEXICON = Lexicon(
    [
        ("anna ash", "rep:R1"),
        ("anna", "rep:R1"),
        ("张伟", "rep:R2"),
        ("陈静", "rep:R3"),
        ("陈静", "rep:R4"),
        ("may", "rep:R5"),
        ("today", "rep:R6"),
    ],
    read_model(),
)
MODEL = read_model()
CONTEXT = Context(LEXICON, MODEL, TODAY)


def read(text: str) -> Plan:
    return understand(text, CONTEXT)


CALL_LIST = """
which leads should I call today
Which leads should I call today?
who should I call today
who do I ring first this morning
Hey, please give me my call list
show me my leads
leads to call
what leads are worth calling today
which prospects should I follow up with now
今天我该给哪些线索打电话
今天我该给哪些线索打电话？
今天该联系谁
今天应该跟进哪些潜在客户
给我今天的电话名单
早上好，今天先打给谁？
哪些线索最值得今天打
今天我該給哪些線索打電話
今天應該打給哪些名單
今天該聯絡哪些潛在客戶？
請列出我今天要跟進的名單
Morning! who do I ring first today ☕
Which prospects are worth a call today?
Who do you recommend I contact today?
prioritize my leads for today
any good leads for me to call today?
推荐几个今天该打的线索
今天有哪些线索要打
我手上的线索今天先打哪些
早安～今天先打哪幾通電話？
gimme the leads to phone this morning
what are the best leads for me to call today
我的线索按优先级排一下
今天我该给谁打电话，谢谢啦
早安，今日致電名單麻煩你
先给谁打电话
今日應優先致電哪些潛客
今天优先跟进的线索
今日要打電話俾邊個名單
""".strip().splitlines()


@pytest.mark.parametrize("text", CALL_LIST[:-1])
def test_the_question_in_any_wording_or_language_is_one_plan(text: str) -> None:
    assert read(text) == read("which leads should I call today")
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert (plan.owner, plan.limit, plan.day.start, plan.day.end) == ("me", None, "2026-11-23", "2026-11-24")


def test_a_dialect_that_is_not_understood_is_asked_back_not_guessed() -> None:
    assert isinstance(read(CALL_LIST[-1]), Clarify)


@pytest.mark.parametrize(
    "text",
    [
        "top 5 leads",
        "my five best leads to call",
        "前5条线索",
        "今天最值得打的五条线索",
        "前５條線索",
        "今天先打五個名單",
    ],
)
def test_how_many_is_read_in_digits_and_words(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert plan.limit == 5


@pytest.mark.parametrize("text", ["all my leads", "give me every lead", "列出我全部线索", "我所有线索"])
def test_all_means_as_many_as_a_list_holds(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert plan.limit == 100


@pytest.mark.parametrize("text", ["which is my best lead", "my top lead today", "最好的一条线索"])
def test_the_best_one_is_one(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert plan.limit == 1


@pytest.mark.parametrize(
    ("text", "limit"), [("前一百条线索", 100), ("前十五条线索", 15), ("二十条线索", 20), ("前两条线索", 2)]
)
def test_chinese_numerals_are_counted(text: str, limit: int) -> None:
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert plan.limit == limit


@pytest.mark.parametrize(
    "text",
    [
        "leads worth ¥50",
        "leads worth 50",
        "top ¥5 leads",
        "top -5 leads",
        "top 10% leads",
        "前10%的线索",
        "which leads should I call at 9 am",
        "which leads should I call at 3 today",
        "lead 12",
        "线索12",
        "lead #7",
        "call lead 5 today",
        "next 5 leads",
        "再来五条线索",
        "we are 8 people, which leads should we call today",
        "我两个团队的线索",
        "leads 2026-11-23",
        "top 5.5 leads",
        "3.5 leads",
        "第3条线索",
    ],
)
def test_a_number_that_is_no_count_is_asked_back(text: str) -> None:
    assert isinstance(read(text), Clarify)


@pytest.mark.parametrize(
    "text",
    [
        "which leads have I called today?",
        "who have I called today",
        "leads I called",
        "my calls today",
        "which leads did I contact today",
        "我今天打了谁",
        "我今天打给了谁",
        "我今天打给谁了",
        "今天我给谁打电话了",
        "我今天联系了哪些线索",
        "今天打了电话吗",
        "张伟今天打了谁",
        "who called the most today",
        "who called me today",
    ],
)
def test_what_was_done_is_not_what_to_do(text: str) -> None:
    assert not isinstance(read(text), LeadList)


@pytest.mark.parametrize(
    "text",
    [
        "如何给线索打电话",
        "what time should I call my leads today?",
        "who should I contact for help?",
        "who do I call about this today",
        "instructions for calling leads",
        "who should call my leads today",
        "who has my leads",
        "谁负责我的线索",
        "今天谁给我打电话了",
        "call me now",
        "can you call my leads today",
        "leads in order of value",
        "which leads are worth the most?",
        "top 3 leads for each team",
        "leads by team",
        "show me more leads",
        "还有哪些线索",
        "which US leads should I call today",
        "which IT leads should I call today",
        "今天该给哪些公司打电话",
        "哪些公司的线索我该打",
        "which leads are likely to close today?",
        "give me an update on my leads",
        "which leads should Mark call today",
        "张伟团队今天该打哪些线索",
        "my and Anna Ash's leads",
        "which leads should everyone in my team call",
        "give Anna Ash my leads",
        "call my leads",
        "phone my top 3 leads",
        "帮我给线索打电话",
        "头条线索今天先打哪些",
        "which leads should they call today",
        "which leads should you call today",
        "do leads like calling",
        "team leads to call today",
        "which team should call today",
        "今天该联系张伟吗",
        "should I call Anna Ash today",
        "which webinar leads should I call today",
        "worst leads to call today",
        "谁今天要打给我",
        "誰今天要打給我",
        "谁今天该联系我",
        "谁今天该打给我们团队",
        "which leads will contact me today",
        "who leads my team?",
        "今天线索该给谁",
        "我的線索要給誰",
    ],
)
def test_another_question_about_leads_is_asked_back_not_answered(text: str) -> None:
    assert isinstance(read(text), Clarify)


def test_a_question_back_keeps_what_was_read() -> None:
    plan = read("which 5 leads should Anna Ash call tomorrow")
    assert isinstance(plan, Clarify)
    first = plan.choices[0]
    assert isinstance(first, LeadList)
    assert (first.owner, first.limit) == ("rep:R1", 5)


def test_a_name_made_of_words_of_ours_does_not_change_what_they_mean() -> None:
    lexicon = Lexicon([("12", "rep:X1"), ("top five", "rep:X2"), ("leads", "rep:X3")])
    for text, limit in (("top 12 leads of everyone", 12), ("top five leads of everyone", 5)):
        plan = understand(text, Context(lexicon, MODEL, TODAY))
        assert isinstance(plan, LeadList)
        assert (plan.owner, plan.limit) == ("everyone", limit)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("which leads should Anna Ash call today", "rep:R1"),
        ("anna ash's leads", "rep:R1"),
        ("who should Anna call today", "rep:R1"),
        ("张伟今天该打哪些线索", "rep:R2"),
        ("張偉今天該打哪些線索", "rep:R2"),
        ("which leads should my team call today", "my_team"),
        ("我团队今天该打哪些线索", "my_team"),
        ("top ten leads of the whole company", "everyone"),
        ("全公司前十条线索", "everyone"),
        ("show me everyone's leads", "everyone"),
    ],
)
def test_whose_leads_is_read(text: str, owner: str) -> None:
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert plan.owner == owner


def test_one_name_of_two_people_is_asked_back_with_a_plan_each() -> None:
    plan = read("陈静今天该打哪些线索")
    assert isinstance(plan, Clarify)
    assert [choice.owner for choice in plan.choices if isinstance(choice, LeadList)] == ["rep:R3", "rep:R4"]


def test_a_name_that_is_a_word_of_ours_stays_the_word() -> None:
    plan = read("which leads should I call today")
    assert isinstance(plan, LeadList)
    assert plan.owner == "me"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("which leads in Shanghai should I call today", "Shanghai"),
        ("上海有哪些线索今天要打", "上海"),
        ("which leads should I not call today", "not"),
        ("leads to call tomorrow", "tomorrow"),
        ("which leads should Zoe call today", "Zoe"),
        ("明天该打哪些线索", "明天"),
        ("how many leads do I have", "how many"),
        ("misleading leads to call", "misleading"),
        ("which customers' leads should I call today", "customers"),
    ],
)
def test_a_word_that_carries_meaning_and_finds_no_place_is_asked_back(text: str, word: str) -> None:
    plan = read(text)
    assert isinstance(plan, Clarify)
    assert any(word.lower() in found.lower() for found in plan.words)
    assert 2 <= len(plan.choices) <= 4


@pytest.mark.parametrize("text", ["top 0 leads", "top 500 leads", "5 or 10 leads"])
def test_a_number_that_no_list_holds_is_asked_back(text: str) -> None:
    assert isinstance(read(text), Clarify)


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "Hi!",
        "what can you do?",
        "你能做什么",
        "你好",
        "你能做什麼？",
        "怎么用",
        "你可以幫我做什麼？",
        "not sure how to use this bot, help pls",
    ],
)
def test_help_is_understood(text: str) -> None:
    assert read(text) == Help()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \u200b\u00a0 ", "empty"),
        ("???", "no_words"),
        ("12345", "no_words"),
        ("🙂", "no_words"),
        ("x" * 10_000, "too_long"),
        ("delete all leads", "read_only"),
        ("把这些线索删除", "read_only"),
        ("what is the weather in Paris", "out_of_scope"),
        ("写一首诗", "out_of_scope"),
        ("florbnik the grumpet", "not_understood"),
    ],
)
def test_what_cannot_be_answered_says_why(text: str, reason: str) -> None:
    plan = read(text)
    assert isinstance(plan, Refuse)
    assert plan.reason == reason


@pytest.mark.parametrize(
    "variant",
    [
        "WHICH LEADS SHOULD I CALL TODAY",
        "  which   leads should\tI call\ntoday  ",
        "today, which leads should I call",
        "please, which leads should I call today, thanks!",
        "ｗｈｉｃｈ ｌｅａｄｓ should I call today？",
        "which leads should I\u200b call today 🙂 :telephone_receiver:",
    ],
)
def test_order_politeness_case_width_and_punctuation_do_not_change_the_plan(variant: str) -> None:
    assert read(variant) == read("which leads should I call today")


@given(st.text(max_size=300))
def test_any_text_gives_a_plan(text: str) -> None:
    assert _PLAN.validate_python(read(text).model_dump(mode="json")) == read(text)


@given(st.text(alphabet="线索今天打电话我的前五条名单哪些 leadscaltoy5", max_size=30))
def test_scrambled_words_of_ours_give_a_plan(text: str) -> None:
    assert _PLAN.validate_python(read(text).model_dump(mode="json")) == read(text)


@pytest.mark.parametrize(
    ("text", "locale", "language"),
    [
        ("which leads", None, Language.EN),
        ("今天我该打给谁", None, Language.ZH_HANS),
        ("今天我該打給誰", None, Language.ZH_HANT),
        ("打到", None, Language.ZH_HANS),
        ("打到", "zh_TW", Language.ZH_HANT),
        ("???", "zh_CN", Language.ZH_HANS),
        ("???", None, Language.EN),
        ("which leads should 张伟 call today", None, Language.EN),
        ("今天 call 哪些 leads", None, Language.ZH_HANS),
        ("Tell me about 南京安恒", None, Language.EN),
        ("revenue of 上海天科 last year", None, Language.EN),
        ("上个月 revenue by 大区", None, Language.ZH_HANS),
        ("給我 East 的銷售額", None, Language.ZH_HANT),
    ],
)
def test_the_language_is_the_question_s_own(text: str, locale: str | None, language: Language) -> None:
    assert language_of(text, locale) is language


def test_a_text_that_fits_both_chinese_scripts_keeps_that_of_the_turn_before() -> None:
    assert language_of("那九月呢", None, Language.ZH_HANT) is Language.ZH_HANT
    assert language_of("那九月呢", "zh_TW", Language.ZH_HANS) is Language.ZH_HANS
    assert language_of("那九月呢", "zh_TW", Language.EN) is Language.ZH_HANT
    assert language_of("and September?", None, Language.ZH_HANT) is Language.EN


def test_normalising_twice_changes_nothing() -> None:
    for text in (*CALL_LIST, "ＴＯＰ　５", "資料；客戶", "Straße İstanbul"):
        assert normalise(normalise(text)) == normalise(text)
