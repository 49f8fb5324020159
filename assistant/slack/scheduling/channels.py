"""Who is in a channel that something is sent to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.question import Asker
from assistant.slack.client import as_limit
from assistant.slack.directory import Directory
from assistant.slack.parts import Desk

MOST_MEMBERS = 1_000
"""In a channel of more nobody can be sure who reads along."""
_PAGE = 200


@dataclass(frozen=True)
class Members:
    """The people in a channel: their Slack ids and who they are in the company."""

    users: frozenset[str]
    askers: Sequence[Asker]


class ChannelMembers:
    """Looks up the members of channels. Bots do not count; what they are is remembered, who people are is not."""

    def __init__(self, desk: Desk, client: WebClient, directory: Directory) -> None:
        self._desk = desk
        self._client = client
        self._directory = directory
        self._bots: dict[str, bool] = {}

    def of(self, channel: str) -> Members | None:
        """The members, or None where one is nobody of the company, or where they are too many to know."""
        users = self._users(channel)
        if users is None:
            return None
        askers = []
        for user in users:
            if user == self._directory.bot_user():
                continue
            asker, _ = self._directory.asker(self._desk, user)
            if asker is not None:
                askers.append(asker)
            elif not self._is_bot(user):
                return None
        return Members(frozenset(users), askers)

    def _users(self, channel: str) -> list[str] | None:
        found: list[str] = []
        cursor = ""
        while len(found) <= MOST_MEMBERS:
            try:
                page = self._client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor or None)
            except SlackApiError as error:
                raise as_limit(error) or error from error
            found += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found
        return None

    def _is_bot(self, user: str) -> bool:
        if user not in self._bots:
            try:
                told = self._client.users_info(user=user)["user"]
            except SlackApiError as error:
                raise as_limit(error) or error from error
            self._bots[user] = bool(told.get("is_bot") or told.get("deleted"))
        return self._bots[user]
