"""What a Slack event, command or button press asks, as it is kept in the inbox."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from assistant.slack.escape import question_text
from assistant.store.inbox import Arrival

_WRITTEN_BY_A_PERSON = (None, "file_share", "thread_broadcast")


@dataclass(frozen=True)
class Asked:
    """One question and where its answer belongs.

    `direct` is a conversation with one person; `whisper` means that only the asker may see the reply in the channel (a
    command, or a button on such a reply). `reply_thread` is the thread to answer in, None for the conversation itself.
    `plan` is the complete plan a button carried.
    """

    kind: str
    team: str
    channel: str
    user: str
    text: str
    direct: bool
    whisper: bool = False
    reply_thread: str | None = None
    response_url: str | None = None
    plan: dict[str, Any] | None = None

    @property
    def thread(self) -> str:
        """Names the conversation for follow-ups: the thread, else the direct conversation or one person's commands."""
        if self.reply_thread:
            return f"{self.team}:{self.channel}:{self.reply_thread}"
        return f"{self.team}:{self.channel}" if self.direct else f"{self.team}:{self.channel}:{self.user}"

    def arrival(self, event_id: str, question_key: str) -> Arrival:
        """The same, for the inbox."""
        payload = {name: value for name, value in asdict(self).items() if value is not None}
        return Arrival(event_id[:255], question_key[:255], self.kind, self.user, payload)


def asked_by_event(body: dict[str, Any], bot_user: str | None) -> Arrival | None:
    """A mention or a message; None when it is not a person's question to us (bots, edits, deletions, other talk)."""
    event = body["event"]
    channel, user, ts = event.get("channel"), event.get("user"), event.get("ts")
    if event.get("subtype") not in _WRITTEN_BY_A_PERSON or event.get("bot_id") or event.get("hidden"):
        return None
    if not (channel and user and ts) or user == bot_user:
        return None
    text = event.get("text") or ""
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    if event["type"] == "message" and not direct and f"<@{bot_user}" not in text:
        return None
    asked = Asked(
        kind="message" if event["type"] == "message" else "mention",
        team=body.get("team_id") or "",
        channel=channel,
        user=user,
        text=question_text(text, bot_user),
        direct=direct,
        reply_thread=event.get("thread_ts") or (None if direct else ts),
    )
    key = f"message:{asked.team}:{channel}:{ts}"
    return asked.arrival(body.get("event_id") or key, key)


def asked_by_command(body: dict[str, Any]) -> Arrival:
    """A slash command."""
    channel = body["channel_id"]
    asked = Asked(
        kind="command",
        team=body.get("team_id") or "",
        channel=channel,
        user=body["user_id"],
        text=question_text(body.get("text") or "", None),
        direct=channel.startswith("D"),
        whisper=not channel.startswith("D"),
        response_url=body.get("response_url"),
    )
    key = f"command:{asked.team}:{body['trigger_id']}"
    return asked.arrival(key, key)


def asked_by_button(body: dict[str, Any]) -> Arrival | None:
    """A pressed choice; None when it carries no plan. Who presses asks: rights are looked up again, for them."""
    action, container = body["actions"][0], body.get("container") or {}
    plan = _plan(action.get("value"))
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    if plan is None or not channel:
        return None
    direct, whisper = channel.startswith("D"), bool(container.get("is_ephemeral"))
    message = body.get("message") or {}
    thread = message.get("thread_ts") or container.get("thread_ts")
    message_ts = message.get("ts") or container.get("message_ts") or ""
    asked = Asked(
        kind="button",
        team=(body.get("team") or {}).get("id") or "",
        channel=channel,
        user=body["user"]["id"],
        text=question_text((action.get("text") or {}).get("text") or "", None),
        direct=direct,
        whisper=whisper and not direct,
        reply_thread=None if whisper else thread or (None if direct else message_ts),
        response_url=body.get("response_url"),
        plan=plan,
    )
    pressed = body.get("trigger_id") or action.get("action_ts")
    key = f"button:{asked.team}:{channel}:{message_ts}:{asked.user}:{action.get('action_id')}:{pressed}"
    return asked.arrival(key, key)


def _plan(value: object) -> dict[str, Any] | None:
    try:
        plan = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None
    return plan if isinstance(plan, dict) else None
