"""Figures, dates and moments as people read them, through Babel."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from analytics.organisation import Company
from analytics.vocabulary import Figure, Unit
from assistant.question import Language


@cache
def _locale(language: Language) -> Locale:
    """Babel parses a locale's name at every call; a Locale it takes as it is."""
    from babel import Locale

    return Locale.parse("en_GB" if language is Language.EN else "zh_CN")


@cache
def _symbol(currency: str, language: Language) -> tuple[str, str]:
    """How Babel writes a currency here, and how its own country does where that is shorter."""
    from babel.numbers import get_currency_symbol

    written = str(get_currency_symbol(currency, _locale(language)))
    return written, str(get_currency_symbol(currency, _locale(Language.ZH_HANS))) if currency == "CNY" else written


if TYPE_CHECKING:
    from babel import Locale

_DAYS = {True: "MMMEd", False: "yMMMEd"}


def figure(value: Figure, language: Language, company: Company) -> str:
    """A figure with its unit, rounded for reading: shares to whole percents, large money without cents."""
    from babel.numbers import format_decimal, format_percent

    locale = _locale(language)
    if value.value is None:
        return "—"
    number = Decimal(str(value.value))
    if value.unit is Unit.MONEY:
        return money(number, company.currency, language)
    if value.unit is Unit.SHARE:
        return str(
            format_percent(number, format="#,##0.0%" if 0 < abs(number) < Decimal("0.01") else "#,##0%", locale=locale)
        )
    if value.unit in (Unit.RATIO, Unit.SCORE):
        return str(format_decimal(number, format="#,##0.00", locale=locale))
    return str(
        format_decimal(number, format="#,##0" if number == number.to_integral_value() else "#,##0.#", locale=locale)
    )


def money(amount: Decimal, currency: str, language: Language) -> str:
    """Money: cents only below 100; in Chinese in 万 and 亿 from 10,000 on."""
    from babel.numbers import format_compact_currency, format_currency

    locale = _locale(language)
    if language is not Language.EN and abs(amount) >= 10_000:
        written = str(format_compact_currency(amount, currency, locale=locale, fraction_digits=1)).replace(".0", "")
    else:
        pattern = "¤#,##0.00" if abs(amount) < 100 and amount != amount.to_integral_value() else "¤#,##0"
        written = str(format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False))
    return written.replace(*_symbol(currency, language))


def day(value: date, language: Language, *, today: date) -> str:
    """A date with its weekday; the year only where it is not this one."""
    from babel.dates import format_skeleton

    locale = _locale(language)
    return str(
        format_skeleton(_DAYS[value.year == today.year], datetime(value.year, value.month, value.day), locale=locale)
    )


def moment(value: datetime, language: Language, timezone: str, *, today: date) -> str:
    """A local day and time."""
    local = value.astimezone(ZoneInfo(timezone))
    return f"{day(local.date(), language, today=today)} {local:%H:%M}"


def json_figure(value: Figure) -> dict[str, Any]:
    """A figure as the machine-readable answer prints it."""
    period = value.period
    number = value.value
    return {
        "kpi": value.name,
        "value": float(number) if isinstance(number, Decimal) else number,
        "unit": str(value.unit),
        "period": None
        if period is None
        else {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": period.label},
        "where": dict(value.where),
        "compared_with": None,
        "target": None,
        "rows": value.rows,
    }
