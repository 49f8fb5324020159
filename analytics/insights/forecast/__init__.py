"""Where a KPI is heading: its expected total with an interval, how forecasts did so far, and the pace to target."""

from analytics.insights.forecast.expected import (
    NOMINAL,
    Backtest,
    CannotForecast,
    Expected,
    Method,
    Outlook,
    Pace,
    State,
)
from analytics.insights.forecast.issue import ISSUED, Issued, issue_forecasts, issue_history, issue_if_due
from analytics.insights.forecast.members import Member, Members, members_of
from analytics.insights.forecast.outlook import outlook

__all__ = [
    "ISSUED", "NOMINAL", "Backtest", "CannotForecast", "Expected", "Issued", "Member", "Members", "Method", "Outlook",
    "Pace", "State", "issue_forecasts", "issue_history", "issue_if_due", "members_of", "outlook",
]  # fmt: skip
