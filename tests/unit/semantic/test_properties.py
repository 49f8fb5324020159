"""What holds of every KPI whatever the numbers are: parts add up, periods meet, comparisons and scopes are plain queries."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[2] / "oracle"))

from awkward_rows import CLOCK, awkward_rows
from kept_rows import kept_rows

from analytics.demo import build
from analytics.organisation import Company, read_company
from analytics.semantic import Comparison, Order, QueryError, SemanticQuery, Semantics, read_model
from analytics.vocabulary import Figure, Grain, Period, Scope
from analytics.warehouse import Reader, Warehouse
from analytics.warehouse.tables import KEPT

Number = Decimal | float | int

MODEL = read_model()
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1), "2026-03", Grain.MONTH)
SPRING = Period(date(2025, 4, 1), date(2025, 7, 1), "2025-Q2", Grain.QUARTER)
A_WEEK = Period(date(2026, 3, 30), date(2026, 4, 6), "2026-W14", Grain.WEEK)
NEW_YEAR = Period(date(2025, 12, 15), date(2026, 1, 19), "2025-W51..2026-W03", Grain.WEEK, 5)

ADDITIVE = tuple(kpi for kpi in MODEL.kpis if MODEL.kpi(kpi).additive.over)
OVER_TIME = tuple(kpi for kpi in MODEL.kpis if MODEL.kpi(kpi).additive.over_time)
BY_THE_DAY = tuple(kpi for kpi in OVER_TIME if MODEL.kpi(kpi).prorate is None)
OF_REPS = tuple(kpi for kpi in ADDITIVE if "rep" in MODEL.kpi(kpi).dimensions)
COMPARED = ("revenue", "orders", "win_rate", "lead_conversion_rate", "open_leads", "active_customers", "cac", "csat")


def added_over(kpi: str) -> tuple[str, ...]:
    """The dimensions whose groups the KPI's file declares to add up."""
    over = MODEL.kpi(kpi).additive.over
    return MODEL.kpi(kpi).dimensions if over == "all" else over


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A fiftieth of the demo company, with rows that name nobody, nothing and nowhere."""
    company, awkward = build(date(2026, 11, 23), scale=0.02), awkward_rows()
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('properties')}/warehouse.duckdb")
    for source, tables in (("demo", company.tables), ("by hand", awkward)):
        with warehouse.load(source, company.as_of, currency="CNY") as load:
            for name, frame in tables.items():
                load.put(name, frame)
    known = {name: pd.concat([company.tables[name], awkward[name]]) for name in ("leads", "customers")}
    with warehouse.kept() as connection:
        for name, rows in kept_rows(company.tables | known).items():
            connection.execute(insert(KEPT.tables[f"kept.{name}"]), rows)
    with warehouse.reader() as held:
        yield held
    warehouse.close()


@pytest.fixture(scope="module")
def company(reader: Reader) -> Company:
    return read_company(reader)


@pytest.fixture(scope="module")
def semantics(reader: Reader, company: Company) -> Semantics:
    return Semantics(MODEL, reader, CLOCK, Scope.everything(), company)


# --- parts and the whole


@pytest.mark.parametrize("kpi", ADDITIVE)
def test_groups_add_up_to_the_total(semantics: Semantics, kpi: str) -> None:
    for period in (MARCH, SPRING):
        total = figure(semantics, kpi, period).value
        for dimension in added_over(kpi):
            groups = grouped(semantics, kpi, period, dimension)
            assert added(groups.values()) == near(total), f"{period.label} by {dimension}"


@settings(max_examples=40, deadline=None)
@given(
    kpi=st.sampled_from(ADDITIVE),
    start=st.dates(date(2023, 1, 1), date(2026, 10, 20)),
    days=st.integers(1, 400),
    data=st.data(),
)
def test_groups_of_two_dimensions_add_up_over_any_days(
    semantics: Semantics, kpi: str, start: date, days: int, data: st.DataObject
) -> None:
    pair = data.draw(st.lists(st.sampled_from(added_over(kpi)), min_size=2, max_size=2, unique=True))
    period = Period(start, start + timedelta(days=days))
    figures = semantics.run(SemanticQuery(kpis=(kpi,), period=period, dimensions=tuple(pair))).figures
    assert added(figures) == near(figure(semantics, kpi, period).value)
    assert len({(found.keys[pair[0]], found.keys[pair[1]]) for found in figures}) == len(figures)


def test_the_group_of_nobody_is_among_the_groups(semantics: Semantics) -> None:
    assert grouped(semantics, "revenue", MARCH, "rep")[None].value == Decimal("610.00")


# --- periods meet


@pytest.mark.parametrize("kpi", OVER_TIME)
def test_months_add_up_to_their_quarter(semantics: Semantics, kpi: str) -> None:
    whole = figure(semantics, kpi, SPRING).value
    months = semantics.run(SemanticQuery(kpis=(kpi,), period=SPRING, grain=Grain.MONTH)).figures
    assert len(months) == 3
    assert whole
    assert added(months) == near(whole)
    assert added(figure(semantics, kpi, month(number)) for number in (4, 5, 6)) == near(whole)


@pytest.mark.parametrize("kpi", BY_THE_DAY)
@pytest.mark.parametrize(("period", "grain", "count"), [(A_WEEK, Grain.DAY, 7), (NEW_YEAR, Grain.WEEK, 5)])
def test_days_add_up_to_their_week_and_weeks_over_new_year(
    semantics: Semantics, kpi: str, period: Period, grain: Grain, count: int
) -> None:
    parts = semantics.run(SemanticQuery(kpis=(kpi,), period=period, grain=grain)).figures
    starts = [part.period.start for part in parts if part.period]
    assert starts == [period.start + timedelta(days=(7 if grain is Grain.WEEK else 1) * n) for n in range(count)]
    assert added(parts) == near(figure(semantics, kpi, period).value)


@settings(max_examples=40, deadline=None)
@given(
    kpi=st.sampled_from(BY_THE_DAY),
    start=st.dates(date(2023, 1, 1), date(2026, 10, 1)),
    lengths=st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_a_period_cut_in_two_loses_nothing(
    semantics: Semantics, kpi: str, start: date, lengths: tuple[int, int]
) -> None:
    cut = start + timedelta(days=lengths[0])
    end = cut + timedelta(days=lengths[1])
    halves = (figure(semantics, kpi, Period(start, cut)), figure(semantics, kpi, Period(cut, end)))
    assert added(halves) == near(figure(semantics, kpi, Period(start, end)).value)


@pytest.mark.parametrize("kpi", MODEL.kpis)
def test_a_running_total_ends_at_the_total(semantics: Semantics, kpi: str) -> None:
    running = semantics.run(SemanticQuery(kpis=(kpi,), period=SPRING, grain=Grain.MONTH, running=True)).figures
    ends = (date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1))
    for found, end in zip(running, ends, strict=True):
        assert found.value == close(figure(semantics, kpi, Period(SPRING.start, end)).value), f"up to {end}"
    assert running[-1].value == close(figure(semantics, kpi, SPRING).value)


# --- comparisons


@pytest.mark.parametrize("kpi", COMPARED)
@pytest.mark.parametrize(
    ("period", "comparison", "held_against"),
    [
        (MARCH, Comparison("previous"), Period(date(2026, 2, 1), date(2026, 3, 1))),
        (MARCH, Comparison("last_year"), Period(date(2025, 3, 1), date(2025, 4, 1))),
        (SPRING, Comparison("previous"), Period(date(2025, 1, 1), date(2025, 4, 1))),
        (SPRING, Comparison("last_year"), Period(date(2024, 4, 1), date(2024, 7, 1))),
        (MARCH, Comparison("custom", SPRING), SPRING),
    ],
    ids=lambda given: given.kind if isinstance(given, Comparison) else None,
)
def test_a_comparison_is_two_queries(
    semantics: Semantics, kpi: str, period: Period, comparison: Comparison, held_against: Period
) -> None:
    (found,) = semantics.run(SemanticQuery(kpis=(kpi,), period=period, comparison=comparison)).figures
    now, then = figure(semantics, kpi, period), figure(semantics, kpi, held_against)
    assert_compared(found, now.value, then.value)
    assert found.compared is not None
    assert found.compared.period is not None
    assert (found.compared.period.start, found.compared.period.end) == (held_against.start, held_against.end)


@pytest.mark.parametrize("kpi", COMPARED)
@pytest.mark.parametrize("dimension", ["region", "rep"])
def test_each_group_is_compared_with_itself(semantics: Semantics, kpi: str, dimension: str) -> None:
    if dimension not in MODEL.kpi(kpi).dimensions:
        pytest.skip("not broken down so")
    now = grouped(semantics, kpi, MARCH, dimension)
    then = grouped(semantics, kpi, SPRING, dimension)
    absent = 0 if MODEL.kpi(kpi).missing == "zero" else None
    query = SemanticQuery(kpis=(kpi,), period=MARCH, dimensions=(dimension,), comparison=Comparison("custom", SPRING))
    found = {figure.keys[dimension]: figure for figure in semantics.run(query).figures}
    assert set(found) == {*now, *then}
    for key, compared in found.items():
        was, was_then = now.get(key), then.get(key)
        assert_compared(compared, was.value if was else absent, was_then.value if was_then else absent)


def test_a_week_is_compared_with_the_week_364_days_back(semantics: Semantics) -> None:
    query = SemanticQuery(kpis=("revenue",), period=A_WEEK, comparison=Comparison("last_year"))
    (found,) = semantics.run(query).figures
    before = Period(date(2025, 3, 31), date(2025, 4, 7))
    assert_compared(found, figure(semantics, "revenue", A_WEEK).value, figure(semantics, "revenue", before).value)


# --- whose rows


@pytest.fixture(scope="module")
def team(semantics: Semantics) -> tuple[str, ...]:
    """The reps who sold for the first team in spring."""
    query = SemanticQuery(kpis=("activities",), period=SPRING, dimensions=("team", "rep"))
    return tuple(
        sorted({str(f.keys["rep"]) for f in semantics.run(query).figures if f.keys["team"] == "T1" and f.rows})
    )


@pytest.mark.parametrize("kpi", OF_REPS)
def test_a_manager_sees_what_the_reps_see_together(
    semantics: Semantics, reader: Reader, company: Company, team: tuple[str, ...], kpi: str
) -> None:
    def seen_by(*reps: str) -> Figure:
        return figure(Semantics(MODEL, reader, CLOCK, Scope.of(*reps), company), kpi, SPRING)

    each, together = [seen_by(rep) for rep in team], seen_by(*team)
    everything = figure(semantics, kpi, SPRING)
    assert len(team) > 1
    assert max(rep.rows or 0 for rep in each) <= (together.rows or 0) <= (everything.rows or 0)
    assert sum(rep.rows or 0 for rep in each) == together.rows
    if "rep" in added_over(kpi):
        assert added(each) == near(together.value or 0)
        assert (together.value or 0) <= (everything.value or 0)


@pytest.mark.parametrize("kpi", OF_REPS)
def test_a_rep_sees_no_group_that_the_manager_does_not_see(
    semantics: Semantics, reader: Reader, company: Company, team: tuple[str, ...], kpi: str
) -> None:
    rep = Semantics(MODEL, reader, CLOCK, Scope.of(team[0]), company)
    manager = Semantics(MODEL, reader, CLOCK, Scope.of(*team), company)
    for dimension in MODEL.kpi(kpi).dimensions:
        own, held, all_of_them = (grouped(each, kpi, SPRING, dimension) for each in (rep, manager, semantics))
        for narrow, wide in ((own, held), (held, all_of_them)):
            assert set(narrow) <= set(wide), f"by {dimension}"
            assert all((narrow[key].rows or 0) <= (wide[key].rows or 0) for key in narrow), f"by {dimension}"


@pytest.mark.parametrize("kpi", [kpi for kpi in MODEL.kpis if "rep" in MODEL.kpi(kpi).dimensions])
def test_a_rep_sees_the_rows_that_stand_under_the_name(
    semantics: Semantics, reader: Reader, company: Company, team: tuple[str, ...], kpi: str
) -> None:
    own = figure(Semantics(MODEL, reader, CLOCK, Scope.of(team[0]), company), kpi, SPRING)
    group = grouped(semantics, kpi, SPRING, "rep").get(team[0])
    assert (own.value or 0) == near((group.value if group else None) or 0)


# --- order, limit and share


@pytest.mark.parametrize("kpi", ["revenue", "orders", "activities", "win_rate", "aov"])
@pytest.mark.parametrize("descending", [True, False])
def test_groups_come_in_order_and_a_limit_keeps_the_first(semantics: Semantics, kpi: str, descending: bool) -> None:
    query = SemanticQuery(kpis=(kpi,), period=SPRING, dimensions=("rep",), order=Order(kpi, descending))
    everyone = semantics.run(query)
    values = [found.value for found in everyone.figures]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=descending)
    assert values == known + [None] * (len(values) - len(known)), "no data comes last"
    first = semantics.run(SemanticQuery(**{**vars(query), "limit": 3}))
    assert [found.keys for found in first.figures] == [found.keys for found in everyone.figures[:3]]
    assert (everyone.cut, first.cut) == (0, len(values) - 3)


@pytest.mark.parametrize("kpi", ADDITIVE)
def test_shares_add_up_to_one_and_a_limit_leaves_them_alone(semantics: Semantics, kpi: str) -> None:
    dimension = added_over(kpi)[0]
    query = SemanticQuery(kpis=(kpi,), period=SPRING, dimensions=(dimension,), share=True)
    shares = {found.keys[dimension]: found.share for found in semantics.run(query).figures}
    assert math.isclose(sum(share or 0 for share in shares.values()), 1)
    for found in semantics.run(SemanticQuery(**{**vars(query), "limit": 2})).figures:
        assert found.share == shares[found.keys[dimension]]


@pytest.mark.parametrize("kpi", [kpi for kpi in MODEL.kpis if not MODEL.kpi(kpi).additive.over])
def test_groups_that_do_not_add_up_have_no_shares(semantics: Semantics, kpi: str) -> None:
    dimensions = MODEL.kpi(kpi).dimensions
    if not dimensions:
        pytest.skip("not broken down at all")
    with pytest.raises(QueryError, match="no_share"):
        semantics.run(SemanticQuery(kpis=(kpi,), period=SPRING, dimensions=dimensions[:1], share=True))


# --- asking


def month(number: int) -> Period:
    return Period(date(2025, number, 1), date(2025, number + 1, 1), f"2025-{number:02d}", Grain.MONTH)


def figure(semantics: Semantics, kpi: str, period: Period) -> Figure:
    (found,) = semantics.run(SemanticQuery(kpis=(kpi,), period=period)).figures
    return found


def grouped(semantics: Semantics, kpi: str, period: Period, dimension: str) -> dict[str | None, Figure]:
    figures = semantics.run(SemanticQuery(kpis=(kpi,), period=period, dimensions=(dimension,))).figures
    groups = {found.keys[dimension]: found for found in figures}
    assert len(groups) == len(figures), f"a group of {dimension} comes twice"
    return groups


def added(figures: Iterable[Figure]) -> Number:
    return sum((found.value for found in figures if found.value is not None), 0)


def near(value: Number | None) -> object:
    """What parts are expected to add up to: no data adds up to nothing."""
    return close(value or 0)


def close(value: Number | None) -> object:
    """Exact for counts and money; floats but for the order of summation."""
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value


def assert_compared(found: Figure, now: Number | None, then: Number | None) -> None:
    assert found.compared is not None
    assert (found.value, found.compared.value) == (now, then)
    if now is None or then is None:
        assert found.compared.change is None
    else:
        assert found.compared.change is not None
        assert math.isclose(found.compared.change, float(now) - float(then), abs_tol=1e-6)
