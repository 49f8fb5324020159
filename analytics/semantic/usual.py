"""What a question that leaves the period open means."""

from __future__ import annotations

from datetime import date

from analytics.semantic.calendar import last, next_start, unit
from analytics.semantic.definition import Kpi
from analytics.vocabulary import Grain, Period


def usual_period(kpi: Kpi, today: date, fiscal_year_start: int = 1) -> Period:
    """The last complete unit of the KPI's rhythm; of a KPI that needs time to ripen, the last one that is ripe."""
    grain = Grain(kpi.rhythm)
    found = last(1, grain, today, fiscal_year_start)
    ripe = kpi.needs_maturity.days if kpi.needs_maturity else 0
    while (today - found.end).days < ripe:
        found = unit(next_start(found.start, grain, -1), grain, fiscal_year_start)
    return found
