"""What was shown, wanted as a file: "send it as csv", "pdf please", 导出成PDF."""

from __future__ import annotations

import re

from assistant.plans import Plan, Summary
from assistant.understanding.kinds.summary import AsFile
from assistant.understanding.reading import Reading

_KINDS: tuple[tuple[AsFile, str], ...] = (
    ("csv", r"csv|spreadsheet|excel|xlsx?|表格"),
    ("pdf", r"pdf|打印版|可打印的?"),
    ("png", r"png|picture|image|图片"),
)
_AROUND = re.compile(
    r"\b(?:and|now|ok|okay|please|thanks|can|could|you|i|have|get|give|send|show|make|export|save|download|turn|put|want|need|it|this|that"
    r"|the|summary|report|me|to|us|as|in|into|a|an|one|file|format|document|version|too|also|instead|again|same)\b"
    r"|[请把帮给我要想将这个份它周报月报季报总结汇总导出发成为存下载做生再来一张版文件格式式的吧也能可以不用换改转谢]|[,.;!?，。；！？]"
)
_BARE = re.compile(
    r"(?:please )?(?:export|download|save)(?: (?:it|this|that))?(?: please)?"
    r"|(?:请)?(?:帮我)?(?:把这个)?(?:导出|下载)(?:一下|来)?"
)


def file_after(held: Plan, reading: Reading) -> Plan | None:
    """The same summary as the file these words name, and nothing else; "export it" means a page to print."""
    if not isinstance(held, Summary):
        return None
    if _BARE.fullmatch(reading.normal):
        return held.model_copy(update={"as_file": "pdf"})
    named = [kind for kind, pattern in _KINDS if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", reading.normal)]
    if len(named) != 1:
        return None
    pattern = dict(_KINDS)[named[0]]
    rest = _AROUND.sub("", re.sub(rf"(?<![a-z])(?:{pattern})(?![a-z])", "", reading.normal))
    return None if rest.strip() else held.model_copy(update={"as_file": named[0]})
