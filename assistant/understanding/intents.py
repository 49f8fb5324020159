"""What has been read -> the plan: rules tried in order, the first that applies decides.

A question is read as one about leads to call, as one about figures, and as each other kind whose words stand in it. A
reading that leaves no word over decides; where all leave some, the one that leaves least asks back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from assistant.plans import Clarify, Compound, Forecast, Help, LeadList, Plan, Playbook, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import cut
from assistant.understanding.leads import POLITE, half_understood, lead_list, unplaced
from assistant.understanding.likely import likely
from assistant.understanding.reading import Candidate, Reading
from assistant.understanding.unknown import unknown_name

_CHINESE_COMMAND = re.compile(
    r"(?:把|将).*给|(?:把|将|帮我|请).*(?:删|移除|清空|更新|改|编辑|分配|指派|转|新建|创建|添加|新增|标记|关闭|合并|导入|写入)"
)


_DENIES = re.compile(
    r"\b(?:not|no|non|except|without|excluding|outside|other than|isn't|aren't)\b|不|没|除|非|别", re.I
)


def settled(reading: Reading) -> Plan | None:
    """The plan of a question of which every word has its place, or the question back that it lacks; else None."""
    return next((decision for rule in _SETTLED if (decision := rule(reading)) is not None), None)


def left_open(reading: Reading, context: Context) -> Plan:
    """What is asked back or refused where words are left over. Never a guess."""
    for rule in _LEFT_OPEN:
        decision = rule(reading, context)
        if decision is not None:
            return decision
    left_over = (unplaced(reading), reading.figures.unread)
    return Refuse(reason="not_understood", words=min(filter(None, left_over), key=_length, default=()))


def _no_words(reading: Reading) -> Refuse | None:
    if not reading.normal:
        return Refuse(reason="empty")
    if not any(character.isalpha() for character in reading.normal):
        return Refuse(reason="no_words")
    return None


def _leads(reading: Reading) -> LeadList | None:
    """A list of leads of which every word has its place."""
    found = lead_list(reading)
    return found if isinstance(found, LeadList) else None


def _other_kinds(reading: Reading) -> Plan | None:
    """A question of another kind of which every word has its place: its own words say so, so it goes before figures."""
    whole = [one.plan for one in reading.candidates if one.whole and not asks_back(one.plan)]
    supposing = (
        plan for plan in whole if isinstance(plan, Forecast) and plan.suppose_won
    )  # "if we win the top 3 deals"
    return next(supposing, next(iter(whole), None))


def _figures(reading: Reading) -> Plan | None:
    """A question about figures of which every word has its place."""
    read = reading.figures
    return read.plan if read.plan is not None and not read.unread and not asks_back(read.plan) else None


def _lacks_a_choice(reading: Reading) -> Plan | None:
    """A question of which every word has its place, and that only lacks a choice or cannot be answered."""
    figures = reading.figures.plan if not reading.figures.unread else None
    if isinstance(figures, Refuse):
        return figures
    return next((one.plan for one in reading.candidates if one.whole), figures)


def asks_back(plan: Plan) -> bool:
    """Whether a plan is a question back or a refusal."""
    return isinstance(plan, Clarify | Refuse)


def _writes(reading: Reading) -> Refuse | None:
    """A command to change something; the same words inside another question are left to the coverage check."""
    words = reading.phrases_of("write")
    before = list(takewhile(lambda match: match.concept != "write", reading.matches))
    commanded = all(match.concept == "greeting" or match.phrase in POLITE for match in before)
    if not words or not (commanded or _CHINESE_COMMAND.search(reading.normal)):
        return None
    return Refuse(reason="read_only", words=words)


def _half_understood(reading: Reading, context: Context) -> Plan | None:
    return half_understood(reading)


def _asked_back(reading: Reading, context: Context) -> Plan | None:
    """Every reading leaves words over: the one that leaves least asks."""
    leads, figures = lead_list(reading), reading.figures
    partly: list[tuple[int, Plan]] = []
    if isinstance(leads, Clarify):
        partly.append((_length(unplaced(reading)), leads))
    partly += [(_length(one.unread), _unread(one)) for one in reading.candidates]
    guessed = isinstance(figures.plan, Refuse) and figures.plan.reason == "unknown_metric" and bool(partly)
    if isinstance(figures.plan, Clarify | Refuse) and not guessed:
        partly.append((_length(figures.unread), _not_the_opposite(figures.plan)))
    return min(partly, key=lambda one: one[0])[1] if partly else None


def _unread(partly: Candidate) -> Plan:
    """A question back about the words that are left over."""
    plan = partly.plan
    if isinstance(plan, Clarify | Refuse | Compound):
        return plan
    return _not_the_opposite(Clarify(reason="unread_words", words=partly.unread, choices=(plan, Help())))


def _not_the_opposite(plan: Clarify | Refuse) -> Clarify | Refuse:
    """Without a word that denies, an offer would say the opposite of what was asked."""
    unread = isinstance(plan, Clarify) and plan.reason == "unread_words"
    if unread and any(_DENIES.search(word.casefold()) for word in plan.words):
        return Refuse(reason="not_understood", words=plan.words)
    return plan


def _of_another_world(reading: Reading, context: Context) -> Refuse | None:
    """Weather, poems, jokes: nothing of this company's sales."""
    words = reading.phrases_of("other_world")
    if not words:
        about_us = any(piece.meant("kpi") or piece.meant("dim") for piece in cut(reading.normal, reading.found))
        words = () if about_us else reading.phrases_of("perhaps_other_world")
    return Refuse(reason="out_of_scope", words=words) if words else None


