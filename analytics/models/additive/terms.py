"""How a feature enters the model: a piecewise-linear curve for a number, one step per value for a text.

A term knows two views of its feature: the `columns` of its own effect, and the coarse `cells` that pairs of
features are crossed on. Missing is a value of its own in both, never filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CURVE_PIECES = 8
CELLS_OF_A_NUMBER = 8
CELLS_OF_A_TEXT = 6
MOST_VALUES = 40
FEWEST_ROWS = 15
SPIKE = 0.04
"""A single number that this share of rows has (mostly zero) gets knots of its own, so that a jump stays a jump."""


@dataclass(frozen=True)
class NumberTerm:
    """A number: straight pieces between `knots`, flat outside them, and one step for missing."""

    name: str
    knots: Floats
    edges: Floats
    kind: str = field(default="number", init=False)

    @classmethod
    def of(cls, name: str, values: Floats) -> NumberTerm:
        """Knots and cell edges from the quantiles of the known `values`."""
        known = values[~np.isnan(values)]
        inner = np.linspace(0, 1, CELLS_OF_A_NUMBER + 1)[1:-1]
        edges = np.unique(np.quantile(known, inner, method="inverted_cdf")) if len(known) else known
        return cls(name, _knots(known), edges)

    @property
    def width(self) -> int:
        """How many `columns` it has."""
        return len(self.knots)

    @property
    def cell_count(self) -> int:
        """Cells including the one for missing."""
        return len(self.edges) + 2

    def columns(self, values: Floats) -> Floats:
        """One ramp from 0 to 1 per piece (so coefficients are rises), and a last column that says missing."""
        missing = np.isnan(values)
        filled = np.where(missing, 0.0, values)[:, None]
        pieces = np.clip((filled - self.knots[:-1]) / np.diff(self.knots), 0.0, 1.0)
        pieces[missing] = 0.0
        return np.hstack([pieces, missing[:, None].astype(np.float64)])

    def cells(self, values: Floats) -> Ints:
        """The cell of each value, the last for missing."""
        missing = np.isnan(values)
        found = np.searchsorted(self.edges, np.where(missing, 0.0, values), side="left")
        return np.where(missing, len(self.edges) + 1, found).astype(np.int64)


@dataclass(frozen=True)
class TextTerm:
    """A text: one step per frequent value, one for all rarer ones; missing is the level they are measured from."""

    name: str
    values: tuple[str, ...]
    kind: str = field(default="text", init=False)

    @classmethod
    def of(cls, name: str, values: NDArray[Any]) -> TextTerm:
        """The values that at least `FEWEST_ROWS` rows have, most frequent first, at most `MOST_VALUES`."""
        seen, counts = np.unique(values[_known(values)].astype(str), return_counts=True)
        by_count = sorted(zip(-counts, seen, strict=True))
        return cls(name, tuple(str(value) for count, value in by_count[:MOST_VALUES] if -count >= FEWEST_ROWS))

    @property
    def width(self) -> int:
        """How many `columns` it has."""
        return len(self.values) + 1

    @property
    def cell_count(self) -> int:
        """Cells including the ones for rarer values and for missing."""
        return min(len(self.values), CELLS_OF_A_TEXT) + 2

    def columns(self, values: NDArray[Any]) -> Floats:
        """One column per frequent value and a last one for the others."""
        codes = self._codes(values)
        return np.asarray(codes[:, None] == np.arange(len(self.values) + 1), dtype=np.float64)

    def cells(self, values: NDArray[Any]) -> Ints:
        """The cell of each value, the last for missing."""
        codes, rest = self._codes(values), self.cell_count - 2
        return np.where(codes < 0, rest + 1, np.minimum(codes, rest))

    def _codes(self, values: NDArray[Any]) -> Ints:
        place = {value: code for code, value in enumerate(self.values)}
        rest = len(self.values)
        known = _known(values)
        codes = [place.get(str(value), rest) if there else -1 for value, there in zip(values, known, strict=True)]
        return np.array(codes, dtype=np.int64)


Term = NumberTerm | TextTerm


def term_of(name: str, values: NDArray[Any]) -> Term:
    """The term for a column as `plain_values` gives it."""
    return NumberTerm.of(name, values) if values.dtype.kind == "f" else TextTerm.of(name, values)


def plain_values(column: pd.Series[Any]) -> NDArray[Any]:
    """Numbers as floats with NaN for missing and for infinite ones, anything else as objects with None for missing."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(numbers), numbers, np.nan)
    texts = column.astype(object)
    return texts.where(texts.notna(), None).to_numpy(dtype=object)


def _known(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([value is not None for value in values], dtype=bool)


def _knots(known: Floats) -> Floats:
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) <= CURVE_PIECES + 2:
        return distinct
    chosen = set(np.quantile(known, np.linspace(0.0, 0.995, CURVE_PIECES + 1), method="inverted_cdf").tolist())
    for place in np.flatnonzero(counts > SPIKE * len(known)):
        chosen.update(distinct[max(place - 1, 0) : place + 2].tolist())
    return np.array(sorted(chosen), dtype=np.float64)
