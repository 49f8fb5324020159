"""What has been read -> the plan: rules tried in order, the first that applies decides.

A question is read as one about leads and as one about figures. The reading that leaves no word over decides; where
both leave some, the one that leaves less asks back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from assistant.plans import Clarify, Define, Help, KpiQuery, LeadList, Plan, Refuse
from assistant.understanding.leads import POLITE, half_understood, lead_list, unplaced
from assistant.understanding.reading import Reading

_CHINESE_COMMAND = re.compile(
    r"(?:把|将).*给|(?:把|将|帮我|请).*(?:删|移除|清空|更新|改|编辑|分配|指派|转|新建|创建|添加|新增|标记|关闭|合并|导入|写入)"
)


def decide(reading: Reading) -> Plan:
    """The plan, a question back, or a refusal. Never a guess."""
    for rule in _RULES:
        decision = rule(reading)
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


def _figures(reading: Reading) -> KpiQuery | Define | Clarify | Refuse | None:
    """A question about figures of which every word has its place, or that only lacks a choice."""
    read = reading.figures
    return read.plan if not read.unread else None


def _writes(reading: Reading) -> Refuse | None:
    """A command to change something; the same words inside another question are left to the coverage check."""
    words = reading.phrases_of("write")
    before = list(takewhile(lambda match: match.concept != "write", reading.matches))
    commanded = all(match.concept == "greeting" or match.phrase in POLITE for match in before)
    if not words or not (commanded or _CHINESE_COMMAND.search(reading.normal)):
        return None
    return Refuse(reason="read_only", words=words)


def _asked_back(reading: Reading) -> Clarify | Refuse | None:
    """Both readings leave words over: the one that leaves less asks."""
    leads, figures = lead_list(reading), reading.figures
    about_figures = figures.plan if isinstance(figures.plan, Clarify | Refuse) else None
    if isinstance(leads, Clarify) and about_figures is not None:
        return leads if _length(unplaced(reading)) <= _length(figures.unread) else about_figures
    return leads if isinstance(leads, Clarify) else about_figures


def _length(words: tuple[str, ...]) -> int:
    return sum(len(word) for word in words)


def _help(reading: Reading) -> Help | None:
    meaning = reading.concepts - {"ignore", "mine", "today"}
    if len(reading.phrases_of("help")) > 1 and not meaning & {"lead", "call", "not_yet"}:
        return Help()
    if reading.unread or not meaning <= {"help", "help_me", "greeting"}:
        return None
    return Help() if meaning else None


def _not_yet(reading: Reading) -> Refuse | None:
    words = reading.phrases_of("not_yet")
    return Refuse(reason="not_yet", words=words) if words else None


_RULES: tuple[Callable[[Reading], Plan | None], ...] = (
    _no_words,
    _leads,
    _figures,
    _writes,
    _asked_back,
    _help,
    _not_yet,
    half_understood,
)
