"""Numbers as sales people write them -> quantities with their unit and bound."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.amounts import Quantity, quantities_in
from assistant.understanding.normalise import normalise


def _only(text: str) -> Quantity:
    found = quantities_in(normalise(text))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50k", 50_000),
        (".5m", 500_000),
        ("50 k", 50_000),
        ("1.2m", 1_200_000),
        ("2.5bn", 2_500_000_000),
        ("¥80,000", 80_000),
        ("￥８０，０００", 80_000),
        ("50,000 yuan", 50_000),
        ("RMB 50k", 50_000),
        ("$1.5 million", 1_500_000),
        ("half a million", 500_000),
        ("a hundred thousand", 100_000),
        ("two hundred and fifty thousand", 250_000),
        ("20 grand", 20_000),
        ("30000", 30_000),
        ("500元", 500),
        ("8万", 80_000),
        ("8 万元", 80_000),
        ("８萬", 80_000),
        ("50w", 500_000),
        ("1.5w", 15_000),
        ("1w5", 15_000),
        ("1万5", 15_000),
        ("一万二", 12_000),
        ("三千万", 30_000_000),
        ("3千5百万", 35_000_000),
        ("1.5亿", 150_000_000),
        ("1亿2千万", 120_000_000),
        ("一億二", 120_000_000),
        ("一点五亿", 150_000_000),
        ("两百五十万", 2_500_000),
        ("一千零五十", 1_050),
        ("12万块钱", 120_000),
    ],
)
def test_an_amount_is_read_however_it_is_written(text: str, value: float) -> None:
    found = _only(text)
    assert (found.kind, found.value, found.op) == ("amount", value, "exact")
    assert found.words == normalise(text)


@pytest.mark.parametrize(
    ("text", "value"), [("一百二", 120), ("一百零二", 102), ("两百五十个客户", 250), ("200 customers", 200)]
)
def test_a_hundred_two_is_a_hundred_and_twenty(text: str, value: float) -> None:
    assert (_only(text).kind, _only(text).value) == ("count", value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("¥50k", "CNY"),
        ("$50k", "USD"),
        ("50k usd", "USD"),
        ("HK$50k", "HKD"),
        ("5万美金", "USD"),
        ("5万台幣", "TWD"),
        ("€50k", "EUR"),
        ("50k", ""),
    ],
)
def test_the_currency_that_was_said_is_kept(text: str, unit: str) -> None:
    assert _only(text).unit == unit


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("35%", "share", 0.35),
        ("35 percent", "share", 0.35),
        ("thirty five percent", "share", 0.35),
        ("百分之三十五", "share", 0.35),
        ("三成五", "share", 0.35),
        ("两成", "share", 0.2),
        ("7成", "share", 0.7),
        ("三分之一", "share", 0.333333),
        ("一半", "share", 0.5),
        ("half of deals", "share", 0.5),
        ("八折", "discount", 0.2),
        ("85折", "discount", 0.15),
        ("8.5折", "discount", 0.15),
        ("七五折", "discount", 0.25),
        ("对折", "discount", 0.5),
        ("20% off", "discount", 0.2),
        ("三个点", "points", 0.03),
        ("0.5个点", "points", 0.005),
        ("2个百分点", "points", 0.02),
        ("2個百分點", "points", 0.02),
        ("3 pts", "points", 0.03),
        ("two percentage points", "points", 0.02),
        ("50bps", "points", 0.005),
    ],
)
def test_shares_discounts_and_points_are_parts_of_one(text: str, kind: str, value: float) -> None:
    assert (_only(text).kind, _only(text).value) == (kind, pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("翻一番", 2), ("翻了两番", 4), ("翻倍", 2), ("翻了一倍", 2), ("增长2倍", 3), ("增加了一倍", 2), ("是去年的2倍", 2),
        ("增长到2倍", 2), ("doubled", 2), ("tripled", 3), ("3x", 3), ("3 times as much", 3), ("halved", 0.5),
    ],
)  # fmt: skip
def test_grown_by_two_times_is_three_times_as_much(text: str, value: float) -> None:
    assert (_only(text).kind, _only(text).value) == ("multiple", value)


@pytest.mark.parametrize(
    ("text", "days", "unit"),
    [
        ("14 days", 14, "day"),
        ("14天", 14, "day"),
        ("14-day", 14, "day"),
        ("two weeks", 14, "week"),
        ("两周", 14, "week"),
        ("两个星期", 14, "week"),
        ("2個禮拜", 14, "week"),
        ("a fortnight", 14, "week"),
        ("3个月", 90, "month"),
        ("six months", 180, "month"),
        ("a month", 30, "month"),
        ("半年", 180, "month"),
        ("两年", 730, "year"),
        ("两个季度", 180, "quarter"),
    ],
)
def test_a_length_of_time_is_days_and_keeps_its_unit(text: str, days: float, unit: str) -> None:
    found = _only(text)
    assert (found.kind, found.value, found.unit) == ("days", days, unit)


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("deals over 50k", "more_than"),
        ("deals > 50k", "more_than"),
        ("worth more than 50k", "more_than"),
        ("超过5万的商机", "more_than"),
        ("金额大于5万", "more_than"),
        ("at least 50k", "at_least"),
        (">= 50k", "at_least"),
        ("50k or more", "at_least"),
        ("50k+ deals", "at_least"),
        ("no less than 50k", "at_least"),
        ("5万以上", "at_least"),
        ("5万元及以上", "at_least"),
        ("不低于5万", "at_least"),
        ("至少5w", "at_least"),
        ("under 50k", "less_than"),
        ("< 50k", "less_than"),
        ("不到5万", "less_than"),
        ("低於5萬", "less_than"),
        ("at most 50k", "at_most"),
        ("up to 50k", "at_most"),
        ("5万以内", "at_most"),
        ("5万以下", "at_most"),
        ("不超过5万", "at_most"),
        ("around 50k", "about"),
        ("5万左右", "about"),
        ("a 50k deal", "exact"),
        ("签约5万", "exact"),
    ],
)
def test_the_words_that_set_a_bound_decide_which_one(text: str, op: str) -> None:
    assert (_only(text).op, _only(text).value) == (op, 50_000)


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("not over 50k", "at_most"),
        ("not more than 50k", "at_most"),
        ("没超过5万", "at_most"),
        ("沒有超過5萬", "at_most"),
        ("not under 50k", "at_least"),
    ],
)
def test_a_bound_denied_is_the_opposite_bound(text: str, op: str) -> None:
    assert _only(text).op == op


@pytest.mark.parametrize(
    ("text", "op"),
    [("低于七折", "more_than"), ("八折以上", "at_most"), ("over 20% off", "more_than"), ("打八折", "exact")],
)
def test_less_paid_is_more_discount(text: str, op: str) -> None:
    assert (_only(text).kind, _only(text).op) == ("discount", op)


@pytest.mark.parametrize("text", ["-5%", "负5%", "两天半", "两年半"])
def test_a_sign_or_a_half_is_not_left_out_of_a_number(text: str) -> None:
    assert quantities_in(normalise(text)) == []


def test_a_bound_holds_for_days_too() -> None:
    assert (_only("超过14天没跟进").op, _only("14 days or more").op) == ("more_than", "at_least")
    assert (_only("within two weeks").op, _only("30天内").op) == ("at_most", "at_most")
    assert _only("30+ days without contact").words == "30+ days"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between 10k and 50k", 10_000, 50_000),
        ("from 10k to 50k", 10_000, 50_000),
        ("10-50k", 10_000, 50_000),
        ("$10k-$50k", 10_000, 50_000),
        ("10万到50万", 100_000, 500_000),
        ("10-50万", 100_000, 500_000),
        ("10万~50万", 100_000, 500_000),
        ("在10万和50万之间", 100_000, 500_000),
        ("介於10萬與50萬之間", 100_000, 500_000),
        ("500到1000万", 5_000_000, 10_000_000),
        ("5000-1万", 5_000, 10_000),
        ("一到三万", 10_000, 30_000),
        ("7 to 14 days", 7, 14),
        ("两到三周", 14, 21),
        ("20-30%", 0.2, 0.3),
    ],
)
def test_a_range_gives_both_ends_in_the_unit_said_once(text: str, low: float, high: float) -> None:
    found = _only(text)
    assert found.op == "between"
    assert found.values == (pytest.approx(low), pytest.approx(high))
    assert found.words == normalise(text)


@pytest.mark.parametrize(
    "text",
    [
        "revenue in 2025", "2025年营收", "2024-2025", "2026-11-23", "2025年3月15日", "nov 23", "23 nov", "11月", "q3",
        "第3周", "二〇二五年", "25年", "20261123", "at 12:30", "3pm", "周三三点", "上一周", "哪一天", "first half of 2026", "24/7", "5个工作日", "48 hours",
    ],
)  # fmt: skip
def test_a_date_or_a_time_is_no_quantity(text: str) -> None:
    assert quantities_in(normalise(text)) == []


@pytest.mark.parametrize(
    "text", ["十几万", "30多天", "好几万", "几十万", "数百万", "两三家", "三五天", "上百万", "二十多万", "50余万"]
)
def test_a_vague_number_is_not_read_in_part(text: str) -> None:
    assert quantities_in(normalise(text)) == []


@pytest.mark.parametrize(
    "text", ["千万别忘了", "万一丢单", "which one", "r001", "x500 orders", "成交率", "打过5个电话的", "百度"]
)
def test_words_that_hold_a_numeral_set_no_bound(text: str) -> None:
    assert all(found.op == "exact" and found.kind == "count" for found in quantities_in(normalise(text)))


@pytest.mark.parametrize("text", ["商机，5万以上", "预算：5万以上", "deals, 5万以上", "5万以上/华东"])
def test_punctuation_before_an_amount_takes_nothing_from_it(text: str) -> None:
    assert (_only(text).words, _only(text).value) == ("5万以上", 50_000)


def test_several_quantities_of_one_question_keep_their_places() -> None:
    text = "deals over 50k, 14 days in stage, 20% off"
    assert [text[found.start : found.end] for found in quantities_in(text)] == ["over 50k", "14 days", "20% off"]


@pytest.mark.parametrize("text", ["1" * 400, "亿" * 60, "hundred and " * 160, "9" * 20 + "亿", "1e999"])
def test_a_number_beyond_all_business_is_none(text: str) -> None:
    assert quantities_in(text) == []


@given(st.text(alphabet="0123456789.,-%+¥$ 万亿百千十一二两三半成折倍番个点天周月年第以上下过到之分间kmw", max_size=30))
def test_any_row_of_signs_gives_quantities_in_order_that_do_not_overlap(text: str) -> None:
    normal = normalise(text)
    found = quantities_in(normal)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.words == normal[one.start : one.end] for one in found)
    assert all(one.high is None or one.value < one.high for one in found)
