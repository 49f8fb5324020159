"""From an Answer to the messages that carry it, and their way to Slack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from assistant.question import Answer
from assistant.slack import words
from assistant.slack.asked import Asked
from assistant.slack.client import CALL_TIMEOUT_SECONDS, RateLimited, SlackSilent, as_limit, error_of, retry_after
from assistant.slack.directory import Directory
from assistant.slack.escape import mrkdwn
from assistant.slack.limits import MESSAGE_CHARACTERS, UPDATE_CHARACTERS, refuses_blocks

NOTICE_CHARACTERS = 300
_CANNOT_UPDATE = {"message_not_found", "cant_update_message", "edit_window_closed", "msg_too_long"}
_CANNOT_REACH = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "thread_not_found",
    "user_not_in_channel",
    "restricted_action_read_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
}


class To(StrEnum):
    """Where a message goes: the conversation it was asked in, the asker alone there, or the asker's direct messages."""

    CHANNEL = "channel"
    WHISPER = "whisper"
    PERSON = "person"


@dataclass(frozen=True)
class Post:
    """One message. `part` names it in the deliveries: answer, note or placeholder. `text` is ready for Slack."""

    part: str
    to: To
    text: str
    blocks: tuple[dict[str, Any], ...] = ()


def posts_of(asked: Asked, answer: Answer) -> tuple[Post, ...]:
    """The messages of an answer. What is private goes to the asker; the channel gets one line that says so."""
    here = home_of(asked)
    if asked.direct or not answer.private:
        return (_answer(here, answer),)
    note = words.sent_privately(words.language_named(answer.language))
    return (_answer(To.PERSON, answer), Post("note", here, note))


def home_of(asked: Asked) -> To:
    """Where an answer belongs that anybody there may see."""
    if asked.kind == "command" and asked.direct:
        return To.PERSON  # it may come from a direct conversation that the bot is not part of
    return To.WHISPER if asked.whisper else To.CHANNEL


def _answer(to: To, answer: Answer) -> Post:
    return Post("answer", to, mrkdwn(answer.text or answer.headline), tuple(answer.blocks))


class Mail:
    """Sends posts to Slack. Raises RateLimited, SlackSilent or SlackApiError when a later try may succeed."""

    def __init__(self, client: WebClient, directory: Directory) -> None:
        self._client = client
        self._directory = directory

    def send(self, asked: Asked, post: Post, instead_of: tuple[str, str] | None = None) -> tuple[str, str | None]:
        """Send one post, updating the placeholder `instead_of` (channel, ts) where given; where it stands now.

        Refused blocks are sent again as text; a channel that cannot be reached is replaced by a direct message.
        """
        try:
            return self._send_with_blocks_or_text(asked, post, instead_of)
        except (OSError, HTTPException) as error:
            raise SlackSilent(f"{type(error).__name__}: {error}") from error
        except SlackApiError as error:
            if post.to is To.PERSON or error_of(error) not in _CANNOT_REACH:
                raise as_limit(error) or error from error
            if post.part == "note":  # it says in the channel that the answer went elsewhere; there it would say nothing
                return "", None
            return self.send(asked, Post(post.part, To.PERSON, post.text, post.blocks))

    def _send_with_blocks_or_text(
        self, asked: Asked, post: Post, instead_of: tuple[str, str] | None
    ) -> tuple[str, str | None]:
        try:
            return self._send(asked, post, instead_of)
        except SlackApiError as error:
            if not post.blocks or not refuses_blocks(error_of(error)):
                raise
            return self._send(asked, Post(post.part, post.to, post.text), instead_of)

    def _send(self, asked: Asked, post: Post, instead_of: tuple[str, str] | None) -> tuple[str, str | None]:
        if post.to is To.WHISPER:
            return self._whisper(asked, post)
        if instead_of:
            channel, ts = instead_of
            try:
                content = _content(post, UPDATE_CHARACTERS)
                return channel, str(self._client.chat_update(channel=channel, ts=ts, **content)["ts"])
            except SlackApiError as error:
                if error_of(error) not in _CANNOT_UPDATE:
                    raise
        thread_ts = asked.reply_thread if post.to is To.CHANNEL else None
        channel = asked.channel if post.to is To.CHANNEL else self._directory.direct_conversation(asked.user)
        sent = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
            **_content(post, MESSAGE_CHARACTERS),
        )
        return str(sent["channel"]), str(sent["ts"])

    def _whisper(self, asked: Asked, post: Post) -> tuple[str, str | None]:
        content = _content(post, MESSAGE_CHARACTERS)
        if asked.response_url is None:
            self._client.chat_postEphemeral(channel=asked.channel, user=asked.user, **content)
            return asked.channel, None
        hook = WebhookClient(asked.response_url, timeout=CALL_TIMEOUT_SECONDS)
        answer = hook.send(**content, response_type="ephemeral", replace_original=False, unfurl_links=False)
        if answer.status_code == 429:
            raise RateLimited(retry_after(answer.headers))
        if answer.status_code >= 500:
            raise SlackSilent(f"the reply address answered {answer.status_code}")
        if answer.status_code != 200:
            refused = answer.body if refuses_blocks(answer.body) else "channel_not_found"
            raise SlackApiError("the reply address refused", {"ok": False, "error": refused})  # type: ignore[no-untyped-call]
        return asked.channel, None


def _content(post: Post, most: int) -> dict[str, Any]:
    if not post.blocks:
        return {"text": _shortened(post.text, most)}
    return {"text": _shortened(post.text, NOTICE_CHARACTERS), "blocks": list(post.blocks)}


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
