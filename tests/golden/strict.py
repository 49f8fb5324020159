"""Golden questions and the strict comparison: the plan a question is read as is the expected one, whole.

An expected plan leaves out what stands at its default, the labels of periods, and what the question does not say
(`assumed`); all else is compared. `tests/golden/*.jsonl` hold the questions, `company.yaml` the names they are read
against.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from analytics.accounts import CustomerName
from analytics.organisation import Rep
from analytics.semantic import read_model
from assistant.plans import Choice, Clarify, Compound, Plan, Refuse
from assistant.understanding import Context, understand
from assistant.understanding.lexicon import Lexicon, our_words
from assistant.understanding.names import names_of, names_of_cities, names_of_reps
from assistant.understanding.naming import NameIndex

HERE = Path(__file__).parent
_KINDS = {kind.model_fields["kind"].default: kind for kind in (*get_args(Choice), Compound, Clarify, Refuse)}
_NOT_COMPARED = {"assumed": (), "day": ("leads",), "words": ("playbook",)}  # in the plans of these kinds; () is all
_PART_DEFAULTS = {"op": "in", "descending": True, "at": "09:00"}
_MAY_BE_ASSUMED = frozenset({"period", "comparison", "rhythm", "whose"})


@dataclass(frozen=True)
class Golden:
    """A question and the plans that are right for it, each as (route, plan or None)."""

    line: int
    question: str
    today: date
    expected: tuple[tuple[str, Mapping[str, Any] | None], ...]

    @property
    def kind(self) -> str:
        """The kind of plan that is expected first."""
        return self.expected[0][0]


@dataclass(frozen=True)
class Verdict:
    """Which of right, asked back, refused and wrong; both plans as they were compared, and the whole one."""

    golden: Golden
    outcome: str
    expected: Mapping[str, Any]
    got: Mapping[str, Any]
    plan: Plan

    def __str__(self) -> str:
        return (
            f"line {self.golden.line}, {self.outcome}: {self.golden.question}\n"
            f"  expected {json.dumps(_differing(self.expected, self.got), ensure_ascii=False)}\n"
            f"  got      {json.dumps({**_differing(self.got, self.expected), **self._doubt()}, ensure_ascii=False)}"
        )

    def _doubt(self) -> dict[str, Any]:
        """What a question back or a refusal is about."""
        doubted = isinstance(self.plan, Clarify | Refuse)
        return self.plan.model_dump(mode="json", include={"reason", "words"}) if doubted else {}


def read_golden(name: str) -> list[Golden]:
    """The questions of one file."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [_golden(number, json.loads(line)) for number, line in enumerate(lines, start=1) if line.strip()]


def _golden(line: int, given: Mapping[str, Any]) -> Golden:
    several = given.get("expect_any") or [given["expect"]]
    expected = tuple((one["route"], one.get("plan")) for one in several)
    return Golden(line, given["question"], date.fromisoformat(given["today"]), expected)


@cache
def golden_context() -> Context:
    """The names of the demo company, as far as questions need them, on the day most questions are asked."""
    company, model = _company(), read_model()
    reps = [Rep(*row) for row in company["reps"]]
    values = [named for dimension, rows in company["values"].items() for named in names_of(dimension, rows)]
    values += names_of_cities(company["cities"])
    lexicon = Lexicon((*names_of_reps(reps), *values), model)
    names = NameIndex(golden_customers(), reps, common=our_words(model) | {name for name, _ in values})
    return Context(
        lexicon, model, date(2026, 11, 23), company["fiscal_year_start"], names, None, company["performance_reading"]
    )


def golden_customers() -> list[CustomerName]:
    """The customers that questions name, their groups and branches, and others of the same short name."""
    return [CustomerName(key, name, tuple(also), parent) for key, name, also, parent in _company()["customers"]]


@cache
def _company() -> dict[str, Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    company: dict[str, Any] = yaml.load((HERE / "company.yaml").read_text("utf-8"), Loader=loader)
    return company


def judge(golden: Golden, context: Context) -> Verdict:
    """The question read and held against each plan that is right for it."""
    plan = understand(golden.question, replace(context, today=golden.today))
    verdicts = [_against(golden, route, wanted, plan) for route, wanted in golden.expected]
    return min(verdicts, key=lambda verdict: (verdict.outcome != "right", verdict.expected["kind"] != plan.kind))


def _against(golden: Golden, route: str, wanted: Mapping[str, Any] | None, plan: Plan) -> Verdict:
    expected = bare({**(wanted or {}), "kind": route})
    got = bare(plan.model_dump(mode="json"), expected)
    return Verdict(golden, _outcome(expected, got), expected, got, plan)


def _outcome(expected: Mapping[str, Any], got: Mapping[str, Any]) -> str:
    if got == expected:
        return "right"
    return {"clarify": "asked back", "refuse": "refused"}.get(got["kind"], "wrong")


def bare(plan: Mapping[str, Any], expected: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A plan as it is compared: no defaults, labels or own words; no assumptions that `expected` leaves out.

    Of a question back and of a refusal only the reason is left, and that only where it is expected.
    """
    kind = plan["kind"]
    if kind in ("clarify", "refuse"):
        says = "reason" in plan and (expected is None or "reason" in expected)
        return {"kind": kind, **({"reason": plan["reason"]} if says else {})}
    assumed = _MAY_BE_ASSUMED & set(plan.get("assumed", ())) - set(expected or plan)
    defaults = _defaults(kind)
    return {"kind": kind} | {
        name: _bare_field(name, value, (expected or {}).get(name))
        for name, value in plan.items()
        if name not in assumed and not _left_out(name, kind) and not (name in defaults and value == defaults[name])
    }


def _left_out(name: str, kind: str) -> bool:
    return name == "kind" or (name in _NOT_COMPARED and kind in (_NOT_COMPARED[name] or (kind,)))


@cache
def _defaults(kind: str) -> Mapping[str, Any]:
    fields = _KINDS[kind].model_fields
    defaults = {name: field.default for name, field in fields.items() if not field.is_required()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in defaults.items()}


def _bare_field(name: str, value: Any, expected: Any) -> Any:
    if isinstance(value, Mapping):
        return bare(value, expected) if "kind" in value and name == "what" else _bare_part(value)
    if name == "parts":
        told: Iterable[Any] = (
            expected if isinstance(expected, list) and len(expected) == len(value) else [None] * len(value)
        )
        return [bare(part, one) for part, one in zip(value, told, strict=True)]
    if name == "filters":
        return sorted((_bare_part(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def _bare_part(part: Mapping[str, Any]) -> dict[str, Any]:
    if "start" in part and "end" in part:
        return {"start": part["start"], "end": part["end"]}
    kept = {
        name: _bare_part(value) if isinstance(value, Mapping) else value
        for name, value in part.items()
        if value is not None and value != [] and value != _PART_DEFAULTS.get(name)
    }
    if "values" in kept and part.get("op", "in") != "between":
        kept["values"] = sorted(kept["values"], key=str)
    return kept


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The kind, and the fields in which a plan differs from the other."""
    return {name: value for name, value in one.items() if name == "kind" or other.get(name) != value}


def counted(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many of each outcome."""
    outcomes = [verdict.outcome for verdict in verdicts]
    return {name: outcomes.count(name) for name in ("right", "asked back", "refused", "wrong")}
