"""Behind and after a KPI answer: its SQL runs, the questions offered next work, every KPI has its words."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selling_company import AUTUMN, PLAIN, days, fill, plan, sound
from sqlalchemy import create_engine, make_url

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant.desk import Desk
from assistant.question import Language

MODEL = read_model()
LANGUAGES = [Language.EN, Language.ZH_HANS, Language.ZH_HANT]
LAST_WEEK = days("2026-11-16", "2026-11-23", "week")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('ways_on')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    yield Desk(warehouse, MODEL)
    warehouse.close()


@pytest.fixture(autouse=True)
def _every_digit_is_traced(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR, logger="assistant.explain"):
        yield
    assert "digits of unknown origin" not in caplog.text


@pytest.mark.parametrize("database", ["duckdb", "sqlite", "postgresql"])
def test_the_sql_of_an_answer_runs_as_it_stands(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    prefix = request.getfixturevalue("postgresql_prefix") if database == "postgresql" else "leadline"
    url = (
        "postgresql+psycopg://postgres@127.0.0.1:5432/test"
        if database == "postgresql"
        else f"{database}:///{tmp_path}/warehouse.db"
    )
    warehouse = Warehouse.open(url, schema_prefix=prefix)
    fill(warehouse, PLAIN)
    desk = Desk(warehouse, MODEL)
    asked = [
        plan(dimensions=["region"]),
        plan("won_amount", dimensions=["rep"]),
        plan("win_rate", period=AUTUMN, grain="month"),
        plan("open_leads"),
        plan("marketing_roi"),
    ]
    shown = [sound(desk, one) for one in asked]
    engine = create_engine(_as_outsiders_open_it(warehouse, tmp_path))
    warehouse.close()
    with engine.connect() as connection:
        for answer in shown:
            statements = answer.evidence["sql"]
            assert statements
            rows = [
                connection.exec_driver_sql(sql.replace("%", "%%") if database == "postgresql" else sql).all()
                for sql in statements
            ]
            assert any(rows)
        region = shown[0].evidence["sql"][0]
        found = {row[0]: float(row[1]) for row in connection.exec_driver_sql(region).all()}
    engine.dispose()
    cents = 100 if database == "sqlite" else 1
    assert found == {"East": 150_000 * cents, "West": 70_000 * cents}


def _as_outsiders_open_it(warehouse: Warehouse, folder: Path) -> str:
    """What the doctor names, copied where it is a file: one process opens a DuckDB file in one way only."""
    url = make_url(warehouse.read_url())
    if url.drivername.startswith("postgresql"):
        return warehouse.read_url()
    copy = folder / f"outside{Path(url.database or '').suffix}"
    shutil.copy(url.database or "", copy)
    return f"{url.drivername}:///{copy}"


FOLLOWED = [("exec:P8", "revenue"), ("exec:P8", "churn_rate"), ("exec:P8", "sales_cost_total"), ("rep:R1", "revenue"), ("rep:R1", "win_rate"),
            ("manager:M1", "revenue"), ("manager:M1", "marketing_spend"), ("manager:M1", "cac"), ("manager:M1", "sales_cost_total")]  # fmt: skip


@pytest.mark.parametrize(("as_", "kpi"), FOLLOWED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_offered_next_work(desk: Desk, as_: str, kpi: str, language: Language) -> None:
    answer = sound(desk, plan(kpi), language, as_)
    offered = re.findall("[“「](.+?)[”」]", answer.text.splitlines()[-1])
    assert offered
    for words in offered:
        assert sound(desk, words, None, as_).route in ("kpi", "define"), words


@pytest.mark.parametrize(
    "asked",
    [plan("csat"), plan("churn_rate", period=LAST_WEEK), plan("aov", dimensions=["region"], share=True)],
    ids=str,
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_refusal_what_is_said_to_work_works(desk: Desk, asked: dict[str, Any], language: Language) -> None:
    answer = sound(desk, asked, language)
    offered = re.findall("[“「](.+?)[”」]", answer.text)
    assert offered
    for words in offered:
        assert sound(desk, words, None).route not in ("refuse", "clarify"), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_kpi_means(desk: Desk, language: Language) -> None:
    answer = sound(desk, {"kind": "define", "kpi": "marketing_roi"}, language)
    kpi = MODEL.kpis["marketing_roi"]
    assert answer.route == "define"
    assert answer.figures == []
    assert answer.items[0]["kpi"] == "marketing_roi"
    if language is not Language.ZH_HANT:
        assert kpi.definition.of(language.template_folder) in answer.text
    assert "marketing_spend" in answer.text or "投放" in answer.text
    assert len(sound(desk, {"kind": "define"}, language).items) == len(MODEL.kpis)


@pytest.mark.parametrize("kpi", sorted(MODEL.kpis))
def test_every_kpi_is_answered_in_each_shape_and_language(desk: Desk, kpi: str) -> None:
    shapes: list[dict[str, Any]] = [
        {"comparison": {"kind": "previous"}},
        {"period": AUTUMN, "grain": "month", "comparison": {"kind": "last_year"}},
    ]
    shapes += [{"dimensions": [name]} for name in MODEL.kpis[kpi].dimensions[:1]]
    for language, shape in zip(LANGUAGES, shapes, strict=False):
        assert sound(desk, plan(kpi, **shape), language).route in ("kpi", "refuse")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_chinese_answers_hold_no_english_but_names_and_units(desk: Desk, language: Language) -> None:
    for asked in (
        plan("revenue", "orders", "win_rate", comparison={"kind": "previous"}),
        plan("sales_cost_total", period=LAST_WEEK),
        plan(period=AUTUMN, grain="month"),
    ):
        answer = sound(desk, asked, language)
        assert re.findall(r"[A-Za-z]{2,}", answer.text) == []
