"""The Web API methods that the app uses, with the refusals Slack would give."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from assistant.slack.fake.files import share_uploads
from assistant.slack.fake.reading import history, joined, members, metadata_of
from assistant.slack.fake.workspace import APP, BOT_ID, BOT_USER, TEAM, Conversation, Message, Refused, Workspace
from assistant.slack.limits import UPDATE_CHARACTERS, check_message, view_faults

Arguments = dict[str, Any]
Method = Callable[[Workspace, Arguments], dict[str, Any]]

APP_TOKEN_METHODS = ("apps.connections.open",)
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "users.conversations": "channels:read",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
    "reactions.add": "reactions:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
_READING = {"conversations.history": "history", "conversations.members": "read"}


def _auth_test(_space: Workspace, _given: Arguments) -> dict[str, Any]:
    who = {"url": "https://fake.example/", "team": "Fake", "user": "leadline", "team_id": TEAM, "user_id": BOT_USER}
    return {**who, "bot_id": BOT_ID, "app_id": APP, "is_enterprise_install": False}


def _post_message(space: Workspace, given: Arguments) -> dict[str, Any]:
    place = _writable(space, given)
    content = _content(given)
    if metadata := metadata_of(given):
        content["metadata"] = metadata
    if given.get("thread_ts"):
        content["thread_ts"] = given["thread_ts"]
        if not any(message["ts"] == given["thread_ts"] for message in place.messages):
            content.pop("thread_ts")  # Slack posts to the channel when the thread's first message is unknown
    message = space.add(place, {**content, "user": BOT_USER, "bot_id": BOT_ID, "app_id": APP})
    return {"channel": place.id, "ts": message["ts"], "message": message}


def _post_ephemeral(space: Workspace, given: Arguments) -> dict[str, Any]:
    place, user = _writable(space, given), str(given.get("user"))
    if user not in place.members:
        raise Refused("user_not_in_channel")
    whisper = {**_content(given), "user": BOT_USER, "bot_id": BOT_ID, "ephemeral_to": user}
    return {"message_ts": space.add(place, whisper)["ts"]}


def _update(space: Workspace, given: Arguments) -> dict[str, Any]:
    place = _writable(space, given)
    message = space.find(place, str(given.get("ts")))
    if message.get("bot_id") != BOT_ID or message.get("ephemeral_to"):
        raise Refused("cant_update_message")
    content = _content(given, most_text=UPDATE_CHARACTERS)
    with space.lock:
        message.pop("blocks", None)
        message.update(content, edited={"user": BOT_USER, "ts": message["ts"]}, updated=time.time())
        space.touch()
    return {"channel": place.id, "ts": message["ts"], "text": message["text"], "message": message}


def _delete(space: Workspace, given: Arguments) -> dict[str, Any]:
    place = _writable(space, given)
    message = space.find(place, str(given.get("ts")))
    with space.lock:
        place.messages.remove(message)
        space.touch()
    return {"channel": place.id, "ts": message["ts"]}


def _open(space: Workspace, given: Arguments) -> dict[str, Any]:
    place = space.direct(str(given.get("users", "")).split(",")[0])
    return {"channel": {"id": place.id, "is_im": True, "user": place.person}}


def _user_info(space: Workspace, given: Arguments) -> dict[str, Any]:
    if (user := space.users.get(str(given.get("user")))) is None:
        raise Refused("user_not_found")
    return {"user": user}


def _user_by_email(space: Workspace, given: Arguments) -> dict[str, Any]:
    for user in space.users.values():
        if user["profile"]["email"] and user["profile"]["email"].lower() == str(given.get("email", "")).lower():
            return {"user": user}
    raise Refused("users_not_found")


def _view(space: Workspace, given: Arguments) -> dict[str, Any]:
    view = _parsed(given.get("view"), "invalid_arguments")
    faults = tuple(view_faults(view))
    if faults:
        raise Refused("invalid_arguments", faults)
    with space.lock:
        space.views.append({**view, "id": f"V{len(space.views)}", "user": given.get("user_id")})
        return {"view": space.views[-1]}


def _react(space: Workspace, given: Arguments) -> dict[str, Any]:
    message = space.find(space.conversation(given.get("channel")), str(given.get("timestamp")))
    with space.lock:
        message.setdefault("reactions", []).append(given.get("name"))
        space.touch()
    return {}


def scope_for(space: Workspace, method: str, given: Arguments) -> str:
    """The right a call needs; to read a conversation, that of its kind. Empty where it needs none."""
    if method not in _READING:
        return SCOPES.get(method, "")
    kind = "im" if space.conversation(given.get("channel")).person else "channels"
    return f"{kind}:{_READING[method]}"


METHODS: dict[str, Method] = {
    "auth.test": _auth_test,
    "chat.postMessage": _post_message,
    "chat.postEphemeral": _post_ephemeral,
    "chat.update": _update,
    "chat.delete": _delete,
    "conversations.open": _open,
    "users.info": _user_info,
    "users.lookupByEmail": _user_by_email,
    "views.open": _view,
    "views.publish": _view,
    "reactions.add": _react,
    "conversations.history": history,
    "conversations.members": members,
    "users.conversations": joined,
    "files.completeUploadExternal": share_uploads,
}


def reply_by_address(space: Workspace, secret: str, given: Arguments) -> None:
    """What the app sends to a response_url; raises Refused as Slack would."""
    with space.lock:
        address = space.replies.get(secret)
        if address is None or address.uses == 0:
            raise Refused("expired_url")
        content = _content(given)
        address.uses -= 1
        to = {} if given.get("response_type") == "in_channel" else {"ephemeral_to": address.user}
        space.add(space.conversations[address.channel], {**content, **to, "user": BOT_USER, "bot_id": BOT_ID})


def _writable(space: Workspace, given: Arguments) -> Conversation:
    place = space.conversation(given.get("channel"))
    if BOT_USER not in place.members:
        raise Refused("not_in_channel")
    return place


def _content(given: Arguments, most_text: int = 40_000) -> Message:
    text = given.get("text")
    blocks = _parsed(given.get("blocks"), "invalid_blocks_format")
    if refusal := check_message(text, blocks, most_text=most_text):
        raise Refused(refusal.error, refusal.faults)
    numbered = [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks or [])]
    return {"text": text or "", **({"blocks": numbered} if numbered else {})}


def _parsed(value: Any, error: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as fault:
        raise Refused(error) from fault
