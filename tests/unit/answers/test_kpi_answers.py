"""What a KPI answer says: headline, reading, table, chart and figures, the same in three languages."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from selling_company import AUTUMN, PLAIN, days, fill, keep, plan, sound, target
from sqlalchemy import text

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk, as_json
from assistant.question import Answer, Language

MODEL = read_model()
LANGUAGES = [Language.EN, Language.ZH_HANS, Language.ZH_HANT]


JUNE = days("2026-06-01", "2026-07-01")
LAST_WEEK = days("2026-11-16", "2026-11-23", "week")
SINCE_AUGUST = days("2026-08-01", "2026-11-24", count=4, to_date=True)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('answers')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    keep(
        warehouse, "targets", target(200_000, "2026-10-01"), target(120_000, "2026-09-01"), target(60_000, "2026-10-01", scope="team", key="T2"),
        target(0.15, "2026-10-01", kpi="discount_share"), target(40_000, "2026-10-01", kpi="sales_cost_total"), target(0.5, "2026-10-01", kpi="win_rate"),
    )  # fmt: skip
    recorded = datetime(2026, 1, 1, tzinfo=UTC)
    keep(warehouse, "baselines", {"kpi": "revenue", "scope_kind": "company", "scope_id": "", "period_kind": "month", "note": "",
                                  "period_start": date(2026, 10, 1), "value": 150_000.0, "recorded_at": recorded})  # fmt: skip
    yield Desk(warehouse, MODEL)
    warehouse.close()


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


def values(answer: Answer, *of: str) -> list[float | None]:
    return [figure["value"] for figure in answer.figures if not of or figure["kpi"] in of]


def table(answer: Answer) -> list[list[str]]:
    """The cells of the table in an answer's text."""
    block = re.search(r"```\n(.*?)\n```", answer.text, re.DOTALL)
    assert block is not None, answer.text
    head, _, *rows = block[1].splitlines()
    return [re.split(r" {2,}", line.strip()) for line in (head, *rows)]


