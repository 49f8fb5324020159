"""What is to be sent, tried once: whether the asker may have it, whether a channel may, whether it can be off."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.access import permit
from assistant.kinds.subscribe_asked import asked_back, refused
from assistant.plans import Clarify, Help, Refuse, Subscribe, Summary
from assistant.plans.written import Sent
from assistant.result import Result, Room
from assistant.shared_access import may_all_see
from assistant.subscriptions import Channel


@dataclass(frozen=True)
class Tried:
    """`problem` is the refusal or the question back where it cannot be sent like this; `tells_off`: it can be told
    when something is off."""

    problem: Result | None
    tells_off: bool


def tried(what: Sent, plan: Subscribe, room: Room, *, to: Channel | None, only_when_off: bool) -> Tried:
    """What came of it; `to` None is the asker's direct messages."""
    result = _run(what, room)
    tells_off = result.off is not None
    if isinstance(result.plan, Refuse | Clarify):
        return Tried(result, tells_off)
    if to is not None and (barred := _barred(what, result, to, room)) is not None:
        return Tried(asked_back(barred, plan, _instead(what, plan, to, room), room), tells_off)
    if only_when_off and not tells_off:
        return Tried(refused("cannot_tell", plan, room), tells_off)
    return Tried(None, tells_off)


def _run(what: Sent, room: Room) -> Result:
    from assistant.kinds import run  # the kinds hold `subscribe`, which reads this

    return run(replace(room, permitted=permit(what, room.asker, room.data, room.model)))


def _barred(what: Sent, result: Result, to: Channel, room: Room) -> str | None:
    """Why not everybody in the channel may see it; None where all may. It is asked again at each sending."""
    if result.private:
        return "private_to_channel"
    readers = room.subscriptions.readers(to) if room.subscriptions else None
    if readers is None or room.asker is None:
        return "strangers_in_channel"
    shown = {figure.name for figure in result.figures}
    seen = may_all_see(what, shown, room.asker, readers, room.data, room.model)
    return None if seen else "not_for_everybody"


def _instead(what: Sent, plan: Subscribe, to: Channel, room: Room) -> tuple[Subscribe | Help, ...]:
    """To the asker alone; of a summary, the bulletin that everybody may read."""
    if plan.action == "resume":
        return (plan.model_copy(update={"action": "change", "to": "me", "changes": ("place",)}), Help())
    choices: list[Subscribe | Help] = [plan.model_copy(update={"to": "me"})]
    if isinstance(what, Summary) and what.form != "bulletin" and plan.action == "create":
        bulletin = what.model_copy(update={"form": "bulletin"})
        result = _run(bulletin, room)
        if not isinstance(result.plan, Refuse | Clarify) and _barred(bulletin, result, to, room) is None:
            choices.append(plan.model_copy(update={"what": bulletin}))
    return tuple(choices) if len(choices) > 1 else (*choices, Help())
