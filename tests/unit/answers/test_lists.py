"""Lists of deals, customers and leads: what they say, whom they are open to, and why they are empty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import cycle
from typing import Any

import pandas as pd
import pytest
from selling_company import PLAIN, TODAY, ask, days, denied, fill, only, sound

from analytics.semantic import read_model
from analytics.semantic.list_file import read_lists
from analytics.vocabulary import Scope
from analytics.warehouse import Warehouse
from assistant.access import Permitted, scope_of
from assistant.desk import Desk, as_json
from assistant.explain import Speaker, explain, phrase
from assistant.kinds import customers, deals, leads_list
from assistant.kinds.listed_refused import sentence_of
from assistant.kinds.listed_words import filter_words
from assistant.plans import DealList, LeadList, Refuse, RowFilter
from assistant.question import Answer, Language, Question
from assistant.result import Room
from assistant.rows_access import permit_rows
from prompts.marks import unmark

MODEL = read_model()
LANGUAGES = [Language.EN, Language.ZH_HANS, Language.ZH_HANT]
CLOSING_THIS_WEEK = {
    "name": "expected_close_on", "op": "during", "period": days("2026-11-23", "2026-11-30", "week"),
}  # fmt: skip


def at(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The selling company with open deals and leads: Anna's N1-N3, 张伟's N4, 陈静's N5, Dan's N6, nobody's N7."""
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('lists')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    with warehouse.load("crm", datetime(2026, 11, 23, 4, tzinfo=UTC)) as load:
        load.put("opportunities", pd.DataFrame(_deals()))
        load.put("stage_changes", pd.DataFrame(_stages()))
        load.put("leads", pd.DataFrame(_leads()))
        load.put("activities", pd.DataFrame(_activities()))
    yield Desk(warehouse, MODEL, today=TODAY)
    warehouse.close()


def _deals() -> list[dict[str, Any]]:
    columns = ("opportunity_id", "name", "customer_id", "owner_rep_id", "product_id", "amount", "expected_close_on")
    rows = [
        ("N1", "恒瑞 line", "C1", "R1", "PR1", 120_000, date(2026, 11, 27)), ("N2", "Harbor spare parts", "C2", "R1", "PR1", 49_999.99, date(2026, 11, 29)),
        ("N3", "Delta retrofit", "C3", "R1", "PR1", None, date(2026, 11, 30)), ("N4", "Harbor line", "C2", "R2", "PR1", 80_000, date(2026, 11, 23)),
        ("N5", "Delta line", "C3", "R3", "PR1", 90_000, date(2026, 11, 24)), ("N6", "West line", "C4", "R4", "PR1", 70_000, date(2026, 12, 24)),
        ("N7", "Nobody's line", "C4", None, "PR1", 60_000, date(2026, 11, 25)),
    ]  # fmt: skip
    return [
        dict(zip(columns, row, strict=True), stage="qualified", outcome="open", created_at=at(1, 9)) for row in rows
    ]


def _stages() -> list[dict[str, Any]]:
    return [
        {"opportunity_id": "N1", "lead_id": None, "stage": "qualified", "entered_at": at(1, 10)},
        {"opportunity_id": "N1", "lead_id": None, "stage": "negotiation", "entered_at": at(13)},
        {"opportunity_id": "N4", "lead_id": None, "stage": "proposal", "entered_at": at(1, 10)},
    ]


def _leads() -> list[dict[str, Any]]:
    rows = [
        ("Q1", "Quick Ltd", "R1", "CH1", False), ("Q2", "从未联系有限公司", "R1", "CH2", True), ("Q3", "Third Ltd", "R3", "CH1", False),
        ("Q4", "Free Ltd", None, "CH1", False),
    ]  # fmt: skip
    columns = ("lead_id", "company", "owner_rep_id", "channel_id", "do_not_contact")
    lost = [
        {"lead_id": lead, "company": "Gone Ltd", "owner_rep_id": "R2", "status": "lost", "lost_at": at(day), "created_at": at(2),
         "lost_reason": "no budget"}
        for lead, day in (("Q5", 10), ("Q6", 12), ("Q7", 30))
    ]  # fmt: skip
    found = [
        dict(zip(columns, row, strict=True), status="open", created_at=at(2), contact_name="Ms Liu") for row in rows
    ]
    return [*found, *lost]


def _activities() -> list[dict[str, Any]]:
    return [
        {"activity_id": f"X{lead}", "rep_id": "R1", "lead_id": lead, "kind": "call", "happened_at": at(day)}
        for lead, day in (("Q1", 9), ("Q3", 20))
    ]


