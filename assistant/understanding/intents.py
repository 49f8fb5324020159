"""What has been read -> the plan: rules tried in order, the first that applies decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import takewhile

from assistant.question import Clarify, Day, Help, LeadList, Refuse
from assistant.understanding.reading import Reading

Decision = LeadList | Help | Clarify | Refuse

MOST_LEADS = 100

# Concepts that a list of leads to call has no place for.
_ASKED_BACK = frozenset(
    {
        "negation",
        "other_day",
        "not_yet",
        "count_of",
        "write",
        "past",
        "other_way_round",
        "definition",
        "continuation",
        "help",
    }
)
_POLITE = frozenset(
    {
        "please",
        "pls",
        "plz",
        "kindly",
        "can",
        "could",
        "would",
        "will",
        "you",
        "just",
        "also",
        "dear",
        "leadline",
        "bot",
    }
    | {"assistant", "go", "let's", "请", "麻烦", "帮忙", "帮我"}
)
_CHINESE_COMMAND = re.compile(
    r"(?:把|将).*给|(?:把|将|帮我|请).*(?:删|移除|清空|更新|改|编辑|分配|指派|转|新建|创建|添加|新增|标记|关闭|合并|导入|写入)"
)

# 谁 before the verb and somebody after it: who is to call, not whom to call.
_WHO_CALLS = re.compile(
    r"谁[^最值给]{0,8}(?:打给|打电话给|联系|联络|致电|跟进|拨打)(?:我|咱|线索|名单|客户|团队|全公司|公司|大家)"
)
_CHINESE_CALL = re.compile(r"(?:请|麻烦)?(?:帮我|帮忙)?给[^谁哪什该要]*打(?:个)?电话[。.!吧]?")
# What is done is marked by 了 after the verb or at the end; 该…了 and 要…了 are about to be done.
_DONE = re.compile(r"^[^该要应得需]*(?:打|拨|联系|跟进|电话|谁|给)[^该要应得需]*了")


def decide(reading: Reading) -> Decision:
    """The plan, a question back, or a refusal. Never a guess."""
    for rule in _RULES:
        decision = rule(reading)
        if decision is not None:
            return decision
    return Refuse(reason="not_understood", words=_unplaced(reading))


def _no_words(reading: Reading) -> Decision | None:
    if not reading.normal:
        return Refuse(reason="empty")
    if not any(character.isalpha() for character in reading.normal):
        return Refuse(reason="no_words")
    return None


def _writes(reading: Reading) -> Decision | None:
    """A command to change something; the same words inside another question are left to the coverage check."""
    words = reading.phrases_of("write")
    before = list(takewhile(lambda match: match.concept != "write", reading.matches))
    commanded = all(match.concept == "greeting" or match.phrase in _POLITE for match in before)
    if not words or not (commanded or _CHINESE_COMMAND.search(reading.normal)):
        return None
    return Refuse(reason="read_only", words=words)


def _leads(reading: Reading) -> Decision | None:
    if not _asks_for_leads(reading):
        return None
    owners, counts = _owners(reading), tuple(dict.fromkeys(reading.counts))
    if not counts and "all" in reading.concepts:
        counts = (MOST_LEADS,)
    whose = "me" if not owners else owners[0]
    plain = LeadList(owner=whose if len(owners) <= 1 else "me", day=_today(reading))
    unplaced = _unplaced(reading)
    if unplaced:
        fits = len(counts) == 1 and 1 <= counts[0] <= MOST_LEADS
        return Clarify(
            reason="unread_words",
            words=unplaced,
            choices=(plain.model_copy(update={"limit": counts[0] if fits else None}), Help()),
        )
    if len(owners) > 1:
        choices = tuple(LeadList(owner=owner, day=plain.day) for owner in owners[:4])
        return Clarify(reason="several_owners", words=reading.phrases_of(*owners), choices=choices)
    if len(counts) > 1 or any(not 1 <= count <= MOST_LEADS for count in counts):
        return Clarify(reason="how_many", choices=(plain, plain.model_copy(update={"limit": MOST_LEADS})))
    return plain.model_copy(update={"limit": counts[0] if counts else None})


def _unplaced(reading: Reading) -> tuple[str, ...]:
    done = ("了",) if "past" not in reading.concepts and _DONE.search(reading.normal) else ()
    caller = ("谁",) if _WHO_CALLS.search(reading.normal) else ()
    given = () if "call" in reading.concepts else reading.phrases_of("to_whom")
    return (
        *reading.phrases_of(*_ASKED_BACK),
        *done,
        *caller,
        *given,
        *_called_people(reading),
        *_command_to_call(reading),
        *reading.unread,
    )


def _called_people(reading: Reading) -> tuple[str, ...]:
    """A colleague right after the verb is who is called, not who calls: "should I call Anna"."""
    pairs = zip(reading.matches, reading.matches[1:], strict=False)
    return tuple(
        reading.original[called.start : called.end]
        for verb, called in pairs
        if verb.concept in ("call", "whom_to_call")
        and called.concept.startswith("rep:")
        and called.start - verb.end <= 1
    )


def _command_to_call(reading: Reading) -> tuple[str, ...]:
    """A verb that opens the sentence asks us to call: "call my leads", 帮我给线索打电话."""
    before = list(takewhile(lambda match: match.concept != "call", reading.matches))
    if len(before) == len(reading.matches) or "lead" not in reading.concepts:
        return ()
    verb = reading.matches[len(before)]
    opens = all(match.concept == "greeting" or match.phrase in _POLITE for match in before)
    if (opens and verb.phrase.isascii()) or _CHINESE_CALL.fullmatch(reading.normal):
        return (reading.original[verb.start : verb.end],)
    return ()


def _asks_for_leads(reading: Reading) -> bool:
    concepts = reading.concepts
    if "lead" in concepts:
        known = concepts & {"call", "best", "today", "mine", "team", "everyone"} or reading.counts or _named(reading)
        return bool(known) or not (reading.unread or concepts & _ASKED_BACK)
    if "best" in concepts and reading.counts and _named(reading):
        return True
    return bool(
        concepts & {"call", "whom_to_call"}
        and (concepts & {"who", "to_whom", "whom_to_call", "best", "today"} or reading.counts)
    )


def _named(reading: Reading) -> list[str]:
    return [
        concept for concept in dict.fromkeys(match.concept for match in reading.matches) if concept.startswith("rep:")
    ]


def _owners(reading: Reading) -> list[str]:
    """Whose leads: every owner that is named; nobody named means the asker."""
    concepts = reading.concepts
    wide = [owner for concept, owner in (("everyone", "everyone"), ("team", "my_team")) if concept in concepts]
    others = [*_named(reading), *wide]
    mine = ["me"] if others and "mine" in concepts else []
    return [*others, *mine]


def _help(reading: Reading) -> Decision | None:
    meaning = reading.concepts - {"ignore", "mine", "today"}
    if len(reading.phrases_of("help")) > 1 and not meaning & {"lead", "call", "not_yet"}:
        return Help()
    if reading.unread or not meaning <= {"help", "help_me", "greeting"}:
        return None
    return Help() if meaning else None


def _not_yet(reading: Reading) -> Decision | None:
    words = reading.phrases_of("not_yet")
    return Refuse(reason="not_yet", words=words) if words else None


def _half_understood(reading: Reading) -> Decision | None:
    if not reading.concepts & {"lead", "call", "whom_to_call", "other_way_round", "help", "best"}:
        return None
    owners = _owners(reading)
    plain = LeadList(owner=owners[0] if len(owners) == 1 else "me", day=_today(reading))
    return Clarify(reason="half_understood", words=_unplaced(reading), choices=(plain, Help()))


def _today(reading: Reading) -> Day:
    return Day(start=reading.today.isoformat(), end=(reading.today + timedelta(days=1)).isoformat(), label="today")


_RULES: tuple[Callable[[Reading], Decision | None], ...] = (
    _no_words,
    _writes,
    _leads,
    _help,
    _not_yet,
    _half_understood,
)
