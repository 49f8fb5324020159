"""Plans that a language model proposes through tools: what it may say, what we fill in, and whose rows it gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from selling_company import TODAY, TOLD_APART, fill, holds

from analytics.semantic import read_model
from analytics.warehouse import Warehouse
from assistant import kinds
from assistant.desk import Desk
from assistant.kinds.tools import Setting, proposed, tool_schemas, tools
from assistant.plans import Choice, KpiQuery, Refuse
from assistant.question import Answer, Language, Question

KINDS = [plan.model_fields["kind"].default for plan in get_args(Choice)]
MODEL = read_model()
SETTING = Setting(TODAY, MODEL)
OCTOBER = {"start": "2026-10-01", "end": "2026-11-01"}

EXAMPLES: dict[str, dict[str, Any]] = {
    "leads": {"purpose": "list", "owner": "me", "filters": [{"name": "created_at", "op": "during", "period": "last month"}]},
    "deals": {"state": "lost", "filters": [{"name": "amount", "op": "more_than", "values": [50_000]}], "limit": 5},
    "customers": {"filters": [{"name": "days_since_order", "op": "at_least", "values": [90]}]},
    "customer": {"customer": "C1", "about": "value"},
    "deal": {"deal": "D-R1-2026-10", "discount": 0.05},
    "kpi": {"kpis": ["revenue"], "period": OCTOBER, "dimensions": ["region"], "order": {"by": "revenue"}, "limit": 3},
    "why": {"kpi": "revenue", "period": "上周", "comparison": {"kind": "custom", "period": OCTOBER}},
    "forecast": {"kpi": "revenue", "period": "next quarter", "against_target": True},
    "summary": {"rhythm": "month", "form": "review"},
    "funnel": {"period": "Q3 2026", "filters": [{"name": "channel", "values": ["Direct"]}]},
    "spend": {"about": "plan", "budget": 500_000},
    "cost": {"view": "heat_map", "period": "last quarter", "dimensions": ["channel"]},
    "experiment": {"about": "size", "kpi": "win_rate"},
    "model": {"model": "lead_score", "about": "fairness"},
    "data": {"about": "lineage", "kpi": "revenue"},
    "playbook": {"words": "how do I answer a price objection", "about": "steps"},
    "training": {"action": "quiz"},
    "subscribe": {"what": {"kind": "kpi", "kpis": ["revenue"], "period": "yesterday"}, "schedule": {"every": "workday", "at": "08:30"}},
    "agreed": {"action": "list", "state": "open", "agreed_in": "last week"},
    "close": {"action": "list"},
    "define": {"kpi": "revenue"},
    "help": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    warehouse = Warehouse.open(f"duckdb:///{tmp_path_factory.mktemp('tools')}/warehouse.duckdb")
    fill(warehouse, TOLD_APART)
    yield Desk(warehouse, MODEL, contact="Ida in IT")
    warehouse.close()


def offered(desk: Desk, as_: str, language: Language | None = Language.EN) -> dict[str, BaseTool]:
    asker = desk.asker(as_)
    assert asker is not None
    return {tool.name: tool for tool in tools(desk, asker, desk.clock(asker, TODAY), language)}


def called(desk: Desk, as_: str, kind: str, language: Language | None = Language.EN, /, **args: Any) -> ToolMessage:
    """What comes back to a model that calls a tool."""
    call = {"type": "tool_call", "id": "1", "name": kind, "args": args}
    message = offered(desk, as_, language)[kind].invoke(call)
    assert isinstance(message, ToolMessage)
    return message


def in_words(desk: Desk, as_: str, text: str) -> Answer:
    asker = desk.asker(as_)
    return desk.answer(Question(text, asker, desk.clock(asker, TODAY), Language.EN))


def reading_of(given: dict[str, Any]) -> dict[str, Any]:
    """A plan as far as it says what is computed, and what was assumed of it."""
    plan = {name: value for name, value in given.items() if name != "refused"}
    if "period" in plan:
        plan["period"] = {name: value for name, value in plan["period"].items() if name != "label"}
    return plan


# --- what is offered


def test_every_plan_kind_is_a_tool(desk: Desk) -> None:
    assert list(offered(desk, "rep:R1")) == KINDS
    assert [schema["name"] for schema in tool_schemas()] == KINDS
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("schema", tool_schemas(MODEL), ids=lambda schema: str(schema["name"]))
def test_a_schema_is_valid_and_takes_the_example_of_its_kind(schema: dict[str, Any]) -> None:
    kind, parameters = schema["name"], schema["parameters"]
    Draft202012Validator.check_schema(parameters)
    Draft202012Validator(parameters).validate(EXAMPLES[kind])
    assert not Draft202012Validator(parameters).is_valid({**EXAMPLES[kind], "sql": "SELECT 1"})
    assert json.loads(json.dumps(schema)) == schema
    plan = proposed({"name": kind, "args": json.loads(json.dumps(EXAMPLES[kind]))}, SETTING)
    assert plan.kind == kind
    for name in EXAMPLES[kind]:
        assert name in type(plan).model_fields


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_shown_the_same_schema_by_langchain(desk: Desk, kind: str) -> None:
    function = convert_to_openai_tool(offered(desk, "rep:R1")[kind])["function"]
    Draft202012Validator.check_schema(function["parameters"])
    Draft202012Validator(function["parameters"]).validate(EXAMPLES[kind])
    assert 40 < len(function["description"]) <= 1024


@pytest.mark.parametrize("schema", tool_schemas(MODEL), ids=lambda schema: str(schema["name"]))
def test_what_we_fill_in_is_not_asked_of_a_model(schema: dict[str, Any]) -> None:
    own = schema["parameters"]["properties"]
    assert not {"kind", "assumed", "day"} & set(own)
    for part in schema["parameters"].get("$defs", {}).values():
        assert not {"assumed", "label", "to_date", "count"} & set(part.get("properties", ()))
    assert "`assumed`" not in json.dumps(schema)


def test_the_schemas_name_the_kpis_the_dimensions_and_the_columns_there_are() -> None:
    by_kind = {schema["name"]: schema["parameters"]["properties"] for schema in tool_schemas(MODEL)}
    assert "win_rate" in by_kind["kpi"]["kpis"]["description"]
    assert "industry" in by_kind["kpi"]["dimensions"]["description"]
    assert "expected_close_on" in by_kind["deals"]["filters"]["description"]


def test_making_the_schemas_leaves_the_plans_as_they_are() -> None:
    tool_schemas(MODEL)
    shown = KpiQuery.model_json_schema()
    assert {"kind", "assumed"} <= set(shown["properties"])
    assert "description" not in shown["properties"]["kpis"]


# --- what a run gives


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_answered_in_words_and_for_machines(desk: Desk, kind: str) -> None:
    message = called(desk, "exec:P8", kind, **EXAMPLES[kind])
    assert message.status == "success"
    assert message.content == message.artifact["text"]
    assert message.artifact["plan"].get("reason") not in ("bad_plan", "unread")
    json.dumps(message.artifact)


@pytest.mark.parametrize(
    ("as_", "text", "kind", "args"),
    [
        ("rep:R1", "revenue last month", "kpi", {"kpis": ["revenue"], "period": "last month"}),
        ("exec:P8", "上月营收", "kpi", {"kpis": ["revenue"], "period": OCTOBER}),
        ("exec:P8", "win rate", "kpi", {"kpis": ["win_rate"]}),
        ("manager:M1", "revenue of my team this month", "kpi", {"kpis": ["revenue"], "period": "本月", "whose": "my_team"}),
        ("exec:P8", "revenue by region last quarter", "kpi", {"kpis": ["revenue"], "period": "last quarter", "dimensions": ["region"]}),
        ("exec:P8", "why did revenue drop last month", "why", {"kpi": "revenue", "period": "last month"}),
        ("exec:P8", "revenue forecast for this month", "forecast", {"kpi": "revenue", "period": "this month"}),
        ("exec:P8", "show me the funnel", "funnel", {}),
        ("rep:R1", "which leads should I call today", "leads", {}),
        ("rep:R1", "my deals closing this week", "deals", {"whose": "me", "filters": [{"name": "expected_close_on", "op": "during", "period": "this week"}]}),
    ],
)  # fmt: skip
def test_a_proposal_is_answered_as_the_question_in_words_is(
    desk: Desk, as_: str, text: str, kind: str, args: dict[str, Any]
) -> None:
    asked, run = in_words(desk, as_, text), called(desk, as_, kind, **args)
    assert reading_of(run.artifact["plan"]) == reading_of(asked.plan)
    assert [figure["value"] for figure in run.artifact["figures"]] == [figure["value"] for figure in asked.figures]
    assert run.artifact["items"] == asked.items
    assert run.artifact["route"] == asked.route
    assert run.content == asked.text


class ProposingModel(GenericFakeChatModel):
    """A chat model that says what it was told to say, whichever tools it is given."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)


