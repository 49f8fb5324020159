"""Fit the additive model: ridge-penalised logistic regression on curves, then on curves and the pairs that add most.

One convex problem, solved by scikit-learn's public API, so that the same rows give the same model. How strong the
penalties are is chosen for each company, forward in time. The other constants, and the candidates to choose from, were
set while looking at X Education (cross-validated on its training part, and forward in time within its older leads) and
at the demo company, so figures on those two flatter a little. A last affine step on the log-odds of rows not learned
from calibrates the chances (Platt 1999) and, being affine, keeps contributions additive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.models.additive.model import AdditiveModel, Curve, Pair, chance_of, shares_of_a_pair
from analytics.models.additive.terms import FEWEST_ROWS, Floats, Ints, Term, plain_values, term_of
from analytics.models.lifecycle.metrics import log_losses

if TYPE_CHECKING:
    import pandas as pd

MOST_PAIRS = 40
MOST_CROSSED = 50
PAIR_DAMPING = 10.0
CHANCE_PER_CELL = 0.5
FORWARD_ENDS = (0.5, 0.75, 1.0)
"""Strengths are chosen forward in time: learn the older half and check on the next quarter, then on the last."""
MIXED_FOLDS = 3
"""Calibration needs rows more than it needs the newest: every third row is checked by the other two thirds."""

ROUGHLY, FINELY = 1e-3, 1e-4
"""How exactly the solver solves (its tolerance): while choosing, and in the end."""

Folds = list[tuple[Ints, Ints]]


@dataclass(frozen=True)
class Strength:
    """How freely curves and pairs may bend: their inverse ridge penalties. Without any for `pairs` there are none."""

    curves: float
    pairs: float


CURVE_STRENGTHS = (0.01, 0.03, 0.1, 0.3)
PAIR_STRENGTHS = (0.0, 0.007, 0.02, 0.06)


def fit_additive(
    features: pd.DataFrame, converted: Floats, weights: Floats | None = None, strength: Strength | None = None
) -> AdditiveModel:
    """The calibrated model of `converted` (1 or 0) by `features` (float or text columns); one row a lead, oldest first.

    `weights` say how much each row counts; they are scaled to a mean of 1. Needs rows of both outcomes.
    Columns with a single value are left out. The same input gives the same model. Without a `strength` the one of
    `choose_strength` is taken.
    """
    counts = _counts(converted, weights)
    chosen = strength or choose_strength(features, converted, counts)
    model = _fit_once(features, converted, counts, chosen)
    slope, intercept = _calibration(features, converted, counts, chosen)
    return _stretched(model, slope, intercept)


def choose_strength(features: pd.DataFrame, converted: Floats, weights: Floats | None = None) -> Strength:
    """The strengths that predict newer rows best: of the curves alone first, then of the pairs beside them.

    For the pairs it is the weakest strength that is at most one standard error worse than the best one (Breiman et al.
    1984): joint effects must earn their place, and drift punishes those that barely did.
    """
    counts = _counts(converted, weights)
    terms, values = _terms_of(features)
    folds = _forward_folds(converted)
    if not folds or not terms:
        return Strength(CURVE_STRENGTHS[0], 0.0)
    curves = _design([term.columns(values[term.name]) for term in terms])
    of_curves = np.zeros((len(CURVE_STRENGTHS), len(converted)))
    for learn, check in folds:
        for place, strength in enumerate(CURVE_STRENGTHS):
            of_curves[place, check] = _losses(curves, converted, counts, learn, check, strength)
    best = CURVE_STRENGTHS[int(np.argmin(of_curves.sum(axis=1)))]
    of_pairs = np.zeros((len(PAIR_STRENGTHS), len(converted)))
    for learn, check in folds:
        pairs = _pairs_beside(curves, terms, values, converted, counts, learn, best)
        for place, strength in enumerate(PAIR_STRENGTHS):
            design = _with_pairs(curves, pairs, Strength(best, strength))
            of_pairs[place, check] = _losses(design, converted, counts, learn, check, best)
    return Strength(best, PAIR_STRENGTHS[_weakest_of_the_best(of_pairs)])


def _weakest_of_the_best(losses: Floats) -> int:
    """The first row of `losses` (one per strength, weakest first) within one standard error of the best row."""
    best = int(np.argmin(losses.sum(axis=1)))
    worse = losses - losses[best]
    standard_errors = worse.std(axis=1) * np.sqrt(losses.shape[1])
    return int(np.flatnonzero(worse.sum(axis=1) <= standard_errors)[0])


def _counts(converted: Floats, weights: Floats | None) -> Floats:
    return np.ones(len(converted)) if weights is None else weights / weights.mean()


def _forward_folds(converted: Floats) -> Folds:
    """Older rows to learn from and the ones after them to check on."""
    rows = np.arange(len(converted))
    ends = [round(share * len(rows)) for share in FORWARD_ENDS]
    return _usable([(rows[:learned], rows[learned:checked]) for learned, checked in pairwise(ends)], converted)


def _mixed_folds(converted: Floats) -> Folds:
    """Every row is checked once, by what was learned from rows around it in time."""
    part = np.arange(len(converted)) % MIXED_FOLDS
    folds = [(np.flatnonzero(part != fold), np.flatnonzero(part == fold)) for fold in range(MIXED_FOLDS)]
    return _usable(folds, converted)


def _usable(folds: Folds, converted: Floats) -> Folds:
    """None at all where a part would hold one outcome only."""
    return folds if all(0 < converted[part].sum() < len(part) for fold in folds for part in fold) else []


def _losses(design: Any, converted: Floats, weights: Floats, learn: Ints, check: Ints, strength: float) -> Floats:
    """The weighted log loss of each row of `check`, of a model learned on `learn`."""
    coefficients = _solve(design[learn], converted[learn], weights[learn], strength, ROUGHLY)
    chances = chance_of(coefficients[0] + design[check] @ coefficients[1:])
    return weights[check] * log_losses(chances, converted[check])


def _fit_once(features: pd.DataFrame, converted: Floats, weights: Floats, strength: Strength) -> AdditiveModel:
    terms, values = _terms_of(features)
    if not terms:
        rate = float(np.average(converted, weights=weights))
        return AdditiveModel(float(np.log(rate / (1 - rate))), {}, ())
    blocks = [term.columns(values[term.name]) for term in terms]
    curves = _design(blocks)
    every = np.arange(len(converted))
    pairs = _pairs_beside(curves, terms, values, converted, weights, every, strength.curves) if strength.pairs else []
    whole = _with_pairs(curves, pairs, strength)
    coefficients = _solve(whole, converted, weights, strength.curves, FINELY)
    return _assembled(terms, blocks, pairs, coefficients, weights, strength)


def _terms_of(features: pd.DataFrame) -> tuple[list[Term], dict[str, Any]]:
    values = {name: plain_values(features[name]) for name in features.columns}
    return [term_of(name, column) for name, column in values.items() if _varies(column)], values


def _varies(column: Any) -> bool:
    if column.dtype.kind == "f":
        known = column[~np.isnan(column)]
        return len(known) > 0 and (len(known) < len(column) or known.min() < known.max())
    return len(set(column)) > 1


def _design(blocks: list[Any]) -> Any:
    from scipy.sparse import csr_array, hstack

    return hstack([csr_array(block) for block in blocks], format="csr")


def _solve(design: Any, converted: Floats, weights: Floats, inverse_penalty: float, tolerance: float) -> Floats:
    """The coefficients, the intercept first."""
    from sklearn.linear_model import LogisticRegression

    solver = LogisticRegression(C=inverse_penalty, solver="lbfgs", tol=tolerance, max_iter=400)
    solver.fit(design, converted, sample_weight=weights)
    return np.concatenate([solver.intercept_, solver.coef_[0]])


class _Crossing:
    """Two features crossed on their cells; only cells with enough rows get a column."""

    def __init__(self, first: Term, second: Term, first_cells: Ints, second_cells: Ints) -> None:
        self.first, self.second = first.name, second.name
        self.shape = first.cell_count, second.cell_count
        self.codes = first_cells * self.shape[1] + second_cells
        self.used = np.flatnonzero(np.bincount(self.codes, minlength=self.shape[0] * self.shape[1]) >= FEWEST_ROWS)

    def gain(self, gradient: Floats, curvature: Floats) -> float:
        """How much log loss the used cells could still save, less what chance alone would: a damped score test."""
        size = self.shape[0] * self.shape[1]
        slope = np.bincount(self.codes, gradient, size)[self.used]
        bend = np.bincount(self.codes, curvature, size)[self.used]
        return float((slope**2 / (bend + PAIR_DAMPING)).sum() - CHANCE_PER_CELL * len(self.used))

    def columns(self, entry: float) -> Any:
        """One column per used cell, holding `entry` where the row is in it."""
        from scipy.sparse import csr_array

        place = np.full(self.shape[0] * self.shape[1], -1)
        place[self.used] = np.arange(len(self.used))
        at = place[self.codes]
        rows = np.flatnonzero(at >= 0)
        filled = np.full(len(rows), entry)
        return csr_array((filled, (rows, at[rows])), shape=(len(at), len(self.used)))

    def effects(self, log_odds: Floats) -> Floats:
        """The table over both features' cells, of the log-odds of the used ones."""
        table = np.zeros(self.shape[0] * self.shape[1])
        table[self.used] = log_odds
        return table.reshape(self.shape)

    def weight(self, weights: Floats) -> Floats:
        """The rows' weight in each cell."""
        summed = np.bincount(self.codes, weights, self.shape[0] * self.shape[1])
        return summed.astype(np.float64).reshape(self.shape)


