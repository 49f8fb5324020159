"""KPI answers by hand: a table of regions, a trend of months and bars, without a warehouse."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from analytics.organisation import Company
from analytics.semantic.definition import Words
from analytics.vocabulary import Clock, Figure, Unit
from assistant.explain import Explanation, Speaker, explain
from assistant.question import Answer, Language, Picture
from assistant.result import Cell, Column, Ranking, Result, Table, Trend, TrendPoint, Worded
from assistant.slack.blocks import blocks_of
from prompts.marks import Quoted

REGIONS: tuple[tuple[str, int | None], ...] = (("华东", 4_123_457), ("North", 0), ("西南", None))


def words(en: str, zh: str) -> Worded:
    return Worded("name", {"name": Words(en=en, zh=zh)})


def money(value: int | None) -> Figure:
    return Figure("revenue", None if value is None else Decimal(value), Unit.MONEY)


def regions(rows: tuple[tuple[str, int | None], ...] = REGIONS, *, caption: str = "Revenue by region") -> Table:
    columns = (Column(words("Region", "区域")), Column(words("Revenue", "营收"), right=True))
    return Table(words(caption, "各区域营收"), columns, tuple((Quoted(name), money(value)) for name, value in rows))


def table(*cells: Cell) -> Table:
    """A table of one column."""
    return Table(
        words("Cells", "单元格"), (Column(words("Cell", "单元格"), right=True),), tuple((cell,) for cell in cells)
    )


def months(*values: int | None, before: int | None = None, target: int | None = None) -> Trend:
    points = tuple(
        TrendPoint(words(f"M{number}", f"{number}月"), date(2026, number, 1), money(value), before=money(before))
        for number, value in enumerate(values, start=1)
    )
    return Trend(
        title=words("Revenue by month", "月度营收"),
        name=words("revenue", "营收"),
        alt=words("revenue month by month", "逐月营收"),
        points=points,
        before_name=words("last year", "去年同期"),
        target=money(target),
        target_label=words("target", "目标"),
    )


def ranking(rows: tuple[tuple[str, int | None], ...] = REGIONS) -> Ranking:
    bars = tuple((Quoted(name), money(value)) for name, value in rows)
    return Ranking(words("Revenue by region", "各区域营收"), words("revenue", "营收"), words("bars", "柱状图"), bars)


def said(
    *shown: Table | Trend | Ranking, language: Language = Language.EN, figures: tuple[Figure, ...] = ()
) -> Explanation:
    """What is said of these tables and charts."""
    result = Result(
        "figures",
        {"figures": [{"name": Quoted("revenue"), "value": figure} for figure in figures]},
        figures=(money(4_123_457),),
        tables=tuple(part for part in shown if isinstance(part, Table)),
        charts=tuple(part for part in shown if not isinstance(part, Table)),
    )
    clock = Clock(datetime(2026, 11, 23, 4, tzinfo=UTC), "Asia/Shanghai")
    return explain(result, Speaker(language, Company(currency="CNY"), clock))


def answer(*shown: Table | Trend | Ranking, language: Language = Language.EN) -> Answer:
    """The same as it leaves the desk."""
    explanation = said(*shown, language=language)
    return Answer(
        question="revenue by region",
        language=str(language),
        asker={},
        route="kpi",
        plan={"kind": "kpi"},
        reading="",
        text=explanation.text,
        blocks=blocks_of(explanation),
        pictures=tuple(Picture(f"kpi-{n}", chart.alt, chart) for n, chart in enumerate(explanation.charts, start=1)),
    )
