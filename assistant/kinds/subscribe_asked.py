"""Questions back and refusals about subscriptions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analytics.semantic.calendar import last
from analytics.vocabulary import Figure, Grain, Unit
from assistant.access import permit
from assistant.kinds.described import described
from assistant.plans import Choice, Clarify, Days, Help, LeadList, Refuse, Subscribe, Summary
from assistant.plans.parts import Day
from assistant.question import Role
from assistant.result import Result, Room, Worded, quoted
from assistant.subscriptions import MOST_HELD

if TYPE_CHECKING:
    from assistant.store.subscriptions import Subscription


def asked_back(
    reason: str,
    plan: Subscribe,
    choices: tuple[Choice, ...],
    room: Room,
    about: tuple[Subscription, ...] = (),
    labels: tuple[Worded, ...] = (),
) -> Result:
    """A question back; each choice is a complete plan, in words of its own where `labels` has none."""
    from assistant.kinds.subscribe_shown import what_of

    labels = labels or tuple(described(choice, room) for choice in choices)
    return Result(
        route="clarify",
        template="subscribe_asked",
        facts={
            "reason": reason,
            "action": plan.action,
            "choices": list(labels),
            "what": what_of(about[0], room) if about else None,
            **_place(plan),
        },
        items=tuple({"label": label} for label in labels),
        choices=choices,
        plan=Clarify(reason=reason, choices=choices),
        private=True,
    )


def refused(reason: str, plan: Subscribe, room: Room) -> Result:
    """A refusal that says what can be done instead; the plan is kept, so that it can be gone on from."""
    return Result(
        route="refuse",
        template="subscribe_refused",
        facts={
            "reason": reason,
            "plan": described(plan, room),
            "most": Figure("subscriptions", MOST_HELD, Unit.COUNT),
            **_place(plan),
        },
        plan=Refuse(reason=reason, understood=plan.model_dump(mode="json")),
    )


def _place(plan: Subscribe) -> dict[str, object]:
    kind, _, name = plan.to.partition(":")
    return {"to": kind, "channel": quoted(name)}


def whom_to_send(plan: Subscribe, room: Room) -> tuple[Choice, ...]:
    """What people have sent most, as far as the asker may have it: the summary, the leads to call."""
    today = room.clock.today
    week = Days.of(last(1, Grain.WEEK, today, room.company.fiscal_year_start))
    calls = LeadList(
        owner="me" if room.asker and room.asker.role is Role.REP else "my_team",
        day=Day(start=today.isoformat(), end=_tomorrow(room), label="today"),
    )
    offers = [plan.model_copy(update={"what": what}) for what in (Summary(period=week, assumed=("period",)), calls)]
    may = (one for one in offers if not isinstance(permit(one, room.asker, room.data, room.model).plan, Refuse))
    installed = tuple(one for one in may if one.what is not None and _installed(one.what.kind))
    return (*installed, Help())


def _tomorrow(room: Room) -> str:
    return (room.clock.today + timedelta(days=1)).isoformat()


def _installed(kind: str) -> bool:
    from assistant.kinds import KINDS

    return kind in dict(KINDS)
