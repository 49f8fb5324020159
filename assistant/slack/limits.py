"""Slack's limits, in one place: what answers are built to, and what the fake Slack enforces.

Source: Slack's Block Kit reference, and what was tried (the size of a whole message). Lengths are characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from assistant.slack.rich_text import rich_text_faults

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_000
"""A message of about 13,200 characters in all is refused; this leaves some room."""
UPDATE_CHARACTERS = 4_000
BLOCK_ID = 255
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
SECTION_FIELD = 2_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
CONTEXT_ACTIONS_ELEMENTS = 5
ACTIONS_ELEMENTS = 25
MARKDOWN_TEXT = 12_000
TABLE_ROWS = 100
TABLE_COLUMNS = 20
TABLE_CHARACTERS = 10_000
DATA_TABLE_ROWS = 101
"""The header's included. Slack has since raised it to 201; the reference of the block's first months still holds."""
DATA_TABLE_PAGE = 100
CHARTS = 2
"""In a message. The reference is silent on it; Slack refuses a third."""
CHART_TITLE = 50
CHART_LABEL = 20
CHART_POINTS = 20
CHART_SERIES = 6
CHART_AXIS_TITLE = 50
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BUTTON_URL = 3_000
ACTION_ID = 255
SELECT_OPTIONS = 100
OVERFLOW_OPTIONS = 5
OPTION_TEXT = 75
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
IMAGE_URL = 3_000
ALT_TEXT = 2_000
CARD_TITLE = 150
CARD_BODY = 200
CAROUSEL_CARDS = 10
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000

_REFUSED_BLOCKS = (
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "too_many_blocks",
    "unsupported_block",
)


@dataclass(frozen=True)
class Refusal:
    """Why Slack would refuse: its error code, and where each fault is."""

    error: str
    faults: tuple[str, ...] = ()


def refuses_blocks(error: str) -> bool:
    """Whether an error code is about the blocks, so that the text alone may still go through."""
    return error in _REFUSED_BLOCKS


def check_message(text: str | None, blocks: Any, *, most_text: int = 40_000) -> Refusal | None:
    """What Slack would say to a message with this text and these blocks; None when it takes it."""
    if blocks is None or blocks == []:
        if not text or not text.strip():
            return Refusal("no_text")
        return Refusal("msg_too_long") if len(text) > most_text else None
    faults = tuple(block_faults(blocks))
    if faults:
        return Refusal("invalid_blocks", faults)
    if message_size(text, blocks) > MESSAGE_CHARACTERS:
        return Refusal("msg_blocks_too_long")
    return None


def view_faults(view: Any) -> Iterator[str]:
    """Every fault of a modal or home view."""
    if not isinstance(view, dict):
        yield "view: must be an object"
        return
    for name in ("title", "submit", "close"):
        if name in view:
            yield from _text(view[name], VIEW_TITLE, f"/{name}", only="plain_text")
    yield from _length(view.get("private_metadata", ""), PRIVATE_METADATA, "/private_metadata", least=0)
    yield from block_faults(view.get("blocks"), VIEW_BLOCKS)


def message_size(text: str | None, blocks: Any) -> int:
    """The characters that Slack's limit on a whole message counts: the words of text and blocks, not their wrapping."""
    return len(text or "") + len(_words_of(blocks))


