"""The KPI summary: "weekly report for the East", 上周周报, "how did my team do last month"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from analytics.vocabulary import Grain
from assistant.plans import Days, KpiQuery, Summary
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.read import stepped
from assistant.understanding.kinds.figures import as_figures, last_full, one_place, owner, surely_asked
from assistant.understanding.kinds.reader import KindReader, candidate
from assistant.understanding.reading import Candidate, Reading

Rhythm = Literal["day", "week", "month", "quarter", "year"]
AsFile = Literal["csv", "pdf", "png"]
_RHYTHMS = {
    "of_day": Grain.DAY,
    "of_week": Grain.WEEK,
    "of_month": Grain.MONTH,
    "of_quarter": Grain.QUARTER,
    "of_year": Grain.YEAR,
}
_RHYTHM_OF = {
    **{grain: grain for grain in _RHYTHMS.values()},
    Grain.HALF: Grain.QUARTER,
    Grain.FISCAL_QUARTER: Grain.QUARTER,
    Grain.FISCAL_HALF: Grain.QUARTER,
    Grain.FISCAL_YEAR: Grain.YEAR,
}
_FORMS = ("bulletin", "diagnosis", "review")
_FILES: Mapping[str, AsFile] = {"as_csv": "csv", "as_pdf": "pdf", "as_png": "png", "exports": "pdf"}


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong = surely_asked(asked)
    if strong is None or not (strong or asked.places("how")):
        return None
    said = next((grain for name, grain in _RHYTHMS.items() if asked.places(name)), None)
    form = next((name for name in _FORMS if asked.places(name)), "summary")
    as_file = next((file for name, file in _FILES.items() if asked.places(name)), None)
    business = bool(asked.places("business"))
    more = [*(["topic"] if strong else []), *(["channel"] if form == "bulletin" else [])]
    asked = stepped(
        asked.having_read(asked.places("asks", "fills", *_RHYTHMS, *_FORMS, *_FILES, "business", *more)), context
    )
    asked = asked.having_read(asked.places("kpi_list", "compared_target", "compared_previous", "change", "now"))
    if asked.kpis or asked.either:  # a report on one KPI is that KPI
        figures = as_figures(asked, reading, context) if strong else None
        return candidate(figures if isinstance(figures, KpiQuery) else None, asked, reading)
    if asked.dimensions or asked.edge or asked.base is not None or len(asked.periods) > 1 or not one_place(asked):
        return None
    if not (strong or business or asked.periods or asked.filters or asked.whose):
        return None
    plan = _summary(asked, said or asked.grain, form, context)
    return candidate(plan.model_copy(update={"as_file": as_file}), asked, reading)


def _summary(asked: Asked, said: Grain | None, form: str, context: Context) -> Summary:
    period = asked.periods[0] if asked.periods else None
    of_period = _RHYTHM_OF.get(period.grain) if period and period.grain else None
    rhythm = _RHYTHM_OF[said] if said else of_period or Grain.WEEK
    open_ = {"period": period is None, "rhythm": not (said or of_period)}
    return Summary(
        rhythm=cast(Rhythm, rhythm.value),
        period=Days.of(period or last_full(rhythm, context)),
        form=cast(Literal["summary", "bulletin", "review", "diagnosis"], form),
        filters=asked.filters,
        whose=owner(asked),
        assumed=tuple(name for name, left in open_.items() if left),
    )


READER = KindReader("summary", _read)
