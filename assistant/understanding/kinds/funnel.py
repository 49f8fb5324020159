"""The funnel: "show me the funnel for Search last quarter", 漏斗哪个阶段掉得最多."""

from __future__ import annotations

from dataclasses import replace

from analytics.vocabulary import Grain, Period
from assistant.plans import ComparedWith, Days, Funnel, KpiQuery
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.drafted import comparison_with, joined
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.read import stepped
from assistant.understanding.kinds.figures import last_full, one_place, owner, surely_asked
from assistant.understanding.kinds.reader import KindReader, candidate
from assistant.understanding.reading import Candidate, Reading


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong = surely_asked(asked)
    onwards = _onwards(asked)
    if strong is None or not (strong or onwards or asked.places("stages")):
        return None
    if isinstance(reading.figures.plan, KpiQuery) and not reading.figures.unread:
        return None  # a KPI is named: 客户流失率最高的区域
    asked = stepped(asked.having_read([*asked.places("asks", "fills", "stages"), *onwards]), context)
    asked = replace(asked, dimensions=tuple(name for name in asked.dimensions if name != "stage"))
    if asked.kpis or asked.grain or not one_place(asked) or len(asked.dimensions) > 3:
        return None
    stages = [given for given in asked.filters if given.name == "stage" and given.op == "in"]
    if len(stages) > 1 or any(len(given.values) > 1 for given in stages):
        return None
    said = joined(asked.periods, context) if asked.periods else None
    if asked.periods and said is None:
        return None
    period = said or last_full(Grain.MONTH, context)
    return candidate(
        Funnel(
            period=Days.of(period),
            stage=stages[0].values[0] if stages else None,
            dimensions=asked.dimensions,
            filters=tuple(given for given in asked.filters if given not in stages),
            comparison=_comparison(asked, period),
            whose=owner(asked),
            assumed=() if said else ("period",),
        ),
        asked,
        reading,
    )


def _onwards(asked: Asked) -> list[int]:
    """ "From proposal to negotiation", 方案到谈判: it is about the stage that is left; the next one says no more."""
    stages = [at for at in asked.of_kind("value") if _is_a_stage(asked.pieces[at])]
    if len(stages) != 2:
        return []
    joins = [at for at in range(stages[0] + 1, stages[1]) if asked.pieces[at].is_a("onwards")]
    return [*joins, stages[1]] if joins else []


def _is_a_stage(piece: Piece) -> bool:
    return any(value.startswith("stage:") for value in piece.meant("value"))


def _comparison(asked: Asked, period: Period) -> ComparedWith | None:
    if asked.comparison is not None:
        return ComparedWith(kind=asked.comparison)
    if asked.base is None:
        return None
    kind = comparison_with(asked.base, period)
    return ComparedWith(kind=kind, period=Days.of(asked.base) if kind == "custom" else None)


READER = KindReader("funnel", _read)