def block_faults(blocks: Any, most: int = MESSAGE_BLOCKS) -> Iterator[str]:
    """Every fault in a list of blocks, each naming its place."""
    if not isinstance(blocks, list):
        yield "blocks: must be a list"
        return
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:/blocks]"
    identifiers = [str(block["block_id"]) for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(identifiers) != len(set(identifiers)):
        yield "block_id must be unique [json-pointer:/blocks]"
    for number, block in enumerate(blocks):
        at = f"/blocks/{number}"
        if not isinstance(block, dict):
            yield f"must be an object [json-pointer:{at}]"
        elif str(block.get("type")) not in _BLOCKS:
            yield f"unsupported type: {block.get('type')} [json-pointer:{at}/type]"
        else:
            yield from _length(block.get("block_id", ""), BLOCK_ID, f"{at}/block_id", least=0)
            yield from _BLOCKS[block["type"]](block, at)
    yield from _all_tables(blocks)
    charts = [block for block in blocks if isinstance(block, dict) and block.get("type") == "data_visualization"]
    if len(charts) > CHARTS:
        yield f"no more than {CHARTS} charts allowed [json-pointer:/blocks]"


def _all_tables(blocks: list[Any]) -> Iterator[str]:
    tables = [block for block in blocks if isinstance(block, dict) and block.get("type") in ("table", "data_table")]
    if sum(len(_words_of(table.get("rows"))) for table in tables) > TABLE_CHARACTERS:
        yield f"tables hold more than {TABLE_CHARACTERS} characters [json-pointer:/blocks]"


def _words_of(node: Any) -> str:
    if isinstance(node, dict):
        own = node.get("text") if isinstance(node.get("text"), str) else ""
        return str(own) + "".join(_words_of(value) for value in node.values() if isinstance(value, (dict, list)))
    return "".join(_words_of(part) for part in node) if isinstance(node, list) else ""


# --- one check per block type


def _section(block: dict[str, Any], at: str) -> Iterator[str]:
    if "text" not in block and not block.get("fields"):
        yield f"missing required field: text [json-pointer:{at}]"
    if "text" in block:
        yield from _text(block["text"], SECTION_TEXT, f"{at}/text")
    fields = block.get("fields", [])
    yield from _items(fields, SECTION_FIELDS, f"{at}/fields", least=0)
    for number, field in enumerate(fields if isinstance(fields, list) else []):
        yield from _text(field, SECTION_FIELD, f"{at}/fields/{number}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: dict[str, Any], at: str) -> Iterator[str]:
    yield from _text(block.get("text"), HEADER_TEXT, f"{at}/text", only="plain_text")


def _context(block: dict[str, Any], at: str) -> Iterator[str]:
    elements = block.get("elements")
    yield from _items(elements, CONTEXT_ELEMENTS, f"{at}/elements")
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        place = f"{at}/elements/{number}"
        is_image = isinstance(element, dict) and element.get("type") == "image"
        yield from _image(element, place) if is_image else _text(element, SECTION_TEXT, place)


def _actions(block: dict[str, Any], at: str, most: int = ACTIONS_ELEMENTS) -> Iterator[str]:
    elements = block.get("elements")
    yield from _items(elements, most, f"{at}/elements")
    own = [str(part.get("action_id")) for part in elements or [] if isinstance(part, dict)]
    if len(own) != len(set(own)):
        yield f"action_id must be unique [json-pointer:{at}/elements]"
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        yield from _element(element, f"{at}/elements/{number}")


def _context_actions(block: dict[str, Any], at: str) -> Iterator[str]:
    elements = block.get("elements")
    yield from _items(elements, CONTEXT_ACTIONS_ELEMENTS, f"{at}/elements")
    for number, element in enumerate(elements if isinstance(elements, list) else []):
        if not isinstance(element, dict) or element.get("type") not in ("feedback_buttons", "icon_button"):
            yield f"unsupported element [json-pointer:{at}/elements/{number}]"


def _divider(block: dict[str, Any], at: str) -> Iterator[str]:
    return iter(())


def _image(block: dict[str, Any], at: str) -> Iterator[str]:
    if not block.get("image_url") and not block.get("slack_file"):
        yield f"missing required field: image_url [json-pointer:{at}]"
    yield from _length(block.get("image_url", ""), IMAGE_URL, f"{at}/image_url", least=0)
    yield from _length(block.get("alt_text"), ALT_TEXT, f"{at}/alt_text")


def _markdown(block: dict[str, Any], at: str) -> Iterator[str]:
    yield from _length(block.get("text"), MARKDOWN_TEXT, f"{at}/text")


def _table(block: dict[str, Any], at: str) -> Iterator[str]:
    rows = block.get("rows")
    yield from _items(rows, TABLE_ROWS, f"{at}/rows")
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        place = f"{at}/rows/{number}"
        yield from _items(row, TABLE_COLUMNS, place)
        for column, cell in enumerate(row if isinstance(row, list) else []):
            yield from _cell(cell, f"{place}/{column}")


def _cell(cell: Any, at: str) -> Iterator[str]:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "rich_text":
        yield from rich_text_faults(cell, at)
    elif kind in ("raw_text", "raw_number"):
        if not cell.get("text"):
            yield f"must be more than 0 characters [json-pointer:{at}/text]"
        if kind == "raw_number":
            yield from _number(cell.get("value"), f"{at}/value")
    else:
        yield f"unsupported cell [json-pointer:{at}]"


def _data_table(block: dict[str, Any], at: str) -> Iterator[str]:
    if not block.get("caption") or not isinstance(block["caption"], str):
        yield f"missing required field: caption [json-pointer:{at}/caption]"
    if block.get("page_size", 1) not in range(1, DATA_TABLE_PAGE + 1):
        yield f"must be from 1 to {DATA_TABLE_PAGE} [json-pointer:{at}/page_size]"
    rows = block.get("rows")
    yield from _items(rows, DATA_TABLE_ROWS, f"{at}/rows", least=2)
    lines = [row for row in _listed(rows) if isinstance(row, list)]
    if len({len(row) for row in lines}) > 1:
        yield f"all rows must have as many cells [json-pointer:{at}/rows]"
    if lines and any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in lines[0]):
        yield f"rich_text is not allowed in the header [json-pointer:{at}/rows/0]"
    for number, row in enumerate(lines):
        yield from _items(row, TABLE_COLUMNS, f"{at}/rows/{number}")
        for column, cell in enumerate(row):
            yield from _cell(cell, f"{at}/rows/{number}/{column}")


def _chart(block: dict[str, Any], at: str) -> Iterator[str]:
    """A line, bar or area chart; pies are not drawn here."""
    yield from _length(block.get("title"), CHART_TITLE, f"{at}/title")
    chart = block.get("chart")
    axes = chart.get("axis_config") if isinstance(chart, dict) else None
    if not isinstance(chart, dict) or chart.get("type") not in ("line", "bar", "area") or not isinstance(axes, dict):
        yield f"must be a line, bar or area chart with its axes [json-pointer:{at}/chart]"
        return
    categories, series = axes.get("categories"), chart.get("series")
    yield from _names(categories, CHART_POINTS, f"{at}/chart/axis_config/categories")
    yield from _items(series, CHART_SERIES, f"{at}/chart/series")
    for name in ("x_label", "y_label"):
        yield from _length(axes.get(name, "-"), CHART_AXIS_TITLE, f"{at}/chart/axis_config/{name}")
    lines = [one for one in _listed(series) if isinstance(one, dict)]
    yield from _names([one.get("name") for one in lines], CHART_SERIES, f"{at}/chart/series")
    for number, one in enumerate(lines):
        points = [point for point in _listed(one.get("data")) if isinstance(point, dict)]
        if [point.get("label") for point in points] != categories:
            yield f"needs one point for each category [json-pointer:{at}/chart/series/{number}/data]"
        for place, point in enumerate(points):
            yield from _number(point.get("value"), f"{at}/chart/series/{number}/data/{place}/value")


def _names(names: Any, most: int, at: str) -> Iterator[str]:
    """Labels of a chart: short, and each once."""
    yield from _items(names, most, at)
    for number, name in enumerate(_listed(names)):
        yield from _length(name, CHART_LABEL, f"{at}/{number}")
    if len(set(map(str, _listed(names)))) < len(_listed(names)):
        yield f"must be unique [json-pointer:{at}]"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, (int, float)) or not isfinite(value):
        yield f"must be a number [json-pointer:{at}]"


