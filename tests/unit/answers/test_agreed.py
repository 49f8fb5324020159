"""What was agreed in a review, by text: kept, shown, done, dropped; whose it is to see; and months closed by text."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from selling_company import PLAIN, SALES, TODAY, amount, ask, denied, fill, keep, plan, sound
from sqlalchemy import update

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from analytics.warehouse.tables import KEPT
from assistant.desk import Desk
from assistant.question import Language
from assistant.slack.limits import check_message

MODEL = read_model()
LANGUAGES = [Language.EN, Language.ZH_HANS, Language.ZH_HANT]
MIA, NED, ANNA, ZHANG, EVE, ADA = "manager:M1", "manager:M2", "rep:R1", "rep:R2", "exec:P8", "admin:P9"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    made = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('agreed')}/warehouse.duckdb")
    fill(made, PLAIN)
    yield made
    made.close()


@pytest.fixture
def desk(filled: Warehouse) -> Desk:
    """Nothing agreed, no month closed."""
    with filled.kept() as connection:
        for name in ("agreed_tasks", "closed_months", "closed_figures"):
            connection.execute(KEPT.tables[f"kept.{name}"].delete())
    return Desk(filled, MODEL)


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


def tasks(desk: Desk, as_: str, asked: Any = "what was agreed") -> list[tuple[str, str, str]]:
    """Who is to do what, and where it stands."""
    answer = ask(desk, as_, asked)
    assert answer.route == "agreed", answer.text
    return [(item["who_name"], item["text"], item["state"]) for item in answer.items]


# --- keeping


@pytest.mark.parametrize(
    ("said", "who", "due"),
    [
        ("agreed: 张伟 calls the ten stuck deals by Friday", "R2", "2026-11-27"),
        ("We agreed that 张伟 will call the 10 stuck deals by the end of the month", "R2", "2026-11-30"),
        ("会上定了：张伟周五前联系十个停滞商机", "R2", "2026-11-27"),
        ("會上定了：張偉週五前聯繫十個停滯商機", "R2", "2026-11-27"),
        ("周会上说好了，张伟下周三之前联系十个停滞商机", "R2", "2026-12-02"),
        ("action item: I send the two-option quote by 5 Dec", "M1", "2026-12-05"),
        ("待办：我明天把报价发给恒瑞", "M1", "2026-11-24"),
        ("agreed: Anna Ash checks the forecast", "R1", None),
        ("agreed: somebody checks last month's losses", "M1", None),
    ],
)
def test_who_does_what_until_when_is_read_from_the_words(desk: Desk, said: str, who: str, due: str | None) -> None:
    answer = ask(desk, MIA, said)
    (item,) = answer.items
    assert (answer.route, item["who"], item["due_on"], item["state"]) == ("agreed", who, due, "open")
    assert item["text"] in said
    assert answer.private


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_about_what_was_agreed_is_sound_in_each_language(desk: Desk, language: Language) -> None:
    said = ["agreed: 张伟 calls 10 <b>*deals*</b> by Friday", "agreed: Anna Ash visits Harbor", "done: visits Harbor", "overdue tasks",
            "what was agreed", "what did we agree last week", "done: nothing like it", "drop: 10", "my tasks"]  # fmt: skip
    for text in said:
        sound(desk, text, language, MIA)
        sound(desk, text, language, MIA)


def test_a_message_that_arrives_twice_is_one_task(desk: Desk) -> None:
    first, again = (ask(desk, MIA, "agreed: 张伟 calls them by Friday") for _ in range(2))
    assert first.items[0]["task_id"] == again.items[0]["task_id"]
    assert len(tasks(desk, MIA)) == 1


def test_what_people_write_is_data_and_never_markup(desk: Desk) -> None:
    answer = ask(desk, MIA, "agreed: <!channel> *bold* <https://evil.example|click> {{ 7 * 7 }} by Friday")
    assert check_message(answer.headline, answer.blocks) is None
    shown = str(answer.blocks)
    assert "'type': 'link'" not in shown
    assert "'type': 'broadcast'" not in shown
    assert "{{ 7 * 7 }}" in answer.items[0]["text"]


def test_a_very_long_agreement_is_cut_and_still_fits_a_message(desk: Desk) -> None:
    answer = ask(desk, MIA, "agreed: " + "call them all and then some more " * 40)
    assert len(answer.items[0]["text"]) <= 300
    assert check_message(answer.headline, answer.blocks) is None
    listed = ask(desk, MIA, "what was agreed")
    assert check_message(listed.headline, listed.blocks) is None


def test_which_of_two_people_of_one_name_is_asked_back(filled: Warehouse, desk: Desk) -> None:
    answer = ask(desk, EVE, {"kind": "clarify", "reason": "several_owners", "words": ["Anna"], "choices": [
        {"kind": "agreed", "action": "add", "text": "call them", "who": f"rep:{rep}"} for rep in ("R1", "R2")]})  # fmt: skip
    assert "more than one person" in answer.headline
    assert [choice["plan"]["who"] for choice in answer.choices] == ["rep:R1", "rep:R2"]
    assert tasks(desk, EVE) == [], "a question back keeps nothing"


# --- whose it is


def test_each_sees_what_is_theirs_and_nobody_else_s(desk: Desk) -> None:
    ask(desk, MIA, "agreed: Anna Ash calls Harbor by Friday")
    ask(desk, NED, "agreed: 陈静 calls Delta by Friday")
    ask(desk, ZHANG, "agreed: I call C1 by Friday")
    ask(desk, EVE, "agreed: I look at the prices by Friday")
    everybody = (ANNA, ZHANG, MIA, NED, "manager:M3", "manager:P11", EVE, ADA)
    seen = {as_: {who for who, _, _ in tasks(desk, as_)} for as_ in everybody}
    of_east = {"Anna Ash", "张伟", "陈静"}
    assert seen == {
        ANNA: {"Anna Ash"}, ZHANG: {"张伟"}, MIA: {"Anna Ash", "张伟"}, NED: {"陈静"}, "manager:M3": of_east,
        "manager:P11": set(), EVE: {*of_east, "Eve Exec"}, ADA: {*of_east, "Eve Exec"},
    }  # fmt: skip


@pytest.mark.parametrize("as_", [MIA, ANNA])
@pytest.mark.parametrize("action", ["add", "list"])
def test_nobody_gives_tasks_to_or_reads_those_of_people_who_are_not_theirs(desk: Desk, as_: str, action: str) -> None:
    forged = {"kind": "agreed", "action": action, "text": "call them", "who": "rep:R3"}
    assert denied(ask(desk, as_, forged)) == "not_your_rows"
    assert tasks(desk, EVE) == []


def test_a_task_of_somebody_else_cannot_be_finished_or_dropped_by_its_id(desk: Desk) -> None:
    task = ask(desk, NED, "agreed: 陈静 calls Delta by Friday").items[0]["task_id"]
    for action in ("done", "drop"):
        answer = ask(desk, ANNA, {"kind": "agreed", "action": action, "task": task})
        assert answer.items == []
        assert "Delta" not in answer.text
    chosen = [{"kind": "agreed", "action": action, "task": task} for action in ("done", "drop")]
    asked_back = ask(desk, ANNA, {"kind": "clarify", "reason": "which_task", "choices": chosen})
    assert "Delta" not in asked_back.text + str(asked_back.blocks)
    assert [state for _, _, state in tasks(desk, NED)] == ["open"]


def test_trainees_and_strangers_see_none(desk: Desk) -> None:
    assert denied(ask(desk, "trainee:P10", "what was agreed")) == "no_live_figures"
    assert denied(ask(desk, "nobody", "what was agreed")) == "unknown_asker"


def test_a_rep_finishes_what_a_manager_gave_but_does_not_drop_it(desk: Desk) -> None:
    ask(desk, MIA, "agreed: Anna Ash calls Harbor by Friday")
    ask(desk, ANNA, "agreed: I tidy my pipeline")
    assert "agreed by others" in ask(desk, ANNA, "drop: Harbor").headline
    assert "Dropped" in ask(desk, ANNA, "drop: tidy my pipeline").headline
    assert "Done" in ask(desk, ANNA, "done: Harbor").headline
    assert tasks(desk, MIA) == [("Anna Ash", "Anna Ash calls Harbor by Friday", "done")]


# --- done, dropped, listed


def test_a_few_words_tell_which_task_is_done(desk: Desk) -> None:
    ask(desk, MIA, "agreed: 张伟 calls the ten stuck deals by Friday")
    ask(desk, MIA, "会上定了：张伟周五前拜访恒瑞汽车")
    assert "ten stuck" in ask(desk, MIA, "done: stuck deals, the ten").headline
    assert "恒瑞" in ask(desk, MIA, "拜访恒瑞那条完成了").headline
    assert {state for _, _, state in tasks(desk, MIA)} == {"done"}
    assert "done already" in ask(desk, MIA, "done: ten stuck deals", language=Language.EN).headline


def test_words_that_fit_several_tasks_are_asked_back_with_each(desk: Desk) -> None:
    ask(desk, MIA, "agreed: 张伟 calls Harbor by Friday")
    ask(desk, MIA, "agreed: Anna Ash calls Harbor by Friday")
    answer = ask(desk, MIA, "done: calls Harbor")
    assert answer.route == "clarify"
    assert len(answer.choices) == 2
    assert {state for _, _, state in tasks(desk, MIA)} == {"open"}
    assert ask(desk, MIA, answer.choices[0]["plan"]).items[0]["state"] == "done"


def test_a_button_under_the_list_says_that_a_task_is_done(desk: Desk) -> None:
    ask(desk, MIA, "agreed: 张伟 calls Harbor by Friday")
    answer = ask(desk, MIA, "what was agreed")
    values = [
        element["value"] for block in answer.blocks if block["type"] == "actions" for element in block["elements"]
    ]
    assert any('"done"' in value for value in values)


def test_what_is_past_its_day_is_overdue_and_told_first(filled: Warehouse, desk: Desk) -> None:
    ask(desk, MIA, "agreed: 张伟 calls Harbor by Friday")
    ask(desk, MIA, "agreed: Anna Ash calls Delta by tomorrow")
    table = KEPT.tables["kept.agreed_tasks"]
    with filled.kept() as connection:
        last_friday = TODAY.replace(day=20)
        connection.execute(update(table).where(table.c.who == "R2").values(due_on=last_friday))
    assert tasks(desk, MIA) == [
        ("张伟", "张伟 calls Harbor by Friday", "overdue"), ("Anna Ash", "Anna Ash calls Delta by tomorrow", "open"),
    ]  # fmt: skip
    assert [who for who, _, _ in tasks(desk, MIA, "overdue tasks")] == ["张伟"]
    answer = ask(desk, MIA, "逾期的待办有哪些")
    assert (answer.off, "逾期1条" in answer.headline) == (True, True)
    assert ask(desk, ANNA, "what was agreed").off is False
    assert tasks(desk, MIA, "what did we agree last week") == []
    assert len(tasks(desk, MIA, "what did we agree this week")) == 2
    assert [who for who, _, _ in tasks(desk, MIA, "张伟的待办有哪些")] == ["张伟"]


@pytest.mark.parametrize(
    "text",
    [
        "drop-off rate by stage",
        "we agreed on a discount, what now?",
        "closed deals last month",
        "is my training done",
        "完成率",
        "取消周报推送",
    ],
)
def test_other_questions_are_not_taken_for_agreements(desk: Desk, text: str) -> None:
    assert ask(desk, MIA, text).route not in ("agreed", "close")


# --- closing months by text


@pytest.mark.parametrize("text", ["close October", "关账10月", "10月关账", "關帳10月", "close the books for October"])
def test_october_is_closed_by_text_and_told_when_it_changes(filled: Warehouse, desk: Desk, text: str) -> None:
    answer = ask(desk, ADA, text)
    assert (answer.route, answer.evidence["outcome"]) == ("close", "closed"), answer.text
    assert "restated" not in ask(desk, EVE, plan()).text
    october = sum(amount(rep, "2026-10") for rep in SALES)
    table = KEPT.tables["kept.closed_figures"]
    with filled.kept() as connection:  # as if ten thousand had not been there at the closing
        frozen = update(table).where(table.c.kpi == "revenue", table.c.scope_kind == "company")
        connection.execute(frozen.values(amount=october - 10_000, row_count=3))
    english, chinese = (ask(desk, EVE, plan(), language=language).text for language in (Language.EN, Language.ZH_HANS))
    assert f"it was ¥{october - 10_000:,} then, now ¥{october:,}, ¥10,000 more (1 more row)" in english
    assert "关账后有改动，关账时为¥21万，现为¥22万，增加¥1万（多1行数据）" in chinese
    assert "restated" not in ask(desk, MIA, plan()).text, "her team's own figure has not changed"
    assert "restated" not in ask(desk, EVE, plan(filters=[{"name": "team", "op": "in", "values": ["T2"]}])).text


@pytest.mark.parametrize("as_", [MIA, ANNA])
def test_months_are_closed_by_executives_and_admins_only(desk: Desk, as_: str) -> None:
    for text in ("close October", "重新打开10月，因为补录了订单"):
        assert denied(ask(desk, as_, text)) == "closing_not_yours"
    assert ask(desk, as_, "which months are closed").route == "close"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_about_closing_is_sound_in_each_language(desk: Desk, language: Language) -> None:
    for text in ("which months are closed", "close November", "close October", "close October", "reopen October", "is October closed?",
                 "reopen October because of late orders", "reopen October because of late orders", "which months are closed", "close the month"):  # fmt: skip
        sound(desk, text, language, ADA)


def test_a_reopened_month_tells_no_restatement_and_keeps_its_record(desk: Desk) -> None:
    ask(desk, ADA, "close October")
    answer = ask(desk, EVE, "reopen October because of late orders")
    assert answer.evidence["outcome"] == "reopened"
    (item,) = answer.items
    assert (item["reason"], item["closed_by"]) == ("late orders", "Ada Admin")
    assert ask(desk, ADA, "is October closed?").evidence["outcome"] == "is_open"


def test_an_answer_against_the_baseline_says_when_and_why_it_was_recorded(filled: Warehouse, desk: Desk) -> None:
    keep(filled, "baselines", {"kpi": "revenue", "scope_kind": "company", "scope_id": "", "period_kind": "month", "note": "Before the 2026 programme",
                               "period_start": date(2026, 1, 1), "value": 90_000.0, "recorded_at": datetime(2026, 2, 3, tzinfo=UTC)})  # fmt: skip
    asked = plan(comparison={"kind": "baseline"})
    english, chinese = (ask(desk, EVE, asked, language=language).text for language in (Language.EN, Language.ZH_HANS))
    assert "the baseline is that of Jan 2026, recorded on Tue 3 Feb: “Before the 2026 programme”" in english
    assert "基线取自2026年1月，2月3日周二记录，说明：“Before the 2026 programme”" in chinese
