"""Tables and charts in words: nothing known is never zero, every digit traced, names as they stand in the data."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from jinja2 import DictLoader
from kpi_answers import answer, money, months, ranking, regions, said, table, words
from rich.cells import cell_len

from analytics.insights.charts import BarChart, TrendChart
from analytics.vocabulary import Figure, Unit
from assistant.desk import as_json
from assistant.explain import TEXT_WIDTH, phrase
from assistant.explain_charts import MOST_BARS
from assistant.question import Language
from assistant.result import Worded
from prompts import renderer
from prompts.marks import Quoted, unmark

Rewrite = Callable[[str, str, str], None]


@pytest.fixture
def rewrite(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rewrite]:
    """Replaces words in a template."""
    folder = renderer.ANSWERS
    sources = {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.j2")}

    def replace(name: str, before: str, after: str) -> None:
        assert before in sources[name]
        sources[name] = sources[name].replace(before, after)
        forget()

    def forget() -> None:
        renderer._template.cache_clear()
        renderer._environment().cache.clear()

    with monkeypatch.context() as patched:
        patched.setattr(renderer._environment(), "loader", DictLoader(sources))
        yield replace
    forget()


@pytest.mark.parametrize(
    ("language", "known", "zero", "unknown"),
    [
        (Language.EN, "¥4,123,457", "¥0", "no data"),
        (Language.ZH_HANS, "¥412.3万", "¥0", "无数据"),
        (Language.ZH_HANT, "¥412.3萬", "¥0", "無資料"),
    ],
)
def test_a_region_without_data_is_told_apart_from_one_without_revenue(
    language: Language, known: str, zero: str, unknown: str
) -> None:
    (shown,) = said(regions(), language=language).tables
    assert [row[1].text for row in shown.rows] == [known, zero, unknown]
    assert [row[1].value for row in shown.rows] == [4_123_457.0, 0.0, None]


def test_names_stay_as_they_are_and_our_words_become_traditional() -> None:
    (shown,) = said(regions(), language=Language.ZH_HANT).tables
    assert (shown.caption, shown.columns) == ("各區域營收", ("區域", "營收"))
    assert shown.rows[0][0].text == "华东"


def test_a_table_stands_in_the_text_as_a_block_of_code() -> None:
    text = said(regions(), figures=(money(1),)).text
    head, code, rest = text.split("```")
    assert head.rstrip().endswith("- revenue: ¥1")
    assert code.splitlines()[1].split() == ["Region", "Revenue"]
    assert rest == ""


def test_a_table_of_long_names_is_no_wider_than_the_text() -> None:
    text = said(regions(((f"{'Hengrui Auto Parts ' * 6}", 5), ("长" * 100, 6)))).text
    assert max(map(cell_len, text.splitlines())) == TEXT_WIDTH
    assert "¥5" in text


def test_several_tables_are_told_apart_by_their_captions() -> None:
    text = said(regions(caption="Revenue by region"), regions(caption="Orders by region")).text
    assert "**Revenue by region**\n```" in text
    assert "**Orders by region**\n```" in text
    assert "**Revenue" not in said(regions()).text


def test_no_name_ends_the_block_of_code() -> None:
    text = said(regions((("``` *bold* ```", 1),))).text
    assert text.count("```") == 2
    assert "''' *bold* '''" in text


def test_marks_of_a_template_are_not_shown_in_a_cell_and_those_of_a_name_are(rewrite: Rewrite) -> None:
    rewrite("en/no_data.md.j2", "no data", "**no**\ndata")
    (shown,) = said(table(None, Quoted("**A** Ltd"))).tables
    assert [row[0].text for row in shown.rows] == ["no data", "**A** Ltd"]


def test_dates_and_phrases_are_cells_too() -> None:
    amount = Worded("amount", {"value": Figure("cycle", 34.0, Unit.DAYS, decimals=1), "unit": "days"})
    (shown,) = said(table(date(2026, 10, 1), amount)).tables
    assert [row[0].text for row in shown.rows] == ["Thu 1 Oct", "34.0 days"]
    assert [row[0].value for row in shown.rows] == [None, 34.0]


def test_a_phrase_is_worded_as_itself_however_short_it_lives() -> None:
    speaker = said().speaker
    texts = [unmark(phrase(words(f"region {number}", "区域"), speaker)) for number in range(200)]
    assert texts == [f"region {number}" for number in range(200)]


@pytest.mark.parametrize("shown", [regions(), months(1, None), ranking()], ids=["cell", "trend", "bars"])
def test_a_digit_of_unknown_origin_in_a_table_or_chart_never_goes_out(
    rewrite: Rewrite, caplog: pytest.LogCaptureFixture, shown: object
) -> None:
    rewrite("en/name.md.j2", "{{ name }}", "{{ name }} 99")
    with caplog.at_level(logging.ERROR):
        explanation = said(shown)  # type: ignore[arg-type]
    assert "digits of unknown origin" in caplog.text
    assert (explanation.tables, explanation.charts) == ((), ())
    assert "99" not in explanation.text
    assert "revenue: ¥4,123,457" in explanation.text


def test_a_trend_keeps_its_gap_its_comparison_and_its_target() -> None:
    (chart,) = said(months(3_000_000, None, 5_000_000, before=2_000_000, target=4_000_000)).charts
    assert isinstance(chart, TrendChart)
    assert [(point.label, point.value) for point in chart.points] == [("M1", 3e6), ("M2", None), ("M3", 5e6)]
    assert [point.value for point in chart.previous] == [2e6, 2e6, 2e6]
    assert (chart.previous_name, chart.last_label, chart.currency_symbol) == ("last year", "¥5,000,000", "¥")
    assert chart.target is not None
    assert (chart.target.value, chart.target.label) == (4e6, "target")


def test_a_trend_without_comparison_or_target_draws_neither() -> None:
    (chart,) = said(months(1, 2)).charts
    assert isinstance(chart, TrendChart)
    assert (chart.previous, chart.previous_name, chart.target) == ((), "", None)


def test_axes_count_as_the_language_does() -> None:
    styles = {language: said(months(1), language=language).charts[0].number_style for language in Language}
    assert styles == {Language.EN: "en", Language.ZH_HANS: "zh", Language.ZH_HANT: "zh-Hant"}


def test_a_bar_without_data_says_so() -> None:
    (chart,) = said(ranking()).charts
    assert isinstance(chart, BarChart)
    assert [(bar.value, bar.shown) for bar in chart.bars] == [
        (4_123_457.0, "¥4,123,457"), (0.0, "¥0"), (None, "no data")
    ]  # fmt: skip


def test_what_would_show_nothing_is_left_out() -> None:
    explanation = said(regions(()), months(None, None), months(), ranking((("East", None),)))
    assert (explanation.tables, explanation.charts) == ((), ())


def test_a_ranking_of_every_customer_is_no_picture() -> None:
    customers = tuple((f"customer {number}", number) for number in range(MOST_BARS + 1))
    assert said(ranking(customers)).charts == ()
    assert len(said(ranking(customers[1:])).charts) == 1


def test_charts_stand_in_the_machine_readable_answer_as_their_points() -> None:
    import json

    found = json.loads(as_json(answer(months(3, None), ranking((("华东", 5),)))))
    assert "pictures" not in found
    assert found["charts"] == [
        {
            "title": "Revenue by month",
            "kind": "line",
            "alt": "revenue month by month",
            "points": [{"label": "M1", "value": 3.0}, {"label": "M2", "value": None}],
        },
        {"title": "Revenue by region", "kind": "bar", "alt": "bars", "points": [{"label": "华东", "value": 5.0}]},
    ]


@pytest.mark.parametrize(
    ("language", "rows", "line"),
    [
        (Language.EN, 1, "1 more row is left out: a message holds no more."),
        (Language.EN, 40, "40 more rows are left out: a message holds no more."),
        (Language.ZH_HANS, 40, "另有 40 行未列出：一条消息放不下了。"),
        (Language.ZH_HANT, 40, "另有 40 行未列出：一條訊息放不下了。"),
    ],
)
def test_rows_left_out_are_counted_in_words(language: Language, rows: int, line: str) -> None:
    assert said(language=language).rows_left_out(rows) == line
