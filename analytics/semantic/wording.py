"""What validation finds in a file -> sentences that somebody who wrote the file can act on, one per mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analytics.semantic.faults import Complaint
from analytics.semantic.written import CARD, MISFIT, NAME, Written, shown
from analytics.semantic.yaml_file import line_of

_PATTERNS = {
    NAME: "small letters, digits and _, starting with a letter",
    CARD: "small letters, digits and hyphens",
}
_SHOULD_BE = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list in square brackets",
    "dict_type": "names with what belongs to each, in braces or indented",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
}
_EXAMPLES = {
    "Words": "{en: ..., zh: ...}",
    "Synonyms": "{en: [...], zh: [...]}",
    "Measure": "{table: orders, sum: amount}",
    "Condition": "{known: true}",
    "State": "{from: created_at, until: [closed_at], open: {outcome: open}}",
    "Window": "{months: 12}",
    "Having": "{distinct: order_id, at_least: 2}",
    "Days": "{days: 28}",
    "Exists": "{table: orders, on: {customer_id: customer_id}, time: ordered_at, after: {days: 90}}",
    "Funnel": "{subject: [lead_id], step: stage, order: [new, contacted, won]}",
    "Forecast": "{kpi: revenue, part: error}",
    "Additive": "{over_time: true, over: all}",
    "ComparisonPolicy": "{default: previous, to_date: same_days}",
    "Access": "{rep: own, manager: teams, exec: all}",
    "Drivers": "{parts: [orders, aov], dimensions: [region]}",
    "Verified": "{en: ..., zh: ..., plan: {kpis: [revenue], period: last month}}",
    "During": "{from: from_on, to: to_on}",
    "Join": "{to: customers, on: {customer_id: customer_id}}",
    "Latest": "{of: predictions, by: subject_id, at: as_of}",
    "Labels": "{table: reps, key: rep_id, name: name}",
    "Dimension": "{names: {en: ..., zh: ...}}",
}


def worded(path: Path, given: Any, error: ValidationError) -> Iterator[Complaint]:
    """One complaint for each field at fault."""
    problems: dict[tuple[Any, ...], Any] = {}
    for problem in error.errors(include_url=False):
        problems.setdefault(_written_at(given, problem["loc"], problem["type"]), problem)
    for place, problem in problems.items():
        if problem["type"] == "too_short" and any(other[: len(place)] == place != other for other in problems):
            continue  # an entry that is wrong was left out of the count
        at = (*place, *problem["ctx"]["at"]) if problem["type"] == MISFIT else place
        yield Complaint(path, line_of(path, at), _sentence(_called(place), problem))


def _written_at(given: Any, location: tuple[Any, ...], kind: str) -> tuple[Any, ...]:
    """The steps to the fault that stand in the file: the others are the validation's own."""
    place: list[Any] = []
    for number, step in enumerate(location, start=1):
        listed = isinstance(given, list) and isinstance(step, int) and step < len(given)
        if listed or (isinstance(given, dict) and step in given):
            place.append(step)
            given = given[step]
        elif kind == "missing" and number == len(location):
            place.append(step)
    return tuple(place)


def _called(place: tuple[Any, ...]) -> str:
    """`measures.ordered.where.channel_id`; entries of lists are counted from 1."""
    return "".join(f" #{step + 1}" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _sentence(field: str, problem: Any) -> str:
    kind, given, told = problem["type"], problem["input"], problem.get("ctx", {})
    match kind:
        case "missing":
            return f"{field} is missing"
        case "extra_forbidden":
            return f"{field} is no field here; check its spelling{_near(field)}"
        case "misfit" | "value_error":
            return f"{field}: {_reason(problem)}".removeprefix(": ")
        case "enum" | "literal_error":
            return f"{field}: input should be {_choices(told['expected'])}, not {shown(given)}"
        case "string_pattern_mismatch":
            return f"{field}: {shown(given)} cannot be used; write {_PATTERNS[told['pattern']]}"
        case "string_type" if isinstance(given, int | float):
            return f'{field} should be text; put it in quotes: "{shown(given)}"'
        case "string_type" if given is not None:
            return f"{field} should be text, not {shown(given)}"
        case "string_type" | "string_too_short":
            return f"{field}: nothing stands here"
        case "too_short":
            return f"{field} needs at least {told['min_length']}"
        case "too_long":
            return f"{field} takes {told['max_length']} at most"
        case "model_type" | "model_attributes_type" if told["class_name"] in _EXAMPLES:
            return f"{field} should look like {_EXAMPLES[told['class_name']]}"
    if kind in _SHOULD_BE:
        return f"{field} should be {_SHOULD_BE[kind].format(**told)}, not {shown(given)}"
    return f"{field}: {shown(given)} cannot stand here"


def _near(field: str) -> str:
    known = {part.alias or name for family in Written.__subclasses__() for name, part in family.model_fields.items()}
    near = get_close_matches(field.rpartition(".")[2], sorted(known), n=1, cutoff=0.7)
    return f" ({near[0]}?)" if near else ""


def _reason(problem: Any) -> str:
    return str(problem["msg"]).removeprefix("Value error, ")


def _choices(expected: str) -> str:
    """`<Unit.COUNT: 'count'>` is 'count' in a file, and True is true."""
    return re.sub(r"<[^:>]+: ([^>]+)>", r"\1", expected).replace("True", "true")
