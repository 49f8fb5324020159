"""What is said of a subscription after it, or after what was shown: "send me this every Monday", "only when something
is off", 改成每天八点, "pause it".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from assistant.plans import Clarify, Compound, Help, Plan, Refuse, Subscribe
from assistant.plans.written import Sent
from assistant.understanding.context import Context
from assistant.understanding.kinds.schedules import rhythm_of, scheduled_in, time_in
from assistant.understanding.kinds.subscribe import CHANNEL, HERE, OFF, SENT, WHEN_OFF, asked_when, each_time
from assistant.understanding.reading import Reading

_PARTS: Mapping[str, Literal["place", "condition"]] = {"to": "place", "only_when_off": "condition"}
_ASKED_WHEN = ("when_to_send", "too_often", "several_days")
_TO_ME = re.compile(
    r"\b(?:just |only )?(?:to me|to my dms?|me directly)\b"
    r"|(?:只|私下|单独)?(?:发|推送?)?给我(?:本人|自己)?|私信(?:给?我)?"
)
_EACH_TIME = re.compile(
    r"\b(?:always|every time|each time|in any case|even if nothing is off)\b|每次都|不管有没有异常|都要发|总是"
)
_NOW = re.compile(
    r"(?:please )?(?:send|show|give|post)(?: it| this| that| me)*(?: to me)?(?: right)? now"
    r"|(?:现在|马上|立即|立刻)(?:就|先)?(?:发送?|推)(?:给我)?(?:一次|一份|一下)?"
    r"|(?:send|show)(?: me)? a preview|(?:先)?(?:预览|看)一?下"
)
_SEND_THIS = re.compile(
    r"(?:please )?(?:send|email|mail|dm) (?:me|us) (?:this|it|that)(?: (?:regularly|automatically|too|as well))?"
    r"|subscribe(?: me)?(?: to)?(?: (?:this|it|that))?"
    r"|(?:定期|定时|自动)?(?:把)?(?:这个|这份|它)?(?:定期|定时|自动)?(?:发|推送?)给我"
    r"|(?:我要|我想|帮我)?订阅(?:这个|这份|它|一下)?"
)
_FILLER = re.compile(
    r"\b(?:change|move|make|set|shift|reschedule|switch|send|post|deliver|put|do|it|this|that|them|one|to|me|us|on|at|in|the|a"
    r"|please|instead|rather|just|only|but|and|time|subscription|digest|report|from|now|for|too|also|every|ok|okay|yes)\b"
    r"|[改成到为在发送推给我把它这个份的时间订阅吧就请换挪调整一下了先再都才只每次要以后从起那嗯好换放而且并]|[,.;!?，。；！？]"
)


def subscription_after(before: Plan, held: Plan, reading: Reading, context: Context) -> Plan | None:
    """The subscription that is meant after `held`, which `before` was or had understood; None where none is."""
    if _NOW.fullmatch(reading.normal):
        shown = shown_in(held)
        return shown[0] if len(shown) == 1 else None
    if isinstance(held, SENT) and _SEND_THIS.fullmatch(reading.normal):
        return asked_when(each_time(held, context))
    own = next((one.plan for one in reading.candidates if one.whole and _is_about_one(one.plan)), None)
    if own is not None:
        return _completed(own, held, reading, context)
    about = _subscribed(held)
    if about is None:
        return None
    said = _said(about, reading, context)
    if said is None:
        return None
    done = not isinstance(before, Clarify | Refuse) or about.action != "create"
    return _changed(about, said) if done else _not_yet_made(before, about, said)


def sent_as_shown(plan: Plan, before: Plan, context: Context) -> Plan:
    """A question back about a subscription with what was shown `before` in those of its choices that name nothing."""
    shown = shown_in(before)
    if not isinstance(plan, Clarify) or len(shown) != 1:
        return plan
    what = each_time(shown[0], context)
    lacking = [isinstance(one, Subscribe) and one.action == "create" and one.what is None for one in plan.choices]
    choices = (
        one.model_copy(update={"what": what}) if lacks else one
        for one, lacks in zip(plan.choices, lacking, strict=True)
    )
    return plan.model_copy(update={"choices": tuple(choices)}) if any(lacking) else plan


def shown_in(held: Plan) -> tuple[Sent, ...]:
    """What the thread showed last, or subscribed to, that can be sent; several of one message."""
    if isinstance(held, SENT):
        return (held,)
    if isinstance(held, Subscribe):
        return (held.what,) if held.what else ()
    if isinstance(held, Compound):
        return tuple(part for part in held.parts if isinstance(part, SENT))
    if isinstance(held, Clarify):
        named = (choice.what for choice in held.choices if isinstance(choice, Subscribe) and choice.what)
        return tuple(dict.fromkeys(named))
    return ()


def _is_about_one(plan: Plan) -> bool:
    """Whether a reading is about a subscription, or asks back for one."""
    if isinstance(plan, Clarify):
        return any(isinstance(choice, Subscribe) for choice in plan.choices)
    return isinstance(plan, Subscribe)


def _completed(own: Plan, held: Plan, reading: Reading, context: Context) -> Plan:
    """ "This" is what was shown; "it" the subscription that was spoken of."""
    if isinstance(own, Clarify):
        choices = tuple(
            _completed(one, held, reading, context) if isinstance(one, Subscribe) else one for one in own.choices
        )
        return own.model_copy(update={"choices": choices})
    if not isinstance(own, Subscribe) or own.what is not None or own.action == "list":
        return own
    if own.action == "create":
        shown = tuple(each_time(plan, context) for plan in shown_in(held))
        if len(shown) > 1:
            each = tuple(own.model_copy(update={"what": plan}) for plan in shown[:4])
            return Clarify(reason="which_to_send", choices=each)
        return own.model_copy(update={"what": shown[0]}) if shown else own
    about = _subscribed(held)
    if about is None or not (own.one or own.action == "change"):
        return own
    return own.model_copy(update={"which": about.which, "what": about.what, "one": about.what is None})


def _subscribed(held: Plan) -> Subscribe | None:
    """The subscription that was spoken of last."""
    if isinstance(held, Subscribe):
        return held
    if isinstance(held, Clarify):
        named = [choice for choice in held.choices if isinstance(choice, Subscribe) and choice.action != "list"]
        others = [choice for choice in held.choices if not isinstance(choice, Subscribe | Help)]
        if named and not others and len({(one.which, one.what) for one in named}) == 1:
            return named[0]
    return None


def _said(about: Subscribe, reading: Reading, context: Context) -> dict[str, Any] | None:
    """The parts of a subscription that the words name and nothing else; None where a word stays over."""
    text = reading.normal
    spans: list[tuple[int, int]] = []
    said: dict[str, Any] = {}
    scheduled = scheduled_in(text) or rhythm_of(text)
    if scheduled is not None:
        fuller = rhythm_of(text) if not scheduled.spans else None
        said["schedule"] = scheduled.schedule
        said["assumed"] = () if scheduled.timed else ("time",)
        spans += [*scheduled.spans, *(fuller.spans if fuller else ())]
    elif (at := time_in(text)) is not None:
        said["at"] = at[0]
        spans.append(at[1])
    off = WHEN_OFF.search(text)
    if off is not None:
        said["only_when_off"] = True
        spans += [off.span(), *(found.span() for found in OFF.finditer(text))]
    elif (each := _EACH_TIME.search(text)) is not None:
        said["only_when_off"] = False
        spans.append(each.span())
    if (channel := CHANNEL.search(text)) is not None:
        said["to"] = f"channel:{channel['name']}"
        spans.append(channel.span())
    elif (here := HERE.search(text)) is not None:
        said["to"] = "here"
        spans.append(here.span())
    elif not said and (to_me := _TO_ME.search(text)) is not None:
        said["to"] = "me"
        spans.append(to_me.span())
    rest = "".join(
        " " if any(start <= at < end for start, end in spans) else character for at, character in enumerate(text)
    )
    return said if said and not _FILLER.sub("", rest).strip() else None


def _changed(about: Subscribe, said: dict[str, Any]) -> Subscribe:
    """Another time, place or condition for a subscription there is."""
    changes = tuple(dict.fromkeys(_PARTS[name] for name in said if name in _PARTS))
    return Subscribe(action="change", which=about.which, what=about.what, changes=changes, **said)


def _not_yet_made(before: Plan, about: Subscribe, said: dict[str, Any]) -> Subscribe | None:
    """A subscription that was asked back about or refused, with what is said now."""
    if "at" in said:
        if about.schedule is None or (isinstance(before, Clarify) and before.reason in _ASKED_WHEN):
            return None
        said = {**said, "schedule": about.schedule.model_copy(update={"at": said.pop("at")}), "assumed": ()}
    return about.model_copy(update=said)
