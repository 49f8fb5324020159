"""Threads: what is typed after an answer -> the plan it means; the table of threads lies beside this file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import opencc
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assistant.plans import Clarify, Compound, KpiQuery, Plan, Refuse
from assistant.understanding import Context, understand
from assistant.understanding.follow_ups import FollowUp, follow_up
from assistant.understanding.understand import read

_THREADS = yaml.safe_load(Path(__file__).with_name("follow_ups.yaml").read_text("utf-8"))
_TRADITIONAL = opencc.OpenCC("s2t")
_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


def _rows() -> list[Any]:
    return [
        pytest.param(row, text, id=f"{number}-{text}")
        for number, row in enumerate(_THREADS)
        for text in (*row["en"], *row["zh"], *(_TRADITIONAL.convert(zh) for zh in row["zh"]))
    ]


def then(text: str, before: Plan, context: Context) -> FollowUp | None:
    """What `text` means after a plan."""
    return follow_up(read(text, context), before, context, lambda words: understand(words, context))


def before_of(told: str | dict[str, Any], context: Context) -> Plan:
    """The plan before: of a question, or as it stands in the table."""
    return understand(told, context) if isinstance(told, str) else _PLAN.validate_python(_dated(told))


def _dated(told: Any) -> Any:
    if isinstance(told, dict):
        day = (
            {"day": {"start": "2026-11-23", "end": "2026-11-24", "label": "today"}}
            if told.get("kind") == "leads"
            else {}
        )
        return {name: _days(value) if name == "period" else _dated(value) for name, value in {**day, **told}.items()}
    return [_dated(value) for value in told] if isinstance(told, list) else told


def _days(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: str(value) for name, value in told.items()}
    start, end = told.split("..")
    return {"start": start, "end": end, "label": told, **_unit(date.fromisoformat(start), date.fromisoformat(end))}


def _unit(start: date, end: date) -> dict[str, Any]:
    """The unit of the calendar that whole days make, as the reader of periods would say it."""
    if end - start == timedelta(days=7):
        return {"grain": "week"}
    return {"grain": "month"} if start.day == end.day == 1 and 28 <= (end - start).days <= 31 else {}


def _told(plan: Plan) -> dict[str, Any]:
    """A plan as the table writes it."""
    fields = {
        name: value for name in type(plan).model_fields if (value := _written(plan, name)) not in (None, (), [], False)
    }
    for name in ("day", "label", "comparison", "purpose", "assumed"):
        fields.pop(name, None)
    if fields.pop("kind") != "kpi":
        fields["kind"] = plan.kind
    sides = {"in": "filters", "not_in": "not"}
    for only in fields.pop("filters", ()):
        held = _span(only.period) if getattr(only, "period", None) else list(only.values)
        fields.setdefault(sides.get(only.op, only.op), {})[only.name] = held
    compared = getattr(plan, "comparison", None)
    if compared is not None and "comparison" not in plan.assumed:
        fields["compared"] = compared.kind
    return fields


def _written(plan: Plan, name: str) -> Any:
    value = getattr(plan, name)
    if name == "period":
        return _span(value)
    if name == "having":
        return len(value) or None
    if name == "order" and value is not None:
        return [value.by, value.descending]
    if name in ("owner", "state", "rhythm", "about", "view", "form") and value == type(plan).model_fields[name].default:
        return None
    return (
        list(value)
        if isinstance(value, tuple) and name != "filters"
        else str(value)
        if name == "grain" and value
        else value
    )


def _span(days: Any) -> str:
    return f"{days.start}..{days.end}"


@pytest.mark.parametrize(("row", "text"), _rows())
def test_every_wording_of_a_follow_up_gives_its_one_plan(row: dict[str, Any], text: str, context: Context) -> None:
    found = then(text, before_of(row["before"], context), context)
    if row.get("alone"):
        assert found is None
        return
    assert found is not None
    plan = found.plan
    if "asks" in row:
        assert isinstance(plan, Clarify), plan
        assert plan.reason == row["asks"]
        assert len(plan.choices) >= row.get("choices", 1)
    elif "refuses" in row:
        assert isinstance(plan, Refuse), plan
        assert plan.reason == row["refuses"]
    else:
        wanted = dict(row["then"])
        assumed = wanted.pop("assumed", None)
        told = _told(plan)
        wanted = {
            name: told.get(name) if name == "rhythm" and value == "week" else value for name, value in wanted.items()
        }
        assert told == {name: value for name, value in wanted.items() if value is not None}
        if assumed is not None:
            assert set(assumed) <= set(plan.assumed)


# --- nothing is dropped, nothing is guessed


_READ = [
    pytest.param(row, text, id=f"{row['before']}-{text}")
    for row in _THREADS
    if "then" in row
    for text in (row["en"][0], row["zh"][0])
]


@pytest.mark.parametrize(("row", "text"), _READ)
@pytest.mark.parametrize("word", ["{} quux", "quux {}", "{}鲸鱼"])
def test_a_word_nobody_knows_is_never_dropped(word: str, row: dict[str, Any], text: str, context: Context) -> None:
    assert then(word.format(text.rstrip("?")), before_of(row["before"], context), context) is None


@pytest.mark.parametrize(("row", "text"), _READ)
@pytest.mark.parametrize("manners", ["{} please", "hi, {}", "{} 👍", "  {}  ", "{}，谢谢"])
def test_manners_change_no_follow_up(manners: str, row: dict[str, Any], text: str, context: Context) -> None:
    before = before_of(row["before"], context)
    plain, polite = then(text, before, context), then(manners.format(text), before, context)
    assert plain is not None
    assert polite == plain


_BEFORE = [row["before"] for row in _THREADS]
_WORDS = [text for row in _THREADS for text in (*row["en"], *row["zh"])]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_BEFORE), st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=12)), min_size=1, max_size=3)
)
def test_any_words_after_any_plan_give_a_whole_plan_or_none(context: Context, told: Any, texts: list[str]) -> None:
    before, text = before_of(told, context), " ".join(texts)
    found = then(text, before, context)
    assert found == then(text, before, context)
    if found is not None:
        assert _PLAN.validate_python(found.plan.model_dump(mode="json")) == found.plan


# --- what stays and what changes is told


@pytest.mark.parametrize(
    ("before", "text", "kept", "changed"),
    [
        ("revenue last month for West", "and for East?", {"kpis", "period"}, {"filters"}),
        ("revenue last month for West", "by channel", {"kpis", "period", "filters"}, {"dimensions"}),
        ("revenue last month for West", "same for win rate", {"period", "filters"}, {"kpis"}),
        ("revenue last month for West", "why?", {"kpis", "period", "filters"}, {"kind"}),
        ("revenue last month for West", "and Anna, last year?", {"kpis", "filters"}, {"period", "whose"}),
        (
            "revenue last month by region",
            "just the top 3 as a chart",
            {"kpis", "period", "dimensions"},
            {"order", "limit", "as_chart"},
        ),
        ("which leads should my team call today", "前三条", {"owner"}, {"limit"}),
    ],
)
def test_what_stays_and_what_changes_is_told(
    before: str, text: str, kept: set[str], changed: set[str], context: Context
) -> None:
    found = then(text, before_of(before, context), context)
    assert found is not None
    assert (set(found.kept), set(found.changed)) == (kept, changed)


def test_what_was_assumed_is_not_told_as_kept(context: Context) -> None:
    found = then("and calls?", before_of("revenue", context), context)
    assert found is not None
    assert "period" not in (*found.kept, *found.changed)


# --- threads of several messages


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            ["revenue last month", "by region", "just the top 3", "and the month before?", "as a chart"],
            {"kpis": ["revenue"], "period": "2026-09-01..2026-10-01", "dimensions": ["region"], "order": ["revenue", True],
             "limit": 3, "as_chart": True},
        ),
        (
            ["上个月销售额", "华东的呢", "按渠道看", "换成赢单率", "去年呢"],
            {"kpis": ["win_rate"], "period": "2025-01-01..2026-01-01", "filters": {"region": ["East"]}, "dimensions": ["channel"]},
        ),
        (
            ["conversion rate last month", "the second", "by team", "why?", "and for the West?"],
            {"kind": "why", "kpi": "win_rate", "period": "2026-10-01..2026-11-01", "dimensions": ["team"], "filters": {"region": ["West"]}},
        ),
        (
            ["上個月銷售額", "那張偉呢", "換成圖", "那Anna呢", "同比呢"],
            {"kpis": ["revenue"], "period": "2026-10-01..2026-11-01", "whose": "rep:R008", "as_chart": True, "compared": "last_year"},
        ),
        (
            ["revenue last quarter", "weekly", "only East", "without the filter", "in total"],
            {"kpis": ["revenue"], "period": "2026-07-01..2026-10-01"},
        ),
    ],
)  # fmt: skip
def test_each_message_goes_on_from_the_one_before(texts: list[str], told: dict[str, Any], context: Context) -> None:
    plan = understand(texts[0], context)
    for text in texts[1:]:
        found = then(text, plan, context)
        assert found is not None, text
        plan = found.plan
    assert _told(plan) == told


def test_every_part_of_a_compound_question_changes(context: Context) -> None:
    parts = [understand(text, context).model_dump(mode="json") for text in ("revenue last month", "orders last week")]
    before = _PLAN.validate_python({"kind": "compound", "parts": parts})
    found = then("and for East?", before, context)
    assert found is not None
    assert isinstance(found.plan, Compound)
    assert [_told(part)["filters"] for part in found.plan.parts] == [{"region": ["East"]}] * 2
    assert [_told(part)["period"] for part in found.plan.parts] == ["2026-10-01..2026-11-01", "2026-11-16..2026-11-23"]


# --- what a KPI does not have


def test_a_kpi_without_the_breakdown_kept_says_so_by_name(context: Context) -> None:
    before = before_of("revenue last month by channel", context)
    for text, name in (("same for CAC", "channel"), ("那获客成本呢", "渠道")):
        found = then(text, before, context)
        assert found is not None
        assert isinstance(found.plan, Clarify)
        assert (found.plan.reason, found.plan.words) == ("dimension_not_allowed", (name,))


def test_only_new_customers_of_revenue_is_asked_about(context: Context) -> None:
    found = then("only new customers", before_of("revenue last month", context), context)
    assert found is not None
    assert isinstance(found.plan, Clarify)
    assert found.plan.words == ("new customers",)
    kpis = [choice.kpis for choice in found.plan.choices if isinstance(choice, KpiQuery)]
    assert {("revenue",), ("new_customers",)} <= set(kpis)


def test_a_follow_up_takes_milliseconds(context: Context) -> None:
    threads = [(before_of(row["before"], context), text) for row in _THREADS for text in (row["en"][0], row["zh"][0])]
    for before, text in threads[:20]:
        then(text, before, context)
    started = perf_counter()
    for before, text in threads:
        then(text, before, context)
    assert (perf_counter() - started) / len(threads) < 0.03
