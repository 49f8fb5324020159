"""What moved a KPI: a change between two periods split into drivers that add up to it exactly."""

from analytics.insights.drivers.driver import CannotExplain, Driver, Explained
from analytics.insights.drivers.explain import explain_change

__all__ = ["CannotExplain", "Driver", "Explained", "explain_change"]