def listed(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, **more}


def lead_list(**more: Any) -> LeadList:
    today = {"start": "2026-11-23", "end": "2026-11-24", "label": "today"}
    return LeadList.model_validate({"purpose": "list", "owner": None, "day": today, **more})


def ids(answer: Answer, key: str = "opportunity_id") -> list[str]:
    return [item[key] for item in answer.items]


# --- what a list says


def test_deals_closing_this_week_are_told_with_their_number_and_their_amount(desk: Desk) -> None:
    plan = listed("deals", filters=[CLOSING_THIS_WEEK, only("amount", 50_000, op="more_than")])
    answer = sound(desk, plan, as_="manager:M1")
    assert answer.route == "deals"
    assert ids(answer) == ["N1", "N4"]
    assert answer.headline == (
        "2 open deals of your team, expected to close 23–29 Nov 2026 (week 48), over ¥50,000: ¥200,000 in all, "
        "largest first."
    )
    assert answer.reading.startswith(
        "Read as: open deals of your team, expected to close 23–29 Nov 2026 (week 48), over ¥50,000; as of"
    )
    assert "largest first" in answer.reading
    count, total = answer.figures
    assert (count["kpi"], count["value"]) == ("deals", 2)
    assert (total["kpi"], total["value"], total["unit"], total["rows"]) == ("deals_amount", 200_000, "money", 2)


def test_the_same_list_in_chinese_says_the_same_in_a_native_order(desk: Desk) -> None:
    plan = listed("deals", filters=[CLOSING_THIS_WEEK, only("amount", 50_000, op="more_than")])
    answer = sound(desk, plan, Language.ZH_HANS, as_="manager:M1")
    assert answer.headline == (
        "您团队2026年11月23日至29日（第48周）预计成交、金额超过¥5万的在途商机共 2 个，合计¥20万；按金额从大到小。"
    )
    assert "您團隊" in sound(desk, plan, Language.ZH_HANT, as_="manager:M1").headline


def test_a_deal_shows_its_stage_by_the_clock_and_the_days_it_stands_there(desk: Desk) -> None:
    plan = listed("deals", order={"by": "days_in_stage"})
    answer = sound(desk, plan, as_="rep:R1")
    by_id = {item["opportunity_id"]: item for item in answer.items}
    assert (by_id["N1"]["stage"], by_id["N1"]["days_in_stage"]) == ("negotiation", 10)
    assert (by_id["N2"]["stage"], by_id["N2"]["days_in_stage"]) == ("qualified", None)
    assert "Days in stage" in answer.text
    assert "longest in their stage first" in answer.headline


def test_ids_stand_beside_the_names_people_know(desk: Desk) -> None:
    (item,) = sound(desk, listed("deals", filters=[only("product", "PR1"), only("customer", "C2")]), as_="rep:R1").items
    assert (item["customer"], item["customer_name"]) == ("C2", "Harbor Pharma")
    assert (item["owner"], item["owner_name"]) == ("R1", "Anna Ash")
    assert (item["product"], item["product_name"]) == ("PR1", "X500")
    assert (item["amount"], item["expected_close_on"]) == (49_999.99, "2026-11-29")


def test_deals_without_an_amount_are_counted_and_told(desk: Desk) -> None:
    answer = sound(desk, listed("deals"), as_="rep:R1")
    assert answer.figures[0]["value"] == 3
    assert (answer.figures[1]["value"], answer.figures[1]["rows"]) == (169_999.99, 2)
    assert "1 has no amount" in answer.text
    assert "no data" in answer.text


def test_the_total_is_that_of_all_deals_not_of_those_shown(desk: Desk) -> None:
    answer = sound(desk, listed("deals", limit=2))
    assert len(answer.items) == 2
    assert answer.figures[0]["value"] == 7
    assert answer.figures[1]["value"] == 469_999.99
    assert "; the first 2, largest first." in answer.headline
    assert "the first one" in sound(desk, listed("deals", limit=1)).headline


def test_deals_won_in_a_month_are_those_closed_in_it(desk: Desk) -> None:
    closed = {"name": "closed_at", "op": "during", "period": days("2026-10-01", "2026-11-01")}
    answer = sound(desk, listed("deals", state="won", filters=[closed]))
    assert set(ids(answer)) == {"D-R1-2026-10", "D-R2-2026-10", "D-R3-2026-10", "D-R4-2026-10"}
    assert answer.headline.startswith("4 won deals of the whole company, closed in Oct 2026: ¥220,000 in all")
    assert "Closed" in answer.text


