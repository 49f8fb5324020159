"""Customers and colleagues are understood by the names people use of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.accounts import CustomerName, customer_names
from analytics.organisation import Rep
from analytics.warehouse import Warehouse
from assistant.understanding.naming import NameHit, NameIndex
from assistant.understanding.naming.spelling import key_of, keys_of
from assistant.understanding.normalise import normalise

CUSTOMERS = [
    CustomerName("C01", "华为技术有限公司", ("Huawei",)),
    CustomerName("C02", "华为技术(上海)有限公司", ("Huawei",), "C01"),
    CustomerName("C03", "南宁长天药业股份有限公司", ("南宁长天", "Changtian Pharma")),
    CustomerName("C04", "南宁长天药业西安分公司", ("南宁长天", "Changtian Pharma"), "C03"),
    CustomerName("C05", "Silver Forge Foods Co., Ltd", ("Silver Forge",)),
    CustomerName("C06", "Silver Forge Foods (Taiyuan) Co., Ltd", ("Silver Forge",), "C05"),
    CustomerName("C07", "苏州恒瑞汽配科技有限公司", ("苏州恒瑞",)),
    CustomerName("C08", "杭州恒瑞汽配有限公司", ("杭州恒瑞",)),
    CustomerName("C09", "Harbor Gate Tools Ltd", ("Harbor Gate",)),
    CustomerName("C10", "Harbor Gate Tools Inc.", ()),
    CustomerName("C11", "臺灣美光股份有限公司", ()),
    CustomerName("C12", "Top Leads Ltd", ("Top Leads", "新客户")),
    CustomerName("C13", "三一重工股份有限公司", ("三一",)),
    CustomerName("C14", "Ark", ()),
    CustomerName("C15", "北京光明食品有限公司", ()),
    CustomerName("C16", "Müller & Söhne GmbH", ()),
]
REPS = [
    Rep("R01", "王伟", None, True),
    Rep("R02", "王芳", None, True),
    Rep("R03", "陈静", None, True),
    Rep("R04", "Kevin Chen", None, True),
    Rep("R05", "Anna Schmidt", None, True),
    Rep("R06", "Anna Ivanova", None, True),
    Rep("R07", "欧阳雪", None, True),
    Rep("R08", "刘洋", None, True),
    Rep("R09", "郭明", None, True),
    Rep("R10", "李婧", None, True),
    Rep("R11", "李静", None, True),
    Rep("R12", "赵磊", None, True),
    Rep("R13", "周思远", None, True),
    Rep("R14", "高艳", None, False),
    Rep("R15", "王玮", None, False),
    Rep("R16", "何平", None, True),
    Rep("R17", "Marco Rossi", None, True, "U0R017"),
    Rep("R18", "张伟", None, True),
    Rep("R19", "张玮", None, True),
    Rep("R20", "金晶", None, True),
]
OTHERS = [("华东一区", "value:team:T1"), ("East 1", "value:team:T1")]
COMMON = frozenset(
    [
        "revenue",
        "top",
        "leads",
        "新客户",
        "上周",
        "本周",
        "每周",
        "最高",
        "提高",
        "总数",
        "老客户",
        "小时",
        "客户",
        "it",
    ]
)


@pytest.fixture(scope="module")
def names() -> NameIndex:
    return NameIndex(CUSTOMERS, REPS, OTHERS, COMMON)


def longest(names: NameIndex, text: str) -> NameHit | None:
    return max(names.found(normalise(text)), key=lambda hit: hit.end - hit.start, default=None)


def meant(names: NameIndex, text: str) -> set[str]:
    """The ids behind the longest name in a question."""
    hit = longest(names, text)
    return {concept.rpartition(":")[2] for concept in hit.concepts} if hit else set()


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("华为技术有限公司上个月回款多少", {"C01"}),
        ("华为技术的订单", {"C01", "C02"}),
        ("华为的订单", {"C01", "C02"}),
        ("華為的訂單", {"C01", "C02"}),
        ("revenue of Huawei last week", {"C01", "C02"}),
        ("上海华为的订单", {"C02"}),
        ("华为（上海）的订单", {"C02"}),
        ("华为上海", {"C02"}),
        ("南宁长天药业", {"C03", "C04"}),
        ("南宁长天药业西安", {"C04"}),
        ("南宁长天药业西安分公司怎么样", {"C04"}),
        ("南宁长天西安分公司", {"C04"}),
        ("南宁长天药业集团", {"C03"}),
        ("silver forge", {"C05", "C06"}),
        ("Silver Forge's orders", {"C05", "C06"}),
        ("Silver Forge Taiyuan", {"C06"}),
        ("Silver Forge (Taiyuan)", {"C06"}),
        ("SILVER FORGE FOODS CO LTD", {"C05"}),
        ("silver forge foods group", {"C05"}),
        ("苏州恒瑞汽配", {"C07"}),
        ("苏州恒瑞公司", {"C07"}),
        ("恒瑞汽配", set()),  # two companies that have nothing to do with each other: nobody wrote that short form down
        ("harbor gate tools", {"C09", "C10"}),
        ("harbor gate tools inc", {"C10"}),
        ("台灣美光", {"C11"}),
        ("台湾美光", {"C11"}),
        ("光明食品", {"C15"}),
        ("31重工的合同", {"C13"}),
        ("c07 orders", {"C07"}),
        ("müller & söhne", {"C16"}),
        ("muller & sohne", set()),
    ],
)  # fmt: skip
def test_a_customer_is_known_by_every_form_of_its_name(said: str, ids: set[str], names: NameIndex) -> None:
    assert meant(names, said) == ids


@pytest.mark.parametrize("said", ["parking costs", "arkansas", "silver forges", "anna2", "itanna"])
def test_a_latin_name_is_found_only_as_a_whole_word(said: str, names: NameIndex) -> None:
    assert names.found(said) == []


@pytest.mark.parametrize("said", ["top leads", "新客户"])
def test_a_name_made_of_our_own_words_changes_no_question(said: str, names: NameIndex) -> None:
    assert names.found(said) == []


def test_such_a_company_is_still_known_by_its_registered_name(names: NameIndex) -> None:
    assert meant(names, "orders of top leads ltd") == {"C12"}


def test_another_legal_form_than_the_registered_one_is_asked_back(names: NameIndex) -> None:
    hit = longest(names, "harbor gate tools gmbh")
    assert hit is not None
    assert not hit.exact
    assert meant(names, "revenue of harbor gate tools as a chart") == {"C09", "C10"}
    assert [hit.phrase for hit in names.found("harbor gate tools as a chart") if not hit.exact] == []
    assert longest(names, "harbor gate tools company") == NameHit(
        0, 25, "harbor gate tools company", ("value:customer:C09", "value:customer:C10"), exact=True
    )


def test_of_a_group_and_its_branches_the_group_can_be_offered(names: NameIndex) -> None:
    hit = longest(names, "南宁长天")
    assert hit is not None
    assert names.prefer_group(hit.concepts) == "value:customer:C03"


def test_companies_of_one_name_are_no_group(names: NameIndex) -> None:
    assert names.prefer_group(("value:customer:C09", "value:customer:C10")) is None
    assert names.prefer_group(("value:customer:C04",)) is None
    assert names.prefer_group(("value:customer:C04", "rep:R01")) is None


def test_parents_in_a_circle_are_survived() -> None:
    circle = NameIndex([CustomerName("A", "Ash One", ("Ash",), "B"), CustomerName("B", "Ash Two", ("Ash",), "A")], [])
    assert meant(circle, "ash") == {"A", "B"}


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("王总这个月业绩", {"R01", "R02"}),
        ("王總的業績", {"R01", "R02"}),
        ("刘经理手上的线索", {"R08"}),
        ("欧阳经理", {"R07"}),
        ("陈董", {"R03", "R04"}),
        ("赵工", {"R12"}),
        ("郭老师", {"R09"}),
        ("陈Sir的客户", {"R03", "R04"}),
        ("陳sir", {"R03", "R04"}),
        ("Kevin陈", {"R04"}),
        ("陈Kevin 的线索", {"R04"}),
        ("老刘的线索", {"R08"}),
        ("小王", {"R01", "R02"}),
        ("阿明", {"R09"}),
        ("芳姐", {"R02"}),
        ("磊哥", {"R12"}),
        ("ms chen", {"R03", "R04"}),
        ("Mr. Rossi's deals", {"R17"}),
        ("Ms Anna Schmidt", {"R05"}),
        ("chen laoshi", {"R03", "R04"}),
        ("郭明经理", {"R09"}),
        ("思远", {"R13"}),
        ("anna", {"R05", "R06"}),
        ("Chen Kevin", {"R04"}),
        ("schmidt", {"R05"}),
        ("anna s.", {"R05"}),
        ("u0r017", {"R17"}),
        ("高总", {"R14"}),  # left, but there is no other
        ("金经理", {"R20"}),
        ("王玮", {"R15"}),
    ],
)
def test_a_colleague_is_known_as_people_speak_of_them(said: str, ids: set[str], names: NameIndex) -> None:
    assert meant(names, said) == ids


@pytest.mark.parametrize(
    "said",
    ["上周总数", "每周总收入", "最高总额", "提高总量", "任何总", "周总结", "老总", "老客户", "小时", "小单", "阿里", "最小金额",
     "老周期", "小平台", "赵工作量", "王总数", "roi高于三", "3周总收入", "老板", "大高峰", "小何时", "资金总监", "从何处来"],
)  # fmt: skip
def test_a_surname_is_not_read_into_everyday_words(said: str, names: NameIndex) -> None:
    assert [hit for hit in names.found(said) if hit.concepts[0].startswith("rep:")] == []


def test_an_unknown_first_name_with_a_known_surname_is_asked_back(names: NameIndex) -> None:
    hit = longest(names, "Jason刘")
    assert hit == NameHit(0, 6, "jason刘", ("rep:R08",), exact=False)
    assert meant(names, "Jason陈") == {"R03"}  # and not Kevin Chen


def test_of_several_of_one_surname_those_the_asker_sees_are_meant(names: NameIndex) -> None:
    [hit] = names.found("王总", allowed=lambda concept: concept == "rep:R02")
    assert hit.concepts == ("rep:R02",)


def test_numbers_in_a_name_are_the_same_in_both_scripts(names: NameIndex) -> None:
    assert meant(names, "华东1区") == meant(names, "华东一区") == meant(names, "east 1") == {"T1"}


def guessed(names: NameIndex, text: str, free: str, **how: object) -> NameHit | None:
    """What a stretch that nothing else reads is taken for."""
    start = text.index(free)
    found = names.found(text, [(start, start + len(free))], **how)  # type: ignore[arg-type]
    return next((hit for hit in found if not hit.exact), None)


@pytest.mark.parametrize(
    ("said", "unread", "ids"),
    [
        ("revenue of silver forg last week", "silver forg", {"C05", "C06"}),
        ("orders of harbr gate", "harbr", {"C09"}),
        ("leads of anna schmit", "schmit", {"R05"}),
        ("leads of anna ivanov", "ivanov", {"R06"}),
        ("silverforge orders", "silverforge", {"C05", "C06"}),
        ("苏州横瑞汽配的订单", "苏州横瑞汽配", {"C07"}),
        ("苏州恒瑞汽车配的订单", "车", {"C07"}),
        ("南宁长夭药业", "夭", {"C03", "C04"}),
        ("刘扬的线索", "刘扬", {"R08"}),
        ("张威的线索", "张威", {"R18", "R19"}),
        ("周思元", "周思元", {"R13"}),
        ("李敬", "李敬", {"R10", "R11"}),
    ],
)
def test_a_slip_of_the_pen_is_guessed_and_never_sure(said: str, unread: str, ids: set[str], names: NameIndex) -> None:
    hit = guessed(names, said, unread)
    assert hit is not None
    assert {concept.rpartition(":")[2] for concept in hit.concepts} == ids


@pytest.mark.parametrize(
    ("said", "unread"),
    [
        ("arc orders", "arc"),
        ("leads of ana ivanova", "ana"),
        ("dash schmidt", "dash"),
        ("and schmidt gate", "gate"),
        ("nps of all", "nps"),
        ("天气怎么样", "天气"),
        ("weather", "weather"),
    ],
)
def test_other_words_are_no_slips(said: str, unread: str, names: NameIndex) -> None:
    assert guessed(names, said, unread) is None


def test_a_word_nearer_to_ours_is_no_slip_for_a_name() -> None:
    one = NameIndex([CustomerName("C1", "Revenna", ())], [], common=COMMON)
    assert guessed(one, "revennue last week", "revennue") is None
    assert guessed(one, "orders of revena", "revena") is not None


def test_where_many_names_are_as_like_none_is_guessed() -> None:
    many = NameIndex([CustomerName(f"C{stem}", f"上海天{stem}", ()) for stem in "东创海润金嘉"], [])
    assert guessed(many, "上海天气", "上海天气") is None


def test_what_is_read_otherwise_is_never_guessed(names: NameIndex) -> None:
    assert names.found("silver forg") == []


def test_nobody_outside_the_askers_rows_is_guessed(names: NameIndex) -> None:
    assert guessed(names, "silver forg", "silver forg", allowed=lambda concept: concept == "value:customer:C09") is None
    hit = guessed(names, "张威", "张威", allowed=lambda concept: concept == "rep:R19")
    assert hit is not None
    assert hit.concepts == ("rep:R19",)


def test_names_near_what_was_written_are_suggested_the_likest_first(names: NameIndex) -> None:
    found = names.near("Silver Forgee Foods")
    assert found[0][:2] == ("Silver Forge Foods Co., Ltd", "value:customer:C05")
    assert [score for *_, score in found] == sorted((score for *_, score in found), reverse=True)
    assert names.near("恒瑞")[0][1] in ("value:customer:C07", "value:customer:C08")
    assert len(names.near("anna", limit=1)) == 1
    assert names.near("Harbour Gate Tools GmbH")[0][0] == "Harbor Gate Tools Ltd"
    assert names.near("ana schmit")[0][:2] == ("Anna Schmidt", "rep:R05")
    assert names.near("x") == []


def test_suggestions_keep_to_what_the_asker_sees(names: NameIndex) -> None:
    assert names.near("silver forge", allowed=lambda concept: not concept.startswith("value:customer")) == []


def test_a_company_without_names_has_none() -> None:
    empty = NameIndex([], [])
    assert empty.found("revenue of anna", [(11, 15)]) == []
    assert empty.near("anna") == []


@given(st.lists(st.text(max_size=12), max_size=6))
def test_many_names_are_normalised_as_one_is(several: list[str]) -> None:
    assert keys_of(several) == [key_of(normalise(name)) for name in several]


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_any_text_is_survived_and_hits_lie_within(names: NameIndex, text: str, start: int, end: int) -> None:
    normal = normalise(text)
    for hit in names.found(normal, [(min(start, len(normal)), min(max(start, end), len(normal)))]):
        assert normal[hit.start : hit.end] == hit.phrase
        assert hit.concepts


def test_customers_are_read_with_their_aliases_and_groups(tmp_path: Path) -> None:
    company = Warehouse.open(f"duckdb:///{tmp_path}/warehouse.duckdb")
    rows = {"customer_id": ["C2", "C1", "C3"], "name": ["Ash (York)", "Ash Ltd", None], "aliases": [["Ash"], None, []],
            "parent_customer_id": ["C1", None, None]}  # fmt: skip
    with company.load("crm", datetime(2026, 11, 23, tzinfo=UTC), "CNY") as load:
        load.put("customers", pd.DataFrame(rows))
    with company.reader() as reader:
        found = customer_names(reader)
    company.close()
    assert found == [CustomerName("C1", "Ash Ltd"), CustomerName("C2", "Ash (York)", ("Ash",), "C1")]
