"""One KPI's change split by the members of one dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose, sqrt

from analytics.insights.drivers.chance import Noise, beyond, noise_of_quotient, noise_of_sum, spread_of, spread_of_rates
from analytics.insights.drivers.effects import Counted, Effects, Member, of_quotient, of_sum
from analytics.insights.drivers.quotient import Cells, Quotient, amount, rows_behind, rows_of, uneven
from analytics.insights.drivers.story import Move, Story, deviations, story_of
from analytics.semantic.grid import Key

Groups = Mapping[Key, Cells]
MANY = 12
"""Members that tell by themselves how far their dimension's members stray."""


@dataclass(frozen=True)
class Terms:
    """How a KPI is counted: a sum, a sum with its volume (orders under revenue, else its rows), or a quotient.

    `counts`: the sum counts rows, or the quotient cases of yes or no.
    """

    numerator: Mapping[str, float]
    divisor: Mapping[str, float] | None
    is_quotient: bool
    counts: bool

    @classmethod
    def of(cls, quotient: Quotient, *, counted: bool, share: bool, volume: Mapping[str, float] | None = None) -> Terms:
        """The terms of a KPI; `volume` is what a sum's product has beside its rate."""
        if quotient.denominator is None:
            rows = rows_of(quotient.numerator) if not counted and volume is None else None
            return cls(quotient.numerator, volume or rows, False, counted)
        return cls(quotient.numerator, quotient.denominator, True, quotient.counts and share)

    def counted(self, cells: Cells) -> Counted:
        """One group in one period."""
        divisor = None if self.divisor is None else amount(self.divisor, cells)
        cases = 0 if self.divisor is None else rows_behind(self.divisor, cells)
        numerator = self.numerator
        return Counted(
            amount(numerator, cells), divisor, rows_behind(numerator, cells), cases, uneven(numerator, cells)
        )


@dataclass(frozen=True)
class Split:
    """A change by the members of `dimension`: for each its effects, and what chance alone would do."""

    dimension: str
    members: tuple[Member, ...]
    effects: tuple[Effects, ...]
    moves: tuple[Move, ...]
    of_rates: tuple[Move, ...]
    whole: Member
    is_quotient: bool
    disjoint: bool = True

    def contribution(self, place: int) -> float:
        """What a member adds to the change."""
        return self.moves[place].contribution

    def effects_in(self, whole: Member, place: int) -> Effects:
        """The effects of a member as a part of a whole beyond this split."""
        member = self.members[place]
        return of_quotient(member, whole, disjoint=self.disjoint) if self.is_quotient else of_sum(member)

    def story(self, change: float) -> Story:
        """Who moved other than the rest, beyond what chance does among so many members.

        Amounts are looked at twice: at all a member adds, and at what its rate adds, which chance moves less. Other
        dimensions that are searched are not counted: they show the same rows again.
        """
        looks = [moves for moves in (self.moves, self.of_rates) if moves]
        cost = beyond(len(looks) * len(self.members)) ** 2
        found = [story_of(moves, change, cost) for moves in looks]
        along = [story for story in found if story.named and self.contribution(story.named[0]) * change > 0]
        return max(along, key=lambda story: story.score, default=Story(0.0, ()))

    def beyond_chance(self) -> set[int]:
        """The members whose contribution is beyond what chance does to so many."""
        bound = beyond(len(self.members))
        return {n for n, move in enumerate(self.moves) if abs(move.contribution) > bound * move.noise}


def whole_of(terms: Terms, before: Cells, after: Cells) -> Member:
    """All members together."""
    return Member(None, terms.counted(before), terms.counted(after))


def split_by(dimension: str, terms: Terms, whole: Member, before: Groups, after: Groups) -> Split | None:
    """The split; None where the members do not add up to the whole (they overlap), or nothing divides the whole."""
    keys = dict.fromkeys((*after, *before))
    members = tuple(
        Member(key[0], terms.counted(before.get(key, {})), terms.counted(after.get(key, {}))) for key in keys
    )
    if not all(_adds_up([at.amount for at in ats], total.amount) for ats, total in _both(members, whole)):
        return None
    if terms.is_quotient and not (whole.before.divisor and whole.after.divisor):
        return None
    if not terms.is_quotient:
        effects = tuple(of_sum(member) for member in members)
        noises = [noise_of_sum(member, counts=terms.counts) for member in members]
        weights = [(abs(member.after.amount) + abs(member.before.amount)) / 2 for member in members]
        return Split(dimension, members, effects, *_moves(effects, weights, noises, yes_or_no=False), whole, False)
    disjoint = all(
        _adds_up([at.divisor or 0 for at in ats], total.divisor or 0) for ats, total in _both(members, whole)
    )
    yes_or_no = terms.counts and all(0 <= at.amount <= (at.divisor or 0) for m in members for at in (m.before, m.after))
    effects = tuple(of_quotient(member, whole, disjoint=disjoint) for member in members)
    noises = [noise_of_quotient(member, whole, yes_or_no=yes_or_no, disjoint=disjoint) for member in members]
    weights = [_weight(member, whole, yes_or_no=yes_or_no) for member in members]
    moves = _moves(effects, weights, noises, yes_or_no=yes_or_no)
    return Split(dimension, members, effects, *moves, whole, True, disjoint)


def _moves(
    effects: Sequence[Effects], weights: Sequence[float], noises: Sequence[Noise], *, yes_or_no: bool
) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    """All that each member adds, and of amounts what its rate adds, with the noise that the members show."""
    spread = spread_of_rates(noises, yes_or_no=yes_or_no)
    each = tuple(zip(effects, weights, noises, strict=True))
    whole = tuple(Move(sum(effect.values()), weight, noise.scaled(spread)) for effect, weight, noise in each)
    rates = (Move(effect.get("rate", 0.0), weight, sqrt(spread) * noise.rate) for effect, weight, noise in each)
    return whole, () if yes_or_no or not any(noise.rate for noise in noises) else tuple(rates)


def widened(splits: Sequence[Split]) -> list[Split]:
    """With the noise that members show beyond what chance must do: where there are many those of the dimension itself
    (campaigns come and go), else those of all together."""
    own = {split.dimension: deviations(split.moves) for split in splits}
    few = spread_of([z for split in splits if len(split.members) < MANY for z in own[split.dimension]])
    found = []
    for split in splits:
        factor = sqrt(few if len(split.members) < MANY else spread_of(own[split.dimension]))
        moves, of_rates = (
            tuple(replace(move, noise=move.noise * factor) for move in lens) for lens in (split.moves, split.of_rates)
        )
        found.append(replace(split, moves=moves, of_rates=of_rates))
    return found


def _both(members: tuple[Member, ...], whole: Member) -> tuple[tuple[list[Counted], Counted], ...]:
    return ([member.before for member in members], whole.before), ([member.after for member in members], whole.after)


def _adds_up(parts: list[float], whole: float) -> bool:
    return isclose(sum(parts), whole, rel_tol=1e-10, abs_tol=1e-10 * max(1.0, sum(map(abs, parts))))


def _weight(member: Member, whole: Member, *, yes_or_no: bool) -> float:
    """What a member adds where all move alike: shares move by points, amounts per case by percent."""
    pairs = ((member.before, whole.before), (member.after, whole.after))
    moved = [(at.divisor or 0) if yes_or_no else abs(at.amount) for at, _ in pairs]
    return sum(part / total.divisor for part, (_, total) in zip(moved, pairs, strict=True) if total.divisor) / 2
