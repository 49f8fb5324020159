"""A question for a list of leads to call: whose leads, how many, and what has no place in such a list."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import takewhile

from assistant.plans import Clarify, Day, Help, LeadList
from assistant.understanding.reading import Reading

Decision = LeadList | Clarify

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
# Words that are said of leads to call alone, so that none need be named beside them.
_OF_LEADS = frozenset(
    {"hottest", "warmest", "best bet", "best bets", "best shot", "best shots", "worth a call", "worth calling"}
    | {"worth a ring", "worth a phone call", "worth ringing", "最热", "最有戏", "最值得打"}
)
_ONE = frozenset({"best bet", "best shot", "single hottest", "single best", "the single best"})
# "My next 5 calls": the first five of today, where nothing was shown before.
_NEXT_FEW = re.compile(r"\bnext (?:\d+|[a-z]+) (?:calls|leads|prospects|names)\b")
POLITE = frozenset(
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

# 谁 before the verb and somebody after it: who is to call, not whom to call.
_WHO_CALLS = re.compile(
    r"谁[^最值给]{0,8}(?:打给|打电话给|联系|联络|致电|跟进|拨打)(?:我|咱|线索|名单|客户|团队|全公司|公司|大家)"
)
_CHINESE_CALL = re.compile(r"(?:请|麻烦)?(?:帮我|帮忙)?给[^谁哪什该要]*打(?:个)?电话[。.!吧]?")
# What is done is marked by 了 after the verb or at the end; 该…了 and 要…了 are about to be done.
_DONE = re.compile(r"^[^该要应得需]*(?:打|拨|联系|跟进|电话|谁|给)[^该要应得需]*了")


def lead_list(reading: Reading) -> Decision | None:
    """The list asked for, or the question back about it; None where no list is asked for."""
    if not _asks_for_leads(reading):
        return None
    owners, counts = _owners(reading), _counts(reading)
    if not counts and "all" in reading.concepts:
        counts = (MOST_LEADS,)
    whose = "me" if not owners else owners[0]
    plain = LeadList(owner=whose if len(owners) <= 1 else "me", day=_today(reading))
    left_over = unplaced(reading)
    if left_over:
        fits = len(counts) == 1 and 1 <= counts[0] <= MOST_LEADS
        return Clarify(
            reason="unread_words",
            words=left_over,
            choices=(plain.model_copy(update={"limit": counts[0] if fits else None}), Help()),
        )
    if len(owners) > 1:
        choices = tuple(LeadList(owner=owner, day=plain.day) for owner in owners[:4])
        return Clarify(reason="several_owners", words=reading.phrases_of(*owners), choices=choices)
    if len(counts) > 1 or any(not 1 <= count <= MOST_LEADS for count in counts):
        return Clarify(reason="how_many", choices=(plain, plain.model_copy(update={"limit": MOST_LEADS})))
    return plain.model_copy(update={"limit": counts[0] if counts else None})


def _counts(reading: Reading) -> tuple[int, ...]:
    """How many leads: a number, or one where a single one is asked for."""
    counts = tuple(dict.fromkeys(reading.counts))
    one = "just_one" in reading.concepts or any(match.phrase in _ONE for match in reading.matches)
    return counts or ((1,) if one else ())


def unplaced(reading: Reading) -> tuple[str, ...]:
    """The words that a list of leads has no place for."""
    done = ("了",) if "past" not in reading.concepts and _DONE.search(reading.normal) else ()
    caller = ("谁",) if _WHO_CALLS.search(reading.normal) else ()
    given = () if "call" in reading.concepts else reading.phrases_of("to_whom")
    return (
        *_asked_back(reading),
        *done,
        *caller,
        *given,
        *_called_people(reading),
        *_command_to_call(reading),
        *reading.unread,
    )


def _asked_back(reading: Reading) -> tuple[str, ...]:
    return tuple(word for word in reading.phrases_of(*_ASKED_BACK) if not _is_next_few(word, reading))


def _is_next_few(word: str, reading: Reading) -> bool:
    few = _NEXT_FEW.search(reading.normal)
    to_call = few is not None and (few[0].endswith("calls") or "call" in reading.concepts)
    return to_call and word.casefold() in ("next", "calls")


def against_calling(reading: Reading, *, denied: bool) -> tuple[str, ...]:
    """Words by which a question with leads and calls in it is no question whom to call: how, who calls, what was done.

    `denied`: the leads are those that something was not done with.
    """
    done = () if denied else tuple(word for word in reading.phrases_of("past") if not _is_next_few(word, reading))
    caller = ("谁",) if _WHO_CALLS.search(reading.normal) else ()
    others = reading.phrases_of("other_way_round", "definition", "continuation", "help", "write")
    others = tuple(word for word in others if not _is_next_few(word, reading))
    return (*others, *done, *caller, *_called_people(reading), *_command_to_call(reading))


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
    opens = all(match.concept == "greeting" or match.phrase in POLITE for match in before)
    if (opens and verb.phrase.isascii()) or _CHINESE_CALL.fullmatch(reading.normal):
        return (reading.original[verb.start : verb.end],)
    return ()


def _asks_for_leads(reading: Reading) -> bool:
    concepts = reading.concepts
    if _lists_open(reading):
        return False
    if "lead" in concepts:
        known = (
            concepts & {"call", "best", "today", "mine", "team", "everyone", "start"}
            or reading.counts
            or _named(reading)
        )
        return bool(known) or not (reading.unread or concepts & _ASKED_BACK)
    if "best" in concepts and reading.counts and _named(reading):
        return True
    if any(match.phrase in _OF_LEADS for match in reading.matches):
        return True
    if _NEXT_FEW.search(reading.normal) or {"start", "today"} <= concepts:
        return True
    return bool(
        concepts & {"call", "whom_to_call"}
        and (concepts & {"who", "to_whom", "whom_to_call", "best", "today"} or reading.counts)
    )


def _lists_open(reading: Reading) -> bool:
    """ "My open leads" is a list of leads; whom to call is said by a call, a day or a choice among them."""
    said = any(match.concept == "lead" and match.phrase.startswith("open") for match in reading.matches)
    others = reading.concepts & {"call", "whom_to_call", "best", "today", "who", "to_whom"}
    return said and not others and not reading.counts


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


def half_understood(reading: Reading) -> Clarify | None:
    """Words about leads and calls that make no question of their own."""
    if not reading.concepts & {"lead", "call", "whom_to_call", "other_way_round", "help", "best", "start"}:
        return None
    owners = _owners(reading)
    plain = LeadList(owner=owners[0] if len(owners) == 1 else "me", day=_today(reading))
    return Clarify(reason="half_understood", words=unplaced(reading), choices=(plain, Help()))


def _today(reading: Reading) -> Day:
    return Day(start=reading.today.isoformat(), end=(reading.today + timedelta(days=1)).isoformat(), label="today")
