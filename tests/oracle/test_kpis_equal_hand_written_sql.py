"""Every KPI, compiled for three databases, equals a second SQL statement that was written by hand for DuckDB."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import oracle
import pytest
from awkward_rows import CLOCK
from oracle import Value

from analytics.semantic import QueryError, SemanticQuery, Semantics, read_model
from analytics.vocabulary import Figure, Grain, Period, Unit

PERIODS = (
    Period(date(2026, 3, 1), date(2026, 4, 1), "a month", Grain.MONTH),
    Period(date(2025, 4, 1), date(2025, 7, 1), "a quarter", Grain.QUARTER),
    Period(date(2026, 4, 27), date(2026, 5, 4), "a week over the end of a month", Grain.WEEK),
    Period(date(2025, 1, 1), date(2026, 1, 1), "a year", Grain.YEAR),
    Period(date(2026, 9, 1), date(2026, 10, 1), "last month", Grain.MONTH),
    Period(date(2026, 10, 1), date(2026, 10, 15), "this month to date", Grain.MONTH, to_date=True),
    Period(date(2026, 10, 1), date(2026, 11, 1), "this month, to its end", Grain.MONTH),
    Period(date(2022, 11, 20), date(2023, 4, 10), "from before the first row"),
)
THREE_YEARS = Period(date(2023, 11, 1), date(2026, 11, 1), "three years", Grain.MONTH, 36)

ByHand = Callable[[str, Period, str | None], dict[str | date | None, Value]]


@pytest.fixture(scope="session")
def by_hand(hand_written: duckdb.DuckDBPyConnection) -> ByHand:
    """The hand-written figures, computed once for all three databases."""

    @cache
    def figures(kpi: str, period: Period, by: str | None) -> dict[str | date | None, Value]:
        return dict(hand_written.execute(oracle.statement(kpi, period, CLOCK, by)).fetchall())

    return figures


@pytest.mark.parametrize("kpi", oracle.kpis())
def test_a_kpi_equals_its_hand_written_sql(semantics: Semantics, by_hand: ByHand, kpi: str) -> None:
    wrong: list[str] = []
    for period in PERIODS:
        for by in (None, *oracle.breakdowns(kpi)):
            groups = [(_group(figure, by), figure) for figure in _asked(semantics, kpi, period, by)]
            twice = [group for group, times in Counter(group for group, _ in groups).items() if times > 1]
            differences = _differences(by_hand(kpi, period, by), dict(groups))
            wrong += [
                f"{period.label} by {by}: {said}" for said in (*(f"{group} twice" for group in twice), *differences)
            ]
    assert not wrong, f"{kpi}: {len(wrong)} differ\n" + "\n".join(wrong[:20])


def test_two_reps_of_one_name_are_told_apart_by_their_ids(semantics: Semantics) -> None:
    names = {figure.keys["rep"]: figure.where["rep"] for figure in _asked(semantics, "revenue", PERIODS[1], "rep")}
    assert (names["R009"], names["R030"]) == ("王芳 (R009)", "王芳 (R030)")
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("kpi", [kpi for kpi in oracle.kpis() if oracle.has_months(kpi)])
def test_a_kpi_by_month_equals_its_hand_written_sql(semantics: Semantics, by_hand: ByHand, kpi: str) -> None:
    figures = semantics.run(SemanticQuery(kpis=(kpi,), period=THREE_YEARS, grain=Grain.MONTH)).figures
    compiled = {figure.period.start: figure for figure in figures if figure.period is not None}
    wrong = list(_differences(by_hand(kpi, THREE_YEARS, "month"), compiled))
    assert not wrong, f"{kpi} by month: {len(wrong)} differ\n" + "\n".join(wrong[:20])


@pytest.mark.parametrize("kpi", oracle.kpis())
def test_a_kpi_has_figures_to_compare(by_hand: ByHand, kpi: str) -> None:
    assert any(by_hand(kpi, period, None).get("all") for period in PERIODS)
    for by in oracle.breakdowns(kpi):
        assert max(len(by_hand(kpi, period, by)) for period in PERIODS) > 1, f"by {by}"
    if oracle.has_months(kpi):
        assert len(by_hand(kpi, THREE_YEARS, "month")) > 12


def test_every_kpi_has_hand_written_sql() -> None:
    assert set(oracle.kpis()) == set(read_model().kpis)


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (Period(date(2026, 1, 1), date(2026, 4, 1)), date(2026, 1, 1), date(2026, 4, 1)),
        (Period(date(2026, 1, 2), date(2026, 4, 10)), date(2026, 2, 1), date(2026, 4, 1)),
        (Period(date(2026, 4, 27), date(2026, 5, 4)), date(2026, 4, 1), date(2026, 5, 1)),
        (Period(date(2026, 1, 1), date(2027, 1, 1)), date(2026, 1, 1), date(2026, 10, 1)),
        (Period(date(2026, 10, 1), date(2026, 10, 15)), date(2026, 9, 1), date(2026, 10, 1)),
    ],
)
def test_the_ledger_answers_for_whole_closed_months(period: Period, first: date, after: date) -> None:
    months = oracle.closed_months(period, CLOCK)
    assert (months.start, months.end) == (first, after)


def _asked(semantics: Semantics, kpi: str, period: Period, by: str | None) -> tuple[Figure, ...]:
    """No figures where the period is shorter than the KPI needs."""
    dimensions = () if by is None else (by,)
    try:
        return semantics.run(SemanticQuery(kpis=(kpi,), period=period, dimensions=dimensions)).figures
    except QueryError as error:
        if error.code != "too_short":
            raise
        return ()


def _group(figure: Figure, by: str | None) -> str | None:
    """As the hand-written SQL names it: by what people call it, but a rep by the id, since two may share a name."""
    if by is None:
        return "all"
    return figure.keys[by] if by == "rep" else figure.where[by]


def _differences(expected: dict[Any, Value], compiled: dict[Any, Figure]) -> Iterator[str]:
    for group in {**expected, **compiled}:
        figure = compiled.get(group)
        value = None if figure is None else figure.value
        if not _equal(expected.get(group), value, figure):
            yield f"{group}: by hand {expected.get(group)!r}, compiled {value!r}"


def _equal(expected: Value, value: Value, figure: Figure | None) -> bool:
    """Exact for counts and money; a group that one side leaves out has no figure there, or none of what is counted."""
    if expected is None or value is None:
        counted = isinstance(expected, int) or (figure is not None and figure.unit is Unit.COUNT)
        return (expected or 0) == (value or 0) if counted else expected is value
    if isinstance(expected, int | Decimal):
        return isinstance(value, int | Decimal) and expected == value
    return math.isclose(expected, value, rel_tol=1e-9, abs_tol=1e-12)
