"""Columns to declared tables, and the small vector tools every topic uses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import MetaData

from analytics.demo.days import Flags, Floats, Ints, Texts
from analytics.warehouse import tables

LINEAGE = ("source", "source_id")
GOLDEN_RATIO = (np.sqrt(5) - 1) / 2


def loaded(name: str, /, **columns: object) -> pd.DataFrame:
    """A loaded table's rows, with exactly its declared columns in their order (lineage aside)."""
    return _declared(tables.LOADED, name, columns)


def kept(name: str, /, **columns: object) -> pd.DataFrame:
    """The same for a kept table."""
    return _declared(tables.KEPT, name, columns)


def _declared(metadata: MetaData, name: str, columns: dict[str, object]) -> pd.DataFrame:
    declared = [column.name for column in metadata.tables[f"{metadata.schema}.{name}"].columns]
    wanted = [column for column in declared if column not in LINEAGE]
    if set(columns) != set(wanted):
        raise ValueError(f"{name} has columns {wanted}, not {sorted(columns)}")
    return pd.DataFrame({column: _plain(columns[column]) for column in wanted})


def _plain(values: object) -> object:
    if isinstance(values, np.ndarray) and values.dtype == object:
        return pd.Series(values, dtype=object)  # text stays str or None, also where all of it is missing
    if isinstance(values, list) and any(value is None or isinstance(value, str | list) for value in values):
        return pd.Series(values, dtype=object)
    return values


def ids(prefix: str, count: int, width: int = 4) -> Texts:
    """`count` ids in order, wide enough to sort as text."""
    digits = max(width, len(str(count)))
    return as_texts([f"{prefix}{number:0{digits}d}" for number in range(1, count + 1)])


def as_texts(values: Sequence[str | None]) -> Texts:
    """Words as an array that can be indexed by codes."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def words(vocabulary: Sequence[str | None] | Texts, codes: Ints) -> Texts:
    """The word of each code; None for code -1."""
    table = np.empty(len(vocabulary) + 1, dtype=object)
    table[:-1] = vocabulary
    table[-1] = None
    return table[codes]


def blanked(texts: Texts, missing: Flags) -> Texts:
    """The same texts, None where they are missing."""
    left = texts.copy()
    left[missing] = None
    return left


def pick(rng: np.random.Generator, weights: Sequence[float] | Floats, count: int) -> Ints:
    """`count` codes drawn with these weights."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(cumulative / cumulative[-1], rng.random(count), side="right").astype(np.int64)


def pick_by_row(uniform: Floats, weights: Floats, rows: Ints) -> Ints:
    """One code per row: row `rows[i]` of the weights matrix says how likely each code is."""
    cumulative = np.cumsum(weights, axis=1)
    cumulative = cumulative / cumulative[:, -1:]
    codes = np.zeros(len(uniform), dtype=np.int64)
    for column in range(weights.shape[1] - 1):
        codes += uniform >= cumulative[rows, column]
    return codes


def spread_uniform(rng: np.random.Generator, strata: Ints, *, within: Ints | None = None) -> Floats:
    """Uniform draws that fill each stratum evenly, and each group `within` it, so that shares keep to their chance.

    In random order within its group, a row steps on by the golden ratio, the sequence that covers [0, 1) most evenly.
    """
    count = len(strata)
    groups = np.zeros(count, dtype=np.int64) if within is None else within
    order = np.lexsort((rng.random(count), groups, strata))
    grouped = strata[order]
    place = running_index(grouped)
    shift = rng.random(count)[np.arange(count) - place]  # one start per stratum
    drawn = np.empty(count)
    drawn[order] = (place * GOLDEN_RATIO + shift) % 1.0
    return drawn


def money(amounts: Floats) -> Floats:
    """Amounts to the cent."""
    return np.round(amounts, 2)


def some(rng: np.random.Generator, share: float | Floats, count: int) -> Flags:
    """True for about this share."""
    return rng.random(count) < share


def running_index(owners: Ints) -> Ints:
    """0, 1, 2 ... within each run of equal owners."""
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(owners) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(owners)])
    return np.arange(len(owners)) - np.repeat(starts, sizes)
