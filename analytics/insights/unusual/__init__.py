"""Which values are unusual: held against what the KPI's own past lets expect, its seasons and holidays included."""

from analytics.insights.unusual.found import Reason, Unusual
from analytics.insights.unusual.segments import unusual_segments
from analytics.insights.unusual.values import unusual_values

__all__ = ["Reason", "Unusual", "unusual_segments", "unusual_values"]
