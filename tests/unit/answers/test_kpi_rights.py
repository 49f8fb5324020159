"""Who gets which figure: no plan and no wording shows a rep or a manager what belongs to others.

The figures of the company tell whose rows they hold: R1's in units, R2's in thousands, R3's in millions, R4's in thousands
of millions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from selling_company import AUTUMN, TODAY, TOLD_APART, ask, days, denied, fill, holds, keep, only, plan, target, whose

from analytics.organisation import read_company
from analytics.semantic import ModelError, QueryError, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import units
from analytics.semantic.read import BUILT_IN
from analytics.vocabulary import Clock, Grain, Scope
from analytics.warehouse import Warehouse
from assistant.desk import Desk

MODEL = read_model()
ALL = {"R1", "R2", "R3", "R4"}
JANUARY = days("2026-01-01", "2026-02-01")
DENIALS = {"not_your_rows", "total_only", "kpi_not_yours", "no_live_figures", "unknown_asker"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    found = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('rights')}/warehouse.duckdb")
    fill(found, TOLD_APART)
    yield found
    found.close()


@pytest.fixture(scope="module")
def desk(warehouse: Warehouse) -> Desk:
    return Desk(warehouse, MODEL, contact="Ida in IT")


NARROWED = [
    {"dimensions": ["rep"]}, {"dimensions": ["team"]}, {"dimensions": ["region"]}, {"dimensions": ["customer"]},
    {"dimensions": ["industry", "rep"]}, {"dimensions": ["rep"], "grain": "month"},
    {"dimensions": ["rep"], "order": {"by": "revenue"}, "limit": 1}, {"dimensions": ["customer"], "share": True},
    {"dimensions": ["team"], "comparison": {"kind": "custom", "period": AUTUMN}},
    {"filters": [only("rep", "R2")]}, {"filters": [only("rep", "张伟")]}, {"filters": [only("rep", "张", op="contains")]},
    {"filters": [only("rep", "R1", "R3", "R4", op="not_in")]}, {"filters": [only("team", "T1")]}, {"filters": [only("team", "T2", op="not_in")]},
    {"filters": [only("region", "East")]}, {"filters": [only("region", "West", op="not_in")]}, {"filters": [only("customer", "C2")]},
    {"filters": [only("customer", "Harbor Pharma")]}, {"filters": [only("customer", "harbor", op="contains")]},
    {"filters": [only("industry", "Pharma"), only("region", "West")]},
]  # fmt: skip
COLUMNS = [
    only("rep_id", "R2"), only("owner_rep_id", "R2"), only("customer.owner_rep_id", "R2"), only("rep_team.team_id", "T3"), only("customer_id", "C2"),
    only("customer.region", "West"), only("customer.name", "harbor", op="contains"), only("order_id", "R2", op="contains"), only("amount", 1e9, op="at_least"),
    only("amount", "0", op="contains"), only("ordered_at", "2026-10-05", op="contains"), only("customer.city", op="unknown"), only("rep", "R2", "R2", op="between"),
]  # fmt: skip


# --- reps


@pytest.mark.parametrize("more", [{}, *NARROWED, {"grain": "month", "running": True}, {"share": True, "dimensions": ["industry"]},
                                  {"comparison": {"kind": "custom", "period": AUTUMN}}, {"comparison": {"kind": "last_year"}}], ids=str)  # fmt: skip
@pytest.mark.parametrize("named", [None, "me", "rep:R1"])
def test_a_rep_s_own_figure_never_holds_another_rep_s_rows(desk: Desk, more: dict[str, Any], named: str | None) -> None:
    answer = ask(desk, "rep:R1", plan(whose=named, **more))
    if answer.route == "kpi":
        assert holds(answer) <= {"R1"}
        assert answer.private
        assert sum(figure["share"] or 0 for figure in answer.figures) in (0, 1)
    else:
        assert denied(answer) in DENIALS


@pytest.mark.parametrize("more", NARROWED, ids=str)
@pytest.mark.parametrize("named", ["company", "my_team", "team:T1"])
def test_a_total_beyond_a_rep_s_own_rows_is_never_narrowed_to_somebody(
    desk: Desk, more: dict[str, Any], named: str
) -> None:
    assert denied(ask(desk, "rep:R1", plan(whose=named, **more))) == "total_only"


@pytest.mark.parametrize("narrowed", COLUMNS, ids=str)
@pytest.mark.parametrize(("as_", "named"), [("rep:R1", "company"), ("rep:R1", "my_team"), ("manager:M1", "company")])
def test_no_column_narrows_a_total_either(desk: Desk, as_: str, named: str, narrowed: dict[str, Any]) -> None:
    assert denied(ask(desk, as_, plan(whose=named, filters=[narrowed])))


def test_a_rep_gets_the_totals_of_the_own_team_and_the_company(desk: Desk) -> None:
    assert holds(ask(desk, "rep:R1", plan(whose="company"))) == ALL
    for named in ("my_team", "team:T1"):
        assert holds(ask(desk, "rep:R1", plan(whose=named))) == {"R1", "R2"}
    for named in ("rep:R2", "rep:M1", "rep:", "team:T2", "team:T9", "team:", "everybody", "rep:'; --"):
        assert denied(ask(desk, "rep:R1", plan(whose=named))) == "not_your_rows"


def test_a_total_may_be_split_by_what_is_nobody_s(desk: Desk) -> None:
    for dimension in ("industry", "channel", "product_category"):
        assert holds(ask(desk, "rep:R1", plan(whose="company", dimensions=[dimension]))) == ALL


@pytest.mark.parametrize("kpi", sorted(MODEL.kpis))
def test_each_kpi_file_s_access_rule_holds_for_reps(desk: Desk, kpi: str) -> None:
    rule = MODEL.kpis[kpi].access
    own, company, team, other = (
        ask(desk, "rep:R1", plan(kpi, whose=named)) for named in (None, "company", "my_team", "rep:R2")
    )
    if rule.rep == "none":
        assert {denied(answer) for answer in (own, company, team, other)} == {"kpi_not_yours"}
        return
    assert own.plan.get("reason") not in DENIALS
    assert denied(other) == "not_your_rows"
    for answer in (company, team):
        assert (answer.plan.get("reason") in DENIALS) == (not rule.open)
    if own.route == "kpi":
        assert own.private
        assert not company.private
        assert team.private == rule.open


# --- managers


@pytest.mark.parametrize(("as_", "held"), [("manager:M1", {"R1", "R2"}), ("manager:M2", {"R3", "R4"}), ("manager:M3", {"R1", "R2", "R3"}), ("manager:P11", set())])  # fmt: skip
@pytest.mark.parametrize("more", [{}, *NARROWED, {"comparison": {"kind": "custom", "period": AUTUMN}}], ids=str)
def test_a_manager_s_figure_never_holds_another_team_s_rows(
    desk: Desk, as_: str, held: set[str], more: dict[str, Any]
) -> None:
    answer = ask(desk, as_, plan(**more))
    if answer.route == "kpi":
        assert holds(answer) <= held
        assert answer.private
        if not more:
            assert holds(answer) == held
    else:
        assert denied(answer) == "not_your_rows"


@pytest.mark.parametrize("as_", ["manager:M1", "manager:M2", "manager:M3", "manager:P11"])
@pytest.mark.parametrize("more", NARROWED, ids=str)
def test_the_company_is_a_total_for_managers_too(desk: Desk, as_: str, more: dict[str, Any]) -> None:
    assert denied(ask(desk, as_, plan(whose="company", **more))) == "total_only"


@pytest.mark.parametrize(
    ("as_", "named", "held"),
    [
        ("manager:M1", "team:T1", {"R1", "R2"}), ("manager:M1", "rep:R2", {"R2"}), ("manager:M2", "team:T2", {"R3"}), ("manager:M2", "team:T3", {"R4"}),
        ("manager:M2", "rep:R4", {"R4"}), ("manager:M3", "team:T1", {"R1", "R2"}), ("manager:M3", "team:T9", {"R1", "R2", "R3"}), ("manager:M3", "rep:R3", {"R3"}),
        ("manager:M1", "company", ALL), ("exec:P8", "team:T9", {"R1", "R2", "R3"}), ("exec:P8", "rep:R4", {"R4"}), ("admin:P9", "team:T3", {"R4"}),
    ],
)  # fmt: skip
def test_whoever_holds_a_team_sees_it_whole(desk: Desk, as_: str, named: str, held: set[str]) -> None:
    assert holds(ask(desk, as_, plan(whose=named))) == held


@pytest.mark.parametrize(
    ("as_", "named"),
    [("manager:M1", "team:T2"), ("manager:M1", "team:T9"), ("manager:M1", "rep:R3"), ("manager:M1", "rep:M2"), ("manager:M2", "team:T1"), ("manager:M2", "rep:R1"),
     ("manager:M3", "team:T3"), ("manager:M3", "rep:R4"), ("manager:P11", "me"), ("manager:P11", "team:T1"), ("manager:M1", "rep:nobody"), ("manager:M1", "all")],
)  # fmt: skip
def test_other_teams_and_their_reps_are_refused(desk: Desk, as_: str, named: str) -> None:
    assert denied(ask(desk, as_, plan(whose=named))) == "not_your_rows"
    assert denied(ask(desk, as_, plan(whose=named, dimensions=["rep"]))) == "not_your_rows"


@pytest.mark.parametrize(
    "filters",
    [[only("rep", "R3")], [only("team", "T2")], [only("team", "T1", "T2")], [only("rep", "R1", "R3")]],
    ids=str,
)
def test_rows_a_manager_may_not_see_are_refused_and_not_called_no_data(
    desk: Desk, filters: list[dict[str, Any]]
) -> None:
    assert denied(ask(desk, "manager:M1", plan(filters=filters))) == "not_your_rows"


@pytest.mark.parametrize("kpi", sorted(MODEL.kpis))
def test_each_kpi_file_s_access_rule_holds_for_managers(desk: Desk, kpi: str) -> None:
    rule = MODEL.kpis[kpi].access
    own, company, team, other = (
        ask(desk, "manager:M1", plan(kpi, whose=named)) for named in (None, "company", "team:T1", "team:T2")
    )
    if rule.manager == "none":
        assert {denied(answer) for answer in (own, company, team, other)} == {"kpi_not_yours"}
        return
    assert {own.plan.get("reason"), company.plan.get("reason")}.isdisjoint(DENIALS)
    assert denied(other) == "not_your_rows"
    assert (team.plan.get("reason") == "not_your_rows") == (rule.manager == "company")
    if own.route == "kpi":
        assert own.private
        assert company.private == (not rule.open)
        assert own.evidence["kpis"][kpi]["whose"] == ("company" if rule.manager == "company" else "my_team")


def test_kpis_of_one_s_team_stand_beside_kpis_of_the_company(desk: Desk) -> None:
    answer = ask(desk, "manager:M1", plan("revenue", "marketing_spend"))
    assert [(figure["kpi"], figure["value"]) for figure in answer.figures] == [
        ("revenue", 5004),
        ("marketing_spend", 20_000),
    ]
    assert "company totals where a KPI belongs to no team" in answer.reading
    assert denied(ask(desk, "manager:M1", plan("revenue", "marketing_spend", dimensions=["team"]))) == "total_only"


def test_a_manager_s_costs_are_those_of_the_teams_held(desk: Desk) -> None:
    costs = {
        as_: ask(desk, as_, plan("sales_cost_total")).figures[0]["value"]
        for as_ in ("manager:M1", "manager:M2", "manager:M3", "exec:P8")
    }
    assert costs == {"manager:M1": 8700, "manager:M2": 18_000, "manager:M3": 17_600, "exec:P8": 26_700}


# --- the past of teams


@pytest.mark.parametrize(("as_", "named"), [("manager:M1", None), ("manager:M1", "team:T1"), ("exec:P8", "team:T1")])
def test_what_a_rep_sold_before_a_move_stays_with_the_team_of_then(desk: Desk, as_: str, named: str | None) -> None:
    by_team = ask(desk, "exec:P8", plan(period=JANUARY, dimensions=["team"]))
    east = next(figure["value"] for figure in by_team.figures if figure["where"] == {"team": "East 1"})
    assert whose(east) == {"R1", "R2", "R4"}
    assert ask(desk, as_, plan(period=JANUARY, whose=named)).figures[0]["value"] == east


def test_a_part_of_another_team_s_figure_is_not_called_that_team_s(desk: Desk) -> None:
    rows = ask(desk, "manager:M2", plan(period=JANUARY, dimensions=["team"])).figures
    assert {figure["where"]["team"] for figure in rows} <= {"East 2", "West 1"}
    assert {
        figure["where"]["rep"] for figure in ask(desk, "manager:M1", plan(period=JANUARY, dimensions=["rep"])).figures
    } == {"Anna Ash", "张伟", "Dan Dow"}
    assert holds(ask(desk, "manager:M1", plan(dimensions=["rep"]))) == {"R1", "R2"}


# --- tables of the company


def test_a_table_without_a_row_rule_is_closed_whatever_a_kpi_file_allows(warehouse: Warehouse, tmp_path: Path) -> None:
    file = tmp_path / "marketing_spend.yaml"
    text = (BUILT_IN / file.name).read_text("utf-8").replace("rep: none, manager: company", "rep: own, manager: teams")
    file.write_text(text, "utf-8")
    with pytest.raises(ModelError, match=rf"{file}:\d+: rows of marketing_spend belong to nobody"):
        read_model(tmp_path)
    period = units(date(2026, 10, 1), Grain.MONTH, 1)
    with warehouse.reader() as reader:
        for scope in (Scope.of("R1"), Scope(frozenset({"R1", "R2"}), frozenset({"T1"}), by_team=True), Scope()):
            semantics = Semantics(MODEL, reader, Clock.end_of(TODAY, "Asia/Shanghai"), scope, read_company(reader))
            for kpi in ("marketing_spend", "cost_per_lead", "marketing_roi"):
                for dimensions in ((), ("channel",)):
                    with pytest.raises(QueryError, match="not_your_rows"):
                        semantics.run(SemanticQuery((kpi,), period, dimensions))


@pytest.mark.parametrize("kpi", ["marketing_spend", "marketing_roi", "cost_per_lead", "duplicate_campaign_share"])
def test_company_figures_are_split_by_channel_and_never_by_people(desk: Desk, kpi: str) -> None:
    assert ask(desk, "manager:M1", plan(kpi, dimensions=["channel"])).plan.get("reason") not in DENIALS
    for dimension in ("rep", "team", "region", "customer"):
        assert denied(ask(desk, "manager:M1", plan(kpi, dimensions=[dimension]))) == "total_only"


# --- executives, trainees, strangers


@pytest.mark.parametrize("as_", ["exec:P8", "admin:P9"])
def test_executives_and_admins_see_everybody(desk: Desk, as_: str) -> None:
    assert holds(ask(desk, as_, plan())) == ALL
    assert [whose(figure["value"]) for figure in ask(desk, as_, plan(dimensions=["rep"])).figures] == [
        {"R4"},
        {"R3"},
        {"R2"},
        {"R1"},
    ]


@pytest.mark.parametrize("named", ["rep:nobody", "team:T99", "team:", "rep:", "whoever"])
def test_somebody_who_is_not_there_is_not_called_no_data(desk: Desk, named: str) -> None:
    assert ask(desk, "exec:P8", plan(whose=named)).route != "kpi"


@pytest.mark.parametrize(
    "asked",
    [plan(), plan(whose="company"), plan("csat"), "revenue last month", "上个月的销售额", "公司上個月的營業額"],
    ids=str,
)
def test_trainees_see_no_live_figure(desk: Desk, asked: Any) -> None:
    assert denied(ask(desk, "trainee:P10", asked)) == "no_live_figures"


@pytest.mark.parametrize(
    "asked", ["what is revenue", "什么是赢单率", {"kind": "define", "kpi": "cac"}, {"kind": "define"}], ids=str
)
def test_trainees_read_what_kpis_mean(desk: Desk, asked: Any) -> None:
    answer = ask(desk, "trainee:P10", asked)
    assert answer.route == "define"
    assert answer.figures == []
    assert not answer.private


@pytest.mark.parametrize(
    "asked",
    [plan(), plan(whose="company"), {"kind": "define"}, {"kind": "help"}, "revenue last month", "什么是赢单率"],
    ids=str,
)
def test_strangers_are_told_whom_to_ask(desk: Desk, asked: Any) -> None:
    answer = ask(desk, "stranger", asked)
    assert denied(answer) == "unknown_asker"
    assert "Ida in IT" in answer.text


# --- in words


@pytest.mark.parametrize(
    ("as_", "text", "reason"),
    [
        ("rep:R1", "revenue of 张伟 last month", "not_your_rows"), ("rep:R1", "张伟上个月的销售额", "not_your_rows"), ("rep:R1", "張偉上個月的營業額", "not_your_rows"),
        ("rep:R1", "company revenue last month by rep", "total_only"), ("rep:R1", "全公司上个月各区域的销售额", "total_only"),
        ("rep:R1", "marketing ROI last month", "kpi_not_yours"), ("rep:R1", "上个月的获客成本", "kpi_not_yours"), ("rep:R1", "公司上个月的毛利", "not_your_rows"),
        ("manager:M1", "revenue of 陈静 last month", "not_your_rows"), ("manager:M1", "陈静上个月的销售额", "not_your_rows"),
        ("manager:M1", "company revenue last month by team", "total_only"), ("manager:M1", "公司上个月各团队的销售额", "total_only"),
    ],
)  # fmt: skip
def test_words_open_no_more_than_plans(desk: Desk, as_: str, text: str, reason: str) -> None:
    assert denied(ask(desk, as_, text)) == reason


# --- channels


@pytest.mark.parametrize(
    ("as_", "asked", "private"),
    [
        ("rep:R1", plan(), True), ("rep:R1", plan(whose="my_team"), True), ("rep:R1", plan(whose="company"), False), ("rep:R1", plan("gross_margin"), True),
        ("manager:M1", plan(), True), ("manager:M1", plan(whose="company"), False), ("manager:M1", plan("marketing_spend"), True),
        ("manager:M1", plan("gross_margin", whose="company"), True), ("manager:M1", plan("revenue", "marketing_spend", whose="company"), True),
        ("exec:P8", plan(), False), ("exec:P8", plan("gross_margin"), True), ("exec:P8", plan(whose="rep:R1"), True), ("exec:P8", plan(whose="team:T1"), True),
        ("exec:P8", plan(dimensions=["rep"]), True), ("exec:P8", plan(dimensions=["team"]), True), ("exec:P8", plan(dimensions=["industry", "rep"]), True),
        ("exec:P8", plan(filters=[only("rep", "R2")]), True), ("exec:P8", plan(filters=[only("team", "T1")]), True), ("exec:P8", plan(filters=[only("customer", "C1")]), True),
        ("exec:P8", plan(dimensions=["industry"]), False), ("admin:P9", plan(dimensions=["customer"]), True),
    ],
    ids=str,
)  # fmt: skip
def test_in_a_channel_only_open_totals_of_the_company_are_read_by_all(
    desk: Desk, as_: str, asked: dict[str, Any], private: bool
) -> None:
    answer = ask(desk, as_, asked, in_slack=True)
    assert (answer.route, answer.private) == ("kpi", private)


def test_in_slack_no_statement_is_spelled_out(desk: Desk) -> None:
    assert ask(desk, "exec:P8", plan(), in_slack=True).evidence["sql"] == []
    assert ask(desk, "exec:P8", plan()).evidence["sql"] != []


# --- targets


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same company with targets for East and for T1."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('planned')}/warehouse.duckdb")
    fill(warehouse, TOLD_APART)
    east, team = (
        target(8e6, "2026-10-01", scope="region", key="East"),
        target(9000, "2026-10-01", scope="team", key="T1"),
    )
    keep(warehouse, "targets", east, team)
    yield Desk(warehouse, MODEL)
    warehouse.close()


@pytest.mark.parametrize(
    ("as_", "more", "told"),
    [
        ("rep:R1", {"dimensions": ["region"]}, set()), ("rep:R1", {"dimensions": ["team"]}, set()), ("rep:R1", {"filters": [only("region", "East")]}, set()),
        ("manager:M1", {"dimensions": ["region"]}, set()), ("manager:M1", {"filters": [only("region", "East")]}, set()),
        ("manager:M1", {"dimensions": ["team"]}, {9000}), ("exec:P8", {"dimensions": ["region"]}, {8e6}), ("rep:R1", {"whose": "my_team"}, {9000}),
    ],
    ids=str,
)  # fmt: skip
def test_a_figure_is_measured_only_against_the_target_of_all_its_rows(
    planned: Desk, as_: str, more: dict[str, Any], told: set[float]
) -> None:
    answer = ask(planned, as_, plan(**more))
    assert {figure["target"] for figure in answer.figures} - {None} == told
