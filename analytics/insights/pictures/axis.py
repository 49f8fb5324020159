"""A value axis: round steps, and numbers as short as the unit allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from analytics.insights.charts import NumberStyle
from analytics.vocabulary import Unit

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SHORT = {
    "en": ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "K")),
    "zh": ((1e8, 1e8, "亿"), (1e4, 1e4, "万")),
    "zh-Hant": ((1e8, 1e8, "億"), (1e4, 1e4, "萬")),
}  # from which amount on, divided by what, and the word for it
_ZOOM_FROM = 0.7  # a trend whose lowest value is above this share of its highest need not start at zero
_AMOUNTS = (Unit.MONEY, Unit.COUNT)


@dataclass(frozen=True)
class Shortening:
    """How large numbers are shortened: divide by `divisor`, write `prefix` before and `suffix` behind."""

    divisor: float = 1.0
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Axis:
    """Round values from the lowest to the highest, and how each is written."""

    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest tick."""
        return self.ticks[0], self.ticks[-1]


def shortening(values: Sequence[float], unit: Unit, symbol: str, style: NumberStyle) -> Shortening:
    """One way of shortening for all these values: shares as percents, large amounts in K, M, B or 万, 亿."""
    prefix = symbol if unit is Unit.MONEY else ""
    if unit is Unit.SHARE:
        return Shortening(0.01, "", "%")
    largest = max((abs(value) for value in values), default=0.0)
    if unit in _AMOUNTS:
        for least, divisor, suffix in _SHORT[style]:
            if largest >= least:
                return Shortening(divisor, prefix, suffix)
    return Shortening(1.0, prefix, "")


def value_axis(values: Sequence[float], unit: Unit, symbol: str, style: NumberStyle) -> Axis:
    """An axis of about five round values that holds all of `values`; it starts at zero unless all lie far from it."""
    lowest, highest = min(values), max(values)
    if not (0 < _ZOOM_FROM * highest < lowest < highest):
        lowest, highest = min(lowest, 0.0), max(highest, 0.0)
    if lowest == highest:
        highest = lowest + 1.0
    step = _round_step((highest - lowest) / 4, whole=unit is Unit.COUNT)
    first, last = floor(lowest / step + 1e-9), ceil(highest / step - 1e-9)
    ticks = tuple(number * step for number in range(first, last + 1))
    short = shortening(ticks, unit, symbol, style)
    decimals = _decimals(step / short.divisor)
    return Axis(ticks, tuple(_written(tick, short, decimals) for tick in ticks))


def short_values(values: Sequence[float], unit: Unit, style: NumberStyle) -> list[str]:
    """Values as short as the unit allows, to about three digits of the largest; without the sign of a currency."""
    short = shortening(values, unit, "", style)
    largest = max((abs(value) / short.divisor for value in values), default=0.0)
    decimals = 0 if largest >= 10 or all(value % short.divisor == 0 for value in values) else 1
    return [_written(value, short, decimals) for value in values]


def _round_step(least: float, *, whole: bool) -> float:
    """The smallest round step from `least` on."""
    power = 10.0 ** floor(log10(max(least, 1.0) if whole else least))
    steps = (power * factor for factor in _STEPS)
    return next(step for step in steps if step >= least * (1 - 1e-9) and not (whole and step % 1))


def _decimals(step: float) -> int:
    """How many decimals tell neighbouring ticks apart."""
    return next((places for places in range(6) if abs(step - round(step, places)) < 1e-9 * step), 6)


def _written(value: float, short: Shortening, decimals: int) -> str:
    if not value:
        return "0%" if short.suffix == "%" else "0"
    sign = "−" if value < 0 else ""
    return f"{sign}{short.prefix}{abs(value) / short.divisor:,.{decimals}f}{short.suffix}"
