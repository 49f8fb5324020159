"""Answers as files: figures as they were computed, nothing a spreadsheet would run, one page that holds what it says."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpi_answers import money, months, ranking, regions, said, words
from selling_company import PLAIN, days, fill, keep, plan, sound, target

from analytics.semantic import read_model
from analytics.vocabulary import Compared, Figure, Period, Unit
from analytics.warehouse import Warehouse
from assistant.desk import Desk, as_json
from assistant.export import NothingToExport, Report, export
from assistant.export.page import PAGE, page
from assistant.export.sheet import cell_text
from assistant.export.svg import Run, lines_within
from assistant.question import Answer, Language
from assistant.result import Ranking, Table, Trend
from prompts.marks import Origin, Span

BOM = b"\xef\xbb\xbf"
FORMULAS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "  =cmd|'/C calc'!A0",
    "＝1+1",
    "−1",
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('export')}/warehouse.duckdb")
    fill(warehouse, PLAIN)
    keep(warehouse, "targets", target(200_000, "2026-10-01"), target(120_000, "2026-09-01"))
    yield Desk(warehouse, read_model())
    warehouse.close()


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(BOM)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def report(
    *shown: Table | Trend | Ranking, figures: tuple[Figure, ...] = (), language: Language = Language.EN
) -> Report:
    return Report("kpi", words("Revenue by region", "各区域营收"), said(*shown, language=language), figures)


def written(given_page: str) -> str:
    """All words of a page, markup taken off."""
    return re.sub(r"<[^>]+>", " ", given_page)


OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))


def revenue(value: Any, **more: Any) -> Figure:
    return Figure("revenue", value, Unit.MONEY, OCTOBER, **more)


def test_the_table_holds_the_figures_of_the_answer(desk: Desk) -> None:
    answer = sound(desk, plan(dimensions=["region"], comparison={"kind": "previous"}))
    rows = rows_of(export(answer, "csv").content)
    assert [(row["KPI"], row["Where"], float(row["Value"]), float(row["Compared with"])) for row in rows] == [
        ("revenue", figure["where"]["region"], figure["value"], figure["compared_with"]["value"])
        for figure in answer.figures
    ]
    assert {(row["From"], row["Through"], row["Unit"]) for row in rows} == {("2026-10-01", "2026-10-31", "money")}


def test_the_target_stands_beside_the_value(desk: Desk) -> None:
    (row,) = rows_of(export(sound(desk, plan()), "csv").content)
    assert float(row["Target"]) == 200_000


def test_a_chinese_table_has_chinese_columns_and_names(desk: Desk) -> None:
    (row,) = rows_of(export(sound(desk, plan(), Language.ZH_HANS), "csv").content)
    assert row["指标"] == "销售额"
    assert float(row["目标"]) == 200_000
    (row,) = rows_of(export(sound(desk, plan(), Language.ZH_HANT), "csv").content)
    assert row["指標"] == "銷售額"


def test_no_data_is_an_empty_cell_and_zero_is_zero() -> None:
    figures = (revenue(None, where={"region": "West"}, note="no_rows"), revenue(0, where={"region": "East"}))
    unknown, nothing = rows_of(export(report(figures=figures), "csv").content)
    assert (unknown["Value"], unknown["Note"]) == ("", "no_rows")
    assert nothing["Value"] == "0"


def test_what_one_figure_is_compared_with_stands_in_one_row() -> None:
    before, year = Compared("previous", 4, 1), Compared("last_year", Decimal("2.5"), Decimal("2.5"))
    figures = (revenue(5, compared=before), revenue(5, compared=year), revenue(5, compared=Compared("baseline", 3, 2)))
    (row,) = rows_of(export(report(figures=figures), "csv").content)
    assert [row[name] for name in ("Value", "Compared with", "Change", "A year before", "Change on the year", "Baseline")] == [
        "5", "4", "1", "2.5", "2.5", "3",
    ]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_name_is_never_run_as_a_formula(text: str) -> None:
    figures = (revenue(5, where={"region": text}),)
    (row,) = rows_of(export(report(figures=figures), "csv").content)
    assert row["Where"].startswith("'")
    assert row["Where"][1:].strip() == " ".join(text.replace("\x00", "").split())


@given(st.text())
def test_no_text_starts_a_formula(text: str) -> None:
    cell = cell_text(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\x00"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_the_number_it_is(number: float) -> None:
    assert float(cell_text(number)) == number
    assert "e" not in cell_text(number).lower()


def test_losses_stay_numbers() -> None:
    figures = (revenue(Decimal("-1234.50"), compared=Compared("previous", 0, -1234.5)),)
    (row,) = rows_of(export(report(figures=figures), "csv").content)
    assert (row["Value"], row["Change"]) == ("-1234.50", "-1234.5")


def test_an_answer_without_figures_gives_its_table() -> None:
    rows = rows_of(export(report(regions((("=East", 5), ("West", None)))), "csv").content)
    assert [list(row.values()) for row in rows] == [["'=East", "5.0"], ["West", "no data"]]


def test_a_refusal_cannot_be_exported(desk: Desk) -> None:
    refused = sound(desk, plan("no_such_kpi"))
    with pytest.raises(NothingToExport):
        export(refused, "csv")


def test_of_several_answers_the_first_with_figures_is_exported(desk: Desk) -> None:
    whole = sound(desk, plan())
    together = replace(whole, route="compound", report=None, parts=(replace(whole, report=None), whole))
    assert export(together, "csv") == export(whole, "csv")


def test_what_can_be_exported_is_no_key_of_the_machine_readable_answer(desk: Desk) -> None:
    assert '"report"' not in as_json(sound(desk, plan()))


@pytest.mark.parametrize("language", list(Language))
def test_a_page_holds_headline_table_chart_and_reading(desk: Desk, language: Language) -> None:
    monthly = plan(period=days("2026-08-01", "2026-11-01", count=3), grain="month")
    answer = sound(desk, monthly, language)
    assert answer.report is not None
    drawn = page(answer.report)
    shown = "".join(written(drawn).split())
    for words_of in (answer.headline, answer.reading):
        assert "".join(words_of.split()) in shown.replace("<b>", "")
    assert all(
        "".join(cell.text.rstrip("✓✗").split()) in shown for row in answer.report.said.tables[0].rows for cell in row
    )
    assert drawn.count("<svg") == 2


def test_a_page_is_one_of_a4_with_its_letters_in_it(desk: Desk) -> None:
    pdf = export(sound(desk, plan(dimensions=["region"]), Language.ZH_HANS), "pdf").content
    assert pdf.startswith(b"%PDF")
    assert b"/MediaBox [0 0 595.28 841.89]" in pdf
    assert pdf.count(b"/Type/Page") + pdf.count(b"/Type /Page") >= 1
    assert b"/Count 1" in pdf
    assert b"FontFile" in pdf


def test_a_picture_of_the_page_is_sharp(desk: Desk) -> None:
    png = export(sound(desk, plan()), "png").content
    assert struct.unpack(">II", png[16:24]) == (1190, 1683)


def test_files_are_named_after_kind_and_first_day(desk: Desk) -> None:
    file = export(sound(desk, plan()), "pdf")
    assert (file.filename, file.media_type) == ("leadline-kpi-2026-10-01.pdf", "application/pdf")


def test_a_long_table_is_cut_to_the_page_and_says_so() -> None:
    many = tuple((f"customer {number}", number) for number in range(300))
    drawn = page(report(regions(many)))
    left = re.search(r"([\d,]+) more rows are left out: the page holds no more", drawn)
    assert left is not None
    shown = len(re.findall(r"customer \d+", drawn))
    assert shown + int(left[1]) == 300
    assert 20 < shown < 60
    high = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', drawn)[1])  # type: ignore[index]
    assert max(float(y) for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)"', drawn)) < high
    assert f'height="{PAGE[1]}"' in drawn


def test_a_page_that_is_too_full_is_set_smaller_before_anything_is_left_out() -> None:
    boxes = {}
    for number in (5, 44):
        drawn = page(report(regions(tuple((f"customer {one}", one) for one in range(number)))))
        assert "left out" not in drawn
        boxes[number] = float(re.search(r'viewBox="0 0 ([\d.]+) ', drawn)[1])  # type: ignore[index]
    assert boxes[5] == pytest.approx(PAGE[0], abs=0.1)
    assert boxes[44] > boxes[5]


def test_a_page_says_in_chinese_what_it_leaves_out() -> None:
    many = tuple((f"客户{number}", number) for number in range(300))
    assert "行未列出：一页放不下了。" in page(report(regions(many), language=Language.ZH_HANS))


def test_small_print_never_takes_the_place_of_the_reading() -> None:
    full = report(regions(), figures=(money(5),))
    wordy = replace(
        full.said, small=[Span("> note\n" * 40, Origin.TEMPLATE)], reading=[Span("Read as: R", Origin.TEMPLATE)]
    )
    drawn = page(replace(full, said=wordy))
    assert "Read as: R" in drawn
    assert 0 < drawn.count(">note<") < 10


def test_chart_and_table_share_a_page() -> None:
    many = tuple((f"customer {number}", number) for number in range(300))
    drawn = page(report(regions(many), months(1, 2, 3)))
    assert drawn.count("<svg") == 2
    assert "more rows are left out" in drawn


def test_names_cannot_draw_on_a_page() -> None:
    hostile = '</text><script>alert(1)</script> & "x" \x00\x07'
    drawn = page(report(regions(((hostile, 5),))))
    assert "<script" not in drawn
    assert "&lt;/text&gt;" in drawn
    assert "\x00" not in drawn
    assert export(report(ranking(((hostile, 5),)), figures=(money(5),)), "pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("text", ["", " ", "a", "国" * 500, "word " * 100, "x" * 500, "（" * 90, "¥1,234万；" * 60])
def test_lines_stay_within_their_width_and_lose_no_word(text: str) -> None:
    lines = lines_within([Run(text[: len(text) // 2], bold=True), Run(text[len(text) // 2 :])], 300, 10)
    assert "".join(run.text for line in lines for run in line) == text
    assert all(sum(len(run.text.strip()) for run in line) <= 300 / 3 for line in lines)


def test_an_answer_is_the_same_with_and_without_being_exported(desk: Desk) -> None:
    answer: Answer = sound(desk, plan())
    export(answer, "pdf")
    assert export(answer, "csv") == export(sound(desk, plan()), "csv")
