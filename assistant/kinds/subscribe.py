"""What is sent on a schedule: made, listed, changed, paused, resumed, stopped.

Whoever asks acts on their own subscriptions only; a button that names somebody else's is refused.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from assistant.due_times import Workdays, workdays_of
from assistant.kinds import refuse
from assistant.kinds.subscribe_asked import asked_back, refused, whom_to_send
from assistant.kinds.subscribe_meant import of_which
from assistant.kinds.subscribe_shown import list_of, sent_now, told
from assistant.kinds.subscribe_tried import tried
from assistant.plans import Refuse, Schedule, Subscribe
from assistant.result import Result, Room
from assistant.subscriptions import MOST_HELD, TO_ME, Channel, Subscriptions

if TYPE_CHECKING:
    from assistant.store.subscriptions import Subscription


def run(plan: Subscribe, room: Room) -> Result:
    """Do it and say what holds now; what is not clear is asked back, what cannot be is refused."""
    if room.subscriptions is None or room.asker is None:
        return refuse.run(Refuse(reason="not_yet", understood=plan.model_dump(mode="json")), room)
    if plan.action == "create":
        return _create(plan, room, room.subscriptions)
    mine = room.subscriptions.of(room.asker)
    if plan.action == "list":
        return list_of(mine, plan, room)
    meant = of_which(plan, mine, room)
    if isinstance(meant, Result):
        return meant
    if len(meant) == 1 and plan.action == "change":
        return _change(plan, meant[0], room, room.subscriptions)
    return _switch(plan, meant, room, room.subscriptions)


# --- making one


def _create(plan: Subscribe, room: Room, subscriptions: Subscriptions) -> Result:
    if plan.what is None:
        return asked_back("what_to_send", plan, whom_to_send(plan, room), room)
    target = place_of(plan.to, room, subscriptions)
    if isinstance(target, str):
        return refused(target, plan, room)
    seen = tried(plan.what, plan, room, to=target, only_when_off=plan.only_when_off)
    if seen.problem is not None:
        return seen.problem
    asker, schedule = room.asker, plan.schedule
    assert asker is not None
    assert schedule is not None
    what, when = plan.what.model_dump(mode="json"), schedule.model_dump(mode="json")
    to = target.channel_id if target else TO_ME
    held = subscriptions.same(asker, what, when, to, room.clock.today)
    if held is not None:
        if held.only_when_off != plan.only_when_off:
            held = subscriptions.change(held, only_when_off=plan.only_when_off, workdays=_workdays(room))
            return told("changed", (held,), plan, room)
        return told("already", (held,), plan, room)
    if len(subscriptions.of(asker)) >= MOST_HELD:
        return refused("too_many", plan, room)
    made = subscriptions.create(
        asker, what, when, to=target, only_when_off=plan.only_when_off, language=room.language,
        timezone=room.clock.timezone, place=room.place, made_on=room.clock.today, workdays=_workdays(room),
    )  # fmt: skip
    return told("created", (made,), plan, room, tells_off=seen.tells_off)


def place_of(to: str, room: Room, subscriptions: Subscriptions) -> Channel | str | None:
    """The channel that is meant; None for the asker's direct messages; else why nothing can be sent there."""
    kind, _, name = to.partition(":")
    if kind == "me" or (kind == "here" and room.place is not None and room.place.channel is None):
        return None
    if kind == "here":
        found = subscriptions.channel(room.place.channel or "", room.place) if room.place else "no_slack"
        return "bot_not_in" if found == "no_channel" else found
    return subscriptions.channel(name, room.place) if kind == "channel" else "no_channel"


def channel_of(held: Subscription) -> Channel | None:
    """The channel that a subscription goes to; None for direct messages."""
    return None if held.to == TO_ME else Channel(held.to, held.channel_name or held.to)


# --- changing one


def _change(plan: Subscribe, held: Subscription, room: Room, subscriptions: Subscriptions) -> Result:
    from assistant.store.subscriptions import AlreadySubscribed

    if not (plan.changes or plan.schedule or plan.at):
        return asked_back("other_time", plan, _other_times(plan, held), room, (held,))
    target: Channel | None = None
    if "place" in plan.changes:
        found = place_of(plan.to, room, subscriptions)
        if isinstance(found, str):
            return refused(found, plan, room)
        target = found
    if plan.changes:
        to = target if "place" in plan.changes else channel_of(held)
        condition = plan.only_when_off if "condition" in plan.changes else held.only_when_off
        seen = tried(sent_now(held, room), plan, room, to=to, only_when_off=condition)
        if seen.problem is not None:
            return seen.problem
    try:
        changed = subscriptions.change(
            held,
            schedule=_schedule(plan, held).model_dump(mode="json") if plan.schedule or plan.at else None,
            to=(target or TO_ME) if "place" in plan.changes else None,
            only_when_off=plan.only_when_off if "condition" in plan.changes else None,
            workdays=_workdays(room),
        )
    except AlreadySubscribed as same:
        return told("already", (same.held,), plan, room)
    return told("changed", (changed,), plan, room)


def _schedule(plan: Subscribe, held: Subscription) -> Schedule:
    """The new schedule; a time of day or days that were not said stay."""
    before = Schedule.model_validate(held.schedule)
    if plan.schedule is None:
        return before.model_copy(update={"at": plan.at})
    kept = {"at": before.at} if "time" in plan.assumed else {}
    return plan.schedule.model_copy(update=kept)


def _other_times(plan: Subscribe, held: Subscription) -> tuple[Subscribe, ...]:
    """A few times that people have, none of them the one there is."""
    before = Schedule.model_validate(held.schedule)
    times = [before.model_copy(update={"at": at}) for at in ("08:00", "09:00", "17:00")]
    times.append(Schedule(every="workday", at=before.at))
    others = [schedule for schedule in times if schedule != before][:4]
    return tuple(Subscribe(action="change", which=held.subscription_id, schedule=schedule) for schedule in others)


def _switch(plan: Subscribe, meant: tuple[Subscription, ...], room: Room, subscriptions: Subscriptions) -> Result:
    """Pause, resume or stop those meant. What needs rights again is looked at once more before it is resumed."""
    workdays = _workdays(room)
    if plan.action == "resume":
        for held in meant:
            seen = tried(sent_now(held, room), plan, room, to=channel_of(held), only_when_off=held.only_when_off)
            if seen.problem is not None:
                return seen.problem
        return told("resumed", tuple(subscriptions.resume(held, workdays) for held in meant), plan, room)
    if plan.action == "pause":
        until = date.fromisoformat(plan.until) if plan.until else None
        if until is not None and until <= room.clock.today:
            return refused("past_day", plan, room)
        return told("paused", tuple(subscriptions.pause(held, until, workdays) for held in meant), plan, room)
    return told("stopped", tuple(subscriptions.stop(held) for held in meant), plan, room)


def _workdays(room: Room) -> Workdays:
    return workdays_of(room.company.calendar)
