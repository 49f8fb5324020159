"""Questions about figures -> plans; the table of wordings lies beside this file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import opencc
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.semantic.usual import usual_period
from assistant.plans import Clarify, ComparedWith, Compound, Define, Help, KpiQuery, LeadList, Plan, Refuse
from assistant.understanding import Context, understand

_TABLE = yaml.safe_load(Path(__file__).with_name("kpi_questions.yaml").read_text("utf-8"))
_TRADITIONAL = opencc.OpenCC("s2t")


def _rows() -> list[Any]:
    return [
        pytest.param(row["is"], text, id=f"{number}-{text}")
        for number, row in enumerate(_TABLE)
        for text in (*row["en"], *row["zh"], *(_TRADITIONAL.convert(zh) for zh in row["zh"]))
    ]


def _expected(told: dict[str, Any], context: Context) -> dict[str, Any]:
    """The row in full: what it leaves out is the plan's default."""
    kpi = context.model.kpis[told["kpis"][0]]
    label = usual_period(kpi, context.today).label if told["period"] == "usual" else told["period"]
    single = not any(told.get(name) for name in ("dimensions", "grain", "share", "running"))
    comparison = told.get("comparison", "usual" if single else None)
    return {
        "kpis": tuple(told["kpis"]),
        "period": label,
        "dimensions": tuple(told.get("dimensions", ())),
        "filters": [
            (given["name"], given.get("op", "in"), tuple(given["values"])) for given in told.get("filters", ())
        ],
        "grain": told.get("grain"),
        "comparison": kpi.comparison.default if comparison == "usual" else comparison,
        "order": told.get("order"),
        "limit": told.get("limit"),
        "share": told.get("share", False),
        "running": told.get("running", False),
        "whose": told.get("whose"),
    }


def _read(plan: Plan) -> dict[str, Any]:
    assert isinstance(plan, KpiQuery), plan
    return {
        "kpis": plan.kpis,
        "period": plan.period.label,
        "dimensions": plan.dimensions,
        "filters": [(given.name, given.op, given.values) for given in plan.filters],
        "grain": str(plan.grain) if plan.grain else None,
        "comparison": plan.comparison.kind if plan.comparison else None,
        "order": {"by": plan.order.by, "descending": plan.order.descending} if plan.order else None,
        "limit": plan.limit,
        "share": plan.share,
        "running": plan.running,
        "whose": plan.whose,
    }


@pytest.mark.parametrize(("told", "text"), _rows())
def test_every_wording_of_a_question_gives_its_one_plan(told: dict[str, Any], text: str, context: Context) -> None:
    assert _read(understand(text, context)) == _expected(told, context)


# --- definitions


@pytest.mark.parametrize(
    ("text", "kpi"),
    [
        ("what is marketing ROI", "marketing_roi"),
        ("What's CAC?", "cac"),
        ("what does CAC mean", "cac"),
        ("define win rate", "win_rate"),
        ("how is churn calculated", "churn_rate"),
        ("how do you calculate the win rate?", "win_rate"),
        ("什么是营销ROI", "marketing_roi"),
        ("获客成本是什么意思", "cac"),
        ("赢单率怎么算", "win_rate"),
        ("解释一下复购率", "repeat_purchase_rate"),
        ("客单价的口径是什么", "revenue_per_customer"),
        ("贏單率怎麼算的？", "win_rate"),
        ("which KPIs are there", None),
        ("list KPIs", None),
        ("有哪些指标", None),
        ("指標列表", None),
    ],
)
def test_what_a_kpi_means_is_no_figure(text: str, kpi: str | None, context: Context) -> None:
    assert understand(text, context) == Define(kpi=kpi)


@pytest.mark.parametrize(
    "text", ["what is our CAC", "what is the win rate", "what is marketing ROI this month", "赢单率是多少"]
)
def test_how_much_it_is_is_no_definition(text: str, context: Context) -> None:
    assert isinstance(understand(text, context), KpiQuery)


@pytest.mark.parametrize(
    ("text", "kpis"),
    [
        ("what's the difference between CAC and CPL", ["cac", "cost_per_lead"]),
        ("什么是转化率", ["lead_conversion_rate", "win_rate", "funnel_dropoff"]),
    ],
)
def test_a_definition_of_one_of_several_is_asked_back(text: str, kpis: list[str], context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify)
    assert [choice.kpi for choice in plan.choices if isinstance(choice, Define)] == kpis


