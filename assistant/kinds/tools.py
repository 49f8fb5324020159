"""Each plan kind as a tool, for a language model that proposes plans: it says what to ask, every number is ours.

    tools(desk, asker, clock)                           LangChain tools, one a kind; a run is an answer of the desk
    proposed({"kind": "kpi", "kpis": ["revenue"], "period": "last week"}, setting)     the plan, nothing run
    tool_schemas()                                      names, descriptions and JSON schemas, without LangChain

A proposal is a plan without what we fill in: `assumed`, the day, and what stands beside the days of a period. A period
is two days or words that the grammar of times reads. What is left open is filled in as it is of a question in words,
and said so. A proposal is worth what a button is: it is validated, and its asker's rights decide what it may read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from inspect import getdoc
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, cast, get_args, get_origin

from pydantic import Field, ValidationError, create_model
from pydantic_core import to_jsonable_python

from analytics.organisation import read_company
from analytics.semantic import Model
from analytics.semantic.calendar import days, last, shape, unit, units
from analytics.semantic.list_file import read_lists
from analytics.semantic.usual import usual_period
from analytics.vocabulary import Clock, Grain, Period
from analytics.warehouse import NothingLoaded
from assistant.desk import Desk, as_json
from assistant.plans import Choice, Day, Days, Refuse
from assistant.plans.parts import PlanPart
from assistant.question import Asker, Language, Question
from assistant.understanding.normalise import normalise
from assistant.understanding.periods import periods_in

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

Args = dict[str, Any]

WHEN: Mapping[str, str] = {
    "leads": "Use it for whom to call today, and for lists of leads.",
    "deals": "Use it for lists of deals: over an amount, in a stage, closing or lost in a period.",
    "customers": "Use it for lists of accounts: by region or value, or without an order for so many days.",
    "customer": "Use it for one named account.",
    "deal": "Use it for the price of one deal, or for how to negotiate it.",
    "kpi": "Use it for how much or how many: KPIs, trends, rankings, comparisons.",
    "why": "Use it for why a KPI rose or fell.",
    "forecast": "Use it for what a KPI will come to, and for whether a target will be reached.",
    "summary": "Use it for a report of a day, week, month, quarter or year.",
    "funnel": "Use it for the stages of the pipeline and where leads or deals drop out.",
    "spend": "Use it for the marketing budget and its channels.",
    "cost": "Use it for what sales activities cost.",
    "experiment": "Use it for pilots and tests against a control.",
    "model": "Use it for how a score or a prediction comes about and how good it is.",
    "data": "Use it for whether data can be relied on, and where a figure comes from.",
    "playbook": "Use it for how people are to work: steps, roles, checklists, examples.",
    "training": "Use it for learning paths, quizzes and progress in them.",
    "subscribe": "Use it to have something sent on a schedule, and to change or stop that.",
    "agreed": "Use it to keep what was agreed in a review, to show it, and to say that it is done.",
    "close": "Use it to close a month, to reopen it, and for which months are closed.",
    "define": "Use it for what a KPI means; `kpi` by the tool of that name is for its figures.",
    "help": "Use it for what can be asked.",
}

_KINDS: Mapping[str, type[PlanPart]] = {plan.model_fields["kind"].default: plan for plan in get_args(Choice)}
_LEFT_OPEN = ("period", "comparison", "rhythm", "owner")  # where nothing is proposed, what is usual is filled in
_BY_MONTH = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR)
_MOST_FAULTS, _LONGEST_FAULT = 5, 200
_WAYS_TO_SAY_A_TIME = ("constrained-str", "Dates")


@dataclass(frozen=True)
class Setting:
    """What a proposal is completed by: the asker's local day, the KPI files, the month the fiscal year starts in."""

    today: date
    model: Model
    fiscal_year_start: int = 1


class NotProposed(ValueError):
    """What was proposed is no plan; the message says what is wrong with it."""


# --- tools


