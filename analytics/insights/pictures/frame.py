"""The inner rectangle of a trend: where a day and a value stand on the canvas."""

from __future__ import annotations

from dataclasses import dataclass

_INSET = 6  # the first and the last day stand a little inside, so that their dots do not touch the edge


@dataclass(frozen=True)
class Frame:
    """Left, right, top and bottom in points; the days across it (ordinals) and the lowest and highest value up it."""

    left: float
    right: float
    top: float
    bottom: float
    days: tuple[int, ...]
    bounds: tuple[float, float]

    @property
    def sides(self) -> tuple[float, float]:
        """Where the first and the last day stand."""
        return self.left + _INSET, self.right - _INSET

    @property
    def span(self) -> tuple[int, int]:
        """First and last day; a single one stands in the middle."""
        first, last = self.days[0], self.days[-1]
        return (first, last) if last > first else (first - 1, first + 1)

    def across(self, place: int) -> float:
        """Where the day at `place` stands."""
        (first, last), (start, end) = self.span, self.sides
        return start + (self.days[place] - first) / (last - first) * (end - start)

    def up(self, value: float) -> float:
        """Where a value stands."""
        low, high = self.bounds
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)