# --- words of several meanings


@pytest.mark.parametrize(
    ("text", "kpis"),
    [
        ("转化率", ["lead_conversion_rate", "win_rate", "funnel_dropoff"]),
        ("conversion rate last month", ["lead_conversion_rate", "win_rate", "funnel_dropoff"]),
        ("轉換率", ["lead_conversion_rate", "win_rate", "funnel_dropoff"]),
        ("上季度流失率", ["churn_rate", "funnel_dropoff"]),
        ("我的业绩", ["revenue", "won_amount", "payments_received"]),
        ("流水", ["revenue", "payments_received"]),
        ("GMV last month", ["revenue", "payments_received"]),
        ("how many leads did we get last week", ["new_leads", "open_leads", "converted_leads"]),
        ("本月销售怎么样", ["revenue", "orders", "won_amount"]),
        ("leads by channel last month", ["new_leads", "open_leads", "converted_leads"]),
        ("上月各渠道的线索", ["new_leads", "open_leads", "converted_leads"]),
    ],
)
def test_a_word_of_several_kpis_is_asked_back_with_each(text: str, kpis: list[str], context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify)
    assert plan.reason == "which_kpi"
    assert [choice.kpis for choice in plan.choices if isinstance(choice, KpiQuery)] == [(kpi,) for kpi in kpis]


@pytest.mark.parametrize(
    ("text", "kpi"),
    [
        ("各阶段的流失率", "funnel_dropoff"),
        ("churn", "churn_rate"),
        ("ROI", "marketing_roi"),
        ("投产比", "marketing_roi"),
    ],
)
def test_a_word_that_can_mean_only_one_here_is_not_asked_about(text: str, kpi: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery)
    assert plan.kpis == (kpi,)


@pytest.mark.parametrize("text", ["大客户的销售额", "上月大客户的回款", "revenue from key accounts"])
def test_who_is_a_big_customer_is_asked_back(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify)
    assert plan.reason == "several_values"
    assert len(plan.choices) >= 2


def test_a_team_called_after_its_region_is_meant_only_where_it_is_said(context: Context) -> None:
    region, team = understand("revenue for East", context), understand("revenue for the East team", context)
    assert isinstance(region, KpiQuery)
    assert isinstance(team, KpiQuery)
    assert [given.name for given in region.filters] == ["region"]
    assert team.whose == "team:T7"


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("陈静的销售额", ["rep:R005", "rep:R041"]),
        ("my win rate vs Anna Schmidt's", ["rep:R008", "me"]),
    ],
)
def test_whose_figures_is_asked_back_where_several_are_named(text: str, owners: list[str], context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify)
    assert plan.reason == "several_owners"
    assert [choice.whose for choice in plan.choices if isinstance(choice, KpiQuery)] == owners


# --- what does not fit


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("cac by channel", "dimension_not_allowed", ("channel",)),
        ("上月各渠道获客成本", "dimension_not_allowed", ("渠道",)),
        ("Anna Schmidt's marketing ROI", "dimension_not_allowed", ("Anna Schmidt",)),
        ("East ROI", "dimension_not_allowed", ("East",)),
        ("weekly CAC", "too_fine", ("weekly",)),
        ("share of win rate by team", "no_share", ()),
        ("revenue share", "share_of_what", ()),
        ("销售额前五", "rank_what", ()),
        ("top 5 reps", "which_kpi", ()),
        ("上个月各区域", "which_kpi", ()),
        ("达成率", "which_kpi", ()),
        ("revenue Q1 2025 Q1 2026", "several_periods", ("Q1 2025", "Q1 2026")),
        ("月底的销售额", "unclear_time", ("月底",)),
        ("revenue a year ago", "unclear_time", ("a year ago",)),
        ("sales by region by channel by team by rep", "too_many_dimensions", ("region", "channel", "team", "rep")),
    ],
)
def test_what_cannot_be_computed_as_asked_is_asked_back_with_what_can(
    text: str, reason: str, words: tuple[str, ...], context: Context
) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify), plan
    assert (plan.reason, plan.words) == (reason, words)
    assert 2 <= len(plan.choices) <= 4


