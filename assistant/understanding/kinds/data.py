"""Quality, freshness, lineage and duplicates of the data: "how fresh is the data", 营收数据从哪来."""

from __future__ import annotations

from typing import Literal, cast

from assistant.plans import DataQuestion
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, new
from assistant.understanding.figures.named_kpis import named_kpis
from assistant.understanding.figures.shaped import fillers
from assistant.understanding.kinds.figures import surely_asked
from assistant.understanding.kinds.reader import KindReader, candidate
from assistant.understanding.reading import Candidate, Reading

_ABOUT = ("duplicates", "lineage", "freshness")
_TABLES = ("leads", "customers", "opportunities", "orders", "activities", "marketing_spend", "cost_ledger", "tickets")
_OF_TABLES = tuple(f"of_{name}" for name in _TABLES)


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    about = next((name for name in _ABOUT if asked.places(name)), "quality")
    strong = surely_asked(asked)
    if strong is None or not (strong or asked.places("good", *_ABOUT)):
        return None
    tables = [name for name in _TABLES if asked.places(f"of_{name}")]
    of_table = bool(tables) and (about != "lineage" or bool(_named_as_table(asked)))
    named = () if of_table else tuple(kpi for place in asked.of_kind("kpi") for kpi in asked.pieces[place].meant("kpi"))
    asked = asked.having_read(asked.places("asks", "good", "table", "fills", *_ABOUT, *_OF_TABLES))
    asked = fillers(named_kpis(asked, context), context)
    asked = asked.having_read([*asked.places("definition", "mine", "now", "company"), *asked.of_kind("dim")])
    kpis = new(name for name in (*asked.kpis, *named) if name != "data_accuracy")
    if len(tables) > 1 or len(kpis) > 1 or (kpis and about == "duplicates") or asked.either:
        return None
    plan = DataQuestion(
        about=cast(Literal["quality", "freshness", "lineage", "duplicates"], about),
        table=tables[0] if tables and not kpis else None,
        kpi=next(iter(kpis), None),
    )
    return candidate(plan, asked, reading)


def _named_as_table(asked: Asked) -> list[int]:
    """ "The orders table" is the table, "orders" the KPI counted from it."""
    return [at for at in asked.places(*_OF_TABLES) if at + 1 in asked.places("table")]


READER = KindReader("data", _read)
