"""What the app reads of a conversation in the fake Slack: its messages, their metadata, its members."""

from __future__ import annotations

import json
from typing import Any

from assistant.slack.fake.workspace import BOT_USER, Conversation, Message, Refused, Workspace

Arguments = dict[str, Any]
_EVENT_TYPE = 255


def metadata_of(given: Arguments) -> Message | None:
    """The metadata a message is posted with, as Slack keeps it."""
    metadata = given.get("metadata")
    try:
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    except ValueError as fault:
        raise Refused("invalid_metadata_format") from fault
    if not metadata:
        return None
    well = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not well or not 0 < len(str(metadata.get("event_type") or "")) <= _EVENT_TYPE:
        raise Refused("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def history(space: Workspace, given: Arguments) -> dict[str, Any]:
    """The messages of a conversation outside threads, newest first; whispers are in nobody's history."""
    place = _of_the_app(space, given)
    with space.lock:
        said = [message for message in place.messages if _shown(message, given)]
    said.sort(key=lambda message: float(message["ts"]), reverse=True)
    start, most = int(given.get("cursor") or 0), int(given.get("limit") or 100)
    page = [_as_told(message, _true(given.get("include_all_metadata"))) for message in said[start : start + most]]
    more = start + most < len(said)
    cursor = str(start + most) if more else ""
    return {"messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def members(space: Workspace, given: Arguments) -> dict[str, Any]:
    """The members of a conversation, page by page."""
    there = sorted(_of_the_app(space, given).members)
    start, most = int(given.get("cursor") or 0), int(given.get("limit") or 100)
    cursor = str(start + most) if start + most < len(there) else ""
    return {"members": there[start : start + most], "response_metadata": {"next_cursor": cursor}}


def joined(space: Workspace, given: Arguments) -> dict[str, Any]:
    """The channels that the app is in, page by page."""
    with space.lock:
        places = [place for place in space.conversations.values() if place.person is None and BOT_USER in place.members]
    there = [{"id": place.id, "name": place.name, "is_channel": True, "is_archived": False} for place in places]
    start, most = int(given.get("cursor") or 0), int(given.get("limit") or 100)
    cursor = str(start + most) if start + most < len(there) else ""
    return {"channels": there[start : start + most], "response_metadata": {"next_cursor": cursor}}


def _of_the_app(space: Workspace, given: Arguments) -> Conversation:
    place = space.conversation(given.get("channel"))
    if BOT_USER not in place.members:
        raise Refused("not_in_channel")
    return place


def _shown(message: Message, given: Arguments) -> bool:
    ts, oldest, latest = float(message["ts"]), float(given.get("oldest") or 0), given.get("latest")
    in_thread = message.get("thread_ts") not in (None, message["ts"])
    return ts > oldest and (latest is None or ts < float(latest)) and not in_thread and not message.get("ephemeral_to")


def _as_told(message: Message, with_metadata: bool) -> Message:
    hidden = {"at"} if with_metadata else {"at", "metadata"}
    return {key: value for key, value in message.items() if key not in hidden}


def _true(value: object) -> bool:
    return value in (True, 1, "1", "true")
