"""Which members of a dimension have unusual values, although many are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.insights.unusual.found import Unusual
from analytics.insights.unusual.history import why_not
from analytics.insights.unusual.values import judged_all
from analytics.semantic import Filter, Semantics
from analytics.vocabulary import Period

FALSE_SHARE = 0.02  # of what is called unusual, on average over many calls
_EFFICIENCY = 0.37  # a spread by medians is as sure as a standard deviation of so much fewer errors
_TAIL = 15.0  # degrees of freedom of the scores, at most: their tails stay heavy however long the past


def unusual_segments(
    semantics: Semantics, kpis: Sequence[str], period: Period, dimension: str, *, filters: Sequence[Filter] = ()
) -> tuple[Unusual, ...]:
    """The members of a dimension whose value of a KPI is unusual, the worst first: bad ones before good ones.

    All members and KPIs looked at are one family, of whose discoveries few may be false (Benjamini & Hochberg, 1995):
    the more there are, the farther off one has to be. Rows of no member are no member.
    """
    import numpy as np

    from analytics.insights.unusual.scale import discoveries, two_sided

    fitting = [kpi for kpi in kpis if why_not(semantics, kpi, period, filters, dimension) is None]
    found = judged_all(semantics, fitting, period, filters, dimension)
    judged = [(one, errors) for one, errors in found if one.score is not None and one.keys[dimension] is not None]
    if not judged:
        return ()
    scores = np.array([one.score for one, _ in judged], dtype=np.float64)
    freedom = np.array([min(errors * _EFFICIENCY, _TAIL) for _, errors in judged], dtype=np.float64)
    called = discoveries(two_sided(scores, freedom), FALSE_SHARE)
    unusual = [replace(one, is_unusual=True) for (one, _), real in zip(judged, called, strict=True) if real]
    return tuple(sorted(unusual, key=lambda one: (one.good is True, -abs(one.score or 0.0), one.kpi)))