def test_a_chat_model_that_proposes_a_kpi_gets_the_answer_to_the_question_in_words(desk: Desk) -> None:
    proposal = {"kpis": ["revenue"], "period": "last month", "whose": "me"}
    said = AIMessage("", tool_calls=[{"name": "kpi", "args": proposal, "id": "call-1"}])
    own = offered(desk, "rep:R1")
    model = ProposingModel(messages=iter([said])).bind_tools(list(own.values()))
    (call,) = model.invoke("what did I sell last month?").tool_calls
    answered = own[call["name"]].invoke(call)
    asked = in_words(desk, "rep:R1", "my revenue last month")
    assert answered.content == asked.text
    assert answered.artifact["figures"] == asked.figures != []
    assert answered.tool_call_id == "call-1"


def test_a_tool_answers_in_the_language_it_was_made_for(desk: Desk) -> None:
    message = called(desk, "rep:R1", "kpi", Language.ZH_HANS, kpis=["revenue"], period="last month")
    assert message.artifact["language"] == "zh-Hans"
    assert "2026年10月" in message.content


def test_a_kind_that_is_not_installed_says_so_and_keeps_the_plan(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(kinds._RUNS, "define")
    message = called(desk, "rep:R1", "define", kpi="revenue")
    assert "not available" in message.content
    assert message.artifact["plan"] == {"kind": "define", "kpi": "revenue", "refused": {"reason": "not_yet"}}


def test_where_nothing_is_loaded_a_tool_says_so(desk: Desk, tmp_path: Any) -> None:
    asker = desk.asker("rep:R1")
    assert asker is not None
    empty = Desk(Warehouse.open(f"duckdb:///{tmp_path}/none.duckdb"), MODEL)
    own = {tool.name: tool for tool in tools(empty, asker, desk.clock(asker, TODAY), Language.EN)}
    assert "No company has been loaded" in own["kpi"].invoke({"kpis": ["revenue"]})
    empty.warehouse.close()


# --- rights


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("leads", {"owner": "rep:R2"}),
        ("leads", {"owner": "everyone"}),
        ("leads", {"purpose": "list", "owner": "rep:R2"}),
        ("leads", {"purpose": "list", "filters": [{"name": "rep", "values": ["R2"]}]}),
        ("deals", {"whose": "rep:R2", "state": "won"}),
        ("deals", {"whose": "company", "state": "won"}),
        ("customers", {"whose": "team:T2"}),
        ("customer", {"customer": "C2"}),
        ("deal", {"deal": "D-R2-2026-10"}),
        ("kpi", {"kpis": ["revenue"], "whose": "rep:R2"}),
        ("kpi", {"kpis": ["revenue"], "filters": [{"name": "rep", "values": ["R2"]}]}),
        ("subscribe", {"what": {"kind": "kpi", "kpis": ["revenue"], "whose": "rep:R2"}, "schedule": {"every": "day"}}),
        ("subscribe", {"what": {"kind": "deals", "whose": "rep:R2"}, "schedule": {"every": "day"}}),
    ],
)  # fmt: skip
def test_a_reps_tool_call_for_anothers_rows_is_refused(desk: Desk, kind: str, args: dict[str, Any]) -> None:
    message = called(desk, "rep:R1", kind, **args)
    assert message.artifact["route"] == "refuse"
    assert message.artifact["plan"]["reason"] == "not_your_rows"
    assert message.artifact["figures"] == message.artifact["items"] == []
    assert message.artifact["evidence"]["sql"] == []


