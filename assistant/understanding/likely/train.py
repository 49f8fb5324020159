"""Learn from the examples which features speak for which label: `python -m assistant.understanding.likely.train`.

Multinomial logistic regression. The temperature (Guo et al. 2017, "On Calibration of Modern Neural Networks") and each
label's threshold come from answers to examples that the weights have not seen. Sentences made from frames are learnt
from, at half weight, and never measured on.
The same examples always give the same weights.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, cast

import yaml

from assistant.understanding.likely.likely import LABELS, WEIGHTS, Label, features, share, softmax
from assistant.understanding.normalise import normalise

FOLDS = 5
MOST_WRONG = 0.01  # of the answers above the threshold
_EXAMPLES = Path(__file__).with_name("examples")
_FRAMES = Path(__file__).with_name("frames.yaml")
_SEEN_IN = 2  # examples that a feature must stand in to be kept
_STRENGTH = 10.0  # how far weights may go: the inverse of the penalty on their squares
_THINGS = 6  # that a frame is filled with
_FRAME_WEIGHT = 0.5
_LIGHTEST = 8  # hundredths; a feature that weighs less for every label is left out


@dataclass(frozen=True)
class Example:
    """A normalised sentence, what it is after, and the topic it was written under."""

    text: str
    label: Label
    topic: str
    language: str


@dataclass(frozen=True)
class Held:
    """An example answered by weights that have not seen it: the scores of the labels, not yet cooled."""

    example: Example
    scores: tuple[float, ...]

    def answer(self, temperature: float) -> tuple[Label, float]:
        """The likeliest label and its probability."""
        found = softmax(self.scores, temperature)
        best = max(range(len(found)), key=found.__getitem__)
        return LABELS[best], found[best]


@dataclass(frozen=True)
class Learnt:
    """A weight for each label: to start with, and for each feature."""

    start: list[float]
    of: dict[str, list[float]]

    def scores(self, text: str) -> tuple[float, ...]:
        """How much speaks for each label."""
        found = _features(text)
        known = [self.of[feature] for feature in found if feature in self.of]
        each = share(found)
        return tuple(start + each * sum(weights[at] for weights in known) for at, start in enumerate(self.start))


def main() -> None:
    """Write `weights.json`, and print how well examples are answered that were held back."""
    every, framed = examples(), sentences_of_frames()
    held = held_back(every, framed)
    temperature = temperature_of(held)
    thresholds = {label: threshold_of(held, temperature, label) for label in LABELS}
    learnt = learn(every, framed)
    heavy = {
        feature: hundredths
        for feature, weights in sorted(learnt.of.items())
        if max(map(abs, hundredths := [round(100 * weight) for weight in weights])) >= _LIGHTEST
    }
    kept = {
        "examples": fingerprint([*every, *framed]),
        "temperature": round(temperature, 3),
        "thresholds": thresholds,
        "start": [round(start, 3) for start in learnt.start],
        "weights": heavy,
    }
    WEIGHTS.write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    size = WEIGHTS.stat().st_size / 1000
    print(f"{len(every)} examples, {len(framed)} from frames, {len(heavy)} features, {size:.0f} kB")
    print(f"temperature {temperature:.2f}, thresholds {thresholds}")
    print("examples held back:", described(held, temperature, thresholds))
    topics = held_back(every, framed, whole_topics=True)
    print("whole topics held back:", described(topics, temperature, thresholds))


def kept_thresholds() -> dict[Label, float]:
    """The thresholds that were shipped."""
    return cast(dict[Label, float], json.loads(WEIGHTS.read_text("utf-8"))["thresholds"])


def examples() -> list[Example]:
    """Every example, in the order of the files."""
    return [example for path in sorted(_EXAMPLES.glob("*.yaml")) for example in _examples_in(path)]


def _examples_in(path: Path) -> Iterator[Example]:
    for label, topics in yaml.safe_load(path.read_text("utf-8")).items():
        if label not in LABELS:
            raise ValueError(f"{path.name}: {label} is no label; labels are {', '.join(LABELS)}")
        for topic, sentences in topics.items():
            for sentence in sentences:
                yield Example(normalise(sentence), cast(Label, label), topic, path.stem)


def sentences_of_frames() -> list[Example]:
    """Frames filled with things, which each label's frames share."""
    made = []
    for language, worlds in yaml.safe_load(_FRAMES.read_text("utf-8")).items():
        for world in worlds.values():
            things = cycle(world.pop("things"))
            frames = [(label, frame) for label, own in world.items() for frame in own]
            made += [
                Example(normalise(frame.format(next(things))), label, "frames", language)
                for label, frame in frames
                for _ in range(_THINGS)
            ]
    return made


