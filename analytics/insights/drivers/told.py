"""A split as drivers: the members beyond chance, the leading one as narrow as it can be told, and the rest in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from analytics.insights.drivers.driver import UNEXPLAINED, Driver, in_order
from analytics.insights.drivers.effects import Effects
from analytics.insights.drivers.question import Question
from analytics.insights.drivers.split import Split, split_by
from analytics.insights.drivers.story import Story
from analytics.semantic import Filter

AS_MUCH = 0.85
"""Of the leading member's contribution, what a member inside it must hold to be told in its place."""
NARROW = 0.9
"""Of the leading member's rows, those such a member has at most."""
LEAST_SHARE = 0.05
"""Of the change: members that add less are summed with the rest, chance or not."""


def drivers_of(
    question: Question, split: Split, story: Story, narrower: Narrower | None, *, significant: bool
) -> tuple[tuple[Driver, ...], tuple[Driver, ...]]:
    """The members beyond chance that matter, one driver an effect, and the sum of all others; then each of these."""
    bound = LEAST_SHARE * abs(question.change)
    beyond_chance = split.beyond_chance() if significant else set()
    told = {*story.named, *(n for n in beyond_chance if abs(split.contribution(n)) >= bound)}
    names = question.semantics.names_of(split.dimension, (member.key for member in split.members))
    found = []
    beside = 0.0
    for place in told:
        if narrower is not None and place == story.named[0]:
            effects, whole = narrower.effects, narrower.driver
            beside = split.contribution(place) - whole.contribution
        else:
            effects, whole = split.effects[place], driver_of(split, place, names)
        found += [replace(whole, effect=effect, contribution=value) for effect, value in effects.items() if value]
    rest = [n for n in range(len(split.members)) if n not in told]
    if rest or beside:
        found.append(_unexplained(split, rest, beside))
    return in_order(found), in_order([driver_of(split, n, names) for n in rest])


@dataclass(frozen=True)
class Narrower:
    """The one member of another dimension that holds the leading member's contribution, inside that member."""

    driver: Driver
    effects: Effects

    @property
    def keys(self) -> Mapping[str, str | None]:
        """The members it is narrowed to."""
        return self.driver.keys


def narrower_of(question: Question, best: Split, story: Story, splits: Sequence[Split]) -> Narrower | None:
    """Where the leading member's contribution is nearly all that of one member of another dimension inside it.

    A campaign that stopped says more than its channel, a product more than its category. Of several the one with the
    fewest rows.
    """
    place = story.named[0]
    leader, wanted = best.members[place], best.contribution(place)
    found = []
    for other in splits:
        likely = [
            n
            for n, member in enumerate(other.members)
            if member.rows <= NARROW * leader.rows and other.contribution(n) / wanted >= AS_MUCH
        ]
        if other is not best and leader.key is not None and likely:
            inside = _inside_of(question, best, place, other.dimension)
            found += [narrow for narrow in inside if narrow.driver.contribution / wanted >= AS_MUCH]
    return min(found, key=lambda narrow: narrow.driver.rows, default=None)


def _inside_of(question: Question, best: Split, leading: int, dimension: str) -> list[Narrower]:
    """The members of another dimension within the leading one, as parts of the whole."""
    leader = best.members[leading]
    assert question.terms is not None
    assert leader.key is not None
    only = Filter(best.dimension, "in", (leader.key,))
    inside = replace(question, query=replace(question.query, filters=(*question.query.filters, only)))
    split = split_by(dimension, question.terms, leader, *inside.cells((question.kpi.id,), dimension))
    if split is None:
        return []
    outer = replace(split, whole=best.whole)
    names = question.semantics.names_of(dimension, (member.key for member in split.members))
    own = question.semantics.names_of(best.dimension, (leader.key,))
    found = []
    for place in range(len(split.members)):
        effects = split.effects_in(best.whole, place)
        inner = driver_of(outer, place, names)
        found.append(
            Narrower(
                replace(
                    inner,
                    contribution=sum(effects.values()),
                    noise=best.moves[leading].noise,
                    where={best.dimension: own[leader.key], **inner.where},
                    keys={best.dimension: leader.key, **inner.keys},
                ),
                effects,
            )
        )
    return found


def driver_of(split: Split, place: int, names: Mapping[str | None, str | None]) -> Driver:
    """A member with all it contributes."""
    member = split.members[place]
    return Driver(
        name=split.dimension,
        effect="member",
        where={split.dimension: names[member.key]},
        keys={split.dimension: member.key},
        contribution=split.contribution(place),
        before=member.before.rate if split.is_quotient else member.before.amount,
        after=member.after.rate if split.is_quotient else member.after.amount,
        rows=member.rows,
        noise=split.moves[place].noise,
    )


def _unexplained(split: Split, places: Sequence[int], beside: float) -> Driver:
    """All other members, and what of a leading member lies beside the narrower one told in its place."""
    return Driver(
        name=UNEXPLAINED,
        effect="unexplained",
        where={},
        keys={},
        contribution=sum(split.contribution(n) for n in places) + beside,
        before=None,
        after=None,
        rows=sum(split.members[n].rows for n in places),
        noise=sqrt(sum(split.moves[n].noise ** 2 for n in places)),
    )


def leader_of(question: Question, split: Split, story: Story) -> Driver:
    """The member a dimension's story begins with, with all it contributes."""
    place = story.named[0]
    return driver_of(split, place, question.semantics.names_of(split.dimension, (split.members[place].key,)))