def _pairs_beside(
    curves: Any,
    terms: list[Term],
    values: dict[str, Any],
    converted: Floats,
    weights: Floats,
    learn: Ints,
    strength: float,
) -> list[_Crossing]:
    """The pairs of features that would add most to the curves, judged by the rows `learn`."""
    coefficients = _solve(curves[learn], converted[learn], weights[learn], strength, ROUGHLY)
    chances = chance_of(coefficients[0] + curves @ coefficients[1:])
    learned = np.zeros(len(converted))
    learned[learn] = weights[learn]
    gradient, curvature = learned * (converted - chances), learned * chances * (1 - chances)
    crossed = _strongest(terms, curves, coefficients[1:])
    cells = {term.name: term.cells(values[term.name]) for term in crossed}
    crossings = [_Crossing(a, b, cells[a.name], cells[b.name]) for a, b in combinations(crossed, 2)]
    gains = [(crossing.gain(gradient, curvature), -place) for place, crossing in enumerate(crossings)]
    best = sorted((gain for gain in gains if gain[0] > 0), reverse=True)[:MOST_PAIRS]
    return [crossings[-place] for _, place in best]


def _strongest(terms: list[Term], curves: Any, coefficients: Floats) -> list[Term]:
    """The terms whose curves differ most between leads, at most `MOST_CROSSED`, in their own order."""
    starts = np.cumsum([0, *(term.width for term in terms)])
    spread = [float((curves[:, a:b] @ coefficients[a:b]).std()) for a, b in pairwise(starts)]
    kept = sorted(np.argsort(np.negative(spread), kind="stable")[:MOST_CROSSED])
    return [terms[place] for place in kept]