def _card(block: dict[str, Any], at: str) -> Iterator[str]:
    for name, most in (("title", CARD_TITLE), ("subtitle", CARD_TITLE), ("body", CARD_BODY)):
        if name in block:
            yield from _text(block[name], most, f"{at}/{name}")


def _carousel(block: dict[str, Any], at: str) -> Iterator[str]:
    yield from _items(block.get("elements"), CAROUSEL_CARDS, f"{at}/elements")


def _input(block: dict[str, Any], at: str) -> Iterator[str]:
    yield from _text(block.get("label"), ALT_TEXT, f"{at}/label", only="plain_text")
    if not isinstance(block.get("element"), dict):
        yield f"missing required field: element [json-pointer:{at}]"


_BLOCKS: dict[str, Callable[[dict[str, Any], str], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "rich_text": rich_text_faults,
    "markdown": _markdown,
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _chart,
    "card": _card,
    "carousel": _carousel,
    "context_actions": _context_actions,
    "input": _input,
}


# --- elements and texts


def _element(element: Any, at: str) -> Iterator[str]:
    if not isinstance(element, dict):
        yield f"must be an object [json-pointer:{at}]"
        return
    kind = str(element.get("type"))
    yield from _length(element.get("action_id", "-"), ACTION_ID, f"{at}/action_id")
    if kind == "button":
        yield from _button(element, at)
    elif kind == "overflow" or kind.endswith("static_select"):
        options = element.get("options", [])
        yield from _items(options, OVERFLOW_OPTIONS if kind == "overflow" else SELECT_OPTIONS, f"{at}/options")
        for number, option in enumerate(options if isinstance(options, list) else []):
            words = option.get("text") if isinstance(option, dict) else None
            yield from _text(words, OPTION_TEXT, f"{at}/options/{number}/text")
    elif kind == "image":
        yield from _image(element, at)
    elif kind not in ("datepicker", "timepicker", "users_select", "checkboxes", "radio_buttons", "plain_text_input"):
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"


def _button(button: dict[str, Any], at: str) -> Iterator[str]:
    yield from _text(button.get("text"), BUTTON_TEXT, f"{at}/text", only="plain_text")
    yield from _length(button.get("value", "-"), BUTTON_VALUE, f"{at}/value")
    yield from _length(button.get("url", "-"), BUTTON_URL, f"{at}/url")
    if button.get("style", "primary") not in ("primary", "danger"):
        yield f"unknown style [json-pointer:{at}/style]"
    confirm = button.get("confirm")
    if isinstance(confirm, dict):
        yield from _text(confirm.get("title"), CONFIRM_TITLE, f"{at}/confirm/title", only="plain_text")
        yield from _text(confirm.get("text"), CONFIRM_TEXT, f"{at}/confirm/text")


def _text(node: Any, most: int, at: str, only: str | None = None) -> Iterator[str]:
    if not isinstance(node, dict):
        yield f"missing required field: text [json-pointer:{at}]"
        return
    kinds = (only,) if only else ("plain_text", "mrkdwn")
    if node.get("type") not in kinds:
        yield f"must be {' or '.join(kinds)} [json-pointer:{at}/type]"
    yield from _length(node.get("text"), most, f"{at}/text")


def _length(value: Any, most: int, at: str, least: int = 1) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"must be a string [json-pointer:{at}]"
    elif len(value) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"
    elif len(value) < least:
        yield f"must be more than {least - 1} characters [json-pointer:{at}]"


def _items(value: Any, most: int, at: str, least: int = 1) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"must be a list [json-pointer:{at}]"
    elif len(value) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
    elif len(value) < least:
        yield f"no less than {least} items allowed [json-pointer:{at}]"
