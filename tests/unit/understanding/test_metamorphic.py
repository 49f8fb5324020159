"""What does not change a question's meaning does not change its plan: politeness, case, widths, punctuation, greetings,
emoji, the order of phrases; and another month changes the period alone.

Tried on golden questions that are read right.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest

from assistant.plans import Plan
from assistant.understanding import understand
from assistant.understanding.normalise import normalise

sys.path.insert(0, str(Path(__file__).parents[2] / "golden"))
from strict import Golden, golden_context, judge, read_golden

_HAN = re.compile(r"[\u3400-\u9fff]")
_EVERY = 3  # of the golden questions that are tried
_IN_OWN_WORDS = ("words", "understood", "offers", "text", "why")

Change = Callable[[str], str | None]  # a question told otherwise; None where it does not apply


@dataclass(frozen=True)
class Sample:
    """A golden question that is read right, and its plan."""

    golden: Golden
    plan: Plan


@cache
def _samples() -> tuple[Sample, ...]:
    context = golden_context()
    tried = [golden for name in ("english.jsonl", "chinese.jsonl") for golden in read_golden(name)[::_EVERY]]
    right = [golden for golden in tried if judge(golden, context).outcome == "right"]
    return tuple(Sample(golden, _plan_of(golden.question, golden)) for golden in right)


def _plan_of(text: str, golden: Golden) -> Plan:
    return understand(text, replace(golden_context(), today=golden.today))


def _meant(plan: Plan) -> dict[str, Any]:
    """The plan without the asker's own words; a topic, which is one of them, in either script."""
    return _without_own_words(plan.model_dump(mode="json"))


def _without_own_words(plan: dict[str, Any]) -> dict[str, Any]:
    meant = {name: value for name, value in plan.items() if name not in _IN_OWN_WORDS}
    if "parts" in meant:
        meant["parts"] = [_without_own_words(part) for part in meant["parts"]]
    return {**meant, "topic": normalise(meant["topic"])} if meant.get("topic") else meant


def _in(language: str, change: Callable[[str], str]) -> Change:
    """A change to questions of one language: en, zh (either script)."""

    def changed(text: str) -> str | None:
        return change(text) if bool(_HAN.search(text)) is (language == "zh") else None

    return changed


def _before(language: str, words: str) -> Change:
    return _in(language, lambda text: f"{words}{text}")


def _behind(language: str, words: str) -> Change:
    return _in(language, lambda text: f"{text.rstrip(' ?？.。!！')}{words}")


def _full_width(text: str) -> str:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
    return text if "<" in text or "@" in text else text.translate(wide)


def _spaced(text: str) -> str:
    """A space wherever Chinese and Latin or digits meet."""
    return re.sub(r"(?<=[\u3400-\u9fff])(?=[A-Za-z])|(?<=[A-Za-z])(?=[\u3400-\u9fff])", " ", text)


_FRONT = {
    "en": ["please ", "hi, ", "Good morning! ", "hey team, ", "@leadline ", "quick question: ", "📊 "],
    "zh": ["请问", "麻烦帮我看一下", "你好，", "早上好，", "請問", "哈囉，", "早～ ", "@leadline ", "📊 "],
}
_END = {
    "en": ["?", "??", "!", " ...", " please", " thanks", ", thank you!", " 🙏", " :pray:", "\n"],
    "zh": ["？", "?", "。", "！！", "……", "，谢谢", "，麻烦了", "，辛苦了", "，謝謝", " 🙏", "~"],
}
_CHANGES: dict[str, Change] = {
    **{f"{words!r} in front": _before(language, words) for language, all_ in _FRONT.items() for words in all_},
    **{f"{words!r} behind ({language})": _behind(language, words) for language, all_ in _END.items() for words in all_},
    "upper case": str.upper,
    "lower case": str.lower,
    "full width": _full_width,
    "double spaces": lambda text: text.replace(" ", "  "),
    "spaces between scripts": _spaced,
    "in Traditional": _in("zh", opencc.OpenCC("s2t").convert),
    "in Simplified": _in("zh", opencc.OpenCC("t2s").convert),
}


