"""What the fake Slack remembers: people, conversations, messages, files, and what was asked of it."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.slack.fake.files import StoredFile

TEAM = "T0FAKE"
APP = "A0FAKE"
BOT_USER = "U0LEADLINE"
BOT_ID = "B0LEADLINE"
BOT_TOKEN = "xoxb-fake-bot-token"
APP_TOKEN = "xapp-fake-app-token"

Message = dict[str, Any]


class Refused(Exception):
    """A Web API call that Slack would refuse: its error code and, for blocks, where the faults are."""

    def __init__(self, error: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__(error)
        self.error = error
        self.faults = faults


@dataclass
class Conversation:
    """A channel, or the direct conversation of the bot with `person`."""

    id: str
    name: str
    person: str | None = None
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    last_post: float = 0.0


@dataclass
class ReplyAddress:
    """What a response_url leads to; Slack lets it be used five times."""

    channel: str
    user: str
    uses: int = 5


class Workspace:
    """One Slack workspace with one app in it. Every method may be called from any thread."""

    def __init__(self, users: list[dict[str, Any]], channels: tuple[str, ...] = ("sales", "general")) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.version = 0
        self.users: dict[str, dict[str, Any]] = {}
        self.conversations: dict[str, Conversation] = {}
        self.replies: dict[str, ReplyAddress] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._ticks = itertools.count(1)
        for user in users:
            self.add_user(user)
        for number, name in enumerate(channels):
            members = {*self.users, BOT_USER}
            self.conversations[f"C0{number:03}"] = Conversation(f"C0{number:03}", name, members=members)

    def add_user(self, user: dict[str, Any]) -> dict[str, Any]:
        """Add a person: `id` and `name`; `email`, `real_name`, `deleted`, `is_stranger` and more as Slack has them."""
        identifier = str(user["id"])
        name = str(user.get("real_name") or user.get("name") or identifier)
        profile = {"real_name": name, "display_name": str(user.get("name") or name), "email": user.get("email")}
        known = {
            "id": identifier,
            "team_id": TEAM,
            "name": str(user.get("name") or identifier),
            "real_name": name,
            "deleted": False,
            "is_bot": False,
            "is_email_confirmed": True,
            "tz": "Asia/Shanghai",
        }
        extra = {key: value for key, value in user.items() if key not in ("id", "name", "real_name", "email")}
        with self.lock:
            self.users[identifier] = {**known, **extra, "profile": profile}
            for conversation in self.conversations.values():
                if conversation.person is None:
                    conversation.members.add(identifier)
            self._touch()
            return self.users[identifier]

    def conversation(self, identifier: str | None) -> Conversation:
        """A conversation by id or #name; a user id means the bot's direct conversation with them."""
        with self.lock:
            wanted = str(identifier or "").removeprefix("#")
            if wanted in self.users:
                return self.direct(wanted)
            for conversation in self.conversations.values():
                if wanted in (conversation.id, conversation.name):
                    return conversation
        raise Refused("channel_not_found")

    def direct(self, user: str) -> Conversation:
        """The bot's direct conversation with `user`, opened when it is not yet."""
        with self.lock:
            if user not in self.users:
                raise Refused("user_not_found")
            identifier = f"D0{user.removeprefix('U')}"
            if identifier not in self.conversations:
                self.conversations[identifier] = Conversation(identifier, "", user, {user, BOT_USER})
                self._touch()
            return self.conversations[identifier]

    def add(self, conversation: Conversation, message: Message) -> Message:
        """Add a message and give it its ts."""
        with self.lock:
            now = time.time()
            message = {"type": "message", "ts": f"{int(now)}.{next(self._ticks) % 1_000_000:06}", "at": now, **message}
            conversation.messages.append(message)
            if message.get("bot_id"):
                conversation.last_post = now
            self._touch()
            return message

    def find(self, conversation: Conversation, ts: str) -> Message:
        """A message by its ts."""
        with self.lock:
            for message in conversation.messages:
                if message["ts"] == ts:
                    return message
        raise Refused("message_not_found")

    def touch(self) -> None:
        """Tell those who wait that something changed."""
        with self.lock:
            self._touch()

    def reply_address(self, channel: str, user: str) -> str:
        """A new secret path for a response_url."""
        with self.lock:
            secret = secrets.token_urlsafe(12)
            self.replies[secret] = ReplyAddress(channel, user)
            return secret

    def posts(self, channel: str | None = None) -> list[Message]:
        """What the app said, everywhere or in one conversation, oldest first; each with its channel."""
        with self.lock:
            places = [self.conversation(channel)] if channel else list(self.conversations.values())
            said = [{**message, "channel": place.id} for place in places for message in place.messages]
        return sorted((message for message in said if message.get("bot_id")), key=lambda message: float(message["at"]))

    def _touch(self) -> None:
        self.version += 1
        self.changed.notify_all()
