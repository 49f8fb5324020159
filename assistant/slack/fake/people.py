"""What people do in the fake Slack: write, give a command, press a button; each as the events Slack makes of it."""

from __future__ import annotations

import json
import re
import secrets
import time
from concurrent.futures import Future
from typing import Any

from assistant.slack.escape import escape
from assistant.slack.fake.delivery import Attempt, Delivery
from assistant.slack.fake.workspace import APP, BOT_ID, BOT_USER, TEAM, Message, Refused, Workspace

MENTION = re.compile(r"@leadline\b", re.IGNORECASE)


class People:
    """The hands of everybody in the workspace. `events` are those the app has subscribed to."""

    def __init__(self, space: Workspace, delivery: Delivery, base_url: str, events: tuple[str, ...]) -> None:
        self._space = space
        self._delivery = delivery
        self._base_url = base_url
        self.events = events

    def say(
        self, user: str, text: str, channel: str | None = None, thread_ts: str | None = None, times: int = 1
    ) -> tuple[Message, list[Future[Attempt]]]:
        """Write in a channel, or to the bot directly (`channel` None); "@leadline" becomes a mention.

        Every event is delivered `times` times under the same id. Returns the message and the deliveries under way.
        """
        place = self._space.conversation(channel) if channel else self._space.direct(user)
        if user not in place.members:
            raise Refused("not_in_channel")
        words = MENTION.sub(f"<@{BOT_USER}>", escape(text))
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        message = self._space.add(place, {"user": user, "text": words, "team": TEAM, **thread})
        event = {key: value for key, value in message.items() if key != "at"}
        event |= {"channel": place.id, "event_ts": message["ts"], "channel_type": "im" if place.person else "channel"}
        kinds = []
        if place.person is None and f"<@{BOT_USER}>" in words and "app_mention" in self.events:
            kinds.append({**event, "type": "app_mention"})
        if ("message.im" if place.person else "message.channels") in self.events:
            kinds.append(event)
        return message, [
            self.event(kind, event_id) for kind in kinds for event_id in [f"Ev{secrets.token_hex(6)}"] * times
        ]

    def event(self, event: dict[str, Any], event_id: str | None = None) -> Future[Attempt]:
        """Deliver any event, wrapped as Slack wraps it."""
        event_id = event_id or f"Ev{secrets.token_hex(6)}"
        authorization = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        body = {
            "token": "fake-verification",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event": event,
            "event_id": event_id,
            "event_time": int(time.time()),
            "authorizations": [authorization],
        }
        return self._delivery.deliver("events_api", event_id, body)

    def command(self, user: str, command: str, text: str, channel: str | None = None) -> Future[Attempt]:
        """Give a slash command, in a channel or in the direct conversation with the bot."""
        place = self._space.conversation(channel) if channel else self._space.direct(user)
        body = {
            "token": "fake-verification",
            "team_id": TEAM,
            "team_domain": "fake",
            "api_app_id": APP,
            "channel_id": place.id,
            "channel_name": "directmessage" if place.person else place.name,
            "user_id": user,
            "command": command,
            "user_name": self._space.users[user]["name"],
            "text": escape(text),
            **self._ways_back(place.id, user),
        }
        given = self._delivery.deliver("slash_commands", f"{command} {text}", body)
        given.add_done_callback(lambda done: self._show_reply(place.id, user, done))
        return given

    def press(self, user: str, channel: str, ts: str, action_id: str) -> Future[Attempt]:
        """Press a button of a message."""
        place = self._space.conversation(channel)
        message = self._space.find(place, ts)
        button, block_id = _button(message, action_id)
        whisper = bool(message.get("ephemeral_to"))
        thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        action = {**button, "block_id": block_id, "action_ts": f"{time.time():.6f}"}
        body: dict[str, Any] = {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "fake"},
            "api_app_id": APP,
            "user": {"id": user, "username": self._space.users[user]["name"], "team_id": TEAM},
            "channel": {"id": place.id, "name": "directmessage" if place.person else place.name},
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": place.id,
                "is_ephemeral": whisper,
                **thread,
            },
            "actions": [action],
            **self._ways_back(place.id, user),
        }
        if not whisper:
            body["message"] = {key: value for key, value in message.items() if key != "at"}
        return self._delivery.deliver("interactive", action_id, body)

    def _ways_back(self, channel: str, user: str) -> dict[str, str]:
        address = f"{self._base_url}/commands/{self._space.reply_address(channel, user)}"
        return {"trigger_id": f"{secrets.randbelow(10**12)}.{secrets.token_hex(8)}", "response_url": address}

    def _show_reply(self, channel: str, user: str, given: Future[Attempt]) -> None:
        if given.cancelled():
            return
        attempt = given.result()
        text = attempt.reply.decode(errors="replace")
        if attempt.status != 200:
            text = "the command failed with the error “operation_timeout”"
        elif text.startswith("{"):
            text = str(json.loads(text).get("text", ""))
        if text:
            place = self._space.conversation(channel)
            self._space.add(place, {"text": text, "user": BOT_USER, "bot_id": BOT_ID, "ephemeral_to": user})


def _button(message: Message, action_id: str) -> tuple[dict[str, Any], str]:
    for block in message.get("blocks", []):
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("action_id") == action_id:
                return element, str(block.get("block_id"))
    raise Refused("action_not_found")