def _named_nobody(reading: Reading, context: Context) -> Plan | None:
    return unknown_name(reading, _asked_back(reading, context), context)


def _likely_a_command(reading: Reading, context: Context) -> Refuse | None:
    """A change to the CRM in words that no rule knows."""
    found = None if _partly_read(reading) else likely(reading.normal)
    return Refuse(reason="read_only") if found is not None and found.label == "write" else None


def _likely_for_the_playbook(reading: Reading, context: Context) -> Playbook | None:
    """How people should work, told without a word that says so: "the team turned against it, what now"."""
    found = None if _partly_read(reading) or _names_our_own(reading, "value", "rep") else likely(reading.normal)
    return Playbook(words=reading.original) if found is not None and found.label == "playbook" else None


def _likely_of_another_world(reading: Reading, context: Context) -> Refuse | None:
    found = None if _names_our_own(reading, "value", "rep", "kpi", "dim", "unsettled") else likely(reading.normal)
    return Refuse(reason="out_of_scope") if found is not None and found.label == "out_of_scope" else None


def _partly_read(reading: Reading) -> bool:
    """Whether the words are a question of a kind that the rules know, but for some of them."""
    return bool(reading.candidates) or lead_list(reading) is not None


def _names_our_own(reading: Reading, *kinds: str) -> bool:
    return any(piece.meant(kind) for piece in reading.found for kind in kinds)


def _length(words: tuple[str, ...]) -> int:
    return sum(len(word) for word in words)


def _help(reading: Reading, context: Context) -> Help | None:
    meaning = reading.concepts - {"ignore", "mine", "today"}
    if len(reading.phrases_of("help")) > 1 and not meaning & {"lead", "call", "not_yet"}:
        return Help()
    if reading.unread or not meaning <= {"help", "help_me", "greeting"}:
        return None
    return Help() if meaning else None


_SETTLED: tuple[Callable[[Reading], Plan | None], ...] = (
    _no_words,
    _leads,
    _other_kinds,
    _figures,
    _lacks_a_choice,
    _writes,
)
_LEFT_OPEN: tuple[Callable[[Reading, Context], Plan | None], ...] = (
    _help,
    _of_another_world,
    _likely_for_the_playbook,
    _named_nobody,
    _asked_back,
    _half_understood,
    _likely_a_command,
    _likely_of_another_world,
)