def test_a_breakdown_the_kpi_lacks_is_answered_with_those_it_has(context: Context) -> None:
    plan = understand("cac by channel last quarter", context)
    assert isinstance(plan, Clarify)
    offered = [choice for choice in plan.choices if isinstance(choice, KpiQuery)]
    assert [choice.dimensions for choice in offered] == [(), ("team",), ("region",)]
    assert {choice.period.label for choice in offered} == {"last quarter"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("revenue in Shanghai", "Shanghai"),
        ("上海的销售额", "上海"),
        ("上海订单", "上海"),
        ("revenue by color", "color"),
        ("revenue over 50000", "50000"),
        ("US revenue last month", "US"),
        ("IT revenue", "IT"),
        ("when did revenue peak", "peak"),
        ("top 500 reps by revenue", "500"),
    ],
)
def test_a_word_nobody_knows_is_named_never_dropped(text: str, word: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify), plan
    assert any(word in found for found in plan.words)
    assert any(isinstance(choice, KpiQuery) for choice in plan.choices)


def test_a_word_that_denies_is_refused_where_an_offer_would_say_the_opposite(context: Context) -> None:
    plan = understand("revenue without returns", context)
    assert isinstance(plan, Refuse)
    assert plan.words == ("without", "returns")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("revenue next month", "future_period"),
        ("下个月的销售额", "future_period"),
    ],
)
def test_what_has_not_begun_keeps_what_was_understood(text: str, reason: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Refuse)
    assert (plan.reason, plan.kpis) == (reason, ("revenue",))
    assert plan.understood is not None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("revenue from new customers", "several_kpis"),
        ("revenue yoy and mom", "unread_words"),
        ("新客户的销售额", "several_kpis"),
        ("revenue this month vs last month yoy", "several_comparisons"),
        ("best and worst teams by win rate", "unread_words"),
        ("monthly revenue by week", "unread_words"),
    ],
)
def test_two_things_at_once_are_asked_about_never_half_answered(text: str, reason: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify)
    assert plan.reason == reason


@pytest.mark.parametrize(("text", "kinds"), [("revenue this week and win rate last month", 2)])
def test_two_clear_questions_are_answered_each(text: str, kinds: int, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Compound)
    assert len(plan.parts) == kinds


@pytest.mark.parametrize(
    "text", ["revenue excluding East and West", "除华东和华西外的销售额", "华东、华西除外的销售额"]
)
def test_all_values_that_are_left_out_are_left_out(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery)
    assert [(given.op, given.values) for given in plan.filters] == [("not_in", ("East", "West"))]


# --- groups held to bounds


@pytest.mark.parametrize(
    ("text", "kpis", "dimension", "bounds"),
    [
        ("which reps have a win rate under 20%", ["win_rate"], "rep", [("win_rate", "less_than", (0.2,))]),
        ("赢单率低于20%的销售有哪些", ["win_rate"], "rep", [("win_rate", "less_than", (0.2,))]),
        ("赢单率低于20%的团队", ["win_rate"], "team", [("win_rate", "less_than", (0.2,))]),
        ("贏單率不到兩成的團隊", ["win_rate"], "team", [("win_rate", "less_than", (0.2,))]),
        ("who made fewer than 50 calls last week", ["calls"], "rep", [("calls", "less_than", (50,))]),
        ("channels with ROI of at least 3", ["marketing_roi"], "channel", [("marketing_roi", "at_least", (3,))]),
        ("上个月销售额超过100万的区域", ["revenue"], "region", [("revenue", "more_than", (1_000_000,))]),
        ("win rate by team, only below 25%", ["win_rate"], "team", [("win_rate", "less_than", (0.25,))]),
        ("products with a gross margin share between 20% and 30%", ["gross_margin_share"], "product",
         [("gross_margin_share", "between", (0.2, 0.3))]),
        ("reps with over 50 calls and under 20% win rate", ["calls", "win_rate"], "rep",
         [("calls", "more_than", (50,)), ("win_rate", "less_than", (0.2,))]),
        ("revenue of reps with a win rate under 20%", ["revenue", "win_rate"], "rep", [("win_rate", "less_than", (0.2,))]),
    ],
)  # fmt: skip
def test_groups_are_held_to_the_bounds_of_the_nearest_kpi(
    text: str, kpis: list[str], dimension: str, bounds: list[tuple[str, str, tuple[float, ...]]], context: Context
) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery), plan
    assert (plan.kpis, plan.dimensions) == (tuple(kpis), (dimension,))
    assert [(bound.kpi, bound.op, bound.values) for bound in plan.having] == bounds


