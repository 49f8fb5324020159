"""An explanation -> Block Kit.

Words go into rich_text and plain_text elements, which Slack does not parse: whatever stands in the data, it cannot
become a mention, a link or markup. The templates' own markup is `**bold**`, `- ` bullets and `> ` small print.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.plans import compact
from assistant.slack import limits
from assistant.slack.tables_and_charts import chart_blocks, table_blocks
from prompts.marks import Origin, Span

if TYPE_CHECKING:
    from assistant.explain import Explanation, SaidButtons

Block = dict[str, Any]
_ROOM_FOR_BODY = limits.MESSAGE_CHARACTERS - 6_000  # the rest is for headline, small print, buttons and the notice
NOTICE_CHARACTERS = 300
"""Of the text that goes with the blocks, for a phone's notification."""


@dataclass(frozen=True)
class Line:
    """A line of an answer: `kind` is text, bullet or small; `runs` are its words, bold or not."""

    kind: str
    runs: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(text for text, _ in self.runs)


def lines_of(said: Sequence[Span]) -> list[Line]:
    """The words as lines; only a template's own characters are read as markup."""
    lines: list[Line] = []
    runs: list[tuple[str, bool]] = []
    bold = False
    for span in said:
        if span.origin is not Origin.TEMPLATE:
            runs.append((span.text, bold))
            continue
        for number, piece in enumerate(span.text.split("\n")):
            if number:
                lines.append(_line(runs))
                runs, bold = [], False
            for turn, words in enumerate(piece.split("**")):
                bold = bold != bool(turn)
                if words:
                    runs.append((words, bold))
    return [*lines, _line(runs)]


def _line(runs: list[tuple[str, bool]]) -> Line:
    if runs:
        first, bold = runs[0]
        for mark, kind in (("- ", "bullet"), ("> ", "small")):
            if first.startswith(mark):
                rest = [(first.removeprefix(mark), bold), *runs[1:]]
                return Line(kind, tuple(run for run in rest if run[0]))
    return Line("text", tuple(runs))


def blocks_of(said: Explanation, choices: Iterable[dict[str, Any]] = ()) -> list[Block]:
    """The message: headline, body or buttons, tables, charts, small print, within every limit of Slack's."""
    chosen = [_button(number, choice["label"], choice["plan"]) for number, choice in enumerate(choices)]
    blocks = [_rich_text(lines_of(said.headline))]
    if chosen:  # they say what the body lists
        blocks.append({"type": "actions", "elements": chosen[: limits.ACTIONS_ELEMENTS]})
    elif not any(row.about for row in said.buttons):
        blocks += _body(lines_of(said.body), said)
    small = [*lines_of(said.small), *lines_of(said.reading), *lines_of(said.following)]
    last = [*_rows_of_buttons(said.buttons, len(chosen)), *_context([line.text for line in small if line.text.strip()])]
    room = limits.MESSAGE_CHARACTERS - NOTICE_CHARACTERS - limits.message_size(None, [*blocks, *last])
    blocks += [*table_blocks(said, room), *chart_blocks(said.charts), *last]
    return [block for block in blocks if block]


def _body(lines: list[Line], said: Explanation) -> list[Block]:
    kept: list[Line] = []
    size = 0
    for line in lines:
        size += len(line.text) + 1
        if size > _ROOM_FOR_BODY:
            return [_rich_text(kept), *_context([line.text for line in lines_of(said.shortened)])]
        kept.append(line)
    return [_rich_text(kept)]


def _rich_text(lines: list[Line]) -> Block:
    elements: list[Block] = []
    paragraph: list[Block] = []
    for line in lines:
        if line.kind == "bullet":
            if paragraph:
                elements.append({"type": "rich_text_section", "elements": _trimmed(paragraph)})
                paragraph = []
            item = {"type": "rich_text_section", "elements": _trimmed([_text(*run) for run in line.runs])}
            if elements and elements[-1]["type"] == "rich_text_list":
                elements[-1]["elements"].append(item)
            else:
                elements.append({"type": "rich_text_list", "style": "bullet", "elements": [item]})
        else:
            paragraph += [*(_text(*run) for run in line.runs), _text("\n", False)]
    if paragraph:
        elements.append({"type": "rich_text_section", "elements": _trimmed(paragraph)})
    full = [element for element in elements if element["elements"]]
    return {"type": "rich_text", "elements": full} if full else {}


def _trimmed(elements: list[Block]) -> list[Block]:
    """Without blank lines at either end, neighbours of one style joined."""
    joined: list[Block] = []
    for element in elements:
        if joined and joined[-1].get("style") == element.get("style"):
            joined[-1] = {**joined[-1], "text": joined[-1]["text"] + element["text"]}
        else:
            joined.append(element)
    while joined and not joined[0]["text"].strip("\n"):
        joined.pop(0)
    while joined and not joined[-1]["text"].strip("\n"):
        joined.pop()
    if joined:
        joined[0] = {**joined[0], "text": joined[0]["text"].lstrip("\n")}
        joined[-1] = {**joined[-1], "text": joined[-1]["text"].rstrip("\n")}
    return [{**element, "text": _one_blank_line(element["text"])} for element in joined]


def _one_blank_line(text: str) -> str:
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _text(text: str, bold: bool) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}


def _context(texts: list[str]) -> list[Block]:
    if not texts:
        return []
    elements = [{"type": "plain_text", "text": text[:2000], "emoji": False} for text in texts]
    return [{"type": "context", "elements": elements[: limits.CONTEXT_ELEMENTS]}]


def _rows_of_buttons(rows: Iterable[SaidButtons], first: int) -> list[Block]:
    """Each row under what it is about; a plan too long for Slack has no button."""
    blocks: list[Block] = []
    number = first
    for row in rows:
        blocks.append(_rich_text(lines_of(row.about)))
        buttons = []
        for label, plan in row.buttons:
            buttons.append(_button(number, label, compact(plan)))
            number += 1
        fitting = [button for button in buttons if len(button["value"]) <= limits.BUTTON_VALUE]
        if fitting:
            blocks.append({"type": "actions", "elements": fitting[: limits.ACTIONS_ELEMENTS]})
    return blocks


def _button(number: int, label: str, plan: dict[str, Any]) -> Block:
    return {
        "type": "button",
        "action_id": f"choice:{number}",
        "text": {"type": "plain_text", "text": label[: limits.BUTTON_TEXT], "emoji": False},
        "value": json.dumps(plan, ensure_ascii=False, separators=(",", ":")),
    }