def test_a_tool_reads_the_rows_of_its_own_asker_only(desk: Desk) -> None:
    def whose(as_: str) -> set[str]:
        asker = desk.asker(as_)
        assert asker is not None
        plan = {"kind": "kpi", "kpis": ["revenue"], "period": {**OCTOBER, "label": "x"}, "whose": "me"}
        asked = desk.answer(Question("", asker, desk.clock(asker, TODAY), Language.EN, plan=plan))
        run = called(desk, as_, "kpi", kpis=["revenue"], period=OCTOBER, whose="me")
        assert run.artifact["figures"][0]["value"] == asked.figures[0]["value"]
        return holds(asked)

    assert whose("rep:R1") == {"R1"}
    assert whose("rep:R3") == {"R3"}


def test_trainees_get_no_figures_through_a_tool(desk: Desk) -> None:
    for kind in ("kpi", "leads", "deals", "customers", "why", "forecast", "summary"):
        message = called(desk, "trainee:P10", kind, **EXAMPLES[kind])
        assert message.artifact["plan"]["reason"] == "no_live_figures"


# --- what is no plan


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "help"])
@pytest.mark.parametrize("forged", ["assumed", "day", "kind", "sql", "figures", "scope"])
def test_forged_fields_are_refused(desk: Desk, kind: str, forged: str) -> None:
    message = called(desk, "exec:P8", kind, **EXAMPLES[kind], **{forged: "x"})
    assert message.status == "error"
    assert message.artifact is None
    assert f"{forged}: it is no part of this plan" in message.content


