"""Something sent on a schedule: "send me the summary every Monday at 9", 每周一早上九点发给我, "stop the digest"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

from assistant.plans import (
    Clarify,
    CustomerList,
    DealList,
    Help,
    KpiQuery,
    LeadList,
    Plan,
    Schedule,
    Subscribe,
    Summary,
)
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import pieces_of
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.schedules import scheduled_in
from assistant.understanding.normalise import normalise
from assistant.understanding.reading import Candidate, Reading

Action = Literal["create", "list", "change", "pause", "resume", "stop"]
Span = tuple[int, int]
Sent = Summary | KpiQuery | LeadList | DealList | CustomerList

_SENT = (Summary, KpiQuery, LeadList, DealList, CustomerList)
_SENDS = re.compile(
    r"\b(?:send|email|mail|dm|message|post|deliver|push|share|remind|ping|alert|notify|tell|give|show|text|drop|get|shoot"
    r"|forward)(?: (?:me|us))?(?: (?:it|this|that|them|about|with|of))?\b"
    r"|\bkeep (?:me|us) posted(?: (?:on|about|with))?\b"
    r"|\bi(?:'d)? (?:want|would like|like|need) (?:to get |to see )?"
    r"|\b(?:subscribe|sign)(?: me| us)?(?: up)?(?: (?:to|for))?\b|\bschedule\b"
    r"|把|给我?发送?|(?:定时)?(?:发送|推送|发|推|寄|寄送|提醒|通知|告诉)(?:一份|一次)?(?:给)?(?:我们?|大家)?(?:一份|一次)?"
    r"|(?:帮我|我要|我想)?订阅|(?:看|报)一次|到我?邮箱|到(?=[# ]|$)"
)
# "Show me revenue every week" is a trend, "remind me every week" is none.
_SENDS_OFTEN = re.compile(
    r"\b(?:send|email|mail|dm|deliver|push|remind|ping|alert|notify|subscribe|sign me up|schedule|post|shoot|forward)\b"
    r"(?!.*\b(?:weekly|monthly|daily)$)"
    r"|发|寄|推|提醒|通知|订阅|告诉"
)
_ENGLISH_ACTIONS: Mapping[Action, str] = {
    "stop": r"stop(?: sending)?(?: me| us)?|cancel|unsubscribe(?: me)?(?: from)?|turn off|end|don't send(?: me)?"
    r"|no longer send(?: me)?|i don't want|kill|ditch|quit(?: sending)?(?: me)?|get rid of|opt(?: me)? out of"
    r"|take me off|remove me from|no more|switch off|shut off",
    "pause": r"pause|hold off(?: on)?|put on hold|hold|freeze|suspend|mute|snooze",
    "resume": r"resume|restart|unpause|continue sending|continue|turn back on|turn on again|start again|reactivate",
    "change": r"change|move|reschedule|shift|switch|make",
    "list": r"(?:list|show|what(?:'s| is| are?)?|which)(?: me)?(?: all)?(?: of)?(?: my)?"
    r"(?: subscriptions| scheduled| digests| reports)?|my",
}
_CHINESE_ACTIONS: Mapping[Action, str] = {
    "stop": "取消订阅|退订|停止发送|停止推送|停止|取消掉?|停掉|关掉|关了|退掉|停发|不想再?收(?:到)?|(?<!先)停了"
    "|(?<![先时])(?:别|不要|不用)再?(?:给我|给我们)?再?(?:发|推|推送)",
    "pause": "暂停|先停一下|暂缓|先停(?:了|一停)?|停几天|停一阵|(?:先|暂时)(?:别|不要|不用)再?(?:给我)?(?:发|推送|推)",
    "resume": "恢复|重新开始|继续发送?|重新发送|重启",
    "change": "改成|改到|改为|更改|调整到|换成|调到|改在|挪到",
    "list": "我的订阅|订阅?(?:了|的是?)(?:什么|哪些|啥)?|哪些订阅|有哪些|什么订阅|有什么|有啥",
}
_WANTED = r"(?:i want you to |i'd like you to |请|帮我|能不能|可以)*"
_ACTIONS = tuple(
    (action, re.compile(rf"^{_WANTED}(?:{english})\b|(?:{_CHINESE_ACTIONS[action]})"))
    for action, english in _ENGLISH_ACTIONS.items()
)
_HELD = re.compile(
    r"\b(?:subscri\w+|e?-?mails|digests?|scheduled?|schedules|reports?|summar(?:y|ies)|updates?|alerts?|reminders?)\b"
    r"|订阅|推送|周报|月报|日报|季报|提醒|定时|摘要|汇总|简报|报告"
)
_SUBSCRIBED = re.compile(r"\bsubscri\w+|\bscheduled\b|\bdigests\b|\bsigned up for\b|订阅|推送|订了")
_CHANNEL = re.compile(
    r"(?:\b(?:to|in|into)|发到|发送到|推送到|发去|到)? ?(?:the )?(?:频道 ?)?#(?P<name>[\w\-]+)(?: channel|频道)?"
)
_HERE = re.compile(r"\b(?:in |to )?(?:here|this channel)\b|(?:发)?(?:到|在)?(?:这里|这个频道|本频道|本群|群里)")
_WHEN_OFF = re.compile(
    r"\b(?:but )?only (?:if|when|on)\b|\b(?:if|when) (?=something|anything|it |there|we miss)"
    r"|(?:只在|只有|仅在|只)?(?:有异常|出现异常|异常|出问题|有问题|不达标|没达标|未达标|没达到目标|低于目标)"
    r"(?:的时候|的话|时|了)?(?:才|再|就)?"
)
_OFF = re.compile(
    r"\b(?:something|anything|it|there|we)? ?(?:is|'s|looks|are|goes|was|seems)? ?"
    r"(?:off|wrong|unusual|out of line|odd|a problem|anomalies|an anomaly)\b"
    r"|\b(?:something |anything |it |we )?"
    r"(?:misses|missed|miss|falls short of|falls below|drops below|is below|is under)\b"
)
_EMPTY = re.compile(
    r"\b(?:all|my|the|of|it|this|that|them|these|reports?|updates?|alerts?|digests?|subscriptions?|subscribed|sending|to"
    r"|too|me|am|i|again|now|currently|those|e?-?mails|messages|stuff|things|on|at|for|please|everything|reminders?|a|have|do|scheduled?|schedules|is|are|and|in|only|from|getting"
    r"|time)\b"
    r"|所有|全部|把|的|我|都|了|一下|这个|那个|它|请|时间|有|东西|内容|哪些|什么|时候|才|啥|先|吧|推送|订阅|,|，"
)
_DANGLING = re.compile(r"^(?:with|about|on|of|for) |(?: (?:to|on|at|for|from|in))+$", re.IGNORECASE)
_FROM_NOW = re.compile(r"\bfrom now on\b|\bgoing forward\b|以后|今后|往后|从今天起|从今天开始|从现在起|从现在开始")
# Days from the end of the period that a summary is of to the next one.
_LATEST = {"day": 4, "week": 7, "month": 31, "quarter": 92, "year": 366}


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    text = reading.normal
    schedule = scheduled_in(text)
    action, spans = _action(text)
    if action == "create" and _SENDS.search(text) is None and not (schedule and schedule.timed):
        return None
    if action == "create" and schedule is not None and schedule.loose and not _SENDS_OFTEN.search(text):
        return None
    if action == "create" and schedule is None:
        return _without_schedule() if _SUBSCRIBED.search(text) else None
    if action == "change" and (schedule is None or schedule.loose):
        return None
    held = _SUBSCRIBED if action == "list" else _HELD
    if action != "create" and held.search(text) is None:
        return None
    channel, here, off = _CHANNEL.search(text), _HERE.search(text), _WHEN_OFF.search(text)
    spans += [found.span() for found in (channel, here, off, _FROM_NOW.search(text)) if found]
    spans += [found.span() for found in _SENDS.finditer(text)] if action == "create" else []
    spans += [found.span() for found in (_OFF.finditer(text) if off else ())]
    spans += [found.span() for found in (_SUBSCRIBED.finditer(text) if action != "create" else ())]
    what, left = _what(reading, context, [*spans, *(schedule.spans if schedule else ())])
    if isinstance(what, Clarify):
        return Candidate(what)
    if action == "create" and what is None and not left and not _names_nothing(text):
        return None
    plan = Subscribe(
        action=action,
        what=what,
        schedule=schedule.schedule if schedule and action in ("create", "change") else None,
        to=f"channel:{channel['name']}" if channel else "here" if here else "me",
        only_when_off=off is not None,
        assumed=() if schedule is None or schedule.timed else ("time",),
    )
    return Candidate(plan, left)


def _action(text: str) -> tuple[Action, list[Span]]:
    """What is to be done with a subscription, and the words that say so."""
    for action, pattern in _ACTIONS:
        if pattern.search(text):
            if action == "list" and not _SUBSCRIBED.search(text):
                continue
            return action, [found.span() for found in pattern.finditer(text)]
    return "create", []


def _names_nothing(text: str) -> bool:
    """ "Send me this every Monday": what the thread showed last."""
    return re.search(r"\b(?:this|it|that|these)\b|这个|这份|它|发给我|推送给我|给我发", text) is not None


def _without_schedule() -> Candidate:
    """When is asked back, with the two rhythms people have."""
    summary = Subscribe(schedule=Schedule(every="week", weekday=1))
    daily = Subscribe(schedule=Schedule(every="workday"))
    return Candidate(Clarify(reason="when_to_send", choices=(summary, daily, Subscribe(action="list"), Help())))


def _what(reading: Reading, context: Context, spans: list[Span]) -> tuple[Sent | Clarify | None, tuple[str, ...]]:
    """What is to be sent, read as a question of its own from the words that are left; None where none says anything."""
    from assistant.understanding.understand import understand

    rest = "".join(
        " " if any(start <= at < end for start, end in spans) else character
        for at, character in enumerate(reading.original)
    )
    words = _DANGLING.sub("", " ".join(rest.split()).strip(" ,.;:，。；"))
    if not any(character.isalnum() for character in _EMPTY.sub("", normalise(words))):
        return None, ()
    plan: Plan = understand(words, context)
    if isinstance(plan, _SENT):
        return _each_time(plan, context), ()
    if isinstance(plan, Clarify) and plan.choices:
        sent = tuple(choice for choice in plan.choices if isinstance(choice, _SENT))
        return (plan.model_copy(update={"choices": (*sent, Help())}) if sent else None), () if sent else (words,)
    carries = any(not piece.is_a("ignore", "greeting") for piece in pieces_of(normalise(words), context))
    return None, (words,) if carries else ()


def _each_time(plan: Sent, context: Context) -> Sent:
    """ "Last week's summary" on a schedule is that of the week before each time."""
    if not isinstance(plan, Summary) or "period" in plan.assumed:
        return plan
    since = (context.today - date.fromisoformat(plan.period.end)).days
    return plan.model_copy(update={"assumed": (*plan.assumed, "period")}) if 0 <= since < _LATEST[plan.rhythm] else plan


READER = KindReader("subscribe", _read)
