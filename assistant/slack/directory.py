"""Who a Slack user is: the e-mail that Slack vouches for, remembered for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.question import Asker
from assistant.slack.client import SlackSilent, as_limit, error_of
from assistant.slack.parts import Desk

REMEMBERED = timedelta(minutes=10)
_NOT_TO_BE_KNOWN = {"user_not_found", "user_not_visible", "users_not_found", "missing_scope"}


@dataclass(frozen=True)
class _Home:
    """Our workspace, our organisation where there is one, and who we are in it."""

    team: str
    organisation: str | None
    bot_user: str


class Directory:
    """Finds the asker behind a Slack user. Rights are never remembered, only e-mail addresses."""

    def __init__(self, client: WebClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._emails: dict[str, tuple[datetime, str | None]] = {}
        self._conversations: dict[str, str] = {}
        self._home: _Home | None = None

    def asker(self, desk: Desk, user_id: str) -> tuple[Asker | None, str]:
        """The asker, by Slack id or else by e-mail, and what to call them when nobody is found."""
        if known := desk.asker_of_slack(user_id, None):
            return known, user_id
        email = self._email(user_id)
        return (desk.asker_of_slack(user_id, email) if email else None), email or user_id

    def direct_conversation(self, user_id: str) -> str:
        """The channel of the bot's direct conversation with a user."""
        if user_id not in self._conversations:
            opened = self._client.conversations_open(users=user_id)
            self._conversations[user_id] = str(opened["channel"]["id"])
        return self._conversations[user_id]

    def team(self) -> str:
        """The id of our workspace."""
        return self._ours().team

    def _email(self, user_id: str) -> str | None:
        if (kept := self._emails.get(user_id)) and self._now() - kept[0] < REMEMBERED:
            return kept[1]
        try:
            user = self._client.users_info(user=user_id)["user"]
            email = _vouched_email(user) if self._is_colleague(user) else None
        except SlackApiError as error:
            if error_of(error) not in _NOT_TO_BE_KNOWN:
                raise as_limit(error) or error from error
            email = None
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        self._emails[user_id] = (self._now(), email)
        return email

    def _is_colleague(self, user: dict[str, Any]) -> bool:
        """Whether the user is of our workspace or our organisation.

        In a shared channel there are others too, and what their administrators enter as an e-mail proves nothing.
        """
        home = self._ours()
        theirs = (user.get("enterprise_user") or {}).get("enterprise_id")
        return user.get("team_id") == home.team or (home.organisation is not None and theirs == home.organisation)

    def bot_user(self) -> str:
        """Our own Slack user."""
        return self._ours().bot_user

    def _ours(self) -> _Home:
        if self._home is None:
            told = self._client.auth_test()
            self._home = _Home(str(told["team_id"]), told.get("enterprise_id"), str(told["user_id"]))
        return self._home


def _vouched_email(user: dict[str, Any]) -> str | None:
    """The address, unless the user is a bot, gone, or has not confirmed it."""
    doubtful = any(user.get(sign) for sign in ("is_bot", "deleted", "is_stranger", "is_workflow_bot"))
    if doubtful or user.get("is_email_confirmed") is False:
        return None
    return (user.get("profile") or {}).get("email") or None
