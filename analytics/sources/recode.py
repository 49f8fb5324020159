"""One way to change cells: once per different value, then back to every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.sources.report import EXAMPLES, shortened


@dataclass(frozen=True)
class Change:
    """A value, what became of it, and in how many cells."""

    before: str
    after: Any
    count: int


def recode(cells: pd.Series, change: Callable[[str], Any]) -> tuple[pd.Series, list[Change]]:
    """The cells with `change` applied to each different text in them, and what changed; missing stays missing."""
    codes, texts = pd.factorize(cells.to_numpy(dtype=object))
    changed = [change(text) for text in texts]
    known = np.empty(len(changed) + 1, dtype=object)
    known[:-1] = changed
    known[-1] = None
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    changes = [
        Change(text, new, int(count))
        for text, new, count in zip(texts, changed, counts, strict=True)
        if new is not text and new != text
    ]
    return pd.Series(known[codes], index=cells.index, dtype=object, name=cells.name), changes


def frequencies(cells: pd.Series) -> dict[str, int]:
    """How many cells hold each text, in order of first appearance."""
    codes, texts = pd.factorize(cells.to_numpy(dtype=object))
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    return {str(text): int(count) for text, count in zip(texts, counts, strict=True)}


def examples_of(changes: list[Change]) -> tuple[tuple[str, str], ...]:
    """A few (before, after) pairs, commonest first."""
    commonest = sorted(changes, key=lambda change: -change.count)[:EXAMPLES]
    return tuple((shortened(change.before), shortened(str(change.after or ""))) for change in commonest)


def total(changes: list[Change]) -> int:
    """How many cells changed."""
    return sum(change.count for change in changes)
