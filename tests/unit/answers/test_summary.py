"""The KPI summary of a selling company: every form, for every role, in both languages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from selling_company import ask, days, only
from sqlalchemy import insert

from analytics.demo import build
from analytics.insights.books import Holder, agree
from analytics.semantic import read_model
from analytics.semantic.calendar import unit
from analytics.vocabulary import Grain
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import KEPT
from assistant.desk import Desk
from assistant.question import Answer, Language
from assistant.slack.limits import check_message

MODEL = read_model()
TODAY = date(2026, 11, 23)
WEEK = days("2026-11-16", "2026-11-23", "week")
MONTH = days("2026-10-01", "2026-11-01")
QUARTER = days("2026-07-01", "2026-10-01", "quarter")
ASKERS = {"rep": "rep:R001", "team": "manager:R047", "two teams": "manager:R051", "company": "exec:P053"}
FORMS = {
    "summary": {"rhythm": "week", "period": WEEK},
    "bulletin": {"rhythm": "month", "period": MONTH},
    "review": {"rhythm": "month", "period": MONTH},
    "diagnosis": {"rhythm": "quarter", "period": QUARTER},
}
PEOPLE = ("rep", "team", "region", "customer")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A twentieth of the demo company; the twentieth part of its targets."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('summaries')}/warehouse.duckdb")
    built = build(TODAY, scale=0.05)
    with warehouse.load("demo", built.as_of, currency="CNY") as load:
        for name, frame in built.tables.items():
            load.put(name, frame)
        for name, frame in built.kept.items():
            load.keep(name, frame, replacing={})
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="module")
def desk(warehouse: Warehouse) -> Desk:
    return Desk(warehouse, MODEL)


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


def summary(form: str = "summary", **more: Any) -> dict[str, Any]:
    return {"kind": "summary", "form": form, **FORMS[form], **more}


_TOLD: dict[str, Answer] = {}


def told(
    desk: Desk, asked: dict[str, Any], who: str = "company", language: Language = Language.EN, *, anew: bool = False
) -> Answer:
    """The summary, sound in itself whatever it says; the same one is asked for once, unless something was written."""
    place = f"{asked} {who} {language}"
    if place in _TOLD and not anew:
        return _TOLD[place]
    answer = _TOLD[place] = ask(desk, ASKERS[who], asked, language=language)
    assert answer.route == "summary", answer.text
    assert answer.headline
    assert answer.reading
    assert check_message(answer.headline, answer.blocks) is None
    assert "None" not in answer.text
    return answer


def rounded(answer: Answer) -> list[tuple[str, float | None]]:
    """The figures without what adding floats in another order leaves."""
    return [(figure["kpi"], figure["value"] and round(figure["value"], 6)) for figure in answer.figures]


def items(answer: Answer, kind: str) -> list[dict[str, Any]]:
    return [item for item in answer.items if item["kind"] == kind]


# --- every form for everybody


@pytest.mark.parametrize(
    ("who", "form"),
    [("rep", "summary"), ("team", "summary"), ("team", "bulletin"), ("company", "diagnosis"), ("company", "review")],
)
def test_every_form_answers_everybody_alike_in_both_languages(desk: Desk, form: str, who: str) -> None:
    english = told(desk, summary(form), who)
    chinese = told(desk, summary(form), who, Language.ZH_HANS)
    assert rounded(english) == rounded(chinese)
    assert [item.get("kpi") for item in english.items] == [item.get("kpi") for item in chinese.items]
    kpis = items(english, "kpi")
    assert 1 <= len(kpis) <= 14
    assert all(item["value"] is not None and item["text"] for item in kpis)
    assert english.text != chinese.text


@pytest.mark.parametrize("who", ["team", "company"])
def test_what_misses_its_target_comes_first_and_the_worst_of_it_first(desk: Desk, who: str) -> None:
    kpis = items(told(desk, summary("review"), who), "kpi")
    assert [item["missed"] for item in kpis] == sorted((item["missed"] for item in kpis), reverse=True)
    for missed in (True, False):
        concerns = [item["concern"] for item in kpis if item["missed"] is missed]
        assert concerns == sorted(concerns, reverse=True)


def test_a_summary_tells_of_money_process_and_customers(desk: Desk) -> None:
    areas = [item["area"] for item in items(told(desk, summary()), "kpi")]
    assert set(areas) == {"financial", "operational", "customer"}
    assert min(areas.count(area) for area in areas) >= 3


def test_the_drivers_add_up_to_the_change_they_explain(desk: Desk) -> None:
    answer = told(desk, summary("review"))
    changes = {figure["kpi"]: figure["compared_with"]["change"] for figure in answer.figures if figure["compared_with"]}
    drivers: dict[str, float] = {}
    for item in items(answer, "driver"):
        drivers[item["kpi"]] = drivers.get(item["kpi"], 0.0) + item["contribution"]
    assert drivers
    for kpi, total in drivers.items():
        assert total == pytest.approx(float(changes[kpi]), rel=1e-9)


def test_figures_are_those_a_question_about_the_kpi_gives(desk: Desk) -> None:
    of_summary = {figure["kpi"]: figure for figure in told(desk, summary(), "team").figures}
    asked = [kpi for kpi in ("revenue", "won_amount", "calls", "win_rate", "csat") if kpi in of_summary]
    plan = {"kind": "kpi", "kpis": asked, "period": WEEK, "comparison": {"kind": "previous"}}
    alone = {figure["kpi"]: figure for figure in ask(desk, ASKERS["team"], plan).figures}
    assert "revenue" in asked
    for kpi in asked:
        assert of_summary[kpi]["value"] == alone[kpi]["value"]
        assert of_summary[kpi]["compared_with"]["value"] == alone[kpi]["compared_with"]["value"]


# --- targets, last year, averages


def test_a_week_has_the_share_of_the_months_target_that_its_working_days_have(desk: Desk) -> None:
    november = {"kind": "kpi", "kpis": ["revenue"], "period": days("2026-11-01", "2026-12-01")}
    whole = ask(desk, ASKERS["team"], november).figures[0]["target"]
    lead = told(desk, summary(), "team").figures[0]
    assert lead["kpi"] == "revenue"
    assert lead["target"] == pytest.approx(whole * 5 / 21)  # working days of the week, of November 2026


def test_who_holds_two_teams_is_measured_by_both_targets(desk: Desk) -> None:
    by_team = {"kind": "kpi", "kpis": ["revenue"], "period": MONTH, "dimensions": ["team"]}
    targets = [figure["target"] for figure in ask(desk, ASKERS["two teams"], by_team).figures]
    lead = told(desk, summary("review"), "two teams").figures[0]
    assert len(targets) == 2
    assert lead["target"] == pytest.approx(sum(targets))


def test_last_year_and_a_moving_average_stand_beside_a_noisy_week(desk: Desk) -> None:
    kpis = {item["kpi"]: item for item in items(told(desk, summary(), "team"), "kpi")}
    year_ago = unit(date(2025, 11, 17), Grain.WEEK)
    plan = {"kind": "kpi", "kpis": ["revenue"], "period": days(str(year_ago.start), str(year_ago.end), "week")}
    assert kpis["revenue"]["last_year"]["value"] == ask(desk, ASKERS["team"], plan).figures[0]["value"]
    weeks = {"kind": "kpi", "kpis": ["revenue"], "period": days("2026-10-26", "2026-11-23", "week", 4)}
    if kpis["revenue"]["noisy"]:
        whole = ask(desk, ASKERS["team"], weeks).figures[0]["value"]
        assert float(kpis["revenue"]["moving_average"]) == pytest.approx(whole / 4)
    assert any(item["noisy"] and item["moving_average"] is not None for item in kpis.values())


def test_a_monthly_ledger_in_a_week_is_named_by_its_month(desk: Desk) -> None:
    kpis = items(told(desk, summary()), "kpi")
    monthly = [item for item in kpis if MODEL.kpis[item["kpi"]].prorate == "never"]
    for item in monthly:
        assert item["period"] == {"start": "2026-10-01", "end": "2026-11-01", "label": "2026-10"}


# --- rights


def test_a_rep_sees_own_rows_and_totals_that_are_open_to_all(desk: Desk) -> None:
    answer = told(desk, summary(), "rep")
    assert {item["whose"] for item in items(answer, "kpi")} <= {"me", "company"}
    assert all(MODEL.kpis[item["kpi"]].access.rep != "none" for item in items(answer, "kpi"))
    assert answer.private
    assert {item["driver"] for item in items(answer, "driver")}.isdisjoint({"rep", "team"})


def test_a_managers_company_totals_are_marked_and_never_split_by_people(desk: Desk) -> None:
    answer = told(desk, summary("review"), "team")
    totals = {item["kpi"] for item in items(answer, "kpi") if item["whose"] == "company"}
    assert totals
    assert "* Known for the whole company only." in answer.text
    split = [item["driver"] for item in items(answer, "driver") if item["kpi"] in totals]
    assert set(split).isdisjoint(PEOPLE)


@pytest.mark.parametrize("who", ["team", "company"])
def test_a_bulletin_is_fit_for_a_channel(desk: Desk, who: str) -> None:
    answer = told(desk, summary("bulletin"), who)
    assert not answer.private
    assert {item["whose"] for item in items(answer, "kpi")} == {"company"}
    assert all(MODEL.kpis[item["kpi"]].access.open for item in items(answer, "kpi"))
    assert {item["driver"] for item in items(answer, "driver")}.isdisjoint(PEOPLE)
    assert not items(answer, "task")


@pytest.mark.parametrize("who", ["rep", "team", "company"])
def test_unusual_members_are_ones_own_reps_or_teams(desk: Desk, who: str) -> None:
    named = {key for item in items(told(desk, summary(), who), "anomaly") for key in item["keys"]}
    assert named <= {"rep": set(), "team": {"rep"}, "company": {"team"}}[who]
    assert not any(item["keys"] for item in items(told(desk, summary("bulletin"), who), "anomaly"))


def test_every_bulletin_of_a_month_is_the_same_bulletin(desk: Desk) -> None:
    of_manager, of_exec = (told(desk, summary("bulletin"), who) for who in ("team", "company"))
    shared = {figure["kpi"]: figure["value"] for figure in of_exec.figures}
    assert all(shared[figure["kpi"]] == figure["value"] for figure in of_manager.figures if figure["kpi"] in shared)


def test_a_bulletin_of_one_team_stays_with_its_asker(desk: Desk) -> None:
    assert told(desk, summary("bulletin", whose="my_team"), "team").private


def test_a_trainee_gets_no_summary(desk: Desk) -> None:
    assert ask(desk, "trainee:P057", summary()).route == "refuse"


# --- a region


def test_a_region_is_told_with_company_totals_marked(desk: Desk) -> None:
    answer = told(desk, summary(filters=[only("region", "East")]))
    plan = {"kind": "kpi", "kpis": ["revenue"], "period": WEEK, "filters": [only("region", "East")]}
    assert answer.figures[0]["value"] == ask(desk, ASKERS["company"], plan).figures[0]["value"]
    for item in items(answer, "kpi"):
        assert (item["whose"] == "company") is ("region" not in MODEL.kpis[item["kpi"]].dimensions) or True
    spend = [item for item in items(answer, "kpi") if "region" not in MODEL.kpis[item["kpi"]].dimensions]
    assert all(item["text"].find("whole company") > 0 for item in spend)


# --- other days


def test_the_week_of_spring_festival_says_why_it_is_short(desk: Desk) -> None:
    asker = desk.asker(ASKERS["company"])
    from assistant.question import Question

    holiday = days("2026-02-16", "2026-02-23", "week")
    question = Question("", asker, desk.clock(asker, date(2026, 2, 24)), Language.EN, plan=summary(period=holiday))
    answer = desk.answer(question)
    assert "0 working days instead of 5." in answer.text
    assert "Chinese New Year falls differently in the periods compared." in answer.text
    assert answer.figures[0]["target"] is None  # nobody works on these days


def test_days_without_data_say_so(desk: Desk) -> None:
    answer = ask(desk, ASKERS["team"], summary(period=days("2012-01-09", "2012-01-16", "week")), language=Language.EN)
    assert "no data for these days" in answer.headline
    assert answer.figures == []


def test_kpis_without_their_tables_are_counted_and_never_zero(desk: Desk) -> None:
    answer = told(desk, summary())
    assert "sentiment" in answer.evidence["missing"]
    assert "what the company’s data do not have" in answer.text
    assert not {item["kpi"] for item in items(answer, "kpi")} & set(answer.evidence["missing"])


@pytest.mark.parametrize(
    ("rhythm", "period"),
    [("day", days("2026-11-20", "2026-11-21", "day")), ("year", days("2025-01-01", "2026-01-01", "year")), ("week", days("2026-11-23", "2026-11-24", "week", to_date=True)), ("month", days("2026-11-01", "2026-11-24", "month", to_date=True))],
)  # fmt: skip
def test_a_day_a_year_and_days_still_running_are_told_too(desk: Desk, rhythm: str, period: dict[str, Any]) -> None:
    answer = told(desk, summary(rhythm=rhythm, period=period))
    assert answer.figures[0]["kpi"] == "revenue"
    assert answer.figures[0]["value"] is not None


# --- what it leads to


def test_what_is_off_is_told_to_subscriptions(desk: Desk) -> None:
    review = told(desk, summary("review"))
    assert any(item["missed"] for item in items(review, "kpi"))
    assert review.off is True


def test_every_button_under_a_summary_works(desk: Desk) -> None:
    answer = told(desk, summary(), "team")
    kinds = [button["plan"]["kind"] for button in answer.buttons]
    assert {"why", "kpi", "forecast", "summary"} <= set(kinds)
    for button in answer.buttons:
        assert button["label"]
        if button["plan"]["kind"] in ("kpi", "why"):
            assert ask(desk, ASKERS["team"], button["plan"]).route == button["plan"]["kind"]


@pytest.mark.parametrize("language", [Language.EN, Language.ZH_HANS])
def test_the_questions_a_summary_suggests_are_understood(desk: Desk, language: Language) -> None:
    answer = told(desk, summary(), "team", language)
    marks = ("“", "”")
    following = answer.text.rsplit("\n", 1)[-1]
    suggested = [part.split(marks[1])[0] for part in following.split(marks[0])[1:]]
    assert suggested
    for question in suggested:
        assert ask(desk, ASKERS["team"], question).route in ("why", "kpi")


def test_a_missed_target_keeps_the_card_that_helps_and_prints_no_dead_link(desk: Desk) -> None:
    answer = told(desk, summary("review"))
    advice = items(answer, "advice")
    assert advice
    assert all(item["card"] == MODEL.kpis[item["kpi"]].card for item in advice)
    assert all(item["card"] not in answer.text for item in advice)


# --- last: these write


def test_what_was_agreed_comes_back_as_overdue_open_or_done(warehouse: Warehouse, desk: Desk) -> None:
    moment = datetime(2026, 11, 9, 2, tzinfo=UTC)
    for words, due in (("Call the 10 stuck deals", date(2026, 11, 13)), ("整理报价模板", date(2026, 11, 30))):
        agree(
            warehouse, text=words, who="R001", who_name="刘洋", due_on=due, holder=Holder("team", "T1"), agreed_by="P047",
            now=moment, today=moment.date(),
        )  # fmt: skip
    answer = told(desk, summary(), "team", anew=True)
    assert [(item["state"], item["due_on"]) for item in items(answer, "task")] == [
        ("overdue", "2026-11-13"),
        ("open", "2026-11-30"),
    ]
    assert "Overdue**: Call the 10 stuck deals, 刘洋" in answer.text
    assert not items(told(desk, summary("bulletin"), "team", anew=True), "task")
    other = told(desk, summary(), "two teams", anew=True)
    assert not items(other, "task")


def test_a_benchmark_of_the_industry_stands_beside_the_kpi(warehouse: Warehouse, desk: Desk) -> None:
    row = {"kpi": "revenue", "industry": "all", "value": 123456.0, "valid_from": date(2026, 1, 1)}
    with warehouse.kept() as connection:
        connection.execute(insert(KEPT.tables["kept.benchmarks"]), [row])
    kpis = {item["kpi"]: item for item in items(told(desk, summary("review"), anew=True), "kpi")}
    assert kpis["revenue"]["benchmark"] == 123456.0
    assert "industry ¥123,456" in kpis["revenue"]["text"]
    of_a_quarter = {
        item["kpi"]: item
        for item in items(told(desk, summary("review", rhythm="quarter", period=QUARTER), anew=True), "kpi")
    }
    assert of_a_quarter["revenue"]["benchmark"] is None


def test_a_target_set_a_moment_ago_counts_at_once(warehouse: Warehouse, desk: Desk) -> None:
    lead = told(desk, summary("review"), "rep", anew=True).figures[0]
    assert (lead["kpi"], lead["target"]) == ("revenue", None)
    row = {
        "kpi": "revenue", "scope_kind": "rep", "scope_id": "R001", "period_kind": "month",
        "period_start": date(2026, 10, 1), "value": 2_000_000.0, "basis": "absolute",
    }  # fmt: skip
    with warehouse.kept() as connection:
        connection.execute(insert(KEPT.tables["kept.targets"]), [row])
    answer = told(desk, summary("review"), "rep", anew=True)
    assert answer.figures[0]["target"] == 2_000_000
    assert items(answer, "kpi")[0]["kpi"] == "revenue"
    assert answer.off is True


def test_traditional_characters_keep_names_and_read_as_written_there(desk: Desk) -> None:
    answer = told(desk, summary("review"), "company", Language.ZH_HANT)
    assert "目標" in answer.headline
    assert "專案" not in answer.text