@pytest.mark.parametrize("inner", [{"label": "record sales"}, {"grain": "month"}, {"to_date": True}])
def test_a_model_names_the_days_of_a_period_and_nothing_beside_them(inner: dict[str, Any]) -> None:
    refused = proposed({"kind": "kpi", "kpis": ["revenue"], "period": {**OCTOBER, **inner}}, SETTING)
    assert isinstance(refused, Refuse)
    assert f"period.{next(iter(inner))}: it is no part of this plan" in refused.words[0]


@pytest.mark.parametrize(
    ("kind", "args", "says"),
    [
        ("kpi", {}, "kpis: it is missing"),
        ("kpi", {"kpis": ["revenue"], "limit": 5}, "a limit is on groups"),
        ("kpi", {"kpis": ["revenue"], "limit": 10**9}, "limit: Input should be less than or equal to 100"),
        ("kpi", {"kpis": ["revenue"], "grain": "month"}, "a trend names the days"),
        ("kpi", {"kpis": ["revenue"], "period": "next month"}, "it has not begun yet"),
        ("why", {"kpi": "revenue", "period": {"start": "2026-11-24", "end": "2026-12-01"}}, "it has not begun yet"),
        ("kpi", {"kpis": ["revenue"], "period": "whenever"}, '"whenever" does not name one time'),
        ("kpi", {"kpis": ["revenue"], "period": "last week or last month"}, "does not name one time"),
        ("kpi", {"kpis": ["revenue"], "period": "线" * 5000}, "period: String should have at most 100 characters"),
        ("kpi", {"kpis": ["revenue"], "period": {"start": "2026-13-01", "end": "2026-14-01"}}, "period: "),
        ("kpi", {"kpis": ["revenue"], "period": {"start": "2026-11-01", "end": "2026-10-01"}}, "starts before it ends"),
        ("kpi", {"kpis": ["revenue"], "period": {"start": "0001-01-01", "end": "9999-12-31"}}, "within the years"),
        ("kpi", {"kpis": ["revenue"], "period": {"start": 20261001, "end": 20261101}}, "period.start: "),
        ("kpi", {"kpis": ["revenue"], "comparison": {"kind": "custom"}}, "names a period"),
        ("deals", {"filters": [{"name": "amount", "op": "between", "values": [1]}]}, "between takes 2 values"),
        ("deals", {"filters": [{"name": "closed_at", "op": "during"}]}, "during, and nothing else, has a period"),
        ("deals", {"state": "sold"}, "state: Input should be 'open', 'won'"),
        ("leads", {"state": "lost"}, "a call list has an owner"),
        ("deal", {}, "advice is on a deal"),
        ("subscribe", {}, "a subscription says when"),
        ("subscribe", {"what": {"kind": "help"}, "schedule": {"every": "day"}}, "what: "),
        ("subscribe", {"what": {"kind": "kpi", "kpis": []}, "schedule": {"every": "day"}}, "what.kpi.kpis: "),
    ],
)  # fmt: skip
def test_a_call_that_is_no_plan_gets_a_sentence_that_says_what_is_wrong(
    desk: Desk, kind: str, args: dict[str, Any], says: str
) -> None:
    message = called(desk, "exec:P8", kind, **args)
    assert message.status == "error"
    assert message.content.startswith(f"This is no plan of kind {kind}. ")
    assert says in message.content
    assert len(message.content) < 800
    assert "Traceback" not in message.content
    assert "pydantic" not in message.content


