"""Posting a digest once: each message carries in its metadata which one it is, and can be found again by it.

Slack has no key that makes a post idempotent. Whoever takes over a sending that may have been posted looks for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.slack.client import SlackSilent, as_limit

EVENT_TYPE = "leadline_digest"
CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much Slack's clock and the database's may differ."""
_PAGE = 200
_MOST_PAGES = 10


def mark_of(subscription_id: int, due_at: datetime, part: str) -> dict[str, Any]:
    """The metadata of the message that is this `part` (digest or note) of a sending."""
    return {
        "event_type": EVENT_TYPE,
        "event_payload": {"subscription": subscription_id, "due_at": due_at.isoformat(), "part": part},
    }


def find_posted(client: WebClient, channel: str, mark: dict[str, Any], since: datetime) -> str | None:
    """The ts of the message with this mark in a conversation, posted about `since` or later; None where there is none.

    Raises RateLimited, SlackSilent or SlackApiError.
    """
    oldest = f"{(since - CLOCKS_DIFFER).timestamp():.6f}"
    cursor: str | None = None
    try:
        for _ in range(_MOST_PAGES):
            page = client.conversations_history(
                channel=channel, oldest=oldest, limit=_PAGE, include_all_metadata=True, cursor=cursor
            )
            for message in page["messages"]:
                if message.get("metadata") == mark:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None
    except SlackApiError as error:
        raise as_limit(error) or error from error
    except (OSError, HTTPException) as error:
        raise SlackSilent(f"{type(error).__name__}: {error}") from error
    raise SlackSilent("the conversation is too busy to find a message in it")
