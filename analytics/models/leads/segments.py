"""Means by segment, each shrunk towards the mean of all by how much segments really differ.

Bühlmann and Straub (1970) credibility: a segment of n rows has the mean

    m + Z (segment's own mean - m),   Z = n / (n + k),   k = variance within segments / variance between true means

with both variances estimated from the rows (the usual unbiased estimators). Where segments differ by no more than
chance explains, Z is 0 and every segment has the mean of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.models.leads.landmark import Floats

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Level:
    """The shrunk means of one way to cut: `by` which columns, the `shift` of each segment from the mean of all."""

    by: tuple[str, ...]
    shift: dict[tuple[str, ...], float]
    credibility_k: float


@dataclass(frozen=True)
class SegmentMeans:
    """`mean` of all rows, and the levels to look a row up in, finest first."""

    mean: float
    levels: tuple[Level, ...]

    @classmethod
    def of(cls, values: Floats, rows: pd.DataFrame, cuts: tuple[tuple[str, ...], ...]) -> SegmentMeans:
        """The means of `values` by each of `cuts` (columns of `rows`); rows with a missing column are not in a cut."""
        mean = float(values.mean())
        return cls(mean, tuple(_level(values, _segments(rows, by), by, mean) for by in cuts))

    def shifts_of(self, rows: pd.DataFrame) -> list[tuple[tuple[str, ...], tuple[str, ...], float]]:
        """For each row the cut it was found in, its segment there, and the shift from the mean; empty when in none."""
        found: list[tuple[tuple[str, ...], tuple[str, ...], float]] = [((), (), 0.0)] * len(rows)
        for level in reversed(self.levels):
            for place, segment in enumerate(_segments(rows, level.by)):
                if segment in level.shift:
                    found[place] = (level.by, segment, level.shift[segment])
        return found

    def values_of(self, rows: pd.DataFrame) -> Floats:
        """The shrunk mean that stands for each row."""
        return self.mean + np.array([shift for _, _, shift in self.shifts_of(rows)])

    def plain(self) -> dict[str, Any]:
        """As lists, texts and numbers, for the model file."""
        levels = [
            {
                "by": list(level.by),
                "k": level.credibility_k if np.isfinite(level.credibility_k) else None,
                "shift": [[list(segment), shift] for segment, shift in sorted(level.shift.items())],
            }
            for level in self.levels
        ]
        return {"mean": self.mean, "levels": levels}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> SegmentMeans:
        """The means of a model file."""
        levels = [
            Level(
                tuple(level["by"]),
                {tuple(segment): shift for segment, shift in level["shift"]},
                np.inf if level["k"] is None else level["k"],
            )
            for level in plain["levels"]
        ]
        return cls(plain["mean"], tuple(levels))


def _segments(rows: pd.DataFrame, by: tuple[str, ...]) -> list[tuple[Any, ...]]:
    columns = [rows[name].astype(object).where(rows[name].notna(), None) for name in by]
    return list(zip(*columns, strict=True))


def _level(values: Floats, segments: list[tuple[Any, ...]], by: tuple[str, ...], mean: float) -> Level:
    members: dict[tuple[Any, ...], list[float]] = {}
    for segment, value in zip(segments, values, strict=True):
        if None not in segment:
            members.setdefault(segment, []).append(float(value))
    sizes = np.array([len(own) for own in members.values()], dtype=np.float64)
    means = np.array([np.mean(own) for own in members.values()])
    k = _credibility_k(list(members.values()), sizes, means)
    shift = {
        segment: float(size / (size + k) * (own - mean)) if np.isfinite(k) else 0.0
        for segment, size, own in zip(members, sizes, means, strict=True)
    }
    return Level(by, shift, k)


def _credibility_k(members: list[list[float]], sizes: Floats, means: Floats) -> float:
    rows, groups = sizes.sum(), len(sizes)
    if groups < 2 or rows <= groups:
        return float("inf")
    within = sum(float(np.var(own)) * len(own) for own in members) / (rows - groups)
    centre = (sizes * means).sum() / rows
    spread = (sizes * (means - centre) ** 2).sum() - (groups - 1) * within
    between = spread / (rows - (sizes**2).sum() / rows)
    return float(within / between) if between > 0 else float("inf")
