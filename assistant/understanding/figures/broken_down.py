"""By what the figures are broken down: "by region and month", 各团队, 按渠道, "which teams"."""

from __future__ import annotations

from analytics.vocabulary import Grain
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked, new

# What may stand inside "by region, and by the month".
AND = frozenset({"and", "the", "our", "&", "和", "与", "跟", "及", "以及", "个", "and the", "plus", "as well as"})
_IS = frozenset({"为", "是", "is", "the", "named", "called"})
# What may stand between a value and the name of its dimension: 软件这条产品线.
_THIS = frozenset({"这个", "这条", "那个", "那条", "这一", "这块", "这类", "这种", "这款", "这家", "的"})
UNITS = {f"unit_{grain.value}": grain for grain in Grain}
_GRAINS = {f"grain_{grain.value}": grain for grain in Grain}


def listed_breakdowns(asked: Asked, context: Context) -> Asked:
    """Dimensions and units of time after a word that breaks down; "monthly" stands alone."""
    listing, opened = False, -1
    for place, piece in enumerate(asked.pieces):
        if place in asked.read:
            listing = False
        elif piece.is_a(*_GRAINS) and asked.grain is None:
            asked, listing = asked.having_read([place], grain=one_of(_GRAINS, piece.concepts)), True
        elif piece.is_a("by", "which"):
            listing, opened = True, place
        elif listing and piece.meant("dim") and value_beside(asked, place, 1) is None:
            name = piece.meant("dim")[0]
            twice = [at for at in (opened - 1,) if at >= 0 and asked.pieces[at].meant("dim")[:1] == (name,)]
            asked = asked.having_read([*twice, place, opened], dimensions=new([*asked.dimensions, name]))
        elif listing and piece.is_a(*UNITS) and asked.grain is None:
            asked = asked.having_read([place, opened], grain=one_of(UNITS, piece.concepts))
        elif piece.phrase not in AND:
            listing = False
    return asked


def bare_dimensions(asked: Asked, context: Context) -> Asked:
    """Dimensions without such a word: "channel ROI", 团队排名.

    A team alone is the asker's own; the customers of "small customers" and the business of 公司业务 are no breakdown.
    """
    for place in asked.of_kind("dim"):
        name, phrase = asked.pieces[place].meant("dim")[0], asked.pieces[place].phrase
        of_the_business = phrase == "业务" and place > 0 and asked.pieces[place - 1].is_a("company")
        if of_the_business or (name == "customer" and place and asked.pieces[place - 1].meant("value")):
            asked = asked.having_read([place])
        elif name == "team" and not phrase.endswith("s") and asked.edge is None and not asked.share:
            asked = asked.having_read([place], whose=(*asked.whose, ("my_team",)))
        else:
            asked = asked.having_read([place], dimensions=new([*asked.dimensions, name]))
    return asked


def value_beside(asked: Asked, place: int, step: int) -> int | None:
    """The value of a dimension that stands next to its name, if one does: "channel Search", 渠道为搜索, 华东区域."""
    beside = place + step
    while step > 0 and beside < len(asked.pieces) and asked.pieces[beside].phrase in _IS:
        beside += 1
    while step < 0 < beside and asked.pieces[beside].phrase in _THIS:
        beside -= 1
    if not 0 <= beside < len(asked.pieces):
        return None
    names = asked.pieces[place].meant("dim")
    fits = any(value.partition(":")[0] in names for value in asked.pieces[beside].meant("value"))
    return beside if fits else None


def one_of(grains: dict[str, Grain], concepts: tuple[str, ...]) -> Grain:
    """The unit of time that a piece names."""
    return next(grains[concept] for concept in concepts if concept in grains)
