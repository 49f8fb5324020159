"""Activity-based cost: "cost heat map by channel", 作业成本, 价值图, 提成."""

from __future__ import annotations

from typing import Literal, cast

from analytics.vocabulary import Grain
from assistant.plans import Cost, Days, Narrowed
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.read import stepped
from assistant.understanding.kinds.figures import last_full, one_place, owner, surely_asked
from assistant.understanding.kinds.reader import KindReader, candidate
from assistant.understanding.reading import Candidate, Reading

_VIEWS = ("heat_map", "value_map", "budget")
_BUDGET = ("budget", "budgets", "预算")
_OF_COST = {"sales_cost_total", "ineffective_cost_share", "activities", "calls", "meetings"}


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    strong = surely_asked(asked)
    of_budget = any(asked.pieces[at].phrase in _BUDGET for at in asked.places("asks")) and bool(asked.places("used"))
    if strong is None or not (strong or of_budget or asked.places("work")):
        return None
    view = next((name for name in _VIEWS if asked.places(name)), "budget" if of_budget else "activities")
    commission = asked.places("commission")
    own = asked.places("asks", "commission", *_VIEWS, *(("used",) if of_budget else ()))
    asked = asked.having_read([*own, *_paid_to(asked, commission), *asked.places("fills")])
    asked = stepped(asked, context)
    asked = asked.having_read(asked.places("work", "change"))
    if set(asked.kpis) - _OF_COST or asked.edge or asked.comparison or asked.base or asked.grain or asked.trend:
        return None
    if len(asked.periods) > 1 or not one_place(asked) or (commission and _of_one_person(asked)):
        return None
    said = asked.periods[0] if asked.periods else None
    pools = (Narrowed(name="cost_pool", values=("commission",)),) if commission else ()
    plan = Cost(
        view=cast(Literal["activities", "heat_map", "value_map", "budget"], view) if not commission else "pools",
        period=Days.of(said or last_full(Grain.MONTH, context)),
        dimensions=asked.dimensions[:3],
        filters=(*(given for given in asked.filters if given.name != "cost_pool"), *pools),
        whose=owner(asked),
        assumed=() if said else ("period",),
    )
    return candidate(plan, asked, reading)


def _paid_to(asked: Asked, commission: list[int]) -> list[int]:
    """ "Sales commission", 业务抽成: no breakdown by rep; 各业务的提成 is one."""
    return [at - 1 for at in commission if at - 1 in asked.places("paid_to") and at - 1 not in _broken_down(asked)]


def _broken_down(asked: Asked) -> list[int]:
    return [place + 1 for place in asked.places("by", "which")]


def _of_one_person(asked: Asked) -> bool:
    """What single people earn is not shown: the pool is known by team only."""
    whose = owner(asked) or ""
    return whose == "me" or whose.startswith("rep:") or "rep" in (*asked.dimensions, *(f.name for f in asked.filters))


READER = KindReader("cost", _read)