def tools(desk: Desk, asker: Asker, clock: Clock, language: Language | None = None) -> list[BaseTool]:
    """A tool for every plan kind, which answers for this asker and at this moment only.

    The content of a run is the answer's text, its artifact the machine-readable answer. A call that is no plan comes
    back as a sentence, with the status "error". The answer may hold rows that only the asker may see: what a model
    makes of it is for the asker alone. Raises, as the desk does, only on our fault.
    """
    from langchain_core.tools import StructuredTool

    return [
        StructuredTool.from_function(
            func=_answering(kind, desk, asker, clock, language),
            name=kind,
            description=_description(kind),
            args_schema=proposal(kind, _names_of(desk.model)),
            response_format="content_and_artifact",
            handle_validation_error=cast(Callable[..., str], partial(_faults_of, kind)),
            handle_tool_error=True,
        )
        for kind in _KINDS
    ]


def tool_schemas(model: Model | None = None) -> list[dict[str, Any]]:
    """Name, description and JSON schema (`parameters`) of each tool; with a model, its KPIs and dimensions named."""
    names = _names_of(model)
    return [
        {"name": kind, "description": _description(kind), "parameters": proposal(kind, names).model_json_schema()}
        for kind in _KINDS
    ]


def setting_of(desk: Desk, clock: Clock) -> Setting:
    """The setting of a desk's company."""
    try:
        with desk.warehouse.reader() as reader:
            return Setting(clock.today, desk.model, read_company(reader).fiscal_year_start)
    except NothingLoaded:
        return Setting(clock.today, desk.model)


def _answering(
    kind: str, desk: Desk, asker: Asker, clock: Clock, language: Language | None
) -> Callable[..., tuple[str, dict[str, Any]]]:
    from langchain_core.tools import ToolException

    def answering(**args: Any) -> tuple[str, dict[str, Any]]:
        plan = proposed({"name": kind, "args": to_jsonable_python(args)}, setting_of(desk, clock))
        if isinstance(plan, Refuse):
            raise ToolException(plan.words[0])
        asked = Question("", asker, clock, language, plan=plan.model_dump(mode="json"))
        answer = desk.answer(asked)
        return answer.text, json.loads(as_json(answer))

    return answering


def _description(kind: str) -> str:
    """What the plan is and when it is the one to propose."""
    return f"{_told_of(_KINDS[kind])} {WHEN[kind]}"


def _told_of(part: type[PlanPart]) -> str:
    """What a class says of itself, without what we fill in."""
    told = " ".join((getdoc(part) or "").split())
    return " ".join(sentence for sentence in re.split(r"(?<=\.) ", told) if "`assumed`" not in sentence)


# --- schemas


class Dates(PlanPart):
    """The days from `start` up to, not with, `end`; each as 2026-11-23."""

    start: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    end: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="the day after the last one")


Time = Annotated[
    Annotated[str, Field(min_length=1, max_length=100)] | Dates,
    Field(
        description='Words for one time, "last week", "this month", "Q3 2026", "上周", or its first day and its end.'
    ),
]


@dataclass(frozen=True)
class _Names:
    """The ids of KPIs and dimensions that a schema tells."""

    kpis: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()


def _names_of(model: Model | None) -> _Names:
    return _Names(tuple(model.kpis), tuple(model.dimensions)) if model else _Names()


@cache
def proposal(kind: str, names: _Names | None = None) -> type[PlanPart]:
    """What a model fills in of a plan kind: the plan's own fields and bounds, without ours."""
    return _proposed_form(_KINDS[kind], names or _Names(), inner=False)


def _proposed_form(plan: type[PlanPart], names: _Names, *, inner: bool) -> type[PlanPart]:
    fields: dict[str, Any] = {}
    for name, field in plan.model_fields.items():
        if name == "assumed" or field.annotation is Day or (name == "kind" and not inner):
            continue
        form = _in_proposals(field.annotation, names)
        if name == "kind":
            fields[name] = (form, ...)
        elif name in _LEFT_OPEN:
            fields[name] = (form | None, None)
        else:
            told = Field(description=_hint(plan, name, names))
            fields[name] = (Annotated[form, field, told], ... if field.is_required() else field.default)
    return create_model(plan.__name__, __base__=PlanPart, __doc__=_told_of(plan), **fields)