def test_months_are_held_to_bounds_as_groups_are(context: Context) -> None:
    plan = understand("今年哪几个月销售额低于100万", context)
    assert isinstance(plan, KpiQuery)
    assert (plan.grain, plan.dimensions, len(plan.having)) == ("month", (), 1)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("orders over 50k by region", "50k"),
        ("订单量超过5万的区域", "5万"),
        ("win rate dropped more than 5% by team", "5%"),
        ("revenue over 50000", "50000"),
        ("which teams have revenue under 20%", "20%"),
        ("monthly win rate under 20% by team", "20%"),
    ],
)
def test_a_number_that_may_bound_something_else_is_asked_about(text: str, word: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Clarify), plan
    assert plan.reason == "unread_words"
    assert any(word in said for said in plan.words)


@pytest.mark.parametrize(
    "text", ["did revenue double yoy last month", "上个月销售额同比翻一番了吗", "上個月營收環比漲3%了嗎"]
)
def test_whether_it_moved_that_far_is_answered_by_the_comparison(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery), plan
    assert isinstance(plan.comparison, ComparedWith)
    assert (plan.kpis, plan.having) == (("revenue",), ())


# --- charts


@pytest.mark.parametrize(
    ("text", "dimensions", "grain"),
    [
        ("revenue by region last month as a chart", ("region",), None),
        ("chart marketing ROI by month for 2025", (), "month"),
        ("上月新增线索按渠道画饼图", ("channel",), None),
        ("近半年赢单率的折线图", (), "month"),
        ("plot revenue this year", (), "month"),
        ("畫個今年營收的圖", (), "month"),
    ],
)
def test_a_chart_shows_groups_or_else_what_became_of_it(
    text: str, dimensions: tuple[str, ...], grain: str | None, context: Context
) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery), plan
    assert (plan.as_chart, plan.dimensions, plan.grain) == (True, dimensions, grain)


def test_a_rate_in_percent_is_the_rate_itself(context: Context) -> None:
    rate, spend = understand("win rate in percent", context), understand("orders by region in percent", context)
    assert isinstance(rate, KpiQuery)
    assert isinstance(spend, KpiQuery)
    assert (rate.share, spend.share) == (False, True)


# --- performance as the company reads it


@pytest.mark.parametrize(
    ("reading", "kpi"),
    [("revenue", "revenue"), ("won", "won_amount"), ("cash", "payments_received"), ("gross_margin", "gross_margin")],
)
@pytest.mark.parametrize(
    "text", ["我的业绩", "上月業績", "sales performance last month", "team performance last month"]
)
def test_performance_is_what_the_company_declares_and_said_so(
    text: str, reading: str, kpi: str, context: Context
) -> None:
    plan = understand(text, replace(context, performance=reading))
    assert isinstance(plan, KpiQuery), plan
    assert plan.kpis == (kpi,)
    assert "performance" in plan.assumed


def test_beside_a_kpi_performance_adds_nothing(context: Context) -> None:
    plan = understand("win rate performance last month", replace(context, performance="won"))
    assert isinstance(plan, KpiQuery)
    assert (plan.kpis, plan.assumed) == (("win_rate",), ("comparison",))


def test_a_reading_that_is_no_kpi_declares_nothing(context: Context) -> None:
    plan = understand("我的业绩", replace(context, performance="happiness"))
    assert isinstance(plan, Clarify)
    assert plan.reason == "which_kpi"


# --- figures that are not to be had


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what's our NPS", ("NPS",)),
        ("market share by region last year", ("market share",)),
        ("show churned seats by team", ("churned seats",)),
        ("ebitda last quarter", ("ebitda",)),
        ("上季度NPS多少", ("NPS",)),
        ("我们的净推荐值是多少", ("净推荐值",)),
        ("上个月应收账款周转天数", ("应收账款周转天数",)),
    ],
)
def test_a_figure_nobody_knows_here_is_refused_by_its_name(text: str, words: tuple[str, ...], context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Refuse), plan
    assert (plan.reason, plan.words) == ("unknown_metric", words)


