"""Questions for lists of leads, deals and customers, and for one account or deal -> plans."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analytics.semantic import read_model
from assistant.plans import Clarify, CustomerCard, CustomerList, DealAdvice, DealList, LeadList, Plan
from assistant.understanding import Context, understand
from assistant.understanding.lexicon import Lexicon

NAMES = [
    ("anna ash", "rep:R1"),
    ("王芳", "rep:R8"),
    ("王芳", "rep:R9"),
    ("east", "value:region:East"),
    ("华东", "value:region:East"),
    ("south", "value:region:South"),
    ("search", "value:channel:Search"),
    ("搜索", "value:channel:Search"),
    ("pharma", "value:industry:Pharma"),
    ("energy", "value:industry:Energy"),
    ("silver forge", "value:customer:C00012"),
    ("银锻", "value:customer:C00012"),
    ("red machinery", "value:customer:C00013"),
    ("red machinery", "value:customer:C00014"),
    ("suzhou", "city:Suzhou"),
]
CONTEXT = Context(Lexicon(NAMES, read_model()), read_model(), date(2026, 11, 23))


def read(text: str) -> Plan:
    return understand(text, CONTEXT)


def conditions(text: str) -> list[tuple[Any, ...]]:
    """(column, op, values or first and last day) of each filter."""
    plan = read(text)
    assert isinstance(plan, LeadList | DealList | CustomerList), plan
    return sorted(
        (one.name, one.op, (one.period.start, one.period.end) if one.period else one.values) for one in plan.filters
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("customers with no order for 6 months", ("at_least", (180,))),
        ("customers that have not bought anything in the last 3 months", ("at_least", (90,))),
        ("半年没下单的客户", ("at_least", (180,))),
        ("30天内没有下单的客户", ("at_least", (30,))),
        ("沉睡客户，6个月没下单的", ("at_least", (180,))),
        ("休眠超过6个月的客户", ("more_than", (180,))),
        ("距上次下单不超过30天的客户", ("at_most", (30,))),
        ("customers with no order since October", ("more_than", (53,))),
    ],
)
def test_without_an_order_for_so_long_is_that_many_days_or_more(text: str, days: tuple[Any, ...]) -> None:
    assert conditions(text) == [("days_since_order", *days)]


@pytest.mark.parametrize("text", ["dormant customers", "沉默客户有哪些", "leads gone cold", "deals without activity"])
def test_how_long_silent_is_asked_where_nobody_says_it(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, Clarify)
    assert plan.reason == "how_long"
    assert len(plan.choices) == 3


@pytest.mark.parametrize("text", ["customers we never contacted", "没联系过的客户", "从来没有联系过的客户"])
def test_never_contacted_has_no_last_contact(text: str) -> None:
    assert conditions(text) == [("last_contact_at", "unknown", ())]


@pytest.mark.parametrize("text", ["customers that ordered in August", "8月下过单的客户"])
def test_orders_of_a_past_month_are_not_taken_for_last_orders(text: str) -> None:
    assert not isinstance(read(text), CustomerList)


def test_the_last_order_may_lie_in_a_past_month() -> None:
    assert conditions("customers who last ordered in August") == [
        ("last_order_at", "during", ("2026-08-01", "2026-09-01"))
    ]


@pytest.mark.parametrize("text", ["deals closing in December", "预计12月成交的商机"])
def test_a_close_in_a_month_without_a_year_is_still_to_come(text: str) -> None:
    assert conditions(text) == [("expected_close_on", "during", ("2026-12-01", "2027-01-01"))]


@pytest.mark.parametrize("text", ["deals closing this month", "本月要成交的商机", "本月预计成交的商机"])
def test_what_closes_this_month_may_close_in_the_rest_of_it(text: str) -> None:
    assert conditions(text) == [("expected_close_on", "during", ("2026-11-01", "2026-12-01"))]


@pytest.mark.parametrize("text", ["deals won this month", "本月成交的商机"])
def test_what_was_won_this_month_was_won_so_far(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, DealList)
    assert plan.state == "won"
    assert conditions(text) == [("closed_at", "during", ("2026-11-01", "2026-11-24"))]


def test_closed_deals_may_be_won_or_lost() -> None:
    plan = read("deals closed last month")
    assert isinstance(plan, Clarify)
    assert [one.state for one in plan.choices if isinstance(one, DealList)] == ["won", "lost", "all"]


@pytest.mark.parametrize("text", ["deals in proposal for more than 30 days", "卡在方案报价阶段超过30天的商机"])
def test_days_beside_a_stage_are_days_in_it(text: str) -> None:
    assert conditions(text) == [("days_in_stage", "more_than", (30,)), ("stage", "in", ("proposal",))]


@pytest.mark.parametrize("text", ["deals stuck in proposal", "卡在方案报价阶段的商机"])
def test_stuck_deals_are_listed_by_how_long_they_are_stuck(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, DealList)
    assert plan.order is not None
    assert (plan.order.by, plan.order.descending) == ("days_in_stage", True)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("our largest open deal", ("amount", True, 1)),
        ("最大的商机是哪个", ("amount", True, 1)),
        ("the 5 oldest deals", ("age_days", True, 5)),
        ("deals sorted by expected close date, earliest first", ("expected_close_on", False, None)),
        ("最久没下单的10个客户", ("days_since_order", True, 10)),
        ("big deals", ("amount", True, None)),
    ],
)
def test_the_order_and_the_length_are_those_asked_for(text: str, order: tuple[Any, ...]) -> None:
    plan = read(text)
    assert isinstance(plan, DealList | CustomerList), plan
    assert plan.order is not None
    assert (plan.order.by, plan.order.descending, plan.limit) == order


@pytest.mark.parametrize(
    "text", ["leads not from Search", "leads except Search", "非搜索渠道的线索", "线索，搜索渠道的除外"]
)
def test_a_channel_that_is_left_out_is_left_out(text: str) -> None:
    assert conditions(text) == [("channel", "not_in", ("Search",))]


def test_either_of_two_industries_is_both() -> None:
    assert conditions("leads in pharma or energy") == [("industry", "in", ("Pharma", "Energy"))]


@pytest.mark.parametrize(
    ("text", "purpose", "owner"),
    [
        ("which Search leads should I call today", "call", "me"),
        ("今天该打哪些搜索来的线索", "call", "me"),
        ("list open leads from Search", "list", None),
        ("my Search leads", "list", "me"),
        ("open leads", "list", None),
        ("my leads", "call", "me"),
    ],
)
def test_whom_to_call_is_told_from_a_list(text: str, purpose: str, owner: str | None) -> None:
    plan = read(text)
    assert isinstance(plan, LeadList)
    assert (plan.purpose, plan.owner) == (purpose, owner)


@pytest.mark.parametrize(
    "text",
    [
        "which Search leads did I call today",
        "who should call the Search leads",
        "call my Search leads",
        "14天没跟进的线索分给王芳",
        "deals closing this week by team",
        "worst deals",
    ],
)
def test_what_is_no_list_is_not_answered_with_one(text: str) -> None:
    assert not isinstance(read(text), LeadList | DealList)


@pytest.mark.parametrize("text", ["deals of 王芳", "王芳的商机"])
def test_two_colleagues_of_one_name_are_asked_about(text: str) -> None:
    plan = read(text)
    assert isinstance(plan, Clarify)
    assert [one.whose for one in plan.choices if isinstance(one, DealList)] == ["rep:R8", "rep:R9"]


def test_a_city_is_a_condition_on_customers() -> None:
    assert conditions("customers in Suzhou, size L") == [("city", "in", ("Suzhou",)), ("size_band", "in", ("L",))]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("tell me about Silver Forge", "overview"),
        ("is Silver Forge at risk of leaving us", "health"),
        ("how much is Silver Forge worth to us", "value"),
        ("银锻接下来怎么做，给点建议", "advice"),
        ("银锻买过什么", "history"),
    ],
)
def test_one_account_is_asked_about_from_every_side(text: str, about: str) -> None:
    assert read(text) == CustomerCard(customer="C00012", about=about)  # type: ignore[arg-type]


def test_customers_of_one_name_are_asked_about() -> None:
    plan = read("tell me about Red Machinery")
    assert isinstance(plan, Clarify)
    assert [one.customer for one in plan.choices if isinstance(one, CustomerCard)] == ["C00013", "C00014"]


@pytest.mark.parametrize(
    ("text", "discount"),
    [
        ("can I give Silver Forge 5% off", 0.05),
        ("银锻这单能打九五折吗", 0.05),
        ("银锻要我们让三个点，能让吗", 0.03),
        ("what price should I quote Silver Forge", None),
    ],
)
def test_a_discount_is_the_share_off_the_price(text: str, discount: float | None) -> None:
    assert read(text) == DealAdvice(customer="C00012", about="price", discount=discount)


@pytest.mark.parametrize("text", ["negotiation tips for O12712", "O12712 怎么谈"])
def test_a_deal_is_named_by_its_id(text: str) -> None:
    assert read(text) == DealAdvice(deal="O12712", about="negotiation")


def test_a_discount_for_nobody_is_asked_about() -> None:
    plan = read("can i give 5% off")
    assert isinstance(plan, Clarify)
    assert plan.reason == "which_deal"
