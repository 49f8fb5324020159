"""Which dimension tells best where a change comes from.

A dimension tells a story where few of its members moved other than the rest. A story is worth what it explains: by
how much the members' squared deviations from a common movement shrink when these few are set apart. And it costs
naming them: for each as much as chance gives the strongest of all members that were looked at, so that dimensions
with many members do not win by luck (a penalty like the risk inflation criterion of Foster & George 1994), nor those
with few because their members are large. Explanatory power and surprise as the two sides of a driver are those of
Adtributor (Bhagwan et al. 2014, NSDI).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_NAMED = 4


@dataclass(frozen=True)
class Move:
    """A member's `contribution` +- `noise` to the change; had it moved like all others by a common `level`, that would
    be `weight` * level."""

    contribution: float
    weight: float
    noise: float


@dataclass(frozen=True)
class Story:
    """`named` are the members' places, the strongest first; `score` is 0 where nobody stands out."""

    score: float
    named: tuple[int, ...]


def deviations(moves: Sequence[Move]) -> list[float]:
    """Of each member from the weighted median movement of all, in standard deviations."""
    known = [move for move in moves if move.noise > 0 and move.weight > 0]
    level = _median([(move.contribution / move.weight, (move.weight / move.noise) ** 2) for move in known])
    return [(move.contribution - move.weight * level) / move.noise for move in known]


def story_of(moves: Sequence[Move], change: float, cost: float) -> Story:
    """The members that moved other than the rest, in the direction of the change; naming one costs `cost`.

    Those that moved against it are set apart as well, so that they do not pass for what the rest did, but they explain
    nothing.
    """
    apart: set[int] = set()
    while len(apart) < min(MOST_NAMED, len(moves) // 2):
        left = {n: _misfit(moves, apart | {n}) for n in range(len(moves)) if n not in apart}
        best = min(left, key=lambda n: (left[n], -moves[n].contribution * change))
        if _misfit(moves, apart) - left[best] <= cost:
            break
        apart.add(best)
    whole = _misfit(moves, apart)
    gains = {n: _misfit(moves, apart - {n}) - whole - cost for n in apart if moves[n].contribution * change > 0}
    told = {n: gain for n, gain in gains.items() if gain > 0}
    return Story(sum(told.values()), tuple(sorted(told, key=lambda n: -abs(moves[n].contribution))))


def _misfit(moves: Sequence[Move], apart: set[int]) -> float:
    """The squared deviations of all others from what they did together, by least squares."""
    others = [move for n, move in enumerate(moves) if n not in apart and move.noise > 0]
    weight = sum((move.weight / move.noise) ** 2 for move in others)
    level = sum(move.weight * move.contribution / move.noise**2 for move in others) / weight if weight else 0.0
    return sum(((move.contribution - move.weight * level) / move.noise) ** 2 for move in others)


def _median(values: Sequence[tuple[float, float]]) -> float:
    total, so_far = sum(weight for _, weight in values), 0.0
    for value, weight in sorted(values):
        so_far += weight
        if so_far >= total / 2:
            return value
    return 0.0
