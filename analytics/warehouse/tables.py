"""The canonical schema, declared once (never reflected).

**Loaded** tables are rebuilt from sources, a version at a time; **kept** tables hold what people and models
write and outlive every load. The two live in schemas of those names, which each database maps to what it has.
Every table carries its lineage (`source`, `source_id`). Names are the contract of the vocabulary: add, never
rename. A loaded table's key is in `table.info["key"]`; loads check that it is unique.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, Integer, MetaData, String, Table, Text

from analytics.warehouse.types import JsonText, Money, UtcDateTime

LOADED = MetaData(schema="loaded")
KEPT = MetaData(schema="kept")


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, String) for name in names]


def _at(*names: str) -> list[Column[Any]]:
    return [Column(name, UtcDateTime) for name in names]


def _on(*names: str) -> list[Column[Any]]:
    return [Column(name, Date) for name in names]


def _money(*names: str) -> list[Column[Any]]:
    return [Column(name, Money) for name in names]


def _whole(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer) for name in names]


def _number(*names: str) -> list[Column[Any]]:
    return [Column(name, Double) for name in names]


def _flag(*names: str) -> list[Column[Any]]:
    return [Column(name, Boolean) for name in names]


def _loaded(name: str, key: tuple[str, ...], *columns: list[Column[Any]]) -> Table:
    flat = [column for group in columns for column in group]
    return Table(name, LOADED, *flat, *_text("source", "source_id"), info={"key": key})


def _kept(name: str, key: tuple[str, ...], *columns: list[Column[Any]]) -> Table:
    flat = [column for group in columns for column in group]
    for column in flat:
        column.primary_key = column.name in key
        column.nullable = column.name not in key
    return Table(name, KEPT, *flat, *_text("source", "source_id"), info={"key": key})


# --- the company and its people

company = _loaded(
    "company",
    ("name",),
    _text("name", "currency", "timezone"),
    _whole("fiscal_year_start"),
    _text("calendar", "chinese_variant", "performance_reading"),
)  # fiscal_year_start: month 1-12; performance_reading: what a bare 业绩 means (revenue/won/cash)

people = _loaded(
    "people",
    ("person_id",),
    _text("person_id", "email", "slack_user_id", "name", "role", "rep_id", "timezone", "locale"),
    _flag("active"),
)
teams = _loaded("teams", ("team_id",), _text("team_id", "name", "region", "manager_rep_id", "parent_team_id"))
reps = _loaded(
    "reps",
    ("rep_id",),
    _text("rep_id", "name", "email", "slack_user_id", "team_id", "region"),
    _on("hired_on", "left_on"),
    _flag("active"),
)
rep_teams = _loaded("rep_teams", ("rep_id", "team_id", "from_on"), _text("rep_id", "team_id"), _on("from_on", "to_on"))

# --- customers, products, channels

customers = _loaded(
    "customers",
    ("customer_id",),
    _text("customer_id", "name", "industry", "size_band", "region", "city"),
    _on("first_order_on"),
    _text("owner_rep_id", "parent_customer_id"),
    [Column("aliases", JsonText)],
    _flag("do_not_contact"),
)
products = _loaded(
    "products", ("product_id",), _text("product_id", "name", "category"), _money("list_price", "unit_cost")
)
channels = _loaded("channels", ("channel_id",), _text("channel_id", "name", "kind"))
campaigns = _loaded(
    "campaigns",
    ("campaign_id",),
    _text("campaign_id", "name", "channel_id"),
    _on("starts_on", "ends_on"),
    _text("audience"),
)  # audience: whom the campaign is aimed at, in the source's own words

# --- leads and deals

leads = _loaded(
    "leads",
    ("lead_id",),
    _text("lead_id"),
    _at("created_at"),
    _text(
        "company",
        "contact_name",
        "title",
        "phone",
        "email",
        "crm_url",
        "channel_id",
        "campaign_id",
        "owner_rep_id",
        "customer_id",
        "industry",
        "size_band",
        "region",
        "status",
    ),
    _at("converted_at", "lost_at"),
    _text("lost_reason"),
    _flag("do_not_contact"),
    # Beyond the vocabulary: the first date the source knows of, where creation itself is unknown;
    # and the source's own running number, which stands for time where it has no dates.
    _at("first_seen_at"),
    _whole("source_order"),
)
lead_features = _loaded(
    "lead_features",
    ("lead_id", "name"),
    _text("lead_id", "name"),
    _number("number"),
    [Column("text", Text)],
    _at("known_at"),
    _flag("leaky"),
)
ownership_changes = _loaded(
    "ownership_changes",
    ("lead_id", "opportunity_id", "customer_id", "from_at"),
    _text("lead_id", "opportunity_id", "customer_id", "rep_id"),
    _at("from_at", "to_at"),
)
opportunities = _loaded(
    "opportunities",
    ("opportunity_id",),
    _text("opportunity_id", "name", "lead_id", "customer_id", "owner_rep_id", "product_id", "stage"),
    _money("amount", "list_amount"),
    _at("created_at"),
    _on("expected_close_on"),
    _at("closed_at"),
    _text("outcome", "lost_reason"),
)
stage_changes = _loaded(
    "stage_changes",
    ("lead_id", "opportunity_id", "stage", "entered_at"),
    _text("lead_id", "opportunity_id", "stage"),
    _at("entered_at"),
)
STAGES = ("new", "contacted", "qualified", "proposal", "negotiation", "won")

# --- work

activities = _loaded(
    "activities",
    ("activity_id",),
    _text("activity_id", "rep_id", "lead_id", "opportunity_id", "customer_id", "kind"),
    _at("happened_at"),
    _number("minutes"),
    _text("outcome"),
    [Column("note", Text)],
)
CONTACT_KINDS = ("call", "email", "meeting", "demo", "visit")
tasks = _loaded(
    "tasks",
    ("task_id",),
    _text("task_id", "rep_id", "lead_id", "opportunity_id", "customer_id"),
    _on("due_on"),
    [Column("text", Text)],
    _at("done_at"),
)
interventions = _loaded(
    "interventions",
    ("intervention_id",),
    _text("intervention_id", "customer_id", "kind", "decided_by"),
    _at("started_at", "ended_at"),
    _text("outcome"),
)
quotes = _loaded(
    "quotes",
    ("quote_id",),
    _text("quote_id", "opportunity_id", "product_id"),
    _at("quoted_at"),
    _money("list_amount"),
    _number("discount_share"),
    _flag("accepted"),
)

# --- orders and money

orders = _loaded(
    "orders",
    ("order_id", "line_no"),
    _text("order_id"),
    _whole("line_no"),
    _text("customer_id", "rep_id", "opportunity_id", "product_id", "channel_id", "campaign_id"),
    _at("ordered_at"),
    _whole("quantity"),
    _money("list_amount", "amount", "cost_of_goods"),
)
payments = _loaded(
    "payments", ("payment_id",), _text("payment_id", "order_id", "customer_id"), _at("paid_at"), _money("amount")
)
marketing_spend = _loaded(
    "marketing_spend",
    ("day", "channel_id", "campaign_id"),
    _on("day"),
    _text("channel_id", "campaign_id"),
    _money("amount"),
    _whole("impressions", "clicks"),
)
cost_ledger = _loaded(
    "cost_ledger", ("entry_id",), _text("entry_id"), _on("month"), _text("cost_pool", "team_id"), _money("amount")
)

# --- what customers and colleagues say

tickets = _loaded(
    "tickets",
    ("ticket_id",),
    _text("ticket_id", "customer_id"),
    _at("opened_at", "closed_at"),
    _text("severity", "kind"),
    _whole("csat"),
)
feedback = _loaded(
    "feedback",
    ("feedback_id",),
    _text("feedback_id", "customer_id"),
    _at("received_at"),
    _text("channel", "language"),
    [Column("text", Text)],
    _whole("rating"),
)
survey_answers = _loaded(
    "survey_answers",
    ("survey_id", "rep_id", "question"),
    _text("survey_id", "rep_id"),
    _at("asked_at"),
    _text("question"),
    _number("score"),
    [Column("text", Text)],
)

# --- kept: plans and yardsticks that people write

budgets = _kept(
    "budgets",
    ("level", "name", "period_start"),
    _text("level", "name", "parent_name"),
    _on("period_start"),
    _money("planned"),
    _text("approved_by"),
)
targets = _kept(
    "targets",
    ("kpi", "scope_kind", "scope_id", "period_kind", "period_start"),
    _text("kpi", "scope_kind", "scope_id", "period_kind"),
    _on("period_start"),
    _number("value"),
    _text("basis"),
    _on("reference_start"),
)
baselines = _kept(
    "baselines",
    ("kpi", "scope_kind", "scope_id", "period_kind", "period_start", "recorded_at"),
    _text("kpi", "scope_kind", "scope_id", "period_kind"),
    _on("period_start"),
    _number("value"),
    _at("recorded_at"),
    [Column("note", Text)],
    _text("recorded_by"),
)
benchmarks = _kept(
    "benchmarks", ("kpi", "industry", "valid_from"), _text("kpi", "industry"), _number("value"), _on("valid_from")
)

# --- kept: closed months and what was agreed on

closed_months = _kept(
    "closed_months",
    ("month", "closing"),
    _on("month"),
    _whole("closing"),
    _at("closed_at"),
    _text("closed_by"),
    _whole("data_version"),
    _at("reopened_at"),
    _text("reopened_by"),
    [Column("reason", Text)],
)  # closing: 1 the first time, one more after each reopening, so that no month is closed twice at once
closed_figures = _kept(
    "closed_figures",
    ("kpi", "scope_kind", "scope_id", "period_kind", "period_start", "closing"),
    _text("kpi", "scope_kind", "scope_id", "period_kind"),
    _on("period_start"),
    _whole("closing", "kpi_version", "row_count"),
    _number("value"),
    _money("amount"),
    _at("closed_at"),
    _text("closed_by"),
)  # a figure as it stood when its month was closed: `amount` holds money exactly, `value` any other unit
agreed_tasks = _kept(
    "agreed_tasks",
    ("task_id",),
    _text("task_id"),
    [Column("text", Text)],
    _text("who", "who_name", "holder_kind", "holder_id", "agreed_by"),
    _on("due_on"),
    _at("agreed_at", "done_at", "dropped_at"),
    _text("done_by", "dropped_by"),
)  # who: a rep's id, else a person's; holder: the company, region or team whose review it was agreed in

# --- kept: what models write

predictions = _kept(
    "predictions",
    ("model_id", "version", "subject_kind", "subject_id", "as_of"),
    _text("model_id", "version", "subject_kind", "subject_id"),
    _at("as_of"),
    _number("value"),
    _text("class"),
    [Column("reasons", JsonText)],
)
forecasts = _kept(
    "forecasts",
    ("kpi", "issued_at", "period_start"),
    _text("kpi"),
    _at("issued_at"),
    _on("period_start"),
    _whole("horizon"),
    _number("value", "low", "high"),
)
models = _kept(
    "models",
    ("model_id", "version"),
    _text("model_id", "version"),
    _at("trained_at"),
    _flag("used"),
    [Column("verdict", JsonText)],
    _text("file", "digest"),
)  # verdict: the holdout's figures, the baseline's beside them, and why the model is used or not

activity_costs = _kept(
    "activity_costs",
    ("month", "activity_kind", "channel_id", "team_id"),
    _on("month"),
    _text("activity_kind", "channel_id", "team_id"),
    _money("cost", "returned"),
)  # activity-based cost of a month's work and what it returned

# --- kept: what happened

quality_results = _kept(
    "quality_results",
    ("check_id", "table_name", "ran_at"),
    _text("check_id", "table_name"),
    _at("ran_at"),
    _whole("rows_checked", "rows_failed"),
    _text("severity"),
)
crm_fields = _kept(
    "crm_fields",
    ("counted_on", "table_name", "field_name"),
    _on("counted_on"),
    _text("table_name", "field_name"),
    _whole("reads"),
)  # every CRM field held on a day, and how often a KPI or a model read it
usage_events = _kept(
    "usage_events",
    ("person_id", "happened_at", "kind"),
    _text("person_id"),
    _at("happened_at"),
    _text("kind", "plan_kind", "recommendation_id"),
)
reported_activities = _kept(
    "reported_activities",
    ("activity_id",),
    _text("activity_id", "rep_id", "lead_id", "opportunity_id", "customer_id", "kind"),
    _at("happened_at"),
    _number("minutes"),
    _text("outcome"),
    [Column("note", Text)],
)  # told to the assistant; counted together with `activities`
slack_identities = _kept(
    "slack_identities",
    ("slack_user_id",),
    _text("slack_user_id", "person_id"),
    _at("linked_at"),
    _text("linked_by"),
)
experiments = _kept(
    "experiments",
    ("experiment_id",),
    _text("experiment_id", "kpi"),
    _on("started_on", "ended_on"),
    _number("minimum_effect"),
)
experiment_units = _kept(
    "experiment_units", ("experiment_id", "unit_kind", "unit_id"), _text("experiment_id", "unit_kind", "unit_id", "arm")
)
load_runs = _kept(
    "load_runs",
    ("run_id", "table_name"),
    _text("run_id"),
    _text("table_name"),
    _at("started_at", "finished_at"),
    _whole("rows_in", "rows_out", "rows_rejected"),
    _text("checksum"),
)

# Columns that questions look rows up by; SQLite and PostgreSQL index them at each load (DuckDB scans columns).
INDEXED = {
    "leads": ("lead_id", "owner_rep_id"),
    "lead_features": ("lead_id",),
    "opportunities": ("opportunity_id", "lead_id", "owner_rep_id"),
    "activities": ("lead_id", "rep_id"),
    "stage_changes": ("lead_id", "opportunity_id"),
    "customers": ("customer_id",),
    "orders": ("customer_id",),
}
