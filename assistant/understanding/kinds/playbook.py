"""How people should work: "how do I handle late resistance", 谁负责线索分配, "checklist for the pilot"."""

from __future__ import annotations

import re
from typing import Literal, cast

from assistant.plans import Playbook
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.kinds.reader import KindReader
from assistant.understanding.reading import Candidate, Reading

_ABOUT = ("template", "checklist", "example", "roles", "steps", "definition")
# What is computed, not written: "how do we calculate CAC", "how should I rank".
_COMPUTED = re.compile(
    r"how (?:do|should|can|could|would|to|is|are|must)(?: (?:i|we|you|they))?(?: (?:be|it|you))? ?"
    r"(?:calculat|comput|defin|measur|rank\b|compar|do\b|doing\b|look|perform|deriv|work (?:it |that |this )?out"
    r"|use (?:this|you|the bot|leadline))"
    r"|(?:怎么|如何|怎样)(?:计算|算|定义|统计|排名|比较|衡量出来)"
)
# Words that ask to make a figure better: the playbook is asked for that KPI.
_IMPROVE = re.compile(
    r"\b(?:improv|increas|rais|reduc|lower|cut|boost|grow|lift|bring (?:down|up)|get .* (?:up|down)|fix|shorten"
    r"|speed up|drive|better|move|do about)"
    r"|提升|提高|改善|改进|降低|减少|缩短|加快|增加|做上去|做高|压降|拉高|拉升|优化|控制|降下来|提上去|降"
)
# What something is, said of no figure of one's own.
_WHAT_IS = re.compile(
    r"^(?:what is|what's|whats|what are|explain|what does|what do we mean by|tell me what)\b(?! (?:our|my|the|your)\b)"
    r"|^那?(?:什么是|啥是|什么叫|何谓|何为)"
    r"|(?:是什么意思|是啥意思|指的是什么|是指什么|是什么|是啥)[?。吗呢啊]*$"
)
_A_DEAL = re.compile(r"(?<![a-z0-9_-])#?o\d{3,}(?![a-z0-9_-])")  # advice on that deal
_OWN = ("period", "mine", "my_team", "company", "now", "number")


def _read(asked: Asked, reading: Reading, context: Context) -> Candidate | None:
    """Every word is for the playbook's index to find, so none is left over."""
    if _COMPUTED.search(reading.normal) or _A_DEAL.search(reading.normal):
        return None
    strong = [place for place in asked.places("asks") if not asked.pieces[place].is_a("weak")]
    about = next((name for name in _ABOUT if asked.places(name)), None)
    if not strong:
        if (
            not _WHAT_IS.search(reading.normal)
            or _of_own(asked)
            or (reading.figures.plan and not reading.figures.unread)
        ):
            return None
        about = "definition"
    kpis = {kpi for piece in asked.pieces for kpi in piece.meant("kpi")}
    if about == "roles" and asked.places("mine"):
        return None  # whose are my leads is a question about rows
    plan = Playbook(
        words=reading.original,
        about=cast(Literal["definition", "steps", "roles", "checklist", "example", "template"], about),
        kpi=next(iter(kpis)) if len(kpis) == 1 and _IMPROVE.search(reading.normal) else None,
    )
    return Candidate(plan)


def _of_own(asked: Asked) -> bool:
    """Whether figures, people or rows of this company are spoken of."""
    named = any(piece.meant(kind) for piece in asked.pieces for kind in ("kpi", "value", "rep"))
    return named or bool(asked.places(*_OWN))


READER = KindReader("playbook", _read)
