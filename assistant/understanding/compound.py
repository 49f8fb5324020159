"""Several questions in one message: "revenue last week and why did it drop?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.plans import Clarify, Compound, Help, Plan, Playbook, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import cut
from assistant.understanding.follow_ups import follow_up
from assistant.understanding.normalise import converter
from assistant.understanding.reading import Reading

_ASKING = (
    "why|what|how|which|who|where|when|will|show|give|tell|list|send|forecast|compare|explain|predict|can|could|is|are"
    "|did|do|does|summary|report"
)
_HAN_ASKING = "为什么|为何|哪|谁|怎么|预测|分析|列|看|说|给|能|多少|原因|查|告诉"
# Where a new question surely begins.
_STRONG = re.compile(
    r"[?!;。!；？！]+\s*(?:另外|还有|以及|顺便|also\b|and\b|plus\b)?,?\s*|\n+"
    rf"|[,.]?\s+(?:and|also|plus|then)\s+(?:also\s+|then\s+|please\s+)?(?=(?:{_ASKING})\b)"
    r"|,\s+(?=(?:why|how|which|who|will)\b)"
    rf"|[,、，]?\s*(?:顺便|另外|然后)(?:也)?(?=.{{0,12}}(?:{_HAN_ASKING}))"
    rf"|[,、，]?\s*(?:顺便|另外|同时|然后|并且|并|还有|以及|再)(?:也)?(?=.{{0,3}}(?:{_HAN_ASKING}))"
    r"|[,，]\s*(?=为什么|为何|为啥|怎么|原因|哪|谁|能|会|预测|下个?月|主要|明年|明天)",
    re.IGNORECASE,
)
# Where two things asked for may be joined.
_WEAK = re.compile(
    r"\s*[,、;，；]\s*(?:and\s+|以及|和|还有)?|\s+(?:and|plus|as well as|along with)\s+|以及|还有|和|跟|加上",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|this|that|them)\b|它|这个|這個", re.IGNORECASE)
_ASKS = frozenset(
    {"how", "how was", "how is", "how much", "how many", "how did", "多少", "是多少", "怎么样", "如何", "吗"}
)
_ADVISES = frozenset({"advice", "negotiation", "price"})
_ANY_ADVICE = re.compile(
    r"^\W*(?:any|got any|some)? ?(?:good )?(?:advice|ideas?|suggestions?|tips?|thoughts|recommendations?)\W*$"
    r"|^\W*(?:有什么|有啥|有没有)?好?(?:建议|办法|主意|想法)[吗么没]?\W*$",
    re.IGNORECASE,
)
_HOW = re.compile(r"\bhow\b|\bwhat (?:should|do|can|could)\b|怎么|怎麼|如何|咋", re.IGNORECASE)
_RESTATES = frozenset({"the", "of", "our", "my", "的"})
_MOST = 4
_NOT_CLEAR = Refuse(reason="not_understood")


def several_questions(
    reading: Reading, whole: Plan | None, settle: Callable[[str], Plan | None], context: Context
) -> Plan | None:
    """The questions a message holds, where each is clear by itself or goes on from the one before; one plan where all
    say the same.

    `whole` is what the message means as one question: where that is a plan, only marks and words with which a question
    begins part it; where it is none, "and" may.
    """
    patterns = (_STRONG,) if _is_clear(whole) else (_STRONG, _WEAK)
    for pattern in patterns:
        for parts in _parted(reading.original, pattern):
            plans = _plans(parts, settle, context, leaning=pattern is _STRONG)
            if plans is None or (pattern is _WEAK and not (_each_says_when(plans) and _each_says_which(plans))):
                continue
            if len(plans) == 1:
                return None if _is_clear(whole) else plans[0]
            if not _is_clear(whole) or _stand_apart(plans, parts, context):
                return Compound(parts=plans)  # type: ignore[arg-type]
    return None


def _parted(text: str, pattern: re.Pattern[str]) -> Iterator[list[str]]:
    """All parts; where there are several places, also each place by itself."""
    simplified = converter("t2s").convert(text)
    places = list(pattern.finditer(simplified)) if len(simplified) == len(text) else []
    bounds = [0, *(edge for place in places for edge in place.span()), len(text)]
    every = [text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    every = [part for part in every if any(character.isalnum() for character in part)]
    if not 2 <= len(every) <= _MOST + 2:
        return
    yield every
    if len(places) > 1:
        for place in places:
            two = [text[: place.start()], text[place.end() :]]
            if all(any(c.isalnum() for c in part) for part in two):
                yield two


def _plans(
    parts: list[str], settle: Callable[[str], Plan | None], context: Context, *, leaning: bool
) -> tuple[Plan, ...] | None:
    """Each part's plan; None where one is not clear. Greetings between them are no questions.

    `leaning`: a part may go on from the one before it.
    """
    from assistant.understanding.understand import read

    plans: list[Plan] = []
    for part in parts:
        if _is_greeting(read(part, context)) or (plans and _says_no_more(part, plans[-1], context)):
            continue
        plan = settle(part)
        if leaning and plans and (plan is None or isinstance(plan, Clarify | Refuse) or _leans(plan)):
            after = follow_up(read(part, context), plans[-1], context, lambda words: settle(words) or _NOT_CLEAR)
            plan = after.plan if after is not None else plan
        if plan is None or isinstance(plan, Clarify | Refuse | Compound | Help):
            return None
        plans.append(_of_the_same(plan, part, plans))
    distinct = tuple(dict.fromkeys(plans))
    repeated = len(distinct) == 1 < len(parts)
    return distinct if repeated or 2 <= len(distinct) <= _MOST else None


def _says_no_more(words: str, before: Plan, context: Context) -> bool:
    """ "Any advice?" behind a question for advice, "gross margin rate" behind one about it: the same once more."""
    from assistant.understanding.understand import read

    if getattr(before, "about", None) in _ADVISES:
        return bool(_ANY_ADVICE.search(words) or (_IT.search(words) and _HOW.search(words)))
    reading = read(words, context)
    pieces = cut(reading.normal, reading.found)
    kpi = getattr(before, "kpi", None)
    return bool(kpi) and all(kpi in piece.meant("kpi") or piece.phrase in _RESTATES for piece in pieces)


def _each_says_when(plans: tuple[Plan, ...]) -> bool:
    """ "Revenue and margin last month by region" may share its end; where "and" is all that parts two figures, each has
    its own time."""
    return not any("period" in getattr(plan, "assumed", ()) for plan in plans)


def _each_says_which(plans: tuple[Plan, ...]) -> bool:
    """ "Deals and leads of 刘洋": whom the last part names the first may mean too; so may bounds ("over 50k and under
    100k") be meant of one list."""
    narrowed = [bool(getattr(plan, "filters", ())) or _whose(plan) is not None for plan in plans]
    same_list = len({plan.kind for plan in plans}) == 1 and plans[0].kind in ("leads", "deals", "customers")
    one_owner = len({_whose(plan) for plan in plans}) == 1
    return one_owner and not same_list and narrowed == sorted(narrowed, reverse=True)


def _whose(plan: Plan) -> str | None:
    owner = getattr(plan, "whose", None) or getattr(plan, "owner", None)
    return None if owner == "me" and plan.kind == "leads" else owner


def _leans(plan: Plan) -> bool:
    """Whether a plan left open what the question before it may have said."""
    return bool(getattr(plan, "assumed", ()))


def _of_the_same(plan: Plan, words: str, before: list[Plan]) -> Plan:
    """ "And how can we lower it": the KPI that the question before was about."""
    kpi = getattr(before[-1], "kpi", None) or next(iter(getattr(before[-1], "kpis", ())), None) if before else None
    if isinstance(plan, Playbook) and plan.kpi is None and kpi and _IT.search(words):
        return plan.model_copy(update={"kpi": kpi})
    return plan


def _is_greeting(reading: Reading) -> bool:
    return not reading.unread and reading.concepts <= {"greeting", "ignore", "help_me"}


def _is_clear(whole: Plan | None) -> bool:
    return whole is not None and not isinstance(whole, Clarify | Refuse)


def _stand_apart(plans: tuple[Plan, ...], parts: list[str], context: Context) -> bool:
    """Whether a message that also reads as one question is several: of different kinds, none of them only the end of
    another ("churn is up, what is the reason")."""
    if len({plan.kind for plan in plans}) < len(plans):
        return False
    if any(isinstance(plan, Playbook) and plan.about == "definition" for plan in plans):
        return False
    return not (plans[-1].kind == "why" and _tells(parts[0], context))


def _tells(words: str, context: Context) -> bool:
    """Whether words only state a change: "churn is up"."""
    from assistant.understanding.understand import read

    reading = read(words, context)
    pieces = cut(reading.normal, reading.found)
    asks = any(piece.is_a("which", "what_is", "who") or piece.phrase in _ASKS for piece in pieces)
    return not asks and any(piece.is_a("change") for piece in pieces)
