"""Something sent on a schedule: "send me the summary every Monday at 9", 每周一早上九点发给我, "stop the digest"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from assistant.plans import Choice, Clarify, Help, Plan, Schedule, Subscribe, Summary
from assistant.plans.written import Sent
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.pieces import pieces_of
from assistant.understanding.kinds.pauses import until_in
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.kinds.schedules import Scheduled, other_days, rhythm_of, scheduled_in, time_in, too_often
from assistant.understanding.normalise import normalise
from assistant.understanding.reading import Candidate, Reading

Action = Literal["create", "list", "change", "pause", "resume", "stop"]
Span = tuple[int, int]

SENT = get_args(Sent)
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
    (action, re.compile(rf"^ *{_WANTED}(?:{english})\b|(?:{_CHINESE_ACTIONS[action]})"))
    for action, english in _ENGLISH_ACTIONS.items()
)
_HELD = re.compile(
    r"\b(?:subscri\w+|e?-?mails|digests?|scheduled?|schedules|reports?|summar(?:y|ies)|updates?|alerts?|reminders?)\b"
    r"|订阅|推送|周报|月报|日报|季报|提醒|定时|摘要|汇总|简报|报告"
)
_SUBSCRIBED = re.compile(r"\bsubscri\w+|\bscheduled\b|\bdigests\b|\bsigned up for\b|订阅|推送|订了")
CHANNEL = re.compile(
    r"(?:\b(?:to|in|into)|发到|发送到|推送到|发去|到)? ?(?:the )?(?:频道 ?)?#(?P<name>[\w\-]+)(?: channel|频道)?"
)
HERE = re.compile(r"\b(?:in |to )?(?:here|this channel)\b|(?:发)?(?:到|在)?(?:这里|这个频道|本频道|本群|群里)")
WHEN_OFF = re.compile(
    r"\b(?:but )?only (?:if|when|on)\b|\b(?:if|when) (?=something|anything|it |there|we miss)"
    r"|\b(?:if|when|whenever) (?=[\w ]*\b(?:misses|falls short of|falls below|drops below|is (?:below|off|unusual))\b)"
    r"|(?:只在|只有|仅在|只)?(?:有异常|出现异常|异常|出问题|有问题|不达标|没达标|未达标|没达到目标|低于目标)"
    r"(?:的时候|的话|时|了)?(?:才|再|就)?"
)
OFF = re.compile(
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
_TO_SOMEBODY = re.compile(r"to (?!the |a |all )[a-z]+$")
_AWAY = re.compile(
    r"i(?:'m| am|'ll be| will be) (?:on (?:holiday|vacation|leave)|away|out(?: of (?:the )?office)?|travell?ing)\b"
    r"|我(?:要|会|在)?(?:休假|出差|请假|放假|度假)"
)
_MEANWHILE = re.compile(r"\b(?:meanwhile|in the meantime|until then|so|please)\b|期间|这段时间")
_LEADING = re.compile(r"^[\s,;.，；。]+")
_NAMED_BY_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:'s)? (?=(?:report|summary|digest|update|email|mail)s?\b)"
    r"|(?:周|星期|礼拜)[一二三四五六日天]的?(?=(?:周报|报告|汇总|推送|订阅))"
)
_NAMED_BY_RHYTHM = re.compile(
    r"\b(?:daily|weekly|monthly|quarterly) (?=(?:\w+ )?(?:report|summary|digest|update|email|mail|bulletin)s?\b)"
)
_HOW_OFTEN = re.compile(r"(?:this|it|that)? ?(?:daily|weekly|monthly|quarterly)", re.IGNORECASE)
_DANGLING = re.compile(
    r"^(?:with|about|on|of|for) |(?: (?:updates?|for the day|of the day|in the morning))+$"
    r"|(?: (?:to|on|at|for|from|in))+$",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|everything|every|both|subscriptions|reports|digests|summaries|updates|alerts|emails|mails|reminders)\b"
    r"|全部|所有|全都|都"
)
_FROM_NOW = re.compile(r"\bfrom now on\b|\bgoing forward\b|以后|今后|往后|从今天起|从今天开始|从现在起|从现在开始")
# Days from the end of the period that a summary is of to the next one.
_LATEST = {"day": 4, "week": 7, "month": 31, "quarter": 92, "year": 366}


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    text = reading.normal
    away = _AWAY.match(text)
    until = until_in(text, context) if away else None
    action, spans = _action(_blank(text, [away.span(), *([until[1]] if until else [])]) if away else text)
    if away:
        spans = [away.span(), *spans, *(found.span() for found in _MEANWHILE.finditer(text))]
    if action != "create":
        return _on_one_there_is(action, spans, reading, context)
    if too_often(text) and _SENDS_OFTEN.search(text):
        return Candidate(Clarify(reason="too_often", choices=_rhythms(None)))
    schedule = scheduled_in(text)
    if schedule is None and WHEN_OFF.search(text) and _SENDS.search(text):
        return _when_off(reading, context)
    if schedule is None:
        return _without_schedule() if _SUBSCRIBED.search(text) else None
    if _SENDS.search(text) is None and not schedule.timed:
        return None
    if schedule.loose and not _SENDS_OFTEN.search(text):
        return None
    return _new(schedule, reading, context)


def _new(schedule: Scheduled, reading: Reading, context: Context) -> Candidate | None:
    """Something to be sent from now on."""
    text = reading.normal
    channel, here, off = CHANNEL.search(text), HERE.search(text), WHEN_OFF.search(text)
    spans = [found.span() for found in (channel, here, off, _FROM_NOW.search(text)) if found]
    spans += [found.span() for found in _SENDS.finditer(text)]
    spans += [found.span() for found in (OFF.finditer(text) if off else ())]
    days, named_days = other_days(text, schedule.schedule)
    what, left = _what(reading, context, [*spans, *schedule.spans, *named_days])
    if what is None and not left and not (channel or here or _names_nothing(text)):
        return None
    plan = Subscribe(
        schedule=schedule.schedule,
        to=f"channel:{channel['name']}" if channel else "here" if here else "me",
        only_when_off=off is not None,
        assumed=() if schedule.timed else ("time",),
    )
    if isinstance(what, Clarify):
        choices = (plan.model_copy(update={"what": one}) if isinstance(one, SENT) else one for one in what.choices)
        return Candidate(what.model_copy(update={"choices": tuple(choices)}))
    plan = plan.model_copy(update={"what": what})
    if left and _names_somebody(left, reading):
        return Candidate(Clarify(reason="only_to_you", words=left, choices=(plan, Help())))
    if days and not left:
        each = (plan, *(plan.model_copy(update={"schedule": day}) for day in days[:3]))
        return Candidate(Clarify(reason="several_days", choices=each))
    return Candidate(plan, left)


def _on_one_there_is(action: Action, spans: list[Span], reading: Reading, context: Context) -> Candidate | None:
    """A subscription changed, paused, resumed, stopped; or all of them listed."""
    text = reading.normal
    schedule, at = _other_time(text) if action == "change" else (None, None)
    if action == "change" and schedule is None and at is None:
        return None
    named = (_SUBSCRIBED if action == "list" else _HELD).search(text) is not None
    until = until_in(text, context) if action in ("pause", "stop") else None
    action = "pause" if until else action  # "stop it for two weeks"
    spans = [*spans, *([until[1]] if until else []), *(found.span() for found in _SUBSCRIBED.finditer(text))]
    spans += [*(schedule.spans if schedule else ()), *([at[1]] if at else [])]
    spans += [found.span() for found in _NAMED_BY_DAY.finditer(text)]
    what, left = _what(reading, context, spans)
    if not named and (left or what is not None or action in ("change", "list")):
        return None  # "cancel order 12": nothing that is sent
    plan = Subscribe(
        action=action,
        schedule=schedule.schedule if schedule else None,
        at=at[0] if at else None,
        one=what is None and action not in ("change", "list") and _ALL.search(text) is None,
        until=until[0].isoformat() if until else None,
        assumed=() if schedule is None or schedule.timed else ("time",),
    )
    if isinstance(what, Clarify):
        choices = (plan.model_copy(update={"what": one}) if isinstance(one, SENT) else one for one in what.choices)
        return Candidate(what.model_copy(update={"choices": tuple(choices)}))
    return Candidate(plan.model_copy(update={"what": what}), left)


def _other_time(text: str) -> tuple[Scheduled | None, tuple[str, Span] | None]:
    """The days that a subscription moves to, or the time of day alone: "to Tuesday 10am", 改到八点."""
    renamed = text
    for named in (_NAMED_BY_DAY, _NAMED_BY_RHYTHM):
        renamed = named.sub(lambda words: " " * len(words[0]), renamed)
    found = scheduled_in(renamed)
    days = found if found is not None and not found.loose else rhythm_of(renamed)
    return days, time_in(renamed) if days is None else None


def _when_off(reading: Reading, context: Context) -> Candidate | None:
    """ "Only message me when something is off": a condition for what is sent, or something to be sent at a time still
    to be said."""
    text = reading.normal
    spans = [found.span() for pattern in (WHEN_OFF, OFF, _SENDS) for found in pattern.finditer(text)]
    what, left = _what(reading, context, spans)
    if left or isinstance(what, Clarify):
        return None
    if what is None:
        return Candidate(Subscribe(action="change", one=True, changes=("condition",), only_when_off=True))
    choices = (
        one.model_copy(update={"only_when_off": True}) if isinstance(one, Subscribe) else one for one in _rhythms(what)
    )
    return Candidate(Clarify(reason="when_to_send", choices=tuple(choices)))


def _blank(text: str, spans: list[Span]) -> str:
    """The text with these stretches blank, and no signs in front."""
    kept = "".join(" " if any(start <= at < end for start, end in spans) else one for at, one in enumerate(text))
    return _LEADING.sub(lambda signs: " " * len(signs[0]), kept)


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
    return Candidate(
        Clarify(reason="when_to_send", choices=(*reversed(_rhythms(None)[:2]), Subscribe(action="list"), Help()))
    )


def _names_somebody(left: tuple[str, ...], reading: Reading) -> bool:
    """Whether the words left over say to whom: "to Anna", 发给李娜."""
    people = [piece.phrase for piece in reading.found if piece.meant("rep")]
    words = normalise(" ".join(left))
    return _TO_SOMEBODY.match(words) is not None or any(name in words for name in people)


def asked_when(what: Sent) -> Clarify:
    """When what was shown is to be sent is asked back."""
    return Clarify(reason="when_to_send", choices=_rhythms(what))


def _rhythms(what: Sent | None) -> tuple[Choice, ...]:
    weekly = Subscribe(what=what, schedule=Schedule(every="week", weekday=1))
    daily = Subscribe(what=what, schedule=Schedule(every="workday"))
    return daily, weekly, Help()


def _what(reading: Reading, context: Context, spans: list[Span]) -> tuple[Sent | Clarify | None, tuple[str, ...]]:
    """What is to be sent, read as a question of its own from the words that are left; None where none says anything."""
    from assistant.understanding.understand import understand

    rest = "".join(
        " " if any(start <= at < end for start, end in spans) else character
        for at, character in enumerate(reading.original)
    )
    words = _DANGLING.sub("", " ".join(rest.split()).strip(" ,.;:，。；"))
    if _HOW_OFTEN.fullmatch(words) or not any(character.isalnum() for character in _EMPTY.sub("", normalise(words))):
        return None, ()
    plan: Plan = understand(words, context)
    if isinstance(plan, SENT):
        return each_time(plan, context), ()
    if isinstance(plan, Clarify) and plan.choices:
        sent = tuple(choice for choice in plan.choices if isinstance(choice, SENT))
        return (plan.model_copy(update={"choices": (*sent, Help())}) if sent else None), () if sent else (words,)
    carries = any(not piece.is_a("ignore", "greeting") for piece in pieces_of(normalise(words), context))
    return None, (words,) if carries else ()


def each_time(plan: Sent, context: Context) -> Sent:
    """ "Last week's summary" on a schedule is that of the week before each time."""
    if not isinstance(plan, Summary) or "period" in plan.assumed:
        return plan
    since = (context.today - date.fromisoformat(plan.period.end)).days
    return plan.model_copy(update={"assumed": (*plan.assumed, "period")}) if 0 <= since < _LATEST[plan.rhythm] else plan


READER = KindReader("subscribe", _read)
