"""A member's share in the change of a sum or a quotient, split into effects that add up exactly.

A quotient R = N / D of members with weights w = d / D and rates r = n / d is sum(w r). Its change is

    sum(mean w * change of r)  +  sum((mean r - mean R) * change of w)

the rate and the composition effect of Kitagawa (1955), "Components of a difference between two rates", JASA 50,
eq. 5; the composition is counted from the mean of R, which moves nothing in all, since weights add up to 1, and gives
each member its own share: a gain of weight helps where the member is above the whole. The change of a weight is
split once more, into what the member's own size did (volume) and what the others' sizes did (mix), by the symmetrical
two-factor formula of Das Gupta (1993), "Standardization and Decomposition of Rates", U.S. Bureau of the Census,
P23-186, ch. 2. The same formula splits a sum by member into volume * rate where the KPI is a product (revenue =
orders * average order value).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.insights.drivers.driver import Effect

Effects = Mapping[Effect, float]


@dataclass(frozen=True)
class Counted:
    """What is known of a member in one period: the sum, or the quotient's numerator; what it is divided by, if it is.

    For a sum that is a product, `divisor` is its volume. `rows` stand behind the amount, `cases` behind the divisor.
    `uneven` tells how the amount lies on its rows: their squares over the square of their sum; None where unknown.
    """

    amount: float = 0.0
    divisor: float | None = None
    rows: int = 0
    cases: int = 0
    uneven: float | None = None

    @property
    def rate(self) -> float | None:
        """Amount per divisor; None where there is none."""
        return self.amount / self.divisor if self.divisor else None


@dataclass(frozen=True)
class Member:
    """A member of a dimension in both periods."""

    key: str | None
    before: Counted
    after: Counted

    @property
    def rows(self) -> int:
        """The rows behind both periods."""
        return max(self.before.rows, self.before.cases) + max(self.after.rows, self.after.cases)


def of_sum(member: Member) -> Effects:
    """A member of a sum: volume and rate where it is a product, else all in one."""
    before, after = member.before, member.after
    change = after.amount - before.amount
    rates = _rates(before, after)
    if before.divisor is None or after.divisor is None or rates is None:
        return {"member": change}
    rate = (before.divisor + after.divisor) / 2 * (rates[1] - rates[0])
    return {"volume": change - rate, "rate": rate}


def of_quotient(member: Member, whole: Member, *, disjoint: bool) -> Effects:
    """A member of a quotient, whose divisors add up to the whole's (`disjoint`) or overlap.

    Overlapping ones (orders that hold a product) have no weights that add up to 1; the change of a weight then is
    volume, counted from zero. Where a period has an amount but nothing to divide it by, the member has no rate and
    its share is told in one.
    """
    shares = [_over(at.amount, total) for at, total in _pairs(member, whole)]
    weights = [_over(at.divisor or 0, total) for at, total in _pairs(member, whole)]
    centre = (_rate(whole.before) + _rate(whole.after)) / 2 if disjoint else 0.0
    contribution = shares[1] - shares[0] - centre * (weights[1] - weights[0])
    rates = _rates(member.before, member.after)
    if rates is None:
        return {"member": contribution}
    rate = (weights[0] + weights[1]) / 2 * (rates[1] - rates[0])
    composition = contribution - rate
    if not disjoint:
        return {"rate": rate, "volume": composition}
    moved = weights[1] - weights[0]
    volume = composition * _own(member, whole) / moved if moved else 0.0
    return {"rate": rate, "volume": volume, "mix": composition - volume}


def _pairs(member: Member, whole: Member) -> tuple[tuple[Counted, Counted], tuple[Counted, Counted]]:
    return (member.before, whole.before), (member.after, whole.after)


def _over(value: float, total: Counted) -> float:
    return value / total.divisor if total.divisor else 0.0


def _rate(counted: Counted) -> float:
    return counted.rate or 0.0


def _rates(before: Counted, after: Counted) -> tuple[float, float] | None:
    """Both rates; a member that is not there in one period has the rate it has in the other."""
    known = [counted.rate for counted in (before, after)]
    if any(rate is None and counted.amount for rate, counted in zip(known, (before, after), strict=True)):
        return None
    first, last = known
    first, last = (last if first is None else first), (first if last is None else last)
    return None if first is None or last is None else (first, last)


def _own(member: Member, whole: Member) -> float:
    """What the member's own size did to its weight: the mean over the others' size before and after."""
    sizes = (member.before.divisor or 0, member.after.divisor or 0)
    others = [(total.divisor or 0) - size for total, size in zip((whole.before, whole.after), sizes, strict=True)]
    if any(size + other == 0 for size in sizes for other in others):
        return sizes[1] / (sizes[1] + others[1]) - sizes[0] / (sizes[0] + others[0])
    return sum(sizes[1] / (sizes[1] + other) - sizes[0] / (sizes[0] + other) for other in others) / 2
