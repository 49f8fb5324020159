"""The KPI summary in numbers: which KPIs, over which days, against what, and in which order."""

from analytics.insights.summary.choice import choose, concern, worst_first
from analytics.insights.summary.measure import Measured, measure
from analytics.insights.summary.periods import period_of
from analytics.insights.summary.process import PROCESS, ProcessPart
from analytics.insights.summary.standing import Standing
from analytics.insights.summary.surprises import surprises, surprising_members, why
from analytics.insights.summary.targets import Wanted, target_over

__all__ = [
    "PROCESS",
    "Measured",
    "ProcessPart",
    "Standing",
    "Wanted",
    "choose",
    "concern",
    "measure",
    "period_of",
    "surprises",
    "surprising_members",
    "target_over",
    "why",
    "worst_first",
]