def _in_proposals(form: Any, names: _Names) -> Any:
    """A field's type with every period as it is proposed, and every plan inside it without what we fill in."""
    if form is Days:
        return Time
    if isinstance(form, type) and issubclass(form, PlanPart):
        return _proposed_form(form, names, inner=True)
    origin, inside = get_origin(form), get_args(form)
    if origin is Annotated:
        return Annotated[(_in_proposals(inside[0], names), *form.__metadata__)]
    if origin in (Union, UnionType):
        return Union[tuple(_in_proposals(one, names) for one in inside)]  # noqa: UP007
    if origin is tuple:
        return tuple[tuple(one if one is ... else _in_proposals(one, names) for one in inside)]  # type: ignore[misc]
    return form


def _hint(plan: type[PlanPart], field: str, names: _Names) -> str | None:
    """The ids that a field takes."""
    kind = plan.model_fields["kind"].default if "kind" in plan.model_fields else ""
    declared = read_lists().get(kind)
    if declared is not None and field in ("filters", "order"):
        return f"Columns: {', '.join(declared.all_columns)}."
    if field in ("kpi", "kpis") and names.kpis:
        return f"KPI ids: {', '.join(names.kpis)}."
    if field in ("dimensions", "filters") and names.dimensions:
        return f"Dimensions: {', '.join(names.dimensions)}."
    return None


# --- proposals -> plans


def proposed(given: Mapping[str, Any], setting: Setting) -> Choice | Refuse:
    """The plan that a model proposes, as `{"kind": ..., ...}` or as a tool call `{"name": ..., "args": {...}}`.

    What is no plan is a refusal, `bad_plan`, whose words are the sentence that says what is wrong. Nothing is
    permitted yet: that is asked when the plan is answered.
    """
    try:
        return _plan_of(*_kind_and_args(given), setting)
    except NotProposed as wrong:
        return Refuse(reason="bad_plan", words=(str(wrong),))


def _kind_and_args(given: Any) -> tuple[str, Args]:
    if not isinstance(given, Mapping):
        raise NotProposed("A plan is an object with the kind of the plan in it.")
    kind, args = (given["name"], given["args"]) if "args" in given else (given.get("kind"), dict(given))
    if not isinstance(kind, str) or kind not in _KINDS or not isinstance(args, Mapping):
        raise NotProposed(f"A plan is of one of these kinds: {', '.join(_KINDS)}.")
    return kind, {name: value for name, value in args.items() if name != "kind" or "args" in given}


def _plan_of(kind: str, args: Args, setting: Setting) -> Choice:
    try:
        said = proposal(kind).model_validate(args).model_dump(exclude_none=True)
        _check_printable(said)
        return cast(Choice, _KINDS[kind].model_validate(_completed({**said, "kind": kind}, setting)))
    except ValidationError as error:
        raise NotProposed(_faults_of(kind, error)) from None
    except NotProposed as wrong:
        raise NotProposed(f"This is no plan of kind {kind}. {wrong}") from None


def _check_printable(said: Args) -> None:
    """What the machine-readable answer could not carry is no plan."""
    try:
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise NotProposed("it holds half a character or a number without end.") from None


def _faults_of(kind: str, error: ValidationError) -> str:
    """What is wrong with a proposal, so that it can be mended."""
    faults = [_fault(one["loc"], one["type"], one["msg"]) for one in error.errors(include_input=False)]
    return f"This is no plan of kind {kind}. {'. '.join(dict.fromkeys(faults[:_MOST_FAULTS]))}."


def _fault(place: Iterable[int | str], sort: str, message: str) -> str:
    where = ".".join(str(part) for part in place if part not in _WAYS_TO_SAY_A_TIME)[:60]
    what = {"missing": "it is missing", "extra_forbidden": "it is no part of this plan, leave it out"}.get(sort)
    told = what or message.removeprefix("Value error, ")
    return (f"{where}: {told}" if where else told)[:_LONGEST_FAULT].encode("utf-8", "replace").decode().rstrip(".")


# --- what we fill in


def _completed(plan: Args, setting: Setting) -> Args:
    """A proposal with its periods resolved and with what it leaves open, as the plan of a question has it."""
    kind = plan["kind"]
    if kind == "leads":
        plan["day"] = Days.of(unit(setting.today, Grain.DAY)).model_dump(include={"start", "end"}) | {"label": "today"}
        if plan.get("purpose") == "list":
            plan.setdefault("owner", None)
    if kind == "subscribe" and "what" in plan:
        plan["what"] = _completed(plan["what"], setting)
    for filter_ in plan.get("filters", ()):
        if "period" in filter_:  # what is still to come lies in the whole unit of time, not only in its part so far
            filter_["period"] = _days(filter_["period"], setting, whole=True)
    if "agreed_in" in plan:
        plan["agreed_in"] = _days(plan["agreed_in"], setting)
    if "period" in plan.get("comparison", ()):
        plan["comparison"]["period"] = _days(plan["comparison"]["period"], setting)
    return _with_the_usual(plan, setting) if "period" in _KINDS[kind].model_fields else plan


