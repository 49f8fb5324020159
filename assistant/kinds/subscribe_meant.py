"""Which of somebody's subscriptions is meant: by its number, by what it sends, or the only one there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.kinds.described_parts import schedule_words
from assistant.kinds.subscribe_asked import asked_back, refused
from assistant.kinds.subscribe_shown import list_of, sent_now, what_of
from assistant.plans import KpiQuery, Schedule, Subscribe, Summary
from assistant.plans.as_of import plan_as_of
from assistant.plans.written import Sent
from assistant.result import Result, Room, Worded

if TYPE_CHECKING:
    from assistant.store.subscriptions import Subscription

_MOST_CHOICES = 4
_STATES = {"pause": "active", "resume": "paused"}


def of_which(plan: Subscribe, mine: tuple[Subscription, ...], room: Room) -> tuple[Subscription, ...] | Result:
    """Those that are meant; a question back where one of several can be, a refusal where there is none."""
    if plan.which is not None:
        found = tuple(held for held in mine if held.subscription_id == plan.which)
        return found or refused("not_held", plan, room)
    if not mine:
        return list_of(mine, plan, room)
    fitting = _fitting(plan, mine, room)
    if not fitting:
        return refused("none_like_it", plan, room)
    every = plan.what is None and not plan.one and plan.action != "change"
    if len(fitting) == 1 or every:
        return fitting
    return _which(plan, fitting, room)


def _fitting(plan: Subscribe, mine: tuple[Subscription, ...], room: Room) -> tuple[Subscription, ...]:
    """Those that send what is named, the very same before those alike; only what can still be paused or resumed."""
    held = mine
    if plan.what is not None:
        same = tuple(one for one in mine if _same(plan.what, sent_now(one, room), room))
        held = same or tuple(one for one in mine if _alike(plan.what, sent_now(one, room)))
    wanted = _STATES.get(plan.action)
    return tuple(one for one in held if one.state == wanted) or held


def _same(named: Sent, sent: Sent, room: Room) -> bool:
    today = room.clock.today
    return plan_as_of(named, today, today) == sent


def _alike(named: Sent, sent: Sent) -> bool:
    """Of one kind, and of the same rhythm or the same KPIs."""
    if isinstance(named, Summary) and isinstance(sent, Summary):
        return named.rhythm == sent.rhythm or "rhythm" in named.assumed
    if isinstance(named, KpiQuery) and isinstance(sent, KpiQuery):
        return set(named.kpis) <= set(sent.kpis)
    return named.kind == sent.kind


def _which(plan: Subscribe, fitting: tuple[Subscription, ...], room: Room) -> Result:
    """One button each; of more than a few, the list with its buttons."""
    each = tuple(plan.model_copy(update={"which": one.subscription_id, "what": sent_now(one, room)}) for one in fitting)
    labels = tuple(_named(one, room) for one in fitting)
    if plan.action != "change" and len(each) < _MOST_CHOICES:
        labels = (*labels, Worded("subscribe_which", {"what": None, "when": None}))
        each = (*each, plan.model_copy(update={"one": False, "what": None}))
    if len(each) > _MOST_CHOICES:
        return list_of(fitting, plan, room, which=True)
    return asked_back("which", plan, each, room, labels=labels)


def _named(held: Subscription, room: Room) -> Worded:
    """What it sends, and when: several may send the same."""
    when = schedule_words(Schedule.model_validate(held.schedule))
    return Worded("subscribe_which", {"what": what_of(held, room), "when": when})
