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
    r"(?:把|将|帮我|请).*(?:删|移除|清空|更新|改|编辑|分配|指派|转|新建|创建|添加|新增|标记|关闭|合并|导入|写入)"
)


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
    return (*reading.phrases_of(*_ASKED_BACK), *reading.unread)


def _asks_for_leads(reading: Reading) -> bool:
    concepts = reading.concepts
    if "lead" in concepts:
        known = concepts & {"call", "best", "today", "mine", "team", "everyone"} or reading.counts or _named(reading)
        return bool(known) or not (reading.unread or concepts & _ASKED_BACK)
    if "best" in concepts and reading.counts and _named(reading):
        return True
    return bool(concepts & {"call", "whom_to_call"} and concepts & {"who", "whom_to_call", "best", "today"})


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