def fingerprint(every: Sequence[Example]) -> str:
    """What tells one set of examples from another."""
    lines = "\n".join(f"{one.language}\t{one.label}\t{one.topic}\t{one.text}" for one in every)
    return hashlib.sha256(lines.encode()).hexdigest()


def learn(every: Sequence[Example], framed: Sequence[Example]) -> Learnt:
    """The weights that answer these examples best."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    found = [_features(example.text) for example in (*every, *framed)]
    seen = Counter(feature for one in found for feature in one)
    rows = [
        dict.fromkeys((feature for feature in sorted(one) if seen[feature] >= _SEEN_IN), share(one)) for one in found
    ]
    columns: Any = DictVectorizer()
    model: Any = LogisticRegression(C=_STRENGTH, max_iter=2_000)
    model.fit(
        columns.fit_transform(rows),
        [LABELS.index(example.label) for example in (*every, *framed)],
        [1.0] * len(every) + [_FRAME_WEIGHT] * len(framed),
    )
    by_feature = zip(columns.get_feature_names_out().tolist(), model.coef_.T.tolist(), strict=True)
    return Learnt(model.intercept_.tolist(), dict(by_feature))


@cache
def _features(text: str) -> frozenset[str]:
    return features(text)


def held_back(every: Sequence[Example], framed: Sequence[Example], *, whole_topics: bool = False) -> list[Held]:
    """Each example answered by weights learnt without it, and without its whole topic if so wished."""
    held = []
    for fold in range(FOLDS):
        learnt = learn([one for one in every if _fold(one, whole_topics) != fold], framed)
        held += [Held(one, learnt.scores(one.text)) for one in every if _fold(one, whole_topics) == fold]
    return held


def _fold(example: Example, whole_topics: bool) -> int:
    kept_together = f"{example.language} {example.topic}" if whole_topics else example.text
    return int(hashlib.sha256(kept_together.encode()).hexdigest(), 16) % FOLDS


def temperature_of(held: Sequence[Held]) -> float:
    """The temperature at which the right labels were likeliest."""

    def surprise(temperature: float) -> float:
        return -sum(math.log(softmax(one.scores, temperature)[LABELS.index(one.example.label)] + 1e-12) for one in held)

    return min((step / 50 for step in range(10, 200)), key=surprise)


def threshold_of(held: Sequence[Held], temperature: float, label: Label) -> float:
    """The lowest probability from which on at most `MOST_WRONG` of the answers with this label are wrong."""
    answers = [(one.answer(temperature), one.example.label) for one in held]
    given = sorted(((found[1], right != label) for found, right in answers if found[0] == label), reverse=True)
    lowest, wrong = 1.0, 0
    for count, (probability, is_wrong) in enumerate(given, 1):
        wrong += is_wrong
        if wrong <= MOST_WRONG * count:
            lowest = probability
    return math.ceil(lowest * 10_000) / 10_000


def accuracy(held: Sequence[Held], temperature: float) -> float:
    """The share of right labels, whatever the probability."""
    return sum(one.answer(temperature)[0] == one.example.label for one in held) / len(held)


def calibration_error(held: Sequence[Held], temperature: float, bins: int = 10) -> float:
    """The expected calibration error: how far the probability lies from the share that is right, over equal bins."""
    by_bin: dict[int, list[tuple[float, bool]]] = {}
    for one in held:
        label, probability = one.answer(temperature)
        by_bin.setdefault(min(bins - 1, int(probability * bins)), []).append((probability, label == one.example.label))
    gaps = (abs(sum(p for p, _ in of) - sum(right for _, right in of)) for of in by_bin.values())
    return sum(gaps) / len(held)


def above(held: Sequence[Held], temperature: float, thresholds: Mapping[Label, float]) -> dict[Label, tuple[int, int]]:
    """For each label how often it is given above its threshold, and how many of these are wrong."""
    answers = [(one.answer(temperature), one.example.label) for one in held]
    given = [(label, right) for (label, probability), right in answers if probability >= thresholds[label]]
    return {
        label: (sum(own == label for own, _ in given), sum(own == label != right for own, right in given))
        for label in LABELS
    }


def described(held: Sequence[Held], temperature: float, thresholds: Mapping[Label, float]) -> str:
    """The measures in one line."""
    counted = above(held, temperature, thresholds)
    given = ", ".join(f"{label} {count} ({wrong} wrong)" for label, (count, wrong) in counted.items())
    error = calibration_error(held, temperature)
    return f"{accuracy(held, temperature):.1%} right, calibration error {error:.3f}, above the thresholds {given}"


if __name__ == "__main__":
    main()