@pytest.mark.parametrize("kind", ["deals", "customers"])
def test_every_column_can_be_filtered_and_ordered_by(desk: Desk, kind: str) -> None:
    declared, period = read_lists()[kind], days("2026-11-01", "2026-12-01")
    for language, name in zip(cycle(LANGUAGES), declared.all_columns, strict=False):
        filters: list[dict[str, Any]] = [only(name, op="known"), only(name, op="unknown")]
        filters += [only(name, 7, op="at_least"), only(name, 3, 7, op="between"), only(name, "R1", "x", op="not_in")]
        filters += [only(name, "a", op="contains"), only(name, True), {"name": name, "op": "during", "period": period}]
        filters += [only(name, "2026-10-01", op="at_most")]
        for given in filters:
            answer = sound(desk, listed(kind, filters=[given], order={"by": name, "descending": False}), language)
            assert answer.route in (kind, "refuse")
            assert "failed a check" not in answer.text


def test_rows_of_persons_are_for_the_asker_alone(desk: Desk) -> None:
    assert sound(desk, listed("deals"), as_="rep:R1").private
    assert sound(desk, listed("customers")).private


def test_in_slack_a_list_is_a_table_that_can_be_sorted(desk: Desk) -> None:
    asker = desk.asker("exec:P8")
    question = Question("", asker, desk.clock(asker, TODAY), plan=listed("deals", limit=100), in_slack=True)
    answer = desk.answer(question)
    (table,) = [block for block in answer.blocks if block["type"] == "data_table"]
    assert [cell["text"] for cell in table["rows"][0]] == [
        "Deal", "Customer", "Rep", "Stage", "Amount", "Expected close",
    ]  # fmt: skip
    assert table["rows"][1][4] == {"type": "raw_number", "value": 120_000.0, "text": "¥120,000"}
    assert answer.evidence["sql"] == []


def test_the_answer_is_readable_by_machines(desk: Desk) -> None:
    answer = json.loads(as_json(sound(desk, listed("customers", order={"by": "last_order_at"}))))
    assert answer["route"] == "customers"
    assert answer["plan"]["order"] == {"by": "last_order_at", "descending": True}
    assert answer["evidence"]["rows"] == 4
    assert "SELECT" in answer["evidence"]["sql"][0]
    assert all(
        {"customer_id", "name", "owner", "owner_name", "last_order_at"} <= item.keys() for item in answer["items"]
    )


# --- whose rows


@pytest.mark.parametrize(
    ("as_", "whose", "expected"),
    [
        ("rep:R1", None, {"N1", "N2", "N3"}), ("rep:R1", "me", {"N1", "N2", "N3"}), ("rep:R1", "rep:R1", {"N1", "N2", "N3"}),
        ("manager:M1", None, {"N1", "N2", "N3", "N4"}), ("manager:M1", "my_team", {"N1", "N2", "N3", "N4"}), ("manager:M1", "me", set()),
        ("manager:M2", "team:T2", {"N5"}), ("manager:M2", "rep:R4", {"N6"}), ("manager:M3", None, {"N1", "N2", "N3", "N4", "N5"}),
        ("exec:P8", None, {"N1", "N2", "N3", "N4", "N5", "N6", "N7"}), ("admin:P9", "company", {"N1", "N2", "N3", "N4", "N5", "N6", "N7"}),
        ("exec:P8", "team:T9", {"N1", "N2", "N3", "N4", "N5"}), ("exec:P8", "rep:R3", {"N5"}), ("manager:P11", None, set()),
    ],
)  # fmt: skip
def test_each_role_sees_the_deals_that_are_its_own(desk: Desk, as_: str, whose: str | None, expected: set[str]) -> None:
    assert set(ids(sound(desk, listed("deals", whose=whose), as_=as_))) == expected


