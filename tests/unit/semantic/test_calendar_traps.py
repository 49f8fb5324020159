"""Days on which calendars bite, with rows on both sides of each edge, on all three databases.

Order number n is worth 2**n, so that a sum tells which orders it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from analytics.organisation import Company
from analytics.semantic import Comparison, Filter, SemanticQuery, Semantics, read_model
from analytics.semantic.calendar import days, last, to_date, unit, units
from analytics.vocabulary import Clock, Figure, Grain, Period, Scope
from analytics.warehouse import Warehouse

PREVIOUS, LAST_YEAR, ALIGNED = Comparison("previous"), Comparison("last_year"), Comparison("last_year_aligned")
LATE = "2030-01-01 00:00"


class Business:
    """A company whose rows a test gives, and which can be asked at any moment, in any zone."""

    def __init__(self, warehouse: Warehouse, opened: ExitStack) -> None:
        self._warehouse, self._opened = warehouse, opened
        self._reader: Any = None

    def has(self, known_until: str = LATE, **tables: list[dict[str, Any]]) -> None:
        with self._warehouse.load("crm", moment(known_until)) as load:
            for name, rows in tables.items():
                load.put(name, pd.DataFrame(rows))
        self._reader = self._opened.enter_context(self._warehouse.reader())

    def took_orders(self, *moments: str, zone: str = "UTC", known_until: str = LATE) -> None:
        """One order a moment; the n-th is worth 2**n."""
        self.has(known_until, orders=[order(n, moment(at, zone)) for n, at in enumerate(moments)])

    def ask(
        self,
        kpi: str,
        period: Period,
        *,
        now: str = LATE,
        zone: str = "UTC",
        company: Company | None = None,
        **asked: Any,
    ) -> tuple[Figure, ...]:
        clock = Clock(moment(now, zone), zone)
        held = company or Company("Edge", "EUR", zone)
        semantics = Semantics(read_model(), self._reader, clock, Scope.everything(), held)
        return semantics.run(SemanticQuery((kpi,), period, **asked)).figures

    def orders_in(self, period: Period, **asked: Any) -> set[int] | None:
        """The numbers of the orders that the period's revenue holds; None where it is no data."""
        (figure,) = self.ask("revenue", period, **asked)
        return numbers(figure.value)

    def orders_compared(self, period: Period, comparison: Comparison, **asked: Any) -> tuple[str, set[int] | None]:
        """The days with which the period's revenue is compared, and the orders in them."""
        (figure,) = self.ask("revenue", period, comparison=comparison, **asked)
        assert figure.compared is not None
        held = figure.compared.period
        return "" if held is None else f"{held.start}..{held.end - timedelta(days=1)}", numbers(figure.compared.value)

    def orders_by(self, grain: Grain, period: Period, **asked: Any) -> dict[str, set[int]]:
        """The orders of each unit of the period that has some, by the unit's label."""
        figures = self.ask("revenue", period, grain=grain, **asked)
        return {figure.period.label: held for figure in figures if figure.period and (held := numbers(figure.value))}


def numbers(value: Any) -> set[int] | None:
    return None if value is None else {n for n in range(40) if int(value) >> n & 1}


