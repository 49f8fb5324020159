"""Subscriptions in words: each on a line with its next time, and the buttons that belong to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from analytics.vocabulary import Figure, Unit
from assistant.due_times import WEEKDAYS, workdays_of
from assistant.kinds.described import described, sent_words
from assistant.kinds.described_parts import schedule_words
from assistant.plans import Schedule, Subscribe
from assistant.plans.as_of import plan_as_of
from assistant.plans.written import Sent
from assistant.result import Button, Buttons, Result, Room, Worded, quoted
from assistant.subscriptions import TO_ME

if TYPE_CHECKING:
    from assistant.store.subscriptions import Subscription

_SENT: TypeAdapter[Sent] = TypeAdapter(Sent)


def told(done: str, held: tuple[Subscription, ...], plan: Subscribe, room: Room, *, tells_off: bool = False) -> Result:
    """What was done, and what holds now. `tells_off`: of a new one, that it can be told when something is off."""
    one = held[0]
    lines = [line_of(each, room) for each in held]
    several = len(held) > 1
    seen = plan if several else plan.model_copy(update={"which": one.subscription_id})
    return Result(
        route="subscribe",
        facts={
            "done": done,
            "one": None if several else _facts(one, room),
            "lines": lines if several else [],
            "count": Figure("subscriptions", len(held), Unit.COUNT),
            "plan": described(_with_its_time(plan, one), room),
            "action": plan.action,
            "tells_off": tells_off,
            "zone": quoted(room.clock.timezone),
            "every": str(one.schedule["every"]),
            "calendar": workdays_of(room.company.calendar) is not WEEKDAYS,
            "time_assumed": "time" in plan.assumed and done == "created",
            "which": False,
        },
        items=tuple(_item(each, room) for each in held),
        buttons=(Buttons(_buttons(one, room, made=done == "created", tells_off=tells_off)),) if not several else (),
        plan=seen,
        private=not (plan.action in ("create", "change") and one.to != TO_ME),
    )


def _with_its_time(plan: Subscribe, held: Subscription) -> Subscribe:
    """A change of days that left the time of day open, with the time that stays."""
    if plan.schedule is None or "time" not in plan.assumed:
        return plan
    return plan.model_copy(update={"schedule": Schedule.model_validate(held.schedule)})


def list_of(held: tuple[Subscription, ...], plan: Subscribe, room: Room, *, which: bool = False) -> Result:
    """All of them, each with its buttons; `which`: one of these has to be named."""
    rows = tuple(Buttons(_buttons(each, room), line_of(each, room)) for each in held)
    return Result(
        route="subscribe",
        facts={
            "done": "listed" if held else "none",
            "one": None,
            "lines": [row.about for row in rows],
            "count": Figure("subscriptions", len(held), Unit.COUNT),
            "plan": described(plan, room),
            "action": plan.action,
            "tells_off": False,
            "zone": quoted(room.clock.timezone),
            "every": "",
            "calendar": False,
            "time_assumed": False,
            "which": which,
        },
        items=tuple(_item(each, room) for each in held),
        buttons=rows,
        plan=plan,
        private=True,
    )


def sent_now(held: Subscription, room: Room) -> Sent:
    """What it would send today."""
    plan = _SENT.validate_python(held.plan)
    return plan_as_of(plan, held.made_on, room.clock.today, room.company.fiscal_year_start)


def what_of(held: Subscription, room: Room) -> Worded:
    """What it sends, in words."""
    return sent_words(sent_now(held, room), room)


def line_of(held: Subscription, room: Room) -> Worded:
    """One line: what, when, where, and when next."""
    return Worded("subscribe_line", _facts(held, room))


def _facts(held: Subscription, room: Room) -> dict[str, Any]:
    kind = "me" if held.to == TO_ME else "channel"
    return {
        "what": what_of(held, room),
        "when": schedule_words(Schedule.model_validate(held.schedule)),
        "next": held.next_due_at,
        "state": held.state,
        "until": held.paused_until,
        "to": kind,
        "channel": quoted(held.channel_name or held.to) if kind == "channel" else None,
        "only_when_off": held.only_when_off,
        "zone": quoted(held.timezone) if held.timezone != room.clock.timezone else None,
        "failed": held.last_error is not None,
    }


def _item(held: Subscription, room: Room) -> dict[str, Any]:
    return {
        "subscription": held.subscription_id,
        "what": what_of(held, room),
        "plan": held.plan,
        "schedule": held.schedule,
        "timezone": quoted(held.timezone),
        "to": held.to,
        "channel": quoted(held.channel_name),
        "only_when_off": held.only_when_off,
        "state": held.state,
        "paused_until": _iso(held.paused_until),
        "next_due_at": held.next_due_at.isoformat() if held.next_due_at else None,
        "last_sent_at": held.last_sent_at.isoformat() if held.last_sent_at else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _buttons(held: Subscription, room: Room, *, made: bool = False, tells_off: bool = False) -> tuple[Button, ...]:
    """What can be done with it from here."""
    number = held.subscription_id
    if held.state == "stopped":
        again = Subscribe(
            what=sent_now(held, room),
            schedule=Schedule.model_validate(held.schedule),
            to=TO_ME if held.to == TO_ME else f"channel:{held.to}",
            only_when_off=held.only_when_off,
        )
        return (_button("again", again),)
    switch = "pause" if held.state == "active" else "resume"
    condition = Subscribe(action="change", which=number, changes=("condition",), only_when_off=not held.only_when_off)
    return (
        *((Button(_label("send_now"), sent_now(held, room)),) if made else ()),
        *((_button("every_time" if held.only_when_off else "only_when_off", condition),) if tells_off else ()),
        _button(switch, Subscribe(action=switch, which=number)),  # type: ignore[arg-type]
        _button("change", Subscribe(action="change", which=number)),
        _button("stop", Subscribe(action="stop", which=number)),
    )


def _button(name: str, plan: Subscribe) -> Button:
    return Button(_label(name), plan)


def _label(name: str) -> Worded:
    return Worded("subscribe_button", {"name": name})
