"""How far a member's share in a change would move by chance alone.

How many rows there are moves like a Poisson count, a share of yes-or-no cases like a binomial one, and an amount like
the sum of so many rows as uneven as they are (a compound Poisson sum: its variance is the sum of the rows' squares).
Where the squares are not known a mean over n rows is first taken to move by 1/sqrt(n) of itself, and how far off that
is for the members of this dimension is read from these members: most of them follow the rest, so the median of their
squared deviations tells the spread to expect (the empirical null of Efron 2004, "Large-scale simultaneous hypothesis
testing", JASA 99). All noise is widened the same way where members come and go by themselves (campaigns do), though
never below what chance must do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, median

from analytics.insights.drivers.effects import Counted, Member

ALPHA = 0.05
_MEDIAN_OF_CHI_SQUARED = 0.4549  # one degree of freedom
_PRIOR = 4
"""The members, or rows, that the model's own spread counts for beside those observed: few tell little."""


@dataclass(frozen=True)
class Noise:
    """Standard deviations of a member's contribution: what its rate may do, and what its size may.

    `moved` is the change of the rate itself and its standard deviation, where that is to be read from the members; both
    relative for amounts.
    """

    rate: float
    size: float
    moved: tuple[float, float] | None = None

    def scaled(self, spread: float) -> float:
        """Both together, the rate's variance times `spread`."""
        return sqrt(spread * self.rate**2 + self.size**2)


def noise_of_sum(member: Member, *, counts: bool) -> Noise:
    """Of a count, in cases; of an amount, its rows' number and their mean."""
    before, after = member.before, member.after
    if counts:
        return Noise(0.0, sqrt(max(abs(before.amount) + abs(after.amount), 1.0)))
    if before.uneven is not None or after.uneven is not None:
        known = [at for at in (before, after) if at.uneven is not None]
        of_mean = sum(at.amount**2 * _unevenness_of_mean(at) for at in known)
        return Noise(sqrt(of_mean), sqrt(sum(at.amount**2 / max(at.rows, 1) for at in known)))
    rows = max(before.rows + after.rows, 1)
    mean = (abs(before.amount) + abs(after.amount)) / rows
    loose = _looseness(before.rows, after.rows)
    if loose is None or not mean:
        return Noise(0.0, mean * sqrt(rows))
    change = after.amount / after.rows - before.amount / before.rows
    return Noise(rows / 2 * mean * loose, mean * sqrt(rows), (change / mean, loose))


def noise_of_quotient(member: Member, whole: Member, *, yes_or_no: bool, disjoint: bool) -> Noise:
    """Of a member's contribution to a quotient's change."""
    pairs = ((member.before, whole.before), (member.after, whole.after))
    weight = sum(_over(at.divisor, total) for at, total in pairs) / 2
    rates = [rate for at, _ in pairs if (rate := at.rate) is not None]
    if not rates:
        size = noise_of_sum(member, counts=False).size
        return Noise(0.0, size / abs(whole.before.divisor or whole.after.divisor or 1.0))
    centre = ((whole.before.rate or 0) + (whole.after.rate or 0)) / 2 if disjoint else 0.0
    cases = sum(1 / max(total.cases, 1) for _, total in pairs)
    size = abs(sum(rates) / len(rates) - centre) * sqrt(max(weight * (1 - weight), 0.0) * cases)
    if len(rates) == 1:
        return Noise(0.0, size)
    moved, loose = _rate_noise(member, yes_or_no=yes_or_no)
    if yes_or_no:
        return Noise(weight * loose, size, (moved, loose))
    known = member.before.uneven is not None and member.after.uneven is not None
    return Noise(weight * loose * abs(sum(rates) / 2), size, None if known else (moved, loose))


def noise_of_whole(whole: Member, *, yes_or_no: bool) -> float:
    """The standard deviation of the change of a quotient as a whole."""
    _, loose = _rate_noise(whole, yes_or_no=yes_or_no)
    return loose if yes_or_no else loose * abs((whole.before.rate or 0) + (whole.after.rate or 0)) / 2


def _rate_noise(member: Member, *, yes_or_no: bool) -> tuple[float, float]:
    """The change of a rate and its standard deviation with the rate of both periods together; of amounts, relative."""
    before, after = member.before, member.after
    first, last = before.rate or 0.0, after.rate or 0.0
    divisors = (before.divisor or 0.0, after.divisor or 0.0)
    if yes_or_no:
        rate = min(max((before.amount + after.amount + 0.5) / (sum(divisors) + 1), 0.0), 1.0)
        return last - first, sqrt(rate * (1 - rate) * sum(1 / size for size in divisors if size > 0))
    mean = abs(first + last) / 2
    loose = sqrt(_unevenness_of_mean(before) + _unevenness_of_mean(after))
    return ((last - first) / mean if mean else 0.0), loose


def _unevenness_of_mean(counted: Counted) -> float:
    """The relative variance of a mean over rows: what the rows' unevenness is beyond that of equal ones.

    A few rows that happen to be alike do not make it small: rows as uneven as their mean count beside them.
    """
    rows = max(counted.rows, 1)
    seen = 1.0 if counted.uneven is None else max(counted.uneven * rows - 1, 0.0)
    return (seen * rows + _PRIOR) / (rows + _PRIOR) / rows


def _looseness(before: int, after: int) -> float | None:
    return sqrt(1 / before + 1 / after) if before > 0 and after > 0 else None


def _over(value: float | None, total: Counted) -> float:
    return value / total.divisor if value and total.divisor else 0.0


# --- what the members tell


def spread_of_rates(noises: Sequence[Noise], *, yes_or_no: bool) -> float:
    """The factor on the rates' variance: never below one for shares of cases."""
    told = [noise.moved for noise in noises if noise.moved is not None and noise.moved[1] > 0]
    if not told:
        return 1.0
    level = _weighted_median([(moved, 1 / loose**2) for moved, loose in told])
    return spread_of([(moved - level) / loose for moved, loose in told], least=1.0 if yes_or_no else 0.0)


def spread_of(deviations: Sequence[float], *, least: float = 1.0) -> float:
    """The variance of deviations that would be standard normal where nothing happened."""
    if not deviations:
        return 1.0
    found = median(deviation**2 for deviation in deviations) / _MEDIAN_OF_CHI_SQUARED
    return max((found * len(deviations) + _PRIOR) / (len(deviations) + _PRIOR), least)


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    total, so_far = sum(weight for _, weight in values), 0.0
    for value, weight in sorted(values):
        so_far += weight
        if so_far >= total / 2:
            return value
    return 0.0


def beyond(members: int) -> float:
    """How many standard deviations are beyond chance when so many members are looked at (Bonferroni)."""
    return NormalDist().inv_cdf(1 - ALPHA / (2 * max(members, 1)))
