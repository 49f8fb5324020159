"""What a question is likely after that no rule reads whole."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from functools import cache

import pytest

from assistant.understanding.likely import Likely, likely, train
from assistant.understanding.likely.likely import LABELS, WEIGHTS, probabilities
from assistant.understanding.normalise import normalise
from tests.golden import strict


def judged(question: str) -> str | None:
    found = likely(normalise(question))
    return found.label if found else None


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("what should we do when the team is against the new process", "playbook"),
        ("怎么让老业务愿意用新流程", "playbook"),
        ("write me a rap about winter", "out_of_scope"),
        ("帮我写一段java代码", "out_of_scope"),
        ("remove the close date of this lead", "write"),
        ("把周总的手机号改成新的", "write"),
    ],
)
def test_a_clear_question_is_known_by_what_it_is_after(question: str, label: str) -> None:
    assert judged(question) == label


@pytest.mark.parametrize(
    "question",
    [
        "上个月谁没开单",
        "which clients are quiet",
        "客户平均多久回购一次",
        "what did we spend on google",
        "avg margin of switches",
    ],
)
def test_a_question_about_the_company_is_claimed_for_nothing_else(question: str) -> None:
    assert judged(question) in (None, "data")


@pytest.mark.parametrize(
    "text", ["", "?!", "asdf qwer zxcv", "嗯", "hmm ok", "123 456", "the", "delete", "把", "ё ж ш"]
)
def test_words_that_tell_nothing_give_no_opinion(text: str) -> None:
    assert likely(normalise(text)) is None


def test_the_probabilities_of_a_question_add_up_to_one() -> None:
    found = probabilities("who signs the quote")
    assert set(found) == set(LABELS)
    assert sum(found.values()) == pytest.approx(1)


def test_the_opinion_carries_its_probability() -> None:
    found = likely("write me a rap about winter")
    assert found == Likely("out_of_scope", probabilities("write me a rap about winter")["out_of_scope"])


def test_the_shipped_weights_come_from_the_shipped_examples() -> None:
    every = [*train.examples(), *train.sentences_of_frames()]
    assert f'"examples":"{train.fingerprint(every)}"' in WEIGHTS.read_text("utf-8")


def test_every_label_has_its_examples_in_both_languages() -> None:
    counted = Counter((example.label, example.language) for example in train.examples())
    assert set(counted) == {(label, language) for label in LABELS for language in ("en", "zh")}
    assert min(counted.values()) >= 250


def test_no_example_stands_twice_or_under_two_labels() -> None:
    counted = Counter(example.text for example in train.examples())
    assert [text for text, count in counted.items() if count > 1] == []


def test_the_weights_are_small_and_a_question_takes_no_time() -> None:
    questions = [example.text for example in train.examples()]
    likely(questions[0])
    started = time.process_time()
    for question in questions:
        likely(question)
    assert (time.process_time() - started) / len(questions) < 0.0005
    assert WEIGHTS.stat().st_size < 600_000


def test_asking_loads_no_learning_library_and_importing_reads_no_weights() -> None:
    look = (
        "import sys; from assistant.understanding.likely import likely; module = sys.modules[likely.__module__]; "
        "assert not module._weights.cache_info().currsize; likely('delete this lead'); "
        "assert not {'sklearn', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-P", "-c", look], check=True, timeout=60)


def test_a_question_about_the_company_is_hardly_ever_claimed_for_something_else() -> None:
    asked = Counter[str]()
    for file in ("english.jsonl", "chinese.jsonl"):
        for golden in strict.read_golden(file):
            if golden.kind not in ("playbook", "refuse"):
                claim = judged(golden.question)
                asked["claimed" if claim in ("playbook", "out_of_scope", "write") else "left"] += 1
    print(f"\nquestions about the company: {dict(asked)}")
    assert asked["claimed"] <= 0.005 * asked.total()


@cache
def held() -> tuple[list[train.Held], float]:
    answered = train.held_back(train.examples(), train.sentences_of_frames())
    return answered, train.temperature_of(answered)


@pytest.mark.slow
@pytest.mark.xdist_group("likely")
def test_examples_held_back_are_answered_with_honest_probabilities() -> None:
    answered, temperature = held()
    error = train.calibration_error(answered, temperature)
    print(f"\nright {train.accuracy(answered, temperature):.1%}, calibration error {error:.3f}")
    assert train.accuracy(answered, temperature) >= 0.75
    assert error <= 0.05


@pytest.mark.slow
@pytest.mark.xdist_group("likely")
def test_at_most_one_opinion_in_a_hundred_is_wrong() -> None:
    answered, temperature = held()
    given = train.above(answered, temperature, train.kept_thresholds())
    for label, (count, wrong) in given.items():
        print(f"\n{label}: {count} opinions on examples held back, {wrong} wrong", end="")
        assert count >= 20
    assert sum(wrong for _, wrong in given.values()) <= 0.01 * sum(count for count, _ in given.values())