def moment(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def order(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    return {"order_id": f"O{number}", "line_no": 1, "ordered_at": at, "amount": float(2**number), **more}


def month(text: str) -> Period:
    return unit(date.fromisoformat(f"{text}-01"), Grain.MONTH)


def day(text: str) -> Period:
    return unit(date.fromisoformat(text), Grain.DAY)


@pytest.fixture
def business(open_warehouse: Callable[[], Warehouse]) -> Iterator[Business]:
    with ExitStack() as opened:
        yield Business(open_warehouse(), opened)


# --- months, leap days, weeks


def test_the_last_microsecond_of_a_month_belongs_to_it_and_midnight_to_the_next(business: Business) -> None:
    business.took_orders(
        "2026-01-31 23:59:59.999999", "2026-02-01 00:00", "2026-02-28 23:59:59.999999", "2026-03-01 00:00",
        "2026-03-29 00:00", "2026-03-30 23:59", "2026-03-31 09:00",
    )  # fmt: skip
    year = unit(date(2026, 1, 1), Grain.YEAR)
    assert business.orders_by(Grain.MONTH, year) == {"2026-01": {0}, "2026-02": {1, 2}, "2026-03": {3, 4, 5, 6}}
    assert business.orders_by(Grain.QUARTER, year) == {"2026-Q1": {0, 1, 2, 3, 4, 5, 6}}
    assert business.orders_by(Grain.DAY, year) == {
        "2026-01-31": {0}, "2026-02-01": {1}, "2026-02-28": {2}, "2026-03-01": {3}, "2026-03-29": {4},
        "2026-03-30": {5}, "2026-03-31": {6},
    }  # fmt: skip
    for asked, held in (("2026-01", {0}), ("2026-02", {1, 2}), ("2026-03", {3, 4, 5, 6})):
        assert business.orders_in(month(asked)) == held


def test_march_is_compared_with_all_of_february_and_february_with_31_days_of_january(business: Business) -> None:
    business.took_orders(
        "2026-01-01 08:00", "2026-01-31 23:00", "2026-02-01 01:00", "2026-02-28 23:00", "2026-03-30 12:00"
    )
    assert business.orders_compared(month("2026-03"), PREVIOUS) == ("2026-02-01..2026-02-28", {2, 3})
    assert business.orders_compared(month("2026-02"), PREVIOUS) == ("2026-01-01..2026-01-31", {0, 1})
    now = "2026-03-30 18:00"
    march_so_far = to_date(Grain.MONTH, date(2026, 3, 30))
    assert business.orders_compared(march_so_far, PREVIOUS, now=now) == ("2026-02-01..2026-02-28", {2, 3})
    february_so_far = to_date(Grain.MONTH, date(2026, 2, 28))
    assert business.orders_compared(february_so_far, PREVIOUS, now="2026-02-28 23:30") == (
        "2026-01-01..2026-01-28",
        {0},
    )


def test_the_leap_day_is_in_february_and_in_no_other_year(business: Business) -> None:
    business.took_orders(
        "2023-02-28 12:00", "2023-03-01 00:00", "2024-02-28 12:00", "2024-02-29 12:00", "2024-03-01 00:00",
        "2025-02-28 12:00", "2025-03-01 00:00",
    )  # fmt: skip
    assert business.orders_in(month("2024-02")) == {2, 3}
    assert business.orders_in(day("2024-02-29")) == {3}
    assert business.orders_compared(day("2024-02-29"), LAST_YEAR) == ("2023-02-28..2023-02-28", {0})
    assert business.orders_compared(month("2024-02"), LAST_YEAR) == ("2023-02-01..2023-02-28", {0})
    assert business.orders_compared(month("2025-02"), LAST_YEAR) == ("2024-02-01..2024-02-29", {2, 3})
    assert business.orders_compared(day("2025-02-28"), LAST_YEAR) == ("2024-02-28..2024-02-28", {2})
    so_far = to_date(Grain.MONTH, date(2024, 2, 29))
    assert business.orders_compared(so_far, LAST_YEAR, now="2024-02-29 20:00") == ("2023-02-01..2023-02-28", {0})
    so_far = to_date(Grain.YEAR, date(2025, 2, 28))
    assert business.orders_compared(so_far, LAST_YEAR, now="2025-02-28 20:00") == ("2024-01-01..2024-02-28", {2})


def test_twelve_months_back_from_the_end_of_february_reach_the_first_of_march(business: Business) -> None:
    lines = [
        order(n, moment(at), customer_id=f"K{n}")
        for n, at in enumerate(
            ["2022-06-01 00:00", "2023-02-28 23:59", "2023-03-01 00:00", "2024-02-29 23:59", "2024-03-01 00:00"]
        )
    ]
    business.has(orders=lines)
    assert [figure.value for figure in business.ask("active_customers", month("2024-02"))] == [2]
    so_far = business.ask("active_customers", to_date(Grain.MONTH, date(2024, 2, 29)), now="2024-02-29 12:00")
    assert so_far[0].value == 1  # from 1 March 2023; the order of 23:59 is still to come
    trend = business.ask("active_customers", Period(date(2024, 1, 1), date(2024, 4, 1)), grain=Grain.MONTH)
    assert [figure.value for figure in trend] == [2, 2, 2]


def test_week_53_runs_from_one_year_into_the_next(business: Business) -> None:
    business.took_orders(
        "2019-12-29 23:59", "2019-12-30 00:00", "2020-01-05 23:59", "2020-12-27 23:59", "2020-12-28 00:00",
        "2020-12-31 23:59", "2021-01-01 00:00", "2021-01-03 23:59:59.999999", "2021-01-04 00:00", "2021-12-31 12:00",
    )  # fmt: skip
    winter = Period(date(2020, 12, 21), date(2021, 1, 11))
    assert business.orders_by(Grain.WEEK, winter) == {"2020-W52": {3}, "2020-W53": {4, 5, 6, 7}, "2021-W01": {8}}
    week = unit(date(2021, 1, 1), Grain.WEEK)
    assert week.label == "2020-W53"
    assert business.orders_in(week) == {4, 5, 6, 7}
    assert business.orders_compared(week, PREVIOUS) == ("2020-12-21..2020-12-27", {3})
    assert business.orders_compared(week, LAST_YEAR) == ("2019-12-30..2020-01-05", {1, 2})
    assert business.orders_by(Grain.WEEK, unit(date(2021, 1, 1), Grain.YEAR)) == {
        "2020-W53": {6, 7}, "2021-W01": {8}, "2021-W52": {9},
    }  # fmt: skip


def test_a_quarter_on_its_first_day_is_compared_with_the_first_day_of_the_one_before(business: Business) -> None:
    business.took_orders("2025-04-01 23:00", "2026-01-01 23:00", "2026-01-02 00:00", "2026-03-31 23:59", "2026-04-01 08:00",
                         "2026-04-01 11:00")  # fmt: skip
    today, now = to_date(Grain.QUARTER, date(2026, 4, 1)), "2026-04-01 09:00"
    assert business.orders_in(today, now=now) == {4}
    assert business.orders_compared(today, PREVIOUS, now=now) == ("2026-01-01..2026-01-01", {1})
    assert business.orders_compared(today, LAST_YEAR, now=now) == ("2025-04-01..2025-04-01", {0})
    whole = unit(date(2026, 4, 1), Grain.QUARTER)
    assert business.orders_in(whole, now=now) == {4}
    assert business.orders_compared(whole, PREVIOUS, now=now) == ("2026-01-01..2026-01-01", {1})


def test_a_month_so_far_is_compared_with_whole_days_of_the_month_before(business: Business) -> None:
    business.took_orders("2026-10-01 00:00", "2026-10-20 23:59", "2026-10-21 00:00", "2026-10-31 12:00", "2026-11-01 00:00",
                         "2026-11-20 11:59", "2026-11-20 12:01", "2025-11-20 23:59", "2025-11-21 00:00")  # fmt: skip
    november, now = to_date(Grain.MONTH, date(2026, 11, 20)), "2026-11-20 12:00"
    assert business.orders_in(november, now=now) == {4, 5}
    assert business.orders_compared(november, PREVIOUS, now=now) == ("2026-10-01..2026-10-20", {0, 1})
    assert business.orders_compared(november, LAST_YEAR, now=now) == ("2025-11-01..2025-11-20", {7})
    assert (
        business.orders_compared(last(2, Grain.MONTH, date(2026, 11, 20)), PREVIOUS, now=now)[0]
        == "2026-07-01..2026-08-31"
    )


# --- time zones


def test_an_order_late_on_the_last_of_march_counts_where_the_company_is(business: Business) -> None:
    business.took_orders("2026-03-31 23:30")
    spring = Period(date(2026, 3, 1), date(2026, 5, 1))
    for zone, counts_in, local_day in (
        ("UTC", "2026-03", "2026-03-31"), ("America/New_York", "2026-03", "2026-03-31"),
        ("Pacific/Pago_Pago", "2026-03", "2026-03-31"), ("Europe/Berlin", "2026-04", "2026-04-01"),
        ("Asia/Shanghai", "2026-04", "2026-04-01"), ("Asia/Kathmandu", "2026-04", "2026-04-01"),
        ("Pacific/Kiritimati", "2026-04", "2026-04-01"),
    ):  # fmt: skip
        assert business.orders_by(Grain.MONTH, spring, zone=zone) == {counts_in: {0}}
        assert business.orders_by(Grain.DAY, spring, zone=zone) == {local_day: {0}}
        assert business.orders_in(month(counts_in), zone=zone) == {0}
        other = "2026-04" if counts_in == "2026-03" else "2026-03"
        assert business.orders_in(month(other), zone=zone) is None


def test_stock_teams_and_dates_follow_the_company_s_midnight(business: Business) -> None:
    late = moment("2026-01-31 23:30")
    business.has(
        leads=[{"lead_id": "L1", "created_at": late, "status": "open", "owner_rep_id": "R1"},
               {"lead_id": "L0", "created_at": moment("2025-12-01 00:00"), "status": "open", "owner_rep_id": "R1"}],
        rep_teams=[{"rep_id": "R1", "team_id": "T1", "from_on": date(2025, 1, 1), "to_on": date(2026, 2, 1)},
                   {"rep_id": "R1", "team_id": "T2", "from_on": date(2026, 2, 1), "to_on": None}],
        orders=[order(0, late, rep_id="R1")],
        marketing_spend=[{"day": date(2026, 1, 31), "channel_id": "C1", "campaign_id": "A1", "amount": 5.0}],
    )  # fmt: skip
    for zone, january, team in (("UTC", 2, "T1"), ("Asia/Shanghai", 1, "T2"), ("America/New_York", 2, "T1")):
        assert [figure.value for figure in business.ask("open_leads", month("2026-01"), zone=zone)] == [january]
        figures = business.ask("revenue", Period(date(2026, 1, 1), date(2026, 3, 1)), zone=zone, dimensions=("team",))
        assert [figure.keys["team"] for figure in figures] == [team]
        assert business.ask("marketing_spend", month("2026-01"), zone=zone)[0].value == 5  # a date is a date everywhere


def test_the_day_of_23_hours_and_the_day_of_25_hold_all_of_their_orders(business: Business) -> None:
    hours = [
        moment(start) + timedelta(hours=n) for start in ("2026-03-27 23:30", "2026-10-23 22:30") for n in range(73)
    ]
    business.has(orders=[order(0, at, order_id=f"O{n}") for n, at in enumerate(hours)])

    def by_day(first: str, following: str) -> list[Any]:
        period = days(date.fromisoformat(first), date.fromisoformat(following))
        return [figure.value for figure in business.ask("orders", period, zone="Europe/Berlin", grain=Grain.DAY)]

    assert by_day("2026-03-28", "2026-03-31") == [24, 23, 24]
    assert by_day("2026-10-24", "2026-10-27") == [24, 25, 24]
    for text, held in (("2026-03-29", 23), ("2026-03-30", 24), ("2026-10-25", 25)):
        assert business.ask("orders", day(text), zone="Europe/Berlin")[0].value == held
    assert business.ask("orders", day("2026-10-25"), zone="Asia/Shanghai")[0].value == 24


def test_months_of_a_year_with_two_changes_of_the_clocks_begin_at_their_own_midnight(business: Business) -> None:
    edges = ["2026-01-01 00:00", "2026-03-29 01:59", "2026-03-29 03:00", "2026-03-31 23:59:59", "2026-04-01 00:00",
             "2026-10-25 01:59", "2026-10-25 03:00", "2026-10-31 23:59:59", "2026-11-01 00:00", "2026-12-31 23:59:59"]  # fmt: skip
    business.took_orders(*edges, zone="Europe/Berlin")
    year = unit(date(2026, 1, 1), Grain.YEAR)
    expected = {
        "2026-01": {0}, "2026-03": {1, 2, 3}, "2026-04": {4}, "2026-10": {5, 6, 7}, "2026-11": {8}, "2026-12": {9},
    }  # fmt: skip
    assert business.orders_by(Grain.MONTH, year, zone="Europe/Berlin") == expected
    for label, held in expected.items():
        assert business.orders_in(month(label), zone="Europe/Berlin") == held
    assert business.orders_by(Grain.WEEK, Period(date(2026, 3, 23), date(2026, 4, 6)), zone="Europe/Berlin") == {
        "2026-W13": {1, 2}, "2026-W14": {3, 4},
    }  # fmt: skip


# --- festivals and fiscal years


def test_the_week_before_chinese_new_year_is_compared_with_last_year_s(business: Business) -> None:
    china = Company("Edge", "CNY", "Asia/Shanghai", calendar="CN")
    zone, now = "Asia/Shanghai", "2026-03-01 00:00"
    business.took_orders("2025-01-21 23:59", "2025-01-22 00:00", "2025-01-28 23:59", "2025-01-29 00:00", "2025-02-10 12:00",
                         "2025-02-16 12:00", "2026-02-10 00:00", "2026-02-16 23:59", zone=zone)  # fmt: skip
    week = days(date(2026, 2, 10), date(2026, 2, 17))  # New Year's Day is 17 February 2026; it was 29 January 2025
    assert business.orders_in(week, zone=zone, now=now, company=china) == {6, 7}
    aligned = business.orders_compared(week, ALIGNED, zone=zone, now=now, company=china)
    assert aligned == ("2025-01-22..2025-01-28", {1, 2})
    assert business.orders_compared(week, LAST_YEAR, zone=zone, now=now, company=china) == (
        "2025-02-10..2025-02-16",
        {4, 5},
    )
    february = business.orders_compared(month("2026-02"), ALIGNED, zone=zone, now=now, company=china)
    assert february == ("2025-01-13..2025-02-09", {0, 1, 2, 3})
    elsewhere = business.orders_compared(week, ALIGNED, zone=zone, now=now, company=Company("Edge", "CNY", zone))
    assert elsewhere == ("", None)


FISCAL_UNITS = [
    (4, Grain.FISCAL_YEAR, {"FY2025": {0, 1}, "FY2026": {2, 3, 4}, "FY2027": {5}}),
    (
        4,
        Grain.FISCAL_QUARTER,
        {"FY2025-Q4": {0, 1}, "FY2026-Q1": {2}, "FY2026-Q3": {3}, "FY2026-Q4": {4}, "FY2027-Q1": {5}},
    ),
    (4, Grain.FISCAL_HALF, {"FY2025-H2": {0, 1}, "FY2026-H1": {2}, "FY2026-H2": {3, 4}, "FY2027-H1": {5}}),
    (2, Grain.FISCAL_YEAR, {"FY2025": {0}, "FY2026": {1, 2, 3}, "FY2027": {4, 5}}),
    (2, Grain.FISCAL_QUARTER, {"FY2025-Q4": {0}, "FY2026-Q1": {1, 2}, "FY2026-Q4": {3}, "FY2027-Q1": {4, 5}}),
    (12, Grain.FISCAL_QUARTER, {"FY2025-Q1": {0, 1}, "FY2025-Q2": {2}, "FY2026-Q1": {3}, "FY2026-Q2": {4, 5}}),
    (1, Grain.FISCAL_YEAR, {"FY2025": {0, 1, 2, 3}, "FY2026": {4, 5}}),
    (4, Grain.HALF, {"2025-H1": {0, 1, 2}, "2025-H2": {3}, "2026-H1": {4, 5}}),
]


def test_fiscal_units_begin_where_the_company_s_year_does(business: Business) -> None:
    ordered = ["2025-01-31 23:59", "2025-02-01 00:00", "2025-04-01 00:00", "2025-12-31 23:59", "2026-03-31 23:59",
               "2026-04-01 00:00"]  # fmt: skip
    business.took_orders(*ordered)
    for starts, grain, expected in FISCAL_UNITS:
        company = Company("Edge", "EUR", "UTC", fiscal_year_start=starts)
        assert business.orders_by(grain, Period(date(2025, 1, 1), date(2026, 5, 1)), company=company) == expected
        for label, held in expected.items():
            whole = unit(date.fromisoformat(ordered[min(held)][:10]), grain, starts)
            assert (whole.label, business.orders_in(whole, company=company)) == (label, held)


def test_a_fiscal_year_to_date_is_compared_with_the_same_days_of_the_one_before(business: Business) -> None:
    business.took_orders("2024-04-01 00:00", "2024-05-10 23:59", "2024-05-11 00:00", "2025-03-31 23:59", "2025-04-01 00:00",
                         "2025-05-10 08:00")  # fmt: skip
    company, now = Company("Edge", "EUR", "UTC", fiscal_year_start=4), "2025-05-10 12:00"
    so_far = to_date(Grain.FISCAL_YEAR, date(2025, 5, 10), 4)
    assert business.orders_in(so_far, company=company, now=now) == {4, 5}
    for comparison in (PREVIOUS, LAST_YEAR):
        found = business.orders_compared(so_far, comparison, company=company, now=now)
        assert found == ("2024-04-01..2024-05-10", {0, 1})


# --- the clock


def test_what_comes_after_the_clock_is_invisible(business: Business) -> None:
    now = "2026-06-15 12:00"
    business.has(
        orders=[order(0, moment("2026-06-15 12:00")), order(1, moment("2026-06-15 12:00:00.000001")), order(2, moment("2026-06-16 00:00"))],
        leads=[
            {"lead_id": "L1", "created_at": moment("2026-06-01 00:00"), "status": "converted", "converted_at": moment("2026-06-20 00:00")},
            {"lead_id": "L2", "created_at": moment("2026-06-15 12:01"), "status": "open"},
            {"lead_id": "L3", "created_at": moment("2026-05-01 00:00"), "status": "lost", "lost_at": moment("2026-06-15 11:59")},
        ],
        marketing_spend=[{"day": date(2026, 6, n), "channel_id": "C1", "campaign_id": "A1", "amount": float(n)} for n in (14, 15, 16)],
    )  # fmt: skip
    june = month("2026-06")
    assert business.orders_in(june, now=now) == {0}
    assert business.orders_by(Grain.DAY, june, now=now) == {"2026-06-15": {0}}
    assert business.ask("marketing_spend", june, now=now)[0].value == 29
    assert business.ask("open_leads", june, now=now)[0].value == 1
    assert business.ask("new_leads", june, now=now)[0].value == 1
    assert business.ask("converted_leads", june, now=now)[0].value in (0, None)
    assert business.orders_in(june, now="2026-06-16 00:00") == {0, 1, 2}
    assert business.ask("open_leads", june, now="2026-06-30 00:00")[0].value == 1  # L2; L1 is converted by then


def test_a_future_period_is_no_data(business: Business) -> None:
    business.took_orders("2026-06-01 00:00", "2026-07-02 00:00", known_until="2026-06-15 12:00")
    for kpi in ("revenue", "orders", "aov"):
        (figure,) = business.ask(kpi, month("2026-07"), now="2026-06-15 12:00")
        assert (figure.value, figure.note) == (None, "outside_data")


# --- empty is not zero


def test_before_and_after_the_data_is_no_data_and_inside_it_a_count_of_nothing_is_zero(business: Business) -> None:
    opened = [moment("2026-03-01 09:00"), moment("2026-05-31 09:00")]
    business.has(
        "2026-06-10 00:00",
        orders=[order(n, at) for n, at in enumerate(opened)],
        leads=[{"lead_id": f"L{n}", "created_at": at, "status": "open"} for n, at in enumerate(opened)],
        opportunities=[
            {"opportunity_id": f"D{n}", "created_at": at, "closed_at": at, "outcome": "withdrawn", "amount": 3.0}
            for n, at in enumerate(opened)
        ],
    )  # fmt: skip
    now = "2026-08-15 00:00"

    def said(kpi: str, asked: str) -> tuple[Any, str | None]:
        (figure,) = business.ask(kpi, month(asked), now=now)
        return figure.value, figure.note

    for kpi in ("revenue", "aov", "orders", "new_leads", "win_rate"):
        assert said(kpi, "2026-02") == (None, "outside_data"), kpi  # before the first row
        assert said(kpi, "2026-07") == (None, "outside_data"), kpi  # after the day the data know of
    assert said("revenue", "2026-04") == (None, "no_rows")
    assert said("aov", "2026-04") == (None, "no_rows")
    assert said("orders", "2026-04") == (0, None)
    assert said("new_leads", "2026-04") == (0, None)
    assert said("new_leads", "2026-06") == (0, None)  # the data reach into June
    assert said("win_rate", "2026-03") == (None, "no_rows")  # closed, but neither won nor lost
    trend = business.ask("orders", Period(date(2026, 2, 1), date(2026, 8, 1)), now=now, grain=Grain.MONTH)
    assert [figure.value for figure in trend] == [None, 1, 0, 1, 0, None]


def test_a_group_without_rows_is_no_data_beside_what_it_had_before(business: Business) -> None:
    business.has(
        orders=[order(0, moment("2026-03-05 00:00"), channel_id="C1"), order(1, moment("2026-03-06 00:00"), channel_id="C2"),
                order(2, moment("2026-04-05 00:00"), channel_id="C2")],
        channels=[{"channel_id": "C1", "name": "Search"}, {"channel_id": "C2", "name": "展会"}, {"channel_id": "C3", "name": "Never"}],
    )  # fmt: skip

    def by_channel(kpi: str, **asked: Any) -> dict[str | None, tuple[Any, Any]]:
        figures = business.ask(kpi, month("2026-04"), dimensions=("channel",), comparison=PREVIOUS, **asked)
        return {
            figure.where["channel"]: (figure.value, figure.compared and figure.compared.value) for figure in figures
        }

    assert by_channel("revenue") == {"展会": (4, 2), "Search": (None, 1)}
    assert by_channel("orders") == {"展会": (1, 1), "Search": (0, 1)}
    (figure,) = business.ask("revenue", month("2026-04"), filters=(Filter("channel", "in", ("Search",)),))
    assert (figure.value, figure.note) == (None, "no_rows")
    (figure,) = business.ask("orders", month("2026-04"), filters=(Filter("channel", "in", ("Search",)),))
    assert (figure.value, figure.note) == (0, None)


def test_no_data_to_compare_with_gives_no_change(business: Business) -> None:
    business.took_orders("2026-03-05 00:00", "2026-05-05 00:00")
    (figure,) = business.ask("revenue", month("2026-03"), comparison=LAST_YEAR)
    assert figure.compared is not None
    assert (figure.value, figure.compared.value, figure.compared.change) == (1, None, None)
    (figure,) = business.ask("orders", month("2026-03"), comparison=PREVIOUS)
    assert figure.compared is not None
    assert (figure.value, figure.compared.value, figure.compared.change) == (1, None, None)
    (figure,) = business.ask("orders", month("2026-05"), comparison=PREVIOUS)
    assert figure.compared is not None
    assert (figure.value, figure.compared.value, figure.compared.change) == (1, 0, 1)


def test_units_that_are_not_over_are_compared_up_to_today(business: Business) -> None:
    business.took_orders(
        "2026-07-01 00:00", "2026-08-19 23:59", "2026-08-20 00:00", "2026-10-01 00:00", "2026-11-19 08:00"
    )
    both = units(date(2026, 10, 1), Grain.MONTH, 2)
    found = business.orders_compared(both, PREVIOUS, now="2026-11-19 12:00")
    assert found == ("2026-08-01..2026-09-19", {1, 2})
