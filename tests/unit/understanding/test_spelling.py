"""Slips of the keyboard are mended where one word only can be meant, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analytics.semantic import Model
from assistant.understanding.model_words import words_of_model
from assistant.understanding.normalise import normalise
from assistant.understanding.spelling import Correction, Spelling

_PHRASES = (
    "revenue", "channel", "channels", "pipeline", "which", "leads", "lead", "conversion rate", "win rate", "deals", "deal",
    "late", "cost", "costs", "customers", "customer", "margin", "gross margin", "opportunities", "last month", "quarter",
    "by region", "team", "forecast", "negotiation", "average order value", "top", "won",
    "转换率", "转化率", "线索转化率", "赢单率", "客单价", "营收", "线索", "毛利率", "复购率", "获客成本", "环比", "季环比",
    "同比", "客户流失率", "新客户", "销售额", "完成率",
)  # fmt: skip


def _nothing_else(word: str) -> bool:
    return False


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(_PHRASES)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("revnue by chanel", "revenue by channel"),
        ("how big is the pipline", "how big is the pipeline"),
        ("wich laeds", "which leads"),
        ("conversion reate", "conversion rate"),
        ("Revnue last mnth", "revenue last month"),
        ("new custmers", "new customers"),
        ("oportunities in negotation", "opportunities in negotiation"),
        ("taem forcast", "team forecast"),
        ("daels lost", "deals lost"),
        ("revnue多少", "revenue多少"),
        ("上月转换律", "上月转换率"),
        ("赢但率和客但价", "赢单率和客单价"),
        ("线所转化率", "线索转化率"),
        ("客户留失率是多少", "客户流失率是多少"),
        ("毛力率、复够率", "毛利率、复购率"),
        ("获课成本", "获客成本"),
    ],
)
def test_a_slip_that_can_mean_one_word_only_is_read_as_that_word(slip: str, meant: str, spelling: Spelling) -> None:
    assert spelling.corrected(slip, _nothing_else)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "leaders", "costs", "too late", "is it rated", "channelled", "understood", "expensive", "quota", "ideals", "dealers",
        "revenge", "team led by dean", "anna", "maria", "crm", "top", "wins", "wnr", "R0001 x500deals", "#revnue", "@chanel",
        "a@pipline.com", "www.chanel.com", ":laeds:", "LAEDS",
        "销售额及环比", "本月及同比", "新客户", "转化率", "转换率", "赢单率",
    ],
)  # fmt: skip
def test_what_is_a_word_a_name_or_a_code_stays_as_it_is(text: str, spelling: Spelling) -> None:
    assert spelling.corrected(text, _nothing_else) == (text, [])


def test_a_word_that_is_as_near_to_two_others_stays_without_its_neighbour(spelling: Spelling) -> None:
    assert spelling.corrected("the reate", _nothing_else)[1] == []
    assert spelling.corrected("win reate", _nothing_else)[0] == "win rate"


def test_a_short_chinese_word_is_too_little_to_go_by(spelling: Spelling) -> None:
    assert spelling.corrected("赢收和线所", _nothing_else)[1] == []


def test_a_name_in_the_data_is_never_a_slip(spelling: Spelling) -> None:
    text = "revenue of chanel and of 客但价公司"
    assert spelling.corrected(text, {"chanel", "客但价", "客但"}.__contains__) == (text, [])
    assert spelling.corrected(text, _nothing_else)[0] == "revenue of channel and of 客单价公司"


def test_each_correction_tells_its_place_in_the_text_as_typed(spelling: Spelling) -> None:
    text = "Revnue of wich team, 转换律?"
    mended, slips = spelling.corrected(text, _nothing_else)
    assert mended == "revenue of which team, 转换率?"
    assert slips == [
        Correction(0, 6, "Revnue", "revenue"),
        Correction(10, 14, "wich", "which"),
        Correction(21, 24, "转换律", "转换率"),
    ]
    assert all(text[slip.start : slip.end] == slip.said for slip in slips)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("revnue", "revenue"),
        ("win ratio", "win rate"),
        ("lead convertion rate", ""),
        ("转换律", "转换率"),
        ("赢单价", "客单价"),
    ],
)
def test_near_words_are_suggested_for_a_question_back(word: str, meant: str, spelling: Spelling) -> None:
    suggested = spelling.suggest(word)
    assert suggested[:1] == ([meant] if meant else [])
    assert len(spelling.suggest(word, limit=1)) <= 1


def test_questions_that_are_spelled_right_are_left_alone(model: Model) -> None:
    spelling = Spelling((*words_of_model(model), *_PHRASES))
    table = yaml.safe_load(Path(__file__).with_name("kpi_questions.yaml").read_text("utf-8"))
    wordings = [normalise(text) for row in table for language in ("en", "zh") for text in row[language]]
    slips = [spelling.corrected(text, _nothing_else)[1] for text in wordings]
    assert len(wordings) > 300
    assert [slip for slip in slips if slip] == []


def test_reading_for_slips_takes_no_time_that_is_felt(spelling: Spelling) -> None:
    texts = ("show me revnue by chanel last month for the east", "上个月各区域的线索转化律是多少，和去年同期比怎么样")
    spelling.corrected("".join(texts), _nothing_else)
    best = {text: min(_seconds(spelling, text) for _ in range(30)) for text in texts}
    assert max(best.values()) < 0.002, best


def _seconds(spelling: Spelling, text: str) -> float:
    began = perf_counter()
    spelling.corrected(text, _nothing_else)
    return perf_counter() - began


@given(st.text(alphabet="revnuchaldspiotw 转换律率赢但单客价及环比@#.-1'", max_size=40))
def test_any_text_keeps_all_that_is_no_slip(text: str) -> None:
    mended, slips = Spelling(_PHRASES).corrected(text, _nothing_else)
    at, kept, read = 0, [], []
    for slip in slips:
        kept.append(text[at : slip.start])
        read.append(slip.read)
        at = slip.end
    assert "".join(part for pair in zip(kept, read, strict=True) for part in pair) + text[at:] == mended