@pytest.mark.parametrize(
    "given",
    [None, 5, "kpi", [], {}, {"kind": "nope"}, {"kind": ["kpi"]}, {"name": "kpi", "args": None}, {"name": "refuse", "args": {"reason": "x"}},
     {"kind": "clarify", "reason": "x"}, {"kind": "compound", "parts": []}],
    ids=str,
)  # fmt: skip
def test_what_is_of_no_kind_is_refused_with_the_kinds_there_are(given: Any) -> None:
    refused = proposed(given, SETTING)
    assert isinstance(refused, Refuse)
    assert refused.reason == "bad_plan"
    assert refused.words[0].startswith("A plan is")


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("kpi", {"kpis": ["\ud800"]}), ("kpi", {"kpis": ["revenue"], "\ud800": 1}), ("kpi", {"kpis": ["revenue"], "whose": "rep:\ud800"}),
        ("kpi", {"kpis": ["revenue"], "period": "\ud800"}), ("playbook", {"words": "\ud800"}), ("customer", {"customer": "\ud800"}),
        ("spend", {"about": "plan", "budget": float("inf")}), ("deals", {"filters": [{"name": "amount", "op": "at_least", "values": [float("nan")]}]}),
    ],
    ids=ascii,
)  # fmt: skip
def test_what_no_output_could_carry_is_refused(desk: Desk, kind: str, args: dict[str, Any]) -> None:
    message = called(desk, "exec:P8", kind, **args)
    assert message.status == "error"
    assert message.content.startswith("This is no plan of kind")
    assert message.content.encode()


def test_a_kpi_nobody_has_is_refused_by_name(desk: Desk) -> None:
    message = called(desk, "exec:P8", "kpi", kpis=["win_ratio"])
    assert message.artifact["plan"]["reason"] == "unknown_kpi"


# --- what we fill in


@pytest.mark.parametrize(
    ("words", "start", "end", "to_date"),
    [
        ("last week", "2026-11-16", "2026-11-23", False), ("上周", "2026-11-16", "2026-11-23", False), ("上週", "2026-11-16", "2026-11-23", False),
        ("this month", "2026-11-01", "2026-11-24", True), ("近30天", "2026-10-24", "2026-11-23", False), ("Q3 2026", "2026-07-01", "2026-10-01", False),
    ],
)  # fmt: skip
def test_a_period_in_words_is_read_as_in_a_question(words: str, start: str, end: str, to_date: bool) -> None:
    plan = proposed({"kind": "kpi", "kpis": ["revenue"], "period": words}, SETTING)
    assert isinstance(plan, KpiQuery)
    assert (plan.period.start, plan.period.end, plan.period.to_date) == (start, end, to_date)
    assert "period" not in plan.assumed


def test_days_that_are_a_whole_month_are_told_as_that_month() -> None:
    october = proposed({"kind": "kpi", "kpis": ["revenue"], "period": OCTOBER}, SETTING)
    free = proposed(
        {"kind": "kpi", "kpis": ["revenue"], "period": {"start": "2026-10-05", "end": "2026-10-09"}}, SETTING
    )
    assert isinstance(october, KpiQuery)
    assert isinstance(free, KpiQuery)
    assert (october.period.grain, october.period.label) == ("month", "2026-10")
    assert (free.period.grain, free.period.label) == (None, "2026-10-05..2026-10-08")


def test_words_for_a_fiscal_quarter_follow_the_companys_year() -> None:
    plan = proposed({"kind": "kpi", "kpis": ["revenue"], "period": "last fiscal quarter"}, Setting(TODAY, MODEL, 2))
    assert isinstance(plan, KpiQuery)
    assert (plan.period.start, plan.period.end) == ("2026-08-01", "2026-11-01")


def test_what_a_proposal_leaves_open_is_filled_in_and_said_so(desk: Desk) -> None:
    message = called(desk, "exec:P8", "kpi", kpis=["revenue"], period=None, comparison=None)
    assert message.artifact["plan"]["assumed"] == ["period", "comparison"]
    assert message.artifact["reading"] == in_words(desk, "exec:P8", "revenue").reading


def test_a_subscription_is_completed_as_what_it_sends_is() -> None:
    plan = proposed({"kind": "subscribe", "what": {"kind": "leads"}, "schedule": {"every": "workday"}}, SETTING)
    assert plan.kind == "subscribe"
    assert plan.what is not None
    assert plan.what.kind == "leads"
    assert plan.what.day.start == TODAY.isoformat()