@pytest.mark.parametrize(
    ("as_", "more"),
    [
        ("rep:R1", {"whose": "my_team"}), ("rep:R1", {"whose": "company"}), ("rep:R1", {"whose": "rep:R2"}), ("rep:R1", {"whose": "team:T1"}),
        ("rep:R1", {"filters": [only("rep", "R2")]}), ("rep:R1", {"filters": [only("rep", "张伟")]}), ("rep:R1", {"filters": [only("rep", "R1", "R2")]}),
        ("manager:M1", {"whose": "company"}), ("manager:M1", {"whose": "everyone"}), ("manager:M1", {"whose": "rep:R3"}), ("manager:M1", {"whose": "team:T2"}),
        ("manager:M1", {"filters": [only("team", "T2")]}), ("manager:M1", {"filters": [only("rep", "R3")]}), ("exec:P8", {"whose": "rep:R99"}),
        ("exec:P8", {"whose": "somebody"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["deals", "customers"])
def test_nobody_sees_the_rows_of_others(desk: Desk, as_: str, more: dict[str, Any], kind: str) -> None:
    assert denied(ask(desk, as_, listed(kind, **more))) == "not_your_rows"


def test_a_manager_s_own_reps_may_be_named(desk: Desk) -> None:
    for value in ("R2", "张伟"):
        answer = sound(desk, listed("deals", filters=[only("rep", value)]), as_="manager:M1")
        assert ids(answer) == ["N4"]
    assert "owned by 张伟" in answer.headline


def test_trainees_see_no_rows(desk: Desk) -> None:
    assert denied(ask(desk, "trainee:P10", listed("deals"))) == "no_live_figures"
    assert denied(ask(desk, "trainee:P10", listed("customers"))) == "no_live_figures"


def test_what_nobody_owns_is_open_to_those_who_see_everything_only(desk: Desk) -> None:
    unowned = listed("deals", filters=[only("rep", op="unknown")])
    assert ids(sound(desk, unowned)) == ["N7"]
    assert "without an owner" in sound(desk, unowned).headline
    for as_ in ("manager:M3", "rep:R1"):
        assert denied(ask(desk, as_, unowned)) == "unowned_rows"


# --- why a list is empty or refused


def test_an_empty_list_says_which_filter_leaves_nothing(desk: Desk) -> None:
    answer = sound(desk, listed("deals", filters=[CLOSING_THIS_WEEK, only("amount", 10**9, op="more_than")]))
    assert answer.items == []
    assert answer.headline.startswith("No open deals of the whole company, expected to close")
    assert (
        "There are 7 open deals of the whole company, and none of them fits “over ¥1,000,000,000”." in answer.headline
    )
    assert answer.figures[0]["value"] == 0
    chinese = sound(desk, listed("deals", filters=[only("amount", 10**9, op="more_than")]), Language.ZH_HANS)
    assert (
        chinese.headline
        == "全公司没有金额超过¥10亿的在途商机。全公司的在途商机共有 7 个，但没有一个符合“金额超过¥10亿”。"
    )


def test_filters_that_fit_alone_but_not_together_say_what_would_be_left(desk: Desk) -> None:
    filters = [only("amount", 100_000, op="more_than"), only("customer", "C2")]
    answer = sound(desk, listed("deals", filters=filters))
    assert "Without “over ¥100,000” there would be 2." in answer.headline


def test_somebody_without_any_deals_is_told_so(desk: Desk) -> None:
    assert sound(desk, listed("deals"), as_="manager:P11").headline == "No open deals of your team. There are none."


def test_a_list_by_what_the_company_does_not_record_names_the_missing_table(desk: Desk) -> None:
    answer = sound(desk, listed("customers", filters=[only("value_class", "high_value")]))
    assert denied(answer) == "needs_tables"
    assert "a model's predictions (customer_value)" in answer.headline
    assert answer.plan["understood"]["kind"] == "customers"


def test_a_column_that_does_not_exist_is_told_with_those_that_do(desk: Desk) -> None:
    answer = sound(desk, listed("deals", filters=[only("salary", 5)]))
    assert denied(answer) == "unknown_column"
    assert "expected close" in answer.headline


@pytest.mark.parametrize(
    "value", [10**40, -(10**40), 1e300, float("nan"), float("inf"), 2**63, 0.1 + 0.2, -0.0, True, "x", "", "0xF"]
)
@pytest.mark.parametrize("name", ["amount", "days_in_stage", "expected_close_on", "closed_at", "name", "rep", "stage"])
def test_no_value_of_a_forged_plan_is_our_fault(desk: Desk, name: str, value: Any) -> None:
    for op in ("more_than", "in"):
        answer = sound(desk, listed("deals", filters=[{"name": name, "op": op, "values": [value]}]))
        assert answer.route in ("deals", "refuse")
        assert answer.plan.get("reason") in (None, "bad_filter", "bad_plan")


# --- lists of leads


def room_of(desk: Desk, as_: str, plan: LeadList | DealList, reader: Any) -> Room:
    asker = desk.asker(as_)
    assert asker is not None
    own = scope_of(asker, reader)
    sight = permit_rows(plan, asker, own, reader)
    assert not isinstance(sight, str)
    question = Question("", asker, desk.clock(asker, TODAY))
    return desk._room(question, Permitted(plan, own, sights={"rows": sight}), desk._known_of(reader), reader)


def leads_said(desk: Desk, as_: str, plan: LeadList, language: Language = Language.EN) -> tuple[str, list[str]]:
    with desk.warehouse.reader() as reader:
        room = room_of(desk, as_, plan, reader)
        said = explain(leads_list.run(plan, room), Speaker(language, room.company, room.clock))
        return said.text, [item["lead_id"] for item in said.items]


def test_leads_not_contacted_for_two_weeks_include_those_never_contacted(desk: Desk) -> None:
    plan = lead_list(filters=[only("days_since_contact", 14, op="at_least")])
    text, found = leads_said(desk, "rep:R1", plan)
    assert found == ["Q2", "Q1"]
    assert text.startswith("**2 open leads of yours, not contacted for 14 days or more, or never**")
    assert "never" in text.split("```")[1]
    assert "1 of those shown is marked do-not-contact" in text
    chinese, _ = leads_said(desk, "rep:R1", plan, Language.ZH_HANS)
    assert chinese.startswith("**您名下至少 14 天没联系（含从未联系）的跟进中线索共 2 条**；最久没联系的在前。")


def test_leads_of_everyone_hold_those_nobody_owns(desk: Desk) -> None:
    assert set(leads_said(desk, "exec:P8", lead_list(owner="everyone"))[1]) == {"Q1", "Q2", "Q3", "Q4", "Q7"}
    assert leads_said(desk, "exec:P8", lead_list(filters=[only("rep", op="unknown")]))[1] == ["Q4"]
    assert leads_said(desk, "manager:M2", lead_list())[1] == ["Q3"]


def test_lost_leads_are_those_lost_by_today_the_latest_first(desk: Desk) -> None:
    text, found = leads_said(desk, "exec:P8", lead_list(state="lost"))
    assert found == ["Q6", "Q5"]
    assert text.startswith("**2 lost leads of the whole company**, most recently lost first.")
    assert "no budget" in text
    assert "Q7" in leads_said(desk, "exec:P8", lead_list(owner="rep:R2"))[1]  # lost next week, so open today


# --- refusals that rights make


@pytest.mark.parametrize(
    ("reason", "role", "english", "chinese"),
    [
        ("not_your_rows", "rep:R1", "Those deals are not open to you.", "这些商机您无权查看。"),
        ("unowned_rows", "manager:M1", "Deals that nobody owns are shown to executives and admins only", "没有负责人的商机只有高管和管理员能看"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_rows_it_is_about(desk: Desk, reason: str, role: str, english: str, chinese: str) -> None:
    plan = DealList()
    with desk.warehouse.reader() as reader:
        room = room_of(desk, role, plan, reader)
    sentence = sentence_of(Refuse(reason=reason, understood=plan.model_dump(mode="json")), room)
    assert sentence is not None
    for language, words in ((Language.EN, english), (Language.ZH_HANS, chinese)):
        assert words in unmark(phrase(sentence, Speaker(language, room.company, room.clock)))
    assert sentence_of(Refuse(reason=reason, understood={"kind": "kpi"}), room) is None


def test_a_filter_by_what_no_list_has_can_still_be_worded(desk: Desk) -> None:
    with desk.warehouse.reader() as reader:
        room = room_of(desk, "exec:P8", DealList(), reader)
        words = filter_words(read_lists()["deals"], RowFilter(name="salary", op="more_than", values=(5,)), room)
        assert unmark(phrase(words, Speaker(Language.EN, room.company, room.clock))).strip() == "salary over 5"


def test_every_column_of_every_list_has_a_name_and_every_state_its_columns() -> None:
    for declared in read_lists().values():
        for name in declared.all_columns:
            assert declared.names_of(name) is not None or name in MODEL.dimensions, name
    for shape in (deals.SHAPE, customers.SHAPE, leads_list.SHAPE):
        assert set(shape.columns) == set(shape.declared.all_states)
        for names in (*shape.columns.values(), shape.items):
            assert set(names) <= set(shape.declared.all_columns)


def test_a_scope_that_sees_nothing_finds_nothing(desk: Desk) -> None:
    with desk.warehouse.reader() as reader:
        asker = desk.asker("rep:R1")
        assert asker is not None
        assert permit_rows(DealList(whose="rep:R2"), asker, Scope(frozenset()), reader) == "not_your_rows"
