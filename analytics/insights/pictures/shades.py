"""Colours of a heat map: light to dark blue; orange below zero where values lie on both sides of it.

Blue against orange stays apart for every common form of colour blindness, and both grow darker away from the middle, so
that a grey print tells large from small as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN = "#F1F1F3"
_BLUES = ("#E6F0FC", "#7FB2EE", "#1D6FD8", "#0B3A7E")
_ORANGES = ("#FDEEE4", "#F0AD85", "#D9622B", "#8A3510")
_PALE = 0.12  # of the way in values at their middle start, so that they are told apart from paper
_DARK = 0.52  # perceived lightness below which white is read better than ink


@dataclass(frozen=True)
class Shades:
    """The scale from `low` to `high`; where both signs occur it is as long on either side of zero."""

    low: float
    high: float

    @classmethod
    def between(cls, values: Sequence[float]) -> Shades:
        """The scale that holds these values."""
        low, high = min(values), max(values)
        if low < 0 < high:
            high = max(-low, high)
            low = -high
        return cls(low, high)

    def of(self, value: float) -> str:
        """The colour of a value; where all are equal, a middling one."""
        if self.high == self.low:
            return _between(_BLUES, 0.4)
        return self.at((value - self.low) / (self.high - self.low))

    def at(self, place: float) -> str:
        """The colour so far along the scale, 0 to 1."""
        if self.low < 0 < self.high:
            away = 2 * place - 1
            return _between(_ORANGES if away < 0 else _BLUES, _PALE * bool(away) + (1 - _PALE) * abs(away))
        if self.high <= 0:
            return _between(_ORANGES, 1 - place)
        return _between(_BLUES, place)


def is_dark(colour: str) -> bool:
    """Whether white is read better on it than ink."""
    red, green, blue = _parts(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255 < _DARK


def _between(colours: Sequence[str], place: float) -> str:
    along = min(max(place, 0.0), 1.0) * (len(colours) - 1)
    first = min(int(along), len(colours) - 2)
    pairs = zip(_parts(colours[first]), _parts(colours[first + 1]), strict=True)
    mixed = (round(start + (end - start) * (along - first)) for start, end in pairs)
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
