"""Files in the fake Slack: an address to upload to, the bytes, and the message that shows them, as Slack has it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from assistant.slack.fake.workspace import BOT_ID, BOT_USER, Conversation, Refused, Workspace

ALT_TEXT_CHARACTERS = 1_000
LARGEST_BYTES = 1_000_000_000


@dataclass
class StoredFile:
    """A file from the request for an address to its sharing; `content` is None until it was uploaded."""

    id: str
    secret: str
    name: str
    length: int
    alt_txt: str
    content: bytes | None = None
    shared: bool = False


def upload_address(space: Workspace, base_url: str, given: dict[str, Any]) -> dict[str, Any]:
    """files.getUploadURLExternal."""
    name, length = str(given.get("filename") or ""), str(given.get("length") or "")
    if not name or not length.isdigit() or int(length) == 0:
        raise Refused("missing_argument")
    if int(length) > LARGEST_BYTES:
        raise Refused("file_upload_size_restricted")
    alt_txt = str(given.get("alt_txt") or "")
    if len(alt_txt) > ALT_TEXT_CHARACTERS:
        raise Refused("alt_txt_too_large")
    with space.lock:
        file = StoredFile(f"F{len(space.files):09}", secrets.token_urlsafe(12), name, int(length), alt_txt)
        space.files[file.id] = file
    return {"upload_url": f"{base_url}/upload/{file.secret}", "file_id": file.id}


def take_upload(space: Workspace, secret: str, content: bytes) -> None:
    """What the app sends to an upload address; raises Refused for an unknown one or another length than announced."""
    with space.lock:
        file = next((file for file in space.files.values() if file.secret == secret), None)
        if file is None or file.content is not None:
            raise Refused("invalid_upload_url")
        if len(content) != file.length:
            raise Refused("length_mismatch")
        file.content = content


def share_uploads(space: Workspace, given: dict[str, Any]) -> dict[str, Any]:
    """files.completeUploadExternal: the files become one message of the app."""
    wanted = _wanted(given.get("files"))
    place = _place(space, given.get("channel_id") or given.get("channels"))
    with space.lock:
        for one in wanted:
            file = space.files.get(str(one.get("id")))
            if file is None or file.content is None or file.shared:
                raise Refused("file_not_found")
        files = [_shown(space.files[one["id"]], one.get("title")) for one in wanted]
        for one in wanted:
            space.files[one["id"]].shared = place is not None
        if place is not None:
            thread = str(given.get("thread_ts") or "")
            known = any(message["ts"] == thread for message in place.messages)
            said = {"text": given.get("initial_comment") or "", "files": files, "subtype": "file_share"}
            who = {"user": BOT_USER, "bot_id": BOT_ID}
            space.add(place, {**said, **who, **({"thread_ts": thread} if known else {})})
    return {"files": files}


def _wanted(files: Any) -> list[dict[str, Any]]:
    try:
        wanted = json.loads(files) if isinstance(files, str) else files
    except ValueError as fault:
        raise Refused("invalid_arguments") from fault
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise Refused("invalid_arguments")
    return wanted


def _place(space: Workspace, channel: object) -> Conversation | None:
    """Where the files are shared; without a channel they stay private. A file takes ids only, no names."""
    if not channel:
        return None
    if channel not in space.conversations:
        raise Refused("channel_not_found")
    place = space.conversations[str(channel)]
    if BOT_USER not in place.members:
        raise Refused("not_in_channel")
    return place


def _shown(file: StoredFile, title: object) -> dict[str, Any]:
    return {"id": file.id, "name": file.name, "title": str(title or file.name), "alt_txt": file.alt_txt}