def _with_the_usual(plan: Args, setting: Setting) -> Args:
    """With a period, a rhythm and a comparison; `assumed` names those that were not proposed."""
    kind, assumed = plan["kind"], []
    if "period" in plan:
        plan["period"] = _days(plan["period"], setting, whole=_looks_ahead(plan))
    else:
        plan["period"] = Days.of(_usual_period(plan, setting)).model_dump()
        assumed.append("period")
    if kind in ("kpi", "why") and date.fromisoformat(plan["period"]["start"]) > setting.today:
        raise NotProposed("period: it has not begun yet; what a KPI will come to is asked of forecast.")
    if kind == "summary" and "rhythm" not in plan:
        assumed.append("rhythm")
    if "comparison" not in plan and (kind == "why" or (kind == "kpi" and _is_single(plan))):
        kpi = setting.model.kpis.get(_first_kpi(plan))
        plan["comparison"] = {"kind": kpi.comparison.default if kpi else "previous"}
        assumed.append("comparison")
    return {**plan, "assumed": assumed}


def _usual_period(plan: Args, setting: Setting) -> Period:
    """The period of a proposal that names none."""
    kind, today, starts = plan["kind"], setting.today, setting.fiscal_year_start
    if kind == "kpi" and plan.get("grain"):
        raise NotProposed("period: a trend names the days it runs over.")
    kpi = setting.model.kpis.get(_first_kpi(plan))
    if kpi is not None and kind in ("kpi", "why"):
        return usual_period(kpi, today, starts)
    if _looks_ahead(plan):
        return unit(today, Grain.QUARTER if plan.get("grain") in _BY_MONTH else Grain.MONTH, starts)
    return last(1, Grain(plan.get("rhythm", "week" if kind == "summary" else "month")), today, starts)


def _first_kpi(plan: Args) -> str:
    named: tuple[str, ...] = plan.get("kpis") or (plan.get("kpi", ""),)
    return named[0]


def _is_single(plan: Args) -> bool:
    """Whether it is of one figure a KPI, which is never shown alone."""
    return not any(plan.get(name) for name in ("dimensions", "grain", "running", "share"))


def _looks_ahead(plan: Args) -> bool:
    """Whether it is about days to come: such a period is whole."""
    return bool(plan["kind"] == "forecast" or (plan["kind"] == "spend" and plan.get("about") == "plan"))


def _days(given: str | Mapping[str, str], setting: Setting, *, whole: bool = False) -> Args:
    """The period of a plan; `whole`: all of a unit of time that is still going on."""
    starts = setting.fiscal_year_start
    found = _said(given, setting) if isinstance(given, str) else _dated(given, starts)
    if whole and found.to_date and found.grain is not None:
        found = units(found.start, found.grain, found.count, starts)
    return Days.of(found).model_dump()


def _said(words: str, setting: Setting) -> Period:
    text = normalise(words)
    found = periods_in(text, setting.today, setting.fiscal_year_start)
    whole = len(found) == 1 and not any(map(str.isalnum, text[: found[0].start] + text[found[0].end :]))
    if not whole:
        raise NotProposed(
            f'period: "{words[:60]}" does not name one time. Say "last week", "Q3 2026" or "上周", or give the start '
            "and the end of its days, such as 2026-10-01 and 2026-11-01 for October."
        )
    return found[0].period


def _dated(given: Mapping[str, str], fiscal_year_start: int) -> Period:
    """Free days, as the whole units that they happen to be."""
    try:
        asked = Days(start=given["start"], end=given["end"], label="").period
    except ValidationError as error:
        raise NotProposed(f"period: {error.errors()[0]['msg'].removeprefix('Value error, ')}.") from None
    told = shape(asked, fiscal_year_start)
    return told if told.label else days(asked.start, asked.end)
