"""A message in a thread against the plan before it: what changes and what stays, or a question of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from analytics.vocabulary import Period
from assistant.plans import (
    Choice,
    Clarify,
    Compound,
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
    Help,
    KpiQuery,
    LeadList,
    Plan,
    Refuse,
    Spend,
    Summary,
    Why,
)
from assistant.understanding.context import Context
from assistant.understanding.follow_ups.choices import chosen
from assistant.understanding.follow_ups.figures import figures_after
from assistant.understanding.follow_ups.files import file_after
from assistant.understanding.follow_ups.fragment import Fragment, fragment
from assistant.understanding.follow_ups.longer import after_forgetting, lengthened
from assistant.understanding.follow_ups.rows import laid_over_list, period_of, rows_after
from assistant.understanding.follow_ups.subscriptions import subscription_after
from assistant.understanding.follow_ups.whole_plans import named_plan_after, whole_plan_after
from assistant.understanding.reading import Reading

Alone = Callable[[str], Plan]

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
_SLOTS = (
    "kind", "kpis", "period", "dimensions", "grain", "filters", "comparison", "order", "limit", "having", "share",
    "running", "as_chart", "whose", "owner", "state", "stage", "rhythm", "against_target", "customer",
)  # fmt: skip


@dataclass(frozen=True)
class FollowUp:
    """The plan in full, the slots it kept from the plan before, and those that changed (`kpis`, `period`, ...).

    A question back or a refusal names none.
    """

    plan: Plan
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def follow_up(reading: Reading, before: Plan, context: Context, alone: Alone) -> FollowUp | None:
    """What the words mean after `before`; None where they are a question of their own or some word stays unread.

    `alone` reads words as if nothing had been asked before.
    """
    held = continued(before)
    if held is None:
        return None
    if (subscription := subscription_after(before, held, reading, context)) is not None:
        return FollowUp(subscription)
    if (as_file := file_after(held, reading)) is not None:
        return told_apart(held, as_file)
    if (rest := after_forgetting(reading)) is not None:
        own = alone(rest)
        return None if isinstance(own, Refuse) or _leaves_words_over(own) else FollowUp(own)
    if (longer := lengthened(held, reading)) is not None:
        return told_apart(held, longer)
    if isinstance(held, Clarify):
        choice = chosen(held, reading, context)
        if choice is not None:
            return FollowUp(choice)
        real = [choice for choice in held.choices if not isinstance(choice, Help)]
        if len(real) != 1:
            return _in_each(held, reading, context, alone)
        held = real[0]  # another word in the place of the one that was not known
    if isinstance(held, Compound):
        return _compound(held, reading, context, alone)
    plan = _after(held, reading, context, alone)
    return None if plan is None else told_apart(held, plan)


def _leaves_words_over(own: Plan) -> bool:
    return isinstance(own, Clarify) and own.reason in ("unread_words", "half_understood")


def continued(before: Plan) -> Plan | None:
    """The plan that words can go on from: of a refusal, the plan that was understood."""
    if not isinstance(before, Refuse):
        return before
    try:
        return _PLAN.validate_python(before.understood) if before.understood else None
    except ValidationError:
        return None


def told_apart(before: Plan, plan: Plan) -> FollowUp:
    """Which slots the plan after keeps and which it changes."""
    if isinstance(plan, Clarify | Refuse | Compound):
        return FollowUp(plan)
    kept, changed = [], []
    for slot in _SLOTS:
        now, then = _slot(plan, slot), _slot(before, slot)
        if now != then:
            changed.append(slot)
        elif now and slot != "kind":
            kept.append(slot)
    return FollowUp(plan, tuple(kept), tuple(changed))


def _slot(plan: Plan, slot: str) -> Any:
    """A slot as the asker set it: what was only assumed, or is so by default, counts as nothing."""
    if slot == "kpis":
        kpi = getattr(plan, "kpi", None)
        return getattr(plan, "kpis", None) or ((kpi,) if kpi else None)
    if slot in getattr(plan, "assumed", ()):
        return None
    value = getattr(plan, slot, None) or None
    if slot != "kind" and slot in type(plan).model_fields and value == type(plan).model_fields[slot].default:
        return None
    return (value.start, value.end) if slot == "period" and value is not None else value


def _compound(before: Compound, reading: Reading, context: Context, alone: Alone) -> FollowUp | None:
    """The same change in every part; a part that asks back asks for all."""
    parts: list[Choice] = []
    for part in before.parts:
        plan = _after(part, reading, context, alone)
        if plan is None or isinstance(plan, Clarify | Refuse | Compound):
            return None if plan is None else FollowUp(plan)
        parts.append(plan)
    first = told_apart(before.parts[0], parts[0])
    return FollowUp(Compound(parts=tuple(parts)), first.kept, first.changed)


def _in_each(before: Clarify, reading: Reading, context: Context, alone: Alone) -> FollowUp | None:
    """The same change in every choice: still to be chosen from, with another time, breakdown or value."""
    changed: list[Choice] = []
    for choice in before.choices:
        if isinstance(choice, Help):
            changed.append(choice)
            continue
        said = fragment(reading, _kpis(choice), _period(choice), context)
        plan = None if said.kpis or said.either else _after(choice, reading, context, alone)
        if plan is None or isinstance(plan, Clarify | Refuse | Compound):
            return None
        changed.append(plan)
    each = tuple(choice for place, choice in enumerate(changed) if choice not in changed[:place])
    if len(each) < 2:
        return None
    return FollowUp(before.model_copy(update={"choices": each}))


def _after(before: Plan, reading: Reading, context: Context, alone: Alone) -> Plan | None:
    said = fragment(reading, _kpis(before), _period(before), context)
    if not (said.says_something or said.unread) or any(mark.startswith("pick_") for mark in said.marks):
        return None
    if isinstance(before, LeadList | DealList | CustomerList):
        own = alone(reading.original)
        if isinstance(own, type(before)):
            goes_on = said.marked or "names_rows" not in said.marks
            return laid_over_list(before, own) if goes_on else None
    sorts = said.asked.order_by in _kpis(before) and not (said.asked.periods or said.asked.limit)
    names = said.only_names and isinstance(before, KpiQuery | Why | Forecast)
    if not (said.goes_on or sorts or names) and _stands_alone(alone(reading.original), said):
        return None
    return _for_kind(before, said, reading, context, alone)


def _stands_alone(own: Plan, said: Fragment) -> bool:
    """Whether the words make a question without what was before: of another kind, or with a KPI of its own."""
    if isinstance(own, Help) and not said.unread:
        return False  # a greeting before a few words that are no question alone
    if not isinstance(own, KpiQuery | Why | Forecast | Clarify | Refuse):
        return True
    return bool(said.kpis or said.either)


def _for_kind(before: Plan, said: Fragment, reading: Reading, context: Context, alone: Alone) -> Plan | None:
    if isinstance(before, KpiQuery | Why | Forecast | Define):
        return figures_after(before, said, reading, context, alone)
    if isinstance(before, Summary) and said.kpis:
        return figures_after(_of_one(said.kpis, before), said, reading, context, alone)
    if isinstance(before, Summary | Funnel | Spend | Cost):
        return whole_plan_after(before, said, reading.original, context)
    if isinstance(before, LeadList | DealList | CustomerList):
        return rows_after(before, said, reading.original, alone)
    if isinstance(before, CustomerCard | DealAdvice | DataQuestion | ExperimentQuestion):
        return named_plan_after(before, said)
    return None


def _of_one(kpis: tuple[str, ...], summary: Summary) -> KpiQuery:
    """What a summary shows of these KPIs."""
    return KpiQuery(kpis=kpis, period=summary.period, filters=summary.filters, whose=summary.whose)


def _kpis(before: Plan) -> tuple[str, ...]:
    if isinstance(before, KpiQuery):
        return before.kpis
    return (before.kpi,) if isinstance(before, Why | Forecast | Define) and before.kpi else ()


def _period(before: Plan) -> Period | None:
    if isinstance(before, KpiQuery | Why | Forecast | Summary | Funnel | Spend | Cost):
        return before.period.period
    return period_of(before) if isinstance(before, LeadList | DealList | CustomerList) else None
