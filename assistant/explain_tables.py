"""A Result's tables and charts with every cell, title and label in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from analytics.insights.charts import Bar, BarChart, Chart, NumberStyle, Point, Target, TrendChart, known
from analytics.vocabulary import Figure, Unit
from assistant.formats import currency_symbol
from assistant.question import Language
from assistant.result import Cell, Ranking, Table, Trend, TrendPoint, Worded
from assistant.terminal_table import Align, text_table

Say = Callable[[Cell], str]
"""Words one part of a table or chart; what has no value is said to have none."""

MOST_BARS = 40
"""As high as one screen; a picture grows with each bar, and there may be thousands of customers."""
_NUMBER_STYLES: dict[Language, NumberStyle] = {
    Language.EN: "en",
    Language.ZH_HANS: "zh",
    Language.ZH_HANT: "zh-Hant",
}


@dataclass(frozen=True)
class SaidCell:
    """A cell in words; `value` is the number it is sorted by, None where it holds no number."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class SaidTable:
    """A table in words, numbers aligned right."""

    caption: str
    columns: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[tuple[SaidCell, ...], ...]

    def as_text(self, width: int, most: int | None = None) -> str:
        """The first `most` rows (None: all) as plain text for a block of code, which no cell can end."""
        rows = [[_in_code(cell.text) for cell in row] for row in self.rows[:most]]
        return text_table([_in_code(column) for column in self.columns], rows, self.aligns, width)


@dataclass(frozen=True)
class Money:
    """How money is written on an axis: in this currency, for this language."""

    currency: str
    language: Language


def said_table(table: Table, say: Say) -> SaidTable:
    """The table in words."""
    return SaidTable(
        caption=say(table.caption),
        columns=tuple(say(column.title) for column in table.columns),
        aligns=tuple("right" if column.right else "left" for column in table.columns),
        rows=tuple(tuple(_cell(cell, say) for cell in row) for row in table.rows),
    )


def said_chart(chart: Trend | Ranking, say: Say, money: Money) -> Chart | None:
    """The chart with its labels, None where it would show no value or more bars than a picture holds."""
    if isinstance(chart, Ranking) and len(chart.bars) > MOST_BARS:
        return None
    figures = [point.figure for point in chart.points] if isinstance(chart, Trend) else [bar[1] for bar in chart.bars]
    if not known(_number(figure) for figure in figures):
        return None
    unit = figures[0].unit
    return _trend(chart, unit, say, money) if isinstance(chart, Trend) else _bars(chart, unit, say, money)


def _cell(cell: Cell, say: Say) -> SaidCell:
    """A phrase is sorted by the figure among its facts that is called `value`."""
    figure = cell.facts.get("value") if isinstance(cell, Worded) else cell
    return SaidCell(say(cell), _number(figure) if isinstance(figure, Figure) else None)


def _trend(trend: Trend, unit: Unit, say: Say, money: Money) -> TrendChart:
    labels = [say(point.label) for point in trend.points]
    points = tuple(_point(point, label) for point, label in zip(trend.points, labels, strict=True))
    before = tuple(
        Point(label, point.day, _number(point.before)) for point, label in zip(trend.points, labels, strict=True)
    )
    last = next(point.figure for point in reversed(trend.points) if _number(point.figure) is not None)
    compared = bool(known(point.value for point in before))
    return TrendChart(
        title=say(trend.title),
        unit=unit,
        points=points,
        alt=say(trend.alt),
        name=say(trend.name),
        last_label=say(last),
        previous=before if compared else (),
        previous_name=say(trend.before_name) if compared and trend.before_name else "",
        target=_target(trend, say),
        currency_symbol=_symbol(unit, money),
        number_style=_NUMBER_STYLES[money.language],
    )


def _point(point: TrendPoint, label: str) -> Point:
    return Point(label, point.day, _number(point.figure), point.unfinished)


def _target(trend: Trend, say: Say) -> Target | None:
    value = _number(trend.target)
    return None if value is None else Target(value, say(trend.target_label or trend.target))


def _bars(ranking: Ranking, unit: Unit, say: Say, money: Money) -> BarChart:
    return BarChart(
        title=say(ranking.title),
        unit=unit,
        bars=tuple(Bar(say(name), _number(figure), say(figure)) for name, figure in ranking.bars),
        alt=say(ranking.alt),
        name=say(ranking.name),
        currency_symbol=_symbol(unit, money),
        number_style=_NUMBER_STYLES[money.language],
    )


def _symbol(unit: Unit, money: Money) -> str:
    return currency_symbol(money.currency, money.language) if unit is Unit.MONEY else ""


def _number(figure: Figure | None) -> float | None:
    if figure is None or figure.value is None:
        return None
    value: Decimal | float | int = figure.value
    return float(value) if isfinite(value) else None


def _in_code(text: str) -> str:
    return text.replace("```", "'''")


def fenced(tables: Iterable[SaidTable], width: int) -> str:
    """Tables as blocks of code in Markdown; each under its caption where there are several."""
    shown = list(tables)
    blocks = [f"```\n{table.as_text(width)}\n```" for table in shown]
    if len(shown) == 1:
        return blocks[0]
    return "\n\n".join(f"**{table.caption}**\n{block}" for table, block in zip(shown, blocks, strict=True))
