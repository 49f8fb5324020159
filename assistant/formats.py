"""Figures, dates and moments as people read them, through Babel."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from analytics.organisation import Company
from analytics.vocabulary import Figure, Period, Unit
from assistant.question import Language


@cache
def locale_of(language: Language) -> Locale:
    """Babel parses a locale's name at every call; a Locale it takes as it is."""
    from babel import Locale

    return Locale.parse("en_GB" if language is Language.EN else "zh_CN")


@cache
def _symbol(currency: str, language: Language) -> tuple[str, str]:
    """How Babel writes a currency here, and how its own country does where that is shorter."""
    from babel.numbers import get_currency_symbol

    written = str(get_currency_symbol(currency, locale_of(language)))
    return written, str(get_currency_symbol(currency, locale_of(Language.ZH_HANS))) if currency == "CNY" else written


if TYPE_CHECKING:
    from babel import Locale

_LARGE = 10_000  # from here on cents tell nothing
_IN_MYRIADS = 100_000  # from here on Chinese counts in 万; below it only where that loses no digit
_DAYS = {True: "MMMEd", False: "yMMMEd"}


def figure(value: Figure, language: Language, company: Company) -> str:
    """A figure with its unit, to the decimals it names; without any, shares to whole percents and ratios to two.

    Points are written without their sign, which the words around them tell; hours, minutes and days without their unit.
    """
    if value.value is None:
        return "—"
    number = Decimal(str(value.value))
    if value.unit is Unit.MONEY:
        return money(number, company.currency, language, value.decimals)
    if value.unit is Unit.POINTS:
        return _points(number, language, value.decimals)
    if value.unit is Unit.SHARE:
        usual = 1 if 0 < abs(number) < Decimal("0.01") else 0
        return _percent(number, usual if value.decimals is None else value.decimals, language)
    if value.decimals is not None:
        return _decimal(number, value.decimals, language)
    if value.unit in (Unit.RATIO, Unit.SCORE):
        return _decimal(number, 2, language)
    return _decimal(number, 0 if number == number.to_integral_value() else None, language)


def money(amount: Decimal, currency: str, language: Language, decimals: int | None = None) -> str:
    """Money: cents only below 100, or where `decimals` asks for them below 10,000; Chinese counts in 万 from 10万 on.

    Chinese counts in 万 from 10万 on, and below it where no digit is lost.
    """
    from babel.numbers import format_compact_currency, format_currency

    locale = locale_of(language)
    large = abs(amount) >= _LARGE
    in_myriads = abs(amount) >= _IN_MYRIADS or (large and amount % (_LARGE // 10) == 0)
    if language is not Language.EN and in_myriads:
        written = str(format_compact_currency(amount, currency, locale=locale, fraction_digits=1)).replace(".0", "")
    else:
        usual = 2 if abs(amount) < 100 and amount != amount.to_integral_value() else 0
        places = usual if decimals is None else 0 if large else decimals
        pattern = f"¤{_pattern(places)}"
        written = str(format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False))
    return _unsigned_zero(written.replace(*_symbol(currency, language)))


def currency_symbol(currency: str, language: Language) -> str:
    """The sign that `money` writes before an amount."""
    return _symbol(currency, language)[1]


def _points(difference: Decimal, language: Language, decimals: int | None) -> str:
    number = _decimal(abs(difference) * 100, 1 if decimals is None else decimals, language)
    if language is not Language.EN:
        return f"{number}个百分点"
    return f"{number} point" if number == "1" else f"{number} points"


def _percent(share: Decimal, places: int, language: Language) -> str:
    from babel.numbers import format_percent

    return _unsigned_zero(str(format_percent(share, format=f"{_pattern(places)}%", locale=locale_of(language))))


def _decimal(number: Decimal, places: int | None, language: Language) -> str:
    """With exactly so many decimals; None: one where it is not zero."""
    from babel.numbers import format_decimal

    pattern = "#,##0.#" if places is None else _pattern(places)
    return _unsigned_zero(str(format_decimal(number, format=pattern, locale=locale_of(language))))


def _pattern(places: int) -> str:
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _unsigned_zero(written: str) -> str:
    """What rounds to zero has no sign."""
    return written if any(digit in written for digit in "123456789") else written.replace("-", "")


def day(value: date, language: Language, *, today: date) -> str:
    """A date with its weekday; the year only where it is not this one."""
    from babel.dates import format_skeleton

    locale = locale_of(language)
    return str(
        format_skeleton(_DAYS[value.year == today.year], datetime(value.year, value.month, value.day), locale=locale)
    )


def moment(value: datetime, language: Language, timezone: str, *, today: date) -> str:
    """A local day and time."""
    local = value.astimezone(ZoneInfo(timezone))
    return f"{day(local.date(), language, today=today)} {local:%H:%M}"


def json_figure(value: Figure) -> dict[str, Any]:
    """A figure as the machine-readable answer prints it."""
    compared = value.compared
    return {
        "kpi": value.name,
        "value": _json_number(value.value),
        "unit": str(value.unit),
        "period": _json_period(value.period),
        "where": dict(value.where),
        "compared_with": None
        if compared is None
        else {
            "kind": compared.kind,
            "value": _json_number(compared.value),
            "change": _json_number(compared.change),
            "period": _json_period(compared.period),
        },
        "target": _json_number(value.target),
        "share": value.share,
        "note": value.note,
        "rows": value.rows,
    }


def _json_number(number: Decimal | float | int | None) -> float | int | None:
    return float(number) if isinstance(number, Decimal) else number


def _json_period(period: Period | None) -> dict[str, str] | None:
    if period is None:
        return None
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": period.label}
