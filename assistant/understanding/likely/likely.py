"""What a question is likely after that no rule reads whole. An opinion only where it is almost surely right."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

Label = Literal["playbook", "out_of_scope", "write", "data"]
LABELS: tuple[Label, ...] = ("playbook", "out_of_scope", "write", "data")
WEIGHTS = Path(__file__).with_name("weights.json")

_READ = 400  # characters of a question that are looked at
_FEWEST = 16  # features that a question counts as having: a word or two are little to go by
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_RUN = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]")


@dataclass(frozen=True)
class Likely:
    """`playbook`: how people should work; `out_of_scope`: nothing of this company; `write`: a command to change records
    or to act towards customers; `data`: what the assistant shows or keeps. `probability` is calibrated."""

    label: Label
    probability: float


def likely(normal_text: str) -> Likely | None:
    """What a normalised question is after; None for a single word, and where it could well be something else."""
    if len(_WORD.findall(normal_text[:_READ])) < 2:
        return None
    found = probabilities(normal_text)
    label = max(LABELS, key=found.__getitem__)
    return Likely(label, found[label]) if found[label] >= _weights().thresholds[label] else None


def probabilities(normal_text: str) -> dict[Label, float]:
    """The probability of each label; they add up to one."""
    weights = _weights()
    scores = weights.scores(features(normal_text))
    return dict(zip(LABELS, softmax(scores, weights.temperature), strict=True))


def features(normal_text: str) -> frozenset[str]:
    """Stretches of one to three Chinese characters; of English, words, pairs, stretches of three and four letters; and
    how the question begins and ends. Numbers are all the same, punctuation is left out.
    """
    text = _NUMBER.sub("0", normal_text[:_READ])
    found: set[str] = set()
    for run in _RUN.findall(text):
        stretch, sizes = (f" {run} ", (3, 4)) if run.isascii() else (run, (1, 2, 3))
        found.update(stretch[at : at + size] for size in sizes for at in range(len(stretch) - size + 1))
    words = _WORD.findall(text)
    found.update(f"={word}" for word in words if word.isascii())
    found.update(f"={one} {two}" for one, two in pairwise(words) if one.isascii() and two.isascii())
    if words:
        found.update((f"^{words[0]}", f"^{' '.join(words[:2])}", f"${words[-1]}", f"${' '.join(words[-2:])}"))
    return frozenset(found)


def share(found: frozenset[str]) -> float:
    """What one feature weighs in its question; unknown features take their share and so make the answer less sure."""
    return 1 / math.sqrt(max(_FEWEST, len(found)))


def softmax(scores: Iterable[float], temperature: float) -> list[float]:
    """Scores as probabilities; a higher temperature makes them less sure."""
    cooled = [score / temperature for score in scores]
    highest = max(cooled)
    powers = [math.exp(score - highest) for score in cooled]
    total = sum(powers)
    return [power / total for power in powers]


@dataclass(frozen=True)
class _Weights:
    """What training left: for each feature a weight for each label, in hundredths."""

    start: tuple[float, ...]
    of: Mapping[str, list[int]]
    temperature: float
    thresholds: Mapping[Label, float]

    def scores(self, found: frozenset[str]) -> list[float]:
        known = [weights for feature in found if (weights := self.of.get(feature)) is not None]
        sums = [sum(column) for column in zip(*known, strict=True)] or [0] * len(LABELS)
        each = share(found) / 100
        return [start + each * total for start, total in zip(self.start, sums, strict=True)]


@cache
def _weights() -> _Weights:
    kept = json.loads(WEIGHTS.read_text("utf-8"))
    return _Weights(tuple(kept["start"]), kept["weights"], kept["temperature"], kept["thresholds"])
