"""How far the data can be trusted: what the quality checks found."""

from analytics.quality.latest import LEAST_ACCURACY, Quality, latest_quality

__all__ = ["LEAST_ACCURACY", "Quality", "latest_quality"]
