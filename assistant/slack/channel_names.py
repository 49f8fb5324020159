"""The channels that a digest can go to: those the bot is in, by name or id, and who reads along there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.question import Asker
from assistant.slack.client import SlackSilent, as_limit, error_of
from assistant.slack.scheduling.channels import ChannelMembers
from assistant.subscriptions import Channel, NoChannel

_PAGE = 200
_MOST_PAGES = 20
_NOT_SEEN = {"not_in_channel", "channel_not_found", "missing_scope"}


class SlackChannels:
    """Slack's channels, as `Subscriptions` asks for them. Raises RateLimited or SlackSilent: a later try may help."""

    def __init__(self, client: WebClient, members: ChannelMembers) -> None:
        self._client = client
        self._members = members

    def find(self, named: str, user: str) -> Channel | NoChannel:
        """A channel that both the bot and the Slack user are in, by name or id; else why it is none."""
        wanted = named.casefold()
        try:
            found = next(
                (one for one in self._joined() if wanted in (one["id"].casefold(), one["name"].casefold())), None
            )
            if found is None:
                return "no_channel"
            there = self._user_ids(found["id"])
        except SlackApiError as error:
            if error_of(error) in _NOT_SEEN:
                return "no_channel"
            raise as_limit(error) or error from error
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        return Channel(found["id"], found["name"]) if user in there else "asker_not_in"

    def readers(self, channel: Channel) -> Sequence[Asker] | None:
        """Who the members are in the company; None where one is nobody of it, or where they are too many to know."""
        try:
            there = self._members.of(channel.channel_id)
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        return None if there is None else there.askers

    def _joined(self) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = self._client.users_conversations(
                types="public_channel,private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor or None
            )
            yield from page["channels"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _user_ids(self, channel: str) -> set[str]:
        found: set[str] = set()
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = self._client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor or None)
            found.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found