def test_the_nearest_kpis_are_named_beside_one_nobody_knows(context: Context) -> None:
    plan = understand("what's our burn rate", context)
    assert isinstance(plan, Refuse)
    assert "churn_rate" in plan.kpis


def test_a_name_that_is_nearly_a_kpis_asks_whether_that_is_meant(context: Context) -> None:
    plan = understand("repurchasing rate last month", context)
    assert isinstance(plan, Clarify), plan
    assert (plan.reason, plan.words) == ("did_you_mean", ("repurchasing rate",))
    meant = plan.choices[0]
    assert isinstance(meant, KpiQuery)
    assert (meant.kpis, meant.period.label) == (("repeat_purchase_rate",), "last month")


@pytest.mark.parametrize("text", ["blah blah", "what is love", "tell me something nice", "随便聊聊"])
def test_words_that_ask_for_no_figure_are_no_figure_nobody_knows(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert not (isinstance(plan, Refuse) and plan.reason == "unknown_metric"), plan


@pytest.mark.parametrize(
    "text",
    [
        "average price per unit sold last month",
        "上个月件单价",
        "上季件單價多少",
        "what is my commission this month",
        "我这个月能拿多少提成",
        "what's Anna Schmidt's bonus",
        "staff turnover this year",
        "employee turnover rate in sales last year",
        "去年销售人员流失率",
    ],
)
def test_what_is_kept_out_on_purpose_is_refused_as_not_offered(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Refuse), plan
    assert plan.reason == "not_offered"


# --- beside leads and help


@pytest.mark.parametrize("text", ["open leads", "top 5 leads", "my open leads", "今天跟进哪些线索", "我的线索"])
def test_a_list_of_leads_stays_a_list_of_leads(text: str, context: Context) -> None:
    assert isinstance(understand(text, context), LeadList)


@pytest.mark.parametrize(
    "text", ["how many open leads", "number of open leads by team", "open leads by rep", "open leads last month"]
)
def test_counting_open_leads_is_a_figure(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery)
    assert plan.kpis == ("open_leads",)


@pytest.mark.parametrize("text", ["close rate last month", "change in revenue last month", "drop-off rate by stage"])
def test_a_kpi_that_sounds_like_a_command_is_a_kpi(text: str, context: Context) -> None:
    assert isinstance(understand(text, context), KpiQuery)


@pytest.mark.parametrize("text", ["delete revenue", "update revenue target", "set the revenue target"])
def test_a_command_to_change_figures_is_refused(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, Refuse)
    assert plan.reason == "read_only"


def test_help_stays_help(context: Context) -> None:
    assert understand("help", context) == Help()


# --- comparisons with days of their own


def test_a_period_that_is_no_neighbour_is_compared_as_it_is_named(context: Context) -> None:
    plan = understand("revenue in October vs May 2026", context)
    assert isinstance(plan, KpiQuery)
    assert isinstance(plan.comparison, ComparedWith)
    assert plan.comparison.kind == "custom"
    assert plan.comparison.period is not None
    assert plan.comparison.period.label == "2026-05"


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("revenue", ("period", "comparison")),
        ("revenue last month", ("comparison",)),
        ("revenue yoy", ("period",)),
        ("revenue last month yoy", ()),
        ("revenue by region", ("period",)),
        ("revenue by month", ("period",)),
    ],
)
def test_what_was_filled_in_is_said(text: str, assumed: tuple[str, ...], context: Context) -> None:
    plan = understand(text, context)
    assert isinstance(plan, KpiQuery)
    assert plan.assumed == assumed


# --- any question


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([text for row in _TABLE for text in row["en"] + row["zh"]]), min_size=1, max_size=3))
def test_questions_run_together_still_give_a_plan(context: Context, texts: list[str]) -> None:
    kinds = {understand(" ".join(texts), context).kind}
    assert kinds <= {"kpi", "clarify", "refuse", "define", "leads", "help", "compound", "funnel"}


def test_reading_a_question_takes_milliseconds(context: Context) -> None:
    texts = [text for row in _TABLE for text in row["en"] + row["zh"]]
    for text in texts[:50]:
        understand(text, context)
    started = perf_counter()
    for text in texts:
        understand(text, context)
    assert (perf_counter() - started) / len(texts) < 0.005
