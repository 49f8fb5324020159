"""One cell's text -> a number, a date, a moment, a yes or no. None means it cannot be read."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE)
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_AROUND_A_NUMBER = re.compile(r"^(?:[$€£¥]|US\$|USD|EUR|GBP|CNY|RMB)\s*|\s*(?:[$€£¥元]|USD|EUR|GBP|CNY|RMB)$")
_COMMA_AND_POINT = str.maketrans(",.", ".,")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_YES = frozenset({"yes", "y", "true", "t", "1", "是", "对"})
_NO = frozenset({"no", "n", "false", "f", "0", "否", "不"})
GREATEST_AMOUNT = 1e15
GREATEST_WHOLE = 2**31 - 1
YEARS = range(1900, 2101)


def number(cell: str, decimal_comma: bool = False) -> float | None:
    """`1,234.50`, `¥1,234`, `-3e2`, `１２`; no percentages, since 12% might mean 12 or 0.12."""
    text = _AROUND_A_NUMBER.sub("", unicodedata.normalize("NFKC", cell).strip()).replace(" ", "")
    if decimal_comma:
        text = text.translate(_COMMA_AND_POINT)
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def amount(cell: str, decimal_comma: bool = False) -> float | None:
    """A number that fits the warehouse's money columns."""
    value = number(cell, decimal_comma)
    return None if value is None or abs(value) >= GREATEST_AMOUNT else value


def whole(cell: str, decimal_comma: bool = False) -> int | None:
    """A whole number that fits a 32-bit column; `12.0` is one."""
    value = number(cell, decimal_comma)
    return int(value) if value is not None and value.is_integer() and abs(value) <= GREATEST_WHOLE else None


def yes_no(cell: str) -> bool | None:
    """Yes and no as exports say them, in English and Chinese."""
    plain = unicodedata.normalize("NFKC", cell).strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def moment(cell: str, zone: ZoneInfo, formats: tuple[str, ...] = ()) -> datetime | None:
    """A moment in UTC; one without a zone is in `zone`, a date alone its midnight there."""
    found = _local(cell, formats)
    if found is None or found.year not in YEARS:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def day(cell: str, formats: tuple[str, ...] = ()) -> datetime | None:
    """Midnight, without a zone, of the day the cell names; a time of day beside it is left out."""
    found = _local(cell, formats)
    return None if found is None or found.year not in YEARS else datetime.combine(found.date(), time.min)


def _local(cell: str, formats: tuple[str, ...]) -> datetime | None:
    text = unicodedata.normalize("NFKC", cell).strip()
    leading = _DAY.match(text)
    if leading:
        year, month, of_month = leading.groups()
        text = f"{year}-{month:0>2}-{of_month:0>2}{text[leading.end() :]}"
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    for layout in formats:
        try:
            return datetime.strptime(text, layout)
        except ValueError:
            continue
    return None