def test_there_are_enough_questions_to_try() -> None:
    assert len(_samples()) >= 80
    assert {"en", "zh"} == {"zh" if _HAN.search(sample.golden.question) else "en" for sample in _samples()}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_telling_it_otherwise_does_not_change_the_plan(change: Change) -> None:
    told = [(sample, text) for sample in _samples() if (text := change(sample.golden.question)) is not None]
    assert told
    changed = [text for sample, text in told if _meant(_plan_of(text, sample.golden)) != _meant(sample.plan)]
    assert not changed, f"{len(changed)} of {len(told)} are read otherwise:\n" + "\n".join(changed)


# --- the order of phrases

_OF_ONE_PERIOD = frozenset({"kpi", "why", "funnel", "cost", "spend", "summary"})
_PERIOD = re.compile(
    r"\b(?:(?:last|this) (?:week|month|quarter|year)|yesterday|(?:in )?the last \d+ (?:days|weeks|months)|in october)\b"
    r"|(?:上个?月|上個月|本月|这个月|這個月|上周|上週|上禮拜|本周|本週|上季度|上一季|本季度|昨天|(?:今年|去年)(?![一二三四第上下q\d]))",
    re.IGNORECASE,
)
_MORE_THAN_ONE_CLAUSE = re.compile(
    r"\b(?:and|vs|than|compared|or|against|why)\b|[?,;，；、比和跟较較还還]|同期", re.IGNORECASE
)


def _moved(question: str) -> Iterator[str]:
    """The period in front and at the end, where there is one period and one clause."""
    text = question.rstrip(" ?？.。!！")
    found = list(_PERIOD.finditer(text))
    if len(found) != 1 or _MORE_THAN_ONE_CLAUSE.search(text):
        return
    period = found[0]
    before, after = text[: period.start()].strip(), text[period.end() :].strip()
    if _HAN.search(text):
        after = after.removeprefix("的")
        if before and not before.isascii():
            yield f"{period[0]}{before}{after}"
        if not before:
            yield f"{after}，{period[0]}"
    elif not after:
        yield f"{period[0]} {before}"
        yield f"{period[0]}: {before}"
    elif not before:
        yield f"{after} {period[0]}"


def test_the_period_may_stand_first_or_last() -> None:
    samples = [sample for sample in _samples() if sample.plan.kind in _OF_ONE_PERIOD]
    told = [(sample, text) for sample in samples for text in _moved(sample.golden.question)]
    assert len(told) >= 15
    changed = [text for sample, text in told if _meant(_plan_of(text, sample.golden)) != _meant(sample.plan)]
    assert not changed, f"{len(changed)} of {len(told)} are read otherwise:\n" + "\n".join(changed)


# --- another month

_LAST_MONTH = re.compile(r"\b(?:last month|in october)\b|上个?月|上個月", re.IGNORECASE)
_OCTOBER, _SEPTEMBER = ("2026-10-01", "2026-11-01"), ("2026-09-01", "2026-10-01")


def _without_periods(part: Any) -> Any:
    if isinstance(part, dict):
        if "start" in part and "end" in part:
            return "a period"
        return {name: _without_periods(value) for name, value in part.items() if name not in _IN_OWN_WORDS}
    return [_without_periods(one) for one in part] if isinstance(part, list) else part


def _period(plan: Plan) -> tuple[str, str] | None:
    period = getattr(plan, "period", None)
    return (period.start, period.end) if period is not None else None


@pytest.mark.parametrize(("english", "chinese"), [("in september", "9月"), ("in Sep 2026", "2026年9月")])
def test_another_month_changes_the_period_alone(english: str, chinese: str) -> None:
    samples = [sample for sample in _samples() if _period(sample.plan) == _OCTOBER]
    told = [
        (sample, _LAST_MONTH.sub(chinese if _HAN.search(sample.golden.question) else english, sample.golden.question))
        for sample in samples
        if len(_LAST_MONTH.findall(sample.golden.question)) == 1
    ]
    assert len(told) >= 10
    changed = []
    for sample, text in told:
        plan = _plan_of(text, sample.golden)
        same = _without_periods(plan.model_dump(mode="json")) == _without_periods(sample.plan.model_dump(mode="json"))
        if _period(plan) != _SEPTEMBER or not same:
            changed.append(text)
    assert not changed, f"{len(changed)} of {len(told)} are read otherwise:\n" + "\n".join(changed)
