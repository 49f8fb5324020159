"""Words for a time -> periods: one grammar of our own for English and Chinese.

    periods_in("revenue since March", today)         one period: since 2026-03-01
    periods_in("去年三季度的营收", today)               one period: 2025-Q3
    unclear_in("pipeline before May", today)         words for a time that name no days we could count

A rule reads one name of a time (`english_*`, `chinese_*`, `festivals`); `grammar` joins names to ranges, to "since"
and to what is no period, and takes the longest from the left. The text is the normalised one.
"""

from assistant.understanding.periods.found import FoundPeriod, UnclearTime
from assistant.understanding.periods.grammar import periods_in, unclear_in

__all__ = ["FoundPeriod", "UnclearTime", "periods_in", "unclear_in"]
