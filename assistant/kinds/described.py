"""Any plan in a few words: what a button says, and what a refusal says it understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from analytics.insights.books.tasks import all_tasks
from analytics.semantic.calendar import unit
from analytics.vocabulary import Figure, Grain, Unit
from assistant.agreed_access import may_see
from assistant.kinds.described_parts import (
    Facts,
    against,
    bound_of,
    count_of,
    kpi_names,
    kpi_words,
    list_parts,
    rep_called,
    rows_of,
    schedule_words,
    whose_words,
)
from assistant.kinds.kpi_shown import amount, named
from assistant.plans import (
    Agreed,
    Choice,
    CloseMonth,
    Cost,
    CustomerCard,
    CustomerList,
    DataQuestion,
    DealAdvice,
    DealList,
    Define,
    ExperimentQuestion,
    Forecast,
    Funnel,
    KpiQuery,
    LeadList,
    ModelQuestion,
    Playbook,
    Spend,
    Subscribe,
    Summary,
    Training,
    Why,
)
from assistant.plans.written import Sent
from assistant.result import Room, Worded, quoted


def described(plan: Choice, room: Room) -> Worded:
    """The plan in words: "Revenue by region, Oct 2026", 2026年10月各区域的销售额."""
    describe = _FACTS.get(plan.kind)
    return Worded(f"plan_{plan.kind}", describe(plan, room) if describe else {})


def topic(plan: Choice, room: Room) -> Worded:
    """What the question is about, without its details: "leads to call", "why revenue changed"."""
    return Worded("plan_topic", {"kind": _kind(plan), "kpis": kpi_words(kpis_of(plan), room)})


def topic_of_kind(kind: str) -> Worded:
    """What questions of a kind are about."""
    return Worded("plan_topic", {"kind": kind, "kpis": []})


def _kind(plan: Choice) -> str:
    return "leads_list" if isinstance(plan, LeadList) and plan.purpose == "list" else plan.kind


def kpis_of(plan: Choice) -> tuple[str, ...]:
    """The KPIs that a plan names."""
    if isinstance(plan, KpiQuery):
        return plan.kpis
    kpi = getattr(plan, "kpi", None)
    return (kpi,) if kpi else ()


# --- figures


def _kpi(plan: KpiQuery, room: Room, *, period: bool = True) -> Facts:
    return {
        **rows_of(plan, room, period=period),
        "kpis": kpi_names(plan.kpis, room),
        "against": None if "comparison" in plan.assumed else against(plan.comparison, plan.period),
        "having": [bound_of(given, room) for given in plan.having],
        "limit": count_of(plan.limit),
        "ordered": plan.order is not None,
        "last": plan.order is not None and not plan.order.descending,
        "share": plan.share,
        "running": plan.running,
        "as_chart": plan.as_chart,
    }


def _why(plan: Why, room: Room, *, period: bool = True) -> Facts:
    return {
        **rows_of(plan, room, period=period),
        "kpis": kpi_words((plan.kpi,), room),
        "against": against(plan.comparison, plan.period),
    }


def _forecast(plan: Forecast, room: Room, *, period: bool = True) -> Facts:
    return {
        **rows_of(plan, room, period=period),
        "kpis": kpi_words((plan.kpi,), room),
        "against_target": plan.against_target,
        "goal": _goal(plan, room),
        "won": count_of(plan.suppose_won),
    }


def _goal(plan: Forecast, room: Room) -> Worded | None:
    if plan.goal is None:
        return None
    unit = room.model.kpis[plan.kpi].unit
    return amount(Figure(plan.kpi, Decimal(str(plan.goal)) if unit is Unit.MONEY else plan.goal, unit), room.model)


def _summary(plan: Summary, room: Room, *, period: bool = True) -> Facts:
    return {**rows_of(plan, room, period=period), "rhythm": plan.rhythm, "form": plan.form, "file": plan.as_file}


def _funnel(plan: Funnel, room: Room, *, period: bool = True) -> Facts:
    stages = room.model.dimensions["stage"].values if "stage" in room.model.dimensions else {}
    return {
        **rows_of(plan, room, period=period),
        "stage": stages.get(plan.stage or "") or quoted(plan.stage),
        "against": against(plan.comparison, plan.period),
    }


def _spend(plan: Spend, room: Room) -> Facts:
    budget = Figure("budget", plan.budget, Unit.MONEY) if plan.budget else None
    return {**rows_of(plan, room), "about": plan.about, "budget": budget, "narrowed": bool(plan.filters)}


def _cost(plan: Cost, room: Room) -> Facts:
    return {**rows_of(plan, room), "view": plan.view, "narrowed": bool(plan.filters)}


# --- rows


def _leads(plan: LeadList, room: Room) -> Facts:
    kind, _, rep_id = (plan.owner or "").partition(":")
    return {
        **list_parts("leads", plan.filters, plan.order, room),
        "purpose": plan.purpose,
        "state": plan.state,
        "owner": kind,
        "name": quoted(rep_called(rep_id, room)) if rep_id else None,
        "limit": count_of(plan.limit),
    }


def _deals(plan: DealList, room: Room) -> Facts:
    return {**list_parts("deals", plan.filters, plan.order, room), **_whose(plan, room), "state": plan.state}


def _customers(plan: CustomerList, room: Room) -> Facts:
    return {**list_parts("customers", plan.filters, plan.order, room), **_whose(plan, room)}


def _whose(plan: DealList | CustomerList, room: Room) -> Facts:
    return {
        "mine": plan.whose == "me",
        "whose": whose_words(plan.whose, room),
        "limit": count_of(plan.limit),
    }


def _customer(plan: CustomerCard, room: Room) -> Facts:
    return {"about": plan.about, "customer": quoted(named("customer", plan.customer, room))}


def _deal(plan: DealAdvice, room: Room) -> Facts:
    customer = named("customer", plan.customer, room) if plan.customer else None
    discount = Figure("discount", plan.discount, Unit.SHARE) if plan.discount else None
    return {"about": plan.about, "deal": quoted(plan.deal), "customer": quoted(customer), "discount": discount}


# --- what people wrote, and the assistant itself


def _define(plan: Define, room: Room) -> Facts:
    return {"kpis": kpi_words((plan.kpi,) if plan.kpi else (), room)}


def _playbook(plan: Playbook, room: Room) -> Facts:
    return {"words": quoted(plan.words), "about": plan.about or ""}


def _training(plan: Training, room: Room) -> Facts:
    return {"action": plan.action, "topic": quoted(plan.topic)}


def _subscribe(plan: Subscribe, room: Room) -> Facts:
    kind, _, channel = plan.to.partition(":")
    return {
        "action": plan.action,
        "what": sent_words(plan.what, room) if plan.what else None,
        "when": schedule_words(plan.schedule) if plan.schedule else None,
        "at": quoted(plan.at),
        "to": kind,
        "channel": quoted(channel),
        "only_when_off": plan.only_when_off,
        "changes": list(plan.changes),
        "until": date.fromisoformat(plan.until) if plan.until else None,
        "one": plan.which is not None or plan.one,
    }


def sent_words(what: Sent, room: Room) -> Worded:
    """What is sent each time; its period moves on."""
    if isinstance(what, KpiQuery | Summary | Forecast | Why | Funnel):
        return Worded(f"plan_{what.kind}", _FACTS[what.kind](what, room, period=False))
    return described(what, room)


def _agreed(plan: Agreed, room: Room) -> Facts:
    seen = [task for task in all_tasks(room.data) if task.task_id == plan.task] if plan.task and room.asker else []
    known = next((task for task in seen if room.asker and may_see(task, room.asker, room.permitted.scope)), None)
    kind, _, rep_id = (plan.who or "").partition(":")
    return {
        "action": plan.action,
        "text": quoted(known.text if known else plan.text),
        "who": quoted(rep_called(rep_id, room)) if kind == "rep" else None,
        "mine": plan.who == "me",
        "due_on": date.fromisoformat(plan.due_on) if plan.due_on else None,
        "state": plan.state or "",
        "agreed_in": plan.agreed_in.period if plan.agreed_in else None,
    }


def _close(plan: CloseMonth, room: Room) -> Facts:
    month = unit(date.fromisoformat(f"{plan.month}-01"), Grain.MONTH) if plan.month else None
    return {"action": plan.action, "month": month}


# --- models, data, experiments


def _model(plan: ModelQuestion, room: Room) -> Facts:
    return {"about": plan.about, "model": plan.model or ""}


def _data(plan: DataQuestion, room: Room) -> Facts:
    table = room.model.tables.get(plan.table or "")
    return {
        "about": plan.about,
        "table": (table.rows if table else None) or quoted(plan.table),
        "kpis": kpi_words(kpis_of(plan), room),
    }


def _experiment(plan: ExperimentQuestion, room: Room) -> Facts:
    return {"about": plan.about, "experiment": quoted(plan.experiment), "kpis": kpi_words(kpis_of(plan), room)}


_FACTS: Mapping[str, Callable[..., Facts]] = {
    "kpi": _kpi,
    "why": _why,
    "forecast": _forecast,
    "summary": _summary,
    "funnel": _funnel,
    "spend": _spend,
    "cost": _cost,
    "leads": _leads,
    "deals": _deals,
    "customers": _customers,
    "customer": _customer,
    "deal": _deal,
    "define": _define,
    "playbook": _playbook,
    "training": _training,
    "subscribe": _subscribe,
    "agreed": _agreed,
    "close": _close,
    "model": _model,
    "data": _data,
    "experiment": _experiment,
}