def _with_pairs(curves: Any, pairs: list[_Crossing], strength: Strength) -> Any:
    """Curves and pairs in one design; the entries of pairs are scaled so that one penalty serves both."""
    return _design([curves, *(pair.columns(_entry(strength)) for pair in pairs)]) if strength.pairs else curves


def _entry(strength: Strength) -> float:
    return float(np.sqrt(strength.pairs / strength.curves))


def _assembled(
    terms: list[Term],
    blocks: list[Floats],
    pairs: list[_Crossing],
    coefficients: Floats,
    weights: Floats,
    strength: Strength,
) -> AdditiveModel:
    base, start = float(coefficients[0]), 1
    curves: dict[str, Curve] = {}
    for term, block in zip(terms, blocks, strict=True):
        effects = coefficients[start : start + block.shape[1]]
        start += block.shape[1]
        mean = float(np.average(block @ effects, weights=weights))
        curves[term.name] = Curve(term, effects, mean)
        base += mean
    tables: list[Pair] = []
    for pair in pairs:
        effects = pair.effects(coefficients[start : start + len(pair.used)] * _entry(strength))
        start += len(pair.used)
        first, second = shares_of_a_pair(effects, pair.weight(weights))
        tables.append(Pair(pair.first, pair.second, first, second))
        base += float((effects - first - second)[0, 0])
    return AdditiveModel(base, curves, tuple(tables))


def _calibration(features: pd.DataFrame, converted: Floats, weights: Floats, strength: Strength) -> tuple[float, float]:
    """Slope and intercept that make unseen rows' log-odds right on average; 1 and 0 where there are no folds.

    A slope below zero would mean that the model ranks unseen leads the wrong way round: nothing was learned, 0.
    """
    from sklearn.linear_model import LogisticRegression

    folds = _mixed_folds(converted)
    if not folds:
        return 1.0, 0.0
    unseen = np.zeros(len(converted))
    for learn, check in folds:
        model = _fit_once(features.iloc[learn], converted[learn], weights[learn], strength)
        unseen[check] = model.log_odds(features.iloc[check])
    line = LogisticRegression(C=np.inf, solver="lbfgs").fit(unseen[:, None], converted, sample_weight=weights)
    slope = float(line.coef_[0, 0])
    if slope <= 0:
        rate = float(np.average(converted, weights=weights))
        return 0.0, float(np.log(rate / (1 - rate)))
    return slope, float(line.intercept_[0])


def _stretched(model: AdditiveModel, slope: float, intercept: float) -> AdditiveModel:
    curves = {
        name: replace(curve, effects=curve.effects * slope, mean=curve.mean * slope)
        for name, curve in model.curves.items()
    }
    pairs = tuple(
        replace(pair, first_share=pair.first_share * slope, second_share=pair.second_share * slope)
        for pair in model.pairs
    )
    return AdditiveModel(intercept + slope * model.base, curves, pairs)