def charts(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(as_json(answer))["charts"]
    return found


# --- one figure


def test_one_figure_with_its_comparison_and_target(desk: Desk) -> None:
    answer = sound(desk, plan(comparison={"kind": "previous"}))
    assert answer.headline.startswith("Revenue, Oct 2026: ¥220,000, up 100.0% (better) from ¥110,000 in Sept 2026.")
    assert "¥200,000" in answer.headline
    assert answer.reading == "Read as: Revenue; Oct 2026; the whole company; against the period before (Sept 2026)."
    assert "Computed from 4 rows; data up to Mon 23 Nov 00:00." in answer.text
    assert answer.figures == [
        {"kpi": "revenue", "value": 220_000, "unit": "money", "period": {"start": "2026-10-01", "end": "2026-11-01", "label": "as asked"}, "where": {},
         "compared_with": {"kind": "previous", "value": 110_000, "change": 110_000, "period": {"start": "2026-09-01", "end": "2026-10-01", "label": "2026-09"}},
         "target": 200_000, "share": None, "note": None, "rows": 4}
    ]  # fmt: skip
    assert answer.evidence["as_of"] == "2026-11-22T16:00:00Z"
    assert answer.evidence["kpis"] == {"revenue": {"version": 1, "whose": "company"}}
    assert answer.evidence["rows"] == 4
    assert charts(answer) == []
    assert "```" not in answer.text


def test_the_same_figure_in_simplified_and_traditional_chinese(desk: Desk) -> None:
    simplified, traditional = (
        sound(desk, plan(comparison={"kind": "previous"}), language) for language in LANGUAGES[1:]
    )
    assert simplified.headline.startswith("2026年10月销售额：¥22万，较2026年9月的¥11万上升100.0%（变好）。")
    assert traditional.headline.startswith("2026年10月銷售額：¥22萬，較2026年9月的¥11萬上升100.0%（變好）。")
    assert "目标¥20万" in simplified.headline
    assert "目標¥20萬" in traditional.headline
    assert simplified.reading.startswith("理解为：销售额；2026年10月；全公司")
    assert "2026年9月" in simplified.reading
    assert "依据4行数据计算；数据截至11月23日周一 00:00" in simplified.text
    assert "依據4行資料計算" in traditional.text


@pytest.mark.parametrize(
    ("english", "simplified", "traditional"),
    [
        ("revenue last month", "上个月的销售额", "上個月的營業額"), ("revenue last month by region", "上个月各区域的销售额", "上個月各區域的營業額"),
        ("revenue by month last 3 months", "近3个月的月度销售额", "近3個月的月度營業額"), ("top 2 reps by revenue last month", "上个月销售额前2名的销售", "上個月銷售額前2名的業務"),
        ("share of revenue by channel last month", "上个月各渠道的销售额占比", "上個月各通路的營業額佔比"), ("marketing ROI last month", "上个月的营销ROI", "上個月的行銷投報率"),
        ("revenue last month against last year", "上个月销售额同比", "上個月營業額同比"), ("total sales cost last week", "上周的销售总成本", "上週的銷售總成本"),
        ("revenue in 2019", "2019年的销售额", "2019年的營業額"),
    ],
)  # fmt: skip
def test_a_question_in_three_languages_has_one_answer(
    desk: Desk, english: str, simplified: str, traditional: str
) -> None:
    answers = [sound(desk, words, None) for words in (english, simplified, traditional)]
    assert [answer.language for answer in answers] == LANGUAGES
    assert answers[0].route == "kpi"
    assert answers[0].figures == answers[1].figures == answers[2].figures
    assert answers[0].plan == answers[1].plan == answers[2].plan
    assert len({tuple((chart["kind"], len(chart["points"])) for chart in charts(answer)) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("kpi", "kind", "words", "chinese"),
    [
        ("revenue", "previous", "(better)", "变好"), ("sales_cost_total", "last_year", "(worse)", "变差"), ("discount_share", "previous", "unchanged", "持平"),
        ("marketing_spend", "previous", "unchanged", "持平"), ("marketing_cost", "last_year", "up 571.4% from", "上升"),
    ],
)  # fmt: skip
def test_whether_a_change_is_good_depends_on_the_kpi(desk: Desk, kpi: str, kind: str, words: str, chinese: str) -> None:
    asked = plan(kpi, comparison={"kind": kind})
    assert words in sound(desk, asked).headline
    assert chinese in sound(desk, asked, Language.ZH_HANS).headline
    if MODEL.kpis[kpi].good == "neither":
        assert "better" not in sound(desk, asked).headline
        assert "变" not in sound(desk, asked, Language.ZH_HANS).headline


def test_targets_reached_and_missed_by_the_direction_that_is_good(desk: Desk) -> None:
    headlines = {
        kpi: sound(desk, plan(kpi)).headline for kpi in ("revenue", "discount_share", "sales_cost_total", "win_rate")
    }
    assert re.search("missed.*5.0 points", headlines["discount_share"])  # 20% where at most 15% were planned
    for kpi in ("revenue", "sales_cost_total", "win_rate"):
        assert "missed" not in headlines[kpi]
    september = sound(desk, plan(period=days("2026-09-01", "2026-10-01"))).headline
    assert "91.7% of the target of ¥120,000" in september
    assert "¥10,000" in september
    chinese = {
        kpi: sound(desk, plan(kpi), Language.ZH_HANS).headline
        for kpi in ("revenue", "discount_share", "sales_cost_total")
    }
    assert "目标¥20万，达成率110.0%，超出¥2万" in chinese["revenue"]
    assert "目标15.0%，超出目标5.0个百分点" in chinese["discount_share"]
    assert "目标¥4万，控制在目标内" in chinese["sales_cost_total"]


def test_a_month_that_still_runs_has_not_missed_its_target(desk: Desk) -> None:
    with desk.warehouse.kept() as connection:
        connection.execute(text("DELETE FROM targets WHERE period_start = '2026-11-01'"))
    keep(desk.warehouse, "targets", target(300_000, "2026-11-01"))
    answer = sound(desk, "revenue this month", None)
    assert (answer.figures[0]["value"], answer.figures[0]["target"]) == (70_000, 300_000)
    assert "missed" not in answer.headline
    assert "23.3% of the target of ¥300,000 so far" in answer.headline
    assert "目标¥30万，已完成23.3%" in sound(desk, "本月销售额", None).headline


def test_against_the_baseline_and_against_another_period(desk: Desk) -> None:
    baseline = sound(desk, plan(comparison={"kind": "baseline"}))
    assert baseline.figures[0]["compared_with"]["value"] == 150_000
    assert "up 46.7% (better)" in baseline.headline
    assert "¥150,000" in baseline.headline
    other = sound(desk, plan(comparison={"kind": "custom", "period": AUTUMN}))
    assert other.figures[0]["compared_with"]["value"] == 410_000
    assert "Aug–Oct 2026" in other.reading


def test_a_defaulted_period_is_told(desk: Desk) -> None:
    assert "the usual period, none was named" in sound(desk, "revenue", None).reading
    assert "Oct 2026" in sound(desk, "revenue", None).reading
    assert "没说时间" in sound(desk, plan(assumed=["period"]), Language.ZH_HANS).reading
    assert "usual" not in sound(desk, "revenue last month", None).reading


def test_filters_are_read_back_in_words(desk: Desk) -> None:
    filters = [{"name": "size_band", "op": "in", "values": ["S", "M"]}, {"name": "channel", "op": "not_in", "values": ["Direct"]},
               {"name": "team", "op": "in", "values": ["T2"]}, {"name": "customer", "op": "contains", "values": ["delta_"]}]  # fmt: skip
    answer = sound(desk, plan(filters=filters))
    assert values(answer) == [60_000]
    for words in ("company size small or medium", "channel not Direct", "team East 2", "customer contains delta_"):
        assert words in answer.reading
    chinese = sound(desk, plan(filters=filters), Language.ZH_HANS).reading
    for words in ("客户规模为小型或中型", "渠道不含Direct", "团队为East 2", "客户包含delta_"):
        assert words in chinese


# --- no data and zero


def test_zero_is_told_apart_from_no_data(desk: Desk) -> None:
    calls, revenue = sound(desk, plan("calls", period=JUNE)), sound(desk, plan(period=JUNE))
    assert (values(calls), values(revenue)) == ([0], [None])
    assert calls.figures[0]["note"] is None
    assert revenue.figures[0]["note"] == "no_rows"
    assert calls.headline.startswith("Calls, Jun 2026: 0")
    assert revenue.headline.startswith("Revenue, Jun 2026: no data")
    assert "无数据" in sound(desk, plan(period=JUNE), Language.ZH_HANS).headline
    assert (
        "無數據" in sound(desk, plan(period=JUNE), Language.ZH_HANT).headline
        or "無資料" in sound(desk, plan(period=JUNE), Language.ZH_HANT).headline
    )
    assert "无数据" not in sound(desk, plan("calls", period=JUNE), Language.ZH_HANS).text


def test_zero_is_not_followed_by_there_being_no_data(desk: Desk) -> None:
    assert "没有相应数据" not in sound(desk, plan("calls", period=JUNE), Language.ZH_HANS).text


def test_zero_and_no_data_stand_apart_in_a_table(desk: Desk) -> None:
    answer = sound(desk, plan("calls", "revenue", period=days("2026-06-01", "2026-09-01", count=3), grain="month"))
    assert table(answer)[1:] == [
        ["Jun 2026", "0", "no data"],
        ["Jul 2026", "0", "no data"],
        ["Aug 2026", "4", "¥80,000"],
    ]
    assert values(answer) == [0, 0, 4, None, None, 80_000]


def test_why_there_is_no_figure_is_told(desk: Desk) -> None:
    told = {
        "not_mature": plan("lead_conversion_rate_cohort"), "outside_data": plan(period=days("2019-01-01", "2020-01-01", "year")), "not_defined": plan("cac"),
    }  # fmt: skip
    sentences = {"not_mature": "90 days", "outside_data": "do not reach", "not_defined": "nothing to divide by"}
    for note, asked in told.items():
        answer = sound(desk, asked)
        assert (values(answer), answer.figures[0]["note"]) == ([None], note)
        assert sentences[note] in answer.text
    assert "90天" in sound(desk, told["not_mature"], Language.ZH_HANS).text


def test_a_period_too_short_for_a_kpi_is_refused_with_what_works(desk: Desk) -> None:
    answer = sound(desk, plan("churn_rate", period=LAST_WEEK))
    assert (answer.route, answer.plan["reason"]) == ("refuse", "too_short")
    assert "month" in answer.headline
    assert "月" in sound(desk, plan("churn_rate", period=LAST_WEEK), Language.ZH_HANS).headline
    assert answer.plan["understood"]["kpis"] == ["churn_rate"]


def test_what_a_kpi_lacks_is_named(desk: Desk) -> None:
    answer = sound(desk, plan("csat"))
    assert (answer.route, answer.plan["reason"], answer.plan["offers"]) == ("refuse", "needs_tables", ["tickets"])
    assert "tickets" in answer.headline
    assert answer.figures == []
    beside = sound(desk, plan("csat", "revenue"))
    assert values(beside) == [None, 220_000]
    assert [figure["note"] for figure in beside.figures] == ["needs_tables", None]
    assert "tickets" in beside.text
    assert ["Customer satisfaction", "no data", "–"] in table(beside)


# --- the ledger


@pytest.mark.parametrize(
    "period", [LAST_WEEK, days("2026-11-09", "2026-11-10", "day"), days("2026-11-01", "2026-11-24", to_date=True)]
)
def test_the_ledger_gives_its_last_closed_month_and_says_so(desk: Desk, period: dict[str, Any]) -> None:
    answer = sound(desk, plan("sales_cost_total", period=period, comparison={"kind": "last_year"}))
    (figure,) = answer.figures
    assert (figure["value"], figure["period"]["start"], figure["period"]["end"]) == (26_700, "2026-10-01", "2026-11-01")
    assert figure["compared_with"]["period"]["start"] == "2025-10-01"
    assert answer.headline.startswith("Total sales cost, Oct 2026: ¥26,700")
    assert "whole closed months only" in answer.text
    assert "Oct 2026" in answer.reading
    assert (
        "只按已结账的整月统计：2026年10月"
        in sound(desk, plan("sales_cost_total", period=period), Language.ZH_HANS).text
    )


def test_the_ledger_s_month_is_told_beside_kpis_of_the_week(desk: Desk) -> None:
    answer = sound(desk, plan("sales_cost_total", "revenue", period=LAST_WEEK))
    assert [figure["period"]["start"] for figure in answer.figures] == ["2026-10-01", "2026-11-16"]
    assert "whole closed months only: Oct 2026" in answer.text


def test_weeks_of_the_ledger_are_refused(desk: Desk) -> None:
    answer = sound(desk, plan("sales_cost_total", period=days("2026-10-26", "2026-11-23", "week", 4), grain="week"))
    assert answer.plan["reason"] == "too_fine"
    assert "by month" in answer.headline


def test_the_month_that_still_runs_is_not_closed(desk: Desk) -> None:
    answer = sound(desk, plan("sales_cost_total", period=SINCE_AUGUST, grain="month"))
    assert [(figure["value"], figure["note"]) for figure in answer.figures] == [
        (14_700, None),
        (20_700, None),
        (26_700, None),
        (None, "not_closed"),
    ]
    assert "not closed" in answer.text


# --- several, groups, ranking, shares


def test_several_kpis_in_one_table(desk: Desk) -> None:
    answer = sound(desk, plan("revenue", "orders", "win_rate", comparison={"kind": "previous"}))
    assert answer.headline == "Oct 2026: Revenue ¥220,000, up 100.0%; Orders 4, unchanged; Win rate 100.0%, unchanged."
    assert table(answer) == [
        ["KPI", "Value", "Before", "Change", "Target"], ["Revenue", "¥220,000", "¥110,000", "+100.0% ✓", "¥200,000"], ["Orders", "4", "4", "unchanged", "–"],
        ["Win rate", "100.0%", "100.0%", "unchanged", "50.0%"],
    ]  # fmt: skip
    chinese = table(sound(desk, plan("revenue", "orders", comparison={"kind": "previous"}), Language.ZH_HANS))
    assert chinese[1] == ["销售额", "¥22万", "¥11万", "+100.0% ✓", "¥20万"]
    assert [figure["unit"] for figure in answer.figures] == ["money", "count", "share"]


def test_groups_with_their_total_and_the_target_of_each(desk: Desk) -> None:
    answer = sound(desk, plan(dimensions=["team"], comparison={"kind": "previous"}))
    assert answer.headline.startswith(
        "Revenue by team, Oct 2026: ¥220,000 in all, up 100.0% (better) from ¥110,000 in Sept 2026. Highest: East 1"
    )
    assert table(answer)[1:] == [
        ["East 1", "¥90,000", "¥60,000", "+50.0% ✓", "–"], ["West 1", "¥70,000", "¥30,000", "+133.3% ✓", "–"], ["East 2", "¥60,000", "¥20,000", "+200.0% ✓", "¥60,000"],
    ]  # fmt: skip
    assert [figure["where"] for figure in answer.figures] == [
        {"team": "East 1"},
        {"team": "West 1"},
        {"team": "East 2"},
    ]
    assert [figure["target"] for figure in answer.figures] == [None, None, 60_000]
    (chart,) = charts(answer)
    assert chart["kind"] == "bar"
    assert chart["points"] == [
        {"label": "East 1", "value": 90_000},
        {"label": "West 1", "value": 70_000},
        {"label": "East 2", "value": 60_000},
    ]


def test_names_of_groups_stay_as_they_are_in_traditional(desk: Desk) -> None:
    answer = sound(desk, plan(dimensions=["customer"]), Language.ZH_HANT)
    assert "恒瑞汽车" in answer.text
    assert {figure["where"]["customer"] for figure in answer.figures} >= {"恒瑞汽车", "Delta_100% Motors"}


def test_codes_have_words_and_an_order_of_their_own(desk: Desk) -> None:
    assert [row[0] for row in table(sound(desk, plan(dimensions=["size_band"])))[1:]] == [
        "small",
        "medium",
        "large",
        "very large",
    ]
    assert [row[0] for row in table(sound(desk, plan(dimensions=["size_band"]), Language.ZH_HANS))[1:]] == [
        "小型",
        "中型",
        "大型",
        "超大型",
    ]
    ranked = sound(desk, plan(dimensions=["size_band"], order={"by": "revenue"}, limit=2))
    assert [row[0] for row in table(ranked)[1:]] == ["very large", "small"]


def test_the_largest_group_is_named_first_whatever_the_order_of_the_table(desk: Desk) -> None:
    assert "very large" in sound(desk, plan(dimensions=["size_band"])).headline
    assert "超大型" in sound(desk, plan(dimensions=["size_band"]), Language.ZH_HANS).headline


def test_rows_without_a_group_have_words(desk: Desk) -> None:
    campaigns = sound(desk, plan(dimensions=["campaign"]))
    assert [row[0] for row in table(campaigns)[1:]] == ["no campaign", "Autumn 2026"]
    assert campaigns.figures[0]["where"] == {"campaign": None}
    assert table(sound(desk, plan(dimensions=["campaign"]), Language.ZH_HANS))[1][0] == "无营销活动"


def test_a_ranking_keeps_the_first_and_tells_how_many_more_there_are(desk: Desk) -> None:
    best = sound(desk, plan(dimensions=["rep"], order={"by": "revenue"}, limit=2))
    assert [figure["where"]["rep"] for figure in best.figures] == ["Dan Dow", "陈静"]
    assert "2 more groups are not shown" in best.text
    assert "the highest 2" in best.reading
    assert "另有2组未列出" in sound(desk, plan(dimensions=["rep"], limit=2), Language.ZH_HANS).text
    last = sound(desk, plan(dimensions=["rep"], order={"by": "revenue", "descending": False}, limit=1))
    assert [figure["where"]["rep"] for figure in last.figures] == ["Anna Ash"]
    assert last.headline.startswith("Revenue by rep, Oct 2026: ¥220,000 in all. Lowest: Anna Ash")
    assert last.reading.endswith("; the lowest.")


def test_a_headline_names_the_filters(desk: Desk) -> None:
    team = [{"name": "team", "values": ["T1"]}]
    assert sound(desk, plan(filters=team)).headline.startswith("Revenue, Oct 2026, team East 1: ")
    assert sound(desk, plan(filters=team), Language.ZH_HANS).headline.startswith("2026年10月团队为East 1的销售额：")


def test_shares_are_of_the_whole_even_where_groups_are_cut_off(desk: Desk) -> None:
    answer = sound(desk, plan(dimensions=["rep"], share=True, limit=2))
    assert [figure["share"] for figure in answer.figures] == pytest.approx([7 / 22, 6 / 22])
    assert [row[2] for row in table(answer)] == ["Share", "31.8%", "27.3%"]
    two = sound(desk, plan(dimensions=["region", "channel"], share=True))
    assert sum(figure["share"] for figure in two.figures) == pytest.approx(1)
    assert charts(two) == []
    assert sound(desk, plan("aov", dimensions=["region"], share=True)).plan["reason"] == "no_share"


# --- over time


def test_a_trend_with_last_year_and_the_unfinished_month_marked(desk: Desk) -> None:
    answer = sound(desk, plan(period=SINCE_AUGUST, grain="month", comparison={"kind": "last_year"}))
    assert values(answer) == [80_000, 110_000, 220_000, 70_000]
    assert [figure["compared_with"]["value"] for figure in answer.figures] == [None, None, 70_000, None]
    rows = table(answer)
    assert rows[3][:4] == ["Oct 2026", "¥220,000", "¥70,000", "+214.3% ✓"]
    assert rows[4][0] == "1–23 Nov 2026 (so far)"
    assert "¥220,000 in Oct 2026" in answer.headline  # the last month that is over
    (chart,) = charts(answer)
    assert (chart["kind"], [point["value"] for point in chart["points"]]) == (
        "line",
        [80_000, 110_000, 220_000, 70_000],
    )
    assert "未完" in table(sound(desk, plan(period=SINCE_AUGUST, grain="month"), Language.ZH_HANS))[4][0]


def test_groups_over_time_stand_beside_each_other(desk: Desk) -> None:
    answer = sound(desk, plan(period=AUTUMN, dimensions=["region"], grain="month"))
    assert table(answer) == [
        ["Region", "Aug 2026", "Sept 2026", "Oct 2026"],
        ["East", "¥60,000", "¥80,000", "¥150,000"],
        ["West", "¥20,000", "¥30,000", "¥70,000"],
    ]
    assert [(figure["period"]["start"], figure["where"]["region"]) for figure in answer.figures][:3] == [
        ("2026-08-01", "East"),
        ("2026-08-01", "West"),
        ("2026-09-01", "East"),
    ]
    long = sound(desk, plan("revenue", "orders", period=AUTUMN, dimensions=["region"], grain="month"))
    assert table(long)[1] == ["East", "Aug 2026", "¥60,000", "3"]
    assert len(table(long)) == 7


def test_a_running_total_adds_up_to_each_month_s_end(desk: Desk) -> None:
    answer = sound(
        desk, plan(period=days("2026-08-01", "2026-11-24", count=4, to_date=True), grain="month", running=True)
    )
    assert values(answer) == [80_000, 190_000, 410_000, 480_000]
    assert [figure["period"]["start"] for figure in answer.figures] == ["2026-08-01"] * 4
    assert "running total" in answer.reading
    assert "累计" in sound(desk, plan(period=AUTUMN, grain="month", running=True), Language.ZH_HANS).reading


def test_a_running_total_counts_each_row_once(desk: Desk) -> None:
    answer = sound(desk, plan(period=AUTUMN, grain="month", running=True))
    assert answer.evidence["rows"] == 12
    assert "Computed from 12 rows" in answer.text
