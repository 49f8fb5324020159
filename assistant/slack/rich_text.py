"""What Slack takes inside a rich_text block. It names no place for most faults; here each has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_CONTAINERS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
_NEEDS = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "emoji": "name",
    "broadcast": "range",
    "color": "value",
    "date": "timestamp",
    "team": "team_id",
}
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
_LIST_STYLES = ("bullet", "ordered")


def rich_text_faults(block: dict[str, Any], at: str) -> Iterator[str]:
    """Every fault of a rich_text block at the place `at`."""
    parts = block.get("elements")
    if not isinstance(parts, list) or not parts:
        yield f"missing required field: elements [json-pointer:{at}]"
        return
    for number, part in enumerate(parts):
        yield from _container(part, f"{at}/elements/{number}")


def _container(part: Any, at: str) -> Iterator[str]:
    if not isinstance(part, dict) or part.get("type") not in _CONTAINERS:
        yield f"unsupported rich text element [json-pointer:{at}]"
        return
    elements = part.get("elements")
    if not isinstance(elements, list):
        yield f"missing required field: elements [json-pointer:{at}]"
        return
    if part["type"] == "rich_text_list":
        if part.get("style") not in _LIST_STYLES:
            yield f"must be bullet or ordered [json-pointer:{at}/style]"
        for number, item in enumerate(elements):
            if not isinstance(item, dict) or item.get("type") != "rich_text_section":
                yield f"a list holds sections only [json-pointer:{at}/elements/{number}]"
            else:
                yield from _container(item, f"{at}/elements/{number}")
        return
    for number, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{number}")


def _element(element: Any, at: str) -> Iterator[str]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in _NEEDS:
        yield f"unsupported rich text element: {kind} [json-pointer:{at}]"
        return
    value = element.get(_NEEDS[kind])
    if value in (None, "") or (kind != "date" and not isinstance(value, str)):
        yield f"missing required field: {_NEEDS[kind]} [json-pointer:{at}]"
    style = element.get("style", {})
    if not isinstance(style, dict) or set(style) - _STYLES or not all(isinstance(on, bool) for on in style.values()):
        yield f"unknown style [json-pointer:{at}/style]"
