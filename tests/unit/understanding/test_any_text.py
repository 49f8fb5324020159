"""Whatever is typed gives a plan that is whole, the same each time, and never a fault."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import assistant.understanding
from assistant.plans import Plan
from assistant.understanding import Context, understand

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
_MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _phrases(part: Any) -> set[str]:
    """Every phrase of a word file, whatever its shape."""
    if isinstance(part, dict):
        return set().union(*(_phrases(one) for one in part.values()))
    if isinstance(part, list):
        return set().union(*(_phrases(one) for one in part))
    return {part} if isinstance(part, str) else set()


@cache
def _vocabulary() -> tuple[str, ...]:
    """The phrases of every word file beside the rules, and questions people ask."""
    files = Path(assistant.understanding.__file__).parent.rglob("*.yaml")
    phrases = set().union(*(_phrases(yaml.safe_load(file.read_text("utf-8"))) for file in sorted(files)))
    asked = yaml.safe_load(Path(__file__).with_name("parallel.yaml").read_text("utf-8"))
    return tuple(sorted(phrases | _phrases(asked)))


def _characters() -> st.SearchStrategy[str]:
    return st.one_of(
        st.text(max_size=40),
        st.text(alphabet="0123456789.,%万亿千百十个点成折w k-/~～第年月日周季号", max_size=14),
        st.text(alphabet=" \t\n？?!！。，,;；:：'\"“”（）()<>@#&*_`~|\\/-–—…", max_size=8),
        st.sampled_from(["<@U0R001>", "👍🏽", "\u200b", "\u202e", "Ａ", "ﬁ", "İ", "ß", "\ud800", "\x00", "臺", "９９"]),
    )


def _texts() -> st.SearchStrategy[str]:
    """Unicode, our own words, and both run together, with and without spaces."""
    pieces = st.lists(st.one_of(st.deferred(lambda: st.sampled_from(_vocabulary())), _characters()), max_size=9)
    return st.builds(lambda parts, joint: joint.join(parts), pieces, st.sampled_from(["", " ", "，", " and ", "的"]))


@given(text=_texts())
@_MANY
def test_any_text_gives_a_plan_that_is_whole(text: str, context: Context) -> None:
    plan = understand(text, context)
    assert _PLAN.validate_python(plan.model_dump(mode="json")) == plan
    assert _PLAN.validate_json(_PLAN.dump_json(plan)) == plan


@given(text=_texts())
@_MANY
def test_the_same_text_gives_the_same_plan(text: str, context: Context) -> None:
    assert understand(text, context) == understand(text, context)


@given(text=_texts(), before=_texts())
@_MANY
def test_what_was_asked_elsewhere_leaves_no_trace(text: str, before: str, context: Context) -> None:
    alone = understand(text, context)
    understand(before, context)
    assert understand(text, context) == alone
