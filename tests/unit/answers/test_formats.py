"""Figures as people and programs read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analytics.organisation import Company
from analytics.vocabulary import Compared, Figure, Period, Unit
from assistant.formats import figure, json_figure
from assistant.question import Language

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "October")
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1), "September")


def written(value: float | int | str, unit: Unit, decimals: int | None, language: Language = Language.EN) -> str:
    number = Decimal(value) if isinstance(value, str) else value
    return figure(Figure("x", number, unit, decimals=decimals), language, Company(currency="CNY"))


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (0.247, Unit.SHARE, 1, "24.7%"),
        (0.247, Unit.SHARE, None, "25%"),
        (0.004, Unit.SHARE, None, "0.4%"),
        (-0.0004, Unit.SHARE, 1, "0.0%"),
        (3.9, Unit.RATIO, 1, "3.9"),
        (3.9, Unit.RATIO, None, "3.90"),
        (34.0, Unit.DAYS, 1, "34.0"),
        (34.0, Unit.DAYS, None, "34"),
        (1234.0, Unit.MINUTES, 0, "1,234"),
        (5.26, Unit.HOURS, 1, "5.3"),
        (0.021, Unit.POINTS, None, "2.1 points"),
        (-0.021, Unit.POINTS, 1, "2.1 points"),
        (0.01, Unit.POINTS, 0, "1 point"),
        ("4123456.78", Unit.MONEY, None, "¥4,123,457"),
        ("86.5", Unit.MONEY, None, "¥86.50"),
        ("186.5", Unit.MONEY, None, "¥186"),
        ("186.5", Unit.MONEY, 2, "¥186.50"),
        ("12345.67", Unit.MONEY, 2, "¥12,346"),
        ("-310000", Unit.MONEY, None, "-¥310,000"),
    ],
)
def test_a_figure_is_rounded_to_what_is_worth_reading(
    value: float | str, unit: Unit, decimals: int | None, text: str
) -> None:
    assert written(value, unit, decimals) == text


def test_points_and_large_money_in_chinese() -> None:
    assert written(-0.021, Unit.POINTS, 1, Language.ZH_HANS) == "2.1个百分点"
    assert written("123456.78", Unit.MONEY, 2, Language.ZH_HANS) == "¥12.3万"
    assert written("-310000", Unit.MONEY, None, Language.ZH_HANS) == "-¥31万"


def test_chinese_money_below_a_hundred_thousand_keeps_its_digits() -> None:
    assert written("12345.67", Unit.MONEY, 2, Language.ZH_HANS) == "¥12,346"
    assert written("99999", Unit.MONEY, None, Language.ZH_HANS) == "¥99,999"
    assert written("50000", Unit.MONEY, None, Language.ZH_HANS) == "¥5万"


def test_chinese_money_below_ten_thousand_keeps_its_cents() -> None:
    assert written("186.5", Unit.MONEY, 2, Language.ZH_HANS) == "¥186.50"


def test_the_machine_readable_figure_tells_what_it_is_held_against() -> None:
    compared = Compared("previous", Decimal("4.20"), Decimal("-0.29"), SEPTEMBER)
    found = json_figure(
        Figure(
            "marketing_roi",
            Decimal("3.91"),
            Unit.RATIO,
            OCTOBER,
            where={"channel": "Search"},
            rows=1234,
            compared=compared,
            target=Decimal("4.5"),
            share=0.3,
            note="partly_covered",
        )
    )
    assert found == {
        "kpi": "marketing_roi",
        "value": 3.91,
        "unit": "ratio",
        "period": {"start": "2026-10-01", "end": "2026-11-01", "label": "October"},
        "where": {"channel": "Search"},
        "compared_with": {
            "kind": "previous",
            "value": 4.2,
            "change": -0.29,
            "period": {"start": "2026-09-01", "end": "2026-10-01", "label": "September"},
        },
        "target": 4.5,
        "share": 0.3,
        "note": "partly_covered",
        "rows": 1234,
    }


def test_an_unknown_figure_is_null_and_not_zero() -> None:
    found = json_figure(Figure("revenue", None, Unit.MONEY, note="no_rows", compared=Compared("previous", None, None)))
    assert (found["value"], found["note"]) == (None, "no_rows")
    assert found["compared_with"] == {"kind": "previous", "value": None, "change": None, "period": None}
