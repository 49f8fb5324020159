"""The fitted additive model: chances, and contributions that add up exactly to their log-odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.models.additive.terms import Floats, NumberTerm, Term, TextTerm, plain_values

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Curve:
    """What one feature adds: its term's columns times `effects`, less the mean over the training rows."""

    term: Term
    effects: Floats
    mean: float

    def of(self, values: Any) -> Floats:
        """Log-odds added for each value, against the average training row."""
        return np.asarray(self.term.columns(values) @ self.effects - self.mean, dtype=np.float64)


@dataclass(frozen=True)
class Pair:
    """What two features add together beyond their own curves, already split into the share of each.

    The shares are Shapley values of the two-feature effect with the training rows' margins as reference: tables of
    log-odds over the first feature's cells (rows) and the second's (columns).
    """

    first: str
    second: str
    first_share: Floats
    second_share: Floats


@dataclass(frozen=True)
class AdditiveModel:
    """log-odds = base + the sum of every feature's contribution. `base` is the average training row's log-odds."""

    base: float
    curves: dict[str, Curve]
    pairs: tuple[Pair, ...]

    def contributions(self, features: pd.DataFrame) -> pd.DataFrame:
        """Each feature's contribution in log-odds of the calibrated chance, one row per row of `features`.

        A feature the frame lacks counts as missing; columns the model does not know are not looked at.
        """
        import pandas as pd

        values = {name: _column(features, curve.term) for name, curve in self.curves.items()}
        added = {name: curve.of(values[name]) for name, curve in self.curves.items()}
        cells = {name: self.curves[name].term.cells(values[name]) for pair in self.pairs for name in _names(pair)}
        for pair in self.pairs:
            at = cells[pair.first], cells[pair.second]
            added[pair.first] = added[pair.first] + pair.first_share[at]
            added[pair.second] = added[pair.second] + pair.second_share[at]
        return pd.DataFrame(added, index=features.index)

    def log_odds(self, features: pd.DataFrame) -> Floats:
        """Log-odds of conversion."""
        return np.asarray(self.base + self.contributions(features).sum(axis=1).to_numpy(), dtype=np.float64)

    def chances(self, features: pd.DataFrame) -> Floats:
        """Calibrated chances, 0-1."""
        return chance_of(self.log_odds(features))

    def plain(self) -> dict[str, Any]:
        """The model as lists, texts, numbers and arrays, for the model file."""
        return {
            "base": self.base,
            "curves": [_plain_curve(curve) for curve in self.curves.values()],
            "pairs": [
                {
                    "first": pair.first,
                    "second": pair.second,
                    "first_share": pair.first_share,
                    "second_share": pair.second_share,
                }
                for pair in self.pairs
            ],
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> AdditiveModel:
        """The model of a model file; raises KeyError or TypeError for anything `plain` did not write."""
        curves = [_curve_of(entry) for entry in plain["curves"]]
        pairs = tuple(Pair(**entry) for entry in plain["pairs"])
        return cls(float(plain["base"]), {curve.term.name: curve for curve in curves}, pairs)


def chance_of(log_odds: Floats) -> Floats:
    """The chance, 0-1, that log-odds stand for."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -40, 40))), dtype=np.float64)


def shares_of_a_pair(effects: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """A two-feature table split into the share of each feature; together they add up to it less its mean.

    `weights` counts the training rows of each cell; their margins are the reference (Shapley values, two players).
    """
    total = weights.sum()
    rows, columns = weights.sum(axis=1) / total, weights.sum(axis=0) / total
    given_second = rows @ effects
    given_first = effects @ columns
    mean = float(rows @ effects @ columns)
    first = 0.5 * ((effects - given_second[None, :]) + (given_first[:, None] - mean))
    second = 0.5 * ((effects - given_first[:, None]) + (given_second[None, :] - mean))
    return first, second


def _names(pair: Pair) -> Sequence[str]:
    return pair.first, pair.second


def _column(features: pd.DataFrame, term: Term) -> Any:
    if term.name in features:
        values = plain_values(features[term.name])
        if (values.dtype.kind == "f") == (term.kind == "number"):
            return values
    empty = np.nan if term.kind == "number" else None
    return np.full(len(features), empty, dtype=np.float64 if term.kind == "number" else object)


def _plain_curve(curve: Curve) -> dict[str, Any]:
    term = curve.term
    shape: dict[str, Any] = (
        {"knots": term.knots, "edges": term.edges} if isinstance(term, NumberTerm) else {"values": list(term.values)}
    )
    return {"kind": term.kind, "name": term.name, "effects": curve.effects, "mean": curve.mean, **shape}


def _curve_of(entry: dict[str, Any]) -> Curve:
    name = str(entry["name"])
    term: Term = (
        NumberTerm(name, entry["knots"], entry["edges"])
        if entry["kind"] == "number"
        else TextTerm(name, tuple(map(str, entry["values"])))
    )
    return Curve(term, entry["effects"], float(entry["mean"]))
